/**
 * One breadth-first search over packed rows: the integers of a check.
 *
 * Rows are expanded in order; successors gather in a batch, whose look-ups, insertions and judgements are done together.
 * Everything that needs a decision (what to report, when to stop, how to plan) is the caller's: a search only counts,
 * stores, and notes what fails.
 */
import { BivalentError } from '../core/index.ts';
import {
  Batch,
  RowsOutgrown,
  type Classes,
  type StepCounts,
  type Compiled,
  type FingerprintForm,
  Kernel,
  mostKernelRows,
  type Layout,
  type LearnedSystem,
  type SleepOutline,
  type StepChoice,
} from '../transition/index.ts';
import { Arrivals } from './arrivals.ts';
import { bytesOf, readPart, type CheckpointSource, type Facts } from './checkpoint.ts';
import type { Limits } from './options.ts';
import { FingerprintStore } from './fingerprint/fingerprint-store.ts';
import type { FingerprintFigures } from './fingerprint/likelihood.ts';
import { carryRows, repackRows } from './row-conversion.ts';
import type { Finding } from './row-judge.ts';
import { SpilledRows, type Disk } from './spill/spilled-rows.ts';
import { StateStore } from './state-store.ts';
import type { RowWords, StoredRows } from './stored-rows.ts';
import { TakenOver } from './worker/taken-over.ts';
import type { Task } from './worker/task.ts';
import { SleepRows } from './sleep-rows.ts';
import { equal, type RecordValue } from '../value/index.ts';

/** Rows whose successors are looked up together, at most. */
export const mostBatchRows = 512;
/** Successors for which a batch has room at first. */
const batchSize = 4096;
/**
 * Steps are skipped as long as there are few states; with so many, only where at least this share of all is skipped. Of
 * fewer, it takes as long to tell which to skip as to follow them.
 */
const skippingJudgedFrom = 40_000;
const leastSkipped = 0.65;
/** With fewer states, a loop of its own does not pay for the time in which it asks what it has to know. */
const usualCompiledFrom = 20_000;
/** It takes a megabyte and more for itself: with less memory than this, that is better left to states. */
const leastCompiledMemory = 1 << 25;
/** Compiled tables are dropped when they take more bytes than this; what is learned stays. */
const mostCompiledBytes = 1 << 29;

/** What need not be explored, beside steps that sleep, and in which order the rest is. */
export interface Shortcuts {
  /** Which states count as one. */
  readonly classes?: Classes | undefined;
  /** Which steps are enough. */
  readonly choice?: StepChoice | undefined;
  /** Whether rows are expanded in any order, by a `StepFollower`. */
  readonly anyOrder?: boolean;
  /** From how many states on rows are expanded by the compiled loop. */
  readonly compiledFrom?: number | undefined;
}

export class RowSearch {
  compiled: Compiled;
  /** The rows in memory: all of them, or none once they are on disk, or fingerprints are kept. */
  readonly store: StateStore;
  generated = 0;
  /** The first row that is not expanded. */
  cursor = 0;
  /** The row after the last one of the level that is being expanded. */
  levelEnd = 0;
  /**
   * Rows whose successors are looked up together: those between two multiples of it. Where a search ends in the middle of
   * a level, it has expanded the same rows then, with however many threads.
   */
  batchRows = mostBatchRows;
  /** Changes whenever all rows take another form. */
  form: object = {};

  readonly #learned: LearnedSystem;
  readonly #deadlock: boolean;
  readonly #classes: Classes | undefined;
  readonly #choice: StepChoice | undefined;
  /** Whether rows may be expanded by the compiled loop, and from how many states on. */
  readonly #mayCompile: boolean;
  readonly #compiledFrom: number;
  /** What stores and judges new states. */
  readonly arrivals: Arrivals;
  #batch: Batch;
  /** Where the rows are: in {@link store}, or in one of those below. */
  #rows: StoredRows;
  #spilled: SpilledRows | undefined;
  #fingerprints: FingerprintStore | undefined;

  /**
   * @param taken - how often each leaf was taken in an earlier search, or which steps may sleep; undefined where every step
   *   is to be followed
   */
  constructor(
    learned: LearnedSystem,
    layout: Layout,
    limits: Limits,
    deadlock: boolean,
    taken: ArrayLike<number> | SleepOutline | undefined,
    { classes, choice, anyOrder = false, compiledFrom = usualCompiledFrom }: Shortcuts = {},
  ) {
    this.#learned = learned;
    this.#classes = classes;
    this.#choice = choice;
    this.#deadlock = deadlock;
    const hasRoom = (limits.memoryBytes ?? Infinity) >= leastCompiledMemory;
    this.#mayCompile = hasRoom && classes === undefined && choice === undefined && !anyOrder;
    this.#compiledFrom = compiledFrom;
    this.compiled = learned.compile(layout);
    this.#equip();
    for (;;) {
      try {
        for (const state of learned.system.initialStates) this.#encode(state);
        break;
      } catch (error) {
        if (!(error instanceof RowsOutgrown)) throw error;
        layout.pack();
      }
    }
    this.store = new StateStore(layout.words, undefined, anyOrder);
    this.#rows = this.store;
    this.arrivals = new Arrivals(learned, this.compiled, this.store, limits, classes !== undefined);
    if (taken !== undefined && classes === undefined && choice === undefined && mayReduce(learned)) {
      this.arrivals.sleep = new SleepRows(learned.sleepSets(taken));
    }
    this.compiled.successors.sleep = this.#sleep?.sets;
    this.#batch = this.#newBatch();
  }

  get layout(): Layout {
    return this.compiled.layout;
  }

  get findings(): readonly Finding[] {
    return this.arrivals.findings;
  }

  /** Why no further state is stored. */
  get full(): string | undefined {
    return this.arrivals.full;
  }

  /** The steps by which new states were found. */
  get fresh(): StepCounts {
    return this.arrivals.fresh;
  }

  /** Undefined where every step is followed. */
  get #sleep(): SleepRows | undefined {
    return this.arrivals.sleep;
  }

  /** Rows of states in which a transition invariant may not allow to stand still. */
  get restless(): Set<number> {
    return this.compiled.successors.judge?.restless ?? new Set();
  }

  /** Whether a routine of the system judges steps. */
  judgesSteps(routine: number): boolean {
    return this.#learned.numbers.transitionInvariants.includes(routine);
  }

  /** The states in memory, as other threads may look them up. */
  get known(): StateStore | FingerprintStore {
    return this.#fingerprints ?? this.store;
  }

  /** How many distinct states there are. */
  get count(): number {
    return this.#rows.count;
  }

  get frontier(): number {
    return this.count - this.cursor;
  }

  get bytes(): number {
    return this.#rows.bytes + this.compiled.bytes + (this.#sleep?.bytes ?? 0);
  }

  /** As {@link StoredRows.growthBytes}. */
  growthBytes(rows: number): number {
    return this.#rows.growthBytes(rows);
  }

  /** Bytes of files, once rows are there. */
  get diskBytes(): SpilledRows['diskBytes'] | undefined {
    return this.#spilled?.diskBytes;
  }

  /** How often each step was taken. */
  get taken(): StepCounts {
    return this.compiled.successors.taken;
  }

  /** How many steps were not followed. */
  get skipped(): number {
    return this.compiled.successors.skipped;
  }

  get #wantsKernel(): boolean {
    return this.#mayCompile && this.#rows !== undefined && this.count >= this.#compiledFrom;
  }

  /** Room for successors: that of the compiled loop, where there are rows enough for one. */
  #newBatch(): Batch {
    const { successors } = this.compiled;
    successors.kernel?.harvest();
    successors.kernel = this.#wantsKernel ? Kernel.start(successors, this.compiled, 2 * batchSize) : undefined;
    if (successors.kernel !== undefined) return successors.kernel.batch;
    const sleep = this.#spilled === undefined ? this.#sleep?.sets : this.#spilled.sleep;
    return new Batch(this.layout.words, 2 * batchSize, sleep);
  }

  /** Tells the successors which states count as one, and which steps are enough. */
  #equip(): void {
    const { successors } = this.compiled;
    successors.form = this.#classes?.formOf(this.compiled);
    if (this.#choice === undefined) return;
    const isOpen = (batch: Batch, k: number): boolean => {
      const row = this.store.find(batch, k);
      return row < 0 || row > this.cursor;
    };
    successors.choice = { steps: this.#choice, isOpen };
  }

  /** Stores and judges the initial states. */
  begin(): void {
    for (const state of this.#learned.system.initialStates) {
      const ids = this.#encode(state);
      this.layout.write(ids, this.#batch.rows, this.#batch.count * this.layout.words);
      this.#batch.add(-1, 0, 0);
    }
    this.flush();
    // `init` may give a state more than once; each time counts as generated.
    this.generated = this.#learned.system.initialCount;
    this.levelEnd = this.count;
  }

  /** The group numbers of a state; of its representative where states count as one. */
  #encode(state: RecordValue): Int32Array {
    const ids = this.layout.newIds();
    this.layout.encode(state, ids);
    this.compiled.successors.form?.canonicalise(ids);
    return ids;
  }

  /** Whether two states are equal, or count as one. */
  isAlike(a: RecordValue, b: RecordValue): boolean {
    if (this.#classes === undefined) return equal(a, b);
    return this.withRoom(() => {
      const [x, y] = [this.#encode(a), this.#encode(b)];
      return this.layout.groups.every((_, group) => x[group] === y[group]);
    });
  }

  /** Does something that may need more room than rows have, from its beginning on, until they have it. */
  withRoom<T>(work: () => T): T {
    for (;;) {
      try {
        return work();
      } catch (error) {
        if (!(error instanceof RowsOutgrown)) throw error;
        this.repack();
        if (this.full !== undefined) throw new BivalentError('disk/full', this.full);
      }
    }
  }

  /** Takes over what was kept of a search with the same layout. */
  restore(source: CheckpointSource, { rows, cursor, levelEnd, generated, skipped, taken, fresh }: Facts): void {
    this.store.restore(rows, readPart(source, 'parents'), (into) => source.read('rows', bytesOf(into)));
    this.cursor = cursor;
    this.levelEnd = levelEnd;
    this.generated = generated;
    this.compiled.successors.skipped = skipped;
    this.#sleep?.restore(cursor, rows, new Int32Array(readPart(source, 'asleep').buffer));
    this.taken.direct.push(...taken);
    this.fresh.direct.push(...fresh);
    for (const row of new Int32Array(readPart(source, 'restless').buffer)) this.restless.add(row);
    this.#judgeSkipping();
  }

  /** Which steps may sleep; undefined where every step is followed. */
  get sleepOutline(): SleepOutline | undefined {
    return this.#sleep?.sets.outline;
  }

  /** The sleep sets of some rows, one after another; those of rows that were expanded may be left out: they are empty. */
  sleepSetsOf(from: number, to: number): Int32Array {
    const sets = new Int32Array((to - from) * (this.#sleep?.sets.words ?? 0));
    this.#sleep?.copy(from, to, sets);
    return sets;
  }

  /** Whether states without steps are judged. */
  get checksDeadlock(): boolean {
    return this.#deadlock;
  }

  /** The row after the last of the batch to which a row belongs. */
  endOfBatch(row: number): number {
    return Math.min(this.levelEnd, (Math.floor(row / this.batchRows) + 1) * this.batchRows);
  }

  /**
   * Expands a batch of rows of the level, looks their successors up and stores those that are new. Where the rows are on
   * disk, that is known at the end of the level at the latest, and where a limit on states may have been reached.
   */
  expandSome(): void {
    if (this.#wantsKernel && this.compiled.successors.kernel === undefined) this.#batch = this.#newBatch();
    for (const end = this.endOfBatch(this.cursor); this.cursor < end && this.full === undefined;) {
      const { kernel } = this.compiled.successors;
      if (kernel !== undefined) this.#expandMany(kernel, end);
      if (this.cursor < end) this.#expandRow();
    }
    this.flush();
    if (this.cursor === this.levelEnd || this.arrivals.mayBeTooMany) this.settleGathered();
  }

  /** Stores and judges those of the successors that gathered that are new, where the rows are on disk. */
  settleGathered(): void {
    this.arrivals.settleGathered();
  }

  /**
   * Moves all rows to disk.
   *
   * @param memoryBytes - what may be used of memory beside what was learned
   * @returns why that cannot be; undefined where it was done
   */
  spill(disk: Disk, memoryBytes: number): string | undefined {
    const spilled = SpilledRows.from(this.store, this.#sleep, disk, memoryBytes);
    if (!(spilled instanceof SpilledRows)) return spilled.failure;
    this.#spilled = spilled;
    this.#rows = spilled;
    this.arrivals.spill(spilled);
    return undefined;
  }

  /** Keeps fingerprints from now on, of states that were expanded. */
  keepFingerprints(form: FingerprintForm): void {
    this.#fingerprints = new FingerprintStore(this.store, this.layout, this.cursor, form);
    this.#rows = this.#fingerprints;
    this.arrivals.storeIn(this.#fingerprints);
    this.form = {};
  }

  /** Whether fingerprints are kept. */
  get keepsFingerprints(): boolean {
    return this.#fingerprints !== undefined;
  }

  /** How likely it is that two states had the same fingerprint; undefined where none are kept. */
  get fingerprintFigures(): FingerprintFigures | undefined {
    return this.#fingerprints?.figures(this.generated);
  }

  /** Makes do with less memory, where the rows are on disk; returns whether that is possible. */
  fit(memoryBytes: number): boolean {
    this.settleGathered();
    return this.#spilled?.fit(memoryBytes) ?? false;
  }

  /**
   * Whether it is known of new states which transition invariants allow to stand still in them. Where it is not, it will
   * be after the next step that is judged here.
   */
  get knowsStandingStill(): boolean {
    const { successors, standingStill } = this.compiled;
    return successors.judge === undefined || standingStill.isCurrent(this.layout.version);
  }

  /** Says what another thread has to know of the rows of a task to expand them. */
  describeRows(task: Task): void {
    this.#sleep?.copy(task.from, task.to, task.sleeping);
    if (this.restless.size === 0) return;
    for (let row = task.from; row < task.to; row++) if (this.restless.has(row)) task.addRestless(row);
  }

  /** Takes over what another thread found of the rows from the cursor on, as if they had been expanded here. */
  adopt(task: Task): void {
    const { successors } = this.compiled;
    if (task.unlearnedCount === 0 && this.#batch.count === 0) this.arrivals.settle(task);
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
    const found = new TakenOver(task, this.layout);
    for (let i = 0; i < task.unlearnedCount; i++) {
      const row = task.unlearned[i] as number;
      found.appendUntil(row, this.#batch, this.layout);
      for (this.cursor = row; this.cursor === row;) this.#expandRow();
    }
    found.appendUntil(Infinity, this.#batch, this.layout);
    this.flush();
  }

  /** Expands rows up to one that is left to {@link #expandRow}. */
  #expandMany(kernel: Kernel, end: number): void {
    const { restless } = this;
    let to = this.cursor;
    while (to < end && to - this.cursor < mostKernelRows && !restless.has(to)) to++;
    this.#give(kernel, to);
    try {
      kernel.expand(this.cursor);
    } catch (error) {
      this.#passOver(kernel);
      this.#recover(error, this.#batch.count);
      return;
    }
    this.#passOver(kernel);
  }

  /** Gives the rows from the cursor on to the compiled loop, and their sleep sets. */
  #give(kernel: Kernel, to: number): void {
    const from = this.cursor;
    const { words } = this.layout;
    const { rows, asleep } = kernel.inputFor(to - from);
    if (this.#rows === this.store) {
      rows.set(this.store.rows.subarray(from * words, to * words));
      this.#sleep?.copy(from, to, asleep);
      return;
    }
    const sleep = this.compiled.successors.sleep?.asleep;
    for (let row = from; row < to; row++) {
      const start = this.#enter(row);
      rows.set(this.#rows.rows.subarray(start, start + words), (row - from) * words);
      if (sleep !== undefined) asleep.set(sleep, (row - from) * sleep.length);
    }
  }

  /** Counts the rows that the compiled loop expanded. */
  #passOver(kernel: Kernel): void {
    this.cursor += kernel.expanded;
    this.generated += kernel.enabled;
    for (const row of kernel.stuck) this.judgeStuck(row);
  }

  #expandRow(): void {
    const batch = this.#batch;
    const { successors } = this.compiled;
    const { count } = batch;
    const failed = successors.judge?.failedSteps.length ?? 0;
    try {
      const row = this.cursor;
      const start = this.#enter(row);
      const { rows } = this.#rows;
      const enabled = successors.expand(rows, start, row, batch);
      this.generated += enabled;
      if (enabled === 0) this.judgeStuck(row);
      this.cursor++;
    } catch (error) {
      if (successors.judge !== undefined) successors.judge.failedSteps.length = failed;
      this.#recover(error, count);
    }
  }

  /** After a row could not be expanded: makes room where that was wanting. The batch keeps so many successors. */
  #recover(error: unknown, count: number): void {
    this.#batch.count = count;
    this.compiled.successors.forget();
    if (error instanceof BivalentError) throw error.withDetails({ state: this.stateAt(this.cursor) });
    if (!(error instanceof RowsOutgrown)) throw error;
    this.flush();
    this.repack();
  }

  /** Says which row is expanded next; returns where its words begin. */
  #enter(row: number): number {
    const start = this.#rows.seek(row);
    if (this.#spilled === undefined) this.#sleep?.enter(row);
    else if (this.#sleep !== undefined) this.#spilled.wake(start, this.#sleep.sets.asleep);
    return start;
  }

  /** Judges a row without steps. */
  judgeStuck(row: number): void {
    if (!this.#deadlock) return;
    const { rows, start } = this.wordsOf(row);
    this.arrivals.judgeStuck(rows, start, row);
  }

  /** The next level begins: no row before the cursor is expanded again. */
  endLevel(): void {
    this.levelEnd = this.count;
    if (this.#spilled === undefined) this.#sleep?.drop(this.cursor);
    this.#rows.drop(this.cursor);
    if (this.#rows !== this.store) {
      for (const row of this.restless) if (row < this.cursor) this.restless.delete(row);
    }
    this.#judgeSkipping();
  }

  /** Follows every step from now on, if what was skipped so far does not pay for finding out what to skip. */
  #judgeSkipping(): void {
    if (this.#sleep === undefined || this.count < skippingJudgedFrom) return;
    if (this.skipped >= leastSkipped * this.generated) return;
    this.arrivals.sleep = undefined;
    this.compiled.successors.sleep = undefined;
    this.#batch = this.#newBatch();
    this.form = {};
  }

  /** Looks up the successors that have gathered, stores those that are new, and judges what must be judged. */
  flush(): void {
    this.arrivals.settle(this.#batch);
    this.#batch.count = 0;
  }

  /** Drops the compiled tables if they have grown too large: they fill again as they are used. */
  boundTables(): void {
    if (this.compiled.relation.bytes > mostCompiledBytes) this.#recompile(this.layout);
  }

  #recompile(layout: Layout): void {
    const { restless } = this;
    const { sleep, taken, skipped } = this.compiled.successors;
    this.compiled = this.#learned.compile(layout, taken);
    this.arrivals.use(this.compiled);
    this.compiled.successors.sleep = sleep;
    this.compiled.successors.skipped = skipped;
    this.#equip();
    for (const row of restless) this.restless.add(row);
  }

  /** Gives every group a wider field, and packs all rows anew. */
  repack(): void {
    this.settleGathered();
    repackRows(this.#rows, this.layout);
    this.arrivals.full ??= this.#spilled?.full;
    this.form = {};
    this.#batch = this.#newBatch();
    this.compiled.successors.forget();
  }

  /** Carries all rows over to another layout. */
  replan(layout: Layout): void {
    const done = carryRows(this.#rows, this.compiled, layout);
    this.arrivals.full ??= this.#spilled?.full;
    if (!done) return;
    this.#fingerprints?.use(layout);
    this.form = {};
    this.#recompile(layout);
    this.#batch = this.#newBatch();
  }

  /** Group numbers of at most so many rows, spread evenly over those that are stored between two. */
  sample(most: number, from = 0, to = this.count): Int32Array[] {
    const first = Math.max(from, this.#rows.first);
    const stored = to - first;
    const count = Math.min(most, stored);
    return Array.from({ length: count }, (_, i) => this.idsOf(first + Math.floor((i * stored) / count)));
  }

  /** Orders findings as the reference semantics would come upon them. */
  compare(a: Finding, b: Finding): number {
    if (a.parent !== b.parent) return a.parent - b.parent;
    const steps = a.leaf === 0 ? a.row - b.row : this.arrivals.order(a.leaf, b.leaf);
    return steps || a.routine - b.routine;
  }

  /** The state of a row. */
  stateAt(row: number): RecordValue {
    return this.layout.decode(this.idsOf(row));
  }

  /** The group numbers of a row. */
  idsOf(row: number): Int32Array {
    const ids = this.layout.newIds();
    const { rows, start } = this.wordsOf(row);
    this.layout.unpack(rows, start, ids);
    return ids;
  }

  /** Where the words of a row are. Cost: a look into a file, where the rows are on disk. */
  wordsOf(row: number): RowWords {
    return this.#rows.wordsOf(row);
  }

  /** Whether there is a row of a state: not where only its fingerprint is kept. */
  hasRow(row: number): boolean {
    return row >= this.#rows.first;
  }

  /** Whether a state may be one of which there is no row any more: now and then others may be it, too. */
  mayBe(row: number, state: RecordValue): boolean {
    const fingerprints = this.#fingerprints as FingerprintStore;
    return this.withRoom(() => {
      const words = new Int32Array(this.layout.words);
      this.layout.write(this.#encode(state), words, 0);
      return fingerprints.mayBe(row, words, 0);
    });
  }

  /** The row from which a row was first reached; -1 for an initial state. */
  parentOf(row: number): number {
    return this.#rows.parentOf(row);
  }
}

/**
 * Whether steps may be left out that lead to states found anyway: not where other states or steps are left out, which
 * those may be that they would be found by; nor where a step is completed by what commutes with nothing.
 */
function mayReduce({ numbers: { constraint, actionConstraint, afterEach } }: LearnedSystem): boolean {
  return constraint === undefined && actionConstraint === undefined && afterEach === undefined;
}
