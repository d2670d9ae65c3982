/**
 * Lamport's mutual exclusion as message passing: processes agree on whose turn it is by time-stamped requests.
 *
 * L. Lamport, *Time, Clocks, and the Ordering of Events in a Distributed System* (1978), pages 560 and 561; the quoted
 * lines are its five rules. `lamport-mutex` is the same algorithm over a set of messages. That messages of one link
 * arrive in the order in which they were sent is an assumption of the paper, and here a setting of the network.
 */
import { clockMonotonicity, defineProtocol, each, messages, mutualExclusion, nodes, when } from 'bivalent';

type Process = `p${number}`;

/** Whether the request of one process comes before that of another: by time, then by name. */
const isBefore = (time: number, process: Process, otherTime: number, other: Process): boolean =>
  time < otherTime || (time === otherTime && process < other);

export default defineProtocol({
  name: 'LamportMutexProtocol',
  constants: { processes: nodes('p', 2), rounds: 1 },
  nodes: ({ processes }) => processes,
  messages: messages<{ request: { time: number }; acknowledge: { time: number }; release: { time: number } }>(),
  state: {
    volatile: ({ rounds }) => ({
      clock: 0,
      /** The requests that this process knows of, its own among them, with their times. */
      requests: new Map<Process, number>(),
      acknowledged: new Set<Process>(),
      isInside: false,
      roundsLeft: rounds,
    }),
  },
  network: { order: 'fifo' },

  actions: {
    /** "To request the resource, process Pi sends the message Tm:Pi requests resource to every other process." */
    ask(me, { self, broadcast }) {
      when(me.roundsLeft > 0 && !me.requests.has(self));
      me.roundsLeft -= 1;
      me.clock += 1;
      me.requests.set(self, me.clock);
      broadcast({ type: 'request', time: me.clock });
    },

    /** Granted when its own request is the first, and "Pi has received a message from every other process" since. */
    enter(me, { self, nodes: all }) {
      when(!me.isInside);
      const own = me.requests.get(self);
      when(own !== undefined);
      for (const other of all) {
        if (other === self) continue;
        when(me.acknowledged.has(other));
        const time = me.requests.get(other);
        when(time === undefined || isBefore(own, self, time, other));
      }
      me.isInside = true;
    },

    /** "Process Pi removes any Tm:Pi requests resource message from its request queue and sends a release message." */
    leave(me, { self, broadcast }) {
      when(me.isInside);
      me.isInside = false;
      me.requests.delete(self);
      me.acknowledged.clear();
      me.clock += 1;
      broadcast({ type: 'release', time: me.clock });
    },
  },

  on: {
    /** "Process Pj places it on its request queue and sends a (timestamped) acknowledgment message." */
    request(me, { from, time }, { reply }) {
      me.clock = Math.max(me.clock, time) + 1;
      me.requests.set(from, time);
      reply({ type: 'acknowledge', time: me.clock });
    },

    acknowledge(me, { from, time }) {
      me.clock = Math.max(me.clock, time) + 1;
      me.acknowledged.add(from);
    },

    /** "When process Pj receives a Pi releases resource message, it removes any request from its request queue." */
    release(me, { from, time }) {
      me.clock = Math.max(me.clock, time) + 1;
      me.requests.delete(from);
    },
  },

  invariants: {
    /** If it fails, two processes write the same file at once. */
    mutualExclusion: ({ node }, { nodes: all }) => mutualExclusion(all.filter((p) => node[p]!.isInside)),
  },

  transitionInvariants: {
    /** If it fails, a request that is made after another has been seen passes for the earlier one. */
    clocksNeverGoBack: (before, after, { nodes: all, forAll }) => {
      const { p } = forAll({ p: all });
      return clockMonotonicity(before.node[p]!.clock, after.node[p]!.clock);
    },
  },

  temporal: ({ and, leadsTo }, { processes }) => ({
    /** If it fails, somebody waits outside for ever. */
    whoeverAsksEnters: and(
      ...processes.map((p) =>
        leadsTo(
          ({ node }) => node[p]!.requests.has(p),
          ({ node }) => node[p]!.isInside,
        ),
      ),
    ),
  }),
  /** Nobody stays inside for ever, and every message arrives. */
  fairness: { delivery: 'weak', weak: [each('enter'), each('leave')] },

  /** Nothing is left to do once every round is over. */
  terminated: ({ node }, { nodes: all }) => all.every((p) => node[p]!.roundsLeft === 0 && node[p]!.requests.size === 0),

  models: {
    small: { expected: { result: 'ok', distinct: 74, generated: 95, depth: 13 } },
    'two-rounds': { constants: { rounds: 2 }, expected: { result: 'ok', distinct: 818, generated: 1178, depth: 25 } },
    medium: { constants: { processes: 3 }, expected: { result: 'ok', distinct: 170848, generated: 400030, depth: 28 } },
  },

  mutants: {
    'messages overtake each other': { network: { order: 'unordered' }, breaks: 'mutualExclusion', steps: 8 },
    'a process does not wait for acknowledgements': {
      actions: {
        enter(me, { self, nodes: all }) {
          when(!me.isInside);
          const own = me.requests.get(self);
          when(own !== undefined);
          for (const other of all) {
            const time = me.requests.get(other);
            when(other === self || time === undefined || isBefore(own, self, time, other));
          }
          me.isInside = true;
        },
      },
      breaks: 'mutualExclusion',
      steps: 4,
    },
    'the clock of a receive is that of the message': {
      on: {
        request(me, { from, time }, { reply }) {
          me.clock = time;
          me.requests.set(from, time);
          reply({ type: 'acknowledge', time: me.clock });
        },
      },
      breaks: 'clocksNeverGoBack',
      steps: 7,
    },
    'a receive does not advance the clock': {
      on: {
        request(me, { from, time }, { reply }) {
          me.requests.set(from, time);
          reply({ type: 'acknowledge', time: me.clock });
        },
      },
      breaks: 'mutualExclusion',
      steps: 8,
    },
    'a process stays inside for ever': {
      fairness: { delivery: 'weak', weak: [each('enter')] },
      breaks: 'whoeverAsksEnters',
      steps: 7,
    },
    'a message may be under way for ever': {
      fairness: { weak: [each('enter'), each('leave')] },
      breaks: 'whoeverAsksEnters',
      steps: 1,
    },
  },
});
