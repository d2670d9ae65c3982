/** Initial states. */
import { BivalentError } from '../core/index.ts';
import { canonical, compare, isRecord, show } from '../value/index.ts';
import type { RecordValue, Value } from '../value/index.ts';
import { Choices } from './choices.ts';
import { notTaken, UserCode } from './routine.ts';
import type { ContextOf, UserFunction } from './routine.ts';
import type { System } from './system.ts';

/**
 * Runs `init` for every sequence of choices.
 *
 * @returns the different states, canonical, in value order; and how many `init` gave, repeats included
 * @throws BivalentError where one is not a record of values, has other variables than the first, or there is none
 */
export function initialStatesOf(
  init: UserFunction,
  contextOf: ContextOf,
): Pick<System, 'initialStates' | 'initialCount'> {
  const code = new UserCode('init', 'init', init, contextOf);
  const states: RecordValue[] = [];
  const choices = new Choices();
  do {
    const result = code.run(choices.choose);
    if (result === notTaken) continue;
    for (const state of Array.isArray(result) ? (result as unknown[]) : [result]) states.push(stateOf(state, choices));
  } while (choices.advance());
  const [first] = states;
  if (first === undefined) throw new BivalentError('spec/no-initial-state', 'init gives no initial state');
  for (const state of states) requireSameVariables(first, state);
  const sorted = states.toSorted(compare);
  const initialStates = sorted.filter((state, i) => i === 0 || compare(sorted[i - 1]!, state) !== 0);
  return { initialStates: Object.freeze(initialStates), initialCount: states.length };
}

function stateOf(x: unknown, choices: Choices): RecordValue {
  const details = { action: 'init', parameters: choices.parameters() };
  if (x instanceof Promise) {
    x.catch(() => undefined);
    throw new BivalentError('spec/async', 'init is async: it must be synchronous', details);
  }
  let state: Value;
  try {
    state = canonical(x);
  } catch (error) {
    if (!(error instanceof BivalentError)) throw error;
    const message = `init gives a state with something that cannot be in one: ${error.message}`;
    throw new BivalentError(error.code, message, { ...error.details, ...details }, { cause: error });
  }
  if (isRecord(state)) return state;
  throw new BivalentError('spec/state', `init gives ${show(state)}: a state is a record of variables`, details);
}

function requireSameVariables(first: RecordValue, other: RecordValue): void {
  const expected = Object.keys(first).join(', ');
  const found = Object.keys(other).join(', ');
  if (expected === found) return;
  throw new BivalentError(
    'spec/variables',
    `initial states differ in their variables: one has ${expected}, another ${found}`,
    { action: 'init', state: other },
  );
}
