import * as fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { bind } from '../spec/index.ts';
import { expectReal } from './counterexample.test-support.ts';
import { simpleExplorer } from './engines.test-support.ts';
import { simulate } from './index.ts';
import { randomSpec } from './random-spec.test-support.ts';

const numRuns = Number(process.env['BIVALENT_RANDOM_SPECS'] ?? 300);

/** Many specs take long. */
vi.setConfig({ testTimeout: Math.max(60_000, numRuns * 500) });

describe('on random specs', () => {
  test('simulation finds only what is there', () => {
    fc.assert(
      fc.property(randomSpec(), fc.nat(), ({ spec }, seed) => {
        const system = bind(spec);
        const whole = simpleExplorer.check(system, { limits: { maxStates: 500 } });
        fc.pre(whole.result !== 'incomplete');
        const sample = simulate(system, { walks: 10, depth: 20, seed });
        if (sample.violation !== undefined) {
          expectReal(system, sample.violation);
          expect(whole.result).toBe('violation');
          expect(sample.violation.trace.length).toBeGreaterThanOrEqual(whole.violation!.trace.length);
        } else if (whole.result === 'ok') {
          expect(sample.distinctStates).toBeLessThanOrEqual(whole.distinctStates);
        }
      }),
      { numRuns },
    );
  });
});
