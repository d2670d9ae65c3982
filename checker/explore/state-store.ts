/**
 * The rows of all distinct states and the table that finds them: exact, in typed arrays.
 *
 * The rows are the breadth-first queue too: a level is a contiguous range of them. The table is open-addressed with one
 * 32-bit word a slot: its low bits hold the row's number plus one, the bits above them hash bits of the row, as many as
 * are left. A slot whose hash bits agree is compared with the row itself, so no two states are ever confused.
 *
 * Look-ups come in batches. A look-up is bound by cache misses, and independent misses overlap: the batch first touches
 * all its table slots, then the rows they name, and only then compares.
 */

import { hashRow, type Arrived } from '../transition/index.ts';
import { ParentLinks } from './parent-links.ts';
import type { RowConversion, RowWords, StoredRows } from './stored-rows.ts';

/** The arrays of a store, as other threads see them. */
export interface SharedStore {
  readonly words: number;
  readonly rows: Int32Array;
  readonly slots: Int32Array;
  /** As {@link StateStore.tableNumber}. */
  readonly tableNumber: number;
}

/**
 * A new table is filled region by region, each small enough for the processor's cache, from so many rows at a time.
 */
const partSize = 1 << 22;
const regionBits = 8;

export class StateStore implements StoredRows {
  words: number;
  /** The number of rows. */
  count = 0;
  rows: Int32Array;
  /** The row from which each row was first reached; -1 for an initial state. */
  parents: ParentLinks;
  /**
   * Rows from this one on are not looked at by {@link missing}: of the store of another thread, these may not be written
   * wholly yet.
   */
  visible = 0x7fffffff;
  /** Changes whenever the slots of rows do: where a look-up ended says something of the same table only. */
  tableNumber = 1;
  /** Whether other threads may look rows up: the arrays then are in shared memory. */
  #isShared = false;
  /** What they were told last. */
  #told: SharedStore | undefined;
  #slots: Int32Array;
  #mask: number;
  /** Where the look-ups by {@link missing} ended, by position in the batch. */
  ends: Int32Array = new Int32Array(0);
  #endsTable = 0;
  /** Keeps the touching reads of a batch alive: their sum must go somewhere. */
  touched = 0;

  /** @param anyOrder - whether rows may be stored in another order than that of their parents */
  constructor(words: number, capacity = 1 << 12, anyOrder = false) {
    this.parents = new ParentLinks(anyOrder);
    this.words = words;
    this.rows = new Int32Array(capacity * words);
    this.#mask = 2 * capacity - 1;
    this.#slots = new Int32Array(2 * capacity);
  }

  /**
   * The arrays, in shared memory from now on. They are replaced when they grow.
   *
   * @param everything - or only what changed since the last call; undefined where nothing did
   */
  share(everything: boolean): SharedStore | undefined {
    if (!this.#isShared) {
      this.#isShared = true;
      this.rows = this.#copy(this.rows, this.rows.length);
      this.#slots = this.#copy(this.#slots, this.#slots.length);
    }
    const { words, rows, tableNumber } = this;
    const slots = this.#slots;
    const isKnown = !everything && rows === this.#told?.rows && slots === this.#told.slots;
    this.#told = { words, rows, slots, tableNumber };
    return isKnown ? undefined : this.#told;
  }

  /** Looks rows up in the arrays of another store. Nothing can be inserted here then. */
  attach({ words, rows, slots, tableNumber }: SharedStore): void {
    this.words = words;
    this.tableNumber = tableNumber;
    this.rows = rows;
    this.#slots = slots;
    this.#mask = slots.length - 1;
  }

  #allocate(length: number): Int32Array {
    return this.#isShared ? new Int32Array(new SharedArrayBuffer(4 * length)) : new Int32Array(length);
  }

  #copy(array: Int32Array, length: number): Int32Array {
    const copy = this.#allocate(length);
    copy.set(array);
    return copy;
  }

  get bytes(): number {
    return this.rows.byteLength + this.parents.bytes + this.#slots.byteLength;
  }

  /**
   * What will be needed soon beside {@link bytes}, while a table that is nearly full is copied into a larger one; 0 where
   * none is.
   *
   * @param rows - how many rows may come before this is asked again
   */
  growthBytes(rows: number): number {
    const later = this.count + rows;
    const outgrowsRows = later * this.words > this.rows.length;
    const outgrowsSlots = later * 10 > this.#mask * 7;
    return (outgrowsRows ? 2 * this.rows.byteLength : 0) + (outgrowsSlots ? 2 * this.#slots.byteLength : 0);
  }

  /** Where the words of a row begin. */
  seek(row: number): number {
    return row * this.words;
  }

  /** Brings what the look-ups of a batch need into the cache. */
  #touch(batch: Arrived): void {
    const { words } = this;
    const { hashes, count } = batch;
    const slots = this.#slots;
    const mask = this.#mask;
    const stored = this.rows;
    let sum = 0;
    for (let k = 0; k < count; k++) sum ^= slots[(hashes[k] as number) & mask] as number;
    for (let k = 0; k < count; k++) {
      const hash = hashes[k] as number;
      const slot = slots[hash & mask] as number;
      // Rows of other states are not needed: nearly always the hash bits tell.
      if (slot !== 0 && ((slot ^ hash) & ~mask) === 0) sum ^= stored[((slot & mask) - 1) * words] as number;
    }
    this.touched ^= sum;
  }

  /**
   * Looks all rows of a batch up.
   *
   * @param missing - receives the positions in the batch of those that are not stored
   * @returns how many there are
   */
  missing(batch: Arrived, missing: Int32Array): number {
    if (batch.ends !== undefined && batch.tableNumber === this.tableNumber)
      return this.#missingStill(batch, batch.ends, missing);
    this.#touch(batch);
    if (this.ends.length < batch.capacity) this.ends = new Int32Array(batch.capacity);
    const { ends } = this;
    this.#endsTable = this.tableNumber;
    const { words } = this;
    const slots = this.#slots;
    const mask = this.#mask;
    const stored = this.rows;
    const { visible } = this;
    const { rows, hashes, count } = batch;
    let found = 0;
    for (let k = 0; k < count; k++) {
      const hash = hashes[k] as number;
      const tag = hash & ~mask;
      const first = rows[k * words] as number;
      let end = -1;
      for (let p = hash & mask; ; p = (p + 1) & mask) {
        const slot = slots[p] as number;
        if (slot === 0) {
          missing[found++] = k;
          ends[k] = end < 0 ? p : end;
          break;
        }
        if ((slot & ~mask) !== tag) continue;
        const row = (slot & mask) - 1;
        if (row >= visible) {
          if (end < 0) end = p;
          continue;
        }
        const at = row * words;
        if (stored[at] !== first) continue;
        let w = 1;
        while (w < words && stored[at + w] === rows[k * words + w]) w++;
        if (w === words) break;
      }
    }
    return found;
  }

  /** As {@link missing}, where another thread looked the rows up in this table: those that it found are not here. */
  #missingStill({ count }: Arrived, ends: Int32Array, missing: Int32Array): number {
    const slots = this.#slots;
    let sum = 0;
    for (let k = 0; k < count; k++) {
      missing[k] = k;
      sum ^= slots[ends[k] as number] as number;
    }
    this.touched ^= sum;
    return count;
  }

  /**
   * Looks all rows of a batch up.
   *
   * @param found - receives for each position in the batch the number of the row, or -1 where it is not stored
   */
  locate(batch: Arrived, found: Int32Array): void {
    this.#touch(batch);
    const { words } = this;
    const slots = this.#slots;
    const mask = this.#mask;
    const stored = this.rows;
    const { rows, hashes, count } = batch;
    for (let k = 0; k < count; k++) {
      const hash = hashes[k] as number;
      const tag = hash & ~mask;
      const start = k * words;
      let row = -1;
      for (let p = hash & mask; ; p = (p + 1) & mask) {
        const slot = slots[p] as number;
        if (slot === 0) break;
        if ((slot & ~mask) !== tag) continue;
        const at = ((slot & mask) - 1) * words;
        let w = 0;
        while (w < words && stored[at + w] === rows[start + w]) w++;
        if (w < words) continue;
        row = (slot & mask) - 1;
        break;
      }
      found[k] = row;
    }
  }

  /** As {@link find}, for a row that {@link missing} did not find a moment ago: the look-up goes on where that one ended. */
  findLater(batch: Arrived, k: number): number {
    return this.find(batch, k, (this.#startsOf(batch)[k] as number) & this.#mask);
  }

  /** For each successor a slot before which it is known not to be, after {@link missing} did not find it; higher bits do not matter. */
  #startsOf({ ends, tableNumber, hashes }: Arrived): Int32Array {
    if (ends !== undefined) return tableNumber === this.tableNumber ? ends : hashes;
    return this.#endsTable === this.tableNumber ? this.ends : hashes;
  }

  /**
   * The number of the stored row that equals a row of the batch; or `-1 - p`, where it is to be inserted at slot `p`.
   *
   * @param from - a slot before which it is known not to be; that of its hash if nothing is known
   */
  find(batch: Arrived, k: number, from?: number): number {
    const { words } = this;
    const slots = this.#slots;
    const mask = this.#mask;
    const stored = this.rows;
    const rows = batch.rows;
    const hash = batch.hashes[k] as number;
    const tag = hash & ~mask;
    const start = k * words;
    for (let p = from ?? hash & mask; ; p = (p + 1) & mask) {
      const slot = slots[p] as number;
      if (slot === 0) return -1 - p;
      if ((slot & ~mask) !== tag) continue;
      const row = (slot & mask) - 1;
      const at = row * words;
      let w = 0;
      while (w < words && stored[at + w] === rows[start + w]) w++;
      if (w === words) return row;
    }
  }

  /** Stores a row of the batch that {@link find} did not find; returns its number. */
  insert(batch: Arrived, k: number, place: number): number {
    const { words } = this;
    const row = this.count++;
    if (this.count * words > this.rows.length) this.#growRows();
    for (let w = 0; w < words; w++) this.rows[row * words + w] = batch.rows[k * words + w] as number;
    this.parents.push(batch.parents[k] as number);
    this.#slots[-1 - place] = ((batch.hashes[k] as number) & ~this.#mask) | (row + 1);
    if (this.count * 10 > this.#mask * 7) this.#rehash(2 * this.#mask + 1);
    return row;
  }

  /**
   * Stores those of some rows, which {@link missing} did not find a moment ago, that are new still; returns how many there
   * are.
   *
   * @param positions - where they are in the batch; receives the positions of those that were stored
   */
  insertMissing(batch: Arrived, positions: Int32Array, count: number): number {
    while ((this.count + count) * this.words > this.rows.length) this.#growRows();
    while ((this.count + count) * 10 > this.#mask * 7) this.#rehash(2 * this.#mask + 1);
    const { words, parents } = this;
    const slots = this.#slots;
    const mask = this.#mask;
    const stored = this.rows;
    const starts = this.#startsOf(batch);
    const { rows, hashes } = batch;
    let row = this.count;
    let found = 0;
    for (let i = 0; i < count; i++) {
      const k = positions[i] as number;
      const start = k * words;
      const hash = hashes[k] as number;
      const tag = hash & ~mask;
      for (let p = (starts[k] as number) & mask; ; p = (p + 1) & mask) {
        const slot = slots[p] as number;
        if (slot === 0) {
          for (let w = 0; w < words; w++) stored[row * words + w] = rows[start + w] as number;
          parents.push(batch.parents[k] as number);
          slots[p] = tag | ++row;
          positions[found++] = k;
          break;
        }
        if ((slot & ~mask) !== tag) continue;
        const at = ((slot & mask) - 1) * words;
        let w = 0;
        while (w < words && stored[at + w] === rows[start + w]) w++;
        if (w === words) break;
      }
    }
    this.count = row;
    return found;
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
    this.rows = this.#allocate(capacity * this.words);
    read(this.rows.subarray(0, count * this.words));
    this.parents.restore(parents);
    this.count = count;
    let mask = this.#mask;
    while (count * 10 > mask * 7) mask = 2 * mask + 1;
    this.#rehash(mask);
  }

  relayout(words: number, convert: RowConversion): boolean {
    const old = this.rows;
    const capacity = Math.floor(old.length / this.words);
    const rows = this.#allocate(capacity * words);
    for (let row = 0; row < this.count; row++) convert(old, row * this.words, rows, row * words);
    this.rows = rows;
    this.words = words;
    this.#rehash(this.#mask);
    return true;
  }

  /** Gives all memory back: the rows are kept elsewhere from now on. */
  release(): void {
    this.count = 0;
    this.rows = new Int32Array(0);
    this.#slots = new Int32Array(1);
    this.#mask = 0;
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
    this.rows = this.#copy(this.rows, 2 * this.rows.length);
  }

  #rehash(mask: number): void {
    if (mask > 0x7fffffff) throw new RangeError('more than 1.5 billion states need fingerprints');
    this.#mask = mask;
    this.tableNumber++;
    const slots = (this.#slots = this.#allocate(mask + 1));
    const { count } = this;
    const part = new TablePart(Math.min(partSize, count));
    for (let first = 0; first < count; first += partSize) {
      const size = Math.min(partSize, count - first);
      part.fill(this, first, size, mask);
      const { hashes, numbers } = part;
      for (let i = 0; i < size; i++) {
        const hash = hashes[i] as number;
        let p = hash & mask;
        while (slots[p] !== 0) p = (p + 1) & mask;
        slots[p] = (hash & ~mask) | (numbers[i] as number);
      }
    }
  }
}

/** Some rows, sorted by the region of a table to which they belong. */
class TablePart {
  readonly hashes: Int32Array;
  /** The numbers of the rows, plus one. */
  readonly numbers: Int32Array;
  /** The hashes in the order of the rows. */
  readonly #unsorted: Int32Array;

  constructor(size: number) {
    this.hashes = new Int32Array(size);
    this.numbers = new Int32Array(size);
    this.#unsorted = new Int32Array(size);
  }

  fill({ rows, words }: StateStore, first: number, size: number, mask: number): void {
    const { hashes, numbers } = this;
    const unsorted = this.#unsorted;
    const shift = Math.max(0, 32 - Math.clz32(mask) - regionBits);
    const starts = new Int32Array((1 << regionBits) + 1);
    for (let i = 0; i < size; i++) {
      const hash = hashRow(rows, (first + i) * words, words);
      unsorted[i] = hash;
      starts[((hash & mask) >>> shift) + 1]!++;
    }
    for (let r = 0; r < 1 << regionBits; r++) starts[r + 1]! += starts[r] as number;
    for (let i = 0; i < size; i++) {
      const hash = unsorted[i] as number;
      const at = starts[(hash & mask) >>> shift]!++;
      hashes[at] = hash;
      numbers[at] = first + i + 1;
    }
  }
}
