/**
 * A set of rows of integers, each numbered in the order in which it was added.
 *
 * Open addressing with linear probing over typed arrays: rows are stored once, compared exactly, and never removed. It
 * is the memory of the searches of this folder, whose configurations are short rows.
 */
export class RowTable {
  readonly #width: number;
  #rows: Int32Array;
  /** Row number plus one; zero is empty. A power of two long, at most half full. */
  #slots: Int32Array;
  #count = 0;

  /** @param width - the number of integers in every row */
  constructor(width: number) {
    this.#width = width;
    this.#rows = new Int32Array(width * 64);
    this.#slots = new Int32Array(256);
  }

  /** The number of rows. */
  get size(): number {
    return this.#count;
  }

  /** Bytes held, spare room included. */
  get bytes(): number {
    return this.#rows.byteLength + this.#slots.byteLength;
  }

  /**
   * The number of a row: `n` where it is new, `~n` where it was there already.
   *
   * Cost: one probe on average; the row is copied where it is new.
   */
  add(row: Int32Array): number {
    const mask = this.#slots.length - 1;
    let slot = hash(row, this.#width) & mask;
    for (let found = this.#slots[slot]!; found !== 0; found = this.#slots[slot]!) {
      if (this.#equals(found - 1, row)) return ~(found - 1);
      slot = (slot + 1) & mask;
    }
    const number = this.#count;
    this.#count += 1;
    this.#slots[slot] = this.#count;
    if (this.#count * this.#width > this.#rows.length) this.#rows = grown(this.#rows);
    this.#rows.set(row, number * this.#width);
    if (this.#count * 2 > this.#slots.length) this.#rehash();
    return number;
  }

  /** Copies row `number` into `row`. */
  read(number: number, row: Int32Array): void {
    const from = number * this.#width;
    for (let i = 0; i < this.#width; i += 1) row[i] = this.#rows[from + i]!;
  }

  #equals(number: number, row: Int32Array): boolean {
    const from = number * this.#width;
    for (let i = 0; i < this.#width; i += 1) if (this.#rows[from + i] !== row[i]) return false;
    return true;
  }

  #rehash(): void {
    const slots = new Int32Array(this.#slots.length * 2);
    const mask = slots.length - 1;
    const row = new Int32Array(this.#width);
    for (let number = 0; number < this.#count; number += 1) {
      this.read(number, row);
      let slot = hash(row, this.#width) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = number + 1;
    }
    this.#slots = slots;
  }
}

function grown(array: Int32Array): Int32Array {
  const larger = new Int32Array(array.length * 2);
  larger.set(array);
  return larger;
}

/** The finaliser of MurmurHash3 over each word. */
function hash(row: Int32Array, width: number): number {
  let h = 0x9e3779b9;
  for (let i = 0; i < width; i += 1) {
    h = Math.imul(h ^ row[i]!, 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
    h ^= h >>> 16;
  }
  return h >>> 0;
}
