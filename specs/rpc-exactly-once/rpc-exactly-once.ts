/**
 * Remote procedure calls that take effect exactly once: clients ask until they are answered, and the server remembers what
 * it answered.
 *
 * A. Birrell, B. Nelson, *Implementing Remote Procedure Calls* (1984), section 3, where the server forgets in a crash;
 * here what it answered is on its disk. Requests are lost, repeated and late, and the server crashes.
 */
import { defineProtocol, each, exactlyOnce, messages, nodes, when } from 'bivalent';

type Client = `c${number}`;
/** A request: which client's, and its how-manieth. */
type Request = { client: Client; number: number };

export default defineProtocol({
  name: 'RpcExactlyOnce',
  constants: { callers: nodes('c', 2), calls: 1 },
  nodes: () => ['server'],
  messages: messages<{ request: { number: number }; answer: { number: number; result: number } }>(),
  state: {
    durable: () => ({
      /** What requests change. */
      total: 0,
      /** The last request of each client, with its answer: one that is earlier can only be late. */
      answers: new Map<Client, { number: number; result: number }>(),
    }),
  },
  history: () => ({ effects: [] as Request[], results: new Set<Request & { result: number }>() }),
  network: { order: 'unordered', copies: 'set' },
  faults: { crash: 1, loss: 1, duplication: 1 },

  clients: {
    names: ({ callers }) => callers,
    state: () => ({ number: 0, waits: false }),
    actions: {
      /** A client has one request at a time. */
      call(me, { calls, send }) {
        when(!me.waits && me.number < calls);
        me.number += 1;
        me.waits = true;
        send('server', { type: 'request', number: me.number });
      },

      /** It cannot know whether the request was lost, or the answer, or is only slow. */
      callAgain(me, { send }) {
        when(me.waits);
        send('server', { type: 'request', number: me.number });
      },
    },
    on: {
      /** Every answer is noted; what a client does about one to a request that was answered is nothing. */
      answer(me, { number, result }, { self, history }) {
        history.results.add({ client: self, number, result });
        if (number === me.number) me.waits = false;
      },
    },
  },

  on: {
    /** A request that is new takes effect; to one that is not, the answer is given again. */
    request(me, { from, number }, { reply, history }) {
      const client = from as Client;
      const last = me.answers.get(client);
      when(last === undefined || number >= last.number);
      if (last?.number === number) return reply({ type: 'answer', ...last });
      me.total += 1;
      me.answers.set(client, { number, result: me.total });
      history.effects.push({ client, number });
      reply({ type: 'answer', number, result: me.total });
    },
  },

  invariants: {
    /** If it fails, a payment is made twice, or its client has a receipt of one that was never made. */
    everyRequestTakesEffectOnce: ({ history }) =>
      exactlyOnce(
        history.effects,
        history.results.map(({ client, number }) => ({ client, number })),
      ),

    /** If it fails, a client that asks twice is told two things, and cannot know which is true. */
    everyAnswerIsTheFirst: ({ history }, { forAll }) => {
      const { a, b } = forAll({ a: history.results, b: history.results });
      return a.client !== b.client || a.number !== b.number || a.result === b.result;
    },
  },

  temporal: ({ and, leadsTo }, { clients }) => ({
    /** If it fails, a call that tries again and again is neither answered nor given up. */
    everyCallReturns: and(
      ...clients.map((c) =>
        leadsTo(
          ({ client }) => client[c]!.waits,
          ({ client }) => !client[c]!.waits,
        ),
      ),
    ),
  }),
  /** Of many copies some arrive, and a server that crashed comes back: here the faults are few. */
  fairness: { delivery: 'weak', weak: [each('callAgain'), 'restart'] },

  terminated: ({ client }, { clients, calls }) =>
    clients.every((c) => client[c]!.number === calls && !client[c]!.waits),

  models: {
    small: {
      constants: { callers: 1, calls: 2 },
      expected: { result: 'ok', distinct: 423, generated: 1521, depth: 15 },
    },
    'two-callers': { expected: { result: 'ok', distinct: 1395, generated: 6433, depth: 15 } },
    'two-calls': { constants: { calls: 2 }, expected: { result: 'ok', distinct: 57183, generated: 351865, depth: 25 } },
    medium: {
      constants: { calls: 2 },
      faults: { crash: 2, loss: 2 },
      expected: { result: 'ok', distinct: 163165, generated: 1121495, depth: 29 },
    },
  },

  mutants: {
    'answers are kept in memory only': { forgets: ['answers'], breaks: 'everyRequestTakesEffectOnce', steps: 5 },
    'requests are known by their numbers alone': {
      on: {
        request(me, { from, number }, { reply, history }) {
          const known = [...me.answers.values()].find((answer) => answer.number === number);
          if (known !== undefined) return reply({ type: 'answer', ...known });
          me.total += 1;
          me.answers.set(from as Client, { number, result: me.total });
          history.effects.push({ client: from as Client, number });
          reply({ type: 'answer', number, result: me.total });
        },
      },
      breaks: 'everyRequestTakesEffectOnce',
      steps: 5,
    },
    'an answer is forgotten once it is given again': {
      on: {
        request(me, { from, number }, { reply, history }) {
          const client = from as Client;
          const last = me.answers.get(client);
          if (last?.number === number) {
            me.answers.delete(client);
            return reply({ type: 'answer', ...last });
          }
          me.total += 1;
          me.answers.set(client, { number, result: me.total });
          history.effects.push({ client, number });
          reply({ type: 'answer', number, result: me.total });
        },
      },
      breaks: 'everyRequestTakesEffectOnce',
      steps: 5,
    },
    'a request that had taken effect is not answered': {
      on: {
        request(me, { from, number }, { reply, history }) {
          const client = from as Client;
          if ((me.answers.get(client)?.number ?? 0) >= number) return;
          me.total += 1;
          me.answers.set(client, { number, result: me.total });
          history.effects.push({ client, number });
          reply({ type: 'answer', number, result: me.total });
        },
      },
      breaks: 'everyCallReturns',
      steps: 10,
    },
  },
});
