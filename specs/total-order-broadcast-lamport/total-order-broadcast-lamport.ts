/**
 * Total-order broadcast by time stamps: everybody delivers the same messages in the same order, without a leader.
 *
 * L. Lamport, *Time, Clocks, and the Ordering of Events in a Distributed System* (1978), page 561, of requests; A.
 * Tanenbaum, M. van Steen, *Distributed Systems* (2017), section 6.2, of messages. Messages are delivered in the order of
 * their time stamps, and ties by the names of senders; one is delivered when everybody has been heard of since. Links that
 * keep their order are an assumption, and here a setting of the network. Nobody may crash: all would wait for it.
 */
import { defineProtocol, mapOf, messages, noCreation, nodes, noDuplication, totalOrderDelivery, when } from 'bivalent';
import type { Draft, View } from 'bivalent';

type Process = `p${number}`;
/** A message is known by its sender and its time stamp. */
type Stamped = { time: number; sender: Process };
type State = {
  clock: number;
  /** The last time stamp of each process that this one has seen. */
  heard: Record<Process, number>;
  /** What is to be delivered, sooner or later. */
  queue: Set<Stamped>;
  delivered: Stamped[];
};

/** The earlier of two messages: by time, then by sender. */
const earlier = (a: View<Stamped>, b: View<Stamped>): View<Stamped> =>
  a.time < b.time || (a.time === b.time && a.sender < b.sender) ? a : b;

/** Delivers the earliest messages, as long as nobody can still send an earlier one. */
function deliverWhatIsDue(me: Draft<State>, isDue: (message: View<Stamped>) => boolean): void {
  while (me.queue.size > 0) {
    const first = me.queue.toArray().reduce(earlier);
    if (!isDue(first)) return;
    me.queue.delete(first);
    me.delivered.push(first);
  }
}

/** Whether all have been heard of since a message was sent: what they send later has a later time stamp. */
const isHeardOf = (me: View<State>, { time }: View<Stamped>, others: readonly Process[]): boolean =>
  others.every((p) => me.heard[p]! >= time);

export default defineProtocol({
  name: 'TotalOrderBroadcastLamport',
  constants: { processes: nodes('p', 2), senders: nodes('p', 2), broadcasts: 1 },
  nodes: ({ processes }) => processes,
  messages: messages<{ message: { time: number }; acknowledge: { time: number } }>(),
  state: {
    volatile: ({ processes, senders, broadcasts }, self) => ({
      broadcastsLeft: senders.includes(self) ? broadcasts : 0,
      clock: 0,
      heard: mapOf(processes, () => 0),
      queue: new Set<Stamped>(),
      delivered: [] as Stamped[],
    }),
  },
  history: () => ({ sent: new Set<Stamped>() }),
  network: { order: 'fifo' },

  actions: {
    speak(me, { self, broadcast, history }) {
      when(me.broadcastsLeft > 0);
      me.broadcastsLeft -= 1;
      me.clock += 1;
      const message = { time: me.clock, sender: self };
      me.queue.add(message);
      history.sent.add(message);
      broadcast({ type: 'message', time: me.clock });
    },
  },

  on: {
    /** Everybody is told that it arrived: "sends a (timestamped) acknowledgment". */
    message(me, { from, time }, { self, processes, broadcast }) {
      me.clock = Math.max(me.clock, time);
      me.heard[from] = time;
      me.queue.add({ time, sender: from });
      broadcast({ type: 'acknowledge', time: me.clock });
      deliverWhatIsDue(me, (first) =>
        isHeardOf(
          me,
          first,
          processes.filter((p) => p !== self),
        ),
      );
    },

    acknowledge(me, { from, time }, { self, processes }) {
      me.heard[from] = time;
      deliverWhatIsDue(me, (first) =>
        isHeardOf(
          me,
          first,
          processes.filter((p) => p !== self),
        ),
      );
    },
  },

  invariants: {
    /** If it fails, replicas that apply what is delivered are not the same any more. */
    allDeliverInOneOrder: ({ node }, { processes, forAll }) => {
      const { p, q } = forAll({ p: processes, q: processes });
      return totalOrderDelivery([node[p]!.delivered, node[q]!.delivered]);
    },

    /** If it fails, an amount is paid twice. */
    nothingIsDeliveredTwice: ({ node }, { processes, forAll }) => {
      const { p } = forAll({ p: processes });
      return noDuplication(node[p]!.delivered);
    },

    /** If it fails, somebody acts on what nobody said. */
    whatIsDeliveredWasSent: ({ node, history }, { processes, forAll }) => {
      const { p } = forAll({ p: processes });
      return noCreation(node[p]!.delivered, history.sent);
    },
  },

  temporal: ({ and, leadsTo }, { processes, senders }) => ({
    /** If it fails, what was said waits for ever for somebody to be heard. */
    whatIsSentIsDelivered: and(
      ...senders.flatMap((sender) =>
        processes.map((p) =>
          leadsTo(
            ({ history }) => history.sent.some((message) => message.sender === sender),
            ({ node }) => node[p]!.delivered.some((message) => message.sender === sender),
          ),
        ),
      ),
    ),
  }),
  /** Every message arrives. */
  fairness: { delivery: 'weak' },

  terminated: ({ node }, { processes, senders, broadcasts }) =>
    processes.every((p) => node[p]!.delivered.length === senders.length * broadcasts),

  models: {
    small: { expected: { result: 'ok', distinct: 22, generated: 27, depth: 7 } },
    'two-each': { constants: { broadcasts: 2 }, expected: { result: 'ok', distinct: 269, generated: 459, depth: 13 } },
    'three-processes': {
      constants: { processes: 3 },
      expected: { result: 'ok', distinct: 691, generated: 2035, depth: 15 },
    },
    medium: {
      constants: { processes: 4 },
      expected: { result: 'ok', distinct: 207981, generated: 1290953, depth: 27 },
    },
  },

  mutants: {
    'the earliest message is delivered at once': {
      constants: { processes: 3 },
      on: {
        message(me, { from, time }, { broadcast }) {
          me.clock = Math.max(me.clock, time);
          me.heard[from] = time;
          me.queue.add({ time, sender: from });
          broadcast({ type: 'acknowledge', time: me.clock });
          deliverWhatIsDue(me, () => true);
        },
      },
      breaks: 'allDeliverInOneOrder',
      steps: 4,
    },
    'messages overtake each other': {
      constants: { broadcasts: 2 },
      network: { order: 'unordered' },
      breaks: 'allDeliverInOneOrder',
      steps: 4,
    },
    'a receive does not advance the clock': {
      on: {
        message(me, { from, time }, { self, processes, broadcast }) {
          me.heard[from] = time;
          me.queue.add({ time, sender: from });
          broadcast({ type: 'acknowledge', time: me.clock });
          deliverWhatIsDue(me, (first) =>
            isHeardOf(
              me,
              first,
              processes.filter((p) => p !== self),
            ),
          );
        },
      },
      breaks: 'allDeliverInOneOrder',
      steps: 5,
    },
    'only the sender is told that a message arrived': {
      constants: { processes: 3 },
      on: {
        message(me, { from, time }, { self, processes, reply }) {
          me.clock = Math.max(me.clock, time);
          me.heard[from] = time;
          me.queue.add({ time, sender: from });
          reply({ type: 'acknowledge', time: me.clock });
          deliverWhatIsDue(me, (first) =>
            isHeardOf(
              me,
              first,
              processes.filter((p) => p !== self),
            ),
          );
        },
      },
      breaks: 'deadlock',
      steps: 10,
    },
    'a message may be under way for ever': {
      fairness: {},
      breaks: 'whatIsSentIsDelivered',
      steps: 1,
    },
  },
});
