/**
 * The rows of all distinct states, in one typed array, and the table that finds them.
 *
 * The rows are the breadth-first queue too: a level is a contiguous range of them.
 */
import type { Arrived } from '../transition/index.ts';
import { ParentLinks } from './parent-links.ts';
import { RowTable, type TableRows } from './row-table.ts';
import { copied, integers } from './shared-integers.ts';
import type { RowConversion, RowWords, StoredRows } from './stored-rows.ts';

/** The arrays of a store, as other threads see them. */
export interface SharedStore {
  readonly words: number;
  readonly rows: Int32Array;
  readonly slots: Int32Array;
  /** As {@link RowTable.number}. */
  readonly tableNumber: number;
}

/** All rows in memory. Cost for each state: its row, a slot or two of the table, and a byte or so for its parent. */
export class StateStore implements StoredRows, TableRows {
  words: number;
  /** The number of rows. */
  count = 0;
  rows: Int32Array;
  /** The row from which each row was first reached; -1 for an initial state. */
  parents: ParentLinks;
  /** As {@link TableRows.visible}. */
  visible = 0x7fffffff;
  /** Whether other threads may look rows up: the arrays then are in shared memory. */
  #isShared = false;
  /** What they were told last. */
  #told: SharedStore | undefined;
  readonly #table: RowTable;

  /** @param anyOrder - whether rows may be stored in another order than that of their parents */
  constructor(words: number, capacity = 1 << 12, anyOrder = false) {
    this.parents = new ParentLinks(anyOrder);
    this.words = words;
    this.rows = new Int32Array(capacity * words);
    this.#table = new RowTable(2 * capacity);
  }

  /**
   * The arrays, in shared memory from now on. They are replaced when they grow.
   *
   * @param everything - or only what changed since the last call; undefined where nothing did
   */
  share(everything: boolean): SharedStore | undefined {
    if (!this.#isShared) {
      this.#isShared = true;
      this.rows = copied(this.rows, this.rows.length, true);
    }
    const { words, rows, tableNumber } = this;
    const slots = this.#table.share();
    const isKnown = !everything && rows === this.#told?.rows && slots === this.#told.slots;
    this.#told = { words, rows, slots, tableNumber };
    return isKnown ? undefined : this.#told;
  }

  /** Looks rows up in the arrays of another store. Nothing can be inserted here then. */
  attach({ words, rows, slots, tableNumber }: SharedStore): void {
    this.words = words;
    this.rows = rows;
    this.#table.attach(slots, tableNumber);
  }

  get bytes(): number {
    return this.rows.byteLength + this.parents.bytes + this.#table.bytes;
  }

  /**
   * What will be needed soon beside {@link bytes}, while a table that is nearly full is copied into a larger one; 0 where
   * none is.
   *
   * @param rows - how many rows may come before this is asked again
   */
  growthBytes(rows: number): number {
    const later = this.count + rows;
    const forRows = later * this.words > this.rows.length ? 2 * this.rows.byteLength : 0;
    const forTable = this.#table.isOutgrownBy(later) ? 2 * this.#table.bytes : 0;
    return forRows + forTable;
  }

  /** Where the words of a row begin. */
  seek(row: number): number {
    return row * this.words;
  }

  // --- what the table finds ------------------------------------------------------------------------------------------

  /** As {@link RowTable.number}. */
  get tableNumber(): number {
    return this.#table.number;
  }

  /** As {@link RowTable.ends}. */
  get ends(): Int32Array {
    return this.#table.ends;
  }

  /** As {@link RowTable.missing}. */
  missing(batch: Arrived, missing: Int32Array): number {
    return this.#table.missing(this, batch, missing);
  }

  /** As {@link RowTable.locate}. */
  locate(batch: Arrived, found: Int32Array): void {
    this.#table.locate(this, batch, found);
  }

  /** As {@link RowTable.find}. */
  find(batch: Arrived, k: number): number {
    return this.#table.find(this, batch, k);
  }

  /** As {@link RowTable.findLater}. */
  findLater(batch: Arrived, k: number): number {
    return this.#table.findLater(this, batch, k);
  }

  // --- rows ----------------------------------------------------------------------------------------------------------

  /** Stores a row of the batch that {@link find} did not find; returns its number. */
  insert(batch: Arrived, k: number, place: number): number {
    const { words } = this;
    const row = this.count++;
    if (this.count * words > this.rows.length) this.#growRows();
    for (let w = 0; w < words; w++) this.rows[row * words + w] = batch.rows[k * words + w] as number;
    this.parents.push(batch.parents[k] as number);
    this.#table.add(batch, k, place, row);
    if (this.#table.isOutgrownBy(this.count)) this.#table.refill(this, this.count);
    return row;
  }

  /**
   * Stores those of some rows, which {@link missing} did not find a moment ago, that are new still; returns how many there
   * are.
   *
   * @param positions - where they are in the batch; receives the positions of those that were stored
   */
  insertMissing(batch: Arrived, positions: Int32Array, count: number): number {
    const most = this.count + count;
    while (most * this.words > this.rows.length) this.#growRows();
    if (this.#table.isOutgrownBy(most)) this.#table.refill(this, most);
    const stored = this.#table.addMissing(this, batch, positions, count);
    const { parents } = this;
    for (let i = 0; i < stored; i++) parents.push(batch.parents[positions[i] as number] as number);
    this.count += stored;
    return stored;
  }

  /**
   * Fills an empty store.
   *
   * @param count - the number of rows
   * @param parents - the stream of their parents
   * @param read - fills an array with their words
   */
  restore(count: number, parents: Uint8Array, read: (into: Int32Array) => void): void {
    let capacity = Math.max(1, Math.floor(this.rows.length / this.words));
    while (capacity < count) capacity *= 2;
    this.rows = integers(capacity * this.words, this.#isShared);
    read(this.rows.subarray(0, count * this.words));
    this.parents.restore(parents);
    this.count = count;
    this.#table.refill(this, count);
  }

  relayout(words: number, convert: RowConversion): boolean {
    const old = this.rows;
    const capacity = Math.floor(old.length / this.words);
    const rows = integers(capacity * words, this.#isShared);
    for (let row = 0; row < this.count; row++) convert(old, row * this.words, rows, row * words);
    this.rows = rows;
    this.words = words;
    this.#table.refill(this, this.count);
    return true;
  }

  /** Gives all memory back: the rows are kept elsewhere from now on. */
  release(): void {
    this.count = 0;
    this.rows = new Int32Array(0);
    this.#table.release();
    this.parents = new ParentLinks();
  }

  /** All rows are kept. */
  readonly first = 0;

  drop(): void {}

  wordsOf(row: number): RowWords {
    return { rows: this.rows, start: row * this.words };
  }

  parentOf(row: number): number {
    return this.parents.at(row);
  }

  each(visit: (rows: Int32Array, start: number) => void): void {
    for (let row = 0; row < this.count; row++) visit(this.rows, row * this.words);
  }

  #growRows(): void {
    this.rows = copied(this.rows, 2 * this.rows.length, this.#isShared);
  }
}
