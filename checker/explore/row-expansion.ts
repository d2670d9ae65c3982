/**
 * Expanding the rows of a search, in their order: the successors of each go to a batch, and from there to the arrivals.
 *
 * Where there are many states, a compiled loop expands many rows at once. What it leaves is expanded row by row, and so
 * are all rows before. Rows that another thread expanded are taken over as if they had been expanded here.
 *
 * A row may need more room than rows have. It is expanded again from its beginning then, once all rows were packed anew.
 */
import { BivalentError } from '../core/index.ts';
import { Batch, Kernel, mostKernelRows, RowsOutgrown, type Compiled } from '../transition/index.ts';
import type { Arrivals } from './arrivals.ts';
import type { KeptRows } from './kept-rows.ts';
import { TakenOver } from './worker/taken-over.ts';
import type { Task } from './worker/task.ts';

/** Successors for which a batch has room at first. */
const batchSize = 8192;
/** With fewer states, a loop of its own does not pay for the time in which it asks what it has to know. */
export const usualCompiledFrom = 20_000;

/** How far a search has come, and what brings it further. Cost: O(generated) look-ups in the tables of what was learned. */
export class RowExpansion {
  /** The first row that is not expanded. */
  cursor = 0;
  /** How many states were generated: initial ones and successors, those of steps that were not followed included. */
  generated = 0;
  #compiled: Compiled;
  #batch: Batch;
  readonly #kept: KeptRows;
  readonly #arrivals: Arrivals;
  readonly #compiledFrom: number;
  readonly #makeRoom: () => void;

  /**
   * @param compiledFrom - from how many states on the compiled loop is used; `Infinity` where it does not apply
   * @param makeRoom - packs all rows anew with more room, and calls {@link renew}
   */
  constructor(compiled: Compiled, kept: KeptRows, arrivals: Arrivals, compiledFrom: number, makeRoom: () => void) {
    this.#compiled = compiled;
    this.#kept = kept;
    this.#arrivals = arrivals;
    this.#compiledFrom = compiledFrom;
    this.#makeRoom = makeRoom;
    this.#batch = this.#newBatch();
  }

  /** Goes on with other tables. */
  use(compiled: Compiled): void {
    this.#compiled = compiled;
  }

  /** Goes on with rows of another form; the successors that wait must have been settled before. */
  renew(): void {
    this.#batch = this.#newBatch();
  }

  get #wantsKernel(): boolean {
    return this.#kept.rows.count >= this.#compiledFrom;
  }

  /** Room for successors: that of the compiled loop, where there are rows enough for one. */
  #newBatch(): Batch {
    const { successors, layout } = this.#compiled;
    successors.kernel?.harvest();
    successors.kernel = this.#wantsKernel ? Kernel.start(successors, this.#compiled, batchSize) : undefined;
    return successors.kernel?.batch ?? new Batch(layout.words, batchSize, this.#kept.sleepSets);
  }

  /** Takes a state, given by its group numbers, as if a step led there from none. */
  addInitial(ids: Int32Array): void {
    const { layout } = this.#compiled;
    layout.write(ids, this.#batch.rows, this.#batch.count * layout.words);
    this.#batch.add(-1, 0, 0);
  }

  /** Looks up the successors that have gathered, stores those that are new, and judges what must be judged. */
  flush(): void {
    this.#arrivals.settle(this.#batch);
    this.#batch.count = 0;
  }

  /** Expands the rows before one, unless no further state can be stored, and settles their successors. */
  expandUntil(end: number): void {
    if (this.#wantsKernel && this.#compiled.successors.kernel === undefined) this.renew();
    while (this.cursor < end && this.#arrivals.full === undefined) {
      const { kernel } = this.#compiled.successors;
      if (kernel !== undefined) this.#expandMany(kernel, end);
      if (this.cursor < end) this.#expandRow();
    }
    this.flush();
  }

  // --- many rows, and one ------------------------------------------------------------------------------------------

  /** Expands rows up to one that is left to {@link #expandRow}. */
  #expandMany(kernel: Kernel, end: number): void {
    const { restless } = this.#compiled.successors.judge ?? {};
    const from = this.cursor;
    let to = from;
    while (to < end && to - from < mostKernelRows && restless?.has(to) !== true) to++;
    const { rows, asleep } = kernel.inputFor(to - from);
    this.#kept.copy(from, to, this.#compiled.layout.words, rows, asleep);
    try {
      kernel.expand(from);
    } catch (error) {
      this.#passOver(kernel);
      this.#recover(error, this.#batch.count);
      return;
    }
    this.#passOver(kernel);
  }

  /** Counts the rows that the compiled loop expanded. */
  #passOver(kernel: Kernel): void {
    this.cursor += kernel.expanded;
    this.generated += kernel.enabled;
    for (const row of kernel.stuck) {
      try {
        this.#arrivals.judgeStuck(row);
      } catch (error) {
        throw this.#told(error, row);
      }
    }
  }

  /** An error with the state in which it happened, if it is that of user code. */
  #told(error: unknown, row: number): unknown {
    if (!(error instanceof BivalentError)) return error;
    const { layout } = this.#compiled;
    return error.withDetails({ state: layout.decode(this.#kept.idsOf(row, layout)) });
  }

  #expandRow(): void {
    const batch = this.#batch;
    const { successors } = this.#compiled;
    const { count } = batch;
    const failed = successors.judge?.failedSteps.length ?? 0;
    try {
      const row = this.cursor;
      const start = this.#kept.enter(row);
      const enabled = successors.expand(this.#kept.rows.rows, start, row, batch);
      this.generated += enabled;
      if (enabled === 0) this.#arrivals.judgeStuck(row);
      this.cursor++;
    } catch (error) {
      if (successors.judge !== undefined) successors.judge.failedSteps.length = failed;
      this.#recover(error, count);
    }
  }

  /** After a row could not be expanded: makes room where that was wanting. The batch keeps so many successors. */
  #recover(error: unknown, count: number): void {
    this.#batch.count = count;
    this.#compiled.successors.forget();
    if (!(error instanceof RowsOutgrown)) throw this.#told(error, this.cursor);
    this.flush();
    this.#makeRoom();
  }

  // --- what other threads expand -----------------------------------------------------------------------------------

  /** Says what another thread has to know of the rows of a task to expand them. */
  describe(task: Task): void {
    const { restless } = this.#compiled.successors.judge ?? {};
    this.#kept.sleep?.copy(task.from, task.to, task.sleeping);
    if (restless === undefined || restless.size === 0) return;
    for (let row = task.from; row < task.to; row++) if (restless.has(row)) task.addRestless(row);
  }

  /** Takes over what another thread found of the rows from the cursor on, as if they had been expanded here. */
  adopt(task: Task): void {
    const { successors } = this.#compiled;
    if (task.unlearnedCount === 0 && this.#batch.count === 0) this.#arrivals.settle(task);
    else this.#expandUnlearned(task);
    this.cursor = task.to;
    this.generated += task.enabled;
    successors.skipped += task.skipped;
    for (let pair = 0; pair < task.countPairs; pair++) {
      successors.addTaken(task.counts[2 * pair] as number, task.counts[2 * pair + 1] as number);
    }
  }

  /** Expands the rows of a task that have to be learned, and settles the successors of all its rows in their order. */
  #expandUnlearned(task: Task): void {
    const { layout } = this.#compiled;
    const found = new TakenOver(task, layout);
    for (let i = 0; i < task.unlearnedCount; i++) {
      const row = task.unlearned[i] as number;
      found.appendUntil(row, this.#batch, layout);
      for (this.cursor = row; this.cursor === row;) this.#expandRow();
    }
    found.appendUntil(Infinity, this.#batch, layout);
    this.flush();
  }
}
