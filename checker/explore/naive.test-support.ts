/**
 * The forty lines that every engine must agree with: a breadth-first search written as the definitions read, with no
 * thought of speed, memory or limits, that shares with the engines only the meaning of a single step.
 */
import { evaluate, successors, type Routine, type System } from '../spec/index.ts';
import { show, type RecordValue } from '../value/index.ts';

export interface NaiveResult {
  readonly generated: number;
  readonly distinct: number;
  readonly depth: number;
  /** The first of the shortest counterexamples: what fails, and the number of its states. */
  readonly violation: { readonly name: string; readonly states: number } | undefined;
}

/** Explores a system, to the end of the first level with a failure; `undefined` where it has more than `cap` states. */
export function explore(system: System, cap: number): NaiveResult | undefined {
  const seen = new Map<string, RecordValue>();
  const violations: { name: string; states: number }[] = [];
  let [level, depth, generated]: [RecordValue[], number, number] = [[], 0, system.initialCount];
  const arrive = (state: RecordValue, before?: RecordValue) => {
    const broken = system.invariants.filter((invariant) => !holds(invariant, state));
    if (before) broken.push(...system.transitionInvariants.filter((invariant) => !holds(invariant, before, state)));
    violations.push(...broken.map(({ name }) => ({ name, states: depth + 1 })));
    if (before) generated += 1;
    if (!holds(system.constraint, state) || (before && !holds(system.actionConstraint, before, state))) return;
    if (!seen.has(show(state))) level.push(state);
    seen.set(show(state), state);
  };
  for (const state of system.initialStates) arrive(state);
  while (level.length > 0) {
    depth += 1;
    if (violations.length > 0 || seen.size > cap) break;
    const expanded = level;
    level = [];
    for (const state of expanded) {
      const steps = successors(system, state);
      for (const step of steps) arrive(step.state, state);
      const mayEnd = system.terminated !== undefined && holds(system.terminated, state);
      if (steps.length === 0 && system.checksDeadlock && !mayEnd) violations.push({ name: 'deadlock', states: depth });
    }
  }
  if (seen.size > cap) return undefined;
  const shortest = Math.min(...violations.map(({ states }) => states));
  return { generated, distinct: seen.size, depth, violation: violations.find(({ states }) => states === shortest) };
}

function holds(property: Routine | undefined, state: RecordValue, after?: RecordValue): boolean {
  return property === undefined || evaluate(property, state, after).holds;
}
