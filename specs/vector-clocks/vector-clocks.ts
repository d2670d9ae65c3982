/**
 * Vector clocks: time stamps that tell exactly what happened before what, and what was concurrent.
 *
 * F. Mattern, *Virtual Time and Global States of Distributed Systems* (1988), section 5; C. Fidge, *Timestamps in
 * Message-Passing Systems That Preserve the Partial Ordering* (1988). The events of a run are kept, so that they can be
 * compared with their time stamps.
 */
import { defineProtocol, mapOf, messages, nodes, vectorClockEquivalence, when } from 'bivalent';
import type { Draft, View } from 'bivalent';

type Process = `p${number}`;
type Vector = Record<Process, number>;
/** `sent` is, of a receive, the event of the send. */
type Event = { id: number; node: Process; sent: number | null; vector: Vector };
type History = { events: Event[] };
type State = { vector: Vector };

/** Notes an event; its number. */
function note(history: Draft<History>, node: Process, { vector }: State, sent: number | null = null): number {
  const id = history.events.length;
  history.events.push({ id, node, sent, vector: { ...vector } });
  return id;
}

/** The componentwise maximum. */
function merge(me: Draft<State>, vector: View<Vector>, processes: readonly Process[]): void {
  for (const p of processes) me.vector[p] = Math.max(me.vector[p]!, vector[p]!);
}

export default defineProtocol({
  name: 'VectorClocks',
  constants: { processes: nodes('p', 3), events: 4 },
  nodes: ({ processes }) => processes,
  /** `event` is for the history alone. */
  messages: messages<{ message: { vector: Vector; event: number } }>(),
  state: { volatile: ({ processes }): State => ({ vector: mapOf(processes, () => 0) }) },
  history: (): History => ({ events: [] }),
  network: { order: 'unordered', copies: 'set' },
  faults: { duplication: 1 },

  actions: {
    /** A process counts its own events in its own component. */
    work(me, { self, events, history }) {
      when(history.events.length < events);
      me.vector[self]! += 1;
      note(history, self, me);
    },

    /** A message carries the vector of its send. */
    say(me, { self, events, processes, history, send, pick }) {
      when(history.events.length < events);
      const { other } = pick({ other: processes });
      when(other !== self);
      me.vector[self]! += 1;
      const event = note(history, self, me);
      send(other, { type: 'message', vector: { ...me.vector }, event });
    },
  },

  on: {
    /** A receive knows what the sender knew, and is an event itself. */
    message(me, { vector, event }, { self, events, processes, history }) {
      when(history.events.length < events);
      merge(me, vector, processes);
      me.vector[self]! += 1;
      note(history, self, me, event);
    },
  },

  invariants: {
    /** a → b exactly where V(a) < V(b). If it fails, a store takes concurrent writes for successive ones, and loses one. */
    vectorsTellHappenedBefore: ({ history }) => vectorClockEquivalence(history.events),

    /** If it fails, a replica believes that it has seen writes which it has not. */
    ownComponentCountsOwnEvents: ({ node, history }, { processes, forAll }) => {
      const { p } = forAll({ p: processes });
      return node[p]!.vector[p] === history.events.filter((event) => event.node === p).length;
    },

    /** If it fails, a process knows of an event that has not happened yet. */
    nobodyKnowsMoreOfAnother: ({ node }, { processes, forAll }) => {
      const { p, q } = forAll({ p: processes, q: processes });
      return node[q]!.vector[p]! <= node[p]!.vector[p]!;
    },
  },

  terminated: ({ history }, { events }) => history.events.length === events,

  models: {
    small: { constants: { events: 3 }, expected: { result: 'ok', distinct: 1162, generated: 1162, depth: 4 } },
    medium: { expected: { result: 'ok', distinct: 14095, generated: 14095, depth: 5 } },
  },

  mutants: {
    'a receive merges, and counts nothing': {
      on: {
        message(me, { vector, event }, { self, events, processes, history }) {
          when(history.events.length < events);
          merge(me, vector, processes);
          note(history, self, me, event);
        },
      },
      breaks: 'vectorsTellHappenedBefore',
      steps: 2,
    },
    'a receive takes the vector of the message': {
      on: {
        message(me, { vector, event }, { self, events, processes, history }) {
          when(history.events.length < events);
          for (const p of processes) if (p !== self) me.vector[p] = vector[p]!;
          me.vector[self]! += 1;
          note(history, self, me, event);
        },
      },
      breaks: 'vectorsTellHappenedBefore',
      steps: 4,
    },
    'a receive does not look at the vector of the message': {
      on: {
        message(me, { event }, { self, events, history }) {
          when(history.events.length < events);
          me.vector[self]! += 1;
          note(history, self, me, event);
        },
      },
      breaks: 'vectorsTellHappenedBefore',
      steps: 2,
    },
    'a process counts events in the component of the sender': {
      on: {
        message(me, { from, vector, event }, { self, events, processes, history }) {
          when(history.events.length < events);
          merge(me, vector, processes);
          me.vector[from]! += 1;
          note(history, self, me, event);
        },
      },
      breaks: 'ownComponentCountsOwnEvents',
      steps: 2,
    },
  },
});
