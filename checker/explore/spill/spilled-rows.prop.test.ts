/** A check whose states are on disk reports what it reports with all states in memory. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { bind, type System } from '../../spec/index.ts';
import { BreadthFirst } from '../breadth-first.ts';
import type { CheckOptions } from '../options.ts';
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

function run(system: System, options: CheckOptions, schedule?: PlanSchedule): CheckResult {
  const run = new BreadthFirst(system, { audit: 'none', ...options }, schedule);
  while (!run.advance(Infinity));
  return run.result('');
}

/** All of a result that does not depend on time and memory. */
function found(result: CheckResult) {
  const {
    seconds: _s,
    statesPerSecond: _r,
    bytesPerState: _b,
    peakMemoryBytes: _p,
    learning: _l,
    disk: _d,
    samples: _m,
    ...rest
  } = result;
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
        const inMemory = run(system, options, schedule);
        const onDisk = run(
          system,
          { ...options, disk: { tapes: new MemoryTapes(), limitBytes: Infinity, ...tuning } },
          schedule,
        );
        expect(found(onDisk)).toEqual(found(inMemory));
        if (onDisk.disk !== undefined) spilled++;
      },
    ),
    { numRuns },
  );
  expect(spilled).toBeGreaterThan(numRuns / 4);
});
