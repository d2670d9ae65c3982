/** A check whose states are on disk reports what it reports with all states in memory. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { bind } from '../../spec/index.ts';
import raft from '../../../specs/raft/raft.ts';
import twoPhaseCommit from '../../../specs/two-phase-commit/two-phase-commit.ts';
import { check } from '../../property/index.ts';
import { expectReal } from '../counterexample.test-support.ts';
import { checked } from '../learned.test-support.ts';
import type { PlanSchedule } from '../planning.ts';
import { randomSpec } from '../random-spec.test-support.ts';
import type { CheckResult } from '../result.ts';
import { MemoryTapes } from './memory-tapes.test-support.ts';
import type { Disk } from './spilled-rows.ts';

const numRuns = Number(process.env['BIVALENT_RANDOM_SPECS'] ?? 150);

const schedules: fc.Arbitrary<PlanSchedule> = fc.record({
  first: fc.constantFrom(3, 10, 1500),
  second: fc.constantFrom(5, 60, 12_000),
  growth: fc.constantFrom(1.2, 4),
});

const tunings: fc.Arbitrary<Omit<Disk, 'tapes' | 'limitBytes'>> = fc.record({
  fromStates: fc.constantFrom(0, 1, 5, 50),
  gathered: fc.constantFrom(1, 3, 64, 1000),
  blockWords: fc.constantFrom(1, 4, 16),
  fanIn: fc.constantFrom(2, 3, 8),
});

function onDisk(tuning: Omit<Disk, 'tapes' | 'limitBytes'>, tapes = new MemoryTapes()): { disk: Disk } {
  return { disk: { tapes, limitBytes: Infinity, ...tuning } };
}

/** All of a result that does not depend on time and memory. */
function found(result: CheckResult) {
  const { seconds: _s, statesPerSecond: _r, bytesPerState: _b, peakMemoryBytes: _p, ...others } = result;
  const { learning: _l, disk: _d, samples: _m, ...rest } = others;
  return rest;
}

test('on random specs', { timeout: 60_000 + 1000 * numRuns }, () => {
  let spilled = 0;
  fc.assert(
    fc.property(
      randomSpec(),
      schedules,
      tunings,
      fc.boolean(),
      fc.constantFrom(30, 200, 2000),
      ({ spec }, schedule, tuning, reduction, maxStates) => {
        const system = bind(spec);
        const options = { reduction, limits: { maxStates } };
        const result = checked(system, { ...options, ...onDisk(tuning) }, schedule);
        expect(found(result)).toEqual(found(checked(system, options, schedule)));
        if (result.disk !== undefined) spilled++;
      },
    ),
    { numRuns },
  );
  expect(spilled).toBeGreaterThan(numRuns / 4);
});

test('on random specs, every answer audited', { timeout: 60_000 + 1000 * numRuns }, () => {
  fc.assert(
    fc.property(randomSpec(), schedules, tunings, ({ spec }, schedule, tuning) => {
      const system = bind(spec);
      const options = { audit: 'all', limits: { maxStates: 200 } } as const;
      const result = checked(system, { ...options, ...onDisk(tuning) }, schedule);
      expect(found(result)).toEqual(found(checked(system, { limits: options.limits })));
    }),
    { numRuns: Math.ceil(numRuns / 5) },
  );
});

test('a full disk, or an upper bound on it, ends a search with counts and a verdict that are true', () => {
  let ended = 0;
  fc.assert(
    fc.property(
      randomSpec(),
      schedules,
      tunings,
      fc.integer({ min: 10, max: 1500 }),
      fc.boolean(),
      ({ spec }, schedule, tuning, bytes, isFull) => {
        const system = bind(spec);
        const whole = checked(system, { limits: { maxStates: 2000 } }, schedule);
        fc.pre(whole.reason === undefined);
        const { disk } = onDisk(tuning, isFull ? new MemoryTapes(bytes) : new MemoryTapes());
        const limitBytes = isFull ? Infinity : bytes;
        const cut = checked(system, { disk: { ...disk, limitBytes } }, schedule);
        if (!isFull) expect(disk.tapes.peakBytes).toBeLessThanOrEqual(bytes);
        if (cut.reason === undefined) {
          expect(found(cut)).toEqual(found(whole));
          return;
        }
        ended++;
        expect(cut.reason).toMatch(
          /^(stopped at|these states take more than) .* of files \(--disk-limit .*\)$|^the tapes are full$/,
        );
        expect(cut.distinctStates).toBeLessThanOrEqual(whole.distinctStates);
        expect(cut.depth).toBeLessThanOrEqual(whole.depth);
        expect(cut.result).toBe(cut.violation === undefined ? 'incomplete' : 'violation');
        // What is found before the end of its level need not be what is reported of the whole level.
        if (cut.violation === undefined) return;
        expect(whole.result).toBe('violation');
        expect(cut.violation.trace.length).toBe(whole.violation?.trace.length);
        expectReal(system, cut.violation);
      },
    ),
    { numRuns },
  );
  expect(ended).toBeGreaterThan(numRuns / 10);
});

const library = [
  ['two-phase commit', bind(twoPhaseCommit, { constants: { RM: 6 } }), {}],
  ['all steps of two-phase commit', bind(twoPhaseCommit, { constants: { RM: 6 } }), { reduction: false }],
  ['a mutant', bind(twoPhaseCommit, { mutant: 'the TM commits on a majority', constants: { RM: 6 } }), {}],
  ['Raft', bind(raft, { model: 'two-terms' }), {}],
] as const;

test.each(library)('%s in a tenth of the memory', (_, system, options) => {
  const inMemory = checked(system, options);
  for (const gathered of [500, 20_000]) {
    const result = checked(system, { ...options, ...onDisk({ fromStates: 4000, gathered }) });
    expect(found(result)).toEqual(found(inMemory));
    expect(result.disk?.states).toBe(result.distinctStates);
  }
});

test('a limit on memory sends states to disk, and is kept', () => {
  const system = bind(twoPhaseCommit, { constants: { RM: 6 } });
  const memoryBytes = 1 << 20;
  const result = checked(system, { limits: { memoryBytes }, ...onDisk({}) });
  expect(found(result)).toEqual(found(checked(system, {})));
  expect(result.disk?.states).toBe(result.distinctStates);
  expect(result.peakMemoryBytes).toBeLessThan(1.2 * memoryBytes);
});

test('states that count as one do so on disk', () => {
  const system = bind(twoPhaseCommit, { constants: { RM: 6 } });
  const options = { symmetry: 'exact' } as const;
  const expected = check(system, options);
  const result = check(system, { ...options, ...onDisk({ fromStates: 50, gathered: 30, blockWords: 8 }) });
  expect(found(result)).toEqual(found(expected));
  expect(result.disk?.states).toBe(expected.distinctStates);
});

test('what must be possible is judged of states on disk, and what takes all steps is not', () => {
  const system = bind(twoPhaseCommit, { constants: { RM: 4, judgeBehaviours: true } });
  const expected = check(system, {});
  expect(expected.result).toBe('ok');
  const { result, reason, distinctStates } = check(system, onDisk({ fromStates: 1000 }));
  expect([result, reason, distinctStates]).toEqual([
    'incomplete',
    'temporal properties and refinements are not judged under --disk-limit once there are states on disk, where steps would take too long to find',
    expected.distinctStates,
  ]);
});

test('what cannot be had on disk is refused', () => {
  const system = bind(twoPhaseCommit, { constants: { RM: 3 } });
  expect(() => check(system, { ...onDisk({}), fingerprint: true })).toThrow(
    '--disk-limit cannot be had with --fingerprint, which keeps no states: leave one of the two out',
  );
  expect(() => check(system, { ...onDisk({}), partialOrder: true })).toThrow(
    '--partial-order cannot be had with --disk-limit, where states are found many at once, and in no other run: leave one of the two out',
  );
});
