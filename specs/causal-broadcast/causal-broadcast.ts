/**
 * Causal broadcast: nobody delivers an answer before the question, whatever way the two take.
 *
 * K. Birman, A. Schiper, P. Stephenson, *Lightweight Causal and Atomic Group Multicast* (1991), section 5.1; the quoted
 * lines are its protocol. A message carries a vector: how many messages of each process its sender had delivered.
 */
import { causalDelivery, defineProtocol, mapOf, messages, nodes, noDuplication, when } from 'bivalent';
import type { BroadcastMessage, Draft, View } from 'bivalent';

type Process = `p${number}`;
type Vector = Record<Process, number>;
type Buffered = { sender: Process; vector: Vector };
type State = {
  /** How many messages of each process this one has delivered, its own among them. */
  vector: Vector;
  /** What waits for a message that it may depend on. */
  buffer: Set<Buffered>;
  delivered: BroadcastMessage[];
};
/** For each message of each process, how many messages its sender had delivered before it. */
type History = { before: Record<Process, number[]> };

/** "The next message of its sender, and all that its sender had delivered has been delivered." */
const isDeliverable = ({ sender, vector }: View<Buffered>, known: View<Vector>, all: readonly Process[]): boolean =>
  all.every((p) => (p === sender ? vector[p]! - 1 === known[p] : vector[p]! <= known[p]!));

/** Delivers whatever can be, of what has arrived; one delivery allows for another. */
function deliverBuffered(me: Draft<State>, canBe: (message: View<Buffered>) => boolean): void {
  for (;;) {
    const message = me.buffer.toArray().find(canBe);
    if (message === undefined) return;
    const { sender, vector } = message;
    me.buffer.delete(message);
    me.vector[sender] = vector[sender]!;
    me.delivered.push({ sender, number: vector[sender]! });
  }
}

type Properties = { readonly node: View<Record<Process, State>>; readonly history: View<History> };

/** What the sender of a message had delivered and sent before. */
const causesOf = ({ node, history }: Properties, { sender, number }: BroadcastMessage): readonly BroadcastMessage[] =>
  node[sender as Process]!.delivered.slice(0, history.before[sender as Process]![number - 1]);

export default defineProtocol({
  name: 'CausalBroadcast',
  constants: { processes: nodes('p', 3), senders: nodes('p', 3), broadcasts: 1 },
  nodes: ({ processes }) => processes,
  messages: messages<{ message: { vector: Vector } }>(),
  state: {
    volatile: ({ processes }): State => ({
      vector: mapOf(processes, () => 0),
      buffer: new Set<Buffered>(),
      delivered: [],
    }),
  },
  history: ({ processes }): History => ({ before: mapOf(processes, () => []) }),
  network: { order: 'unordered', copies: 'set' },
  faults: { duplication: 1 },

  actions: {
    /** "Before sending m, process p increments VT(p)[p] and timestamps m." */
    speak(me, { self, senders, broadcasts, history, broadcast }) {
      when(senders.includes(self) && me.vector[self]! < broadcasts);
      me.vector[self]! += 1;
      history.before[self]!.push(me.delivered.length);
      me.delivered.push({ sender: self, number: me.vector[self]! });
      broadcast({ type: 'message', vector: { ...me.vector } });
    },
  },

  on: {
    /** "On reception of message m, process q delays delivery of m until" it can be delivered; copies are left out. */
    message(me, { from, vector }, { processes }) {
      if (vector[from]! > me.vector[from]!) me.buffer.add({ sender: from, vector });
      deliverBuffered(me, (message) => isDeliverable(message, me.vector, processes));
    },
  },

  invariants: {
    /** If it fails, an answer is read before its question. */
    causesAreDeliveredFirst: (state, { processes, forAll }) => {
      const { p } = forAll({ p: processes });
      return causalDelivery(
        state.node[p]!.delivered.map((message) => ({ ...message, after: causesOf(state, message) })),
      );
    },

    /** If it fails, an amount is paid twice. */
    nothingIsDeliveredTwice: ({ node }, { processes, forAll }) => {
      const { p } = forAll({ p: processes });
      return noDuplication(node[p]!.delivered);
    },

    /** If it fails, somebody acts on what nobody said. */
    whatIsDeliveredWasSent: ({ node, history }, { processes, forAll }) => {
      const { p } = forAll({ p: processes });
      return node[p]!.delivered.every(({ sender, number }) => number <= history.before[sender as Process]!.length);
    },

    /** If it fails, a message waits although nothing that it depends on is missing: perhaps forever. */
    whatWaitsLacksACause: (state, { processes, forAll }) => {
      const { p } = forAll({ p: processes });
      const { buffer, delivered } = state.node[p]!;
      const isDelivered = ({ sender, number }: BroadcastMessage): boolean =>
        delivered.some((other) => other.sender === sender && other.number === number);
      return buffer.every(
        ({ sender, vector }) => !causesOf(state, { sender, number: vector[sender]! }).every(isDelivered),
      );
    },
  },

  temporal: ({ and, infinitelyOften }, { processes, senders }) => ({
    /** If it fails, what was said waits for ever for something else. */
    whatIsSentIsDelivered: and(
      ...processes.flatMap((p) =>
        senders.map((sender) =>
          infinitelyOften(({ node }) => node[p]!.vector[sender]! >= node[sender]!.vector[sender]!),
        ),
      ),
    ),
  }),
  /** Every message arrives. */
  fairness: { delivery: 'weak' },

  terminated: ({ node }, { processes, senders, broadcasts }) =>
    processes.every((p) => node[p]!.delivered.length === senders.length * broadcasts),

  models: {
    small: { expected: { result: 'ok', distinct: 3826, generated: 11485, depth: 11 } },
    'two-processes': {
      constants: { processes: 2, senders: 2, broadcasts: 2 },
      expected: { result: 'ok', distinct: 695, generated: 1531, depth: 10 },
    },
    'two-senders': {
      constants: { senders: 2, broadcasts: 2 },
      expected: { result: 'ok', distinct: 16693, generated: 65783, depth: 14 },
    },
    medium: {
      constants: { processes: 4, senders: 3 },
      faults: { duplication: 2 },
      expected: { result: 'ok', distinct: 193379, generated: 1011646, depth: 15 },
    },
  },

  mutants: {
    'only the messages of the sender itself are waited for': {
      on: {
        message(me, { from, vector }) {
          if (vector[from]! > me.vector[from]!) me.buffer.add({ sender: from, vector });
          deliverBuffered(me, (message) => message.vector[message.sender]! - 1 === me.vector[message.sender]);
        },
      },
      breaks: 'causesAreDeliveredFirst',
      steps: 4,
    },
    'the messages of the sender itself are not waited for': {
      constants: { processes: 2, senders: 2, broadcasts: 2 },
      on: {
        message(me, { from, vector }, { processes }) {
          if (vector[from]! > me.vector[from]!) me.buffer.add({ sender: from, vector });
          deliverBuffered(me, ({ sender, vector: known }) =>
            processes.every((p) => p === sender || known[p]! <= me.vector[p]!),
          );
        },
      },
      breaks: 'causesAreDeliveredFirst',
      steps: 3,
    },
    'a message does not say what its sender has delivered': {
      actions: {
        speak(me, { self, processes, senders, broadcasts, history, broadcast }) {
          when(senders.includes(self) && me.vector[self]! < broadcasts);
          me.vector[self]! += 1;
          history.before[self]!.push(me.delivered.length);
          me.delivered.push({ sender: self, number: me.vector[self]! });
          broadcast({ type: 'message', vector: mapOf(processes, (p) => (p === self ? me.vector[p]! : 0)) });
        },
      },
      breaks: 'causesAreDeliveredFirst',
      steps: 4,
    },
    'a copy is not known as one': {
      on: {
        message(me, { from, vector }, { processes }) {
          me.buffer.add({ sender: from, vector });
          deliverBuffered(me, (message) =>
            processes.every((p) => message.vector[p]! <= me.vector[p]! + (p === message.sender ? 1 : 0)),
          );
        },
      },
      breaks: 'nothingIsDeliveredTwice',
      steps: 3,
    },
    'what waits is looked at only when it arrives': {
      on: {
        message(me, { from, vector }, { processes }) {
          if (vector[from]! <= me.vector[from]!) return;
          const message = { sender: from, vector };
          if (!isDeliverable(message, me.vector, processes)) {
            me.buffer.add(message);
            return;
          }
          me.vector[from] = vector[from]!;
          me.delivered.push({ sender: from, number: vector[from]! });
        },
      },
      breaks: 'whatWaitsLacksACause',
      steps: 5,
    },
    'a message may be under way for ever': {
      fairness: {},
      breaks: 'whatIsSentIsDelivered',
      steps: 1,
    },
  },
});
