/**
 * What the compiler makes of a protocol's types, what is refused, and what a check says of faults.
 *
 * `tsc --noEmit` is what checks the types; when the tests run, they confirm that it was compiled.
 */
import { describe, expect, expectTypeOf, test } from 'vitest';

import { check } from '../property/index.ts';
import { textReport } from '../report/index.ts';
import { bind, nodes, when } from '../spec/index.ts';
import type { SetDraft } from '../value/index.ts';
import { defineProtocol, messages, parseFault } from './index.ts';
import type { Budgets } from './index.ts';
import { errorOf, pings } from './pings.test-support.ts';
import type { Parts } from './pings.test-support.ts';

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
      title: 'sends where no link leads',
      task: () =>
        checked({
          links: ({ to }) => (to === 'b' ? 'none' : 'fifo'),
          actions: { act: (_, { send }) => send('b', { type: 'ping', n: 1 }) },
        }),
      message: 'protocol/no-link: action act(at=a): a sends ping to b, and no link leads there',
    },
    {
      title: 'does not say whether it accepts messages',
      task: () => checked({ accepts: (() => 1) as never }),
      message: 'spec/result: action ping(to=a): accepts returned number: it says true or false',
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
        'protocol/setting: Pings: capacity of the network is the most messages in flight, a whole number from 1, not 0',
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
        'protocol/unknown-part: Pings has a part invariant that no protocol has; did you mean invariants?; the parts of a protocol are name, constants, nodes, messages, state, history, network, links, faults, clocks, byzantine, timers, clients, actions, on, accepts, recover, invariants, transitionInvariants, temporal, fairness, progress, reachable, refinements, constraint, terminated, deadlock, models, mutants',
    },
    {
      title: 'has a property of inboxes, and queues in their place',
      task: () =>
        checked({
          network: { order: 'fifo' },
          invariants: { few: ({ inbox }, { nodes: all }) => all.every((n) => inbox[n]!.ping.size < 2) },
        }),
      message:
        'protocol/left-out: invariant few: the state has no inbox here: every link is ordered, so what is in flight is in queue; countInFlight counts it wherever it is',
    },
    {
      title: 'has a property of each inbox, and of some nodes only queues',
      task: () =>
        checked({
          links: ({ to }) => (to === 'b' ? 'fifo' : 'unordered'),
          invariants: { few: (s, { nodes: all, forAll }) => s.inbox[forAll({ n: all }).n]!.ping.size < 2 },
        }),
      message:
        'protocol/left-out: invariant few(n=b): the state has no inbox.b here: every link to b is ordered, so what is in flight is in queue; countInFlight counts it wherever it is',
    },
    {
      title: 'has a property of time, and no clocks',
      task: () => checked({ invariants: { early: ({ clock }) => clock['a']! < 2 } }),
      message: 'protocol/left-out: invariant early: the state has no clock here: Pings has no clocks',
    },
    {
      title: 'has a property that fails for another reason',
      task: () => checked({ network: { order: 'fifo' }, invariants: { odd: (s) => s.node['z']!.got > 0 } }),
      message: "spec/threw: invariant odd threw TypeError: Cannot read properties of undefined (reading 'got')",
    },
    {
      title: 'looks at a clock, and has none',
      task: () => checked({ actions: { act: (_, { now }) => when(now() > 0) } }),
      message: 'protocol/clock: action act(at=a): a looks at its clock, and the protocol has no clocks',
    },
    {
      title: 'bounds delays, and has no clocks',
      task: () => checked({ network: { delay: 1 } }),
      message: 'protocol/clock: init: Pings bounds the delay of messages, which is counted in ticks, and has no clocks',
    },
    {
      title: 'has a delay below zero',
      task: () => pings({ network: { delay: -1 } }),
      message:
        'protocol/setting: Pings: delay of the network is the most ticks that a message takes, a whole number from 0, not -1',
    },
    {
      title: 'sends a field that the network adds',
      task: () =>
        checked({
          clocks: () => ({ until: 1, skew: 0 }),
          network: { delay: 1 },
          actions: { act: (_, { send }) => send('b', { type: 'ping', n: 1, arrivesBy: 2 } as never) },
        }),
      message:
        'protocol/reserved: action act(at=a): a sends ping to b with a field arrivesBy, which is what the delay of the network adds',
    },
    {
      title: 'has a clock of nobody',
      task: () => checked({ clocks: () => ({ until: 1, skew: { c: 1 } }) }),
      message: 'protocol/clock: init: Pings says how far the clock of c may be off, which is no node; nodes are a, b',
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
