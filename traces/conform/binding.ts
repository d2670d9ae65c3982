/**
 * Bindings: how the events of a log are read as steps of a spec.
 *
 * A binding is data and small pure functions, typed against its spec: for each event name the action (or actions) that
 * may explain it, what the event says of the action's picks, and what it says of the state before or after the step.
 * Whatever the log does not say is left out, and constrains nothing.
 */
import type { ConstantOverrides, Spec, StateOf } from '../../checker/spec/index.ts';
import type { View } from '../../checker/value/index.ts';
import type { LogEvent } from '../event/index.ts';
import type { Observation } from './observation.ts';

/** One way in which an event may be explained. */
export interface Explanation<S> {
  /** The action that the event reports, or several of which one must do; any action where it is left out. */
  readonly action?: string | readonly string[];
  /** `true`: the event reports no step; the state stays as it is, and must agree with `after`. */
  readonly stutter?: boolean;
  /** What the event says of the action's picks, by their names: a value, or a test (`holds`) that it passes. */
  readonly picks?: Readonly<Record<string, unknown>>;
  /** What it says of the state before the step. */
  readonly before?: Observation<S>;
  /** What it says of the state after the step; a function where it reports a change of what was before. */
  readonly after?: Observation<S> | ((before: View<S>) => Observation<S>);
}

/** How an event is explained: one of these must do. `undefined` or none: the event says nothing, and is passed over. */
export type Explanations<S> = Explanation<S> | readonly Explanation<S>[] | undefined;

/** What a rule gets beside the event: the constants in force, to tell names apart. */
export type RuleConstants = Readonly<Record<string, unknown>>;

/** How the events of one name are explained: always alike, or by what each of them says. */
export type EventRule<S> = Explanation<S> | ((event: LogEvent, constants: RuleConstants) => Explanations<S>);

/** The rule type of a spec, for rules that stand outside `defineBinding`: `const rule: RuleFor<typeof spec> = …`. */
export type RuleFor<T> = EventRule<StateIn<T>>;

/** The type of a spec's states: `StateIn<typeof spec>`. */
export type StateIn<T> = T extends Spec<infer _C, infer I> ? StateOf<I> : never;

/** Steps that the log does not show. */
export interface HiddenSteps {
  /** The names of the actions that may happen unseen. */
  readonly actions: readonly string[];
  /** How many of them at most before each event. Each more multiplies the work. */
  readonly atMost: number;
}

/**
 * What the order of events in the log means.
 *
 * - `log`: it is the order in which they happened; files follow one another.
 * - `time`: timestamps give the order; those closer than `toleranceMs` are taken as unordered between nodes.
 * - `causal`: only each node's own order and messages or vector clocks do.
 */
export type OrderRule = 'log' | 'causal' | { readonly by: 'time'; readonly toleranceMs: number };

/** The parts of a binding. */
export interface BindingDefinition<C, I, S = StateOf<I>> {
  /** The log format, where it should not be recognised by the log's beginning. */
  readonly format?: string;
  /** The constants of the spec, from the first events of the log (at most 10,000 of them). */
  readonly constants?: (events: readonly LogEvent[]) => ConstantOverrides<C>;
  /** What is known of the initial state. */
  readonly initial?: Observation<S> | ((constants: RuleConstants) => Observation<S>);
  /** How events are explained, by name. */
  readonly events: Readonly<Record<string, EventRule<S>>>;
  /** How events are explained that have another name, or none. Without it they are an error. */
  readonly otherEvents?: EventRule<S>;
  readonly hidden?: HiddenSteps;
  /** Default `log`. */
  readonly order?: OrderRule;
}

const bindingBrand = Symbol.for('bivalent.binding');

/** A binding with the spec that it is for: what a binding file exports by default. */
export interface Binding {
  readonly [bindingBrand]: true;
  readonly spec: Spec;
  readonly definition: BindingDefinition<unknown, unknown, never>;
}

/**
 * Binds a log format to a spec.
 *
 * @param spec - the spec whose behaviours should explain the log
 * @param definition - see {@link BindingDefinition}
 * @returns the binding, to be exported by default from a binding file
 */
export function defineBinding<C, I>(spec: Spec<C, I>, definition: BindingDefinition<C, I>): Binding {
  // From here on the types of state and constants are no longer known; they were checked against the spec here.
  return Object.freeze({
    [bindingBrand]: true as const,
    spec: spec as unknown as Spec,
    definition: definition as unknown as Binding['definition'],
  });
}

/** Whether a value is a binding, made by this copy of the package or another. */
export function isBinding(x: unknown): x is Binding {
  return typeof x === 'object' && x !== null && bindingBrand in x;
}
