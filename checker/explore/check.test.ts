import { describe, expect, test } from 'vitest';
import { bind, defineSpec, when } from '../spec/index.ts';
import { engines } from './engines.test-support.ts';
import type { CheckResult } from './index.ts';

/** A number that grows without end, from 0. */
const growing = { name: 'Growing', init: () => ({ n: 0 }), actions: { grow: (s: { n: number }) => void (s.n += 1) } };

/** The figures that do not depend on the machine. */
function counts({ result, distinctStates, generatedStates, depth }: CheckResult) {
  return { result, distinct: distinctStates, generated: generatedStates, depth };
}

/** The steps of a counterexample, and what its last state is. */
function counterexample({ violation }: CheckResult) {
  if (violation === undefined) return undefined;
  const { kind, name, parameters, trace } = violation;
  return { kind, name, parameters, steps: trace.map(({ action }) => action), last: trace.at(-1)?.state };
}

describe.each(engines)('in $name', ({ check }) => {
  describe('the counts', () => {
    test('hold initial states and every successor, repeats included', () => {
      const spec = defineSpec({
        name: 'Clock',
        init: () => ({ n: 0 }),
        actions: { tick: (s) => void (s.n = (s.n + 1) % 3), tock: (s) => void (s.n = (s.n + 1) % 3) },
      });
      expect(counts(check(bind(spec)))).toEqual({ result: 'ok', distinct: 3, generated: 7, depth: 3 });
    });

    test('hold equal successors of different picks separately', () => {
      const spec = defineSpec({
        name: 'Picks',
        init: () => ({ on: false }),
        actions: {
          flip(s, { pick }) {
            pick({ x: [1, 2, 3], y: ['a', 'b'] });
            s.on = !s.on;
          },
        },
      });
      expect(counts(check(bind(spec)))).toEqual({ result: 'ok', distinct: 2, generated: 13, depth: 2 });
    });

    test('do not hold picks from an empty domain, nor steps that a guard refuses', () => {
      const spec = defineSpec({
        name: 'Refused',
        init: () => ({ on: false, empty: new Set<number>() }),
        actions: {
          flip: (s) => void (s.on = !s.on),
          never(s, { pick }) {
            pick({ x: s.empty });
            s.on = true;
          },
          refused(s) {
            s.on = !s.on;
            when(false);
          },
        },
      });
      const result = check(bind(spec));
      expect(counts(result)).toEqual({ result: 'ok', distinct: 2, generated: 3, depth: 2 });
      expect(result.actions).toEqual({
        flip: { taken: 2, distinct: 1 },
        never: { taken: 0, distinct: 0 },
        refused: { taken: 0, distinct: 0 },
      });
    });

    test('start with every initial state, at depth 1', () => {
      const spec = defineSpec({ ...growing, init: () => [{ n: 3 }, { n: 1 }], constraint: (s) => s.n <= 4 });
      expect(counts(check(bind(spec)))).toEqual({ result: 'ok', distinct: 4, generated: 6, depth: 2 });
    });

    test('hold an initial state as often as init gives it', () => {
      const spec = defineSpec({
        ...growing,
        init: ({ pick }) => ({ n: pick({ n: [2, 3, 4] }).n % 2 }),
        constraint: (s) => s.n < 3,
      });
      expect(counts(check(bind(spec)))).toEqual({ result: 'ok', distinct: 3, generated: 6, depth: 2 });
    });

    test('take what afterEach writes as part of the step', () => {
      const spec = defineSpec({
        name: 'History',
        init: () => ({ n: 0, largest: 0 }),
        actions: { turn: (s) => void (s.n = (s.n + 2) % 3) },
        afterEach: (s, { before }) => void (s.largest = Math.max(before.largest, s.n)),
      });
      expect(counts(check(bind(spec)))).toEqual({ result: 'ok', distinct: 4, generated: 5, depth: 4 });
    });

    test('of the actions add up to those of the states', () => {
      const spec = defineSpec({
        name: 'Sums',
        init: () => [{ n: 0 }, { n: 5 }],
        actions: {
          add(s, { pick }) {
            s.n += pick({ by: [1, 2] }).by;
          },
          halve(s) {
            when(s.n % 2 === 0);
            s.n /= 2;
          },
        },
        constraint: (s) => s.n < 20,
      });
      const { generatedStates, distinctStates, actions } = check(bind(spec));
      const { add, halve } = actions;
      expect(add!.taken + halve!.taken + 2).toBe(generatedStates);
      expect(add!.distinct + halve!.distinct + 2).toBe(distinctStates);
    });
  });

  describe('a constraint', () => {
    const spec = { ...growing, constraint: (s: { n: number }) => s.n <= 3 };

    test('leaves the states beyond it generated, but neither counted nor expanded, and their predecessor no deadlock', () => {
      expect(counts(check(bind(defineSpec(spec))))).toEqual({ result: 'ok', distinct: 4, generated: 5, depth: 4 });
    });

    test('does not spare the states beyond it the invariants', () => {
      const result = check(bind(defineSpec({ ...spec, invariants: { small: (s) => s.n < 4 } })));
      expect(counts(result)).toEqual({ result: 'violation', distinct: 4, generated: 5, depth: 4 });
      expect(counterexample(result)).toEqual({
        kind: 'invariant',
        name: 'small',
        parameters: {},
        steps: [null, 'grow', 'grow', 'grow', 'grow'],
        last: { n: 4 },
      });
    });

    test('holds for initial states, too', () => {
      const some = defineSpec({ ...spec, init: () => [{ n: 3 }, { n: 9 }] });
      expect(counts(check(bind(some)))).toEqual({ result: 'ok', distinct: 1, generated: 3, depth: 1 });
      const none = defineSpec({ ...spec, init: () => ({ n: 9 }) });
      expect(counts(check(bind(none)))).toEqual({ result: 'ok', distinct: 0, generated: 1, depth: 0 });
    });
  });

  describe('an action constraint', () => {
    const spec = { ...growing, actionConstraint: (before: { n: number }) => before.n < 3 };

    test('leaves the states that it refuses generated, but neither counted nor expanded, and their predecessor no deadlock', () => {
      expect(counts(check(bind(defineSpec(spec))))).toEqual({ result: 'ok', distinct: 4, generated: 5, depth: 4 });
    });

    test('does not spare the steps that it refuses the properties', () => {
      const state = check(bind(defineSpec({ ...spec, invariants: { small: (s) => s.n < 4 } })));
      expect(counterexample(state)?.last).toEqual({ n: 4 });
      const step = check(bind(defineSpec({ ...spec, transitionInvariants: { low: (before) => before.n < 3 } })));
      expect(counterexample(step)).toEqual({
        kind: 'transition',
        name: 'low',
        parameters: {},
        steps: [null, 'grow', 'grow', 'grow', 'grow'],
        last: { n: 4 },
      });
    });

    test('refuses a step, not the state that it leads to', () => {
      const twoWays = defineSpec({
        name: 'TwoWays',
        init: () => ({ n: 0 }),
        actions: {
          jump(s) {
            when(s.n === 0);
            s.n = 2;
          },
          walk(s) {
            when(s.n < 2);
            s.n += 1;
          },
        },
        actionConstraint: (before, after) => after.n - before.n === 1,
        deadlock: false,
      });
      expect(counts(check(bind(twoWays)))).toEqual({ result: 'ok', distinct: 3, generated: 4, depth: 3 });
    });
  });

  describe('a deadlock', () => {
    const spec = defineSpec({
      name: 'Stops',
      init: () => ({ n: 0 }),
      actions: {
        grow(s) {
          when(s.n < 2);
          s.n += 1;
        },
      },
    });

    test('is a state without enabled actions', () => {
      const result = check(bind(spec));
      expect(counts(result)).toEqual({ result: 'violation', distinct: 3, generated: 3, depth: 3 });
      expect(counterexample(result)).toEqual({
        kind: 'deadlock',
        name: 'deadlock',
        parameters: {},
        steps: [null, 'grow', 'grow'],
        last: { n: 2 },
      });
    });

    test('is none where the state is terminated, and only there', () => {
      expect(check(bind(defineSpec({ ...spec.definition, terminated: (s) => s.n === 2 }))).result).toBe('ok');
      expect(check(bind(defineSpec({ ...spec.definition, terminated: (s) => s.n === 1 }))).result).toBe('violation');
    });

    test('is not looked for where the spec or the options say so', () => {
      expect(check(bind(defineSpec({ ...spec.definition, deadlock: false }))).result).toBe('ok');
      expect(check(bind(spec), { deadlock: false }).result).toBe('ok');
    });
  });

  describe('a violation', () => {
    test('is reported with a shortest counterexample, its picks and the choices of forAll', () => {
      const spec = defineSpec({
        name: 'Sums',
        init: () => ({ a: 0, b: 0 }),
        actions: {
          add(s, { pick }) {
            const { to, by } = pick({ to: ['a', 'b'] as const, by: [1, 2, 3] });
            s[to] += by;
          },
        },
        invariants: { small: (s, { forAll }) => s[forAll({ which: ['a', 'b'] as const }).which] < 5 },
      });
      // What the property read is told by the engines that track reads.
      expect(check(bind(spec)).violation).toMatchObject({
        kind: 'invariant',
        name: 'small',
        parameters: { which: 'a' },
        trace: [
          { action: null, parameters: {}, state: { a: 0, b: 0 } },
          { action: 'add', parameters: { to: 'a', by: 2 }, state: { a: 2, b: 0 } },
          { action: 'add', parameters: { to: 'a', by: 3 }, state: { a: 5, b: 0 } },
        ],
      });
    });

    test('in an initial state ends the search after the initial states', () => {
      const spec = defineSpec({
        ...growing,
        init: () => [{ n: 2 }, { n: 1 }],
        invariants: { odd: (s) => s.n % 2 === 1 },
      });
      const result = check(bind(spec));
      expect(counts(result)).toEqual({ result: 'violation', distinct: 2, generated: 2, depth: 1 });
      expect(counterexample(result)?.last).toEqual({ n: 2 });
    });

    test('is that of the first of several initial states that break properties', () => {
      const spec = defineSpec({
        ...growing,
        init: () => [{ n: 1 }, { n: 2 }],
        invariants: { notTwo: (s) => s.n !== 2, small: (s) => s.n < 1 },
      });
      expect(counterexample(check(bind(spec)))).toMatchObject({ name: 'small', last: { n: 1 } });
    });

    test('ends the search at the end of its level; the first by parent, action and picks is reported', () => {
      const spec = defineSpec({
        name: 'Level',
        init: () => [{ n: 10 }, { n: 20 }],
        actions: {
          first(s, { pick }) {
            when(s.n >= 10);
            s.n = -pick({ x: [1, 3] }).x;
          },
          second(s, { pick }) {
            when(s.n >= 10);
            s.n = -pick({ x: [2, 4] }).x;
          },
        },
        invariants: { notThree: (s) => s.n !== -3, notTwo: (s) => s.n !== -2, notThreeAgain: (s) => s.n !== -3 },
      });
      const result = check(bind(spec));
      expect(counts(result)).toEqual({ result: 'violation', distinct: 6, generated: 10, depth: 2 });
      expect(counterexample(result)).toEqual({
        kind: 'invariant',
        name: 'notThree',
        parameters: {},
        steps: [null, 'first'],
        last: { n: -3 },
      });
    });

    test('that is a deadlock of the level comes before an invariant that a step from the level breaks', () => {
      const spec = defineSpec({
        name: 'Both',
        init: () => [{ n: 0 }, { n: 1 }],
        actions: {
          grow(s) {
            when(s.n === 0);
            s.n = 5;
          },
        },
        invariants: { small: (s) => s.n < 5 },
      });
      expect(counterexample(check(bind(spec)))).toMatchObject({ kind: 'deadlock', steps: [null], last: { n: 1 } });
    });

    test('of a transition invariant is found on steps to states that are known already', () => {
      const spec = defineSpec({
        name: 'Back',
        init: () => ({ n: 0 }),
        actions: { turn: (s) => void (s.n = (s.n + 1) % 3) },
        transitionInvariants: { grows: (before, after) => after.n > before.n },
      });
      expect(counterexample(check(bind(spec)))).toMatchObject({
        kind: 'transition',
        name: 'grows',
        steps: [null, 'turn', 'turn', 'turn'],
        last: { n: 0 },
      });
    });
  });

  describe('a limit', () => {
    const circle = defineSpec({
      name: 'Circle',
      init: () => ({ n: 0 }),
      actions: { turn: (s) => void (s.n = (s.n + 1) % 10) },
    });

    test('of states ends the search when there is one more', () => {
      expect(check(bind(circle), { limits: { maxStates: 10 } }).result).toBe('ok');
      const result = check(bind(circle), { limits: { maxStates: 9 } });
      expect(counts(result)).toEqual({ result: 'incomplete', distinct: 9, generated: 10, depth: 9 });
      expect(result.reason).toBe('stopped at 9 states (--max-states 9)');
    });

    test('of depth leaves the states of that depth unexpanded', () => {
      const result = check(bind(circle), { limits: { maxDepth: 4 } });
      expect(counts(result)).toEqual({ result: 'incomplete', distinct: 4, generated: 4, depth: 4 });
      expect(result.reason).toBe('stopped at depth 4 (--max-depth 4) with 1 state left to expand');
    });

    test('of depth is not known to be the end, even where it is', () => {
      expect(check(bind(circle), { limits: { maxDepth: 10 } }).result).toBe('incomplete');
      expect(check(bind(circle), { limits: { maxDepth: 11 } }).result).toBe('ok');
    });

    test('of time ends the search', () => {
      const result = check(bind(defineSpec(growing)), { limits: { timeMs: 20 } });
      expect(result.result).toBe('incomplete');
      expect(result.reason).toBe('stopped after 0.02 s (--time-limit 0.02s)');
    });

    test('of memory ends the search', () => {
      const result = check(bind(defineSpec(growing)), { limits: { memoryBytes: 512 * 1024 } });
      expect(result.result).toBe('incomplete');
      expect(result.reason).toBe('stopped at 512 KiB of tables (--memory-limit 512k)');
      expect(result.peakMemoryBytes).toBeGreaterThanOrEqual(512 * 1024);
    });

    test('that is reached on the level of a violation leaves it a violation', () => {
      const spec = defineSpec({ ...growing, invariants: { small: (s) => s.n < 5 } });
      expect(check(bind(spec), { limits: { maxStates: 5 } })).toMatchObject({ result: 'violation' });
      expect(check(bind(spec), { limits: { maxStates: 4 } })).toMatchObject({ result: 'incomplete' });
    });
  });
});
