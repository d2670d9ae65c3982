/**
 * One breadth-first search over packed rows: the integers of a check.
 *
 * Rows are expanded in order ({@link RowExpansion}); their successors are looked up, stored and judged many at once
 * ({@link Arrivals}); where the rows are is a matter of its own ({@link KeptRows}). A search holds the three together: it
 * knows levels, and changes the form of rows. Everything that needs a decision (what to report, when to stop, how to plan)
 * is the caller's: a search only counts, stores, and notes what fails.
 */
import { BivalentError } from '../core/index.ts';
import {
  RowsOutgrown,
  type Batch,
  type Classes,
  type StepCounts,
  type Compiled,
  type FingerprintForm,
  type Layout,
  type LearnedSystem,
  type SleepOutline,
  type StepChoice,
} from '../transition/index.ts';
import { Arrivals } from './arrivals.ts';
import { bytesOf, readPart, type CheckpointSource, type Facts } from './checkpoint.ts';
import { KeptRows } from './kept-rows.ts';
import type { Limits } from './options.ts';
import type { FingerprintStore } from './fingerprint/fingerprint-store.ts';
import { carryRows, repackRows } from './row-conversion.ts';
import { RowExpansion, usualCompiledFrom } from './row-expansion.ts';
import type { Finding } from './row-judge.ts';
import type { Disk } from './spill/spilled-rows.ts';
import type { StateStore } from './state-store.ts';
import type { StoredRows } from './stored-rows.ts';
import { mayReduce, skippingPays, SleepRows } from './sleep-rows.ts';
import { equal, type RecordValue } from '../value/index.ts';

/** Rows whose successors are looked up together, at most. */
export const mostBatchRows = 512;
/** A compiled loop takes a megabyte and more for itself: with less memory than this, that is better left to states. */
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

/** A search from the initial states on, in one form of rows after another. */
export class RowSearch {
  compiled: Compiled;
  /** Whether states without steps are judged. */
  readonly checksDeadlock: boolean;
  /** Where the rows are. */
  readonly kept: KeptRows;
  /** What stores and judges new states. */
  readonly arrivals: Arrivals;
  /** What expands rows. */
  readonly expansion: RowExpansion;
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
  readonly #classes: Classes | undefined;
  readonly #choice: StepChoice | undefined;

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
    this.checksDeadlock = deadlock;
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
    this.kept = new KeptRows(layout.words, anyOrder);
    const wholly = classes !== undefined;
    this.arrivals = new Arrivals(learned, this.compiled, this.kept, { limits, deadlock, wholly });
    if (taken !== undefined && classes === undefined && choice === undefined && mayReduce(learned)) {
      this.kept.sleep = new SleepRows(learned.sleepSets(taken));
    }
    this.compiled.successors.sleep = this.kept.sleep?.sets;
    const hasRoom = (limits.memoryBytes ?? Infinity) >= leastCompiledMemory;
    const mayCompile = hasRoom && classes === undefined && choice === undefined && !anyOrder;
    const from = mayCompile ? compiledFrom : Infinity;
    this.expansion = new RowExpansion(this.compiled, this.kept, this.arrivals, from, () => this.repack());
  }

  get #rows(): StoredRows {
    return this.kept.rows;
  }

  /** The rows in memory, as {@link KeptRows.store}. */
  get store(): StateStore {
    return this.kept.store;
  }

  /** As {@link RowExpansion.cursor}. */
  get cursor(): number {
    return this.expansion.cursor;
  }

  /** As {@link RowExpansion.generated}. */
  get generated(): number {
    return this.expansion.generated;
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

  /** Rows of states in which a transition invariant may not allow to stand still. */
  get restless(): Set<number> {
    return this.compiled.successors.judge?.restless ?? new Set();
  }

  /** Whether a routine of the system judges steps. */
  judgesSteps(routine: number): boolean {
    return this.#learned.numbers.transitionInvariants.includes(routine);
  }

  /** How many distinct states there are. */
  get count(): number {
    return this.#rows.count;
  }

  get frontier(): number {
    return this.count - this.cursor;
  }

  get bytes(): number {
    return this.kept.bytes + this.compiled.bytes;
  }

  /** How often each step was taken. */
  get taken(): StepCounts {
    return this.compiled.successors.taken;
  }

  /** How many steps were not followed. */
  get skipped(): number {
    return this.compiled.successors.skipped;
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
    for (const state of this.#learned.system.initialStates) this.expansion.addInitial(this.#encode(state));
    this.expansion.flush();
    // `init` may give a state more than once; each time counts as generated.
    this.expansion.generated = this.#learned.system.initialCount;
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
    this.expansion.cursor = cursor;
    this.levelEnd = levelEnd;
    this.expansion.generated = generated;
    this.compiled.successors.skipped = skipped;
    this.kept.sleep?.restore(cursor, rows, new Int32Array(readPart(source, 'asleep').buffer));
    this.taken.direct.push(...taken);
    this.fresh.direct.push(...fresh);
    for (const row of new Int32Array(readPart(source, 'restless').buffer)) this.restless.add(row);
    this.#judgeSkipping();
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
    this.expansion.expandUntil(this.endOfBatch(this.cursor));
    if (this.cursor === this.levelEnd || this.arrivals.mayBeTooMany) this.settleGathered();
  }

  /** Stores and judges those of the successors that gathered that are new, where the rows are on disk. */
  settleGathered(): void {
    this.arrivals.settleGathered();
  }

  /** As {@link KeptRows.spill}. */
  spill(disk: Disk, memoryBytes: number): string | undefined {
    const failure = this.kept.spill(disk, memoryBytes);
    this.#noteFull();
    return failure;
  }

  /** Notes why no further state can be stored on disk. */
  #noteFull(): void {
    this.arrivals.full ??= this.kept.spilled?.full;
  }

  /** As {@link KeptRows.keepFingerprints}. */
  keepFingerprints(form: FingerprintForm): void {
    this.kept.keepFingerprints(this.layout, this.cursor, form);
    this.form = {};
  }

  /** Makes do with less memory, where the rows are on disk; returns whether that is possible. */
  fit(memoryBytes: number): boolean {
    this.settleGathered();
    return this.kept.spilled?.fit(memoryBytes) ?? false;
  }

  /**
   * Whether it is known of new states which transition invariants allow to stand still in them. Where it is not, it will
   * be after the next step that is judged here.
   */
  get knowsStandingStill(): boolean {
    const { successors, standingStill } = this.compiled;
    return successors.judge === undefined || standingStill.isCurrent(this.layout.version);
  }

  /** The next level begins: no row before the cursor is expanded again. */
  endLevel(): void {
    this.levelEnd = this.count;
    this.kept.drop(this.cursor);
    if (this.#rows !== this.store) {
      for (const row of this.restless) if (row < this.cursor) this.restless.delete(row);
    }
    this.#judgeSkipping();
  }

  /** Follows every step from now on, if what was skipped so far does not pay for finding out what to skip. */
  #judgeSkipping(): void {
    if (this.kept.sleep === undefined || skippingPays(this)) return;
    this.kept.sleep = undefined;
    this.compiled.successors.sleep = undefined;
    this.expansion.renew();
    this.form = {};
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
    this.expansion.use(this.compiled);
    this.compiled.successors.sleep = sleep;
    this.compiled.successors.skipped = skipped;
    this.#equip();
    for (const row of restless) this.restless.add(row);
  }

  /** Gives every group a wider field, and packs all rows anew. */
  repack(): void {
    this.settleGathered();
    repackRows(this.#rows, this.layout);
    this.#noteFull();
    this.form = {};
    this.expansion.renew();
    this.compiled.successors.forget();
  }

  /** Carries all rows over to another layout. */
  replan(layout: Layout): void {
    const done = carryRows(this.#rows, this.compiled, layout);
    this.#noteFull();
    if (!done) return;
    this.kept.fingerprints?.use(layout);
    this.form = {};
    this.#recompile(layout);
    this.expansion.renew();
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
    return this.kept.idsOf(row, this.layout);
  }

  /** Whether a state may be one of which there is no row any more: now and then others may be it, too. */
  mayBe(row: number, state: RecordValue): boolean {
    const fingerprints = this.kept.fingerprints as FingerprintStore;
    return this.withRoom(() => {
      const words = new Int32Array(this.layout.words);
      this.layout.write(this.#encode(state), words, 0);
      return fingerprints.mayBe(row, words, 0);
    });
  }
}
