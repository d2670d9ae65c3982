/** Results written by hand, so that the tests of reports know every figure. */
import type { CheckResult, Violation } from '../explore/index.ts';
import { canonical, type RecordValue } from '../value/index.ts';

/** A state, from plain data. */
export function state(data: object): RecordValue {
  return canonical(data) as RecordValue;
}

/** A result that holds, with some of it replaced. */
export function resultWith(parts: Partial<CheckResult> = {}): CheckResult {
  return {
    spec: 'Mutex',
    constants: state({ processes: ['p1', 'p2'], rounds: 2 }),
    result: 'ok',
    distinctStates: 1234,
    generatedStates: 56789,
    skipped: 0,
    depth: 12,
    actions: { enter: { taken: 1000, distinct: 900 }, leave: { taken: 20, distinct: 3 } },
    faults: {},
    learning: { actionCalls: 45, invariantCalls: 6, audited: 0 },
    seconds: 0.5,
    statesPerSecond: 2468,
    bytesPerState: 31.4,
    peakMemoryBytes: 40_000,
    ...parts,
  };
}

/** Two processes in the critical section, after two steps. */
export const violation: Violation = {
  kind: 'invariant',
  name: 'mutualExclusion',
  parameters: state({ a: 'p1', b: 'p2' }),
  read: [
    { path: 'inside.p1', value: true },
    { path: 'inside.p2', value: true },
  ],
  trace: [
    { action: null, parameters: {}, state: state({ inside: { p1: false, p2: false }, sent: new Set() }) },
    {
      action: 'enter',
      parameters: state({ p: 'p1' }),
      state: state({ inside: { p1: true, p2: false }, sent: new Set([{ from: 'p1' }]) }),
    },
    {
      action: 'enter',
      parameters: state({ p: 'p2' }),
      state: state({ inside: { p1: true, p2: true }, sent: new Set([{ from: 'p2' }]) }),
    },
  ],
};
