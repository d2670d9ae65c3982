/**
 * Remote procedure calls that take effect at least once: clients ask until they are answered, and the server remembers
 * nothing of whom it answered.
 *
 * A. Tanenbaum, M. van Steen, *Distributed Systems* (2017), section 8.3, "RPC semantics in the presence of failures". A
 * call may take effect again and again, so only calls that may are safe: here a reader says how far it has come, and the
 * server keeps the farthest. Requests are lost, repeated and late, and the server crashes.
 */
import { defineProtocol, each, messages, nodes, when } from 'bivalent';

type Reader = `r${number}`;

export default defineProtocol({
  name: 'RpcAtLeastOnce',
  constants: { readers: nodes('r', 2), pages: 2 },
  nodes: () => ['server'],
  messages: messages<{ request: { page: number }; answer: { page: number } }>(),
  state: {
    durable: () => ({
      /** The farthest page of each reader that the server was told of. */
      farthest: new Map<Reader, number>(),
    }),
  },
  network: { order: 'unordered', copies: 'set' },
  faults: { crash: 1, loss: 1, duplication: 1 },

  clients: {
    names: ({ readers }) => readers,
    state: () => ({ page: 0, waits: false }),
    actions: {
      /** A reader has one request at a time. */
      call(me, { pages, send }) {
        when(!me.waits && me.page < pages);
        me.page += 1;
        me.waits = true;
        send('server', { type: 'request', page: me.page });
      },

      /** It cannot know whether the request was lost, or the answer, or is only slow. */
      callAgain(me, { send }) {
        when(me.waits);
        send('server', { type: 'request', page: me.page });
      },
    },
    on: {
      /** An answer says which request it is to: one to an earlier request is late. */
      answer(me, { page }) {
        if (page === me.page) me.waits = false;
      },
    },
  },

  on: {
    /** A request takes effect whenever it arrives, on the disk before it is answered. */
    request(me, { from, page }, { reply, fsync }) {
      const reader = from as Reader;
      me.farthest.set(reader, Math.max(me.farthest.get(reader) ?? 0, page));
      fsync();
      reply({ type: 'answer', page });
    },
  },

  invariants: {
    /** If it fails, a client was told that something is done, and it is not, or is undone by a request that was late. */
    whatIsAnsweredIsDone: ({ node, client }, { readers, forAll }) => {
      const { reader } = forAll({ reader: readers });
      const { page, waits } = client[reader]!;
      return (node.server.farthest.get(reader) ?? 0) >= (waits ? page - 1 : page);
    },

    /** If it fails, a call that arrives twice has another effect than one that arrives once: nobody may try again. */
    whatIsDoneWasAskedFor: ({ node, client }, { readers, forAll }) => {
      const { reader } = forAll({ reader: readers });
      return (node.server.farthest.get(reader) ?? 0) <= client[reader]!.page;
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

  terminated: ({ client }, { clients, pages }) =>
    clients.every((reader) => client[reader]!.page === pages && !client[reader]!.waits),

  models: {
    small: { constants: { readers: 1 }, expected: { result: 'ok', distinct: 423, generated: 1621, depth: 15 } },
    'two-readers': { constants: { pages: 1 }, expected: { result: 'ok', distinct: 903, generated: 4099, depth: 15 } },
    medium: { constants: { readers: 3 }, expected: { result: 'ok', distinct: 505788, generated: 4524809, depth: 35 } },
  },

  mutants: {
    'what was done is kept in memory only': { forgets: ['farthest'], breaks: 'whatIsAnsweredIsDone', steps: 4 },
    'the server answers before the effect is on its disk': {
      on: {
        request(me, { from, page }, { reply }) {
          const reader = from as Reader;
          me.farthest.set(reader, Math.max(me.farthest.get(reader) ?? 0, page));
          reply({ type: 'answer', page });
        },
      },
      faults: { unsynced: 1 },
      breaks: 'whatIsAnsweredIsDone',
      steps: 4,
    },
    'an answer does not say which request it is to': {
      clients: {
        on: {
          answer(me) {
            me.waits = false;
          },
        },
      },
      breaks: 'whatIsAnsweredIsDone',
      steps: 5,
    },
    'an effect adds to those before': {
      on: {
        request(me, { from, page }, { reply, fsync }) {
          const reader = from as Reader;
          me.farthest.set(reader, (me.farthest.get(reader) ?? 0) + 1);
          fsync();
          reply({ type: 'answer', page });
        },
      },
      breaks: 'whatIsDoneWasAskedFor',
      steps: 3,
    },
    'an effect takes the place of those before': {
      on: {
        request(me, { from, page }, { reply, fsync }) {
          me.farthest.set(from as Reader, page);
          fsync();
          reply({ type: 'answer', page });
        },
      },
      breaks: 'whatIsAnsweredIsDone',
      steps: 7,
    },
    'a request that had taken effect is not answered': {
      on: {
        request(me, { from, page }, { reply, fsync }) {
          const reader = from as Reader;
          if ((me.farthest.get(reader) ?? 0) >= page) return;
          me.farthest.set(reader, page);
          fsync();
          reply({ type: 'answer', page });
        },
      },
      breaks: 'everyCallReturns',
      steps: 13,
    },
  },
});
