/**
 * Voting: how a majority chooses one value, before anybody thinks of messages.
 *
 * Renders `Voting.tla` by Leslie Lamport, in the TLA+ examples under PaxosHowToWinATuringAward: the algorithm that Paxos
 * implements. Acceptors vote in numbered ballots; a value is chosen when a quorum has voted for it in one ballot.
 */
import { defineSpec, each, majorities, mapOf, nodes, range, setOf, when } from 'bivalent';
import type { Draft, View } from 'bivalent';

import consensus from '../consensus/consensus.ts';

type Acceptor = `a${number}`;
type Value = `v${number}`;
type Vote = { ballot: number; value: Value };

type State = { acceptor: Record<Acceptor, { maxBallot: number; votes: Set<Vote> }> };

const hasVoted = (s: View<State>, a: Acceptor, ballot: number, value: Value): boolean =>
  s.acceptor[a]!.votes.has({ ballot, value });

const noVotesIn = (
  s: View<State>,
  who: readonly Acceptor[],
  ballots: readonly number[],
  values: readonly Value[],
): boolean => ballots.every((ballot) => who.every((a) => values.every((value) => !hasVoted(s, a, ballot, value))));

/** It has promised no larger ballot, and has no vote in this one. */
const mayVote = (s: View<State>, a: Acceptor, ballot: number, values: readonly Value[]): boolean =>
  s.acceptor[a]!.maxBallot <= ballot && noVotesIn(s, [a], [ballot], values);

const isChosen = (s: View<State>, all: readonly Acceptor[], ballot: number, value: Value): boolean =>
  all.filter((a) => hasVoted(s, a, ballot, value)).length * 2 > all.length;

function vote(s: Draft<State>, a: Acceptor, ballot: number, value: Value): void {
  s.acceptor[a]!.votes.add({ ballot, value });
  s.acceptor[a]!.maxBallot = ballot;
}

export default defineSpec({
  name: 'Voting',
  constants: {
    Acceptor: nodes('a', 3, { symmetric: true }),
    Value: nodes('v', 2, { symmetric: true }),
    MaxBallot: 1,
    /** Whether to ask what is promised of whole behaviours, too; not together with `--symmetry`, under which they are not judged. */
    judgeBehaviours: false,
  },
  init: ({ Acceptor }): State => ({
    acceptor: mapOf(Acceptor, () => ({ maxBallot: -1, votes: new Set<Vote>() })),
  }),

  actions: {
    /** IncreaseMaxBal: at any time an acceptor may promise to ignore the ballots before a larger one. */
    increaseMaxBallot(s, { Acceptor, MaxBallot, pick }) {
      const { a, ballot } = pick({ a: Acceptor, ballot: range(0, MaxBallot) });
      when(ballot > s.acceptor[a]!.maxBallot);
      s.acceptor[a]!.maxBallot = ballot;
    },

    /**
     * VoteFor: "the heart of the algorithm". Acceptor a may vote for a value that some quorum shows to be safe.
     *
     * ShowsSafeAt: every member of the quorum has come as far as this ballot; `since` is the last earlier ballot in which
     * any of them voted (-1: none did), and what `witness` voted for then was this value.
     */
    voteFor(s, { Acceptor, Value, MaxBallot, pick }) {
      const { a, ballot, quorum } = pick({ a: Acceptor, ballot: range(0, MaxBallot), quorum: majorities(Acceptor) });
      when(mayVote(s, a, ballot, Value));
      when(quorum.every((c) => s.acceptor[c]!.maxBallot >= ballot));
      const { since } = pick({ since: range(-1, ballot - 1) });
      when(noVotesIn(s, quorum, range(since + 1, ballot - 1), Value));
      const { value } = pick({ value: Value });
      if (since >= 0) {
        const { witness } = pick({ witness: quorum });
        when(hasVoted(s, witness, since, value));
      }
      when(Acceptor.every((c) => Value.every((v) => v === value || !hasVoted(s, c, ballot, v))));
      vote(s, a, ballot, value);
    },
  },

  invariants: {
    /** If it fails, two clients are told that different values were chosen: two primaries, two owners of a lock. */
    atMostOneChosen: (s, { Acceptor, Value, MaxBallot, forAll }) => {
      const ballots = range(0, MaxBallot);
      const { v, w, b, c } = forAll({ v: Value, w: Value, b: ballots, c: ballots });
      return v === w || !(isChosen(s, Acceptor, b, v) && isChosen(s, Acceptor, c, w));
    },

    /** If it fails, the votes of one ballot can be counted in two ways. */
    oneValuePerBallot: (s, { Acceptor, Value, MaxBallot, forAll }) => {
      const { a, c, ballot } = forAll({ a: Acceptor, c: Acceptor, ballot: range(0, MaxBallot) });
      const { v, w } = forAll({ v: Value, w: Value });
      const both = s.acceptor[a]!.votes.has({ ballot, value: v }) && s.acceptor[c]!.votes.has({ ballot, value: w });
      return v === w || !both;
    },
  },

  /** Acceptors go on to the last ballot, of which there is one here, and vote there if they may. */
  fairness: ({ judgeBehaviours }) =>
    judgeBehaviours ? { weak: [each('increaseMaxBallot'), each('voteFor', 'a')] } : {},

  /** The one choice of consensus is made by the vote that completes a majority; and it is made, since acceptors go on. */
  refinements: (refines, { Acceptor, Value, MaxBallot, judgeBehaviours }) =>
    judgeBehaviours
      ? {
          consensus: refines(
            consensus,
            (s) => ({
              chosen: setOf(
                Value.filter((value) => range(0, MaxBallot).some((ballot) => isChosen(s, Acceptor, ballot, value))),
              ),
            }),
            { Value, isLive: true },
          ),
        }
      : {},

  /** Everybody has voted in the last ballot. */
  terminated: (s, { Acceptor, Value, MaxBallot }) =>
    Acceptor.every((a) => Value.some((value) => s.acceptor[a]!.votes.has({ ballot: MaxBallot, value }))),

  models: {
    small: { expected: { result: 'ok', distinct: 599, generated: 3124, depth: 11 } },
    medium: {
      constants: { MaxBallot: 2 },
      expected: { result: 'ok', distinct: 6752, generated: 41017, depth: 16 },
    },
    refinement: {
      constants: { judgeBehaviours: true },
      expected: { result: 'ok', distinct: 599, generated: 3124, depth: 11 },
    },
  },

  mutants: {
    'two values in one ballot': {
      actions: {
        voteFor(s, { Acceptor, Value, MaxBallot, pick }) {
          const { a, ballot, value } = pick({ a: Acceptor, ballot: range(0, MaxBallot), value: Value });
          when(mayVote(s, a, ballot, Value));
          const { quorum } = pick({ quorum: majorities(Acceptor) });
          when(quorum.every((c) => s.acceptor[c]!.maxBallot >= ballot));
          const { since } = pick({ since: range(-1, ballot - 1) });
          when(noVotesIn(s, quorum, range(since + 1, ballot - 1), Value));
          if (since >= 0) {
            const { witness } = pick({ witness: quorum });
            when(hasVoted(s, witness, since, value));
          }
          vote(s, a, ballot, value);
        },
      },
      breaks: 'oneValuePerBallot',
      steps: 4,
    },
    'any value will do': {
      actions: {
        voteFor(s, { Acceptor, Value, MaxBallot, pick }) {
          const { a, ballot, value } = pick({ a: Acceptor, ballot: range(0, MaxBallot), value: Value });
          when(mayVote(s, a, ballot, Value));
          when(Acceptor.every((c) => Value.every((v) => v === value || !hasVoted(s, c, ballot, v))));
          vote(s, a, ballot, value);
        },
      },
      breaks: 'atMostOneChosen',
      steps: 4,
    },
    'an acceptor forgets how it has voted': {
      model: 'refinement',
      actions: {
        increaseMaxBallot(s, { Acceptor, MaxBallot, pick }) {
          const { a, ballot } = pick({ a: Acceptor, ballot: range(0, MaxBallot) });
          when(ballot > s.acceptor[a]!.maxBallot);
          s.acceptor[a]!.maxBallot = ballot;
          s.acceptor[a]!.votes.clear();
        },
      },
      constants: { Value: 1 },
      breaks: 'consensus',
      steps: 5,
    },
    'an acceptor that has gone on need not vote': {
      model: 'refinement',
      fairness: { weak: [each('increaseMaxBallot')] },
      breaks: 'consensus',
      steps: 3,
    },
  },
});
