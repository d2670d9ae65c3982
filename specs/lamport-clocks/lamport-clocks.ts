/**
 * Lamport's logical clocks: time stamps that respect cause and effect, without any physical clock.
 *
 * L. Lamport, *Time, Clocks, and the Ordering of Events in a Distributed System* (1978), page 560; the quoted lines are its
 * implementation rules. The events of a run are kept, so that they can be compared with their time stamps.
 */
import { clockCondition, clockMonotonicity, defineProtocol, happenedBeforeConsistency, inCausalOrder } from 'bivalent';
import { mapOf, messages, nodes, noDuplication, when } from 'bivalent';
import type { Draft } from 'bivalent';

type Process = `p${number}`;
/** `sent` is, of a receive, the event of the send. */
type Event = { clock: number; sent: { node: Process; number: number } | null };
type History = { events: Record<Process, Event[]> };

/** Notes an event of a process; which of its events it is. A process has so many events at most. */
function note(
  { history, self, events }: { history: Draft<History>; self: Process; events: number },
  clock: number,
  sent: Event['sent'] = null,
): number {
  const own = history.events[self]!;
  when(own.length < events);
  return own.push({ clock, sent }) - 1;
}

export default defineProtocol({
  name: 'LamportClocks',
  constants: { processes: nodes('p', 3), events: 2 },
  nodes: ({ processes }) => processes,
  /** `number` is for the history alone: which of the events of its sender the message is. */
  messages: messages<{ message: { time: number; number: number } }>(),
  state: { volatile: () => ({ clock: 0 }) },
  history: ({ processes }): History => ({ events: mapOf(processes, () => []) }),
  network: { order: 'unordered', copies: 'set' },
  faults: { duplication: 1 },

  actions: {
    /** "Each process Pi increments Ci between any two successive events." */
    work(me, context) {
      me.clock += 1;
      note(context, me.clock);
    },

    /** "The message m contains a timestamp Tm = Ci(a)." */
    say(me, context) {
      const { other } = context.pick({ other: context.processes });
      when(other !== context.self);
      me.clock += 1;
      context.send(other, { type: 'message', time: me.clock, number: note(context, me.clock) });
    },
  },

  on: {
    /** "Pj sets Cj greater than or equal to its present value and greater than Tm." */
    message(me, { from, time, number }, context) {
      me.clock = Math.max(me.clock, time) + 1;
      note(context, me.clock, { node: from, number });
    },
  },

  invariants: {
    /** If it fails, a log that is sorted by time shows an answer before its question. */
    theClockConditionHolds: ({ history }) => clockCondition(inCausalOrder(history.events)),

    /** Ties are broken by the names of processes. If it fails, two nodes sort the same log differently. */
    timesTellEventsApart: ({ history }, { processes, forAll }) => {
      const { p } = forAll({ p: processes });
      return noDuplication(history.events[p]!.map(({ clock }) => clock));
    },

    /** If it fails, what is checked here is not a run of anything: a message is received before it is sent. */
    causesComeFirst: ({ history }) => happenedBeforeConsistency(inCausalOrder(history.events)),
  },

  transitionInvariants: {
    /** If it fails, a process calls a later event earlier. */
    clocksNeverGoBack: (before, after, { processes, forAll }) => {
      const { p } = forAll({ p: processes });
      return clockMonotonicity(before.node[p]!.clock, after.node[p]!.clock);
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
    'a receive takes the greater time, and adds nothing': {
      on: {
        message(me, { from, time, number }, context) {
          me.clock = Math.max(me.clock, time);
          note(context, me.clock, { node: from, number });
        },
      },
      breaks: 'theClockConditionHolds',
      steps: 2,
    },
    'a receive does not look at the time of the message': {
      on: {
        message(me, { from, number }, context) {
          me.clock += 1;
          note(context, me.clock, { node: from, number });
        },
      },
      breaks: 'theClockConditionHolds',
      steps: 2,
    },
    'a receive takes the time of the message': {
      on: {
        message(me, { from, time, number }, context) {
          me.clock = time + 1;
          note(context, me.clock, { node: from, number });
        },
      },
      breaks: 'theClockConditionHolds',
      steps: 3,
    },
  },
});
