/**
 * Skipping steps changes nothing but how many are skipped.
 *
 * On random specs a check with sleep sets is compared with one that follows every step, in all that they report: counts,
 * depth, coverage, verdict, counterexample. `BIVALENT_RANDOM_SPECS` sets how many specs are tried.
 */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { bind, defineSpec, nodes, when, type System } from '../spec/index.ts';
import type { PlanSchedule } from './planning.ts';
import { checked, found } from './learned.test-support.ts';
import { randomSpec } from './random-spec.test-support.ts';

const numRuns = Number(process.env['BIVALENT_RANDOM_SPECS'] ?? 300);
const limits = { maxStates: 5000 };

const schedules: fc.Arbitrary<PlanSchedule> = fc.record({
  first: fc.constantFrom(3, 10, 40, 1500),
  second: fc.constantFrom(5, 60, 12_000),
  growth: fc.constantFrom(1.2, 4),
});

test('a check that skips steps gives what one that follows all gives', { timeout: 60_000 + 500 * numRuns }, () => {
  let skipped = 0;
  fc.assert(
    fc.property(randomSpec(), schedules, ({ spec }, schedule) => {
      // Properties that end a search early hide what comes later: without them, more of the graph is compared.
      for (const system of [bind(spec), withoutBounds(bind(spec))]) {
        const all = checked(system, { limits, reduction: false });
        fc.pre(all.result !== 'incomplete');
        const some = checked(system, { limits }, schedule);
        expect(found(some)).toEqual(found(all));
        expect(all.skipped).toBe(0);
        skipped += some.skipped;
      }
    }),
    { numRuns },
  );
  expect(skipped).toBeGreaterThan(numRuns);
});

/** A system in which sleep sets apply and nothing ends the search. */
function withoutBounds(system: System): System {
  const { constraint: _c, actionConstraint: _a, afterEach: _e, ...rest } = system;
  return {
    ...rest,
    constraint: undefined,
    actionConstraint: undefined,
    afterEach: undefined,
    checksDeadlock: false,
    invariants: [],
  };
}

/** Nodes that count on their own, and may all stop. */
const counting = defineSpec({
  name: 'Counting',
  constants: { Node: nodes('n', 4) },
  init: ({ Node }) => ({ at: Object.fromEntries(Node.map((node) => [node, 0])), log: new Set<string>() }),
  actions: {
    step(s, { Node, pick }) {
      const { node } = pick({ node: Node });
      when(s.at[node]! < 3);
      s.at[node]! += 1;
    },
  },
  deadlock: false,
});

test('of independent counters each state is reached once', () => {
  const { distinctStates, generatedStates, skipped, actions } = checked(bind(counting), {});
  expect({ distinctStates, generatedStates, skipped, actions }).toEqual({
    distinctStates: 256,
    generatedStates: 769,
    // Every state but the first is reached by one step that is followed.
    skipped: 768 - 255,
    actions: { step: { taken: 768, distinct: 255 } },
  });
});

test.each([
  ['a constraint', { constraint: (s: { at: Record<string, number> }) => s.at['n1']! < 3 }],
  ['an action constraint', { actionConstraint: (_: unknown, s: { at: Record<string, number> }) => s.at['n1']! < 3 }],
  ['an afterEach', { afterEach: (s: { at: Record<string, number> }) => void (s.at['n1'] = Math.min(s.at['n1']!, 2)) }],
])('no step is skipped under %s', (_, part) => {
  const spec = defineSpec({ ...counting.definition, ...part });
  expect(checked(bind(spec), {}).skipped).toBe(0);
});

test('steps are not skipped any more where too few of many would be', () => {
  const spec = defineSpec({
    name: 'Two counters',
    init: () => ({ a: 0, b: 0 }),
    actions: {
      a(s) {
        when(s.a < 220);
        s.a += 1;
      },
      b(s) {
        when(s.b < 220);
        s.b += 1;
      },
    },
    deadlock: false,
  });
  const some = checked(bind(spec), {});
  expect(found(some)).toEqual(found(checked(bind(spec), { reduction: false })));
  // Half of the steps could be skipped, 48,400. It ends with the level on which there are 40,000 states.
  expect([some.distinctStates, some.generatedStates, some.skipped]).toEqual([48_841, 97_241, 39_622]);
});

test('a transition invariant judges the steps that are skipped', () => {
  // From n1 = 3, n2 = 2 the bad step is one that sleeps: n2 could have gone before n1.
  const spec = defineSpec({
    ...counting.definition,
    transitionInvariants: {
      inOrder: (before, after) => !(before.at['n4'] === 3 && after.at['n1'] === 3 && before.at['n1'] === 2),
    },
  });
  const some = checked(bind(spec), {});
  expect(some.skipped).toBeGreaterThan(0);
  expect(some.violation?.name).toBe('inOrder');
  expect(found(some)).toEqual(found(checked(bind(spec), { reduction: false })));
});
