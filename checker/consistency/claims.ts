/**
 * Consistency as a property of a spec: what clients observe is kept in a history variable, and an invariant claims that
 * it is linearizable, sequentially or causally consistent.
 *
 * A history in a state is plain data: an operation that is not answered yet has `returned: null`. It pays to keep
 * histories short (a few operations for each client): they are part of the state.
 */
import { BivalentError } from '../core/index.ts';
import { checkCausal, type CausalModel } from './causal.ts';
import { checkLinearizable } from './linearizable.ts';
import type { SequentialModel } from './model.ts';
import type { Operation, ProcessId } from './operation.ts';
import { checkSequential } from './sequential.ts';

/** An operation as a state can hold it. */
export interface ObservedOperation {
  readonly process: ProcessId;
  readonly f: string;
  readonly input: unknown;
  /** What was answered; not looked at while `returned` is `null`. */
  readonly output: unknown;
  /** When it was called: any numbers that grow, such as positions in the history. */
  readonly invoked: number;
  /** When it was answered; `null` while it is open. */
  readonly returned: number | null;
}

/**
 * Whether a history is linearizable with respect to a model.
 *
 * @throws BivalentError `history/too-large` where the search gives up: never a guess
 */
export function linearizable<S>(history: Iterable<ObservedOperation>, model: SequentialModel<S>): boolean {
  return decided('linearizable', checkLinearizable(operations(history), model).verdict);
}

/** Whether a history is sequentially consistent with respect to a model; as {@link linearizable}. */
export function sequential<S>(history: Iterable<ObservedOperation>, model: SequentialModel<S>): boolean {
  return decided('sequentially consistent', checkSequential(operations(history), model).verdict);
}

/**
 * Whether a history of reads and writes is causally consistent; as {@link linearizable}.
 *
 * @param initial - the value before any write; `null` is always taken for it
 * @param model - a stronger or weaker causal model
 */
export function causal(
  history: Iterable<ObservedOperation>,
  initial: unknown = null,
  model: CausalModel = 'causal',
): boolean {
  return decided('causally consistent', checkCausal(operations(history), model, initial).verdict);
}

function operations(history: Iterable<ObservedOperation>): Operation[] {
  return Array.from(history, (operation) =>
    operation.returned === null
      ? { ...operation, output: undefined, returned: Infinity }
      : { ...operation, returned: operation.returned },
  );
}

function decided(claim: string, verdict: 'consistent' | 'violation' | 'inconclusive'): boolean {
  if (verdict !== 'inconclusive') return verdict === 'consistent';
  throw new BivalentError(
    'history/too-large',
    `the history is too large to decide whether it is ${claim}: keep fewer operations in it`,
  );
}
