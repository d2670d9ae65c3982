/**
 * Rows out: the successors of some states, packed, until the explorer looks them up.
 */
import type { SleepSets } from './sleep-sets.ts';

/** One round of the row hash: mixes a word into what was hashed so far. */
export function mix(hash: number, word: number): number {
  let h = Math.imul(hash ^ word, 0x9e3779b1);
  h ^= h >>> 15;
  h = Math.imul(h, 0x85ebca6b);
  return h ^ (h >>> 13);
}

/** A scrambled 32-bit hash of the `words` words of a row. */
export function hashRow(rows: Int32Array, start: number, words: number): number {
  let h = mix(0, rows[start] as number);
  for (let w = 1; w < words; w++) h = mix(h, rows[start + w] as number);
  return h;
}

/** The arrays of a batch. */
export interface BatchArrays {
  readonly rows: Int32Array;
  readonly hashes: Int32Array;
  readonly parents: Int32Array;
  readonly leaves: Int32Array;
  readonly tails: Int32Array;
  readonly asleep: Int32Array;
  /** For each successor, what is known of it: the sum of some of {@link Known}; absent where nothing is. */
  readonly known?: Int32Array | undefined;
}

/** What may be known of a successor before it is stored. */
export const Known = {
  /** It satisfies every invariant. */
  holds: 1,
  /** The transition invariants allow to stand still in it. */
  rests: 2,
} as const;
/** Gives arrays for so many successors, with what the old ones hold. */
export type RoomFor = (capacity: number, old: BatchArrays | undefined) => BatchArrays;

/** Successors of some states, in the order of these. */
export interface Arrived extends BatchArrays {
  /** The words of a row. */
  readonly words: number;
  readonly capacity: number;
  readonly count: number;
  /** Where the look-ups ended that did not find the successors, and in which table; absent where there were none. */
  readonly ends?: Int32Array;
  readonly tableNumber?: number;
  /** Finds out what is known of some of them. */
  judge?(positions: Int32Array, count: number): void;
}

/** Successors that wait to be looked up: their rows, and what step led to each. */
export class Batch implements Arrived {
  readonly words: number;
  capacity: number;
  count = 0;
  rows: Int32Array;
  parents: Int32Array;
  /** The leaf that made each successor; what it means is the caller's. */
  leaves: Int32Array;
  tails: Int32Array;
  /** The hash of each row. */
  hashes: Int32Array;

  /** The sleep sets of the rows, where the search keeps any. */
  readonly sleep: SleepSets | undefined;
  asleep: Int32Array;
  known: Int32Array | undefined;
  judge?: (positions: Int32Array, count: number) => void;
  readonly #roomFor: RoomFor;

  /** @param roomFor - where the arrays come from, if they are not to be anywhere */
  constructor(words: number, capacity: number, sleep?: SleepSets, roomFor?: RoomFor) {
    this.words = words;
    this.sleep = sleep;
    this.capacity = capacity;
    this.#roomFor = roomFor ?? ((room, old) => arraysFor(room, words, sleep?.words ?? 0, old));
    ({
      rows: this.rows,
      hashes: this.hashes,
      parents: this.parents,
      leaves: this.leaves,
      tails: this.tails,
      asleep: this.asleep,
      known: this.known,
    } = this.#roomFor(capacity, undefined));
  }

  /**
   * Ends the writing of the row at {@link count}: hashes it, and notes where it came from.
   *
   * @param tail - the leaf of `afterEach`, or 0
   */
  add(parent: number, leaf: number, tail: number): void {
    const k = this.count++;
    this.hashes[k] = hashRow(this.rows, k * this.words, this.words);
    this.parents[k] = parent;
    this.leaves[k] = leaf;
    this.tails[k] = tail;
    for (let w = 0, words = this.sleep?.words ?? 0; w < words; w++) this.asleep[k * words + w] = 0;
    if (this.count === this.capacity) this.grow();
  }

  /** Appends a copy of the successor at `i` of another batch, or of what has the arrays of one. */
  copy(source: BatchArrays, i: number): void {
    const { words } = this;
    const k = this.count++;
    for (let w = 0; w < words; w++) this.rows[k * words + w] = source.rows[i * words + w] as number;
    this.hashes[k] = source.hashes[i] as number;
    this.parents[k] = source.parents[i] as number;
    this.leaves[k] = source.leaves[i] as number;
    this.tails[k] = source.tails[i] as number;
    const asleep = this.sleep?.words ?? 0;
    for (let w = 0; w < asleep; w++) this.asleep[k * asleep + w] = source.asleep[i * asleep + w] as number;
    if (this.count === this.capacity) this.grow();
  }

  /** Doubles the capacity, for a state with very many successors. */
  grow(): void {
    this.capacity *= 2;
    const { rows, hashes, parents, leaves, tails, asleep, known } = this;
    Object.assign(this, this.#roomFor(this.capacity, { rows, hashes, parents, leaves, tails, asleep, known }));
  }
}

/** Arrays for so many successors, with what the old ones hold. */
function arraysFor(capacity: number, words: number, asleep: number, old?: BatchArrays): BatchArrays {
  const wider = (array: Int32Array | undefined, width: number): Int32Array =>
    array === undefined ? new Int32Array(capacity * width) : resized(array, capacity * width);
  return {
    rows: wider(old?.rows, words),
    hashes: wider(old?.hashes, 1),
    parents: wider(old?.parents, 1),
    leaves: wider(old?.leaves, 1),
    tails: wider(old?.tails, 1),
    asleep: wider(old?.asleep, asleep),
  };
}

/** A copy of an array with another length; new elements are zero. */
export function resized(array: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const bigger = new Int32Array(length);
  bigger.set(array.subarray(0, Math.min(array.length, length)));
  return bigger;
}
