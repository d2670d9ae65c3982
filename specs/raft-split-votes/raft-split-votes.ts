/**
 * Raft's elections without clocks: votes may be split for ever, and then there is never a leader.
 *
 * D. Ongaro and J. Ousterhout, *In search of an understandable consensus algorithm* (2014), sections 5.2 and 5.6. Only what
 * matters to the split is here: logs are all equally good, and asking and answering are one step. Terms are counted from
 * the lowest there is, so that elections without end are a cycle of few states.
 */
import { defineSpec, each, mapOf, nodes, oneOf, when } from 'bivalent';
import type { Draft } from 'bivalent';

type Server = `s${number}`;
type ServerState = {
  term: number;
  role: 'follower' | 'candidate' | 'leader';
  votedFor: Server | null;
  votes: Set<Server>;
};
type State = { server: Record<Server, ServerState> };

/** Counts terms from the lowest one. */
function countFromLowest(s: Draft<State>, all: readonly Server[]): void {
  const lowest = Math.min(...all.map((n) => s.server[n]!.term));
  if (lowest > 0) for (const n of all) s.server[n]!.term -= lowest;
}

export default defineSpec({
  name: 'RaftSplitVotes',
  constants: {
    Server: nodes('s', 3),
    /** How many terms a server may be ahead of another: a bound of the check. */
    maxLead: 1,
    /** `kept`: "broadcastTime << electionTimeout": an election is over before anybody else times out. */
    timing: oneOf('none', 'kept'),
  },

  init: ({ Server }): State => ({
    server: mapOf(Server, (): ServerState => ({ term: 0, role: 'follower', votedFor: null, votes: new Set() })),
  }),

  actions: {
    /** "To begin an election, a follower increments its current term and transitions to candidate state." */
    timeout(s, { Server, maxLead, timing, pick }) {
      const { n } = pick({ n: Server });
      const self = s.server[n]!;
      when(self.role !== 'leader' && self.term < maxLead);
      if (timing === 'kept') when(Server.every((other) => s.server[other]!.role === 'follower'));
      self.term += 1;
      self.role = 'candidate';
      self.votedFor = n;
      self.votes.clear();
      self.votes.add(n);
      countFromLowest(s, Server);
    },

    /** "Each server will vote for at most one candidate in a given term, on a first-come-first-served basis." */
    vote(s, { Server, pick }) {
      const { n, candidate } = pick({ n: Server, candidate: Server });
      const [self, other] = [s.server[n]!, s.server[candidate]!];
      when(other.role === 'candidate' && other.term >= self.term);
      when(other.term > self.term || self.votedFor === null);
      self.term = other.term;
      self.role = 'follower';
      self.votedFor = candidate;
      other.votes.add(n);
      countFromLowest(s, Server);
    },

    /** "A candidate wins an election if it receives votes from a majority of the servers." */
    win(s, { Server, pick }) {
      const { n } = pick({ n: Server });
      const self = s.server[n]!;
      when(self.role === 'candidate' && self.votes.size * 2 > Server.length);
      self.role = 'leader';
    },
  },

  invariants: {
    /** If it fails, two servers take commands at once, and both say that they are done. */
    electionSafety: (s, { Server, forAll }) => {
      const { n, m } = forAll({ n: Server, m: Server });
      const [one, other] = [s.server[n]!, s.server[m]!];
      return n === m || one.role !== 'leader' || other.role !== 'leader' || one.term !== other.term;
    },
  },

  /** Every server that can do something does it; when, is anybody's guess. */
  fairness: { weak: [each('timeout'), each('vote'), each('win')] },

  temporal: ({ eventually }, { Server }) => ({
    /** If it fails, the cluster holds elections for ever, and serves nobody. */
    aLeaderIsElected: eventually((s) => Server.some((n) => s.server[n]!.role === 'leader')),
  }),

  deadlock: false,

  models: {
    /** What random timeouts are for: this is expected, and not a mistake. */
    small: { expected: { result: 'violation', breaks: 'aLeaderIsElected', steps: 6 } },
    'timing-kept': { constants: { timing: 'kept' }, expected: { result: 'ok', distinct: 22, generated: 25, depth: 5 } },
    'five-timing-kept': {
      constants: { Server: 5, timing: 'kept' },
      expected: { result: 'ok', distinct: 136, generated: 221, depth: 7 },
    },
  },

  mutants: {
    'a server votes twice in a term': {
      model: 'timing-kept',
      constants: { timing: 'none' },
      actions: {
        vote(s, { Server, pick }) {
          const { n, candidate } = pick({ n: Server, candidate: Server });
          const [self, other] = [s.server[n]!, s.server[candidate]!];
          when(n !== candidate && other.role === 'candidate' && other.term >= self.term);
          when(self.role === 'follower');
          self.term = other.term;
          self.votedFor = candidate;
          other.votes.add(n);
          countFromLowest(s, Server);
        },
      },
      breaks: 'electionSafety',
      steps: 6,
    },
    'a vote that is given is not counted': {
      model: 'timing-kept',
      actions: {
        vote(s, { Server, pick }) {
          const { n, candidate } = pick({ n: Server, candidate: Server });
          const [self, other] = [s.server[n]!, s.server[candidate]!];
          when(other.role === 'candidate' && other.term > self.term);
          self.term = other.term;
          self.role = 'follower';
          self.votedFor = candidate;
          countFromLowest(s, Server);
        },
      },
      breaks: 'aLeaderIsElected',
      steps: 3,
    },
  },
});
