/**
 * The table that finds rows by their words: exact, in one typed array.
 *
 * It is open-addressed with one 32-bit word a slot: its low bits hold the row's number plus one, the bits above them hash
 * bits of the row, as many as are left. A slot whose hash bits agree is compared with the row itself, so no two states
 * are ever confused.
 *
 * Look-ups come in batches. A look-up is bound by cache misses, and independent misses overlap: the batch first touches
 * all its table slots, then the rows they name, and only then compares.
 *
 * A new table is filled region by region, each small enough for the processor's cache.
 */
import { hashRow, type Arrived } from '../transition/index.ts';
import { copied, integers } from './shared-integers.ts';

/** The rows that a table finds. */
export interface TableRows {
  /** The words of a row. */
  readonly words: number;
  /** The number of rows. */
  readonly count: number;
  readonly rows: Int32Array;
  /**
   * Rows from this one on are not looked at by {@link RowTable.missing}: of the rows of another thread, these may not be
   * written wholly yet.
   */
  readonly visible: number;
}

/** A new table is filled from so many rows at a time. */
const partSize = 1 << 22;
const regionBits = 8;

/** A table of rows that are kept elsewhere. Cost: six to twelve bytes a row. */
export class RowTable {
  /** Changes whenever the slots of rows do: where a look-up ended says something of the same table only. */
  number = 1;
  /** Where the look-ups by {@link missing} ended, by position in the batch. */
  ends: Int32Array = new Int32Array(0);
  #endsNumber = 0;
  #slots: Int32Array;
  #mask: number;
  #isShared = false;
  /** Keeps the touching reads of a batch alive: their sum must go somewhere. */
  touched = 0;

  /** @param slots - a power of two */
  constructor(slots: number) {
    this.#slots = new Int32Array(slots);
    this.#mask = slots - 1;
  }

  get bytes(): number {
    return this.#slots.byteLength;
  }

  /** The slots, in shared memory from now on. They are replaced when they grow. */
  share(): Int32Array {
    if (!this.#isShared) this.#slots = copied(this.#slots, this.#slots.length, true);
    this.#isShared = true;
    return this.#slots;
  }

  /** Looks rows up in the slots of the table of another thread, of that number. */
  attach(slots: Int32Array, number: number): void {
    this.number = number;
    this.#slots = slots;
    this.#mask = slots.length - 1;
  }

  /** Whether the slots are too few for so many rows. */
  isOutgrownBy(rows: number): boolean {
    return isTooSmall(this.#slots.length, rows);
  }

  /** Brings what the look-ups of a batch need into the cache. */
  #touch({ words, rows: stored }: TableRows, batch: Arrived): void {
    const { hashes, count } = batch;
    const slots = this.#slots;
    const mask = this.#mask;
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
  missing(of: TableRows, batch: Arrived, missing: Int32Array): number {
    if (batch.ends !== undefined && batch.tableNumber === this.number) {
      return this.#missingStill(batch, batch.ends, missing);
    }
    this.#touch(of, batch);
    if (this.ends.length < batch.capacity) this.ends = new Int32Array(batch.capacity);
    const { ends } = this;
    this.#endsNumber = this.number;
    const { words, rows: stored, visible } = of;
    const slots = this.#slots;
    const mask = this.#mask;
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
  locate(of: TableRows, batch: Arrived, found: Int32Array): void {
    this.#touch(of, batch);
    const { words, rows: stored } = of;
    const slots = this.#slots;
    const mask = this.#mask;
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
  findLater(of: TableRows, batch: Arrived, k: number): number {
    return this.find(of, batch, k, (this.#startsOf(batch)[k] as number) & this.#mask);
  }

  /** For each successor a slot before which it is known not to be, after {@link missing} did not find it; higher bits do not matter. */
  #startsOf({ ends, tableNumber, hashes }: Arrived): Int32Array {
    if (ends !== undefined) return tableNumber === this.number ? ends : hashes;
    return this.#endsNumber === this.number ? this.ends : hashes;
  }

  /**
   * The number of the stored row that equals a row of the batch; or `-1 - p`, where it is to be inserted at slot `p`.
   *
   * @param from - a slot before which it is known not to be; that of its hash if nothing is known
   */
  find({ words, rows: stored }: TableRows, batch: Arrived, k: number, from?: number): number {
    const slots = this.#slots;
    const mask = this.#mask;
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

  /** Notes a row of the batch that {@link find} did not find. */
  add(batch: Arrived, k: number, place: number, row: number): void {
    this.#slots[-1 - place] = ((batch.hashes[k] as number) & ~this.#mask) | (row + 1);
  }

  /**
   * Notes those of some rows, which {@link missing} did not find a moment ago, that are new still, and writes them behind
   * the rows that are stored; returns how many there are. There must be room for all of them.
   *
   * @param positions - where they are in the batch; receives the positions of those that are new
   */
  addMissing(of: TableRows, batch: Arrived, positions: Int32Array, count: number): number {
    const { words, rows: stored } = of;
    let row = of.count;
    const slots = this.#slots;
    const mask = this.#mask;
    const starts = this.#startsOf(batch);
    const { rows, hashes } = batch;
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
    return found;
  }

  /** Notes all rows anew, in so many slots that there is room for some number of rows. */
  refill(of: TableRows, room: number): void {
    let slotCount = this.#slots.length;
    while (isTooSmall(slotCount, room)) slotCount *= 2;
    if (slotCount > 2 ** 31) throw new RangeError('more than 1.5 billion states need fingerprints');
    const slots = (this.#slots = integers(slotCount, this.#isShared));
    const mask = (this.#mask = slotCount - 1);
    this.number++;
    const { count } = of;
    const part = new TablePart(Math.min(partSize, count));
    for (let first = 0; first < count; first += partSize) {
      const size = Math.min(partSize, count - first);
      part.fill(of, first, size, mask);
      const { hashes, numbers } = part;
      for (let i = 0; i < size; i++) {
        const hash = hashes[i] as number;
        let p = hash & mask;
        while (slots[p] !== 0) p = (p + 1) & mask;
        slots[p] = (hash & ~mask) | (numbers[i] as number);
      }
    }
  }

  /** Gives all memory back. */
  release(): void {
    this.#slots = new Int32Array(1);
    this.#mask = 0;
  }
}

/** Whether a table of so many slots would be slow with so many rows: seven slots of ten may be taken. */
function isTooSmall(slots: number, rows: number): boolean {
  return rows * 10 > (slots - 1) * 7;
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

  fill({ rows, words }: TableRows, first: number, size: number, mask: number): void {
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
