/**
 * Filling a table of slots with rows: what replaces a table that has become too small.
 *
 * The hash of a row may be anywhere in the table, which is larger than the processor's cache. So rows are taken in parts,
 * and each part is sorted by the region of the table to which its rows belong: a region is small enough.
 *
 * Another thread may fill the next table before it is needed, with the rows that there are then. Those that come later are
 * added by the thread that stores them.
 */
import { hashRow } from '../transition/index.ts';

/** Rows that are sorted at a time. */
const partSize = 1 << 22;
const regionBits = 8;

/** The rows that a table is filled with. */
export interface FilledRows {
  readonly rows: Int32Array;
  /** The words of a row. */
  readonly words: number;
  readonly count: number;
}

/** Puts the rows from one to another into slots; see `RowTable` for what a slot holds. */
export function fillTable(
  slots: Int32Array,
  { rows, words }: Omit<FilledRows, 'count'>,
  from: number,
  to: number,
): void {
  const mask = slots.length - 1;
  const part = new TablePart(Math.min(partSize, to - from));
  for (let first = from; first < to; first += partSize) {
    const size = Math.min(partSize, to - first);
    part.fill(rows, words, first, size, mask);
    const { hashes, numbers } = part;
    for (let i = 0; i < size; i++) {
      const hash = hashes[i] as number;
      let p = hash & mask;
      while (slots[p] !== 0) p = (p + 1) & mask;
      slots[p] = (hash & ~mask) | (numbers[i] as number);
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

  fill(rows: Int32Array, words: number, first: number, size: number, mask: number): void {
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

/** A table that another thread may fill: all of it is in shared memory. */
export interface NextTable extends FilledRows {
  readonly slots: Int32Array;
  /** One word: where the table is on its way. */
  readonly state: Int32Array;
}

const State = { empty: 0, taken: 1, filled: 2, given: 3 } as const;

/** How long a table is waited for that another thread has begun to fill: that takes a second for fifty million rows. */
const patienceMs = 20_000;

/** An empty table for some rows. */
export function nextTable(slots: Int32Array, of: FilledRows): NextTable {
  return { ...of, slots, state: new Int32Array(new SharedArrayBuffer(4)) };
}

/** Fills a table in another thread than the one that needs it, unless that does not need it any more, or another fills it. */
export function fillAhead(table: NextTable): void {
  const { slots, count, state } = table;
  if (Atomics.compareExchange(state, 0, State.empty, State.taken) !== State.empty) return;
  let outcome: number = State.given;
  try {
    fillTable(slots, table, 0, count);
    outcome = State.filled;
  } finally {
    Atomics.store(state, 0, outcome);
    Atomics.notify(state, 0);
  }
}

/** Whether another thread has filled a table; waited for if it has begun. If not, none will. */
export function wasFilled({ state }: NextTable): boolean {
  if (Atomics.compareExchange(state, 0, State.empty, State.given) === State.empty) return false;
  Atomics.wait(state, 0, State.taken, patienceMs);
  return Atomics.load(state, 0) === State.filled;
}
