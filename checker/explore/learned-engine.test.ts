/** Where the learned engine could go wrong by being clever: each rule with a system that shows it. */
import { describe, expect, test } from 'vitest';
import { bind, defineSpec, mapOf, nodes, when } from '../spec/index.ts';
import { Bag } from '../value/index.ts';
import { simpleExplorer } from './engines.test-support.ts';
import { expectSame, found, learned } from './learned.test-support.ts';

describe('interned values', () => {
  test('do not show in which order elements and keys were written first', () => {
    const spec = defineSpec({
      name: 'Order',
      init: () => ({
        todo: new Set([3, 1, 2]),
        done: new Set<number>(),
        text: '',
        record: {} as Record<string, number>,
      }),
      actions: {
        move(s, { pick }) {
          const { x } = pick({ x: s.todo });
          s.todo.delete(x);
          s.done.add(x);
          s.record = { ...s.record, [`k${x}`]: x };
          s.text = `${[...s.done].join('')} ${Object.keys(s.record).join('')} ${JSON.stringify([...s.done])}`;
        },
      },
      deadlock: false,
    });
    // One state for each subset: the way there does not show.
    expect(expectSame(spec).distinctStates).toBe(8);
  });
});

/** Throws where a step changed nothing. */
function refuse(before: { readonly n: number }, after: { readonly n: number }): void {
  if (after.n === before.n) throw new Error('nothing happened');
}

describe('afterEach', () => {
  test('is learned on its own: what it reads does not enter the actions', () => {
    const spec = defineSpec({
      name: 'History',
      init: () => ({ a: 0, b: 0, sum: 0 }),
      actions: {
        left: (s) => void (s.a = (s.a + 1) % 10),
        right: (s) => void (s.b = (s.b + 1) % 10),
      },
      afterEach: (s) => void (s.sum = s.a + s.b),
    });
    expect(expectSame(spec).distinctStates).toBe(100);
    // Ten runs of each action, one for each value that it reads, and one of afterEach for each pair of values.
    expect(learned(spec).learning.actionCalls).toBe(10 + 10 + 100);
  });

  test('and the action constraint are only asked about steps', () => {
    const spec = defineSpec({
      name: 'Steps',
      init: () => ({ n: 0, last: 0 }),
      actions: { step: (s) => void (s.n = (s.n + 1) % 3) },
      afterEach(s, { before }) {
        refuse(before, s);
        s.last = before.n;
      },
      actionConstraint(before, after) {
        refuse(before, after);
        return true;
      },
      transitionInvariants: {
        moves(before, after) {
          refuse(before, after);
          return true;
        },
      },
    });
    expect(expectSame(spec)).toMatchObject({ result: 'ok', distinctStates: 4 });
  });
});

describe('an action constraint', () => {
  test('that chooses among the elements of a set sees those that the step adds, and no state held before', () => {
    const spec = defineSpec({
      name: 'Refused',
      init: () => ({ m: new Set<number>() }),
      actions: {
        // Each number comes after the one that is four less, so that the last are seen late.
        add(s, { pick }) {
          const { x } = pick({ x: Array.from({ length: 20 }, (_, i) => i) });
          when(!s.m.has(x) && (x < 4 || s.m.has(x - 4)));
          s.m.add(x);
        },
      },
      actionConstraint(before, after, { forAll }) {
        const { x } = forAll({ x: after.m });
        return x < 16 || before.m.has(x);
      },
      deadlock: false,
    });
    expect(expectSame(spec).distinctStates).toBe(5 ** 4);
  });

  test('does not change the order in which the other steps are taken', () => {
    const spec = defineSpec({
      name: 'Order',
      init: () => ({ x: 0, y: 0, at: 'start' }),
      actions: {
        // The engine looks at the actions that read x first: `first`, `third` and `refused`, and then at `second`.
        first(s) {
          when(s.x === 1);
          s.at = 'never';
        },
        second(s) {
          when(s.y === 0 && s.at === 'start');
          s.at = 'second';
        },
        third(s) {
          when(s.x === 0 && s.at === 'start');
          s.at = 'third';
        },
        refused(s) {
          when(s.x === 0 && s.at === 'start');
          s.at = 'refused';
        },
        fail(s) {
          when(s.at !== 'start');
          s.y = 5;
        },
      },
      actionConstraint: (_, after) => after.at !== 'refused',
      invariants: { low: (s) => s.y < 5 },
    });
    expect(expectSame(spec).violation!.trace.map(({ action }) => action)).toEqual([null, 'second', 'fail']);
  });
});

/** Three counters. */
const counting = (invariant: (s: { a: number; b: number; c: number }) => boolean) =>
  defineSpec({
    name: 'Counting',
    init: () => ({ a: 0, b: 0, c: 0 }),
    actions: {
      a: (s) => void (s.a = (s.a + 1) % 8),
      b: (s) => void (s.b = (s.b + 1) % 8),
      c: (s) => void (s.c = (s.c + 1) % 8),
    },
    invariants: { invariant },
  });

describe('an invariant', () => {
  test('runs once for each combination of what it reads', () => {
    expect(learned(counting((s) => s.a !== 9)).learning.invariantCalls).toBe(8);
    expect(learned(counting((s) => s.a !== 9 || s.b !== 9)).learning.invariantCalls).toBe(8);
    expect(learned(counting((s) => s.a < 9 && s.b < 9)).learning.invariantCalls).toBe(8 * 8);
  });

  test('is found broken by a step of any action that writes what it reads', () => {
    for (const key of ['a', 'b', 'c'] as const) {
      const result = expectSame(counting((s) => s[key] < 7));
      expect(result.violation!.trace.slice(1).map(({ action }) => action)).toEqual(
        Array.from({ length: 7 }, () => key),
      );
    }
    expect(expectSame(counting((s) => s.a < 3 || s.b < 2 || s.c < 1)).violation!.trace).toHaveLength(7);
  });

  test('is found broken by a write of the very entry that it asks for', () => {
    const spec = defineSpec({
      name: 'Entries',
      init: () => ({ set: new Set([0]), map: new Map([[0, 0]]), bag: new Bag([0]) }),
      actions: {
        add(s, { pick }) {
          const { x, to } = pick({ x: [1, 2, 3], to: ['set', 'map', 'bag'] });
          if (to === 'set') s.set.add(x);
          else if (to === 'map') s.map.set(x, x);
          else if (s.bag.size < 4) s.bag.add(x);
        },
        remove: (s) => s.set.delete(0),
      },
    });
    const broken = (invariant: (s: ReturnType<typeof spec.definition.init>) => boolean) =>
      expectSame(
        defineSpec({ ...spec.definition, invariants: { invariant: (s) => invariant(s as never) } }),
      ).violation?.trace.at(-1)?.parameters;
    expect(broken((s) => !s.set.has(2))).toEqual({ x: 2, to: 'set' });
    expect(broken((s) => s.set.has(0))).toEqual({});
    expect(broken((s) => s.map.get(3) === undefined)).toEqual({ x: 3, to: 'map' });
    expect(broken((s) => s.bag.count(2) < 2)).toEqual({ x: 2, to: 'bag' });
    expect(broken((s) => !s.bag.has(9) && !s.map.has(9) && !s.set.has(9))).toBeUndefined();
  });

  test('is checked beyond the constraint, where it reads nothing that the constraint does', () => {
    const spec = defineSpec({ ...counting((s) => s.b < 2).definition, constraint: (s) => s.a + s.b < 2 });
    expect(expectSame(spec).violation!.trace).toHaveLength(3);
  });

  test('may rely on the one that is named before it', () => {
    const spec = defineSpec({
      name: 'Log',
      init: () => ({ log: [{ term: 1 }], on: false }),
      actions: {
        toggle: (s) => void (s.on = !s.on),
        pop(s) {
          when(s.on && s.log.length > 0);
          s.log.pop();
        },
      },
      invariants: { hasEntries: (s) => s.log.length > 0, startsInTerm1: (s) => s.log[0]!.term === 1 },
      transitionInvariants: {
        keepsEntries: (_, after) => after.log.length > 0,
        keepsTerm: (before, after) => before.log[0]!.term === after.log[0]!.term,
      },
    });
    expect(expectSame(spec).violation).toMatchObject({ kind: 'invariant', name: 'hasEntries' });
    const steps = defineSpec({ ...spec.definition, invariants: {} });
    expect(expectSame(steps).violation).toMatchObject({ kind: 'transition', name: 'keepsEntries' });
    const choices = defineSpec({
      ...spec.definition,
      invariants: {
        entry(s, { forAll }) {
          const { i } = forAll({ i: [0, 1] });
          return i === 0 ? s.log.length > 0 : s.log[0]!.term === 1;
        },
      },
    });
    expect(expectSame(choices).violation).toMatchObject({ name: 'entry', parameters: { i: 0 } });
  });

  test('that fails with an error where no other is broken is an error', () => {
    const spec = defineSpec({
      name: 'Error',
      init: () => ({ n: 0 }),
      actions: { step: (s) => void (s.n = 1) },
      invariants: {
        fine: (s) => s.n < 2,
        fails(s) {
          if (s.n === 1) throw new Error('oh');
          return true;
        },
      },
    });
    const error = expect.objectContaining({
      code: 'spec/threw',
      message: 'invariant fails threw Error: oh',
    }) as unknown;
    expect(() => learned(spec)).toThrow(error);
    expect(() => simpleExplorer.check(bind(spec))).toThrow(error);
  });
});

describe('a transition invariant', () => {
  test('that does not allow to stand still is broken by steps that write nothing of what it reads', () => {
    const spec = defineSpec({
      name: 'Restless',
      init: () => ({ a: 0, b: 0, c: false }),
      actions: {
        a: (s) => void (s.a += 1),
        b: (s) => void (s.b = Math.min(s.b + 1, 3)),
        c: (s) => void (s.c = !s.c),
      },
      transitionInvariants: { grows: (before, after) => before.b < 3 || after.a > before.a },
      constraint: (s) => s.a < 3,
    });
    const expected = simpleExplorer.check(bind(spec));
    expect(expected.violation!.trace.map(({ action }) => action)).toEqual([null, 'b', 'b', 'b', 'b']);
    // States are stored anew between the step that finds such a state and those that leave it.
    for (let second = 4; second < 40; second += 2) {
      const result = learned(spec, {}, { first: 3, second, growth: 1 });
      expect(found(result)).toEqual(found(expected));
    }
  });
});

describe('a result', () => {
  /** Of the ways to a bad state many are equally short. */
  const spec = defineSpec({
    name: 'Ways',
    constants: { Node: nodes('n', 4) },
    init: ({ Node }) => ({ at: mapOf(Node, () => 0), sent: new Set<string>() }),
    actions: {
      jump(s, { Node, pick }) {
        const { node, by } = pick({ node: Node, by: [2, 1] });
        s.at[node] = (s.at[node]! + by) % 4;
        s.sent.add(`${node}${by}`);
      },
      step(s, { Node, pick }) {
        const { node } = pick({ node: Node });
        when(s.at[node]! < 3);
        s.at[node]! += 1;
      },
    },
    invariants: { apart: (s, { Node }) => Node.filter((node) => s.at[node] === 3).length < 2 },
  });

  test('gives a state to the first action that leads there, whichever the engine looks at first', () => {
    const twice = defineSpec({
      name: 'Twice',
      init: () => ({ x: 0, y: 0, at: 0 }),
      actions: {
        // The engine looks at what reads x first: at `third`, then at `second`.
        first(s) {
          when(s.x === 1);
          s.at = 9;
        },
        second(s) {
          when(s.y === 0 && s.at < 5);
          s.at += 1;
        },
        third(s) {
          when(s.x === 0 && s.at < 5);
          s.at += 1;
        },
      },
      deadlock: false,
    });
    expect(expectSame(twice).actions).toEqual({
      first: { taken: 0, distinct: 0 },
      second: { taken: 5, distinct: 5 },
      third: { taken: 5, distinct: 0 },
    });
  });

  test('has the states of an action in the order of its picks, though elsewhere there was less to pick from', () => {
    const picks = defineSpec({
      name: 'Picks',
      init: () => ({
        logs: { n1: [] as number[], n2: [] as number[] },
        votes: { n1: new Set<string>(), n2: new Set<string>() },
        shift: new Map<number, number>(),
      }),
      actions: {
        turn: (s) => s.shift.update(0, (value) => ((value ?? 0) + 1) % 3),
        log(s, { pick }) {
          // Two elements, one (which is no choice), or none.
          const { x } = pick({ x: [0, 1].slice(s.shift.get(0) ?? 0) });
          const log = s.logs[x === 0 ? 'n1' : 'n2'];
          if (log.length < 2) log.push(0);
          s.votes.n1.add('n1');
        },
      },
    });
    expectSame(picks);
  });

  test('is the same in every run, however states are stored', () => {
    const expected = expectSame(spec);
    expect(expected.violation!.trace.map(({ action, parameters }) => [action, parameters])).toEqual([
      [null, {}],
      ['jump', { node: 'n1', by: 1 }],
      ['jump', { node: 'n1', by: 2 }],
      ['jump', { node: 'n2', by: 1 }],
      ['jump', { node: 'n2', by: 2 }],
    ]);
    for (const first of [2, 5, 40, 1000]) {
      const result = learned(spec, {}, { first, second: 3 * first, growth: 1.5 });
      expect(result.violation).toEqual(learned(spec).violation);
    }
  });
});
