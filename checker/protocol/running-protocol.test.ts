/** What nodes, networks and clocks do in a protocol that runs. */
import { describe, expect, test } from 'vitest';

import { check } from '../property/index.ts';
import { bind, when } from '../spec/index.ts';
import { bagOf } from '../value/index.ts';
import { countInFlight } from './index.ts';
import type { Budgets, Network, ProtocolDefinition } from './index.ts';
import { errorOf, pings } from './pings.test-support.ts';
import type { Parts, Ping } from './pings.test-support.ts';

describe('the ways messages travel', () => {
  const two: Partial<Parts> = {
    actions: {
      act(me, { self, send }) {
        when(self === 'a' && me.sent < 2);
        me.sent += 1;
        send('b', { type: 'ping', n: me.sent });
      },
    },
    transitionInvariants: { inOrder: (before, after) => after.node['b']!.got >= before.node['b']!.got },
  };
  const breaks = (parts: Partial<Parts>): string | undefined =>
    check(bind(pings({ ...two, ...parts }))).violation?.name;

  test('an unordered network reorders, a FIFO one does not', () => {
    expect(breaks({})).toBe('inOrder');
    expect(breaks({ network: { order: 'fifo' } })).toBe(undefined);
    expect(breaks({ network: { order: 'total' } })).toBe(undefined);
  });

  test('a link may be ordered as the network is not', () => {
    expect(breaks({ links: ({ from }) => (from === 'a' ? 'fifo' : 'unordered') })).toBe(undefined);
    expect(breaks({ network: { order: 'fifo' }, links: ({ to }) => (to === 'b' ? 'unordered' : 'fifo') })).toBe(
      'inOrder',
    );
  });
});

describe('the count of messages in flight', () => {
  test.each<{ network: Network; most: number }>([
    { network: {}, most: 2 },
    { network: { copies: 'set' }, most: 1 },
    { network: { order: 'fifo' }, most: 2 },
    { network: { order: 'total' }, most: 2 },
  ])('is up to $most of two equal ones where the network is $network', ({ network, most }) => {
    const mayBe = (count: number): boolean => {
      const spec = pings({
        network,
        actions: {
          act(me, { self, send }) {
            when(self === 'a' && me.sent < 2);
            me.sent += 1;
            send('b', { type: 'ping', n: 7 });
          },
        },
        invariants: { other: (state) => countInFlight(state, 'b') !== count },
      });
      return check(bind(spec), { audit: 'all' }).violation !== undefined;
    };
    expect([0, 1, 2, 3].filter(mayBe)).toEqual([0, 1, 2].slice(0, most + 1));
  });
});

/** The times at which b may get what a sends at time 0. */
const arrivals = (parts: Partial<Parts>): readonly number[] =>
  [0, 1, 2, 3, 4].filter((time) => {
    const spec = pings({
      clocks: () => ({ until: 4, skew: 0 }),
      actions: {
        act(me, { self, send, now }) {
          when(self === 'a' && me.sent === 0 && now() === 0);
          me.sent = 1;
          send('b', { type: 'ping', n: 1 });
        },
      },
      on: {
        ping(me, _, { now }) {
          me.got = 1 + now();
        },
      },
      invariants: { notThen: ({ node }) => node['b']!.got !== 1 + time },
      ...parts,
    });
    return check(bind(spec), { audit: 'all' }).violation !== undefined;
  });

describe('a bounded delay', () => {
  test('is the longest that a message takes', () => {
    expect(arrivals({})).toEqual([0, 1, 2, 3, 4]);
    for (const order of ['unordered', 'fifo', 'total'] as const) {
      expect(arrivals({ network: { order, delay: 0 } })).toEqual([0]);
      expect(arrivals({ network: { order, delay: 2 } })).toEqual([0, 1, 2]);
    }
  });

  test('may hold from some time on only', () => {
    expect(arrivals({ network: { delay: 1, stableFrom: 2 } })).toEqual([0, 1, 2, 3]);
  });

  test('does not hold for a receiver that is not up, nor across a link that is cut', () => {
    for (const fault of ['pause', 'partition'] as const)
      expect(arrivals({ network: { delay: 1 }, faults: { [fault]: 1 } })).toEqual([0, 1, 2, 3, 4]);
  });

  test('is a field of messages in flight that handlers do not see', () => {
    const spec = pings({
      clocks: () => ({ until: 1, skew: 0 }),
      network: { delay: 1 },
      on: { ping: (me, message) => void (me.got = Object.keys(message).length) },
      invariants: { ungot: ({ node }) => node['b']!.got === 0 },
    });
    const states = check(bind(spec)).violation?.trace.map(({ state }) => state);
    expect(states?.[1]).toMatchObject({ inbox: { b: { ping: bagOf([{ n: 1, from: 'a', arrivesBy: 1 }]) } } });
    expect(states?.[2]).toMatchObject({ node: { b: { got: Object.keys({ type: 'ping', n: 1, from: 'a' }).length } } });
  });
});

describe('a timer', () => {
  type Timed = ProtocolDefinition<
    object,
    string,
    { sent: number },
    { got: number },
    Ping,
    never,
    object,
    object,
    'alarm'
  >;
  /** The names of the actions that were taken, of one node that sets a timer once. */
  const taken = (parts: Partial<Timed>): readonly string[] => {
    const timed = {
      nodes: () => ['a'],
      timers: {
        alarm(me) {
          me.got += 1;
        },
      },
      actions: {
        act(me, { start }) {
          when(me.sent < 1);
          me.sent += 1;
          start('alarm');
        },
      },
      invariants: { once: ({ node }) => node['a']!.got <= 1 },
      ...parts,
    } satisfies Partial<Timed>;
    const { result, actions } = check(bind(pings(timed as unknown as Partial<Parts>)));
    expect(result).toBe('ok');
    return Object.keys(actions).filter((name) => actions[name]!.taken > 0);
  };

  test('fires once after it was started', () => {
    expect(taken({})).toEqual(['act', 'alarm']);
  });

  test('does not fire once it was stopped', () => {
    const actions: Timed['actions'] = {
      act(me, { start, stop }) {
        when(me.sent < 1);
        me.sent += 1;
        start('alarm');
        stop('alarm');
      },
    };
    expect(taken({ actions })).toEqual(['act']);
  });

  test('is lost in a crash', () => {
    const restarted = 2;
    const parts: Partial<Timed> = {
      timers: { alarm: (me) => when(me.sent === restarted) },
      recover(me) {
        me.sent = restarted;
      },
      faults: { crash: 1 },
    };
    expect(taken(parts)).toEqual(['act', 'crash', 'restart']);
  });
});

describe('clocks', () => {
  const parts: Partial<Parts> = {
    clocks: () => ({ until: 2, skew: 1 }),
    actions: {
      act(me, { now }) {
        me.sent = now();
      },
    },
    transitionInvariants: { monotone: (before, after) => after.node['a']!.sent >= before.node['a']!.sent },
    invariants: { exact: (s) => s.clock['a'] === s.time },
  };
  const breaks = (more: Partial<Parts>): string | undefined =>
    check(bind(pings({ ...parts, ...more }))).violation?.name;

  test('show true time where nothing goes wrong', () => {
    expect(breaks({})).toBe(undefined);
  });

  test('that drift are off and go on', () => {
    expect(breaks({ faults: { drift: 2 } })).toBe('exact');
    expect(breaks({ faults: { drift: 2 }, invariants: {} })).toBe(undefined);
    expect(breaks({ clocks: () => ({ until: 2, skew: 1, initialSkew: 1 }) })).toBe('exact');
  });

  test('are off by as much as is said of each node', () => {
    const faults: Budgets = { drift: 2, clockStep: 1 };
    const offBy = (skew: Record<string, number>) =>
      breaks({ faults, clocks: () => ({ until: 2, skew, initialSkew: 1 }) });
    expect(offBy({ b: 2 })).toBe(undefined);
    expect(offBy({ a: 1 })).toBe('exact');
  });

  test('that are set go back', () => {
    expect(breaks({ faults: { clockStep: 2 }, invariants: {} })).toBe('monotone');
  });
});

/** The faults after which a node may find that another has failed. */
const noticed = (faults: Budgets): readonly (string | null)[] => {
  const spec = pings({
    faults,
    actions: { act: (me, { self, hasFailed }) => void (me.sent = Number(self === 'a' && hasFailed('b'))) },
    invariants: { unnoticed: ({ node }) => node['a']!.sent === 0 },
  });
  return (
    check(bind(spec))
      .violation?.trace.map(({ action }) => action)
      .slice(1) ?? []
  );
};

describe('a failure detector', () => {
  test('tells of nodes that stop, and of links that are cut, and of nothing else', () => {
    expect(noticed({ loss: 1 })).toEqual([]);
    for (const fault of ['crash', 'crashForever', 'pause', 'partition', 'cutLink'] as const)
      expect(noticed({ [fault]: 1 })).toEqual([fault, 'act']);
  });

  test('knows nodes only', () => {
    const act: Parts['actions'] = { act: (_, { hasFailed }) => when(hasFailed('z')) };
    expect(errorOf(() => check(bind(pings({ actions: act }))))).toBe(
      'protocol/unknown-node: action act(at=a): a asks whether z has failed, which is not one of a, b',
    );
  });
});

describe('Byzantine nodes', () => {
  test('send what is declared for them, differently to different nodes', () => {
    const spec = pings({
      faults: { byzantine: 2 },
      nodes: () => ['a', 'b', 'c'],
      byzantine: { nodes: () => ['a'], messages: () => [7, 8].map((n) => ({ type: 'ping' as const, n })) },
      invariants: {
        agree: ({ node }) => !(node['b']!.got > 6 && node['c']!.got > 6 && node['b']!.got !== node['c']!.got),
      },
    });
    const { violation } = check(bind(spec));
    expect(violation?.trace.map(({ action }) => action)).toEqual([null, 'byzantine', 'ping', 'byzantine', 'ping']);
  });
});
