/**
 * The successors of a state: one row in, a batch of rows out. This is the hot loop.
 *
 * For each group of the row, the list of actions that its tuple leaves open is walked; a leaf's deltas patch a copy of
 * the row. Where the spec has an `afterEach`, an action constraint or transition invariants, the successor's group
 * numbers are kept beside the row and those functions, learned too, are walked on the pair of states.
 */
import { idOf, isLeaf, isPlace, nothing, unknown } from './code.ts';
import { Agenda } from './agenda.ts';
import type { Relation } from './relation.ts';
import { mix, type Batch } from './batch.ts';
import { IntList } from './int-tables.ts';
import type { Watch } from './watch.ts';
import type { DirectRoutine } from './learner.ts';

/** The parent of a successor that the action constraint refused is stored as this, minus the parent. */
export const refusedStep = -2;

/** Room for groups that are added while one row is expanded; their entries are absent, number 0, in that row. */
const spareGroups = 64;

/** How many successors are remembered: few enough to stay in the processor's cache. A power of two. */
const recentRows = 1 << 14;

/** The numbers of the routines that judge or complete a step, in the forest. */
export interface StepRoutines {
  readonly actions: readonly number[];
  readonly afterEach: number | undefined;
  readonly actionConstraint: number | undefined;
  readonly transitionInvariants: readonly number[];
}

/** A step that fails a transition invariant. */
export interface FailedStep {
  readonly routine: number;
  readonly parent: number;
  /** The leaf of its action, or -1 minus the number of an action that is called directly. */
  readonly leaf: number;
  /** The group numbers of the state that it leads to. */
  readonly ids: Int32Array;
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
  readonly failedSteps: FailedStep[] = [];
  /** Rows of states in which a transition invariant does not allow to stand still, or may not. */
  readonly restless = new Set<number>();

  readonly #routines: StepRoutines;
  /** Whether steps are completed or refused by looking at both of their states. */
  readonly #completes: boolean;
  /** The transition invariants; undefined where the spec has none. */
  readonly #watch: Watch | undefined;
  #ids: Int32Array;
  #after: Int32Array;
  #version = -1;
  /** Where the actions begin. */
  #agenda: Agenda | undefined;
  readonly #afterEach: Completion | undefined;
  readonly #constraint: Completion | undefined;
  #direct: DirectRoutine[] = [];
  /** The leaves of the row's steps that are still to be emitted, and where the deltas of each begin. */
  readonly #pending = new IntList();
  readonly #starts: number[] = [];

  /**
   * Successors of late, by their hash: rows and the parents that gave them. Neighbouring states share successors, and
   * what is found here need not be looked up in the large table. A successor that the same parent gave already is not
   * taken from here, since of two such steps the earlier in the order of the spec counts.
   */
  #recent: Int32Array<ArrayBuffer>;
  readonly #recentParents = new Int32Array(recentRows).fill(-1);
  /** Whether successors of late are used; audits look at all successors of a row. */
  remembers = true;

  #row: Int32Array = new Int32Array(0);
  #start = 0;
  #parent = 0;
  #restful = false;
  #batch: Batch | undefined;

  /**
   * @param watch - the transition invariants
   */
  constructor(relation: Relation, routines: StepRoutines, watch: Watch) {
    this.relation = relation;
    this.#routines = routines;
    this.#completes = routines.afterEach !== undefined || routines.actionConstraint !== undefined;
    this.#afterEach = completion(routines.afterEach);
    this.#constraint = completion(routines.actionConstraint);
    this.#watch = routines.transitionInvariants.length > 0 ? watch : undefined;
    this.#recent = new Int32Array(recentRows * relation.layout.words);
    this.#ids = new Int32Array(relation.layout.groups.length + spareGroups);
    this.#after = new Int32Array(this.#ids.length);
  }

  /**
   * Appends the successors of a row to a batch.
   *
   * @returns the number of enabled steps
   * @throws RowsOutgrown where the rows must be packed anew; the batch then holds some of the successors
   * @throws SpecError from user code
   */
  expand(rows: Int32Array, start: number, parent: number, batch: Batch): number {
    const { relation } = this;
    const { layout } = relation;
    const ids = this.#ids;
    layout.unpack(rows, start, ids);
    relation.before = ids;
    relation.after = this.#after;
    if (this.#watch !== undefined) {
      this.#after.set(ids);
      this.#restful = !this.restless.has(parent);
    }
    this.#row = rows;
    this.#start = start;
    this.#parent = parent;
    this.#batch = batch;
    if (this.#version !== layout.version) this.#begin();
    const first = batch.steps;
    const agenda = this.#agenda as Agenda;
    const { groups, tables } = agenda;
    const pending = this.#pending;
    pending.length = 0;
    for (let i = 0; i < groups.length; i++) {
      const id = this.#ids[groups[i] as number] as number;
      const table = tables[i] as Int32Array;
      let code = id < table.length ? (table[id] as number) : unknown;
      if (code === unknown) code = agenda.workOut(i, id);
      if (code !== nothing) this.#run(code);
    }
    for (const code of agenda.always) this.#run(code);
    if (pending.length > 0) this.#emitPending();
    for (const routine of this.#direct) this.#runDirect(routine);
    return batch.steps - first;
  }

  /** Forgets the successors of late: some were not stored, or rows are packed in another way now. */
  forget(): void {
    this.#recent = new Int32Array(recentRows * this.relation.layout.words);
    this.#recentParents.fill(-1);
  }

  /** Finds where the actions begin, for the present version of the layout. Cost: negligible, and rare. */
  #begin(): void {
    const { relation } = this;
    const { layout, learner } = relation;
    if (this.#ids.length < layout.groups.length + spareGroups / 2) {
      const ids = new Int32Array(layout.groups.length + spareGroups);
      layout.unpack(this.#row, this.#start, ids);
      this.#ids = ids;
      this.#after = new Int32Array(ids.length);
      relation.before = ids;
      relation.after = this.#after;
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

  /** Walks from a code to its leaves, and completes the step of each or adds it to those to emit. */
  #run(start: number): void {
    const { relation } = this;
    let code = start;
    while (isPlace(code)) code = relation.stepFrom(idOf(code));
    if (code === nothing) return;
    if (isLeaf(code)) {
      if (this.#completes) this.#emitCompleted(idOf(code));
      else this.#pending.push(idOf(code));
      return;
    }
    const offset = idOf(code);
    const lists = relation.lists;
    const end = offset + (lists[offset] as number);
    for (let i = offset + 1; i <= end; i++) this.#run(lists[i] as number);
  }

  /** Appends the successors that the pending leaves make: copies of the row with the changed groups' fields replaced. */
  #emitPending(): void {
    const { relation } = this;
    const { effects, layout } = relation;
    const pending = this.#pending;
    // What is read below is not, while compiling a leaf may still add an entry or a group to the layout.
    for (let j = 0; j < pending.length; j++) {
      const leaf = pending.at(j);
      const known = leaf < effects.starts.length ? (effects.starts[leaf] as number) : 0;
      this.#starts[j] = known === 0 ? effects.startOf(leaf, relation.leaf(leaf).effects) : known;
    }
    const batch = this.#batch as Batch;
    while (batch.count + pending.length >= batch.capacity) batch.grow();
    const { rows, hashes, parents, leaves } = batch;
    const { words, fieldShift, fieldMax, fieldWord } = layout;
    const pool = effects.pool.items;
    const groups = effects.groups.items;
    const row = this.#row;
    const start = this.#start;
    const ids = this.#ids;
    let { cells } = effects;
    let bases = effects.bases.items;
    let lengths = effects.lengths.items;
    let k = batch.count;
    const idle = batch.idle.length;
    const repeated = batch.repeated.length;
    const { remembers } = this;
    for (let j = 0; j < pending.length; j++) {
      const at = k * words;
      let changes = 0;
      for (let w = 0; w < words; w++) rows[at + w] = row[start + w] as number;
      const from = this.#starts[j] as number;
      for (let i = from + 1, end = from + (pool[from] as number); i <= end; i++) {
        const delta = pool[i] as number;
        const group = groups[delta] as number;
        const id = ids[group] as number;
        let next = id < (lengths[delta] as number) ? (cells[(bases[delta] as number) + id] as number) : 0;
        if (next === 0) {
          next = effects.next(delta, id) + 1;
          cells = effects.cells;
          bases = effects.bases.items;
          lengths = effects.lengths.items;
        }
        changes |= next - 1 - id;
        const shift = fieldShift[group] as number;
        const word = at + (fieldWord[group] as number);
        rows[word] = ((rows[word] as number) & ~((fieldMax[group] as number) << shift)) | ((next - 1) << shift);
      }
      if (changes === 0) {
        batch.idle.push(pending.at(j));
        continue;
      }
      let hash = 0;
      for (let w = 0; w < words; w++) hash = mix(hash, rows[at + w] as number);
      if (remembers && this.#isRepeated(hash, rows, at, words)) {
        batch.repeated.push(pending.at(j));
        continue;
      }
      hashes[k] = hash;
      parents[k] = this.#parent;
      leaves[k] = pending.at(j);
      k++;
    }
    const first = batch.count;
    batch.count = k;
    if (this.#watch !== undefined) this.#judgeSteps(first, idle, repeated, this.#watch);
  }

  /** Whether another parent gave this row a moment ago; if not, it is remembered. */
  #isRepeated(hash: number, rows: Int32Array, at: number, words: number): boolean {
    const recent = this.#recent;
    const entry = hash & (recentRows - 1);
    const from = entry * words;
    const parent = this.#recentParents[entry] as number;
    let w = 0;
    while (w < words && recent[from + w] === rows[at + w]) w++;
    if (w === words && parent >= 0) return parent !== this.#parent;
    for (w = 0; w < words; w++) recent[from + w] = rows[at + w] as number;
    this.#recentParents[entry] = this.#parent;
    return false;
  }

  /** Judges the steps that were just emitted; where standing still is known to be allowed, only those that are not. */
  #judgeSteps(first: number, idle: number, repeated: number, watch: Watch): void {
    const batch = this.#batch as Batch;
    const before = this.#ids;
    const restful = this.#restful && watch.isCurrent(this.relation.layout.version);
    for (let k = first; k < batch.count; k++) {
      const leaf = batch.leaves[k] as number;
      if (!restful || watch.mayBreak(leaf, before)) this.#judgeStep(leaf, watch);
    }
    for (let i = repeated; i < batch.repeated.length; i++) {
      const leaf = batch.repeated.at(i);
      if (!restful || watch.mayBreak(leaf, before)) this.#judgeStep(leaf, watch);
    }
    if (restful) return;
    for (let i = idle; i < batch.idle.length; i++) this.#judgeStep(batch.idle.at(i), watch);
  }

  /**
   * Judges a step by the transition invariants that it can break.
   *
   * One that reads nothing that the step wrote says of the step what it says of standing still in its first state. That
   * it was found to allow, unless the row is in {@link restless}.
   */
  #judgeStep(leaf: number, watch: Watch): void {
    const { relation } = this;
    const { version } = relation.layout;
    const restful = this.#restful && watch.isCurrent(version);
    this.#apply(leaf, this.#after);
    this.#judge(watch, leaf, () => (restful ? watch.after(leaf, relation.leaf(leaf)) : watch.all));
    this.#unapply(leaf);
  }

  /** Notes the step at hand if it fails one of some transition invariants. */
  #judge(watch: Watch, leaf: number, some: () => Agenda): void {
    const { relation } = this;
    let failed: number;
    try {
      watch.refresh(relation.layout.version, relation);
      failed = some().failure();
    } catch (error) {
      failed = watch.failureDespite(error, relation);
    }
    if (failed !== 0) this.#noteFailure(failed, leaf);
  }

  /** Makes the groups that a leaf changes what they are in the state before the step again. */
  #unapply(leaf: number): void {
    const { effects } = this.relation;
    const from = effects.startOf(leaf, this.relation.leaf(leaf).effects);
    const pool = effects.pool.items;
    for (let end = from + (pool[from] as number), i = from + 1; i <= end; i++) {
      const group = effects.groups.at(pool[i] as number);
      this.#after[group] = this.#ids[group] as number;
    }
  }

  #noteFailure(failed: number, leaf: number): void {
    const { routine } = this.relation.leaf(failed);
    this.failedSteps.push({ routine, parent: this.#parent, leaf, ids: this.#after.slice() });
  }

  /** Appends the successor that a leaf makes, for specs with an `afterEach` or an action constraint. */
  #emitCompleted(leaf: number): void {
    const after = this.#after;
    after.set(this.#ids);
    this.#apply(leaf, after);
    this.#finish(leaf);
  }

  /** Completes the step to `#after` with `afterEach`, judges it, and appends it. */
  #finish(leaf: number): void {
    const { relation } = this;
    const after = this.#after;
    let tail = 0;
    for (const code of this.#placesOf(this.#afterEach)) {
      relation.walk(code, (id) => {
        tail = id;
      });
    }
    if (tail !== 0) this.#apply(tail, after);
    const batch = this.#batch as Batch;
    const refused = this.#placesOf(this.#constraint).some((code) => relation.failure(code) !== 0);
    const watch = this.#watch;
    if (watch !== undefined) this.#judge(watch, leaf, () => watch.all);
    relation.layout.write(after, batch.rows, batch.count * relation.layout.words);
    batch.add(refused ? refusedStep - this.#parent : this.#parent, leaf, tail);
  }

  #apply(leaf: number, ids: Int32Array): void {
    const { effects } = this.relation;
    const from = effects.startOf(leaf, this.relation.leaf(leaf).effects);
    const pool = effects.pool.items;
    for (let end = from + (pool[from] as number), i = from + 1; i <= end; i++) {
      const delta = pool[i] as number;
      const group = effects.groups.at(delta);
      ids[group] = effects.after(delta, ids[group] as number);
    }
  }

  /** Runs an action that is not learned: user code for every choice. */
  #runDirect(routine: DirectRoutine): void {
    const { relation } = this;
    relation.learner.runDirect(routine, this.#ids, (effects) => {
      this.#after.set(this.#ids);
      relation.effects.applyOnce(effects, this.#after);
      this.#finish(-1 - routine.routine);
    });
  }
}
