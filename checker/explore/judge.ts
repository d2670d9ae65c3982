/**
 * What is judged in a state and in a step, by the reference semantics. The rules are TLC's:
 *
 * - Invariants are judged on every state that is found, those beyond the constraint included, and transition
 *   invariants on every step, also on those that the action constraint refuses.
 * - A state is a deadlock when no action is enabled in it; steps that lead beyond a constraint are steps.
 */
import { BivalentError } from '../core/index.ts';
import { evaluate, successors, type Routine, type System } from '../spec/index.ts';
import { ShapeChanged } from '../transition/index.ts';
import type { RecordValue } from '../value/index.ts';
import type { ViolationKind } from './result.ts';

/** A property that failed, and the choices of `forAll` for which it did. */
export interface Failure {
  readonly kind: ViolationKind;
  readonly name: string;
  readonly parameters: RecordValue;
}

/** The names of all properties of whole behaviours: what a search or a random walk does not judge. */
export function behaviourProperties({ reachable, refinements, temporal }: System): readonly string[] {
  return [...reachable, ...refinements, ...temporal].map(({ name }) => name);
}

/** Finds the first invariant, in the order of the spec, that a state breaks. */
export function judgeState(system: System, state: RecordValue): Failure | undefined {
  return firstBroken('invariant', system.invariants, state);
}

/** Finds the first transition invariant, in the order of the spec, that a step breaks. */
export function judgeStep(system: System, before: RecordValue, after: RecordValue): Failure | undefined {
  return firstBroken('transition', system.transitionInvariants, before, after);
}

/** Judges a state in which no action is enabled: it is a deadlock unless it may be the end of a behaviour. */
export function judgeStuck(system: System, state: RecordValue): Failure | undefined {
  if (!system.checksDeadlock) return undefined;
  if (system.terminated !== undefined && evaluate(system.terminated, state).holds) return undefined;
  return { kind: 'deadlock', name: 'deadlock', parameters: {} };
}

/**
 * Whether a state found by a step belongs to the model: whether it satisfies the constraint, and the step the action
 * constraint. States that do not are neither counted as distinct nor expanded.
 *
 * @param before - the state that was left; none for an initial state
 */
export function isWithin(system: System, before: RecordValue | undefined, state: RecordValue): boolean {
  const { constraint, actionConstraint } = system;
  if (constraint !== undefined && !evaluate(constraint, state).holds) return false;
  return before === undefined || actionConstraint === undefined || evaluate(actionConstraint, before, state).holds;
}

function firstBroken(
  kind: ViolationKind,
  properties: readonly Routine[],
  state: RecordValue,
  after?: RecordValue,
): Failure | undefined {
  for (const property of properties) {
    const { holds, parameters } = evaluate(property, state, after);
    if (!holds) return { kind, name: property.name, parameters };
  }
  return undefined;
}

/**
 * The path of the record or collection that an error says has changed its shape.
 *
 * @throws any other error, in the words of the reference semantics
 */
export function changedPath(system: System, error: unknown): string {
  if (!(error instanceof ShapeChanged)) throw explained(system, error);
  if (error.path !== '') return error.path;
  throw new BivalentError('spec/variables', 'an action adds or removes a variable: every state has the same ones');
}

/** An error of user code, as the reference semantics gives it: the same words whichever engine ran. */
function explained(system: System, error: unknown): unknown {
  if (!(error instanceof BivalentError) || error.details.state === undefined) return error;
  const state = error.details.state as RecordValue;
  try {
    successors(system, state);
    judgeState(system, state);
  } catch (better) {
    return better;
  }
  return error;
}
