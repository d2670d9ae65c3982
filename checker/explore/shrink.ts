/**
 * Shrinks a random walk to a short counterexample.
 *
 * A walk is an initial state and the *names* of its steps: the action, and what it picked. To replay it is to take, in
 * order, those of its steps that are enabled when their turn comes. So steps can be left out of a walk and the rest
 * still makes sense, and fast-check's shrinkers for subsequences and numbers propose what to leave out and with which
 * initial state to begin. A proposal is kept when its replay breaks the same property. What comes out is a behaviour of
 * the system, locally minimal (no part that fast-check proposes can be left out) unless the budget ran out before, and not
 * always a shortest one.
 */
import * as fc from 'fast-check';
import { stepsOf, successors, type System } from '../spec/index.ts';
import { equal, type RecordValue } from '../value/index.ts';
import { countCalls } from './calls.ts';
import { isWithin, judgeState, judgeStep, judgeStuck, type Failure } from './judge.ts';
import type { TraceStep, Violation } from './result.ts';

/** How often the user's actions are called at most: some seconds. A count, unlike a time, gives the same result again. */
const callBudget = 100_000;

/**
 * Shrinks a walk whose end breaks a property.
 *
 * @param walk - the initial state and the steps; the last one breaks the property, or leads to a deadlock
 * @param failure - what failed
 * @returns after each attempt, the violation with a simpler counterexample; `undefined` where the attempt failed
 */
export function* shrinkWalk(
  system: System,
  walk: readonly TraceStep[],
  failure: Failure,
): Generator<Violation | undefined, void> {
  const { initialStates } = system;
  const counted = countCalls(system);
  let best: readonly TraceStep[] | undefined = walk;
  while (best !== undefined) {
    const { state } = best[0]!;
    const steps: readonly TraceStep[] = best.slice(1);
    const walks = fc.tuple(fc.nat({ max: initialStates.length - 1 }), fc.subarray([...steps]));
    best = undefined;
    for (const { value } of walks.shrink([initialStates.indexOf(state), [...steps]], undefined)) {
      if (counted.calls().actionCalls >= callBudget) return;
      const violation = replay(counted.system, initialStates[value[0]]!, value[1], failure);
      yield violation;
      best = violation?.trace;
      if (best !== undefined) break;
    }
  }
}

/** Takes those of the steps that are enabled, until the property fails; `undefined` where it does not. */
function replay(
  system: System,
  initial: RecordValue,
  steps: readonly TraceStep[],
  { kind, name }: Failure,
): Violation | undefined {
  const trace: TraceStep[] = [];
  for (const { action, parameters } of [{ action: null, parameters: {}, state: initial }, ...steps]) {
    const before = trace.at(-1)?.state;
    const step =
      before === undefined ? { action, parameters, state: initial } : repeat(system, before, action, parameters);
    if (step === undefined) continue;
    const failure = judgeState(system, step.state) ?? (before && judgeStep(system, before, step.state));
    const isSame = failure?.kind === kind && failure.name === name;
    if (isSame) return { ...failure, read: [], trace: [...trace, step] };
    // Another property that fails on the way would be what a reader of the counterexample sees first.
    if (failure !== undefined) return undefined;
    if (isWithin(system, before, step.state)) trace.push(step);
    else if (before === undefined) return undefined;
  }
  const last = trace.at(-1)!.state;
  if (kind !== 'deadlock' || successors(system, last).length > 0) return undefined;
  const deadlock = judgeStuck(system, last);
  return deadlock && { ...deadlock, read: [], trace };
}

/** Takes a step again, perhaps in another state; `undefined` where it is not enabled there. */
function repeat(
  system: System,
  state: RecordValue,
  action: string | null,
  parameters: RecordValue,
): TraceStep | undefined {
  const routine = system.actions.find(({ name }) => name === action);
  const steps = routine === undefined ? [] : stepsOf(system, routine, state);
  return steps.find((step) => equal(step.parameters, parameters));
}
