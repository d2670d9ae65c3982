/**
 * Expands the rows of a task from what is known, and learns nothing.
 *
 * Successors that are stored already are left out, and those that satisfy every invariant are marked. Those that are not go to the task: some of them may be stored
 * meanwhile, or come from another task too; whoever commits the task looks them up again. A row that needs something that
 * was not learned yet is only noted. A step that fails a transition invariant fails the whole task: that happens on the
 * last level of a search only, and who commits the task finds it again.
 */
import {
  Batch,
  Kernel,
  Known,
  mostKernelRows,
  RowsOutgrown,
  Unlearned,
  type Compiled,
} from '../../transition/index.ts';
import { RowJudge } from '../row-judge.ts';
import type { Task } from './task.ts';

/** Successors that are looked up together. */
const batchSize = 4096;

/** States that are judged in vain, less those that are not, before no more are. */
const mostInVain = -4096;

/** The rows of a search, and where states are looked up. */
export interface KnownStates {
  readonly rows: Int32Array;
  /** Where the words of a row begin. */
  seek(row: number): number;
  /** Finds the positions in a batch of the rows that are not stored yet; returns how many there are. */
  missing(batch: Batch, missing: Int32Array): number;
  /** Where these look-ups ended, and in which table, where that is of use to those that look the rows up later. */
  readonly ends?: Int32Array;
  readonly tableNumber?: number;
}

export class Expander {
  readonly #compiled: Compiled;
  readonly #store: KnownStates;
  readonly #needsSteps: boolean;
  readonly #batch: Batch;
  readonly #judge: RowJudge;
  /** The row after those of the task that was expanded last. */
  nextRow = 0;
  /** Successors that were found to satisfy the invariants, less those of which that is not known. */
  #balance = 0;
  #missing = new Int32Array(0);

  /**
   * @param compiled - its values are frozen while this expands
   * @param needsSteps - whether rows without steps have to be judged: they count as not learned then
   */
  constructor(compiled: Compiled, store: KnownStates, needsSteps: boolean) {
    this.#compiled = compiled;
    this.#store = store;
    this.#needsSteps = needsSteps;
    this.#judge = new RowJudge(compiled.learned, compiled, false);
    const { successors, layout } = compiled;
    successors.kernel = Kernel.start(successors, compiled, 2 * batchSize);
    this.#batch = successors.kernel?.batch ?? new Batch(layout.words, 2 * batchSize, successors.sleep);
  }

  /** Expands a task that the caller has taken. */
  expand(task: Task): void {
    const { successors } = this.#compiled;
    const { judge } = successors;
    const { skipped } = successors;
    if (judge !== undefined) {
      judge.restless.clear();
      for (let i = 0; i < task.restlessCount; i++) judge.restless.add(task.restless[i] as number);
    }
    // Of two rows that lead to a successor the first counts: what later rows gave is no reason to leave it out.
    if (task.from < this.nextRow) successors.forget();
    this.nextRow = task.to;
    this.#batch.count = 0;
    for (let row = task.from; row < task.to && !task.failed;) {
      row = this.#expandMany(task, row);
      if (row < task.to) this.#expandRow(task, row++);
      if (this.#batch.count >= batchSize) this.#hand(task);
    }
    this.#hand(task);
    task.skipped = successors.skipped - skipped;
    this.#handCounts(task);
    if (judge !== undefined && judge.failedSteps.length > 0) {
      judge.failedSteps.length = 0;
      task.fail();
    }
    // What was given in vain will not be stored.
    if (task.failed) successors.forget();
  }

  /** Expands rows in the compiled loop, up to one that is left to {@link #expandRow}; returns that. */
  #expandMany(task: Task, from: number): number {
    const { successors } = this.#compiled;
    const { kernel, sleep, judge } = successors;
    if (kernel === undefined) return from;
    const most = Math.min(task.to, from + mostKernelRows);
    let to = from;
    while (to < most && judge?.restless.has(to) !== true) to++;
    const { words } = this.#batch;
    const { rows, asleep } = kernel.inputFor(to - from);
    const start = this.#store.seek(from);
    rows.set(this.#store.rows.subarray(start, start + (to - from) * words));
    if (sleep !== undefined) {
      asleep.set(task.sleeping.subarray((from - task.from) * sleep.words, (to - task.from) * sleep.words));
    }
    try {
      kernel.expand(from);
    } catch (error) {
      // It is noted when it is expanded by itself.
      if (!(error instanceof Unlearned) && !(error instanceof RowsOutgrown)) throw error;
    }
    task.enabled += kernel.enabled;
    if (this.#needsSteps) for (const row of kernel.stuck) task.addUnlearned(row);
    return from + kernel.expanded;
  }

  #expandRow(task: Task, row: number): void {
    const { successors } = this.#compiled;
    const store = this.#store;
    const batch = this.#batch;
    const { count } = batch;
    const { sleep } = successors;
    if (sleep !== undefined) {
      const at = (row - task.from) * sleep.words;
      for (let w = 0; w < sleep.words; w++) sleep.asleep[w] = task.sleeping[at + w] as number;
    }
    try {
      const enabled = successors.expand(store.rows, store.seek(row), row, batch);
      task.enabled += enabled;
      if (enabled === 0 && this.#needsSteps) task.addUnlearned(row);
    } catch (error) {
      if (!(error instanceof Unlearned) && !(error instanceof RowsOutgrown)) throw error;
      batch.count = count;
      task.addUnlearned(row);
    }
  }

  /** Hands the successors that are not stored over to the task. */
  #hand(task: Task): void {
    const batch = this.#batch;
    if (this.#missing.length < batch.capacity) this.#missing = new Int32Array(batch.capacity);
    const missing = this.#missing;
    const found = this.#store.missing(batch, missing);
    batch.judge?.(missing, found);
    let to = task.count;
    if (to + found > task.shape.capacity) task.fail();
    else {
      const { words, sleepWords } = task.shape;
      const { ends, tableNumber = 0 } = this.#store;
      task.tableNumber = tableNumber;
      for (let i = 0; i < found; i++, to++) {
        const k = missing[i] as number;
        for (let w = 0; w < words; w++) task.rows[to * words + w] = batch.rows[k * words + w] as number;
        for (let w = 0; w < sleepWords; w++)
          task.asleep[to * sleepWords + w] = batch.asleep[k * sleepWords + w] as number;
        task.hashes[to] = batch.hashes[k] as number;
        task.parents[to] = batch.parents[k] as number;
        task.leaves[to] = batch.leaves[k] as number;
        task.tails[to] = batch.tails[k] as number;
        if (ends !== undefined) task.ends[to] = ends[k] as number;
        task.known[to] = this.#knownOf(k, batch.known === undefined ? 0 : (batch.known[k] as number));
      }
      task.count = to;
    }
    batch.count = 0;
  }

  /** What is known of the successor at `k`, of which the compiled loop tells nothing before the invariants were judged here. */
  #knownOf(k: number, told: number): number {
    const holds = (told & Known.holds) !== 0 || this.#isKnownToHold(k);
    const rests = (told & Known.rests) !== 0 || this.#judge.isKnownToRest(this.#batch, k);
    return (holds ? Known.holds : 0) | (rests ? Known.rests : 0);
  }

  /** Whether it is known that the successor at `k` satisfies the invariants; not asked where that mostly is not known. */
  #isKnownToHold(k: number): boolean {
    if (this.#balance < mostInVain) return false;
    const holds = this.#judge.isKnownToHold(this.#batch, k);
    this.#balance = Math.min(0, this.#balance + (holds ? 1 : -1));
    return holds;
  }

  #handCounts(task: Task): void {
    const { leaves } = this.#compiled.successors.taken;
    for (let leaf = 1; leaf < leaves.length; leaf++) {
      const times = leaves[leaf] as number;
      if (times > 0 && !task.addCount(leaf, times)) task.fail();
    }
    leaves.fill(0);
  }
}
