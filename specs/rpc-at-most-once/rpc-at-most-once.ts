/**
 * Remote procedure calls that take effect at most once: the server knows a request that it has answered, and no request
 * that was made before its last crash is let in.
 *
 * A. Birrell, B. Nelson, *Implementing Remote Procedure Calls* (1984), section 3. The server forgets in a crash what it
 * answered; so it counts its crashes, on its disk, and takes only requests that were made for this incarnation of it. A
 * caller whose request is refused cannot know whether it took effect; it has a failure instead of an answer.
 */
import { defineProtocol, each, exactlyOnce, messages, nodes, noDuplication, when } from 'bivalent';

type Client = `c${number}`;
/** A request: which client's, and its how-manieth. */
type Request = { client: Client; number: number };

export default defineProtocol({
  name: 'RpcAtMostOnce',
  constants: { callers: nodes('c', 2), calls: 1 },
  nodes: () => ['server'],
  messages: messages<{
    request: { number: number; incarnation: number };
    answer: { number: number; result: number };
    refusal: { number: number; incarnation: number };
  }>(),
  state: {
    durable: () => ({
      /** What requests change. */
      total: 0,
      incarnation: 1,
    }),
    volatile: () => ({
      /** The last request of each client, with its answer: one that is earlier can only be late. */
      answers: new Map<Client, { number: number; result: number }>(),
    }),
  },
  history: () => ({ effects: [] as Request[], results: new Set<Request & { result: number }>() }),
  network: { order: 'unordered', copies: 'set' },
  faults: { crash: 1, loss: 1, duplication: 1 },

  clients: {
    names: ({ callers }) => callers,
    state: () => ({
      number: 0,
      waits: false,
      /** The incarnation of the server that this client calls, as far as it knows. */
      incarnation: 1,
    }),
    actions: {
      /** A client has one request at a time. */
      call(me, { calls, send }) {
        when(!me.waits && me.number < calls);
        me.number += 1;
        me.waits = true;
        send('server', { type: 'request', number: me.number, incarnation: me.incarnation });
      },

      /** It cannot know whether the request was lost, or the answer, or is only slow. */
      callAgain(me, { send }) {
        when(me.waits);
        send('server', { type: 'request', number: me.number, incarnation: me.incarnation });
      },
    },
    on: {
      /** Every answer is noted; what a client does about one to a request that it waits for no more is nothing. */
      answer(me, { number, result }, { self, history }) {
        history.results.add({ client: self, number, result });
        if (number === me.number) me.waits = false;
      },

      /** The server has crashed since the client heard of it. The call has failed: in the new incarnation it would be another. */
      refusal(me, { number, incarnation }) {
        if (number !== me.number || !me.waits) return;
        me.waits = false;
        me.incarnation = incarnation;
      },
    },
  },

  on: {
    /** A request of this incarnation that is new takes effect; to one that is not, the answer is given again. */
    request(me, { from, number, incarnation }, { reply, history }) {
      const client = from as Client;
      if (incarnation !== me.incarnation) return reply({ type: 'refusal', number, incarnation: me.incarnation });
      const last = me.answers.get(client);
      when(last === undefined || number >= last.number);
      if (last?.number === number) return reply({ type: 'answer', ...last });
      me.total += 1;
      me.answers.set(client, { number, result: me.total });
      history.effects.push({ client, number });
      reply({ type: 'answer', number, result: me.total });
    },
  },

  recover(me) {
    me.incarnation += 1;
  },

  invariants: {
    /** If it fails, a client that had no answer and tried again has paid twice. */
    nothingTakesEffectTwice: ({ history }) => noDuplication(history.effects),

    /** If it fails, a client has a receipt of a payment that was never made. */
    whatIsAnsweredIsDone: ({ history }) =>
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
      expected: { result: 'ok', distinct: 1478, generated: 6128, depth: 18 },
    },
    'two-callers': { expected: { result: 'ok', distinct: 6486, generated: 32671, depth: 21 } },
    medium: { constants: { calls: 2 }, expected: { result: 'ok', distinct: 938668, generated: 7201085, depth: 31 } },
  },

  mutants: {
    'the server takes requests of before a crash': {
      on: {
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
      breaks: 'nothingTakesEffectTwice',
      steps: 5,
    },
    'the incarnation is kept in memory only': {
      constants: { callers: 1, calls: 2 },
      faults: { crash: 2 },
      forgets: ['incarnation'],
      breaks: 'nothingTakesEffectTwice',
      steps: 10,
    },
    'a client that is refused asks again': {
      clients: {
        on: {
          refusal(me, { number, incarnation }) {
            if (number === me.number) me.incarnation = incarnation;
          },
        },
      },
      breaks: 'nothingTakesEffectTwice',
      steps: 8,
    },
    'a refusal of an earlier call changes what a call is made for': {
      constants: { callers: 1, calls: 2 },
      clients: {
        on: {
          refusal(me, { number, incarnation }) {
            if (number === me.number) me.waits = false;
            me.incarnation = incarnation;
          },
        },
      },
      breaks: 'nothingTakesEffectTwice',
      steps: 11,
    },
    'requests are known by their numbers alone': {
      on: {
        request(me, { from, number, incarnation }, { reply, history }) {
          if (incarnation !== me.incarnation) return reply({ type: 'refusal', number, incarnation: me.incarnation });
          const known = [...me.answers.values()].find((answer) => answer.number === number);
          if (known !== undefined) return reply({ type: 'answer', ...known });
          me.total += 1;
          me.answers.set(from as Client, { number, result: me.total });
          history.effects.push({ client: from as Client, number });
          reply({ type: 'answer', number, result: me.total });
        },
      },
      breaks: 'whatIsAnsweredIsDone',
      steps: 5,
    },
    'an answer is forgotten once it is given again': {
      on: {
        request(me, { from, number, incarnation }, { reply, history }) {
          const client = from as Client;
          if (incarnation !== me.incarnation) return reply({ type: 'refusal', number, incarnation: me.incarnation });
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
      breaks: 'nothingTakesEffectTwice',
      steps: 5,
    },
    'requests of before a crash are not refused': {
      on: {
        request(me, { from, number, incarnation }, { reply, history }) {
          const client = from as Client;
          if (incarnation !== me.incarnation) return;
          const last = me.answers.get(client);
          when(last === undefined || number >= last.number);
          if (last?.number === number) return reply({ type: 'answer', ...last });
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
