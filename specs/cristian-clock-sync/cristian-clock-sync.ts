/**
 * Clock synchronisation with one time server: a client asks for the time, and allows for the way of the answer.
 *
 * F. Cristian, *Probabilistic Clock Synchronization* (1989). The answer is between 0 and one round trip old, so the client
 * adds half of the round trip, and knows that it is off by no more than the other half. The clock of the server is right;
 * those of clients are ahead at first, and miss or gain a tick. What a client shows never goes back: programs that measure
 * or sort by it would be wrong.
 */
import { clockMonotonicity, defineProtocol, each, mapOf, messages, nodes, when } from 'bivalent';
import type { Draft, View } from 'bivalent';

type Client = `c${number}`;
type State = {
  /** How many times this client has asked, and what its clock showed the last time. */
  round: number;
  asked: number;
  waits: boolean;
  /** What is added to the clock, and how much the sum may be off; before there was an answer, nobody knows. */
  offset: number;
  bound: number | null;
  /** Nothing earlier than this is shown: a clock that is ahead stands still until time has caught up. */
  notBefore: number;
};

/** What a client shows, of a clock that is as it is. */
const shown = ({ offset, notBefore }: View<State>, clock: number): number => Math.max(notBefore, clock + offset);

/** From now on the clock has another offset. */
function adjust(me: Draft<State>, clock: number, offset: number): void {
  const before = shown(me, clock);
  me.offset = offset;
  me.notBefore = before > clock + offset ? before : 0;
}

export default defineProtocol({
  name: 'CristianClockSync',
  /** `ahead` is how much clocks of clients are ahead at first, `drift` how many ticks they miss or gain in a behaviour. */
  constants: { names: nodes('c', 1), rounds: 2, until: 4, ahead: 1, drift: 1 },
  nodes: ({ names }): readonly ('server' | Client)[] => ['server', ...names],
  messages: messages<{ ask: { round: number }; tell: { round: number; time: number } }>(),
  state: {
    volatile: (): State => ({ round: 0, asked: 0, waits: false, offset: 0, bound: null, notBefore: 0 }),
  },
  network: { order: 'unordered', copies: 'set' },
  faults: { drift: 1, loss: 1, duplication: 1 },
  clocks: ({ names, until, ahead, drift }) => ({
    until,
    skew: mapOf(names, () => ahead + drift),
    initialSkew: ahead,
  }),

  actions: {
    /** A client that has no answer may ask again. */
    synchronise(me, { self, rounds, now, send }) {
      when(self !== 'server' && me.round < rounds);
      me.round += 1;
      me.asked = now();
      me.waits = true;
      send('server', { type: 'ask', round: me.round });
    },
  },

  on: {
    ask(_, { round }, { now, reply }) {
      reply({ type: 'tell', round, time: now() });
    },

    /** The time that was told is that of any moment of the round trip: in the middle, it is off by half of it at most. */
    tell(me, { round, time }, { drift, now }) {
      if (!me.waits || round !== me.round) return;
      const roundTrip = now() - me.asked;
      adjust(me, now(), time + Math.floor(roundTrip / 2) - now());
      me.bound = Math.ceil(roundTrip / 2) + drift;
      me.waits = false;
    },
  },

  invariants: {
    /** If it fails, a client is sure of a time that it is not: a lease has run out, and its holder still writes. */
    theErrorIsWithinTheBound: ({ node, clock, time }, { names, forAll }) => {
      const { client } = forAll({ client: names });
      const { offset, bound } = node[client]!;
      return bound === null || Math.abs(clock[client]! + offset - time) <= bound;
    },
  },

  transitionInvariants: {
    /** If it fails, what happened later has an earlier time: a build takes the newer file for the older one. */
    whatIsShownNeverGoesBack: (before, after, { names, forAll }) => {
      const { client } = forAll({ client: names });
      return clockMonotonicity(
        shown(before.node[client]!, before.clock[client]!),
        shown(after.node[client]!, after.clock[client]!),
      );
    },
  },

  temporal: ({ always, and, eventually, implies, not, taken }, { names }) => ({
    /** If it fails, a client never learns how much its clock is off, though it asks and everything arrives. */
    everyClientIsSynchronised: implies(
      always(not(taken('loss'))),
      and(...names.map((client) => eventually(({ node }) => node[client]!.bound !== null))),
    ),
  }),
  /** Every client asks, and every message that is not lost arrives. */
  fairness: { delivery: 'weak', weak: [each('synchronise')] },

  /** Time ends. */
  terminated: ({ time }, { until }) => time === until,

  models: {
    small: {
      constants: { rounds: 1, until: 3 },
      expected: { result: 'ok', distinct: 2648, generated: 6221, depth: 9 },
    },
    medium: { constants: { until: 5 }, expected: { result: 'ok', distinct: 160010, generated: 638193, depth: 14 } },
  },

  mutants: {
    'the way of the answer is not allowed for': {
      on: {
        tell(me, { round, time }, { drift, now }) {
          if (!me.waits || round !== me.round) return;
          adjust(me, now(), time - now());
          me.bound = Math.ceil((now() - me.asked) / 2) + drift;
          me.waits = false;
        },
      },
      breaks: 'theErrorIsWithinTheBound',
      steps: 6,
    },
    'the answer is thought to have taken the whole round trip': {
      on: {
        tell(me, { round, time }, { drift, now }) {
          if (!me.waits || round !== me.round) return;
          const roundTrip = now() - me.asked;
          adjust(me, now(), time + roundTrip - now());
          me.bound = Math.ceil(roundTrip / 2) + drift;
          me.waits = false;
        },
      },
      breaks: 'theErrorIsWithinTheBound',
      steps: 6,
    },
    'an answer to an earlier question is taken': {
      on: {
        tell(me, { time }, { drift, now }) {
          if (!me.waits) return;
          const roundTrip = now() - me.asked;
          adjust(me, now(), time + Math.floor(roundTrip / 2) - now());
          me.bound = Math.ceil(roundTrip / 2) + drift;
          me.waits = false;
        },
      },
      breaks: 'theErrorIsWithinTheBound',
      steps: 6,
    },
    'nobody thinks of drift': {
      on: {
        tell(me, { round, time }, { now }) {
          if (!me.waits || round !== me.round) return;
          const roundTrip = now() - me.asked;
          adjust(me, now(), time + Math.floor(roundTrip / 2) - now());
          me.bound = Math.ceil(roundTrip / 2);
          me.waits = false;
        },
      },
      breaks: 'theErrorIsWithinTheBound',
      steps: 4,
    },
    'a clock is set back': {
      on: {
        tell(me, { round, time }, { drift, now }) {
          if (!me.waits || round !== me.round) return;
          const roundTrip = now() - me.asked;
          me.offset = time + Math.floor(roundTrip / 2) - now();
          me.bound = Math.ceil(roundTrip / 2) + drift;
          me.waits = false;
        },
      },
      breaks: 'whatIsShownNeverGoesBack',
      steps: 3,
    },
    'a client takes no time that is earlier than its own': {
      model: 'small',
      on: {
        tell(me, { round, time }, { drift, now }) {
          if (!me.waits || round !== me.round) return;
          const roundTrip = now() - me.asked;
          if (time + Math.floor(roundTrip / 2) < shown(me, now())) return;
          adjust(me, now(), time + Math.floor(roundTrip / 2) - now());
          me.bound = Math.ceil(roundTrip / 2) + drift;
          me.waits = false;
        },
      },
      breaks: 'everyClientIsSynchronised',
      steps: 3,
    },
  },
});
