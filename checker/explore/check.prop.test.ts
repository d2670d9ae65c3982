/**
 * The law of engines: on random specs, an engine gives what a naive explorer gives, and what it reports is real.
 *
 * `BIVALENT_RANDOM_SPECS` sets how many specs are tried; a failure prints the spec, and the seed that brings it back.
 */
import * as fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { bind, evaluate, type System } from '../spec/index.ts';
import { expectReal } from './counterexample.test-support.ts';
import { engines, simpleExplorer, withoutTimes } from './engines.test-support.ts';
import type { CheckResult } from './index.ts';
import { explore } from './naive.test-support.ts';
import { randomSpec } from './random-spec.test-support.ts';

const numRuns = Number(process.env['BIVALENT_RANDOM_SPECS'] ?? 300);

/** Many specs take long. */
vi.setConfig({ testTimeout: Math.max(60_000, numRuns * 500) });

/** Specs with more states are left out. */
const cap = 2000;

describe.each(engines)('on random specs $name', ({ start, check }) => {
  test('gives the counts, the depth and the violation of a naive explorer', () => {
    fc.assert(
      fc.property(randomSpec(), ({ spec }) => {
        const system = bind(spec);
        const expected = explore(system, cap);
        fc.pre(expected !== undefined);
        const result = check(system);
        expect(figuresOf(result)).toEqual(expected);
        if (result.violation !== undefined) expectReal(system, result.violation);
        expectSums(system, result);
      }),
      { numRuns },
    );
  });

  test('gives the same result in slices as at once', () => {
    fc.assert(
      fc.property(randomSpec(), fc.nat({ max: 20 }), ({ spec }, maxDepth) => {
        const system = bind(spec);
        const options = { limits: { maxStates: 200, maxDepth: maxDepth + 1 } };
        const run = start(system, options);
        while (!run.advance(0));
        expect(withoutTimes(run.result(''))).toEqual(withoutTimes(check(system, options)));
      }),
      { numRuns: Math.ceil(numRuns / 3) },
    );
  });
});

describe.each(engines.slice(1))('on random specs $name', ({ check }) => {
  test('gives the coverage and the counterexample of the simple explorer', () => {
    fc.assert(
      fc.property(randomSpec(), ({ spec }) => {
        const system = bind(spec);
        const options = { limits: { maxStates: cap } };
        const expected = simpleExplorer.check(system, options);
        // Which states a limit cuts off is not the same for all.
        fc.pre(expected.result !== 'incomplete');
        expect(foundBy(check(system, options))).toEqual(foundBy(expected));
      }),
      { numRuns },
    );
  });
});

function figuresOf({ distinctStates, generatedStates, depth, violation }: CheckResult) {
  const found = violation && { name: violation.name, states: violation.trace.length };
  return { distinct: distinctStates, generated: generatedStates, depth, violation: found };
}

/** What was found, without what only some engines know: how it was learned, what was read, how much memory it took. */
function foundBy({ result, reason, actions, violation }: CheckResult) {
  return { result, reason, actions, violation: violation && { ...violation, read: [] } };
}

/** The counts of the actions add up. */
function expectSums(system: System, result: CheckResult): void {
  const actions = Object.values(result.actions);
  const taken = actions.reduce((sum, action) => sum + action.taken, 0);
  const distinct = actions.reduce((sum, action) => sum + action.distinct, 0);
  const within = system.initialStates.filter(
    (state) => system.constraint === undefined || evaluate(system.constraint, state).holds,
  );
  expect({ generated: taken + system.initialCount, distinct: distinct + within.length }).toEqual({
    generated: result.generatedStates,
    distinct: result.distinctStates,
  });
}
