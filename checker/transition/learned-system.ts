/**
 * A system with what has been learned of it, and how its states are stored: what engines work on.
 *
 * What is learned (the forest, the interned values) stays when the layout is replaced; the compiled tables do not.
 */
import { BivalentError } from '../core/index.ts';
import type { System } from '../spec/index.ts';
import type { RecordValue } from '../value/index.ts';
import type { TupleTable } from './int-tables.ts';
import { Ask } from './query.ts';
import { Layout, RowsOutgrown, type Plan } from './layout.ts';
import { Learner } from './learner.ts';
import { firstPlan } from './planner.ts';
import { Relation } from './relation.ts';
import { SleepSets } from './sleep-sets.ts';
import type { SleepOutline } from './step-bits.ts';
import { StateShape } from './shape.ts';
import { StepCounts } from './step-counts.ts';
import { Successors, type StepRoutines } from './successors.ts';
import { ValueTable } from './value-table.ts';
import { Watch } from './watch.ts';

/** The routines of a system, as numbers. */
export interface RoutineNumbers extends StepRoutines {
  readonly constraint: number | undefined;
  readonly invariants: readonly number[];
  readonly terminated: number | undefined;
  /** What temporal properties speak of: engines that explore do not look at them. */
  readonly predicates: readonly number[];
}

export class LearnedSystem {
  readonly system: System;
  readonly shape: StateShape;
  readonly values: ValueTable;
  readonly learner: Learner;
  readonly numbers: RoutineNumbers;
  /** Paths of records and collections that are known to change shape. */
  readonly leaves: ReadonlySet<string>;

  /**
   * @param leaves - paths of records and collections that are known to change shape
   */
  constructor(system: System, leaves: ReadonlySet<string>) {
    this.system = system;
    this.leaves = leaves;
    this.shape = new StateShape(system.initialStates, leaves);
    this.values = new ValueTable();
    const routines = [
      ...system.actions,
      ...system.invariants,
      ...system.transitionInvariants,
      ...system.predicates,
      ...[system.afterEach, system.constraint, system.actionConstraint, system.terminated].filter(
        (r) => r !== undefined,
      ),
    ];
    const number = (routine: (typeof routines)[number]): number => routines.indexOf(routine);
    const optional = (routine: System['afterEach']): number | undefined => routine && number(routine);
    this.numbers = {
      actions: system.actions.map(number),
      invariants: system.invariants.map(number),
      transitionInvariants: system.transitionInvariants.map(number),
      predicates: system.predicates.map(number),
      afterEach: optional(system.afterEach),
      constraint: optional(system.constraint),
      actionConstraint: optional(system.actionConstraint),
      terminated: optional(system.terminated),
    };
    this.learner = new Learner(routines, this.shape, this.values);
  }

  /**
   * The system compiled for a layout.
   *
   * @param taken - goes on counting steps
   */
  compile(layout: Layout, taken = new StepCounts()): Compiled {
    return new Compiled(this, layout, taken);
  }

  /**
   * Sleep sets for the actions.
   *
   * @param plan - how often each leaf was taken so far, or the outline of sleep sets to copy
   */
  sleepSets(plan: ArrayLike<number> | SleepOutline): SleepSets {
    return new SleepSets(this.learner, this.values, this.numbers.actions.length, plan);
  }

  /** The layout to begin with. */
  firstLayout(): Layout {
    return new Layout(this.shape, this.values, firstPlan(this.shape.slots));
  }

  /** A layout without any atom, for `grow` to fill. */
  emptyLayout(spread: ReadonlySet<number>): Layout {
    return this.planned({ spread, groups: [] });
  }

  planned(plan: Plan): Layout {
    return new Layout(this.shape, this.values, plan);
  }
}

/** A learned system, compiled for one layout. */
export class Compiled {
  readonly learned: LearnedSystem;
  readonly layout: Layout;
  readonly relation: Relation;
  readonly successors: Successors;
  /** The invariants, and the constraint, with what each step may change about them. */
  readonly invariants: Watch;
  readonly constraint: Watch;
  /** The transition invariants. */
  readonly standingStill: Watch;

  constructor(learned: LearnedSystem, layout: Layout, taken: StepCounts) {
    const { learner, numbers, values } = learned;
    this.learned = learned;
    this.layout = layout;
    this.relation = new Relation(layout, learner);
    learner.answerWith(this.relation.answers);
    const watch = (routines: readonly number[], kind: 'states' | 'steps'): Watch =>
      new Watch(learner.forest, learner.queries, values, routines, kind);
    this.invariants = watch(numbers.invariants, 'states');
    this.constraint = watch(numbers.constraint === undefined ? [] : [numbers.constraint], 'states');
    this.standingStill = watch(numbers.transitionInvariants, 'steps');
    this.successors = new Successors(this.relation, numbers, this.standingStill, taken);
  }

  /** Points the predicates at a state, given by its group numbers, and says where they begin if that has changed. */
  look(ids: Int32Array): void {
    const { relation, layout } = this;
    relation.lookAt(ids, ids);
    this.invariants.refresh(layout.version, relation);
    this.constraint.refresh(layout.version, relation);
  }

  /**
   * Whether the transition invariants allow to stand still in a state, given by its group numbers, that was reached by
   * a step with this leaf from a state in which they do. Where that is not known, no.
   */
  allowsStandingStill(ids: Int32Array, leaf: number): boolean {
    const { standingStill, relation, layout } = this;
    if (!standingStill.isCurrent(layout.version)) return false;
    const agenda = leaf > 0 ? standingStill.after(leaf, relation.leaf(leaf)) : standingStill.all;
    if (agenda.isEmpty) return true;
    relation.lookAt(ids, ids);
    try {
      return agenda.failure() === 0;
    } catch (error) {
      // Standing still is not a step of the spec: user code that fails on it is asked about real steps only.
      if (error instanceof BivalentError) return false;
      throw error;
    }
  }

  /** Whether a state predicate holds in the state that was last looked at. */
  holds(routine: number): boolean {
    return this.relation.rootsOf(routine).every(({ code }) => this.relation.failure(code) === 0);
  }

  /** The state on which routines were run last. */
  get stateAtHand(): RecordValue {
    return this.layout.decode(this.relation.before);
  }

  decode(ids: Int32Array): RecordValue {
    return this.layout.decode(ids);
  }

  get bytes(): number {
    const { layout, relation, learned, successors } = this;
    const kernel = successors.kernel?.bytes ?? 0;
    return layout.bytes + relation.bytes + kernel + learned.values.bytes + learned.learner.forest.bytes;
  }
}

/**
 * Carries states from one layout to another: what it returns turns group numbers of the old into those of the new.
 *
 * Every atom of the new layout is an atom of the old one, or an entry of a collection that was one value before.
 * Tuples are interned without regard to fields, so the new layout has to be packed after the last state was carried.
 */
export function carry(from: Compiled, to: Layout): (ids: Int32Array, next: Int32Array) => void {
  const old = from.layout;
  const { queries } = from.learned.learner;
  for (const slot of to.spread) addEntries(from, to, slot);
  const groups = to.members.map((members, group) => {
    const atoms = members.map(([slot, key]) => {
      if (old.spread.has(slot) || key === 0) return { atom: old.atom(slot, key), query: -1 };
      return { atom: old.atom(slot, 0), query: queries.id(0, slot, Ask.entry, key) };
    });
    const sources = new Set(atoms.filter(({ atom }) => atom >= 0).map(({ atom }) => old.groupOfAtom(atom)));
    // What comes out of one group is found once for each of its tuples.
    const known = sources.size > 1 ? undefined : new Map<number, number>();
    return { table: to.groups[group] as TupleTable, atoms, source: [...sources][0] ?? 0, known };
  });
  const tuple = new Int32Array(4096);
  const carried = ({ table, atoms }: (typeof groups)[number], ids: Int32Array): number => {
    for (let i = 0; i < atoms.length; i++) {
      const { atom, query } = atoms[i] as (typeof atoms)[number];
      if (query >= 0) tuple[i] = from.relation.answers.answer(query, ids, ids);
      else tuple[i] = atom < 0 ? 0 : old.atomValue(atom, ids);
    }
    return table.intern(tuple);
  };
  return (ids, next) => {
    for (let g = 0; g < groups.length; g++) {
      const group = groups[g] as (typeof groups)[number];
      const id = ids[group.source] as number;
      const known = group.known?.get(id);
      next[g] = known ?? carried(group, ids);
      if (known === undefined) group.known?.set(id, next[g] as number);
    }
  };
}

/** Gives every entry that a state of the old layout can hold its atom in the new one. */
function addEntries(from: Compiled, to: Layout, slot: number): void {
  const keys = new Set<number>();
  const old = from.layout;
  if (old.spread.has(slot)) {
    for (const group of old.groupsOfSlot[slot] as number[]) {
      for (const [owner, key] of old.members[group] as [number, number][]) if (owner === slot) keys.add(key);
    }
  } else {
    const atom = old.atom(slot, 0);
    const table = old.groups[old.groupOfAtom(atom)] as { count: number; width: number; items: Int32Array };
    const values = new Set<number>();
    for (let id = 0; id < table.count; id++)
      values.add(table.items[id * table.width + old.positionOfAtom(atom)] as number);
    for (const value of values) {
      for (const key of to.keysOf(from.learned.values.value(value))) keys.add(key);
    }
  }
  for (const key of keys) {
    try {
      to.entryAtom(slot, key);
    } catch (error) {
      if (!(error instanceof RowsOutgrown)) throw error;
    }
  }
}
