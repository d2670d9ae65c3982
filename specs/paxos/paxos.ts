/**
 * Paxos, a single decree: a majority of acceptors chooses one value, whoever crashes and whatever is lost.
 *
 * Renders section 2 of L. Lamport, *Paxos Made Simple* (2001), after `Paxos.tla` of the TLA+ examples
 * (PaxosHowToWinATuringAward). Messages are a set that only grows: lost, late and repeated messages are all in it.
 */
import { defineSpec, each, majorities, mapOf, nodes, range, setOf, when } from 'bivalent';

import voting from '../voting/voting.ts';

type Acceptor = `a${number}`;
type Value = `v${number}`;
type Message =
  | { type: '1a'; ballot: number }
  | { type: '1b'; acceptor: Acceptor; ballot: number; votedBallot: number; votedValue: Value | null }
  | { type: '2a'; ballot: number; value: Value }
  | { type: '2b'; acceptor: Acceptor; ballot: number; value: Value };

export default defineSpec({
  name: 'Paxos',
  constants: {
    Acceptor: nodes('a', 3, { symmetric: true }),
    Value: nodes('v', 2, { symmetric: true }),
    MaxBallot: 1,
    /** Whether to ask what is promised of whole behaviours, too; not together with `--symmetry`, under which they are not judged. */
    judgeBehaviours: false,
  },
  init: ({ Acceptor }) => ({
    acceptor: mapOf(Acceptor, () => ({ maxBallot: -1, votedBallot: -1, votedValue: null as Value | null })),
    messages: new Set<Message>(),
  }),

  actions: {
    /** Phase 1a: "A proposer selects a proposal number n and sends a prepare request with number n." It may do so again. */
    phase1a(s, { MaxBallot, pick }) {
      const { ballot } = pick({ ballot: range(0, MaxBallot) });
      s.messages.add({ type: '1a', ballot });
    },

    /**
     * Phase 1b: to a number "greater than that of any prepare request to which it has already responded", an acceptor
     * answers with a promise, and with how it has voted.
     */
    phase1b(s, { Acceptor, pick }) {
      const { a, m } = pick({ a: Acceptor, m: s.messages });
      when(m.type === '1a');
      const self = s.acceptor[a]!;
      when(m.ballot > self.maxBallot);
      self.maxBallot = m.ballot;
      s.messages.add({
        type: '1b',
        acceptor: a,
        ballot: m.ballot,
        votedBallot: self.votedBallot,
        votedValue: self.votedValue,
      });
    },

    /**
     * Phase 2a: with promises from a majority, propose "the value of the highest-numbered proposal among the responses", or
     * any value "if the responses reported no proposals". `witness` is the response whose value is taken.
     */
    phase2a(s, { Acceptor, Value, MaxBallot, pick }) {
      const { ballot, value } = pick({ ballot: range(0, MaxBallot), value: Value });
      when(s.messages.where({ type: '2a', ballot }).size === 0);
      const { quorum } = pick({ quorum: majorities(Acceptor) });
      const promises = s.messages.where({ type: '1b', ballot }).filter((m) => quorum.includes(m.acceptor));
      when(quorum.every((a) => promises.some((m) => m.acceptor === a)));
      const votes = promises.filter((m) => m.votedBallot >= 0);
      if (votes.size > 0) {
        const { witness } = pick({ witness: votes });
        when(witness.votedValue === value);
        when(votes.every((m) => m.votedBallot <= witness.votedBallot));
      }
      s.messages.add({ type: '2a', ballot, value });
    },

    /** Phase 2b: it accepts "unless it has already responded to a prepare request having a number greater than n". */
    phase2b(s, { Acceptor, pick }) {
      const { a, m } = pick({ a: Acceptor, m: s.messages });
      when(m.type === '2a');
      const self = s.acceptor[a]!;
      when(m.ballot >= self.maxBallot);
      self.maxBallot = m.ballot;
      self.votedBallot = m.ballot;
      self.votedValue = m.value;
      s.messages.add({ type: '2b', acceptor: a, ballot: m.ballot, value: m.value });
    },
  },

  invariants: {
    /** If it fails, two learners learn different values: two primaries, two owners of a lock. */
    atMostOneChosen: (s, { Acceptor, Value, MaxBallot, forAll }) => {
      const ballots = range(0, MaxBallot);
      const { v, w, b, c } = forAll({ v: Value, w: Value, b: ballots, c: ballots });
      const chosen = (ballot: number, value: Value): boolean =>
        Acceptor.filter((acceptor) => s.messages.has({ type: '2b', acceptor, ballot, value })).length * 2 >
        Acceptor.length;
      return v === w || !(chosen(b, v) && chosen(c, w));
    },

    /** If it fails, one ballot proposes two values, and a majority of its votes no longer means anything. */
    oneProposalPerBallot: (s, { Value, MaxBallot, forAll }) => {
      const { v, w, ballot } = forAll({ v: Value, w: Value, ballot: range(0, MaxBallot) });
      return (
        v === w ||
        !(s.messages.has({ type: '2a', ballot, value: v }) && s.messages.has({ type: '2a', ballot, value: w }))
      );
    },

    /** If it fails, an acceptor has voted in a ballot later than any it knows of: its promises mean nothing. */
    promisesAreKept: (s, { Acceptor, forAll }) => {
      const { a } = forAll({ a: Acceptor });
      return s.acceptor[a]!.maxBallot >= s.acceptor[a]!.votedBallot;
    },
  },

  /** No message is lost for ever, and each ballot is begun: the last one, at least, is disturbed by none. */
  fairness: {
    weak: [each('phase1a', 'ballot'), each('phase1b', 'a', 'm'), each('phase2a', 'ballot'), each('phase2b', 'a', 'm')],
  },

  temporal: ({ eventually }, { Acceptor, Value, MaxBallot, judgeBehaviours }) =>
    judgeBehaviours
      ? {
          /** If it fails, every client waits: nothing stands in the way of a choice, and none is made. */
          aValueIsChosen: eventually((s) =>
            Value.some((value) =>
              range(0, MaxBallot).some((ballot) => {
                const votes = s.messages.where({ type: '2b', ballot, value });
                return votes.size * 2 > Acceptor.length;
              }),
            ),
          ),
        }
      : {},

  /** The votes of an acceptor are those that it has announced; everything else is how it comes to cast them. */
  refinements: (refines, { Acceptor, Value, MaxBallot, judgeBehaviours }) =>
    judgeBehaviours
      ? {
          voting: refines(
            voting,
            (s) => ({
              acceptor: mapOf(Acceptor, (a) => ({
                maxBallot: s.acceptor[a]!.maxBallot,
                votes: setOf(
                  s.messages.where({ type: '2b', acceptor: a }).map(({ ballot, value }) => ({ ballot, value })),
                ),
              })),
            }),
            { Acceptor, Value, MaxBallot },
          ),
        }
      : {},

  models: {
    small: { expected: { result: 'ok', distinct: 3921, generated: 23563, depth: 17 } },
    medium: {
      constants: { MaxBallot: 2 },
      expected: { result: 'ok', distinct: 185369, generated: 1361380, depth: 25 },
    },
    refinement: {
      constants: { judgeBehaviours: true },
      expected: { result: 'ok', distinct: 3921, generated: 23563, depth: 17 },
    },
  },

  mutants: {
    'the proposer takes no notice of earlier votes': {
      actions: {
        phase2a(s, { Acceptor, Value, MaxBallot, pick }) {
          const { ballot, value } = pick({ ballot: range(0, MaxBallot), value: Value });
          when(s.messages.where({ type: '2a', ballot }).size === 0);
          const { quorum } = pick({ quorum: majorities(Acceptor) });
          when(quorum.every((acceptor) => s.messages.where({ type: '1b', ballot, acceptor }).size > 0));
          s.messages.add({ type: '2a', ballot, value });
        },
      },
      breaks: 'atMostOneChosen',
      steps: 12,
    },
    'an acceptor votes in a ballot that it promised to ignore': {
      actions: {
        phase2b(s, { Acceptor, pick }) {
          const { a, m } = pick({ a: Acceptor, m: s.messages });
          when(m.type === '2a');
          const self = s.acceptor[a]!;
          self.maxBallot = m.ballot;
          self.votedBallot = m.ballot;
          self.votedValue = m.value;
          s.messages.add({ type: '2b', acceptor: a, ballot: m.ballot, value: m.value });
        },
      },
      breaks: 'atMostOneChosen',
      steps: 12,
    },
    'an acceptor does not note the ballot in which it votes': {
      actions: {
        phase2b(s, { Acceptor, pick }) {
          const { a, m } = pick({ a: Acceptor, m: s.messages });
          when(m.type === '2a');
          const self = s.acceptor[a]!;
          when(m.ballot >= self.maxBallot);
          self.votedBallot = m.ballot;
          self.votedValue = m.value;
          s.messages.add({ type: '2b', acceptor: a, ballot: m.ballot, value: m.value });
        },
      },
      breaks: 'promisesAreKept',
      steps: 5,
    },
    'a ballot proposes twice': {
      actions: {
        phase2a(s, { Acceptor, Value, MaxBallot, pick }) {
          const { ballot, value } = pick({ ballot: range(0, MaxBallot), value: Value });
          const { quorum } = pick({ quorum: majorities(Acceptor) });
          const promises = s.messages.where({ type: '1b', ballot }).filter((m) => quorum.includes(m.acceptor));
          when(quorum.every((a) => promises.some((m) => m.acceptor === a)));
          when(promises.every((m) => m.votedBallot < 0));
          s.messages.add({ type: '2a', ballot, value });
        },
      },
      breaks: 'oneProposalPerBallot',
      steps: 5,
    },
    'an acceptor votes although it has promised not to, where that cannot be told from the values': {
      model: 'refinement',
      constants: { Value: 1 },
      actions: {
        phase2b(s, { Acceptor, pick }) {
          const { a, m } = pick({ a: Acceptor, m: s.messages });
          when(m.type === '2a');
          const self = s.acceptor[a]!;
          self.maxBallot = m.ballot;
          self.votedBallot = m.ballot;
          self.votedValue = m.value;
          s.messages.add({ type: '2b', acceptor: a, ballot: m.ballot, value: m.value });
        },
      },
      breaks: 'voting',
      steps: 7,
    },
    'a proposer that hears of a vote leaves it at that': {
      model: 'refinement',
      actions: {
        phase2a(s, { Acceptor, Value, MaxBallot, pick }) {
          const { ballot, value } = pick({ ballot: range(0, MaxBallot), value: Value });
          when(s.messages.where({ type: '2a', ballot }).size === 0);
          const { quorum } = pick({ quorum: majorities(Acceptor) });
          when(quorum.every((acceptor) => s.messages.where({ type: '1b', ballot, acceptor }).size > 0));
          when(s.messages.where({ type: '1b', ballot }).every((m) => m.votedBallot < 0));
          s.messages.add({ type: '2a', ballot, value });
        },
      },
      breaks: 'aValueIsChosen',
      steps: 9,
    },
  },
});
