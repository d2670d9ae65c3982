/**
 * Ricart and Agrawala's mutual exclusion: a process asks all others, and whoever has asked before makes it wait.
 *
 * G. Ricart, A. K. Agrawala, *An Optimal Algorithm for Mutual Exclusion in Computer Networks* (1981), section 2. Messages
 * may overtake each other, unlike in Lamport's algorithm (`lamport-mutex-protocol`), which is also the one that sends
 * more of them: there is no release here, a reply that was put off is one. But every message must arrive, once, and
 * every process must live.
 */
import { defineProtocol, each, messages, mutualExclusion, nodes, when } from 'bivalent';
import type { View } from 'bivalent';

type Process = `p${number}`;
type ProcessState = {
  /** The highest sequence number that this process has seen or sent. */
  highest: number;
  /** The sequence number of its own request; `null` where it has none. */
  own: number | null;
  /** Those who have replied to it. */
  replied: Set<Process>;
  /** Those whose requests are answered when this process leaves. */
  deferred: Set<Process>;
  isInside: boolean;
  roundsLeft: number;
};

/** Whether the request of one process comes before that of another: by number, then by name. */
const isBefore = (number: number, process: Process, otherNumber: number, other: Process): boolean =>
  number < otherNumber || (number === otherNumber && process < other);

/** Whether a process has a request that comes before that of another. */
const hasPriority = (me: View<ProcessState>, self: Process, number: number, from: Process): boolean =>
  me.own !== null && isBefore(me.own, self, number, from);

export default defineProtocol({
  name: 'RicartAgrawala',
  constants: { processes: nodes('p', 2), rounds: 2 },
  nodes: ({ processes }) => processes,
  messages: messages<{ request: { number: number }; reply: object }>(),
  state: {
    volatile: ({ rounds }): ProcessState => ({
      highest: 0,
      own: null,
      replied: new Set<Process>(),
      deferred: new Set<Process>(),
      isInside: false,
      roundsLeft: rounds,
    }),
  },
  history: () => ({ granted: null as { number: number; process: Process } | null }),
  network: { order: 'unordered' },

  actions: {
    /** Chooses a number above all that it knows of, and asks everyone. */
    ask(me, { broadcast }) {
      when(me.own === null && me.roundsLeft > 0);
      me.roundsLeft -= 1;
      me.highest += 1;
      me.own = me.highest;
      broadcast({ type: 'request', number: me.own });
    },

    /** Every other process has replied. */
    enter(me, { self, nodes: all, history }) {
      when(me.own !== null && !me.isInside && me.replied.size === all.length - 1);
      me.isInside = true;
      history.granted = { number: me.own, process: self };
    },

    /** Replies to those who had to wait. */
    leave(me, { broadcast }) {
      when(me.isInside);
      me.isInside = false;
      me.own = null;
      me.replied.clear();
      broadcast({ type: 'reply' }, me.deferred);
      me.deferred.clear();
    },
  },

  on: {
    /** The reply is put off where this process has a request of its own that comes first. */
    request(me, { from, number }, { self, reply }) {
      me.highest = Math.max(me.highest, number);
      if (hasPriority(me, self, number, from)) me.deferred.add(from);
      else reply({ type: 'reply' });
    },

    reply(me, { from }) {
      me.replied.add(from);
    },
  },

  invariants: {
    /** If it fails, two processes write the same file at once. */
    mutualExclusion: ({ node }, { nodes: all }) => mutualExclusion(all.filter((p) => node[p]!.isInside)),
  },

  transitionInvariants: {
    /** If it fails, somebody is served before another who had asked earlier, and may be so again and again. */
    requestsAreGrantedInOrder: (before, after, { nodes: all, forAll }) => {
      const { p } = forAll({ p: all });
      if (before.node[p]!.isInside || !after.node[p]!.isInside) return true;
      const [last, next] = [before.history.granted, after.history.granted!];
      return last === null || isBefore(last.number, last.process, next.number, next.process);
    },
  },

  temporal: ({ and, leadsTo }, { processes }) => ({
    /** If it fails, somebody waits outside for ever. */
    whoeverAsksEnters: and(
      ...processes.map((p) =>
        leadsTo(
          ({ node }) => node[p]!.own !== null,
          ({ node }) => node[p]!.isInside,
        ),
      ),
    ),
  }),
  /** Nobody stays inside for ever, and every message arrives. */
  fairness: { delivery: 'weak', weak: [each('enter'), each('leave')] },

  /** Nothing is left to do once every round of those that live is over. */
  terminated: ({ node, status }, { nodes: all }) =>
    all.every((p) => status[p] === 'gone' || (node[p]!.roundsLeft === 0 && node[p]!.own === null)),

  models: {
    small: { expected: { result: 'ok', distinct: 245, generated: 364, depth: 21 } },
    three: {
      constants: { processes: 3, rounds: 1 },
      expected: { result: 'ok', distinct: 3288, generated: 10265, depth: 22 },
    },
    medium: {
      constants: { processes: 3, rounds: 3 },
      expected: { result: 'ok', distinct: 403942, generated: 1360452, depth: 64 },
    },
    'a-message-is-lost': { faults: { loss: 1 }, expected: { result: 'violation', breaks: 'deadlock', steps: 4 } },
    'a-process-stops': { faults: { crashForever: 1 }, expected: { result: 'violation', breaks: 'deadlock', steps: 2 } },
  },

  mutants: {
    'a process replies even where its own request comes first': {
      on: {
        request(me, { number }, { reply }) {
          me.highest = Math.max(me.highest, number);
          reply({ type: 'reply' });
        },
      },
      breaks: 'mutualExclusion',
      steps: 8,
    },
    'of requests with the same number none comes first': {
      on: {
        request(me, { from, number }, { reply }) {
          me.highest = Math.max(me.highest, number);
          if (me.own !== null && me.own < number) me.deferred.add(from);
          else reply({ type: 'reply' });
        },
      },
      breaks: 'mutualExclusion',
      steps: 8,
    },
    'of requests with the same number both come first': {
      on: {
        request(me, { from, number }, { reply }) {
          me.highest = Math.max(me.highest, number);
          if (me.own !== null && me.own <= number) me.deferred.add(from);
          else reply({ type: 'reply' });
        },
      },
      breaks: 'deadlock',
      steps: 4,
    },
    'a process that is inside forgets its request': {
      actions: {
        enter(me, { self, nodes: all, history }) {
          when(me.own !== null && !me.isInside && me.replied.size === all.length - 1);
          me.isInside = true;
          history.granted = { number: me.own, process: self };
          me.own = null;
        },
      },
      breaks: 'mutualExclusion',
      steps: 8,
    },
    'numbers of others are not looked at': {
      on: {
        request(me, { from, number }, { self, reply }) {
          if (hasPriority(me, self, number, from)) me.deferred.add(from);
          else reply({ type: 'reply' });
        },
      },
      breaks: 'mutualExclusion',
      steps: 8,
    },
    'a process numbers its requests anew after each round': {
      actions: {
        leave(me, { broadcast }) {
          when(me.isInside);
          me.isInside = false;
          me.own = null;
          me.highest = 0;
          me.replied.clear();
          broadcast({ type: 'reply' }, me.deferred);
          me.deferred.clear();
        },
      },
      breaks: 'requestsAreGrantedInOrder',
      steps: 9,
    },
    'those who had to wait are forgotten': {
      actions: {
        leave(me) {
          when(me.isInside);
          me.isInside = false;
          me.own = null;
          me.replied.clear();
          me.deferred.clear();
        },
      },
      breaks: 'deadlock',
      steps: 9,
    },
    'a message arrives twice': { faults: { duplication: 1 }, breaks: 'mutualExclusion', steps: 13 },
    'a process stays inside for ever': {
      fairness: { delivery: 'weak', weak: [each('enter')] },
      breaks: 'whoeverAsksEnters',
      steps: 6,
    },
    'a message may be under way for ever': {
      fairness: { weak: [each('enter'), each('leave')] },
      breaks: 'whoeverAsksEnters',
      steps: 1,
    },
  },
});
