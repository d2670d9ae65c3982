/**
 * For each row, the row from which it was first reached.
 *
 * Rows are stored in the order of their parents, so each parent is that of the row before plus a difference, which
 * mostly fits seven bits. The differences are kept as variable-length numbers; every 64th row notes its parent and
 * where its difference lies, so that a parent is found by adding up a few bytes. Only counterexamples ask for one.
 *
 * Where rows are not stored in the order of their parents, a bit of each difference is its sign.
 *
 * Cost: about 1.1 bytes a row; up to 5 where there is no order.
 */
import { assert } from '../core/index.ts';
import { IntList } from '../transition/index.ts';

/** How many rows share one note of where they are. A power of two. */
const stride = 64;

export class ParentLinks {
  /** How many rows have a parent here. */
  length = 0;
  #bytes = new Uint8Array(1 << 12);
  #used = 0;
  #last = -1;
  /** Of every row whose number is a multiple of the stride: its parent, and where the difference after it begins. */
  readonly #parents = new IntList();
  readonly #offsets = new IntList();
  readonly #anyOrder: boolean;

  /** @param anyOrder - whether a parent may come before that of the row before */
  constructor(anyOrder = false) {
    this.#anyOrder = anyOrder;
  }

  get bytes(): number {
    return this.#bytes.byteLength + this.#parents.bytes + this.#offsets.bytes;
  }

  /** The differences, as bytes: what {@link restore} reads. Those of later rows are appended. */
  get stream(): Uint8Array {
    return this.#bytes.subarray(0, this.#used);
  }

  /**
   * Appends the parent of the next row; -1 for an initial state. It is at least the parent of the row before, unless any
   * order is allowed.
   */
  push(parent: number): void {
    let difference = parent - this.#last;
    if (this.#anyOrder) difference = ((difference << 1) ^ (difference >> 31)) >>> 0;
    else assert(difference >= 0, 'rows are stored in the order of their parents');
    if (this.#used + 5 > this.#bytes.length) this.#grow();
    while (difference >= 0x80) {
      this.#bytes[this.#used++] = (difference & 0x7f) | 0x80;
      difference >>>= 7;
    }
    this.#bytes[this.#used++] = difference;
    this.#last = parent;
    if ((this.length++ & (stride - 1)) !== 0) return;
    this.#parents.push(parent);
    this.#offsets.push(this.#used);
  }

  /** The parent of a row. */
  at(row: number): number {
    assert(row >= 0 && row < this.length, 'the row is stored');
    const note = Math.floor(row / stride);
    const cursor = { at: this.#offsets.at(note) };
    let parent = this.#parents.at(note);
    for (let left = row % stride; left > 0; left--) parent += this.#difference(this.#bytes, cursor);
    return parent;
  }

  /** Copies the parents of the rows from one to another. */
  copy(from: number, to: number, target: Int32Array): void {
    if (from >= to) return;
    const first = Math.floor(from / stride) * stride;
    const cursor = { at: this.#offsets.at(first / stride) };
    let parent = this.#parents.at(first / stride);
    for (let row = first; row < to; row++) {
      if (row > first) parent += this.#difference(this.#bytes, cursor);
      if (row >= from) target[row - from] = parent;
    }
  }

  /** Appends what another list of links gave as its {@link stream}. */
  restore(stream: Uint8Array): void {
    const cursor = { at: 0 };
    while (cursor.at < stream.length) this.push(this.#last + this.#difference(stream, cursor));
  }

  #difference(bytes: Uint8Array, cursor: { at: number }): number {
    const value = numberIn(bytes, cursor);
    return this.#anyOrder ? (value >>> 1) ^ -(value & 1) : value;
  }

  #grow(): void {
    const longer = new Uint8Array(2 * this.#bytes.length);
    longer.set(this.#bytes);
    this.#bytes = longer;
  }
}

/** Reads the number at a place, and moves the place behind it. */
function numberIn(bytes: Uint8Array, cursor: { at: number }): number {
  let value = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[cursor.at++] as number;
    value |= (byte & 0x7f) << shift;
    if (byte < 0x80) return value;
  }
}
