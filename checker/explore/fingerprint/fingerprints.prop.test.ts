/** A search that keeps fingerprints finds what one finds that keeps states. */
import * as fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { BivalentError } from '../../core/index.ts';
import { bind, defineSpec, mapOf, nodes, when, type System } from '../../spec/index.ts';
import { startCheck } from '../../property/index.ts';
import type { CheckpointTarget } from '../checkpoint.ts';
import { expectReal } from '../counterexample.test-support.ts';
import { finish, startSearch } from '../index.ts';
import { checked } from '../learned.test-support.ts';
import type { SearchOptions } from '../options.ts';
import type { PlanSchedule } from '../planning.ts';
import { randomSpec } from '../random-spec.test-support.ts';
import type { CheckResult } from '../result.ts';

const numRuns = Number(process.env['BIVALENT_RANDOM_SPECS'] ?? 100);

/** Many specs take long. */
vi.setConfig({ testTimeout: Math.max(60_000, numRuns * 500) });

/** Fingerprints are kept from the beginning on, and rows are planned anew after that. */
const early: PlanSchedule = { first: 2, second: 10, growth: 1.2, compiledFrom: 5 };

function run(system: System, options: SearchOptions): CheckResult {
  return checked(system, options, early);
}

/** What must be the same. */
function found({
  result,
  reason,
  distinctStates,
  generatedStates,
  skipped,
  depth,
  actions,
  violation,
  levels,
}: CheckResult) {
  return { result, reason, distinctStates, generatedStates, skipped, depth, actions, violation, levels };
}

const fingerprint = { fromStates: 1 };

/** States in a row. */
const lineOf = (length: number) => ({
  name: 'Line',
  init: () => ({ x: 0 }),
  actions: {
    on(s: { x: number }) {
      when(s.x < length);
      s.x += 1;
    },
  },
  deadlock: false as const,
});

const noTarget: CheckpointTarget = { restart: () => {}, append: () => {}, commit: () => {}, abandon: () => {} };

describe('on random specs', () => {
  test('a search that keeps fingerprints gives the result of one that does not', () => {
    fc.assert(
      fc.property(randomSpec(), fc.nat(), fc.boolean(), ({ spec }, seed, reduction) => {
        const system = bind(spec);
        const limits = { maxStates: 3000 };
        const kept = run(system, { limits, reduction, seed, fingerprint });
        expect(found(kept)).toEqual(found(run(system, { limits, reduction })));
        if (kept.violation !== undefined) expectReal(system, kept.violation);
      }),
      { numRuns },
    );
  });
});

/** Every point of a square is a state; a point that is taken for another is reached another way only to be taken for it again. */
const square = (side: number): System =>
  bind(
    defineSpec({
      name: 'Square',
      init: () => ({ x: 0, y: 0 }),
      actions: {
        right(s) {
          when(s.x < side - 1);
          s.x += 1;
        },
        up(s) {
          when(s.y < side - 1);
          s.y += 1;
        },
      },
      deadlock: false,
    }),
  );

const median = (numbers: readonly number[]): number => numbers.toSorted((a, b) => a - b)[numbers.length >> 1]!;

describe('fingerprints of 16 bits', () => {
  const form = { fromStates: 1, bits: 16 };
  const seeds = Array.from({ length: 200 }, (_, seed) => seed);

  test('lose as many states as random numbers would, in no more runs', () => {
    const system = square(20);
    const lost = seeds.map((seed) => {
      const { distinctStates } = run(system, { seed, fingerprint: form, reduction: false });
      // Now and then a whole column is taken for another, and all that lies behind it is lost, too: that counts as ten.
      return Math.min(10, 400 - distinctStates);
    });
    const mean = lost.reduce((a, b) => a + b, 0) / seeds.length;
    const share = lost.filter((states) => states > 0).length / seeds.length;
    // 400 · 399 / 2¹⁷ pairs are equal. They come in twos, where x differs as y does: so fewer runs have any.
    expect(Math.abs(mean - 1.218)).toBeLessThan(0.45);
    expect(share).toBeGreaterThan(0.3);
    expect(share).toBeLessThan(1 - Math.exp(-1.218));
  });

  test('are as close together as their estimate says', () => {
    const system = square(10);
    const figures = seeds.map((seed) => run(system, { seed, fingerprint: form, reduction: false }).fingerprints!);
    const [calculated, birthday, observed] = (['calculated', 'birthday', 'observed'] as const).map((name) =>
      median(figures.map((figure) => figure[name])),
    ) as [number, number, number];
    // 100 · (181 - 100) / 2¹⁶, and 1 - exp(-100 · 99 / 2¹⁷).
    expect(calculated).toBeCloseTo(0.124, 3);
    expect(birthday).toBeCloseTo(0.0727, 3);
    expect(observed / calculated).toBeGreaterThan(0.5);
    expect(observed / calculated).toBeLessThan(4);
  });
});

describe('with fingerprints', () => {
  test('states that count as one are kept once', () => {
    const symmetric = bind(
      defineSpec({
        name: 'Symmetric',
        constants: { N: nodes('n', 4, { symmetric: true }) },
        init: ({ N }) => ({ count: mapOf(N, () => 0) as Record<string, number> }),
        actions: {
          step(s, { N, pick }) {
            const { n } = pick({ n: N });
            when(s.count[n]! < 3);
            s.count[n]! += 1;
          },
        },
        invariants: { low: (s) => Object.values(s.count).some((count) => count < 3) },
      }),
    );
    const whole = finish(startCheck(symmetric, { symmetry: 'exact' }));
    const kept = finish(startCheck(symmetric, { symmetry: 'exact', fingerprint }));
    expect(found(kept)).toEqual(found(whole));
    expect(kept.violation!.trace).toHaveLength(13);
  });

  test('what needs all states is not judged', () => {
    const spec = defineSpec({ ...lineOf(30), reachable: { end: (s) => s.x === 30 } });
    expect(finish(startCheck(bind(spec), { fingerprint }))).toMatchObject({
      result: 'incomplete',
      reason:
        'properties of behaviours and what must be possible are not judged under --fingerprint, which keeps no states',
      notes: ['not judged: end'],
      distinctStates: 31,
    });
  });

  test('a counterexample is found again along states that are gone', () => {
    const spec = defineSpec({ ...lineOf(4000), invariants: { low: (s) => s.x < 3999 } });
    const { violation } = run(bind(spec), { fingerprint, limits: {} });
    expect(violation!.trace.map(({ state }) => state['x'])).toEqual(Array.from({ length: 4000 }, (_, x) => x));
  });

  test('few states are compared whole all the same, and the result says so', () => {
    const { result, fingerprints, notes } = finish(startCheck(bind(defineSpec(lineOf(100))), { fingerprint: true }));
    expect({ result, fingerprints }).toEqual({ result: 'ok', fingerprints: undefined });
    expect(notes).toEqual(['no fingerprints were needed: states are so few that all were compared whole']);
  });

  test.each<[SearchOptions, string]>([
    [{ checkpoints: { target: noTarget, everyMs: 1 } }, '--checkpoint and --resume'],
    [{ choice: () => ({ candidates: () => [], isOutgrown: () => false, refusal: undefined }) }, '--partial-order'],
  ])('what needs states is refused: %j', (options, name) => {
    expect(() => startSearch(bind(defineSpec(lineOf(3))), { ...options, fingerprint })).toThrow(
      new BivalentError(
        'usage/arguments',
        `${name} cannot be had with --fingerprint, which keeps no states: leave one of the two out`,
      ),
    );
  });
});
