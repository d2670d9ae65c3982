/**
 * Spanner's commit wait, as evidence that protocols can speak of clocks whose error is bounded.
 *
 * J. Corbett et al., *Spanner: Google's Globally-Distributed Database* (2012), section 4.1.2: a time stamp is no less than the
 * latest that the time can be, and a commit is not seen before that has certainly passed. Then a transaction that begins
 * after another has ended has a later stamp.
 */
import { expect, test } from 'vitest';

import { check } from '../../property/index.ts';
import { bind, each, nodes, when } from '../../spec/index.ts';
import { defineProtocol, messages } from '../index.ts';

const trueTime = defineProtocol({
  name: 'TrueTime',
  constants: { servers: nodes('s', 2), epsilon: 1, until: 4 },
  nodes: ({ servers }) => servers,
  messages: messages<object>(),
  state: { volatile: () => ({ phase: 'idle' as 'idle' | 'waiting' | 'done', stamp: 0 }) },
  history: () => ({
    /** The latest stamp of a transaction that has ended, and what it was when each transaction began. */
    ended: -2,
    before: new Map<string, number>(),
  }),
  clocks: ({ epsilon, until }) => ({ until, skew: epsilon }),
  faults: { drift: true },
  actions: {
    /** "TT.now().latest": no clock can be further ahead of the true time than this. */
    begin(me, { self, epsilon, now, history }) {
      when(me.phase === 'idle');
      me.phase = 'waiting';
      me.stamp = now() + epsilon;
      history.before.set(self, history.ended);
    },
    /** "TT.after(s)": the stamp is certainly in the past. */
    end(me, { epsilon, now, history }) {
      when(me.phase === 'waiting' && now() - epsilon > me.stamp);
      me.phase = 'done';
      history.ended = Math.max(history.ended, me.stamp);
    },
  },
  on: {},
  invariants: {
    externalConsistency: ({ node, history }, { servers, forAll }) => {
      const { s } = forAll({ s: servers });
      const before = history.before.get(s);
      return before === undefined || node[s]!.stamp > before;
    },
    clocksAreAsGoodAsTheySay: ({ time, clock }, { servers, epsilon, forAll }) => {
      const { s } = forAll({ s: servers });
      return clock[s]! - epsilon <= time && time <= clock[s]! + epsilon;
    },
  },
  temporal: ({ and, leadsTo }, { servers, epsilon, until }) => ({
    /** Where time does not end before: even a slow clock shows by then that the stamp has passed. */
    whatBeginsEnds: and(
      ...servers.map((s) =>
        leadsTo(
          ({ node }) => node[s]!.phase === 'waiting' && node[s]!.stamp + 2 * epsilon < until,
          ({ node }) => node[s]!.phase === 'done',
        ),
      ),
    ),
  }),
  fairness: { weak: ['tick', each('end')] },
  deadlock: false,
  mutants: {
    'a transaction ends as soon as it has a stamp': {
      actions: {
        end(me, { history }) {
          when(me.phase === 'waiting');
          me.phase = 'done';
          history.ended = Math.max(history.ended, me.stamp);
        },
      },
      breaks: 'externalConsistency',
      steps: 3,
    },
    'the wait is half as long as it must be': {
      actions: {
        end(me, { now, history }) {
          when(me.phase === 'waiting' && now() > me.stamp);
          me.phase = 'done';
          history.ended = Math.max(history.ended, me.stamp);
        },
      },
      breaks: 'externalConsistency',
      steps: 5,
    },
    'a stamp is the earliest that the time can be': {
      actions: {
        begin(me, { self, epsilon, now, history }) {
          when(me.phase === 'idle');
          me.phase = 'waiting';
          me.stamp = now() - epsilon;
          history.before.set(self, history.ended);
        },
      },
      breaks: 'externalConsistency',
      steps: 4,
    },
  },
});

test('transactions that follow each other have stamps that do, where each waits until its stamp has passed', () => {
  const result = check(bind(trueTime), { audit: 'all' });
  expect(result).toMatchObject({ result: 'ok', distinctStates: 1377 });
  expect(result.actions['end']!.taken).toBeGreaterThan(0);
});

test.each(Object.entries(trueTime.definition.mutants ?? {}))('they do not where %s', (mutant, { breaks, steps }) => {
  const { violation } = check(bind(trueTime, { mutant }));
  expect([violation?.name, violation && violation.trace.length - 1]).toEqual([breaks, steps]);
});
