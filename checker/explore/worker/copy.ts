/**
 * A copy of a learned system that another thread keeps up to date: what a worker expands rows with.
 *
 * It has the numbers of routines, values, tuples and leaves that the original has, and no user code at all. Whatever
 * would have to be learned is left to the thread that has the original.
 */
import type { System } from '../../spec/index.ts';
import { LearnedSystem, unlearned } from '../../transition/index.ts';
import { decode, encode, type RecordValue } from '../../value/index.ts';

/** What a copy of a system needs to know of it, as a message between threads. */
export interface SystemOutline {
  readonly actions: number;
  readonly invariants: number;
  readonly transitionInvariants: number;
  readonly predicates: number;
  readonly hasAfterEach: boolean;
  readonly hasConstraint: boolean;
  readonly hasActionConstraint: boolean;
  readonly hasTerminated: boolean;
  readonly initialStates: readonly Uint8Array[];
  /** Paths that are known to change shape. */
  readonly leaves: readonly string[];
}

/** The outline of a learned system. */
export function outlineOf({ system, leaves }: LearnedSystem): SystemOutline {
  return {
    actions: system.actions.length,
    invariants: system.invariants.length,
    transitionInvariants: system.transitionInvariants.length,
    predicates: system.predicates.length,
    hasAfterEach: system.afterEach !== undefined,
    hasConstraint: system.constraint !== undefined,
    hasActionConstraint: system.actionConstraint !== undefined,
    hasTerminated: system.terminated !== undefined,
    initialStates: system.initialStates.map(encode),
    leaves: [...leaves],
  };
}

/** A learned system with that outline, in which nothing was learned yet, and only `grow` can add anything. */
export function learnedCopy(outline: SystemOutline): LearnedSystem {
  type Routine = System['actions'][number];
  const routine = (kind: Routine['kind']): Routine => ({
    kind,
    name: '',
    run: () => {
      throw unlearned;
    },
  });
  const several = (kind: Routine['kind'], count: number): Routine[] =>
    Array.from({ length: count }, () => routine(kind));
  const optional = (kind: Routine['kind'], is: boolean): Routine | undefined => (is ? routine(kind) : undefined);
  const system: System = {
    name: '',
    constants: {},
    actions: several('action', outline.actions),
    faults: [],
    afterEach: optional('afterEach', outline.hasAfterEach),
    invariants: several('invariant', outline.invariants),
    transitionInvariants: several('transitionInvariant', outline.transitionInvariants),
    constraint: optional('constraint', outline.hasConstraint),
    actionConstraint: optional('actionConstraint', outline.hasActionConstraint),
    terminated: optional('terminated', outline.hasTerminated),
    checksDeadlock: false,
    predicates: several('predicate', outline.predicates),
    temporal: [],
    fairness: [],
    reachable: [],
    refinements: [],
    nodeSets: [],
    processes: 'a copy for a worker',
    initialStates: outline.initialStates.map((bytes) => decode(bytes) as RecordValue),
    initialCount: outline.initialStates.length,
  };
  return new LearnedSystem(system, new Set(outline.leaves));
}
