import * as fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { bind, type System } from '../spec/index.ts';
import { expectReal } from './counterexample.test-support.ts';
import { simpleExplorer } from './engines.test-support.ts';
import { finish, swarm } from './index.ts';
import { early } from './learned.test-support.ts';
import type { CheckResult } from './result.ts';
import { RandomSpec, randomSpec } from './random-spec.test-support.ts';
import { Swarm, type SwarmOptions } from './swarm.ts';

const numRuns = Number(process.env['BIVALENT_RANDOM_SPECS'] ?? 120);

/** Many specs take long. */
vi.setConfig({ testTimeout: Math.max(60_000, numRuns * 500) });

/** A swarm that plans its rows early, and again and again. */
function planned(system: System, options: SwarmOptions): CheckResult {
  return finish(new Swarm(system, options, early));
}

/** What may not depend on how rows are stored. */
function found({ result, reason, distinctStates, generatedStates, depth, actions, violation, swarm }: CheckResult) {
  return { result, reason, distinctStates, generatedStates, depth, actions, violation, swarm };
}

/** Several ways lead to what is wrong, equally long, and tables list their steps as rows happen to be stored. */
const equallyLong = new RandomSpec(`defineSpec({
  name: 'EquallyLong',
  init: () => ({ a: new Map(), b: 0, c: 0 }),
  actions: {
    set(s) {
      s.a.set(0, s.a.get(s.b) ?? 0);
    },
    turn(s) {
      s.b = (s.b + 1) % 3;
      s.c = 0;
    },
  },
  transitionInvariants: { step: (before, after) => !(before.a.has(0) && after.a.has(0)) },
})`);

describe('on random specs', () => {
  test('a swarm finds only what is there, and all of it where a search saw every state', () => {
    fc.assert(
      fc.property(randomSpec(), fc.nat(), ({ spec }, seed) => {
        const system = bind(spec);
        // No state lies too deep for any search, and one of two goes depth first. The check ends with the level on which
        // something is wrong: there may be more states than it has seen.
        const unjudged = { ...system, invariants: [], transitionInvariants: [], checksDeadlock: false };
        fc.pre(simpleExplorer.check(unjudged, { limits: { maxStates: 99 } }).result === 'ok');
        const whole = simpleExplorer.check(system);
        const sample = swarm(system, { searches: 2, seed, audit: 'all', limits: { maxStates: 300 } });
        expect(sample.result).toBe(whole.result === 'ok' ? 'incomplete' : 'violation');
        if (sample.violation !== undefined) {
          expectReal(system, sample.violation);
          expect(sample.violation.trace.length).toBeGreaterThanOrEqual(whole.violation!.trace.length);
        } else {
          expect(sample.distinctStates).toBe(whole.distinctStates);
          expect(sample.reason).toContain('saw every state that it could reach');
        }
      }),
      { numRuns },
    );
  });

  test('what a swarm finds does not depend on how its states are stored', () => {
    fc.assert(
      fc.property(randomSpec(), fc.nat(), fc.integer({ min: 4, max: 60 }), ({ spec }, seed, maxStates) => {
        const system = bind(spec);
        const options: SwarmOptions = { searches: 4, seed, audit: 'none', limits: { maxStates } };
        expect(found(planned(system, options))).toEqual(found(swarm(system, options)));
      }),
      { numRuns: Math.ceil(numRuns / 2), examples: [[equallyLong, 2130706411, 25]] },
    );
  });
});
