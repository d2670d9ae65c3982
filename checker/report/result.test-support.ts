/** Results written by hand, so that the tests of reports know every figure. */
import type { CheckResult, Sample, Violation } from '../explore/index.ts';
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

/** A run of three seconds, in four samples. */
export const samples: readonly Sample[] = [
  { seconds: 0.1, distinctStates: 40, generatedStates: 90, level: 2, frontier: 30, memoryBytes: 2_000_000 },
  {
    seconds: 1,
    distinctStates: 400_000,
    generatedStates: 1_100_000,
    level: 7,
    frontier: 250_000,
    memoryBytes: 9_000_000,
  },
  {
    seconds: 2,
    distinctStates: 900_000,
    generatedStates: 3_000_000,
    level: 9,
    frontier: 90_000,
    memoryBytes: 21_000_000,
  },
  {
    seconds: 3,
    distinctStates: 1_000_000,
    generatedStates: 3_500_000,
    level: 12,
    frontier: 0,
    memoryBytes: 24_000_000,
  },
];

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
