/** A spec that keeps something outside its state is found out. */
import { describe, expect, test } from 'vitest';
import { BivalentError } from '../core/index.ts';
import { bind, defineSpec, when, type Spec } from '../spec/index.ts';
import { show, type Value } from '../value/index.ts';
import { withoutTimes } from './engines.test-support.ts';
import { check } from '../property/index.ts';
import type { Audit } from './options.ts';

const init = () => ({ a: 0, b: 0 });
const actions = {
  left: (s: { a: number }) => void (s.a = (s.a + 1) % 7),
  right: (s: { b: number }) => void (s.b = (s.b + 1) % 7),
};
const pure = { name: 'Hidden', init, actions };

/** Specs that remember something beside the state: each time a spec is made it starts to remember anew. */
const impure: Readonly<Record<string, () => Spec<object, ReturnType<typeof init>>>> = {
  'a counter that an action reads': () => {
    let calls = 0;
    return defineSpec({
      ...pure,
      actions: { ...actions, jump: (s) => void (s.a = calls++ % 5) },
    });
  },
  'a counter that disables an action': () => {
    let calls = 0;
    return defineSpec({
      ...pure,
      actions: {
        ...actions,
        seldom(s) {
          when(++calls % 4 === 0);
          s.a = 0;
        },
      },
    });
  },
  'elements to pick from': () => {
    const offered = new Set([0]);
    return defineSpec({
      ...pure,
      actions: {
        ...actions,
        jump(s, { pick }) {
          offered.add(offered.size % 6);
          s.a = pick({ a: [...offered] }).a;
        },
      },
    });
  },
  'answers that are remembered for a state that looks the same': () => {
    const known = new Map<number, number>();
    return defineSpec({
      ...pure,
      actions: {
        ...actions,
        jump(s) {
          s.a = known.get(s.a) ?? s.a;
          known.set(s.a, (s.a + 2) % 7);
        },
      },
    });
  },
  'a counter in afterEach': () => {
    let steps = 0;
    return defineSpec({ ...pure, afterEach: (s) => void (s.b = ++steps % 3) });
  },
  'a counter in an invariant': () => {
    let calls = 0;
    return defineSpec({ ...pure, invariants: { holds: (s) => s.a < 9 && ++calls < 20 } });
  },
  'a counter in a transition invariant': () => {
    let calls = 0;
    return defineSpec({ ...pure, transitionInvariants: { holds: (s) => s.a < 9 && ++calls < 60 } });
  },
  'a counter in the constraint': () => {
    let calls = 0;
    return defineSpec({ ...pure, constraint: (s) => s.a < 9 && ++calls < 25 });
  },
  'a counter in the action constraint': () => {
    let calls = 0;
    return defineSpec({ ...pure, actionConstraint: (s) => s.a < 9 && ++calls < 60 });
  },
  'whether a state may be the last': () => {
    let calls = 0;
    return defineSpec({
      ...pure,
      actions: {
        left(s) {
          when(s.a < 3);
          s.a += 1;
        },
      },
      terminated: () => ++calls < 2,
    });
  },
  'a counter in a temporal property': () => {
    let calls = 0;
    return defineSpec({ ...pure, temporal: ({ always }) => ({ small: always((s) => s.a < 9 && ++calls < 10) }) });
  },
  'a counter in what must be possible': () => {
    let calls = 0;
    return defineSpec({ ...pure, reachable: { far: (s) => s.a > 9 || ++calls > 30 } });
  },
};

/** Those that go wrong from the first states on. */
const atOnce = [
  'a counter that an action reads',
  'a counter that disables an action',
  'elements to pick from',
  'answers that are remembered for a state that looks the same',
  'a counter in afterEach',
];

/** The error of a check; undefined where it has none. */
function errorOf(spec: Spec<object, ReturnType<typeof init>>, audit: Audit): BivalentError | undefined {
  try {
    check(bind(spec), { audit });
    return undefined;
  } catch (error) {
    if (error instanceof BivalentError) return error;
    throw error;
  }
}

/** Expects that an error says that the spec is impure, and in which state that showed. */
function expectImpure(error: BivalentError | undefined): void {
  const disagreement =
    'the spec is not a function of the state: run again on a state, an action or a property gave another answer than ' +
    `before; it reads or changes something outside the state. The state: ${show(error?.details.state as Value)}`;
  const otherPick =
    'action jump: after the same choices as before, pick was called for a (5 elements), where it had been called for a ' +
    '(4 elements): this code depends on something beside the state';
  expect(error?.code).toBe('spec/impure');
  expect([disagreement, otherPick]).toContain(error?.message);
}

describe('an audit of all states', () => {
  test.each(Object.keys(impure))('finds %s', (kind) => {
    expectImpure(errorOf(impure[kind]!(), 'all'));
  });

  test('finds nothing in a spec that is a function of the state, and audits each state', () => {
    const result = check(bind(defineSpec(pure)), { audit: 'all' });
    expect([result.result, result.distinctStates, result.learning.audited]).toEqual(['ok', 49, 49]);
  });

  test('agrees with a search that finds what is wrong', () => {
    const spec = defineSpec({
      ...pure,
      actions: {
        left(s) {
          when(s.a < 6);
          s.a += 1;
        },
        right(s) {
          when(s.b < 6);
          s.b += 1;
        },
      },
      terminated: (s) => s.a === 6 && s.b === 6,
      constraint: (s) => s.a + s.b < 12,
      actionConstraint: (before, after) => before.a < 5 || after.b < 5,
    });
    // Deadlocks, failing steps, refused steps and states beyond the constraint are what they are by user code, too.
    for (const properties of [
      {},
      { transitionInvariants: { low: (_: unknown, after: { b: number }) => after.b < 6 } },
    ]) {
      const system = bind(defineSpec({ ...spec.definition, ...properties }));
      const { learning: _, ...result } = withoutTimes(check(system, { audit: 'all' }));
      const { learning: __, ...expected } = withoutTimes(check(system, { audit: 'none' }));
      expect(result).toEqual(expected);
    }
  });
});

describe('an audit of a sample', () => {
  test.each(atOnce)('finds %s', (kind) => {
    expectImpure(errorOf(impure[kind]!(), 'sample'));
  });

  test('audits the first states, and of each doubling of the states about two', () => {
    const seeds = Array.from({ length: 30 }, (_, seed) => seed);
    /** How many states are audited of so many, on average. */
    const audited = (states: number): number => {
      const counts = seeds.map((seed) => {
        const spec = defineSpec({ name: 'Count', init: () => ({ n: 0 }), actions: { next: (s) => void (s.n += 1) } });
        return check(bind(spec), { seed, limits: { maxStates: states } }).learning.audited;
      });
      return counts.reduce((sum, count) => sum + count, 0) / seeds.length;
    };
    expect(audited(4)).toBeGreaterThan(2);
    const doublings = 3;
    const each = (audited(1024) - audited(128)) / doublings;
    expect(each).toBeGreaterThan(1.6);
    expect(each).toBeLessThan(2.6);
  });
});

test('a run that contradicts what was learned is found without any audit', () => {
  let calls = 0;
  const spec = defineSpec({
    ...pure,
    actions: {
      ...actions,
      jump(s) {
        // At times it does not ask for b, though nothing that it asked before is different.
        if (s.a >= 0 && ++calls % 5 !== 4) s.b = (s.b + 1) % 7;
      },
    },
  });
  const message =
    'action jump is not a function of the state: it did different things when it read the same values; ' +
    'it reads or changes something outside the state';
  expect(errorOf(spec, 'none')).toMatchObject({ code: 'spec/impure', message, details: { action: 'jump' } });
});
