/**
 * The compiled loop changes nothing but the time that a check takes.
 *
 * Checks that use it from an early state on are compared with such as never do. `BIVALENT_RANDOM_SPECS` sets how many
 * random specs are tried.
 */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadLibrary } from '../../specs/library.test-support.ts';
import { bind, defineSpec, when, type System } from '../spec/index.ts';
import { checked, found } from './learned.test-support.ts';
import type { SearchOptions } from './options.ts';
import { randomSpec } from './random-spec.test-support.ts';

const numRuns = Number(process.env['BIVALENT_RANDOM_SPECS'] ?? 200);

/** What a check finds, and what it learned for that, with the loop from so many states on. */
function foundFrom(system: System, compiledFrom: number, options: SearchOptions = {}) {
  const schedule = { first: 8, second: 30, growth: 1.5, compiledFrom };
  const result = checked(system, options, schedule);
  return { ...found(result), skipped: result.skipped, reason: result.reason, calls: result.learning.actionCalls };
}

function expectNoDifference(system: System, compiledFrom: number, options: SearchOptions = {}): void {
  expect(foundFrom(system, compiledFrom, options)).toEqual(foundFrom(system, Infinity, options));
}

test('random specs give the same with it and without', { timeout: 60_000 + 500 * numRuns }, () => {
  const options: fc.Arbitrary<SearchOptions> = fc.record({
    reduction: fc.boolean(),
    limits: fc.record({ maxStates: fc.integer({ min: 20, max: 2000 }) }),
  });
  fc.assert(
    fc.property(randomSpec(), fc.integer({ min: 0, max: 40 }), options, ({ spec }, compiledFrom, chosen) => {
      expectNoDifference(bind(spec), compiledFrom, chosen);
    }),
    { numRuns },
  );
});

const library = await loadLibrary();

describe.each(['paxos', 'raft', 'total-order-broadcast', 'two-phase-commit'])('%s', (name) => {
  const { spec } = library.find((entry) => entry.name === name)!;

  test.each([true, false])('gives the same with it and without; steps skipped: %s', (reduction) => {
    expectNoDifference(bind(spec), 100, { reduction, limits: { maxStates: 20_000 } });
  });
});

/** A counter, and in the middle of its way a choice among very many pairs. */
const wide = (size: number) =>
  defineSpec({
    name: 'Wide',
    constants: { Digit: Array.from({ length: size }, (_, i) => i) },
    init: () => ({ at: 0, chosen: 0 }),
    actions: {
      choose(s, { Digit, pick }) {
        when(s.at === 2 && s.chosen === 0);
        const { a, b } = pick({ a: Digit, b: Digit });
        s.chosen = size * a + b;
      },
      step(s) {
        when(s.at < 4);
        s.at += 1;
      },
    },
    deadlock: false,
  });

test.each([
  ['grows the batch', 100],
  ['is left', 130],
])('a state with so many steps that it %s has all of them', (_, size) => {
  for (const reduction of [true, false]) expectNoDifference(bind(wide(size)), 0, { reduction });
});

/** Two counters that stop at nine; what fails is given. */
const failing = (parts: {
  readonly b?: (s: { a: number; b: number }) => void;
  readonly isSmall?: (s: { readonly a: number; readonly b: number }) => boolean;
  readonly terminated?: () => boolean;
}) =>
  defineSpec({
    name: 'Failing',
    init: () => ({ a: 0, b: 0 }),
    actions: {
      a(s) {
        when(s.a < 9);
        s.a += 1;
      },
      b(s) {
        parts.b?.(s);
        when(s.b < 9);
        s.b += 1;
      },
    },
    invariants: { isSmall: (s) => parts.isSmall?.(s) ?? true },
    terminated: () => parts.terminated?.() ?? true,
  });

function fail(message: string): never {
  throw new Error(message);
}

test.each([
  ['an action', failing({ b: (s) => void (s.a === 5 && s.b === 5 && fail('here')) }), { a: 5, b: 5 }],
  ['an invariant', failing({ isSmall: (s) => (s.a === 7 && s.b === 7 ? fail('here') : true) }), { a: 7, b: 7 }],
  ['terminated', failing({ terminated: () => fail('here') }), { a: 9, b: 9 }],
])('what %s throws is reported for the same state', (_, spec, state) => {
  const reported = [Infinity, 0].map((compiledFrom) => {
    try {
      return foundFrom(bind(spec), compiledFrom);
    } catch (error) {
      const { message, details } = error as { message: string; details: { state: unknown } };
      return { message, state: details.state };
    }
  });
  expect(reported[1]).toEqual(reported[0]);
  expect(reported[1]).toMatchObject({ message: expect.stringContaining('here') as string, state });
});
