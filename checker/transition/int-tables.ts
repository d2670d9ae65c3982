/**
 * Growable tables of integers: the only containers on or near the hot path.
 *
 * Open addressing with linear probing over typed arrays, load at most one half. Nothing here knows what the integers
 * mean. Zero is the "absent" answer, so callers number their things from one.
 */

/** A scrambled 32-bit hash of two integers. */
export function hashPair(a: number, b: number): number {
  let h = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
  h = Math.imul(h ^ (h >>> 12), 0x297a2d39);
  return h ^ (h >>> 15);
}

/** A copy of a typed array with at least `length` elements, at least doubled; the new ones are zero. */
export function grown(array: Int32Array<ArrayBuffer>, length: number): Int32Array<ArrayBuffer> {
  const bigger = new Int32Array(Math.max(length, array.length * 2));
  bigger.set(array);
  return bigger;
}

/** A list of integers that grows at its end. */
export class IntList {
  items = new Int32Array(64);
  length = 0;

  push(value: number): number {
    if (this.length === this.items.length) this.items = grown(this.items, this.length + 1);
    this.items[this.length] = value;
    return this.length++;
  }

  /** The item at a position that is known to exist. */
  at(index: number): number {
    return this.items[index] as number;
  }

  /** Takes the last item off a list that is not empty. */
  pop(): number {
    return this.items[--this.length] as number;
  }

  get bytes(): number {
    return this.items.byteLength;
  }
}

/**
 * A map from a pair of integers to a positive integer. The first of the pair must not be negative.
 *
 * Cost: one cache line a look-up in the usual case; 12 bytes a slot, at most two slots an entry.
 */
export class PairMap {
  #mask = 255;
  #slots = new Int32Array(3 * 256);
  size = 0;

  /** The value of `(a, b)`, or 0. */
  get(a: number, b: number): number {
    const slots = this.#slots;
    const mask = this.#mask;
    for (let p = hashPair(a, b) & mask; ; p = (p + 1) & mask) {
      const value = slots[3 * p + 2] as number;
      if (value === 0 || (slots[3 * p] === a && slots[3 * p + 1] === b)) return value;
    }
  }

  /** Sets the value of `(a, b)`; it must be positive. */
  set(a: number, b: number, value: number): void {
    if (2 * (this.size + 1) > this.#mask) this.#grow();
    if (this.#put(a, b, value)) this.size++;
  }

  get bytes(): number {
    return this.#slots.byteLength;
  }

  #put(a: number, b: number, value: number): boolean {
    const slots = this.#slots;
    let p = hashPair(a, b) & this.#mask;
    while (slots[3 * p + 2] !== 0) {
      if (slots[3 * p] === a && slots[3 * p + 1] === b) {
        slots[3 * p + 2] = value;
        return false;
      }
      p = (p + 1) & this.#mask;
    }
    slots[3 * p] = a;
    slots[3 * p + 1] = b;
    slots[3 * p + 2] = value;
    return true;
  }

  #grow(): void {
    const old = this.#slots;
    this.#mask = 2 * this.#mask + 1;
    this.#slots = new Int32Array(3 * (this.#mask + 1));
    for (let p = 0; p < old.length; p += 3) {
      if (old[p + 2] !== 0) this.#put(old[p] as number, old[p + 1] as number, old[p + 2] as number);
    }
  }
}

/**
 * Interns tuples of integers of one width: equal tuples get the same number, counted from zero.
 *
 * The width may grow: {@link widen} appends a column of zeros to every tuple and keeps their numbers.
 */
export class TupleTable {
  /** The tuples, one after another. */
  items = new Int32Array(64);
  count = 0;
  width: number;
  #mask = 63;
  #slots = new Int32Array(64);

  constructor(width: number) {
    this.width = width;
  }

  /** The number of a tuple, or -1 where it is not interned. */
  find(source: Int32Array): number {
    for (let p = this.#hash(source, 0) & this.#mask; ; p = (p + 1) & this.#mask) {
      const entry = this.#slots[p] as number;
      if (entry === 0 || this.#equal((entry - 1) * this.width, source, 0)) return entry - 1;
    }
  }

  /** The number of the tuple that starts at `offset` of `source`; interned if it is new. */
  intern(source: Int32Array, offset = 0): number {
    const { width } = this;
    let p = this.#hash(source, offset) & this.#mask;
    for (;;) {
      const entry = this.#slots[p] as number;
      if (entry === 0) break;
      if (this.#equal((entry - 1) * width, source, offset)) return entry - 1;
      p = (p + 1) & this.#mask;
    }
    const id = this.count++;
    if (this.count * width > this.items.length) this.items = grown(this.items, this.count * width);
    for (let i = 0; i < width; i++) this.items[id * width + i] = source[offset + i] as number;
    this.#slots[p] = id + 1;
    if (2 * this.count > this.#mask) this.#rehash(2 * this.#mask + 1);
    return id;
  }

  /** Appends a column of zeros. */
  widen(): void {
    const { width, count } = this;
    const wider = new Int32Array(Math.max(64, (count + 8) * (width + 1)));
    for (let id = 0; id < count; id++) {
      wider.set(this.items.subarray(id * width, (id + 1) * width), id * (width + 1));
    }
    this.items = wider;
    this.width = width + 1;
    this.#rehash(this.#mask);
  }

  get bytes(): number {
    return this.items.byteLength + this.#slots.byteLength;
  }

  #hash(source: Int32Array, offset: number): number {
    let h = this.width;
    for (let i = 0; i < this.width; i++) {
      h = Math.imul(h ^ (source[offset + i] as number), 0x9e3779b1);
      h ^= h >>> 15;
    }
    h = Math.imul(h, 0x85ebca6b);
    return h ^ (h >>> 13);
  }

  #equal(start: number, source: Int32Array, offset: number): boolean {
    for (let i = 0; i < this.width; i++) if (this.items[start + i] !== source[offset + i]) return false;
    return true;
  }

  #rehash(mask: number): void {
    this.#mask = mask;
    this.#slots = new Int32Array(mask + 1);
    for (let id = 0; id < this.count; id++) {
      let p = this.#hash(this.items, id * this.width) & mask;
      while (this.#slots[p] !== 0) p = (p + 1) & mask;
      this.#slots[p] = id + 1;
    }
  }
}
