/**
 * What the compiler makes of a protocol, what is refused, and what a check says of faults.
 *
 * `tsc --noEmit` is what checks the types; when the tests run, they confirm that it was compiled.
 */
import { describe, expect, expectTypeOf, test } from 'vitest';

import { BivalentError } from '../core/index.ts';
import { check } from '../property/index.ts';
import { textReport } from '../report/index.ts';
import { bind, nodes, when } from '../spec/index.ts';
import type { Spec } from '../spec/index.ts';
import type { SetDraft } from '../value/index.ts';
import { defineProtocol, messages, parseFault } from './index.ts';
import type { Budgets, ProtocolDefinition } from './index.ts';

type Server = `s${number}`;
type Client = `c${number}`;
type Entry = { term: number };

/** Never called: some of it is wrong, and the compiler says so. */
export const typed = (): unknown =>
  defineProtocol({
    name: 'Types',
    constants: { servers: nodes('s', 2), customers: nodes('c', 1), maxTerm: 2 },
    nodes: ({ servers }) => servers,
    messages: messages<{
      request: { value: number };
      answer: { value: number | null };
      append: { entries: Entry[] };
    }>(),
    state: {
      durable: ({ maxTerm }) => ({ term: maxTerm, log: [] as Entry[] }),
      volatile: (_, self) => ({ votes: new Set<Server>(), me: self }),
    },
    history: () => ({ answered: new Set<Client>() }),
    clients: {
      names: ({ customers }) => customers,
      state: () => ({ waits: false }),
      actions: {
        ask(me, { nodes: all, send }) {
          me.waits = true;
          for (const server of all) send(server, { type: 'request', value: 1 });
          // @ts-expect-error: a client has a state of its own
          me.term += 1;
        },
      },
      on: {
        answer(me, { value, from }, { self, history }) {
          expectTypeOf(value).toEqualTypeOf<number | null>();
          expectTypeOf(from).toEqualTypeOf<Server | Client>();
          expectTypeOf(self).toEqualTypeOf<Client>();
          history.answered.add(self);
          me.waits = false;
        },
      },
    },
    timers: {
      retry(me, { start }) {
        me.term += 1;
        start('retry');
        // @ts-expect-error: there is no such timer
        start('retri');
      },
    },
    actions: {
      work(me, { self, maxTerm, servers, broadcast, send, history, pick }) {
        expectTypeOf(self).toEqualTypeOf<Server>();
        expectTypeOf(maxTerm).toEqualTypeOf<number>();
        expectTypeOf(me.votes).toEqualTypeOf<SetDraft<Server>>();
        expectTypeOf(me.log).toEqualTypeOf<Entry[]>();
        expectTypeOf(history.answered).toEqualTypeOf<SetDraft<Client>>();
        when(me.term < maxTerm);
        broadcast({ type: 'append', entries: me.log });
        broadcast({ type: 'append', entries: me.log }, servers);
        const { to } = pick({ to: servers });
        // @ts-expect-error: there is no such message
        send(to, { type: 'apend', entries: [] });
        // @ts-expect-error: a message of this type has no such field
        broadcast({ type: 'append', entries: [], value: 1 });
        // @ts-expect-error: there is no such node
        send('x1', { type: 'append', entries: [] });
      },
    },
    on: {
      request(me, { value }, { reply }) {
        expectTypeOf(value).toEqualTypeOf<number>();
        reply({ type: 'answer', value: me.term });
        // @ts-expect-error: this field is not a text
        reply({ type: 'answer', value: 'one' });
      },
      append(me, { entries }) {
        expectTypeOf(entries).toEqualTypeOf<readonly { readonly term: number }[]>();
        me.log = [...me.log, ...entries];
      },
      // @ts-expect-error: there is no such message
      vote(me) {
        me.term += 1;
      },
    },
    invariants: {
      bounded: (s, { maxTerm, nodes: all, forAll }) => {
        const { n } = forAll({ n: all });
        expectTypeOf(n).toEqualTypeOf<Server>();
        expectTypeOf(s.client['c1']!.waits).toEqualTypeOf<boolean>();
        return s.node[n]!.term <= maxTerm && s.inbox[n]!.request.every(({ value }) => value === 1);
      },
      // @ts-expect-error: a view may only be read
      writes: (s) => (s.node.s1!.term = 1) === 1,
    },
    models: {
      small: { faults: { crash: 1 }, network: { order: 'fifo' }, expected: { result: 'ok' } },
      // @ts-expect-error: there is no such fault
      wrong: { faults: { crush: 1 }, expected: { result: 'ok' } },
    },
    mutants: {
      'the log is not durable': { forgets: ['log'], breaks: 'bounded', steps: 1 },
      // @ts-expect-error: there is no such durable field
      wrong: { forgets: ['votes'], breaks: 'bounded', steps: 1 },
    },
  });

/** Two nodes: each may ping the other. */
type Ping = { ping: { n: number } };
type Parts = ProtocolDefinition<object, string, { sent: number }, { got: number }, Ping, never, object, object, never>;

function pings(parts: Partial<Parts> = {}): Spec {
  return defineProtocol({
    name: 'Pings',
    nodes: () => ['a', 'b'],
    messages: messages<Ping>(),
    state: { durable: () => ({ sent: 0 }), volatile: () => ({ got: 0 }) },
    actions: {
      act(me, { broadcast }) {
        when(me.sent < 1);
        me.sent += 1;
        broadcast({ type: 'ping', n: 1 });
      },
    },
    on: {
      ping(me, { n }) {
        me.got = n;
      },
    },
    deadlock: false,
    ...parts,
  } satisfies Parts) as unknown as Spec;
}

/** The code and message of the error that something throws. */
function errorOf(task: () => unknown): string {
  try {
    task();
  } catch (error) {
    if (error instanceof BivalentError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'no error';
}

const checked = (parts: Partial<Parts>): unknown => check(bind(pings(parts)));
const faultNames =
  'crash, restart, crashForever, unsynced, torn, pause, resume, loss, duplication, partition, cutLink, heal, drift, clockStep, byzantine';

describe('a protocol that is wrong', () => {
  test.each<{ title: string; task: () => unknown; message: string }>([
    {
      title: 'sends to a node that there is not',
      task: () => checked({ actions: { act: (_, { send }) => send('z', { type: 'ping', n: 1 }) } }),
      message: 'protocol/unknown-node: action act(at=a): a sends ping to z, which is not one of a, b',
    },
    {
      title: 'sends what nobody handles',
      task: () => checked({ on: {} }),
      message: 'protocol/unhandled: action act(at=a): a sends ping to b, which has no handler for it',
    },
    {
      title: 'has a mutant that handles what it does not',
      task: () => pings({ mutants: { m: { on: { pong: () => undefined }, breaks: 'x', steps: 1 } as never } }),
      message: 'protocol/unhandled: a mutant of Pings handles pong, which Pings does not; did you mean ping?',
    },
    {
      title: 'has durable state that a crash would change',
      task: () => checked({ state: { durable: () => ({ sent: 0 }), volatile: () => ({ sent: 0, got: 0 }) } }),
      message:
        'protocol/durable: init: Pings says that sent is durable and volatile: a crash would change what survives it',
    },
    {
      title: 'has a budget below zero',
      task: () => pings({ faults: { crash: -1 } }),
      message:
        'protocol/setting: Pings: the budget of the fault crash is how often it may happen, a whole number from 0, or true; not -1',
    },
    {
      title: 'has a fault that there is not',
      task: () => pings({ faults: { crush: 1 } as Budgets }),
      message: `protocol/setting: Pings: there is no fault crush; did you mean crash?; faults are ${faultNames}`,
    },
    {
      title: 'has a network of an unknown order',
      task: () => pings({ models: { m: { network: { order: 'lifo' as 'fifo' }, expected: { result: 'ok' } } } }),
      message: "protocol/setting: Pings: order of the network is one of unordered, fifo, total, not 'lifo'",
    },
    {
      title: 'has a capacity of nothing',
      task: () => pings({ network: { capacity: 0 } }),
      message:
        'protocol/setting: Pings: the capacity of the network is the most messages in flight, a whole number from 1, not 0',
    },
    {
      title: 'gives one name to two nodes',
      task: () => checked({ nodes: () => ['a', 'a'] }),
      message: 'protocol/names: init: Pings gives one name to two of its nodes and clients',
    },
    {
      title: 'gives one name to an action and a fault',
      task: () => pings({ actions: { crash: () => undefined } }),
      message:
        'protocol/names: Pings has two actions named crash: of messages, timers, actions and faults, each needs a name of its own',
    },
    {
      title: 'has a constant that means something else',
      task: () => pings({ constants: { self: 1 } }),
      message: 'protocol/reserved: Pings has a constant self, which every protocol has a meaning for',
    },
    {
      title: 'has a part that no protocol has',
      task: () => pings({ invariant: {} } as Partial<Parts>),
      message:
        'protocol/unknown-part: Pings has a part invariant that no protocol has; did you mean invariants?; the parts of a protocol are name, constants, nodes, messages, state, history, network, links, faults, clocks, byzantine, timers, clients, actions, on, recover, invariants, transitionInvariants, constraint, terminated, deadlock, models, mutants',
    },
    {
      title: 'looks at a clock, and has none',
      task: () => checked({ actions: { act: (_, { now }) => when(now() > 0) } }),
      message: 'protocol/clock: action act(at=a): a looks at its clock, and the protocol has no clocks',
    },
    {
      title: 'starts a timer that there is not',
      task: () => checked({ actions: { act: (_, { start }) => start('retry' as never) } }),
      message: 'protocol/timer: action act(at=a): a sets the timer retry, and the protocol has no such timer',
    },
    {
      title: 'returns something from a handler',
      task: () => checked({ on: { ping: (() => 5) as never } }),
      message:
        "spec/result: action ping(to=b, message={from: 'a', n: 1}): ping returned something: handlers and actions edit the state",
    },
  ])('$title', ({ task, message }) => {
    expect(errorOf(task)).toBe(message);
  });
});

describe('a fault from the command line', () => {
  test('is read as a budget', () => {
    expect(['crash=2', 'loss=true', 'heal=false'].map(parseFault)).toEqual([{ crash: 2 }, { loss: true }, { heal: 0 }]);
  });

  test.each([
    ['crash', "protocol/fault: a fault is given as name=budget, not as 'crash'"],
    ['crsh=1', `protocol/fault: there is no fault crsh; did you mean crash?; faults are ${faultNames}`],
    [
      'crash=-1',
      'protocol/fault: the budget of the fault crash is how often it may happen, a whole number from 0, or true; not -1',
    ],
    [
      'crash=',
      "protocol/fault: the budget of the fault crash is how often it may happen, a whole number from 0, or true; not ''",
    ],
  ])('%s is an error', (text, message) => {
    expect(errorOf(() => parseFault(text))).toBe(message);
  });

  test('replaces one budget, and leaves the others as they are', () => {
    const spec = pings({ faults: { crash: 1, loss: 2 } });
    const { constants, faults } = bind(spec, { constants: { faults: { crash: 0 } } });
    expect(constants['faults']).toEqual({ crash: 0, loss: 2 });
    expect(faults).toEqual(['loss']);
  });
});

describe('the result of a check', () => {
  test('names the fault that was allowed and never happened, and the handler of what nobody sends', () => {
    const result = check(bind(pings({ faults: { torn: 1 }, actions: { act: () => when(false) } })));
    expect(result.faults).toEqual({ restart: 0, torn: 0 });
    expect(textReport(result).split('\n').slice(-3)).toEqual([
      '  never enabled: act, ping',
      '  faults that never happened: restart, torn',
      '',
    ]);
  });

  test('counts the faults that happened', () => {
    expect(check(bind(pings({ faults: { loss: 1 } }))).faults).toEqual({ loss: 6 });
  });
});

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
    expect(errorOf(() => checked({ actions: act }))).toBe(
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
