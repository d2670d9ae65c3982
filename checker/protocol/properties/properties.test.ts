/** Each property on data for which it holds, and on the least change for which it does not. */
import { describe, expect, test } from 'vitest';

import {
  agreement,
  causalDelivery,
  clockCondition,
  clockMonotonicity,
  electionSafety,
  exactlyOnce,
  fifoDelivery,
  happenedBefore,
  happenedBeforeConsistency,
  inCausalOrder,
  leaderCompleteness,
  logMatching,
  mutualExclusion,
  noCreation,
  noDuplication,
  stateMachineSafety,
  totalOrderDelivery,
  validity,
  vectorClockEquivalence,
} from '../index.ts';

const x1 = { term: 1, value: 'x' };
const y1 = { term: 1, value: 'y' };
const y2 = { term: 2, value: 'y' };

/** p: a, send, d; q: b, receive. */
const events = [
  { id: 0, node: 'p', sent: null, clock: 1, vector: { p: 1 } },
  { id: 1, node: 'q', sent: null, clock: 1, vector: { q: 1 } },
  { id: 2, node: 'p', sent: null, clock: 2, vector: { p: 2 } },
  { id: 3, node: 'q', sent: 2, clock: 3, vector: { p: 2, q: 2 } },
  { id: 4, node: 'p', sent: null, clock: 3, vector: { p: 3 } },
];
const withEvent = (id: number, change: object): typeof events =>
  events.map((event) => (event.id === id ? { ...event, ...change } : event));

const a1 = { sender: 'a', number: 1, after: [] };
const a2 = { sender: 'a', number: 2, after: [a1] };
const b1 = { sender: 'b', number: 1, after: [a1] };

describe.each<{ name: string; holds: readonly boolean[]; fails: readonly boolean[] }>([
  {
    name: 'agreement',
    holds: [agreement([]), agreement([null, x1, undefined, { ...x1 }])],
    fails: [agreement([x1, null, y1])],
  },
  { name: 'validity', holds: [validity([null, x1], [y1, x1])], fails: [validity([x1], [y1])] },
  { name: 'mutual exclusion', holds: [mutualExclusion([]), mutualExclusion(['a'])], fails: [mutualExclusion('ab')] },
  {
    name: 'election safety',
    holds: [electionSafety([1, 2].map((term) => ({ term, leader: `s${term}` })))],
    fails: [electionSafety(['s1', 's2'].map((leader) => ({ term: 1, leader })))],
  },
  {
    name: 'log matching',
    holds: [logMatching([[x1, y2], [x1], []]), logMatching([[x1], [y2]])],
    fails: [logMatching([[x1], [y1]]), logMatching([[x1, y2], [], [y1, y2]])],
  },
  {
    name: 'leader completeness',
    holds: [
      leaderCompleteness([{ term: 1, index: 0, entry: x1 }], [{ term: 2, log: [x1] }]),
      leaderCompleteness([{ term: 2, index: 0, entry: x1 }], [{ term: 1, log: [] }]),
    ],
    fails: [
      leaderCompleteness([{ term: 1, index: 0, entry: x1 }], [{ term: 2, log: [] }]),
      leaderCompleteness([{ term: 1, index: 0, entry: x1 }], [{ term: 2, log: [y1] }]),
    ],
  },
  {
    name: 'state machine safety',
    holds: [stateMachineSafety([[], [x1], [x1, y2]])],
    fails: [stateMachineSafety([[x1], [], [y2]])],
  },
  {
    name: 'the clock condition',
    holds: [clockCondition(events)],
    fails: [clockCondition(withEvent(3, { clock: 2 })), clockCondition(withEvent(2, { clock: 1 }))],
  },
  {
    name: 'vector clock equivalence',
    holds: [vectorClockEquivalence(events)],
    fails: [
      vectorClockEquivalence(withEvent(3, { vector: { q: 2 } })),
      vectorClockEquivalence(withEvent(1, { vector: { p: 1, q: 1 } })),
    ],
  },
  {
    name: 'happened-before consistency',
    holds: [happenedBeforeConsistency(events)],
    fails: [happenedBeforeConsistency(withEvent(3, { sent: 4 })), happenedBeforeConsistency(withEvent(3, { sent: 9 }))],
  },
  { name: 'clock monotonicity', holds: [clockMonotonicity(1, 1)], fails: [clockMonotonicity(2, 1)] },
  {
    name: 'FIFO delivery',
    holds: [fifoDelivery([b1, a1, a2])],
    fails: [fifoDelivery([a2, a1]), fifoDelivery([a2]), fifoDelivery([a1, a1])],
  },
  {
    name: 'causal delivery',
    holds: [causalDelivery([a1, b1, a2])],
    fails: [causalDelivery([b1, a1])],
  },
  {
    name: 'total order delivery',
    holds: [totalOrderDelivery([[a1, b1], [a1], []])],
    fails: [totalOrderDelivery([[a1, b1], [b1]])],
  },
  { name: 'no duplication', holds: [noDuplication([a1, a2])], fails: [noDuplication([a1, a2, a1])] },
  { name: 'no creation', holds: [noCreation([a1], [a1, a2])], fails: [noCreation([a1], [a2])] },
  {
    name: 'exactly once',
    holds: [exactlyOnce(['r1', 'r2'], ['r1'])],
    fails: [exactlyOnce(['r1', 'r1'], []), exactlyOnce([], ['r1'])],
  },
])('$name', ({ holds, fails }) => {
  test('holds where it should', () => {
    expect(holds.filter((verdict) => !verdict)).toEqual([]);
  });
  test('fails where it should', () => {
    expect(fails.filter((verdict) => verdict)).toEqual([]);
  });
});

describe('happened-before', () => {
  test('is the order of each node, and of messages, closed under both', () => {
    const isBefore = happenedBefore(events);
    const pairs = events.flatMap((a) => events.filter((b) => isBefore(a.id, b.id)).map((b) => `${a.id}→${b.id}`));
    expect(pairs).toEqual(['0→2', '0→3', '0→4', '1→3', '2→3', '2→4']);
  });
});

describe('the lists of events of each node', () => {
  const own = { sent: null };
  const [receiveOf0, receiveOf1] = [0, 1].map((number) => ({ sent: { node: 'p', number } }));

  test('become one list in which causes come first', () => {
    const ordered = inCausalOrder({ q: [own, receiveOf1!], p: [own, own, own] });
    expect(ordered.map(({ node, sent }) => ({ node, sent }))).toEqual([
      { node: 'q', sent: null },
      { node: 'p', sent: null },
      { node: 'p', sent: null },
      { node: 'p', sent: null },
      { node: 'q', sent: 2 },
    ]);
    expect(happenedBeforeConsistency(ordered)).toBe(true);
  });

  test('are inconsistent where a send never happened, or after its receive', () => {
    expect(happenedBeforeConsistency(inCausalOrder({ q: [receiveOf0!], p: [] }))).toBe(false);
    expect(
      happenedBeforeConsistency(inCausalOrder({ p: [{ sent: { node: 'q', number: 1 } }, own], q: [receiveOf1!, own] })),
    ).toBe(false);
  });
});
