/**
 * The eventually perfect failure detector ◇P: whoever has crashed is suspected for ever, and from some time on nobody else is.
 *
 * T. Chandra, S. Toueg, *Unreliable Failure Detectors for Reliable Distributed Systems* (1996), figure 10: a suspicion that
 * was false raises the timeout. There nodes send heartbeats; here they are asked, and answer at once. Messages take at most
 * the network's `delay`, but only from `stableFrom` on, and no node knows either.
 */
import { defineProtocol, each, mapOf, messages, nodes, when } from 'bivalent';

type Watch = {
  /** When the question was asked that has no answer yet. */
  asked: number | null;
  /** How many ticks an answer is waited for. */
  timeout: number;
  isSuspected: boolean;
};

export default defineProtocol({
  name: 'EventuallyPerfectFailureDetector',
  /**
   * The first `watchers` of the servers watch all others. What is claimed depends on the network: `roundTrip` is twice its
   * `delay`, `stable` its `stableFrom`, and `cap` the highest timeout that a server can have learned by then.
   */
  constants: { servers: nodes('s', 2), watchers: 2, until: 6, stable: 2, roundTrip: 2, cap: 2 },
  nodes: ({ servers }) => servers,
  messages: messages<{ question: object; answer: object }>(),
  state: {
    volatile: ({ servers }, self) => ({
      /** Every other node. */
      watched: mapOf(
        servers.filter((other) => other !== self),
        (): Watch => ({ asked: null, timeout: 1, isSuspected: false }),
      ),
    }),
  },
  network: { order: 'unordered', copies: 'set', delay: 1, stableFrom: 2 },
  faults: { crashForever: 1 },
  clocks: ({ until }) => ({ until, skew: 0 }),

  actions: {
    ask(me, { self, servers, watchers, pick, now, send }) {
      const { other } = pick({ other: servers });
      when(other !== self && servers.indexOf(self) < watchers);
      const watch = me.watched[other]!;
      when(watch.asked === null);
      watch.asked = now();
      send(other, { type: 'question' });
    },

    /** "p times-out on q: it now suspects q has crashed." */
    suspect(me, { self, servers, pick, now }) {
      const { other } = pick({ other: servers });
      when(other !== self);
      const watch = me.watched[other]!;
      when(watch.asked !== null && !watch.isSuspected && now() - watch.asked > watch.timeout);
      watch.isSuspected = true;
    },
  },

  on: {
    question(_, __, { reply }) {
      reply({ type: 'answer' });
    },

    /** "p knows that it prematurely timed-out on q": it takes that back, and waits longer the next time. */
    answer(me, { from }) {
      const watch = me.watched[from]!;
      watch.asked = null;
      if (!watch.isSuspected) return;
      watch.isSuspected = false;
      watch.timeout += 1;
    },
  },

  invariants: {
    /** If it fails, crashes are noticed later and later, and in the end never. */
    timeoutsAreBounded: ({ node }, { servers, cap, forAll }) => {
      const { p, q } = forAll({ p: servers, q: servers });
      return p === q || node[p]!.watched[q]!.timeout <= cap;
    },

    /** If it fails, work is taken from a node that is there, and has said so. */
    whoAnsweredIsNotSuspected: ({ node }, { servers, forAll }) => {
      const { p, q } = forAll({ p: servers, q: servers });
      if (p === q) return true;
      const { asked, isSuspected } = node[p]!.watched[q]!;
      return asked !== null || !isSuspected;
    },
  },

  transitionInvariants: {
    /** If it fails, the same mistake is made again and again, and suspicions never settle. */
    aFalseSuspicionRaisesTheTimeout: (before, after, { servers, forAll }) => {
      const { p, q } = forAll({ p: servers, q: servers });
      if (p === q || after.status[p] !== 'up') return true;
      const [old, now] = [before.node[p]!.watched[q]!, after.node[p]!.watched[q]!];
      return !old.isSuspected || now.isSuspected || now.timeout > old.timeout;
    },

    /** If it fails, a node that is there is suspected though everything is as quick as it was promised to be. */
    whoWaitsLongEnoughIsNotMistaken: (before, after, { servers, roundTrip, stable, forAll }) => {
      const { p, q } = forAll({ p: servers, q: servers });
      if (p === q || after.status[q] !== 'up') return true;
      const [old, now] = [before.node[p]!.watched[q]!, after.node[p]!.watched[q]!];
      const isNew = !old.isSuspected && now.isSuspected;
      return !isNew || old.timeout < roundTrip || old.asked! < stable;
    },
  },

  temporal: ({ and, eventuallyAlways, leadsTo }, { servers, watchers, until }) => ({
    /** If it fails, a node that is there never gets any work again. */
    whoIsThereIsTrustedInTheEnd: eventuallyAlways(({ node, status }) =>
      servers.every((p) =>
        servers.every((q) => p === q || status[p] !== 'up' || status[q] !== 'up' || !node[p]!.watched[q]!.isSuspected),
      ),
    ),

    /** If it fails, somebody waits for ever for a node that has crashed. Who was asked when time was nearly over is left out. */
    whoHasCrashedIsSuspected: and(
      ...servers.slice(0, watchers).flatMap((p) =>
        servers
          .filter((q) => q !== p)
          .map((q) =>
            leadsTo(
              ({ node, status }) => {
                const { asked, timeout } = node[p]!.watched[q]!;
                return status[p] === 'up' && status[q] === 'gone' && asked !== null && asked + timeout < until;
              },
              ({ node, status }) => {
                const { asked, isSuspected } = node[p]!.watched[q]!;
                return status[p] !== 'up' || isSuspected || asked === null;
              },
            ),
          ),
      ),
    ),
  }),
  /** Time goes on, and every message to a node that is there arrives. */
  fairness: { delivery: 'weak', weak: ['tick', each('ask'), each('suspect')] },

  /** Time is over, and whoever can still answer has. */
  terminated: ({ time }, { until }) => time === until,

  models: {
    small: { expected: { result: 'ok', distinct: 2841, generated: 9125, depth: 19 } },
    'stable-later': {
      constants: { stable: 4, until: 7, cap: 3 },
      network: { stableFrom: 4 },
      expected: { result: 'ok', distinct: 6787, generated: 26929, depth: 28 },
    },
    medium: {
      constants: { servers: 3, watchers: 1, stable: 4, until: 10, roundTrip: 4, cap: 4 },
      network: { stableFrom: 4, delay: 2 },
      faults: { crashForever: 2 },
      expected: { result: 'ok', distinct: 119878, generated: 499601, depth: 41 },
    },
  },

  mutants: {
    'a false suspicion does not change the timeout': {
      on: {
        answer(me, { from }) {
          const watch = me.watched[from]!;
          watch.asked = null;
          watch.isSuspected = false;
        },
      },
      breaks: 'aFalseSuspicionRaisesTheTimeout',
      steps: 6,
    },
    'a suspicion is never taken back': {
      on: {
        answer(me, { from }) {
          me.watched[from]!.asked = null;
        },
      },
      breaks: 'whoAnsweredIsNotSuspected',
      steps: 6,
    },
    'every answer raises the timeout': {
      on: {
        answer(me, { from }) {
          const watch = me.watched[from]!;
          watch.asked = null;
          watch.isSuspected = false;
          watch.timeout += 1;
        },
      },
      breaks: 'timeoutsAreBounded',
      steps: 6,
    },
    'a node is suspected a tick early': {
      actions: {
        suspect(me, { self, servers, pick, now }) {
          const { other } = pick({ other: servers });
          when(other !== self);
          const watch = me.watched[other]!;
          when(watch.asked !== null && !watch.isSuspected && now() - watch.asked >= watch.timeout);
          watch.isSuspected = true;
        },
      },
      breaks: 'timeoutsAreBounded',
      steps: 11,
    },
    'the network is slower than was promised': {
      network: { delay: 2 },
      breaks: 'whoWaitsLongEnoughIsNotMistaken',
      steps: 12,
    },
    'an answer that comes too late is thrown away': {
      on: {
        answer(me, { from }) {
          const watch = me.watched[from]!;
          if (!watch.isSuspected) watch.asked = null;
        },
      },
      breaks: 'whoIsThereIsTrustedInTheEnd',
      steps: 13,
    },
    'whoever has not answered is asked again, and waited for anew': {
      actions: {
        ask(me, { self, servers, watchers, pick, now, send }) {
          const { other } = pick({ other: servers });
          when(other !== self && servers.indexOf(self) < watchers);
          const watch = me.watched[other]!;
          when(watch.asked === null || (!watch.isSuspected && now() > watch.asked));
          watch.asked = now();
          send(other, { type: 'question' });
        },
      },
      breaks: 'whoHasCrashedIsSuspected',
      steps: 9,
    },
  },
});
