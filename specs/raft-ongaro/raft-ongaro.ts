/**
 * Raft, as its author specified it: elections, log replication, commitment, restarts, lost and duplicated messages.
 *
 * Renders appendix B of D. Ongaro, *Consensus: Bridging Theory and Practice* (2014): `raft.tla` of ongardie/raft.tla at commit
 * 935da8e, history variables included, where a message of which no copy is left leaves the bag. The quoted lines are
 * comments of that file. Log indexes begin at 1 there and here; 0 is "before the first entry".
 *
 * A step handles one message, or sends one: a server that grants a vote to itself does so by a message, too.
 */
import { Bag, defineSpec, each, equal, mapOf, nodes, when } from 'bivalent';
import type { Draft, View } from 'bivalent';
import { allHaveCommitted, isLed, someoneCanWin } from './liveness.ts';
import { answerAppendEntries, answerVoteRequest, becomeLeader, continuesLog, entryAt, forgetVotes } from './server.ts';
import { hasNotVotedForAnother, isQuorum, isUpToDate, lastTerm, learn, restart, sendEntries } from './server.ts';
import type { Election, Log, Message, Server, State } from './server.ts';

type Bounds = {
  readonly Server: readonly Server[];
  readonly MaxTerm: number;
  readonly MaxLog: number;
  readonly MaxMsgs: number;
  readonly MaxDup: number;
  readonly judgeBehaviours: boolean;
};

const isWithin = (s: View<State>, { Server, MaxTerm, MaxLog, MaxMsgs, MaxDup }: Bounds): boolean =>
  Server.every((i) => s.server[i]!.currentTerm <= MaxTerm && s.server[i]!.log.length <= MaxLog) &&
  s.messages.distinct <= MaxMsgs &&
  s.messages.every((_, copies) => copies <= MaxDup);

/** Disables a step that leads beyond the bounds, where behaviours are judged: what the constraint does cuts them off. */
function stayWithin(s: Draft<State>, bounds: Bounds): void {
  when(!bounds.judgeBehaviours || isWithin(s, bounds));
}

export default defineSpec({
  name: 'Raft',
  constants: {
    Server: nodes('s', 2),
    Value: nodes('v', 1),
    MaxTerm: 2,
    MaxLog: 1,
    MaxMsgs: 1,
    MaxDup: 1,
    /** Whether to ask what is promised of whole behaviours, too. */
    judgeBehaviours: false,
  },
  init: ({ Server }): State => ({
    server: mapOf(Server, () => ({
      currentTerm: 1,
      role: 'follower',
      votedFor: null,
      log: [],
      commitIndex: 0,
      votesResponded: new Set<Server>(),
      votesGranted: new Set<Server>(),
      voterLogs: new Map<Server, Log>(),
      nextIndex: mapOf(Server, () => 1),
      matchIndex: mapOf(Server, () => 0),
    })),
    messages: new Bag<Message>(),
    elections: new Set<Election>(),
    allLogs: new Set<Log>(),
  }),

  actions: {
    /** "Server i restarts from stable storage." */
    restart(s, { Server, pick }) {
      const { i } = pick({ i: Server });
      restart(s.server[i]!, Server);
    },

    /** "Server i times out and starts a new election." It will ask itself for its vote, as it asks the others. */
    timeout(s, { pick, ...bounds }) {
      const { i } = pick({ i: bounds.Server });
      const self = s.server[i]!;
      when(self.role !== 'leader');
      self.role = 'candidate';
      self.currentTerm += 1;
      self.votedFor = null;
      forgetVotes(self);
      stayWithin(s, bounds);
    },

    /** "Candidate i sends j a RequestVote request." */
    requestVote(s, { pick, ...bounds }) {
      const { i, j } = pick({ i: bounds.Server, j: bounds.Server });
      const self = s.server[i]!;
      when(self.role === 'candidate');
      when(!self.votesResponded.has(j));
      const { currentTerm: term, log } = self;
      const last = { lastLogTerm: lastTerm(log), lastLogIndex: log.length };
      s.messages.add({ type: 'RequestVoteRequest', term, ...last, from: i, to: j });
      stayWithin(s, bounds);
    },

    /** "Candidate i transitions to leader": a quorum has voted for it. */
    becomeLeader(s, { Server, pick }) {
      const { i } = pick({ i: Server });
      when(s.server[i]!.role === 'candidate');
      when(isQuorum(s.server[i]!.votesGranted.size, Server));
      becomeLeader(s, i, Server);
    },

    /** "Leader i receives a client request to add v to the log." */
    clientRequest(s, { Value, pick, ...bounds }) {
      const { i, value } = pick({ i: bounds.Server, value: Value });
      const self = s.server[i]!;
      when(self.role === 'leader');
      self.log.push({ term: self.currentTerm, value });
      stayWithin(s, bounds);
    },

    /** "Leader i advances its commitIndex" as far as a quorum agrees, if the entry there is of its own term (figure 3.7). */
    advanceCommitIndex(s, { Server, pick }) {
      const { i } = pick({ i: Server });
      const self = s.server[i]!;
      when(self.role === 'leader');
      const agree = (index: number): number => Server.filter((k) => k === i || self.matchIndex[k]! >= index).length;
      let index = self.log.length;
      while (index > 0 && !isQuorum(agree(index), Server)) index -= 1;
      if (entryAt(self.log, index)?.term === self.currentTerm) self.commitIndex = index;
    },

    /** "Leader i sends j an AppendEntries request containing up to 1 entry." */
    appendEntries(s, { pick, ...bounds }) {
      const { i, j } = pick({ i: bounds.Server, j: bounds.Server });
      sendEntries(s, i, j);
      stayWithin(s, bounds);
    },

    /** "Any RPC with a newer term causes the recipient to advance its term first." The message stays and is handled next. */
    updateTerm(s, { pick }) {
      const { m } = pick({ m: s.messages });
      const self = s.server[m.to]!;
      when(m.term > self.currentTerm);
      self.currentTerm = m.term;
      self.role = 'follower';
      self.votedFor = null;
    },

    /** "Server i receives a RequestVote request from server j with m.mterm <= currentTerm[i]." */
    handleRequestVoteRequest(s, { pick, ...bounds }) {
      const { m } = pick({ m: s.messages });
      when(m.type === 'RequestVoteRequest');
      answerVoteRequest(s, m, (self) => isUpToDate(self, m) && hasNotVotedForAnother(self, m));
      stayWithin(s, bounds);
    },

    /** "This tallies votes even when the current state is not Candidate, but they won't be looked at, so it doesn't matter." */
    handleRequestVoteResponse(s, { pick }) {
      const { m } = pick({ m: s.messages });
      when(m.type === 'RequestVoteResponse');
      const self = s.server[m.to]!;
      when(m.term === self.currentTerm);
      self.votesResponded.add(m.from);
      if (m.voteGranted) {
        self.votesGranted.add(m.from);
        // The first log counts, as in the original, where a voter may answer twice.
        if (!self.voterLogs.has(m.from)) self.voterLogs.set(m.from, m.log);
      }
      s.messages.delete(m);
    },

    /** "Server i receives an AppendEntries request from server j with m.mterm <= currentTerm[i]." */
    handleAppendEntriesRequest(s, { pick, ...bounds }) {
      const { m } = pick({ m: s.messages });
      when(m.type === 'AppendEntriesRequest');
      answerAppendEntries(s, m, continuesLog);
      stayWithin(s, bounds);
    },

    /** "Server i receives an AppendEntries response from server j with m.mterm = currentTerm[i]." */
    handleAppendEntriesResponse(s, { pick }) {
      const { m } = pick({ m: s.messages });
      when(m.type === 'AppendEntriesResponse');
      const self = s.server[m.to]!;
      when(m.term === self.currentTerm);
      if (m.success) learn(self, m);
      else self.nextIndex[m.from] = Math.max(self.nextIndex[m.from]! - 1, 1);
      s.messages.delete(m);
    },

    /** "Responses with stale terms are ignored." */
    dropStaleResponse(s, { pick }) {
      const { m } = pick({ m: s.messages });
      when(m.type === 'RequestVoteResponse' || m.type === 'AppendEntriesResponse');
      when(m.term < s.server[m.to]!.currentTerm);
      s.messages.delete(m);
    },

    /** "The network duplicates a message." */
    duplicateMessage(s, { pick, ...bounds }) {
      const { m } = pick({ m: s.messages });
      s.messages.add(m);
      stayWithin(s, bounds);
    },

    /** "The network drops a message." */
    dropMessage(s, { pick }) {
      const { m } = pick({ m: s.messages });
      s.messages.delete(m);
    },
  },

  /** "History variable that tracks every log ever": those of the state that was left. */
  afterEach(s, { Server, before }) {
    for (const i of Server) s.allLogs.add(before.server[i]!.log);
  },

  invariants: {
    /** Figure 3.2. If it fails, two leaders of one term acknowledge different writes to their clients. */
    electionSafety: (s, { forAll }) => {
      const { a, b } = forAll({ a: s.elections, b: s.elections });
      return a.term !== b.term || a.leader === b.leader;
    },

    /** Figure 3.2. If it fails, logs that agree on an entry disagree before it, and servers apply different histories. */
    logMatching: (s, { Server, forAll }) => {
      const { i, j } = forAll({ i: Server, j: Server });
      const [mine, theirs] = [s.server[i]!.log, s.server[j]!.log];
      return mine.every(
        (entry, n) => theirs[n]?.term !== entry.term || equal(mine.slice(0, n + 1), theirs.slice(0, n + 1)),
      );
    },

    /** Figure 3.2. If it fails, a leader lacks an entry that an earlier term committed: an acknowledged write is lost. */
    leaderCompleteness: (s, { Server, forAll }) => {
      const { election, i } = forAll({ election: s.elections, i: Server });
      const { currentTerm, commitIndex, log } = s.server[i]!;
      return election.term <= currentTerm || equal(log.slice(0, commitIndex), election.log.slice(0, commitIndex));
    },

    /** Figure 3.2. If it fails, two servers have applied different commands at one index: the replicas have diverged. */
    stateMachineSafety: (s, { Server, forAll }) => {
      const { i, j } = forAll({ i: Server, j: Server });
      const [mine, theirs] = [s.server[i]!, s.server[j]!];
      const both = Math.min(mine.commitIndex, theirs.commitIndex);
      return equal(mine.log.slice(0, both), theirs.log.slice(0, both));
    },
  },

  /**
   * Servers do what there is to do; a message that is sent again and again is received, although some are lost. Nobody need
   * time out, restart or ask.
   */
  fairness: {
    weak: [each('becomeLeader', 'i'), each('advanceCommitIndex', 'i')],
    strong: [
      each('requestVote'),
      each('appendEntries'),
      each('updateTerm'),
      each('handleRequestVoteRequest'),
      each('handleRequestVoteResponse'),
      each('handleAppendEntriesRequest'),
      each('handleAppendEntriesResponse'),
      each('dropStaleResponse'),
    ],
  },

  temporal: ({ and, eventuallyAlways, implies, infinitelyOften, not, taken }, { Server, judgeBehaviours }) => {
    if (!judgeBehaviours) return {};
    const settles = not(infinitelyOften(taken('restart')));
    return {
      /** If it fails, a cluster that could agree on a leader waits for one for ever. */
      whoCanWinIsElected: implies(
        and(
          settles,
          eventuallyAlways((s) => someoneCanWin(s.server, Server)),
        ),
        infinitelyOften((s) => isLed(s.server, Server)),
      ),

      /** If it fails, a client waits for ever for the answer to a command that its leader has in the log. */
      whatALeaderThatStaysHasIsCommitted: implies(
        and(
          settles,
          eventuallyAlways((s) => isLed(s.server, Server)),
        ),
        infinitelyOften((s) => allHaveCommitted(s.server, Server)),
      ),
    };
  },

  /** Terms, logs and the network grow for ever; the check looks at the states within these bounds. */
  constraint: isWithin,

  models: {
    liveness: {
      constants: { judgeBehaviours: true },
      expected: { result: 'ok', distinct: 1760, generated: 7113, depth: 28 },
    },
    small: { expected: { result: 'ok', distinct: 1760, generated: 13797, depth: 28 } },
    'three-terms': {
      constants: { MaxTerm: 3 },
      expected: { result: 'ok', distinct: 25164, generated: 198851, depth: 41 },
    },
    'two-messages': {
      constants: { MaxMsgs: 2 },
      expected: { result: 'ok', distinct: 15254, generated: 152835, depth: 32 },
    },
    medium: { constants: { MaxMsgs: 3 }, expected: { result: 'ok', distinct: 75466, generated: 916535, depth: 35 } },
    'three-servers': {
      constants: { Server: 3, MaxLog: 0 },
      expected: { result: 'ok', distinct: 705532, generated: 8683474, depth: 39 },
    },
  },

  mutants: {
    'a leader does not tell what is committed': {
      model: 'liveness',
      actions: {
        appendEntries(s, { pick, ...bounds }) {
          const { i, j } = pick({ i: bounds.Server, j: bounds.Server });
          sendEntries(s, i, j, 0);
          stayWithin(s, bounds);
        },
      },
      breaks: 'whatALeaderThatStaysHasIsCommitted',
      steps: 18,
    },
    'a server that has voted does not answer who asks again': {
      model: 'liveness',
      actions: {
        handleRequestVoteRequest(s, { pick }) {
          const { m } = pick({ m: s.messages });
          when(m.type === 'RequestVoteRequest');
          const { currentTerm, votedFor } = s.server[m.to]!;
          if (m.term === currentTerm && votedFor === m.from) s.messages.delete(m);
          else answerVoteRequest(s, m, (self) => isUpToDate(self, m) && hasNotVotedForAnother(self, m));
        },
      },
      breaks: 'whoCanWinIsElected',
      steps: 10,
    },
    'one vote makes a leader': {
      actions: {
        becomeLeader(s, { Server, pick }) {
          const { i } = pick({ i: Server });
          when(s.server[i]!.role === 'candidate');
          when(s.server[i]!.votesGranted.size > 0);
          becomeLeader(s, i, Server);
        },
      },
      breaks: 'electionSafety',
      steps: 10,
    },
    'a server votes for everyone who asks': {
      actions: {
        handleRequestVoteRequest(s, { pick }) {
          const { m } = pick({ m: s.messages });
          when(m.type === 'RequestVoteRequest');
          answerVoteRequest(s, m, (self) => isUpToDate(self, m));
        },
      },
      breaks: 'electionSafety',
      steps: 16,
    },
    'a server forgets its vote when it restarts': {
      constants: { Server: 3, MaxLog: 0 },
      actions: {
        restart(s, { Server, pick }) {
          const { i } = pick({ i: Server });
          restart(s.server[i]!, Server);
          s.server[i]!.votedFor = null;
        },
      },
      breaks: 'electionSafety',
      steps: 18,
    },
    'a follower appends without looking at the previous entry': {
      constants: { MaxTerm: 3, MaxLog: 2 },
      actions: {
        handleAppendEntriesRequest(s, { pick }) {
          const { m } = pick({ m: s.messages });
          when(m.type === 'AppendEntriesRequest');
          answerAppendEntries(s, m, () => true);
        },
      },
      breaks: 'logMatching',
      steps: 24,
    },
  },
});
