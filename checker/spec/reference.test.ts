/** The reference semantics: what steps there are, what properties say. */
import { describe, expect, test } from 'vitest';

import { canonical, encode, setOf, show } from '../value/index.ts';
import type { RecordValue } from '../value/index.ts';
import { bind, defineSpec, evaluate, mapOf, nodes, successors, when } from './index.ts';
import type { System } from './index.ts';

/** Every reachable state, level by level: the counts that TLC gives. */
function counts(system: System): { distinct: number; generated: number; depth: number } {
  const seen = new Set(system.initialStates.map(textOf));
  let level: readonly RecordValue[] = system.initialStates;
  let generated = system.initialCount;
  let depth = 0;
  for (; level.length > 0; depth++) {
    const next: RecordValue[] = [];
    for (const { state } of level.flatMap((s) => successors(system, s))) {
      generated += 1;
      if (seen.has(textOf(state))) continue;
      seen.add(textOf(state));
      next.push(state);
    }
    level = next;
  }
  return { distinct: seen.size, generated, depth };
}

function textOf(state: RecordValue): string {
  return Buffer.from(encode(state)).toString('latin1');
}

const jugs = defineSpec({
  name: 'DieHard',
  init: () => ({ big: 0, small: 0 }),
  actions: {
    fillBig: (s) => void (s.big = 5),
    fillSmall: (s) => void (s.small = 3),
    emptyBig: (s) => void (s.big = 0),
    emptySmall: (s) => void (s.small = 0),
    pourIntoBig(s) {
      const poured = Math.min(s.small, 5 - s.big);
      s.big += poured;
      s.small -= poured;
    },
    pourIntoSmall(s) {
      const poured = Math.min(s.big, 3 - s.small);
      s.small += poured;
      s.big -= poured;
    },
  },
});

describe('the steps of a system', () => {
  test('are those that TLC counts', () => {
    expect(counts(bind(jugs))).toEqual({ distinct: 16, generated: 97, depth: 8 });
  });

  test('come in the order of actions and picks, repeats included', () => {
    const system = bind(
      defineSpec({
        name: 'Order',
        init: () => ({ n: 0, bag: setOf([2, 1]) }),
        actions: {
          second(s, { pick }) {
            s.n = pick({ x: s.bag }).x;
          },
          first(s, { pick }) {
            const { a, b } = pick({ a: [1, 0], b: ['y', 'x'] });
            when(a === 1);
            s.n = b.length;
          },
          never(s, { pick }) {
            s.n = pick({ none: [] as number[] }).none;
          },
        },
      }),
    );
    const steps = successors(system, system.initialStates[0]!);
    expect(steps.map(({ action, parameters, state }) => [action, parameters, state['n']])).toEqual([
      ['second', { x: 1 }, 1],
      ['second', { x: 2 }, 2],
      ['first', { a: 1, b: 'x' }, 1],
      ['first', { a: 1, b: 'y' }, 1],
    ]);
  });

  test('do not take place where a guard fails, whatever was done before', () => {
    const system = bind(
      defineSpec({
        name: 'Guard',
        init: () => ({ n: 0, log: [] as number[] }),
        actions: {
          late(s) {
            s.n = 5;
            s.log.push(1);
            when(s.n < 5);
          },
        },
      }),
    );
    expect(successors(system, system.initialStates[0]!)).toEqual([]);
    expect(system.initialStates[0]).toEqual({ log: [], n: 0 });
  });

  test('pick from what the action has made of the state', () => {
    const system = bind(
      defineSpec({
        name: 'Pending',
        init: () => ({ queue: setOf<number>([]), n: 0 }),
        actions: {
          send(s, { pick }) {
            s.queue.add(3);
            s.queue.add(4);
            s.n = pick({ x: s.queue }).x;
          },
        },
      }),
    );
    expect(successors(system, system.initialStates[0]!).map(({ state }) => state['n'])).toEqual([3, 4]);
  });

  test('are completed by afterEach, which sees the state that was left', () => {
    const system = bind(
      defineSpec({
        name: 'History',
        init: () => ({ n: 0, history: [] as number[] }),
        actions: { tick: (s) => void (s.n += 1), stay() {} },
        afterEach(s, { before }) {
          if (s.n !== before.n) s.history.push(before.n);
        },
      }),
    );
    const state = canonical({ n: 4, history: [] }) as RecordValue;
    expect(successors(system, state).map((step) => show(step.state))).toEqual([
      '{history: [4], n: 5}',
      '{history: [], n: 4}',
    ]);
  });

  test('share what did not change with the state that was left', () => {
    const system = bind(
      defineSpec({
        name: 'Sharing',
        init: () => ({ node: mapOf(nodes('n', 2), () => ({ votes: new Set<string>(), term: 0 })), log: [{ a: 1 }] }),
        actions: { vote: (s) => s.node.n1!.votes.add('n2') },
      }),
    );
    const before = system.initialStates[0] as { log: unknown; node: Record<string, unknown> } & RecordValue;
    const after = successors(system, before)[0]!.state as typeof before;
    expect([
      after.log === before.log,
      after.node['n2'] === before.node['n2'],
      after.node['n1'] === before.node['n1'],
    ]).toEqual([true, true, false]);
    expect(canonical(after)).toBe(after);
  });
});

describe('properties', () => {
  const system = bind(
    defineSpec({
      name: 'Properties',
      constants: { N: nodes('n', 3) },
      init: ({ N }) => ({ role: mapOf(N, () => 'follower'), term: 0 }),
      actions: { stay() {} },
      invariants: {
        oneLeader(s, { N, forAll }) {
          const { a, b } = forAll({ a: N, b: N });
          return a === b || s.role[a] !== 'leader' || s.role[b] !== 'leader';
        },
        empty: (_, { forAll }) => forAll({ x: [] as number[] }).x > 0,
      },
      transitionInvariants: { termNeverFalls: (before, after) => after.term >= before.term },
    }),
  );
  const state = canonical({ role: { n1: 'leader', n2: 'follower', n3: 'leader' }, term: 1 }) as RecordValue;

  test('must hold for every choice of forAll; the first for which one does not is told', () => {
    const [oneLeader, empty] = system.invariants;
    expect(evaluate(oneLeader!, state)).toEqual({ holds: false, parameters: { a: 'n1', b: 'n3' } });
    expect(evaluate(oneLeader!, system.initialStates[0]!)).toEqual({ holds: true, parameters: {} });
    expect(evaluate(empty!, state)).toEqual({ holds: true, parameters: {} });
  });

  test('of steps see both states', () => {
    const [termNeverFalls] = system.transitionInvariants;
    expect(evaluate(termNeverFalls!, state, system.initialStates[0])).toEqual({ holds: false, parameters: {} });
    expect(evaluate(termNeverFalls!, system.initialStates[0]!, state)).toEqual({ holds: true, parameters: {} });
  });
});
