/**
 * The successors of a state: one row in, a batch of rows out.
 *
 * For each group of the row, the list of what its tuple leaves open is walked to the leaves of the enabled steps; then
 * each leaf patches a copy of the row. Where the spec has an `afterEach` or an action constraint, and for actions that are
 * called directly, the successor's group numbers are kept beside the row, and what completes or refuses the step is walked
 * on the pair of states.
 *
 * For engines beside the search: {@link Successors.expandAll} appends every step to a batch. `rows` holds the states that
 * they lead to, equal ones and the state itself included; `parents` tells the steps that an action constraint refuses
 * ({@link refusedStep}); and `leaves` tells the action: of a leaf above 0, `relation.leaf(leaf).routine`; of another,
 * `-1 - leaf`. Actions are numbered as in the spec. What was picked, only the reference semantics can tell: among the
 * steps that it gives for the decoded state is one that leads to the successor.
 */
import { Agenda } from './agenda.ts';
import type { Batch } from './batch.ts';
import type { CanonicalForm } from './canonical-form.ts';
import type { StepChoice } from './step-choice.ts';
import { idOf, isLeaf, isPlace, nothing, unknown } from './code.ts';
import { countLeaves, leavesOf } from './code-lists.ts';
import { IntList } from './int-tables.ts';
import type { Kernel } from './kernel/kernel.ts';
import type { DirectRoutine } from './learner.ts';
import { spareGroups } from './layout.ts';
import type { Relation } from './relation.ts';
import { RowWriter } from './row-writer.ts';
import type { SleepSets } from './sleep-sets.ts';
import { StepCounts } from './step-counts.ts';
import { StepJudge } from './step-judge.ts';
import type { Watch } from './watch.ts';

/** The parent of a successor that the action constraint refused is stored as this, minus the parent. */
export const refusedStep = -2;

/** The numbers of the routines that judge or complete a step, in the forest. */
export interface StepRoutines {
  readonly actions: readonly number[];
  readonly afterEach: number | undefined;
  readonly actionConstraint: number | undefined;
  readonly transitionInvariants: readonly number[];
}

/** A routine that completes steps, and where it begins for one version of the layout. */
interface Completion {
  readonly routine: number;
  version: number;
  codes: readonly number[];
}

function completion(routine: number | undefined): Completion | undefined {
  return routine === undefined ? undefined : { routine, version: -1, codes: [] };
}

export class Successors {
  readonly relation: Relation;
  /** Judges every enabled step; undefined where the spec has no transition invariants. */
  readonly judge: StepJudge | undefined;
  /** Which steps the search need not follow; undefined where it follows all. */
  sleep: SleepSets | undefined;

  readonly #routines: StepRoutines;
  readonly #writer: RowWriter;
  /** Whether steps are completed or refused by looking at both of their states. */
  readonly #completes: boolean;
  #ids: Int32Array;
  #after: Int32Array;
  #version = -1;
  /** Where the actions begin. */
  #agenda: Agenda | undefined;
  readonly #afterEach: Completion | undefined;
  readonly #constraint: Completion | undefined;
  #direct: DirectRoutine[] = [];
  /** What the row's enabled steps were found behind: codes of leaves and of lists. */
  readonly #codes = new IntList();
  /** The leaves of the steps to follow. */
  readonly #leaves = new IntList();
  /** The steps of direct actions from the row, by action. */
  readonly #called: number[] = [];
  readonly #taken: StepCounts;
  /** How often each list of codes was met since {@link taken} was last asked for. */
  #met = new Float64Array(256);
  /** Enabled steps that were not followed, because they slept. */
  skipped = 0;
  /** Where not all steps need be followed: the choice, and whether a successor in a batch is yet to be expanded. */
  choice: { readonly steps: StepChoice; readonly isOpen: (batch: Batch, k: number) => boolean } | undefined;
  /** Where states count as one, successors are replaced by the representatives of their classes. */
  form: CanonicalForm | undefined;
  /** Expands rows too, and counts their steps. */
  kernel: Kernel | undefined;
  #judging: StepJudge | undefined;
  #parent = 0;
  #batch: Batch | undefined;

  /**
   * @param watch - the transition invariants
   * @param taken - goes on counting the enabled steps
   */
  constructor(relation: Relation, routines: StepRoutines, watch: Watch, taken: StepCounts) {
    this.relation = relation;
    this.#routines = routines;
    this.#taken = taken;
    this.#completes = routines.afterEach !== undefined || routines.actionConstraint !== undefined;
    this.#afterEach = completion(routines.afterEach);
    this.#constraint = completion(routines.actionConstraint);
    this.judge = routines.transitionInvariants.length > 0 ? new StepJudge(relation, watch) : undefined;
    this.#writer = new RowWriter(relation);
    this.#ids = relation.layout.newIds();
    this.#after = relation.layout.newIds();
  }

  /**
   * Appends to a batch the successors of a row that a search must look up; judges and counts all of its steps.
   *
   * Left out are the row itself, successors that were appended of late, and those by steps that sleep.
   *
   * @returns the number of enabled steps
   * @throws RowsOutgrown where the rows must be packed anew; the batch then holds some of the successors
   * @throws SpecError from user code
   */
  expand(rows: Int32Array, start: number, parent: number, batch: Batch): number {
    this.#gatherAll(rows, start, parent, batch);
    const codes = this.#codes;
    const leaves = this.#leaves;
    const { relation, sleep, judge } = this;
    const first = batch.count;
    this.#judging = judge;
    const enabled = countLeaves(relation.lists, codes);
    if (sleep === undefined) leavesOf(relation.lists, codes, leaves);
    else sleep.sift(relation, codes, leaves);
    if (this.#completes) this.#emitCompleted();
    else if (this.choice !== undefined && this.#direct.length === 0 && this.#emitSome(rows, start, parent, batch)) {
      this.#count();
      return enabled;
    } else if (enabled > 0) {
      if (judge !== undefined) judge.judge(codes, parent);
      this.#writer.write(leaves, rows, start, parent, batch, false);
    }
    const called = this.#direct.length === 0 ? 0 : this.#runAllDirect();
    this.form?.replace(batch, first);
    this.skipped += enabled - leaves.length;
    this.#count();
    return enabled + called;
  }

  /** Appends the successors by some steps that are enough; returns whether there are such steps. */
  #emitSome(rows: Int32Array, start: number, parent: number, batch: Batch): boolean {
    const { steps, isOpen } = this.choice!;
    const leaves = this.#leaves;
    const first = batch.count;
    for (const some of steps.candidates(leaves, this.#ids, this.relation)) {
      this.#writer.write(some, rows, start, parent, batch, true);
      for (let k = first; k < batch.count; k++) {
        if (!isOpen(batch, k)) continue;
        this.skipped += leaves.length - some.length;
        return true;
      }
      batch.count = first;
    }
    return false;
  }

  /**
   * Appends every successor of a row to a batch; no step is counted.
   *
   * @param judges - whether steps that fail a transition invariant are noted
   */
  expandAll(rows: Int32Array, start: number, parent: number, batch: Batch, judges: boolean): void {
    this.#gatherAll(rows, start, parent, batch);
    leavesOf(this.relation.lists, this.#codes, this.#leaves);
    this.#judging = judges ? this.judge : undefined;
    if (this.#completes) this.#emitCompleted();
    else {
      this.#judging?.judge(this.#codes, parent);
      this.#writer.write(this.#leaves, rows, start, parent, batch, true);
    }
    this.#runAllDirect();
    this.#called.length = 0;
  }

  /**
   * What the actions leave open, where that is all that there is to a step; undefined where a step is completed, refused,
   * called directly, left out, or led elsewhere, and where it is not known for the present version of the layout.
   */
  get agenda(): Agenda | undefined {
    const isMore = this.#completes || this.#direct.length > 0 || this.choice !== undefined || this.form !== undefined;
    return isMore || this.#version !== this.relation.layout.version ? undefined : this.#agenda;
  }

  /** How often each step was taken, those that slept included. */
  get taken(): StepCounts {
    this.kernel?.harvest();
    const { lists } = this.relation;
    const met = this.#met;
    for (let offset = 0; offset < met.length; offset++) {
      const times = met[offset] as number;
      if (times === 0) continue;
      for (let i = 1; i <= (lists[offset] as number); i++) this.#taken.add(lists[offset + 1 + i] as number, times);
    }
    met.fill(0);
    return this.#taken;
  }

  /** Counts steps that were taken elsewhere. */
  addTaken(leaf: number, times: number): void {
    this.#taken.add(leaf, times);
  }

  /** Forgets the successors of late: some were not stored, or rows are packed in another way now. */
  forget(): void {
    this.#writer.forget();
    this.kernel?.forget();
  }

  /** Finds the codes of all enabled steps of a row. */
  #gatherAll(rows: Int32Array, start: number, parent: number, batch: Batch): void {
    const { relation } = this;
    const { layout } = relation;
    layout.unpack(rows, start, this.#ids);
    relation.lookAt(this.#ids, this.#after);
    this.#parent = parent;
    this.#batch = batch;
    if (this.#version !== layout.version) this.#begin(rows, start);
    if (this.judge !== undefined) this.#after.set(this.#ids);
    const ids = this.#ids;
    const agenda = this.#agenda as Agenda;
    const { groups, tables, always } = agenda;
    this.#codes.length = 0;
    for (let i = 0; i < groups.length; i++) {
      const id = ids[groups[i] as number] as number;
      const table = tables[i] as Int32Array;
      let code = id < table.length ? (table[id] as number) : unknown;
      if (code === unknown) code = agenda.workOut(i, id);
      if (code !== nothing) this.#gather(code);
    }
    for (let i = 0; i < always.length; i++) this.#gather(always[i] as number);
  }

  /** Walks from a code to its leaves. */
  #gather(start: number): void {
    const { relation } = this;
    let code = start;
    while (isPlace(code)) code = relation.stepFrom(idOf(code));
    if (code === nothing) return;
    if (isLeaf(code)) {
      this.#codes.push(code);
      return;
    }
    const offset = idOf(code);
    let { lists } = relation;
    const leaves = lists[offset] as number;
    if (leaves > 0) this.#codes.push(code);
    for (let i = offset + 2 + leaves, end = i + (lists[offset + 1] as number); i < end; i++) {
      this.#gather(lists[i] as number);
      ({ lists } = relation);
    }
  }

  /** Counts the steps of the row that was expanded. */
  #count(): void {
    const codes = this.#codes;
    for (let i = 0; i < codes.length; i++) {
      const code = codes.at(i);
      const offset = idOf(code);
      if (isLeaf(code)) this.#taken.add(offset, 1);
      else {
        if (offset >= this.#met.length) this.#met = grownCounts(this.#met, offset + 1);
        this.#met[offset] = (this.#met[offset] as number) + 1;
      }
    }
    if (this.#called.length === 0) return;
    for (const routine of this.#called) this.#taken.add(-1 - routine, 1);
    this.#called.length = 0;
  }

  /** Finds where the actions begin, for the present version of the layout. Cost: negligible, and rare. */
  #begin(rows: Int32Array, start: number): void {
    const { relation } = this;
    const { layout, learner } = relation;
    if (this.#ids.length < layout.groups.length + spareGroups / 2) {
      this.#ids = layout.newIds();
      this.#after = layout.newIds();
      layout.unpack(rows, start, this.#ids);
      relation.lookAt(this.#ids, this.#after);
    }
    const codes: number[] = [];
    this.#direct = [];
    for (const action of this.#routines.actions) {
      const direct = learner.direct(action);
      if (direct === undefined) codes.push(...relation.rootsOf(action).map(({ code }) => code));
      else this.#direct.push(direct);
    }
    this.#agenda = new Agenda(relation, codes);
    this.#version = layout.version;
  }

  /** The places where what completes a step begins: found on a step, since standing still need not be one. */
  #placesOf(part: Completion | undefined): readonly number[] {
    if (part === undefined) return [];
    const { relation } = this;
    if (part.version !== relation.layout.version) {
      part.codes = relation.rootsOf(part.routine).map(({ code }) => code);
      part.version = relation.layout.version;
    }
    return part.codes;
  }

  /** Appends the successors that the leaves make, for specs with an `afterEach` or an action constraint. */
  #emitCompleted(): void {
    const leaves = this.#leaves;
    for (let j = 0; j < leaves.length; j++) {
      this.#after.set(this.#ids);
      this.#apply(leaves.at(j));
      this.#finish(leaves.at(j));
    }
  }

  /** Completes the step to `#after` with `afterEach`, judges it, and appends it. */
  #finish(leaf: number): void {
    const { relation } = this;
    let tail = 0;
    for (const code of this.#placesOf(this.#afterEach)) {
      relation.walk(code, (id) => {
        tail = id;
      });
    }
    if (tail !== 0) this.#apply(tail);
    const batch = this.#batch as Batch;
    const refused = this.#placesOf(this.#constraint).some((code) => relation.failure(code) !== 0);
    this.#judging?.judgeCompleted(leaf, this.#parent);
    relation.layout.write(this.#after, batch.rows, batch.count * relation.layout.words);
    batch.add(refused ? refusedStep - this.#parent : this.#parent, leaf, tail);
  }

  #apply(leaf: number): void {
    const { effects } = this.relation;
    effects.apply(effects.startOf(leaf, this.relation.leaf(leaf).effects), this.#after);
  }

  /** Runs the actions that are called directly; returns how many steps they have. */
  #runAllDirect(): number {
    this.#called.length = 0;
    for (const routine of this.#direct) this.#runDirect(routine);
    return this.#called.length;
  }

  /** Runs an action that is not learned: user code for every choice. */
  #runDirect({ routine, failure }: DirectRoutine): void {
    const { relation } = this;
    relation.learner.runDirect({ routine, failure }, this.#ids, (effects) => {
      this.#after.set(this.#ids);
      relation.effects.applyOnce(effects, this.#after);
      this.#called.push(routine);
      this.#finish(-1 - routine);
    });
  }
}

function grownCounts(counts: Float64Array, length: number): Float64Array<ArrayBuffer> {
  const longer = new Float64Array(Math.max(length, 2 * counts.length));
  longer.set(counts);
  return longer;
}
