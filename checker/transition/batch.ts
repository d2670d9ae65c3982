/**
 * Rows out: the successors of some states, packed, until the explorer looks them up.
 */

/** Successors that wait to be looked up: their rows, and two integers that the caller keeps with each. */
export class Batch {
  readonly words: number;
  capacity: number;
  count = 0;
  rows: Int32Array<ArrayBuffer>;
  parents: Int32Array<ArrayBuffer>;
  /** The leaf that made each successor; what it means is the caller's. */
  leaves: Int32Array<ArrayBuffer>;
  tails: Int32Array<ArrayBuffer>;
  hashes: Int32Array<ArrayBuffer>;

  constructor(words: number, capacity: number) {
    this.words = words;
    this.capacity = capacity;
    this.rows = new Int32Array(capacity * words);
    this.parents = new Int32Array(capacity);
    this.leaves = new Int32Array(capacity);
    this.tails = new Int32Array(capacity);
    this.hashes = new Int32Array(capacity);
  }

  /** Doubles the capacity, for a state with very many successors. */
  grow(): void {
    this.capacity *= 2;
    this.rows = resized(this.rows, this.capacity * this.words);
    this.parents = resized(this.parents, this.capacity);
    this.leaves = resized(this.leaves, this.capacity);
    this.tails = resized(this.tails, this.capacity);
    this.hashes = resized(this.hashes, this.capacity);
  }
}

/** A copy of an array with another length; new elements are zero. */
export function resized(array: Int32Array<ArrayBuffer>, length: number): Int32Array<ArrayBuffer> {
  const bigger = new Int32Array(length);
  bigger.set(array.subarray(0, Math.min(array.length, length)));
  return bigger;
}
