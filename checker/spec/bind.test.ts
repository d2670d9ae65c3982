import { describe, expect, test } from 'vitest';

import { bind, defineSpec, nodes, successors, when } from './index.ts';
import type { Spec } from './index.ts';

const spec = defineSpec({
  name: 'Counter',
  constants: { limit: 3, step: 1, N: nodes('n', 2) },
  init: ({ pick, limit }) => {
    const { n } = pick({ n: [0, 1, 2, 3] as number[] });
    when(n < limit);
    return { n, at: 'n1' };
  },
  actions: {
    tick(s, { limit, step }) {
      when(s.n < limit);
      s.n += step;
    },
  },
  invariants: { bounded: (s, { limit }) => s.n <= limit },
  models: {
    small: { constants: { limit: 1 }, expected: { result: 'ok' } },
    large: { constants: { limit: 2, N: 5 }, expected: { result: 'ok' } },
  },
  mutants: {
    'steps too far': { model: 'small', constants: { step: 5 }, breaks: 'bounded', steps: 1 },
    'never stops': {
      actions: {
        tick(s) {
          s.n += 10;
        },
        reset(s) {
          s.n = 0;
        },
      },
      breaks: 'bounded',
      steps: 1,
    },
    'has a model that does not exist': { model: 'medium', breaks: 'bounded', steps: 1 },
  },
});

describe('what is bound', () => {
  test('has the defaults of the spec', () => {
    const system = bind(spec);
    expect([system.name, system.constants]).toEqual(['Counter', { limit: 3, step: 1, N: ['n1', 'n2'] }]);
    expect(system.actions.map(({ kind, name }) => [kind, name])).toEqual([['action', 'tick']]);
    expect(system.invariants.map(({ kind, name }) => [kind, name])).toEqual([['invariant', 'bounded']]);
    expect([system.constraint, system.terminated, system.afterEach, system.transitionInvariants]).toEqual([
      undefined,
      undefined,
      undefined,
      [],
    ]);
  });

  test('has the constants of its model, then of its mutant, then those that are given', () => {
    expect(bind(spec, { model: 'large' }).constants).toMatchObject({ limit: 2, N: ['n1', 'n2', 'n3', 'n4', 'n5'] });
    expect(bind(spec, { model: 'large', constants: { limit: 9 } }).constants).toMatchObject({ limit: 9 });
    expect(bind(spec, { mutant: 'steps too far' }).constants).toMatchObject({ limit: 1, step: 5 });
    expect(bind(spec, { mutant: 'steps too far', model: 'large' }).constants).toMatchObject({ limit: 2, step: 5 });
    expect(bind(spec, { mutant: 'steps too far', constants: { step: 2 } }).constants).toMatchObject({ step: 2 });
  });

  test('has the actions of its mutant, in the places of those of the same name', () => {
    const system = bind(spec, { mutant: 'never stops' });
    expect(system.actions.map(({ name }) => name)).toEqual(['tick', 'reset']);
    expect(successors(system, { at: 'n1', n: 1 }).map(({ state }) => state['n'])).toEqual([11, 0]);
  });

  test('checks for deadlocks unless the spec or the caller says not to', () => {
    const quiet = defineSpec({ name: 'Q', init: () => ({ n: 0 }), actions: { stay() {} }, deadlock: false });
    expect([bind(spec), bind(spec, { deadlock: false }), bind(quiet)].map((s) => s.checksDeadlock)).toEqual([
      true,
      false,
      false,
    ]);
  });
});

function initial(init: unknown): unknown {
  const system = bind({ ...spec, definition: { ...spec.definition, init } } as unknown as Spec);
  return [system.initialStates, system.initialCount];
}

describe('initial states', () => {
  test('are one for each choice that no guard discards', () => {
    const states = [0, 1, 2].map((n) => ({ at: 'n1', n }));
    expect([bind(spec).initialStates, bind(spec).initialCount]).toEqual([states, 3]);
  });

  test('are each there once, in the order of values, and counted with repeats', () => {
    expect(initial(() => [{ n: 2 }, { n: 1 }, { n: 2 }])).toEqual([[{ n: 1 }, { n: 2 }], 3]);
  });

  test.each<readonly [string, () => unknown, string]>([
    ['there are none', () => [], 'init gives no initial state'],
    ['one is no record', () => [{ n: 1 }, 5], 'init gives 5: a state is a record of variables'],
    ['one is a set', () => new Set([1]), 'init gives Set{1}: a state is a record of variables'],
    [
      'one has other variables',
      () => [{ n: 1, m: 1 }, { n: 1 }],
      'initial states differ in their variables: one has m, n, another n',
    ],
    [
      'one holds a function',
      () => ({ a: { f: () => 1 } }),
      'init gives a state with something that cannot be in one: at a.f: the function f is not a value: a state holds data only',
    ],
    [
      'init returns nothing',
      () => undefined,
      'init gives a state with something that cannot be in one: undefined is not a value: use null, or leave the field out',
    ],
    ['init is async', async () => Promise.resolve({ n: 1 }), 'init is async: it must be synchronous'],
    [
      'init reads the clock',
      () => ({ n: Date.now() }),
      'init: Date.now() is not allowed in a spec, which must be pure: keep time in the state, as a number',
    ],
    [
      'init throws',
      () => {
        throw new RangeError('no');
      },
      'init threw RangeError: no',
    ],
  ])('are refused where %s', (_, init, message) => {
    expect(() => initial(init)).toThrow(expect.objectContaining({ name: 'BivalentError', message }));
  });
});

describe('names that do not exist are refused', () => {
  test.each([
    [{ model: 'smal' }, 'Counter has no model smal; did you mean small?; its models are small, large'],
    [
      { mutant: 'x' },
      'Counter has no mutant x; its mutants are steps too far, never stops, has a model that does not exist',
    ],
    [{ mutant: 'has a model that does not exist' }, 'Counter has no model medium; its models are small, large'],
    [{ model: 'constructor' }, 'Counter has no model constructor; its models are small, large'],
  ])('%j', (options, message) => {
    expect(() => bind(spec, options)).toThrow(expect.objectContaining({ message }));
  });

  test('in a spec without models', () => {
    const bare = defineSpec({ name: 'Bare', init: () => ({ n: 0 }), actions: { stay() {} } });
    expect(() => bind(bare, { model: 'small' })).toThrow('Bare has no model small; it has none');
  });
});

describe('a spec that was not checked by the compiler', () => {
  test('needs actions, and functions where functions belong', () => {
    const definition = spec.definition as unknown as Record<string, unknown>;
    const broken =
      (parts: Record<string, unknown>): (() => unknown) =>
      () =>
        bind({ ...spec, definition: { ...definition, ...parts } } as unknown as Spec);
    expect(broken({ invariant: {} })).toThrow(
      'Counter has a part invariant that no spec has; did you mean invariants?; the parts of a spec are name, constants, init, actions, faults, afterEach, invariants, transitionInvariants, temporal, fairness, progress, reachable, refinements, constraint, actionConstraint, terminated, deadlock, models, mutants',
    );
    expect(broken({ actions: {} })).toThrow('Counter has no actions');
    expect(broken({ actions: { tick: 5 } })).toThrow('action tick is not a function');
    expect(broken({ constraint: true })).toThrow('constraint is not a function');
    expect(broken({ init: { n: 1 } })).toThrow('init is not a function');
    expect(broken({ afterEach: 1 })).toThrow('afterEach is not a function');
  });
});
