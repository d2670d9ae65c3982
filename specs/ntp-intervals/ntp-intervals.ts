/**
 * Clock synchronisation with several time servers, some of which are wrong: a client takes what enough of them agree on.
 *
 * K. Marzullo, S. Owicki, *Maintaining the Time in a Distributed System* (1983); D. Mills, *Internet Time Synchronization:
 * the Network Time Protocol* (1991). Each answer gives an interval that contains the true time, unless its server is a
 * falseticker, which may tell anything. Where at most f are, the true time is in all intervals but f at most.
 */
import { clockMonotonicity, defineProtocol, each, messages, nodes, range, when } from 'bivalent';
import type { Draft, View } from 'bivalent';

type Server = `s${number}`;
/** From where to where the true time is ahead of the clock of the client. */
type Interval = { low: number; high: number };
type State = {
  /** How many times the client has asked, and what its clock showed the last time. */
  round: number;
  asked: number;
  /** What it was answered since, by server. */
  answers: Map<Server, Interval>;
  /** What it chose; before that, nobody knows. */
  chosen: Interval | null;
  /** What is added to the clock, and what is the earliest time that is shown. */
  offset: number;
  notBefore: number;
};

/** From the first to the last point that is in so many of the intervals; `undefined` where no point is. */
function agreedBy(count: number, intervals: readonly View<Interval>[]): Interval | undefined {
  const isAgreed = (point: number): boolean =>
    intervals.filter(({ low, high }) => low <= point && point <= high).length >= count;
  const lows = intervals.map(({ low }) => low).filter(isAgreed);
  const highs = intervals.map(({ high }) => high).filter(isAgreed);
  return lows.length === 0 ? undefined : { low: Math.min(...lows), high: Math.max(...highs) };
}

/** What the client shows, of a clock that is as it is. */
const shown = ({ offset, notBefore }: View<State>, clock: number): number => Math.max(notBefore, clock + offset);

/** The clock is set to the middle of an interval; what it shows stands still until time has caught up. */
function adjust(me: Draft<State>, clock: number, interval: Interval): void {
  const before = shown(me, clock);
  me.chosen = interval;
  me.offset = Math.floor((interval.low + interval.high) / 2);
  me.notBefore = before > clock + me.offset ? before : 0;
  me.answers.clear();
}

export default defineProtocol({
  name: 'NtpIntervals',
  /**
   * So many of the servers are `falsetickers`; the clocks of the others are right up to `error`. The clock of the client
   * is up to `ahead` ahead, and neither misses a tick nor gains one.
   */
  constants: { servers: nodes('s', 3), falsetickers: 1, error: 0, ahead: 1, rounds: 1, until: 2 },
  nodes: ({ servers }): readonly ('client' | Server)[] => ['client', ...servers],
  messages: messages<{ ask: { round: number }; tell: { round: number; time: number } }>(),
  state: {
    volatile: (): State => ({
      round: 0,
      asked: 0,
      answers: new Map<Server, Interval>(),
      chosen: null,
      offset: 0,
      notBefore: 0,
    }),
  },
  network: { order: 'unordered', copies: 'set' },
  faults: { byzantine: 1, loss: 1 },
  clocks: ({ servers, error, ahead, until }) => ({
    until,
    skew: { client: ahead, ...Object.fromEntries(servers.map((server) => [server, error])) },
    initialSkew: Math.max(error, ahead),
  }),
  /** A falseticker tells any time. */
  byzantine: {
    nodes: ({ servers, falsetickers }) => servers.slice(0, falsetickers),
    messages: ({ rounds, until }) =>
      range(1, rounds).flatMap((round) => range(0, until).map((time) => ({ type: 'tell', round, time }))),
  },

  actions: {
    /** The client may ask again before it has all answers: some may be lost. */
    synchronise(me, { self, servers, rounds, now, broadcast }) {
      when(self === 'client' && me.round < rounds);
      me.round += 1;
      me.asked = now();
      me.answers.clear();
      broadcast({ type: 'ask', round: me.round }, servers);
    },

    /** With one answer more than there are falsetickers, one at least is right. */
    choose(me, { self, falsetickers, now }) {
      when(self === 'client' && me.answers.size > falsetickers);
      const interval = agreedBy(me.answers.size - falsetickers, [...me.answers.values()]);
      when(interval !== undefined);
      adjust(me, now(), interval);
    },
  },

  on: {
    ask(_, { round }, { now, reply }) {
      reply({ type: 'tell', round, time: now() });
    },

    /** The time that was told is right up to an error, and as old as the round trip at most. */
    tell(me, { from, round, time }, { self, error, now }) {
      if (self !== 'client' || round !== me.round || me.answers.has(from as Server)) return;
      me.answers.set(from as Server, { low: time - error - now(), high: time + error - me.asked });
    },
  },

  invariants: {
    /** If it fails, a client is sure of a time that it is not: a transaction commits before it began. */
    theTrueTimeIsInside: ({ node, clock, time }) => {
      const { chosen } = node.client;
      const ahead = time - clock.client;
      return chosen === null || (chosen.low <= ahead && ahead <= chosen.high);
    },
  },

  transitionInvariants: {
    /** If it fails, what happened later has an earlier time: a log is sorted wrongly. */
    whatIsShownNeverGoesBack: (before, after) =>
      clockMonotonicity(shown(before.node.client, before.clock.client), shown(after.node.client, after.clock.client)),
  },

  temporal: ({ always, eventually, implies, not, taken }) => ({
    /** If it fails, a falseticker that tells nonsense, or nothing, keeps the client from ever knowing the time. */
    theClientLearnsTheTime: implies(
      always(not(taken('loss'))),
      eventually(({ node }) => node.client.chosen !== null),
    ),
  }),
  /** The client asks and chooses, and every message that is not lost arrives. */
  fairness: { delivery: 'weak', weak: [each('synchronise'), each('choose')] },

  /** Time ends. */
  terminated: ({ time }, { until }) => time === until,

  models: {
    small: { constants: { servers: 2 }, expected: { result: 'ok', distinct: 8061, generated: 29733, depth: 11 } },
    'three-servers': { expected: { result: 'ok', distinct: 89104, generated: 399049, depth: 14 } },
    medium: { constants: { error: 1 }, expected: { result: 'ok', distinct: 735805, generated: 3257584, depth: 14 } },
  },

  mutants: {
    'whoever answers first is believed': {
      actions: {
        choose(me, { self, now }) {
          when(self === 'client' && me.answers.size > 0);
          adjust(me, now(), [...me.answers.values()][0]!);
        },
      },
      breaks: 'theTrueTimeIsInside',
      steps: 4,
    },
    'what most servers agree on is taken': {
      constants: { servers: 2 },
      actions: {
        choose(me, { self, now }) {
          const intervals = [...me.answers.values()];
          when(self === 'client' && intervals.length > 1);
          const agreed = range(1, intervals.length).map((count) => agreedBy(count, intervals));
          adjust(
            me,
            now(),
            agreed.findLast((interval) => interval !== undefined)!,
          );
        },
      },
      breaks: 'theTrueTimeIsInside',
      steps: 7,
    },
    'the way of the answers is not allowed for': {
      on: {
        tell(me, { from, round, time }, { self, error, now }) {
          if (self !== 'client' || round !== me.round || me.answers.has(from as Server)) return;
          me.answers.set(from as Server, { low: time - error - now(), high: time + error - now() });
        },
      },
      breaks: 'theTrueTimeIsInside',
      steps: 7,
    },
    'an answer to an earlier question is taken': {
      constants: { rounds: 2 },
      on: {
        tell(me, { from, time }, { self, error, now }) {
          if (self !== 'client' || me.answers.has(from as Server)) return;
          me.answers.set(from as Server, { low: time - error - now(), high: time + error - me.asked });
        },
      },
      breaks: 'theTrueTimeIsInside',
      steps: 8,
    },
    'a clock is set back': {
      actions: {
        choose(me, { self, falsetickers, now }) {
          when(self === 'client' && me.answers.size > falsetickers);
          const interval = agreedBy(me.answers.size - falsetickers, [...me.answers.values()]);
          when(interval !== undefined);
          adjust(me, now(), interval);
          me.notBefore = 0;
        },
      },
      breaks: 'whatIsShownNeverGoesBack',
      steps: 6,
    },
    'the client waits until all answers agree': {
      constants: { servers: 2 },
      actions: {
        choose(me, { self, falsetickers, now }) {
          when(self === 'client' && me.answers.size > falsetickers);
          const intervals = [...me.answers.values()];
          when(agreedBy(intervals.length, intervals) !== undefined);
          adjust(me, now(), agreedBy(intervals.length - falsetickers, intervals)!);
        },
      },
      breaks: 'theClientLearnsTheTime',
      steps: 7,
    },
  },
});
