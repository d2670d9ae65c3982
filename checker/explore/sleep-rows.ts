/**
 * The sleep sets of the rows that are expanded now and of those that wait for the next level: a sleep set is needed from
 * the arrival at a row until the row is expanded, so memory grows with two levels only.
 */
import type { LearnedSystem, SleepSets } from '../transition/index.ts';

/**
 * Steps are skipped as long as there are few states; with so many, only where at least this share of all is skipped. Of
 * fewer, it takes as long to tell which to skip as to follow them.
 */
const skippingJudgedFrom = 40_000;
const leastSkipped = 0.65;

export class SleepRows {
  readonly sets: SleepSets;
  #items: Int32Array;
  /** The first row whose sleep set is kept, and the row after the last one. */
  #first = 0;
  #end = 0;

  constructor(sets: SleepSets) {
    this.sets = sets;
    this.#items = new Int32Array(4096 * sets.words);
  }

  /** Keeps the sleep set of a row. */
  set(row: number, source: Int32Array, at: number): void {
    const { words } = this.sets;
    this.#end = row + 1;
    const to = (row - this.#first) * words;
    if (to + words > this.#items.length) {
      const longer = new Int32Array(2 * (to + words));
      longer.set(this.#items);
      this.#items = longer;
    }
    for (let w = 0; w < words; w++) this.#items[to + w] = source[at + w] as number;
  }

  /** Keeps the sleep sets of as many rows, from one on, as there are positions of sets. */
  setMany(row: number, source: Int32Array, positions: Int32Array, count: number): void {
    if (count === 0) return;
    const { words } = this.sets;
    // Whatever has to grow grows now.
    this.set(row + count - 1, source, (positions[count - 1] as number) * words);
    const items = this.#items;
    let to = (row - this.#first) * words;
    for (let i = 0; i < count; i++) {
      const from = (positions[i] as number) * words;
      for (let w = 0; w < words; w++) items[to++] = source[from + w] as number;
    }
  }

  /** Says which row is expanded next. */
  enter(row: number): void {
    const { words, asleep } = this.sets;
    const from = (row - this.#first) * words;
    for (let w = 0; w < words; w++) asleep[w] = this.#items[from + w] as number;
  }

  /** Copies the sleep sets of some rows; those of rows that were dropped are empty. */
  copy(from: number, to: number, target: Int32Array): void {
    const { words } = this.sets;
    const first = Math.max(from, this.#first);
    target.fill(0);
    if (first >= to) return;
    target.set(this.#items.subarray((first - this.#first) * words, (to - this.#first) * words), (first - from) * words);
  }

  /** Takes over the sleep sets of all rows, of which those from `first` on are still needed. */
  restore(first: number, rows: number, items: Int32Array): void {
    this.drop(first);
    for (let row = first; row < rows; row++) this.set(row, items, row * this.sets.words);
  }

  /** Drops the sleep sets of the rows before one. */
  drop(first: number): void {
    const { words } = this.sets;
    this.#items.copyWithin(0, (first - this.#first) * words, (this.#end - this.#first) * words);
    this.#first = first;
  }

  /** Gives all memory back: the sleep sets are kept elsewhere from now on. */
  release(): void {
    this.#items = new Int32Array(0);
  }

  get bytes(): number {
    return this.#items.byteLength;
  }
}

/**
 * Whether steps may be left out that lead to states found anyway: not where other states or steps are left out, which
 * those may be that they would be found by; nor where a step is completed by what commutes with nothing.
 */
export function mayReduce({ numbers: { constraint, actionConstraint, afterEach } }: LearnedSystem): boolean {
  return constraint === undefined && actionConstraint === undefined && afterEach === undefined;
}

/** What a search has counted so far. */
interface Counts {
  readonly count: number;
  readonly generated: number;
  readonly skipped: number;
}

/** Whether what was skipped so far pays for finding out what to skip, as far as that can be told. */
export function skippingPays({ count, generated, skipped }: Counts): boolean {
  return count < skippingJudgedFrom || skipped >= leastSkipped * generated;
}
