/**
 * What a lasso leaves undone: the actions that could be taken while it goes round, and never are.
 *
 * That is how the reader of a counterexample sees which fairness it would take to rule it out, if it should be.
 */
import type { TraceStep } from '../explore/index.ts';
import { successors, type System } from '../spec/index.ts';
import { equal } from '../value/index.ts';

/** Longer cycles are not looked at. */
const mostStates = 200;

/**
 * Sentences about the actions that are enabled in a cycle and not taken in it.
 *
 * @param trace - a lasso; its last state is the one at `loopsTo` again
 */
export function undoneIn(system: System, trace: readonly TraceStep[], loopsTo: number): readonly string[] {
  const cycle = trace.slice(loopsTo);
  if (cycle.length > mostStates) return [];
  const taken = new Set(cycle.slice(1).map(({ action }) => action));
  const enabled = cycle.map(({ state }) => {
    const steps = successors(system, state).filter((step) => !equal(step.state, state));
    return new Set(steps.map(({ action }) => action));
  });
  const undone = system.actions.map(({ name }) => name).filter((name) => !taken.has(name));
  const always = undone.filter((name) => enabled.every((actions) => actions.has(name)));
  const sometimes = undone.filter((name) => !always.includes(name) && enabled.some((actions) => actions.has(name)));
  const where = cycle.length === 1 ? 'there' : 'all the way round';
  return [
    ...(always.length === 0
      ? []
      : [`could be taken ${where} and never is, since no fairness asks for it: ${always.join(', ')}`]),
    ...(sometimes.length === 0
      ? []
      : [`can be taken now and then and never is, which only strong fairness would rule out: ${sometimes.join(', ')}`]),
  ];
}
