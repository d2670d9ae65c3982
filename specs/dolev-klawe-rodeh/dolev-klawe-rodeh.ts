/**
 * Dolev, Klawe and Rodeh's election on a ring with one direction: O(n log n) messages.
 *
 * Renders *An O(n log n) unidirectional distributed algorithm for extrema finding in a circle* (Dolev, Klawe, Rodeh, 1982),
 * algorithm A, as SPIN's example `leader.pml` does: every process stands for a number, first its own. In each phase an
 * active process compares its number with those of the two active processes before it on the ring, and goes on, for the
 * number of its neighbour, where that is the largest of the three.
 */
import { defineProtocol, each, messages, nodes, when } from 'bivalent';

type Process = `p${number}`;
type Message = { type: 'one' | 'two'; number: number };
type Deciding = { active: boolean; number: number; neighbour: number; elected: number; toSend: Message | null };

export default defineProtocol({
  name: 'DolevKlaweRodeh',
  /** `numbers`: whom each process stands for at first, all different; the first is that of the first process. */
  constants: { ring: nodes('p', 3), numbers: [2, 3, 1, 5, 4, 7, 6] },
  nodes: ({ ring }) => ring,
  messages: messages<{
    /** The number that the active process before the receiver stands for. */
    one: { number: number };
    /** The number of the active process before that one. */
    two: { number: number };
  }>(),

  state: {
    volatile: ({ ring, numbers }, self) => ({
      begun: false,
      active: true,
      /** Whom it stands for. */
      number: numbers[ring.indexOf(self)]!,
      /** Whom the active process before it stands for, in this phase. */
      neighbour: 0,
      /** The message that it thinks about, and the one that it is about to send. */
      got: null as Message | null,
      toSend: null as Message | null,
      /** The number with which it was elected; 0 before. */
      elected: 0,
    }),
  },

  network: { order: 'fifo' },
  links: ({ from, to }, { ring }) => (to === next(ring, from) ? 'fifo' : 'none'),

  actions: {
    /** A1: every process sends its number to the next. */
    begin(me) {
      when(!me.begun);
      me.begun = true;
      me.toSend = { type: 'one', number: me.number };
    },

    tell(me, { self, ring, send }) {
      const message = me.toSend;
      if (message === null) return when(false);
      send(next(ring, self), message);
      me.toSend = null;
    },

    /** Passive processes pass on what they get; active ones think about it. */
    consider(me) {
      const message = me.got;
      if (message === null) return when(false);
      me.got = null;
      if (!me.active) me.toSend = message;
      else if (message.type === 'one') compareWithNeighbour(me, message.number);
      else compareWithBoth(me, message.number);
    },
  },

  /** It does one thing after the other. */
  accepts: (me) => me.begun && me.got === null && me.toSend === null,

  on: {
    one: (me, { number }) => void (me.got = { type: 'one', number }),
    two: (me, { number }) => void (me.got = { type: 'two', number }),
  },

  invariants: {
    /** If it fails, two processes act as leader at once: two primaries take writes. */
    atMostOneLeader: ({ node }, { nodes }) => nodes.filter((n) => node[n]!.elected !== 0).length <= 1,

    /** If it fails, the processes do not agree on who has won, since all know that the largest number wins. */
    theLargestNumberWins: ({ node }, { nodes, ring, numbers, forAll }) => {
      const { n } = forAll({ n: nodes });
      return node[n]!.elected === 0 || node[n]!.elected === Math.max(...numbers.slice(0, ring.length));
    },
  },

  /** If it fails, nobody is ever elected, and whoever waits for a leader waits for ever. */
  temporal: ({ eventually }) => ({
    somebodyIsElected: eventually(({ node }, { nodes }) => nodes.some((n) => node[n]!.elected !== 0)),
  }),
  fairness: { delivery: 'weak', weak: [each('begin'), each('tell'), each('consider')] },

  /** All messages are used up when one is elected. */
  terminated: ({ node }, { nodes }) => nodes.some((n) => node[n]!.elected !== 0),

  models: {
    small: { expected: { result: 'ok', distinct: 178, generated: 372, depth: 31 } },
    medium: { constants: { ring: 7 }, expected: { result: 'ok', distinct: 159485, generated: 749569, depth: 113 } },
  },

  mutants: {
    'goes on for itself': {
      actions: {
        consider(me) {
          const message = me.got;
          if (message === null) return when(false);
          me.got = null;
          if (!me.active) me.toSend = message;
          else if (message.type === 'one') compareWithNeighbour(me, message.number);
          else if (me.neighbour > message.number && me.neighbour > me.number) {
            me.toSend = { type: 'one', number: me.number };
          } else me.active = false;
        },
      },
      breaks: 'theLargestNumberWins',
      steps: 30,
    },
    'goes on for the smallest': {
      actions: {
        consider(me) {
          const message = me.got;
          if (message === null) return when(false);
          me.got = null;
          if (!me.active) me.toSend = message;
          else if (message.type === 'one') compareWithNeighbour(me, message.number);
          else if (me.neighbour < message.number && me.neighbour < me.number) goOnForNeighbour(me);
          else me.active = false;
        },
      },
      breaks: 'theLargestNumberWins',
      steps: 30,
    },
    'a passive process keeps what it gets': {
      actions: {
        consider(me) {
          const message = me.got;
          if (message === null) return when(false);
          me.got = null;
          if (!me.active) return;
          if (message.type === 'one') compareWithNeighbour(me, message.number);
          else compareWithBoth(me, message.number);
        },
      },
      breaks: 'deadlock',
      steps: 24,
    },
    'the last process competes with itself': {
      actions: {
        consider(me) {
          const message = me.got;
          if (message === null) return when(false);
          me.got = null;
          if (!me.active) me.toSend = message;
          else if (message.type === 'one') {
            me.neighbour = message.number;
            me.toSend = { type: 'two', number: message.number };
          } else if (me.neighbour >= message.number && me.neighbour >= me.number) goOnForNeighbour(me);
          else me.active = false;
        },
      },
      breaks: 'somebodyIsElected',
      steps: 39,
    },
  },
});

/** The process after one on the ring. */
function next(ring: readonly Process[], process: Process): Process {
  return ring[(ring.indexOf(process) + 1) % ring.length]!;
}

/** A2: whoever gets the number for which it stands has won; the others tell it to the second next. */
function compareWithNeighbour(me: Deciding, number: number): void {
  if (number === me.number) me.elected = number;
  else {
    me.neighbour = number;
    me.toSend = { type: 'two', number };
  }
}

/** A3: it goes on for its neighbour where that has the largest number of the three, and is passive otherwise. */
function compareWithBoth(me: Deciding, number: number): void {
  if (me.neighbour > number && me.neighbour > me.number) goOnForNeighbour(me);
  else me.active = false;
}

function goOnForNeighbour(me: Deciding): void {
  me.number = me.neighbour;
  me.toSend = { type: 'one', number: me.number };
}
