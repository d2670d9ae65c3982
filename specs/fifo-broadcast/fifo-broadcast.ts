/**
 * FIFO broadcast: everybody delivers the messages of a sender in the order in which they were sent, each once, over links
 * that lose, repeat and reorder them.
 *
 * V. Hadzilacos, S. Toueg, *Fault-Tolerant Broadcasts and Related Problems* (1993), section 3.2. Messages are numbered by
 * their sender; what comes early waits in a buffer, and what has not been acknowledged is sent again.
 */
import { defineProtocol, each, fifoDelivery, mapOf, messages, noCreation, nodes, noDuplication, when } from 'bivalent';
import type { BroadcastMessage, Draft } from 'bivalent';

type Process = `p${number}`;
type Numbers = Record<Process, number>;
type State = {
  /** How many messages this process has broadcast. */
  sent: number;
  /** The number of the message that is to be delivered next, of each sender. */
  next: Numbers;
  /** What each process has acknowledged of the messages of this one: all before this number. */
  acknowledged: Numbers;
  /** What arrived before it could be delivered. */
  early: Set<BroadcastMessage>;
  delivered: BroadcastMessage[];
};

/** Delivers the next message of a sender. */
function deliverNext(me: Draft<State>, sender: Process): void {
  me.delivered.push({ sender, number: me.next[sender]! });
  me.next[sender]! += 1;
}

/** Delivers what waited to be the next message of a sender. */
function deliverEarly(me: Draft<State>, sender: Process): void {
  for (;;) {
    const next = { sender, number: me.next[sender]! };
    if (!me.early.has(next)) return;
    me.early.delete(next);
    deliverNext(me, sender);
  }
}

export default defineProtocol({
  name: 'FifoBroadcast',
  constants: { processes: nodes('p', 2), senders: nodes('p', 1), broadcasts: 2 },
  nodes: ({ processes }) => processes,
  messages: messages<{ message: { number: number }; acknowledge: { before: number } }>(),
  state: {
    volatile: ({ processes }): State => ({
      sent: 0,
      next: mapOf(processes, () => 1),
      acknowledged: mapOf(processes, () => 1),
      early: new Set<BroadcastMessage>(),
      delivered: [],
    }),
  },
  network: { order: 'unordered', copies: 'set' },
  faults: { loss: 1, duplication: 1 },

  actions: {
    /** A sender tags its message with a sequence number, and delivers it to itself. */
    speak(me, { self, senders, broadcasts, broadcast }) {
      when(senders.includes(self) && me.sent < broadcasts);
      me.sent += 1;
      deliverNext(me, self);
      broadcast({ type: 'message', number: me.sent });
    },

    /** What nobody says to have arrived may be lost. */
    repeat(me, { self, processes, pick, send }) {
      const { to } = pick({ to: processes });
      const number = me.acknowledged[to]!;
      when(to !== self && number <= me.sent);
      send(to, { type: 'message', number });
    },
  },

  on: {
    /** The next message of its sender is delivered, and those that waited for it; an early one waits, an old one is a copy. */
    message(me, { from, number }, { reply }) {
      if (number >= me.next[from]!) me.early.add({ sender: from, number });
      deliverEarly(me, from);
      reply({ type: 'acknowledge', before: me.next[from]! });
    },

    acknowledge(me, { from, before }) {
      me.acknowledged[from] = Math.max(me.acknowledged[from]!, before);
    },
  },

  invariants: {
    /** If it fails, an amount is paid twice. */
    nothingIsDeliveredTwice: ({ node }, { processes, forAll }) => {
      const { p } = forAll({ p: processes });
      return noDuplication(node[p]!.delivered);
    },

    /** If it fails, somebody acts on what nobody said. */
    whatIsDeliveredWasSent: ({ node }, { processes, forAll }) => {
      const { p, sender } = forAll({ p: processes, sender: processes });
      const sent = Array.from({ length: node[sender]!.sent }, (_, i) => ({ sender, number: i + 1 }));
      return noCreation(
        node[p]!.delivered.filter((message) => message.sender === sender),
        sent,
      );
    },

    /** If it fails, a file is closed before it is written. */
    everySenderIsHeardInOrder: ({ node }, { processes, forAll }) => {
      const { p } = forAll({ p: processes });
      return fifoDelivery(node[p]!.delivered);
    },

    /** If it fails, a sender takes for delivered what is lost, and does not send it again. */
    whatIsAcknowledgedIsDelivered: ({ node }, { processes, forAll }) => {
      const { p, sender } = forAll({ p: processes, sender: processes });
      return node[sender]!.acknowledged[p]! <= node[p]!.next[sender]!;
    },
  },

  temporal: ({ and, infinitelyOften }, { processes, senders }) => ({
    /** If it fails, somebody waits for ever for what was said. */
    whatIsSentIsDelivered: and(
      ...processes.flatMap((p) =>
        senders.map((sender) => infinitelyOften(({ node }) => node[p]!.next[sender]! > node[sender]!.sent)),
      ),
    ),
  }),
  /** The faults are few, so that of a message that is sent again and again one arrives. */
  fairness: { delivery: 'weak', weak: [each('repeat')] },

  /** Everybody has everything, and its sender knows. */
  terminated: ({ node }, { processes, senders, broadcasts }) =>
    senders.every((sender) => processes.every((p) => p === sender || node[sender]!.acknowledged[p]! > broadcasts)),

  models: {
    small: { expected: { result: 'ok', distinct: 257, generated: 1012, depth: 12 } },
    'two-senders': {
      constants: { senders: 2, broadcasts: 1 },
      expected: { result: 'ok', distinct: 703, generated: 3107, depth: 13 },
    },
    'two-receivers': {
      constants: { processes: 3 },
      expected: { result: 'ok', distinct: 12195, generated: 89876, depth: 19 },
    },
    medium: {
      constants: { processes: 3, broadcasts: 3 },
      expected: { result: 'ok', distinct: 400631, generated: 3967724, depth: 28 },
    },
  },

  mutants: {
    'messages are delivered as they come': {
      on: {
        message(me, { from, number }, { reply }) {
          if (number >= me.next[from]!) {
            me.next[from] = number;
            deliverNext(me, from);
          }
          reply({ type: 'acknowledge', before: me.next[from]! });
        },
      },
      breaks: 'everySenderIsHeardInOrder',
      steps: 3,
    },
    'a copy is not known as one': {
      on: {
        message(me, { from, number }, { reply }) {
          if (number < me.next[from]!) me.delivered.push({ sender: from, number });
          else me.early.add({ sender: from, number });
          deliverEarly(me, from);
          reply({ type: 'acknowledge', before: me.next[from]! });
        },
      },
      breaks: 'nothingIsDeliveredTwice',
      steps: 3,
    },
    'what is lost is not sent again': {
      actions: {
        repeat() {
          when(false);
        },
      },
      breaks: 'deadlock',
      steps: 5,
    },
    'an early message is acknowledged with all before it': {
      on: {
        message(me, { from, number }, { reply }) {
          if (number >= me.next[from]!) me.early.add({ sender: from, number });
          deliverEarly(me, from);
          reply({ type: 'acknowledge', before: Math.max(me.next[from]!, number + 1) });
        },
      },
      breaks: 'whatIsAcknowledgedIsDelivered',
      steps: 4,
    },
    'only the last message is sent again': {
      actions: {
        repeat(me, { self, processes, pick, send }) {
          const { to } = pick({ to: processes });
          when(to !== self && me.acknowledged[to]! <= me.sent);
          send(to, { type: 'message', number: me.sent });
        },
      },
      breaks: 'whatIsSentIsDelivered',
      steps: 7,
    },
  },
});
