/**
 * Vector clocks: time stamps that tell exactly what happened before what, and what was concurrent.
 *
 * F. Mattern, *Virtual Time and Global States of Distributed Systems* (1988), section 5; C. Fidge, *Timestamps in
 * Message-Passing Systems That Preserve the Partial Ordering* (1988). The events of a run are kept, so that they can be
 * compared with their time stamps.
 */
import { defineProtocol, inCausalOrder, mapOf, messages, nodes, vectorClockEquivalence, when } from 'bivalent';
import type { Draft, View } from 'bivalent';

type Process = `p${number}`;
type Vector = Record<Process, number>;
/** `sent` is, of a receive, the event of the send. */
type Event = { vector: Vector; sent: { node: Process; number: number } | null };
type History = { events: Record<Process, Event[]> };
type State = { vector: Vector };

/** Notes an event of a process; which of its events it is. A process has so many events at most. */
function note(
  { history, self, events }: { history: Draft<History>; self: Process; events: number },
  { vector }: State,
  sent: Event['sent'] = null,
): number {
  const own = history.events[self]!;
  when(own.length < events);
  return own.push({ vector: { ...vector }, sent }) - 1;
}

/** The componentwise maximum. */
function merge(me: Draft<State>, vector: View<Vector>, processes: readonly Process[]): void {
  for (const p of processes) me.vector[p] = Math.max(me.vector[p]!, vector[p]!);
}

export default defineProtocol({
  name: 'VectorClocks',
  constants: { processes: nodes('p', 3), events: 2 },
  nodes: ({ processes }) => processes,
  /** `number` is for the history alone: which of the events of its sender the message is. */
  messages: messages<{ message: { vector: Vector; number: number } }>(),
  state: { volatile: ({ processes }): State => ({ vector: mapOf(processes, () => 0) }) },
  history: ({ processes }): History => ({ events: mapOf(processes, () => []) }),
  network: { order: 'unordered', copies: 'set' },
  faults: { duplication: 1 },

  actions: {
    /** A process counts its own events in its own component. */
    work(me, context) {
      me.vector[context.self]! += 1;
      note(context, me);
    },

    /** A message carries the vector of its send. */
    say(me, context) {
      const { other } = context.pick({ other: context.processes });
      when(other !== context.self);
      me.vector[context.self]! += 1;
      const number = note(context, me);
      context.send(other, { type: 'message', vector: { ...me.vector }, number });
    },
  },

  on: {
    /** A receive knows what the sender knew, and is an event itself. */
    message(me, { from, vector, number }, context) {
      merge(me, vector, context.processes);
      me.vector[context.self]! += 1;
      note(context, me, { node: from, number });
    },
  },

  invariants: {
    /** a → b exactly where V(a) < V(b). If it fails, a store takes concurrent writes for successive ones, and loses one. */
    vectorsTellHappenedBefore: ({ history }) => vectorClockEquivalence(inCausalOrder(history.events)),

    /** If it fails, a replica believes that it has seen writes which it has not. */
    ownComponentCountsOwnEvents: ({ node, history }, { processes, forAll }) => {
      const { p } = forAll({ p: processes });
      return node[p]!.vector[p] === history.events[p]!.length;
    },

    /** If it fails, a process knows of an event that has not happened yet. */
    nobodyKnowsMoreOfAnother: ({ node }, { processes, forAll }) => {
      const { p, q } = forAll({ p: processes, q: processes });
      return node[q]!.vector[p]! <= node[p]!.vector[p]!;
    },
  },

  terminated: ({ history }, { processes, events }) => processes.every((p) => history.events[p]!.length === events),

  models: {
    small: { constants: { processes: 2 }, expected: { result: 'ok', distinct: 180, generated: 263, depth: 5 } },
    'three-processes': { expected: { result: 'ok', distinct: 15150, generated: 34555, depth: 7 } },
    medium: {
      constants: { events: 3 },
      faults: { duplication: 0 },
      expected: { result: 'ok', distinct: 869040, generated: 2069167, depth: 10 },
    },
  },

  mutants: {
    'a receive merges, and counts nothing': {
      on: {
        message(me, { from, vector, number }, context) {
          merge(me, vector, context.processes);
          note(context, me, { node: from, number });
        },
      },
      breaks: 'vectorsTellHappenedBefore',
      steps: 2,
    },
    'a receive takes the vector of the message': {
      on: {
        message(me, { from, vector, number }, context) {
          for (const p of context.processes) if (p !== context.self) me.vector[p] = vector[p]!;
          me.vector[context.self]! += 1;
          note(context, me, { node: from, number });
        },
      },
      breaks: 'vectorsTellHappenedBefore',
      steps: 4,
    },
    'a receive does not look at the vector of the message': {
      on: {
        message(me, { from, number }, context) {
          me.vector[context.self]! += 1;
          note(context, me, { node: from, number });
        },
      },
      breaks: 'vectorsTellHappenedBefore',
      steps: 2,
    },
    'a process counts events in the component of the sender': {
      on: {
        message(me, { from, vector, number }, context) {
          merge(me, vector, context.processes);
          me.vector[from]! += 1;
          note(context, me, { node: from, number });
        },
      },
      breaks: 'ownComponentCountsOwnEvents',
      steps: 2,
    },
  },
});
