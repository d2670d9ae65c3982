/**
 * A system: a spec with its constants bound. It is what every engine runs, and all that engines know of user code.
 *
 * A {@link Routine} is one user function behind one calling convention. The engine hands it states (drafts to edit or
 * views to read, of whatever kind the engine made them) and a {@link Choose}; errors of user code come back as a
 * `BivalentError` that names the routine and the choices made so far.
 */
import type { RecordValue, Value } from '../value/index.ts';
import type { FormulaNode } from './formula.ts';

/**
 * Chooses an element of a domain: called for every name of a `pick` or `forAll`, in order.
 *
 * @param name - the name under which user code picks; unique within one run of a routine
 * @param domain - what user code passed: an array, a native set, or a set, map or bag of the state being run on
 * @returns the chosen element, canonical; or `noChoice` where the domain is empty
 */
export type Choose = (name: string, domain: Iterable<unknown>) => Value | typeof noChoice;

/** Says that a domain is empty: an action is then disabled, a property holds. */
export const noChoice: unique symbol = Symbol('no choice');

/** What a user's function is for. */
export type RoutineKind =
  | 'action'
  | 'afterEach'
  | 'invariant'
  | 'transitionInvariant'
  | 'constraint'
  | 'actionConstraint'
  | 'terminated'
  | 'predicate';

/** One user function of the spec. */
export interface Routine {
  readonly kind: RoutineKind;
  readonly name: string;
  /**
   * Runs the user function once, for one sequence of choices.
   *
   * An action or `afterEach` gets one draft (`afterEach` also the view `before`); a state predicate one view; a step
   * predicate two, before and after.
   *
   * @returns for an action whether it is enabled (every `when` held and no domain was empty), for a property whether
   *   it holds for these choices
   * @throws BivalentError where user code throws, returns something other than a boolean or nothing, or is impure
   */
  run(choose: Choose, state: unknown, other?: unknown): boolean;
}

/** A temporal property, bound: the predicates in its formula are numbers of {@link System.predicates}. */
export interface TemporalProperty {
  readonly name: string;
  readonly formula: FormulaNode;
}

/** An action that must not be put off forever. */
export interface FairnessCondition {
  readonly strength: 'weak' | 'strong';
  /** The name of the action; undefined for any action of the spec. */
  readonly action: string | undefined;
  /** There is a condition for each choice of these picks; for each choice of all picks where it is `all`. */
  readonly each: readonly string[] | 'all';
}

/** A claim that the system implements an abstract one. */
export interface BoundRefinement {
  readonly name: string;
  readonly abstract: System;
  /**
   * The abstract state that a state stands for, canonical.
   *
   * @throws BivalentError from user code, or where it gives what no state can be
   */
  readonly map: (state: RecordValue) => RecordValue;
}

/** The path of a part of the state: the keys that lead there. */
export type PartPath = readonly string[];

/** A party whose steps only it can take, and which shares nothing with others but queues. */
export interface Process {
  readonly name: string;
  /** The parts of the state that its steps alone read, and write but for others that append to its queues. */
  readonly own: readonly PartPath[];
  /** The queues that lead to it, each written by one party: arrays, taken from at their head. */
  readonly inQueues: readonly PartPath[];
  /** The queues that it alone appends to. */
  readonly outQueues: readonly PartPath[];
}

/** The processes of a protocol: what its author's functions can touch follows from how they are called. */
export interface Processes {
  /** By action, the names of the processes that can take it. Of several, its first pick is the one that does. */
  readonly takers: Readonly<Record<string, readonly string[]>>;
  readonly all: readonly Process[];
}

/** A constant that is a set of nodes. */
export interface BoundNodes {
  readonly constant: string;
  readonly names: readonly string[];
  /** Whether the spec says that it treats them alike. */
  readonly symmetric: boolean;
}

/** A spec with its constants, model and mutant applied. */
export interface System {
  readonly name: string;
  /** The constants in force, as values; node sets are arrays of strings. */
  readonly constants: RecordValue;
  readonly nodeSets: readonly BoundNodes[];
  /** The processes; or, in words, why its steps are not told apart by process. */
  readonly processes: Processes | string;
  readonly actions: readonly Routine[];
  /** The names of those actions that stand for faults. */
  readonly faults: readonly string[];
  readonly afterEach: Routine | undefined;
  readonly invariants: readonly Routine[];
  readonly transitionInvariants: readonly Routine[];
  readonly constraint: Routine | undefined;
  readonly actionConstraint: Routine | undefined;
  readonly terminated: Routine | undefined;
  readonly checksDeadlock: boolean;
  /** State predicates that temporal properties and `reachable` speak of. */
  readonly predicates: readonly Routine[];
  readonly temporal: readonly TemporalProperty[];
  readonly fairness: readonly FairnessCondition[];
  /** Names of what must be possible, and the numbers of their predicates. */
  readonly reachable: readonly { readonly name: string; readonly predicate: number }[];
  readonly refinements: readonly BoundRefinement[];
  /** The initial states, canonical, each once, in value order. */
  readonly initialStates: readonly RecordValue[];
  /** How many initial states `init` gave, repeats included: what they add to the count of generated states. */
  readonly initialCount: number;
}
