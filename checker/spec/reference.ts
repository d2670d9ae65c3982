/**
 * The reference semantics: what a system does in a state, found by running the user's functions on plain states.
 *
 * It is slow and simple. Engines are audited and tested against it, and counterexamples are replayed by it.
 */
import { BivalentError } from '../core/index.ts';
import type { RecordValue } from '../value/index.ts';
import { Choices } from './choices.ts';
import { tracingWrites, tracingWritesToPick } from './frozen-write.ts';
import { openDraft } from './immer-draft.ts';
import { noChoice } from './system.ts';
import type { Choose, Routine, System } from './system.ts';

/** One step: an action with its choices, and the state it leads to. */
export interface Step {
  readonly action: string;
  /** What `pick` chose, by name, in the order in which it was picked. */
  readonly parameters: RecordValue;
  readonly state: RecordValue;
}

/**
 * All steps from a state: in the order of the actions, then of their choices. Equal successors are not merged.
 *
 * @param system - the system
 * @param state - canonical
 * @throws BivalentError where user code is wrong; it names the action, its choices and the state
 *
 * Cost: one run of user code for each sequence of choices of each action, and one draft each.
 */
export function successors(system: System, state: RecordValue): readonly Step[] {
  return system.actions.flatMap((action) => stepsOf(system, action, state));
}

/** The steps of one action from a state, in the order of its choices. */
export function stepsOf(system: System, action: Routine, state: RecordValue): readonly Step[] {
  const steps: Step[] = [];
  const choices = new Choices();
  do {
    const next = edited(action, choices.choose, state);
    if (next === undefined) continue;
    steps.push({ action: action.name, parameters: choices.parameters(), state: completed(system, state, next) });
  } while (choices.advance());
  return steps;
}

/** What `afterEach` makes of the successor. */
function completed(system: System, before: RecordValue, next: RecordValue): RecordValue {
  const { afterEach } = system;
  return afterEach === undefined ? next : (edited(afterEach, () => noChoice, next, before) ?? next);
}

/** The state that a routine leads to for one sequence of choices; undefined where it is not enabled. */
function edited(routine: Routine, choose: Choose, state: RecordValue, before?: RecordValue): RecordValue | undefined {
  const open = openDraft(state);
  const enabled = inState(
    before ?? state,
    () => routine.run(choose, open.draft, before),
    (again) => routine.run(again, tracingWrites(openDraft(state).draft), tracingWrites(before)),
  );
  return enabled ? (open.finish() as RecordValue) : undefined;
}

/** What a property says of a state. */
export interface Evaluation {
  readonly holds: boolean;
  /** The choices of `forAll` for which it does not hold; empty where it holds. */
  readonly parameters: RecordValue;
}

/** That a property holds. */
const holding: Evaluation = Object.freeze({ holds: true, parameters: Object.freeze({}) });

/**
 * Evaluates a property: an invariant, a constraint, `terminated`, or of a step a transition invariant or action
 * constraint.
 *
 * @param property - any routine but an action
 * @param state - canonical; of a step the state before it
 * @param after - of a step the state after it
 * @returns whether it holds for all choices of `forAll`, and the first choices for which it does not
 *
 * Cost: one run of user code for each sequence of choices, up to the first for which it does not hold.
 */
export function evaluate(property: Routine, state: RecordValue, after?: RecordValue): Evaluation {
  const choices = new Choices();
  do {
    const holds = inState(
      state,
      () => property.run(choices.choose, state, after),
      (again) => property.run(again, tracingWrites(state), tracingWrites(after)),
    );
    if (!holds) return { holds: false, parameters: choices.parameters() };
  } while (choices.advance());
  return holding;
}

/**
 * Runs user code; an error gets the state in which it ran.
 *
 * @param tracing - runs it again, with the choices that are made for it, so that a write to something frozen says where
 */
function inState<T>(state: RecordValue, run: () => T, tracing: (choose: Choose) => unknown): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof BivalentError)) throw error;
    throw located(error, tracing).withDetails({ state });
  }
}

/** The same error, with the place that a write to something frozen was for. */
function located(error: BivalentError, tracing: (choose: Choose) => unknown): BivalentError {
  if (error.code !== 'spec/frozen-write' && error.code !== 'value/frozen') return error;
  const choices = error.details.parameters as RecordValue;
  try {
    tracing((name) => tracingWritesToPick(name, choices[name]!));
  } catch (again) {
    if (again instanceof BivalentError && again.code === 'spec/frozen-write') return again;
  }
  return error;
}
