/**
 * Lamport's logical clocks: time stamps that respect cause and effect, without any physical clock.
 *
 * L. Lamport, *Time, Clocks, and the Ordering of Events in a Distributed System* (1978), page 560; the quoted lines are its
 * implementation rules. The events of a run are kept, so that they can be compared with their time stamps.
 */
import { clockCondition, clockMonotonicity, defineProtocol, happenedBeforeConsistency } from 'bivalent';
import { messages, nodes, when } from 'bivalent';
import type { Draft } from 'bivalent';

type Process = `p${number}`;
/** `sent` is, of a receive, the event of the send. */
type Event = { id: number; node: Process; sent: number | null; clock: number };
type History = { events: Event[] };

/** Notes an event; its number. */
function note(history: Draft<History>, node: Process, clock: number, sent: number | null = null): number {
  const id = history.events.length;
  history.events.push({ id, node, sent, clock });
  return id;
}

export default defineProtocol({
  name: 'LamportClocks',
  constants: { processes: nodes('p', 3), events: 4 },
  nodes: ({ processes }) => processes,
  /** `event` is for the history alone. */
  messages: messages<{ message: { time: number; event: number } }>(),
  state: { volatile: () => ({ clock: 0 }) },
  history: (): History => ({ events: [] }),
  network: { order: 'unordered', copies: 'set' },
  faults: { duplication: 1 },

  actions: {
    /** "Each process Pi increments Ci between any two successive events." */
    work(me, { self, events, history }) {
      when(history.events.length < events);
      me.clock += 1;
      note(history, self, me.clock);
    },

    /** "The message m contains a timestamp Tm = Ci(a)." */
    say(me, { self, events, processes, history, send, pick }) {
      when(history.events.length < events);
      const { other } = pick({ other: processes });
      when(other !== self);
      me.clock += 1;
      send(other, { type: 'message', time: me.clock, event: note(history, self, me.clock) });
    },
  },

  on: {
    /** "Pj sets Cj greater than or equal to its present value and greater than Tm." */
    message(me, { time, event }, { self, events, history }) {
      when(history.events.length < events);
      me.clock = Math.max(me.clock, time) + 1;
      note(history, self, me.clock, event);
    },
  },

  invariants: {
    /** If it fails, a log that is sorted by time shows an answer before its question. */
    theClockConditionHolds: ({ history }) => clockCondition(history.events),

    /** Ties are broken by the names of processes. If it fails, two nodes sort the same log differently. */
    timesTellEventsApart: ({ history }) =>
      history.events.every((a) =>
        history.events.every((b) => a.id === b.id || a.node !== b.node || a.clock !== b.clock),
      ),

    /** If it fails, what is checked here is not a run of anything: a message is received before it is sent. */
    causesComeFirst: ({ history }) => happenedBeforeConsistency(history.events),
  },

  transitionInvariants: {
    /** If it fails, a process calls a later event earlier. */
    clocksNeverGoBack: (before, after, { processes, forAll }) => {
      const { p } = forAll({ p: processes });
      return clockMonotonicity(before.node[p]!.clock, after.node[p]!.clock);
    },
  },

  terminated: ({ history }, { events }) => history.events.length === events,

  models: {
    small: { constants: { events: 3 }, expected: { result: 'ok', distinct: 1162, generated: 1162, depth: 4 } },
    medium: { expected: { result: 'ok', distinct: 14095, generated: 14095, depth: 5 } },
  },

  mutants: {
    'a receive takes the greater time, and adds nothing': {
      on: {
        message(me, { time, event }, { self, events, history }) {
          when(history.events.length < events);
          me.clock = Math.max(me.clock, time);
          note(history, self, me.clock, event);
        },
      },
      breaks: 'theClockConditionHolds',
      steps: 2,
    },
    'a receive does not look at the time of the message': {
      on: {
        message(me, { event }, { self, events, history }) {
          when(history.events.length < events);
          me.clock += 1;
          note(history, self, me.clock, event);
        },
      },
      breaks: 'theClockConditionHolds',
      steps: 2,
    },
    'a receive takes the time of the message': {
      on: {
        message(me, { time, event }, { self, events, history }) {
          when(history.events.length < events);
          me.clock = time + 1;
          note(history, self, me.clock, event);
        },
      },
      breaks: 'theClockConditionHolds',
      steps: 3,
    },
  },
});
