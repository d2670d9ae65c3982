/**
 * Sequential models: what a correct object does when it serves one operation at a time.
 *
 * A model is `init` and `step`, ten lines for most objects. Everything else (caching, partitioning, search) is the
 * testers'. `step` must be a function of its arguments: the testers call it once for each state and each different
 * operation, and remember the answer.
 *
 * ```ts
 * const counter: SequentialModel<number> = {
 *   name: 'counter',
 *   init: 0,
 *   step(total, { f, input, output }) {
 *     if (f === 'add') return total + Number(input);
 *     return output === undefined || output === total ? total : illegal;
 *   },
 * };
 * ```
 */
import { keyOf } from './canonical-key.ts';
import { HistoryError } from './pairing.ts';
import { showPlain, type Operation } from './operation.ts';

/** What `step` returns where the object, in that state, cannot answer so. */
export const illegal: unique symbol = Symbol('illegal');

/** What a step may depend on: never on who called, nor when. */
export type Call = Pick<Operation, 'f' | 'input' | 'output'>;

/** A sequential object. `S` is its state: plain data, never modified in place. */
export interface SequentialModel<S = unknown> {
  readonly name: string;
  readonly init: S;
  /**
   * The state after an operation, or {@link illegal} where the answer is not the one that the object gives.
   *
   * An `output` of `undefined` is unknown, and agrees with every answer.
   *
   * @throws for an operation that the object does not have; see {@link unknownFunction}
   */
  step(state: S, call: Call): S | typeof illegal;
  /**
   * The part of the object that an operation concerns, where the parts are independent of each other (the key of a
   * key–value store): a history is then linearizable exactly when each part is (Herlihy and Wing's locality).
   * `undefined` says that this operation concerns more than one part, and the history is judged whole.
   */
  partition?(call: Call): unknown;
  /**
   * Whether an operation never changes the state, whatever the state is: a read. It is for speed only (such an
   * operation takes effect as soon as it is legal, without a search); absent, no operation is taken for one.
   */
  isRead?(call: Call): boolean;
  /** The operations: any other is an error of the history. Absent, `step` is to say which it does not know. */
  readonly functions?: readonly string[];
}

/** A model of which `step` may go to several states: it is run on the set of all states that are possible. */
export interface NondeterministicModel<S> extends Omit<SequentialModel<S>, 'step' | 'init'> {
  readonly init: readonly S[];
  /** Every state that is possible after the operation; none where it is illegal. */
  step(state: S, call: Call): readonly S[];
}

/** Makes a model deterministic, by the powerset construction: its state is the set of states that are possible. */
export function powerset<S>(model: NondeterministicModel<S>): SequentialModel<readonly S[]> {
  return {
    ...model,
    init: distinct(model.init),
    step(states, call) {
      const next = distinct(states.flatMap((state) => model.step(state, call)));
      return next.length === 0 ? illegal : next;
    },
  };
}

/** In the order of their keys, so that equal sets have equal keys. */
function distinct<S>(states: readonly S[]): S[] {
  const byKey = new Map(states.map((state) => [keyOf(state), state]));
  return [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, state]) => state);
}

/** The error of a model that is given an operation which it does not have. */
export function unknownFunction(model: Pick<SequentialModel, 'name' | 'functions'>, f: string): HistoryError {
  const has = model.functions === undefined ? '' : ` It has ${model.functions.join(', ')}.`;
  return new HistoryError(`the model ${model.name} has no operation '${f}'.${has}`, undefined);
}

/** The error of a model whose operation is given an input that it cannot take. */
export function wrongInput(f: string, takes: string, input: unknown): HistoryError {
  return new HistoryError(`${f} takes ${takes}, not ${showPlain(input)}.`, undefined);
}

/**
 * Calls a function of a model for an operation, after a look at whether the model has that operation.
 *
 * @throws HistoryError with the line of the operation
 */
export function located<T>(model: SequentialModel, operation: Operation, call: () => T): T {
  try {
    if (model.functions?.includes(operation.f) === false) throw unknownFunction(model, operation.f);
    return call();
  } catch (error) {
    if (error instanceof HistoryError && error.details.line === undefined)
      throw new HistoryError(error.message, operation.line);
    throw error;
  }
}

/** Whether an answer agrees with what the model would answer; an unknown one always does. */
export function agrees(output: unknown, expected: unknown): boolean {
  if (output === undefined || output === expected) return true;
  return typeof output === 'object' && output !== null && keyOf(output) === keyOf(expected);
}
