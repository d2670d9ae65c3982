/** What every counterexample must satisfy, whichever engine reports it. */
import { expect } from 'vitest';
import { evaluate, successors, type System } from '../spec/index.ts';
import { equal } from '../value/index.ts';
import type { Violation } from './result.ts';

/** Expects that every step of a counterexample is a step of the system, and that its end breaks the property. */
export function expectReal(system: System, { kind, name, parameters, trace }: Violation): void {
  expect(trace[0]).toMatchObject({ action: null, parameters: {} });
  expect(system.initialStates).toContainEqual(trace[0]!.state);
  for (const [i, step] of trace.entries()) {
    if (i === 0) continue;
    const taken = successors(system, trace[i - 1]!.state).filter(
      ({ action, parameters }) => action === step.action && equal(parameters, step.parameters),
    );
    expect(taken).toEqual([step]);
  }
  const last = trace.at(-1)!.state;
  if (kind === 'deadlock') {
    expect(successors(system, last)).toEqual([]);
    if (system.terminated !== undefined) expect(evaluate(system.terminated, last).holds).toBe(false);
    return;
  }
  const properties = kind === 'invariant' ? system.invariants : system.transitionInvariants;
  const property = properties.find((property) => property.name === name)!;
  const found = kind === 'invariant' ? evaluate(property, last) : evaluate(property, trace.at(-2)!.state, last);
  expect(found).toEqual({ holds: false, parameters });
}
