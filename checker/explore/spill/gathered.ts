/**
 * Successors that wait until it is known whether they are new: each once, with how it was first reached.
 *
 * The table that finds them is open-addressed, and the place of a row is in proportion to its hash. So the table itself is
 * nearly sorted by hash: read from its beginning, it gives the rows in the order of the files on disk, but for neighbours.
 */
import { Batch, type Arrived, type SleepSets } from '../../transition/index.ts';
import { compareRows } from './row-order.ts';

/** The slots of the table for each row that there is room for: no more than 63% of them are ever used. */
const slotsPerRow = 1.6;
/** The slots that are used at first, and how many times more where they do not suffice. */
const fewestSlots = 1 << 12;
const growth = 4;
/** Rows have 26-bit numbers here, so that the other bits of a slot can tell most other rows from the one that is looked for. */
const numberBits = 26;
const numberMask = 2 ** numberBits - 1;
/** Most rows that can be gathered. */
export const mostGathered = numberMask - 1;

export class Gathered {
  /** The successors, in the order in which they arrived. */
  readonly items: Batch;
  /** Of each successor, what the caller found out about it; 0 at first. */
  readonly marks: Uint8Array;
  readonly #most: number;
  readonly #slots: Int32Array;
  /** How many of the slots are used: few where few successors gather, since all are read in the end. */
  #size: number;
  /** Keeps the touching reads alive. */
  touched = 0;

  /** @param most - how many there can be */
  constructor(words: number, most: number, sleep: SleepSets | undefined) {
    this.#most = Math.min(most, mostGathered);
    this.items = new Batch(words, this.#most + 1, sleep);
    this.marks = new Uint8Array(this.#most);
    this.#slots = new Int32Array(Math.ceil(this.#most * slotsPerRow) + 1);
    this.#size = Math.min(fewestSlots, this.#slots.length);
  }

  /** The bytes that each successor takes. */
  static bytesEach(words: number, sleepWords: number): number {
    return 4 * (words + sleepWords + 4 + slotsPerRow) + 1;
  }

  get count(): number {
    return this.items.count;
  }

  get isFull(): boolean {
    return this.items.count === this.#most;
  }

  get bytes(): number {
    const { rows, asleep, hashes } = this.items;
    return rows.byteLength + asleep.byteLength + 4 * hashes.byteLength + this.marks.byteLength + this.#slots.byteLength;
  }

  /** As {@link StateStore.missing}. */
  missing(batch: Arrived, missing: Int32Array): number {
    this.#touch(batch);
    let found = 0;
    for (let k = 0; k < batch.count; k++) if (this.find(batch, k) < 0) missing[found++] = k;
    return found;
  }

  /** Brings what the look-ups of a batch need into the cache. */
  #touch({ hashes, count }: Arrived): void {
    const slots = this.#slots;
    const scale = this.#size / 2 ** 32;
    const { rows, words } = this.items;
    let sum = 0;
    for (let k = 0; k < count; k++) sum ^= slots[(((hashes[k] as number) >>> 0) * scale) | 0] as number;
    for (let k = 0; k < count; k++) {
      const hash = hashes[k] as number;
      const slot = slots[((hash >>> 0) * scale) | 0] as number;
      if (slot !== 0 && ((slot ^ (hash << numberBits)) & ~numberMask) === 0) {
        sum ^= rows[((slot & numberMask) - 1) * words] as number;
      }
    }
    this.touched ^= sum;
  }

  /** As {@link StateStore.find}. */
  find({ rows, hashes }: Arrived, k: number): number {
    const { words, rows: stored } = this.items;
    const slots = this.#slots;
    const size = this.#size;
    const hash = hashes[k] as number;
    const tag = hash << numberBits;
    const start = k * words;
    for (let p = ((hash >>> 0) * (size / 2 ** 32)) | 0; ; p = p + 1 === size ? 0 : p + 1) {
      const slot = slots[p] as number;
      if (slot === 0) return -1 - p;
      if (((slot ^ tag) & ~numberMask) !== 0) continue;
      const at = ((slot & numberMask) - 1) * words;
      let w = 0;
      while (w < words && stored[at + w] === rows[start + w]) w++;
      if (w === words) return (slot & numberMask) - 1;
    }
  }

  /** Adds the successor at `k` of a batch, which {@link find} did not find. There must be room. */
  insert(batch: Arrived, k: number, place: number): void {
    const { items } = this;
    items.copy(batch, k);
    this.#slots[-1 - place] = ((batch.hashes[k] as number) << numberBits) | items.count;
    if (items.count * slotsPerRow > this.#size) this.#widen();
  }

  #widen(): void {
    const slots = this.#slots;
    slots.fill(0, 0, this.#size);
    this.#size = Math.min(growth * this.#size, slots.length);
    const size = this.#size;
    const { hashes, count } = this.items;
    for (let k = 0; k < count; k++) {
      const hash = hashes[k] as number;
      let p = ((hash >>> 0) * (size / 2 ** 32)) | 0;
      while (slots[p] !== 0) p = p + 1 === size ? 0 : p + 1;
      slots[p] = (hash << numberBits) | (k + 1);
    }
  }

  /**
   * The positions of all successors in {@link items}, sorted as rows on disk are. Nothing can be looked up any more until
   * {@link clear}: the table is what is returned.
   */
  sorted(): Int32Array {
    const { hashes, count } = this.items;
    const slots = this.#slots;
    const size = this.#size;
    let used = 0;
    // What found no slot at the end of the table went on at its beginning.
    const last: number[] = [];
    let p = 0;
    for (; p < size && slots[p] !== 0; p++) {
      const k = ((slots[p] as number) & numberMask) - 1;
      if (((((hashes[k] as number) >>> 0) * (size / 2 ** 32)) | 0) > p) last.push(k);
      else slots[used++] = k;
    }
    for (; p < size; p++) if (slots[p] !== 0) slots[used++] = ((slots[p] as number) & numberMask) - 1;
    for (const k of last) slots[used++] = k;
    const order = slots.subarray(0, count);
    this.#sortNeighbours(order);
    return order;
  }

  /** Insertion sort: nothing is far from its place. */
  #sortNeighbours(order: Int32Array): void {
    const { hashes, rows, words } = this.items;
    for (let i = 1; i < order.length; i++) {
      const k = order[i] as number;
      const hash = (hashes[k] as number) >>> 0;
      let j = i - 1;
      for (; j >= 0; j--) {
        const other = order[j] as number;
        const difference = ((hashes[other] as number) >>> 0) - hash;
        if (difference < 0) break;
        if (difference === 0 && compareRows(rows, other * words, rows, k * words, words) < 0) break;
        order[j + 1] = other;
      }
      order[j + 1] = k;
    }
  }

  /** Begins anew. */
  clear(): void {
    this.marks.fill(0, 0, this.items.count);
    this.#slots.fill(0, 0, this.#size);
    this.items.count = 0;
    this.#size = Math.min(fewestSlots, this.#slots.length);
  }
}
