/**
 * The states of a search that keeps fingerprints: of a state that was expanded about 14 bytes are left.
 *
 * Rows are there for the level that is expanded and for the next. All states are in a table of fingerprints, which says
 * whether a successor is new; where two states have the same fingerprint, the second counts as seen, and what only it leads
 * to is not explored. How likely that is, {@link FingerprintStore.figures} tells.
 *
 * Rows have the numbers that they would have if all were kept. So have the links to their parents, by which a
 * counterexample is found: from the initial state on, a step is taken again that leads to a state with the *mark* of the next
 * one. A mark is 16 bits of the fingerprint, so that now and then another step fits too; it is given up where no step fits
 * after it.
 */
import type { Arrived, FingerprintForm, Layout } from '../../transition/index.ts';
import type { ParentLinks } from '../parent-links.ts';
import { copied, integers } from '../shared-integers.ts';
import type { StateStore } from '../state-store.ts';
import type { RowConversion, RowWords, StoredRows } from '../stored-rows.ts';
import { FingerprintLookup, type SharedFingerprints } from './fingerprint-lookup.ts';
import { likelihoodOf, type FingerprintFigures } from './likelihood.ts';

/** Marks are kept in pieces, so that none is copied when there are more. */
const marksPerPiece = 1 << 16;
/** The rows have room for this many at least. */
const fewestRows = 1 << 12;

export class FingerprintStore extends FingerprintLookup implements StoredRows {
  /** How many states there are, those without a row included. */
  count = 0;
  readonly parents: ParentLinks;
  readonly #marks: Uint16Array[] = [];
  /** Whether other threads look states up, and what they were told of the rows. */
  #isShared = false;
  #told: { readonly rows: Int32Array; readonly first: number } | undefined;

  /**
   * Takes over the states of a store, and releases it.
   *
   * @param first - the first state of which the row is needed
   */
  constructor(store: StateStore, layout: Layout, first: number, form: FingerprintForm) {
    super(layout, form);
    const { words, rows } = store;
    this.words = words;
    this.parents = store.parents;
    this.first = first;
    this.rows = copied(rows.subarray(first * words, store.count * words), rows.length, this.#isShared);
    for (let row = 0; row < store.count; row++) {
      this.fingerprints.find(rows, row * words);
      const { high, low } = this.fingerprints;
      // Of states that were compared whole, two may have the same fingerprint.
      if (!this.table.has(high, low)) this.table.add(high, low);
      this.#pushMark(row, high);
    }
    this.count = store.count;
    store.release();
  }

  /** The rows are those of another layout from now on. */
  use(layout: Layout): void {
    this.fingerprints.use(layout);
  }

  get bytes(): number {
    const { parents, rows } = this;
    const marks = 2 * marksPerPiece * this.#marks.length;
    return this.table.bytes + this.fingerprints.bytes + parents.bytes + marks + rows.byteLength;
  }

  /** As {@link StateStore.growthBytes}: of the tables only the rows are copied as a whole. */
  growthBytes(rows: number): number {
    const isOutgrown = (this.count - this.first + rows) * this.words > this.rows.length;
    return isOutgrown ? 2 * this.rows.byteLength : 0;
  }

  // --- states, as their fingerprints ---------------------------------------------------------------------------------

  /** Whether there is a state with the fingerprint of the successor at `k`: negative where not. */
  findLater(_batch: Arrived, k: number): number {
    return this.table.has(this.highs[k] as number, this.lows[k] as number) ? 0 : -1;
  }

  /** Stores the successor at `k`, which {@link findLater} did not find; returns its number. */
  insert(batch: Arrived, k: number): number {
    const { words } = this;
    const row = this.count++;
    const at = (row - this.first) * words;
    if (at + words > this.rows.length) this.rows = copied(this.rows, 2 * this.rows.length, this.#isShared);
    for (let w = 0; w < words; w++) this.rows[at + w] = batch.rows[k * words + w] as number;
    this.parents.push(batch.parents[k] as number);
    this.#pushMark(row, this.highs[k] as number);
    this.table.add(this.highs[k] as number, this.lows[k] as number);
    return row;
  }

  /** As {@link StateStore.insertMissing}. */
  insertMissing(batch: Arrived, positions: Int32Array, count: number): number {
    let stored = 0;
    for (let i = 0; i < count; i++) {
      const k = positions[i] as number;
      if (this.findLater(batch, k) >= 0) continue;
      this.insert(batch, k);
      positions[stored++] = k;
    }
    return stored;
  }

  #pushMark(row: number, high: number): void {
    const piece = Math.floor(row / marksPerPiece);
    if (piece === this.#marks.length) this.#marks.push(new Uint16Array(marksPerPiece));
    (this.#marks[piece] as Uint16Array)[row % marksPerPiece] = high >>> 16;
  }

  /** Whether a row, given by its words, may be that of a state. */
  mayBe(state: number, rows: Int32Array, start: number): boolean {
    this.fingerprints.find(rows, start);
    const mark = (this.#marks[Math.floor(state / marksPerPiece)] as Uint16Array)[state % marksPerPiece];
    return this.fingerprints.high >>> 16 === mark;
  }

  /** How likely it is that two states had the same fingerprint. Cost: all fingerprints are read. */
  figures(generatedStates: number): FingerprintFigures {
    const smallestDistance = this.table.smallestDistance();
    return likelihoodOf({ bits: this.form.bits, distinctStates: this.count, generatedStates, smallestDistance });
  }

  // --- rows, of states that are to be expanded -----------------------------------------------------------------------

  /** Drops the rows of the states before one. */
  drop(first: number): void {
    const { words, rows } = this;
    const [from, to] = [this.seek(first), this.seek(this.count)];
    const isRoomy = rows.length > 4 * Math.max(to - from, fewestRows * words);
    if (isRoomy) this.rows = copied(rows.subarray(from, to), rows.length >>> 1, this.#isShared);
    else rows.copyWithin(0, from, to);
    this.first = first;
  }

  wordsOf(row: number): RowWords {
    return { rows: this.rows, start: this.seek(row) };
  }

  parentOf(row: number): number {
    return this.parents.at(row);
  }

  each(visit: (rows: Int32Array, start: number) => void): void {
    for (let row = this.first; row < this.count; row++) visit(this.rows, this.seek(row));
  }

  relayout(words: number, convert: RowConversion): boolean {
    const rows = integers(Math.ceil(this.rows.length / this.words) * words, this.#isShared);
    for (let row = this.first; row < this.count; row++) {
      convert(this.rows, this.seek(row), rows, (row - this.first) * words);
    }
    this.rows = rows;
    this.words = words;
    return true;
  }

  // --- other threads -------------------------------------------------------------------------------------------------

  /**
   * What other threads have to know, in shared memory from now on.
   *
   * @param everything - or only what changed since the last call; undefined where nothing did
   */
  share(everything: boolean): SharedFingerprints | undefined {
    if (!this.#isShared) {
      this.#isShared = true;
      this.rows = copied(this.rows, this.rows.length, true);
    }
    const { form, words, rows, first } = this;
    const regions = this.table.share(everything);
    const isKnown = !everything && regions.length === 0 && rows === this.#told?.rows && first === this.#told.first;
    this.#told = { rows, first };
    return isKnown ? undefined : { form, words, rows, first, regions };
  }
}
