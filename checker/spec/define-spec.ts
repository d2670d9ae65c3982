/**
 * `defineSpec`: the shape of a specification and the inference of its types.
 *
 * A spec is variables, initial states, actions and properties, as in TLA+. The state type is what `init` returns, the
 * constants are what `constants` holds; nothing is annotated twice.
 */
import type { Draft, Loose, RecordValue, View } from '../value/index.ts';
import type { Processes } from './system.ts';
import type { Formula, Logic } from './formula.ts';

/** The element type of anything that `pick` may choose from. */
type ElementOf<I> = I extends Iterable<infer E> ? E : never;

/** What `pick` and `forAll` return: one element for each named domain. */
export type Picked<P> = { readonly [K in keyof P]: ElementOf<P[K]> };

/** Nondeterminism: chooses one element of each named domain; the checker tries every combination. */
export type Pick = <const P extends Readonly<Record<string, Iterable<unknown>>>>(domains: P) => Picked<P>;

/** Quantification in a property: it must hold for every combination of elements of the named domains. */
export type ForAll = Pick;

/** Constants as functions of a spec see them. */
export type ConstantValues<C> = { readonly [K in keyof C]: ConstantValue<C[K]> };

/** What an action gets beside the state: the constants, and `pick`. */
export type ActionContext<C> = ConstantValues<C> & { readonly pick: Pick };

/** What `afterEach` gets beside the state: the constants, and the state that was left. It has no choices of its own. */
export type AfterContext<S, C> = { readonly [K in keyof C]: ConstantValue<C[K]> } & { readonly before: View<S> };

/** What a property gets beside the state: the constants, and `forAll`. */
export type PropertyContext<C> = { readonly [K in keyof C]: ConstantValue<C[K]> } & { readonly forAll: ForAll };

/** The identifiers `rm1` … `rmN`, as `nodes('rm', N)` gives them; a number in its place changes N. */
export type NodeSet<K extends string> = readonly `${K}${number}`[] & { readonly '~nodes': K };

/** What `oneOf` declares: a constant with a few possible values. */
export interface OneOf<T> {
  readonly '~constant': T;
}

/** A constant as actions see it: frozen, and a declaration (`oneOf`) replaced by its value. */
export type ConstantValue<T> = T extends { readonly '~constant': infer V }
  ? V
  : T extends { readonly '~nodes': infer K extends string }
    ? readonly `${K}${number}`[]
    : View<T>;

/** What may replace a constant: for a set of nodes, also its size. */
export type ConstantOverride<T> = T extends { readonly '~constant': infer V }
  ? V
  : T extends NodeSet<infer K>
    ? number | readonly `${K}${number}`[]
    : T extends readonly (infer E)[]
      ? readonly E[]
      : T extends number
        ? number
        : T extends boolean
          ? boolean
          : T extends bigint
            ? bigint
            : T extends string
              ? string extends T
                ? string
                : T
              : T;

/** What may replace the constants of a spec; those that are left out keep their defaults. */
export type ConstantOverrides<C> = { readonly [K in keyof C]?: ConstantOverride<C[K]> };

/**
 * One way in which the state may change: a pure function that edits a draft of it. It is enabled where all of its `when`s
 * hold and none of its domains is empty, and takes place for every combination of what it picks.
 *
 * It returns nothing: a promise, or a value given by mistake, is an error.
 *
 * TLA+: an action; its draft is the primed state.
 */
export type Action<S, C> = (state: Draft<S>, context: ActionContext<C>) => void | undefined;
/** Something that is true or false of a state. TLA+: a state predicate. */
export type Predicate<S, C> = (state: View<S>, context: PropertyContext<C>) => boolean;
/** Something that is true or false of a step. TLA+: an action formula. */
export type StepPredicate<S, C> = (before: View<S>, after: View<S>, context: PropertyContext<C>) => boolean;

/**
 * One action, or one for each of what it picks: an item of {@link Fairness}.
 *
 * Its name means the action as a whole: one step of it satisfies, whatever it picks. {@link each} makes one condition
 * for each choice: every node's own step.
 */
export type FairAction = string | FairActionEach;

/** What {@link each} gives. */
export interface FairActionEach {
  readonly action: string;
  /** Names under which the action picks; empty for all of them. */
  readonly each: readonly string[];
}

/**
 * What must not be put off forever. A step that changes nothing neither enables an action nor counts as one of its steps.
 *
 * TLA+: `WF_v(A)` and `SF_v(A)`.
 */
export interface Fairness {
  /** Actions that are taken again and again unless they are disabled again and again. */
  readonly weak?: readonly FairAction[];
  /** Actions that are taken again and again if they are enabled again and again. */
  readonly strong?: readonly FairAction[];
}

/**
 * Fairness of an action for each of what it picks: of each node's step, not of that of whichever node.
 *
 * @param action - the name of the action
 * @param picks - the names under which it picks what there is one condition for; all of them where none is given
 */
export function each(action: string, ...picks: readonly string[]): FairActionEach {
  return Object.freeze({ action, each: Object.freeze([...picks]) });
}

const refinementBrand = Symbol.for('bivalent.refinement');

/** A claim that a spec implements another, more abstract one: what `refines` gives. Opaque to a spec. */
export interface Refinement {
  readonly [refinementBrand]: {
    readonly abstract: Spec;
    readonly mapping: unknown;
    readonly constants: Readonly<Record<string, unknown>>;
  };
}

/**
 * Claims that a spec implements an abstract one.
 *
 * Every initial state must map to an initial state of the abstract spec, every step to a step of it or to none, and,
 * where the abstract spec has fairness, every fair behaviour to a fair one.
 *
 * @param abstract - the abstract spec
 * @param mapping - the abstract state that a state stands for
 * @param constants - replace the constants of the abstract spec
 */
export type Refines<S, C> = <AC extends object, AI extends object>(
  abstract: Spec<AC, AI>,
  mapping: (state: View<S>, context: PropertyContext<C>) => Loose<View<StateOf<AI>>>,
  constants?: ConstantOverrides<AC>,
) => Refinement;

/** The function that `refinements` is called with. */
export const refines: Refines<unknown, unknown> = (abstract, mapping, constants = {}) =>
  Object.freeze({ [refinementBrand]: { abstract: abstract as unknown as Spec, mapping, constants } });

/** What a refinement claims; undefined for anything else. */
export function claimOf(x: unknown): Refinement[typeof refinementBrand] | undefined {
  return typeof x === 'object' && x !== null && refinementBrand in x ? (x as Refinement)[refinementBrand] : undefined;
}

/** What a model or mutant is expected to give; `check` and the tests compare it with what they find. */
export interface Expected {
  readonly result: 'ok' | 'violation';
  /** Different states. */
  readonly distinct?: number;
  /** Initial states and successors, repeats included. */
  readonly generated?: number;
  /** The number of states on the longest shortest path from an initial state. */
  readonly depth?: number;
  /** The name of the property that is violated. */
  readonly breaks?: string;
  /** The number of steps of the shortest counterexample: one fewer than its states. */
  readonly steps?: number;
}

/** A named configuration, with the result it must give. */
export interface Model<C> {
  readonly constants?: ConstantOverrides<C>;
  readonly expected: Expected;
}

/** A deliberate mistake, with the property that must catch it and the length of the shortest counterexample. */
export interface Mutant<S, C> {
  /** The model whose constants the mutant starts from; the default constants where there is none. */
  readonly model?: string;
  readonly constants?: ConstantOverrides<C>;
  /** Actions to put in the place of those of the same name, or to add. */
  readonly actions?: Readonly<Record<string, Action<S, C>>>;
  /** In the place of the spec's fairness. */
  readonly fairness?: Fairness;
  readonly breaks: string;
  readonly steps: number;
}

/**
 * `T`, once the compiler knows what `init` returns; anything before.
 *
 * The compiler looks at a spec twice: first without its functions, then with them. Where something is wrong at the first
 * look it stops, and the state has no type: one wrong constant of a model would be an error at every use of the state.
 */
type Settled<I, T> = unknown extends I ? T : object extends I ? unknown : T;

/**
 * The parts of a specification.
 *
 * `C` is the type of `constants`; `I` is what `init` returns, a state or an array of states.
 */
export interface SpecDefinition<C, I, S = StateOf<I>> {
  readonly [processesOfSpec]?: (constants: RecordValue) => Processes | string;
  /** The name of the spec, as reports print it. */
  readonly name: string;
  /** What can be varied from the command line or by a model; each value is the default. */
  readonly constants?: C;
  /** The initial state, or an array of them; `pick` gives one initial state for each choice. */
  readonly init: (context: ActionContext<C>) => I;
  readonly actions: Readonly<Record<string, Action<S, C>>>;
  /**
   * Actions that stand for faults, by name; each says whether the constants allow it. One that is not allowed is left
   * out. One that is allowed and never happens is reported: such a check says nothing of it.
   */
  readonly faults?: Readonly<Record<string, (constants: ConstantValues<C>) => boolean>>;
  /** Runs on the successor after every action, for history variables: `before` is the state that was left. */
  readonly afterEach?: (state: Draft<S>, context: AfterContext<S, C>) => void | undefined;
  /** Predicates that every reachable state must satisfy. */
  readonly invariants?: Readonly<Record<string, Predicate<S, C>>>;
  /** Predicates that every step must satisfy. */
  readonly transitionInvariants?: Readonly<Record<string, StepPredicate<S, C>>>;
  /**
   * Temporal properties: what every behaviour that is fair must do. The first argument holds the words of the logic.
   *
   * ```ts
   * temporal: ({ leadsTo }) => ({ served: leadsTo((s) => s.asked, (s) => s.answered) }),
   * ```
   */
  readonly temporal?: (logic: Logic<S, C>, constants: ConstantValues<C>) => Readonly<Record<string, Formula>>;
  /**
   * Which actions are not put off forever. Without it a behaviour may stop anywhere, and hardly any temporal property
   * holds.
   */
  readonly fairness?: Fairness | ((constants: ConstantValues<C>) => Fairness);
  /** `true`: no behaviour stops where a step that changes the state is enabled. TLA+: weak fairness of the next-state relation. */
  readonly progress?: boolean;
  /** What must be possible: each is true of some reachable state. */
  readonly reachable?: Readonly<Record<string, Predicate<S, C>>>;
  /** Abstract specs that this one implements. TLA+: `Spec => Abstract!Spec`. */
  readonly refinements?: (refines: Refines<S, C>, constants: ConstantValues<C>) => Readonly<Record<string, Refinement>>;
  /** States in which it is false are checked, but neither counted nor left. TLA+: CONSTRAINT. */
  readonly constraint?: Predicate<S, C>;
  /** Steps for which it is false are not taken. TLA+: ACTION_CONSTRAINT. */
  readonly actionConstraint?: StepPredicate<S, C>;
  /** States that may have no successor. Any other state without one is a deadlock. */
  readonly terminated?: Predicate<S, C>;
  /** `false` turns the deadlock check off. */
  readonly deadlock?: boolean;
  readonly models?: Settled<I, Readonly<Record<string, Model<NoInfer<C>>>>>;
  readonly mutants?: Settled<I, Readonly<Record<string, Mutant<S, NoInfer<C>>>>>;
}

/** The part of a definition, written by a compiler and not by hand, that says what its processes are. */
export const processesOfSpec: unique symbol = Symbol.for('bivalent.processes');

const specBrand = Symbol.for('bivalent.spec');

/** A specification: what a spec file exports by default. */
export interface Spec<C = unknown, I = unknown> {
  readonly [specBrand]: true;
  readonly definition: SpecDefinition<C, I>;
}

/** The type of a state, from what `init` returns. */
export type StateOf<I> = I extends readonly (infer E)[] ? E : I;

/**
 * Defines a specification from its parts; the types of state and constants follow from `init` and `constants`.
 *
 * @param definition - the variables, actions and properties; see {@link SpecDefinition}
 * @returns the spec, to be exported by default from a spec file
 */
export function defineSpec<C extends object = object, I extends object = object>(
  definition: SpecDefinition<C, I>,
): Spec<C, I> {
  return Object.freeze({ [specBrand]: true as const, definition });
}

/** Whether a value is a spec, made by this copy of the package or another. */
export function isSpec(x: unknown): x is Spec {
  return typeof x === 'object' && x !== null && specBrand in x;
}
