/**
 * Storing what is new: of the successors that have gathered in a batch, those that no row holds yet become rows.
 *
 * New states are stored in the order in which the reference semantics would find them: by parent, then by action and
 * picked values. So counterexamples and coverage do not depend on the order in which tables happen to list the steps.
 * What fails is noted here, and reported elsewhere.
 *
 * Where the rows are on disk, successors gather until it is known which of them are new. They are stored and judged then,
 * in the same order.
 */
import { BivalentError } from '../core/index.ts';
import {
  Known,
  refusedStep,
  StepCounts,
  type Arrived,
  type Compiled,
  type LearnedSystem,
} from '../transition/index.ts';
import type { RecordValue } from '../value/index.ts';
import type { KeptRows } from './kept-rows.ts';
import { tooManyStates } from './limits.ts';
import type { Limits } from './options.ts';
import { RowJudge, type Finding } from './row-judge.ts';
import type { SpilledRows } from './spill/spilled-rows.ts';
import { Mark } from './spill/visited-runs.ts';

/** Where states are looked up and stored. */
interface VisitedStates {
  readonly count: number;
  missing(batch: Arrived, missing: Int32Array): number;
  /** Negative where the successor at `k`, which `missing` did not find, is new still. */
  findLater(batch: Arrived, k: number): number;
  /** Stores the successor at `k`, for which `findLater` gave a negative place; returns its number. */
  insert(batch: Arrived, k: number, place: number): number;
  /**
   * Stores those of some successors, which `missing` did not find, that are new still; returns how many there are.
   *
   * @param positions - where they are in the batch; receives the positions of those that were stored
   */
  insertMissing(batch: Arrived, positions: Int32Array, count: number): number;
}

/** What is judged and stored. */
interface ArrivalOptions {
  readonly limits: Limits;
  /** Whether states without steps are judged. */
  readonly deadlock: boolean;
  /** Whether every predicate is judged in every state: states count as one. */
  readonly wholly: boolean;
}

export class Arrivals {
  readonly findings: Finding[] = [];
  /** Why no further state is stored. */
  full: string | undefined;
  /** The steps by which new states were found. */
  readonly fresh = new StepCounts();
  readonly #learned: LearnedSystem;
  readonly #limits: Limits;
  readonly #deadlock: boolean;
  readonly #kept: KeptRows;
  readonly #judge: RowJudge;
  #compiled: Compiled;
  #missing = new Int32Array(0);

  constructor(learned: LearnedSystem, compiled: Compiled, kept: KeptRows, options: ArrivalOptions) {
    const { limits, deadlock, wholly } = options;
    this.#learned = learned;
    this.#compiled = compiled;
    this.#kept = kept;
    this.#limits = limits;
    this.#deadlock = deadlock;
    this.#judge = new RowJudge(learned, compiled, wholly);
  }

  get #store(): VisitedStates {
    return this.#kept.known;
  }

  get #spilled(): SpilledRows | undefined {
    return this.#kept.spilled;
  }

  /** Goes on with other tables. */
  use(compiled: Compiled): void {
    this.#compiled = compiled;
    this.#judge.use(compiled);
  }

  /**
   * Looks all successors of a batch up, stores those that are new, and judges what must be judged.
   *
   * @throws SpecError from user code, with the state in which it ran
   */
  settle(batch: Arrived): void {
    this.#telling(() => this.#settle(batch));
  }

  /** Does something in which states are judged: what user code throws is told the state in which it ran. */
  #telling(work: () => void): void {
    try {
      work();
    } catch (error) {
      throw error instanceof BivalentError ? error.withDetails({ state: this.#judge.state }) : error;
    }
  }

  /**
   * Stores and judges those of the successors that gathered that are new, where the rows are on disk.
   *
   * @throws SpecError from user code, with the state in which it ran
   */
  settleGathered(): void {
    if (this.#spilled !== undefined && this.#spilled.gathered.count > 0) this.#telling(() => this.#settleGathered());
  }

  /** Whether there may be more states than a limit allows, if all that gathered are new. */
  get mayBeTooMany(): boolean {
    const { maxStates = Infinity } = this.#limits;
    return this.#spilled !== undefined && this.#spilled.count + this.#spilled.gathered.count > maxStates;
  }

  #settleGathered(): void {
    const spilled = this.#spilled as SpilledRows;
    const { items, marks } = spilled.gathered;
    let row = spilled.count;
    spilled.settle(this.#limits.maxStates ?? Infinity);
    for (let k = 0; k < items.count; k++) {
      if (marks[k] === Mark.new) this.#settleRow(items, k, row++);
      else if (marks[k] === Mark.withoutRoom) this.#judgeBeyond(items, k);
      if (marks[k] === Mark.withoutRoom) this.full ??= tooManyStates(this.#limits, row);
    }
    this.full ??= spilled.full;
    spilled.gathered.clear();
  }

  #settle(batch: Arrived): void {
    if (this.#missing.length < batch.capacity) this.#missing = new Int32Array(batch.capacity);
    const missing = this.#missing;
    const count = (this.#spilled?.gathered ?? this.#store).missing(batch, missing);
    if (this.#spilled === undefined) batch.judge?.(missing, count);
    if (this.#takesAll(count)) this.#storeMany(batch, count);
    else this.#storeSome(batch, count);
    this.#noteFailedSteps();
  }

  /** Whether so many states can be stored without asking whether the model includes them, and whether there is room. */
  #takesAll(count: number): boolean {
    const { constraint, actionConstraint } = this.#learned.numbers;
    if (constraint !== undefined || actionConstraint !== undefined || this.#spilled !== undefined) return false;
    return this.full === undefined && this.#store.count + count <= (this.#limits.maxStates ?? Infinity);
  }

  /** Stores and judges those of the missing successors that are not stored by now. */
  #storeMany(batch: Arrived, count: number): void {
    const missing = this.#missing;
    const { parents, leaves, known } = batch;
    for (let i = 0; i < count;) {
      const first = i;
      const parent = parents[missing[i++] as number];
      while (i < count && parents[missing[i] as number] === parent) i++;
      if (i - first > 1) this.sort(missing, first, i, batch);
    }
    const row = this.#store.count;
    const stored = this.#store.insertMissing(batch, missing, count);
    this.#kept.sleep?.setMany(row, batch.asleep, missing, stored);
    for (let i = 0; i < stored; i++) {
      const k = missing[i] as number;
      this.fresh.add(leaves[k] as number, 1);
      this.#judgeRow(batch, k, row + i, known === undefined ? 0 : (known[k] as number));
    }
  }

  /** As {@link #storeMany}, where some of them may be left out. */
  #storeSome(batch: Arrived, count: number): void {
    const missing = this.#missing;
    // The successors of one row are brought together at the front of `missing`, which was read that far already.
    let parent = -1;
    let arrived = 0;
    for (let i = 0; i < count; i++) {
      const k = missing[i] as number;
      const from = parentOf(batch, k);
      if (from !== parent) {
        this.#storeAll(batch, arrived);
        parent = from;
        arrived = 0;
      }
      if (this.#isWithin(batch, k)) missing[arrived++] = k;
      else this.#judgeBeyond(batch, k);
    }
    this.#storeAll(batch, arrived);
  }

  /** Whether the model includes a successor: the action constraint did not refuse its step, nor the constraint it. */
  #isWithin(batch: Arrived, k: number): boolean {
    if ((batch.parents[k] as number) <= refusedStep) return false;
    return this.#learned.numbers.constraint === undefined || this.#judge.satisfiesConstraint(batch, k);
  }

  #noteFailedSteps(): void {
    const { successors, layout } = this.#compiled;
    const failed = successors.judge?.failedSteps.splice(0) ?? [];
    for (const { routine, parent, leaf, ids } of failed) {
      this.findings.push({ routine, parent, leaf, row: -1, beyond: layout.decode(ids) });
    }
  }

  /** Stores and judges the first `arrived` of the missing successors, all of one row, unless they are stored by now. */
  #storeAll(batch: Arrived, arrived: number): void {
    const arrivals = this.#missing;
    if (arrived > 1) this.sort(arrivals, 0, arrived, batch);
    if (this.#spilled !== undefined) this.#gatherAll(this.#spilled, batch, arrived);
    else for (let i = 0; i < arrived; i++) this.#storeOne(batch, arrivals[i] as number);
  }

  #storeOne(batch: Arrived, k: number): void {
    const store = this.#store;
    const place = store.findLater(batch, k);
    if (place >= 0) return;
    this.full ??= tooManyStates(this.#limits, store.count);
    if (this.full === undefined) this.#settleRow(batch, k, store.insert(batch, k, place));
    else this.#judgeBeyond(batch, k);
  }

  /** As {@link #storeAll}, where it is not known yet which of the successors are new. */
  #gatherAll(spilled: SpilledRows, batch: Arrived, arrived: number): void {
    for (let i = 0; i < arrived; i++) {
      const k = this.#missing[i] as number;
      const place = spilled.gathered.find(batch, k);
      if (place >= 0) continue;
      spilled.gathered.insert(batch, k, place);
      if (spilled.gathered.isFull) this.#settleGathered();
    }
  }

  /** Counts and judges the successor at `k`, which was stored. */
  #settleRow(batch: Arrived, k: number, row: number): void {
    const { sleep, spilled } = this.#kept;
    if (sleep !== undefined && spilled === undefined) sleep.set(row, batch.asleep, k * sleep.sets.words);
    this.fresh.add(batch.leaves[k] as number, 1);
    this.#judgeRow(batch, k, row, batch.known === undefined ? 0 : (batch.known[k] as number));
  }

  /** Judges the successor at `k`, as far as it is not known what holds in it. */
  #judgeRow(batch: Arrived, k: number, row: number, known: number): void {
    const failed = (known & Known.holds) !== 0 ? 0 : this.#judge.failure(batch, k);
    if (failed !== 0) this.#note(failed, batch, k, { row, beyond: undefined });
    if ((known & Known.rests) === 0) this.#judge.noteRestless(batch, k, row);
  }

  /** Sorts a part of some positions in the batch, all of one parent, by their steps. There are few: insertion sort. */
  sort(positions: Int32Array, from: number, to: number, { leaves }: Arrived): void {
    for (let i = from + 1; i < to; i++) {
      const k = positions[i] as number;
      let j = i - 1;
      while (j >= from && this.order(leaves[positions[j] as number] as number, leaves[k] as number) > 0) {
        positions[j + 1] = positions[j] as number;
        j--;
      }
      positions[j + 1] = k;
    }
  }

  /** The order of two steps from one state. */
  order(a: number, b: number): number {
    return a > 0 && b > 0 ? this.#learned.learner.order(a, b) : this.#actionOf(a) - this.#actionOf(b);
  }

  #actionOf(leaf: number): number {
    return leaf < 0 ? -1 - leaf : this.#compiled.relation.leaf(leaf).routine;
  }

  #note(failed: number, batch: Arrived, k: number, where: { row: number; beyond: RecordValue | undefined }): void {
    const { routine } = this.#compiled.relation.leaf(failed);
    this.findings.push({ routine, parent: parentOf(batch, k), leaf: batch.leaves[k] as number, ...where });
  }

  /** Judges a state that is not stored: it lies beyond a constraint or a limit. */
  #judgeBeyond(batch: Arrived, k: number): void {
    const failed = this.#judge.failure(batch, k);
    if (failed !== 0) this.#note(failed, batch, k, { row: -1, beyond: this.#judge.stateOf(batch, k) });
  }

  /** Judges a row without successors. */
  judgeStuck(row: number): void {
    if (!this.#deadlock) return;
    const { rows, start } = this.#kept.rows.wordsOf(row);
    if (this.#judge.mayEnd(rows, start)) return;
    this.findings.push({ routine: -1, parent: row, leaf: 0, row, beyond: undefined });
  }
}

/** The row from which a successor was reached, whether its step is refused or not; -1 for an initial state. */
function parentOf({ parents }: Arrived, k: number): number {
  const parent = parents[k] as number;
  return parent <= refusedStep ? refusedStep - parent : parent;
}
