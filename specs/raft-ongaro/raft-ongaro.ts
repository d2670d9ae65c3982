/**
 * Raft, as its author specified it: elections, log replication, commitment, restarts, lost and duplicated messages.
 *
 * Renders appendix B of D. Ongaro, *Consensus: Bridging Theory and Practice* (2014): `raft.tla` of ongardie/raft.tla at commit
 * 935da8e, history variables included, where a message of which no copy is left leaves the bag. The quoted lines are
 * comments of that file. Log indexes begin at 1 there and here; 0 is "before the first entry".
 *
 * A step handles one message, or sends one: a server that grants a vote to itself does so by a message, too.
 */
import { Bag, defineSpec, equal, mapOf, nodes, when } from 'bivalent';
import type { Draft, View } from 'bivalent';

type Server = `s${number}`;
type Value = `v${number}`;
type Entry = { term: number; value: Value };
type Log = Entry[];

type RequestVoteRequest = { type: 'RequestVoteRequest'; lastLogTerm: number; lastLogIndex: number };
/** `log` is history, for the proof: an implementation would not send it. */
type RequestVoteResponse = { type: 'RequestVoteResponse'; voteGranted: boolean; log: Log };
/** `entries` has one element or none; `log` is history, for the proof. */
type AppendEntriesRequest = {
  type: 'AppendEntriesRequest';
  prevLogIndex: number;
  prevLogTerm: number;
  entries: Log;
  log: Log;
  commitIndex: number;
};
type AppendEntriesResponse = { type: 'AppendEntriesResponse'; success: boolean; matchIndex: number };
type Envelope = { term: number; from: Server; to: Server };
type Message = Envelope & (RequestVoteRequest | RequestVoteResponse | AppendEntriesRequest | AppendEntriesResponse);

/** What one server knows. `currentTerm`, `votedFor` and `log` are on disk; the rest is lost when it restarts. */
type ServerState = {
  currentTerm: number;
  role: 'follower' | 'candidate' | 'leader';
  votedFor: Server | null;
  log: Log;
  commitIndex: number;
  votesResponded: Set<Server>;
  votesGranted: Set<Server>;
  /** History: the logs of those who voted for this candidate. */
  voterLogs: Map<Server, Log>;
  nextIndex: Record<Server, number>;
  matchIndex: Record<Server, number>;
};

/** History: a successful election, with the logs of the winner and of those who voted for it. */
type Election = { term: number; leader: Server; log: Log; votes: Set<Server>; voterLogs: Map<Server, Log> };

type State = {
  server: Record<Server, ServerState>;
  messages: Bag<Message>;
  elections: Set<Election>;
  allLogs: Set<Log>;
};

const isQuorum = (size: number, servers: readonly Server[]): boolean => size * 2 > servers.length;
const lastTerm = (log: readonly Entry[]): number => log.at(-1)?.term ?? 0;
/** The entry at an index that begins at 1. */
const entryAt = (log: readonly Entry[], index: number): Entry | undefined => log[index - 1];

/** "Combination of Send and Discard." */
function reply(s: Draft<State>, response: Message, request: View<Message>): void {
  s.messages.add(response);
  s.messages.delete(request);
}

function forgetVotes(self: Draft<ServerState>): void {
  self.votesResponded.clear();
  self.votesGranted.clear();
  self.voterLogs.clear();
}

/** "It loses everything but its currentTerm, votedFor, and log." */
function restart(self: Draft<ServerState>, servers: readonly Server[]): void {
  self.role = 'follower';
  forgetVotes(self);
  self.nextIndex = mapOf(servers, () => 1);
  self.matchIndex = mapOf(servers, () => 0);
  self.commitIndex = 0;
}

function becomeLeader(s: Draft<State>, i: Server, servers: readonly Server[]): void {
  const self = s.server[i]!;
  self.role = 'leader';
  self.nextIndex = mapOf(servers, () => self.log.length + 1);
  self.matchIndex = mapOf(servers, () => 0);
  s.elections.add({
    term: self.currentTerm,
    leader: i,
    log: self.log,
    votes: self.votesGranted,
    voterLogs: self.voterLogs,
  });
}

/** A vote is granted "if votedFor is null or candidateId, and candidate's log is at least as up-to-date" (figure 3.1). */
function answerVoteRequest(
  s: Draft<State>,
  m: View<Envelope & RequestVoteRequest>,
  mayVote: (self: View<ServerState>, m: View<Envelope & RequestVoteRequest>) => boolean,
): void {
  const self = s.server[m.to]!;
  when(m.term <= self.currentTerm);
  const voteGranted = m.term === self.currentTerm && mayVote(self, m);
  if (voteGranted) self.votedFor = m.from;
  const { currentTerm: term, log } = self;
  reply(s, { type: 'RequestVoteResponse', term, voteGranted, log, from: m.to, to: m.from }, m);
}

const isUpToDate = (self: View<ServerState>, m: View<RequestVoteRequest>): boolean =>
  m.lastLogTerm > lastTerm(self.log) || (m.lastLogTerm === lastTerm(self.log) && m.lastLogIndex >= self.log.length);

const hasNotVotedForAnother = (self: View<ServerState>, m: View<Envelope>): boolean =>
  self.votedFor === null || self.votedFor === m.from;

/** "logOk": the entry before those of the request is in the log, from the same term. */
const continuesLog = (log: readonly Entry[], m: View<AppendEntriesRequest>): boolean =>
  m.prevLogIndex === 0 || entryAt(log, m.prevLogIndex)?.term === m.prevLogTerm;

/** "This just handles m.entries of length 0 or 1." */
function answerAppendEntries(
  s: Draft<State>,
  m: View<Envelope & AppendEntriesRequest>,
  isAcceptable: (log: readonly Entry[], m: View<AppendEntriesRequest>) => boolean,
): void {
  const self = s.server[m.to]!;
  when(m.term <= self.currentTerm);
  const respond = (success: boolean, matchIndex: number): void => {
    const response = { type: 'AppendEntriesResponse', term: self.currentTerm, success, matchIndex } as const;
    reply(s, { ...response, from: m.to, to: m.from }, m);
  };
  if (m.term < self.currentTerm) return respond(false, 0);

  // Only the leader of the term sends such requests, and it sends none to itself.
  when(self.role !== 'leader');
  if (self.role === 'candidate') {
    // "Return to follower state." The message stays and is handled next.
    self.role = 'follower';
    return;
  }
  if (!isAcceptable(self.log, m)) return respond(false, 0);

  const [entry] = m.entries;
  const present = entryAt(self.log, m.prevLogIndex + 1);
  if (entry === undefined || present?.term === entry.term) {
    // "Already done with request. This could make our commitIndex decrease (for example if we process an old,
    // duplicated request), but that doesn't really affect anything."
    self.commitIndex = m.commitIndex;
    return respond(true, m.prevLogIndex + m.entries.length);
  }
  // "No conflict: append entry", or "conflict: remove 1 entry". The message stays and is handled again.
  if (present === undefined) self.log.push(entry);
  else self.log.pop();
}

export default defineSpec({
  name: 'Raft',
  constants: { Server: nodes('s', 2), Value: nodes('v', 1), MaxTerm: 2, MaxLog: 1, MaxMsgs: 1, MaxDup: 1 },
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
    timeout(s, { Server, pick }) {
      const { i } = pick({ i: Server });
      const self = s.server[i]!;
      when(self.role !== 'leader');
      self.role = 'candidate';
      self.currentTerm += 1;
      self.votedFor = null;
      forgetVotes(self);
    },

    /** "Candidate i sends j a RequestVote request." */
    requestVote(s, { Server, pick }) {
      const { i, j } = pick({ i: Server, j: Server });
      const self = s.server[i]!;
      when(self.role === 'candidate');
      when(!self.votesResponded.has(j));
      const { currentTerm: term, log } = self;
      const last = { lastLogTerm: lastTerm(log), lastLogIndex: log.length };
      s.messages.add({ type: 'RequestVoteRequest', term, ...last, from: i, to: j });
    },

    /** "Candidate i transitions to leader": a quorum has voted for it. */
    becomeLeader(s, { Server, pick }) {
      const { i } = pick({ i: Server });
      when(s.server[i]!.role === 'candidate');
      when(isQuorum(s.server[i]!.votesGranted.size, Server));
      becomeLeader(s, i, Server);
    },

    /** "Leader i receives a client request to add v to the log." */
    clientRequest(s, { Server, Value, pick }) {
      const { i, value } = pick({ i: Server, value: Value });
      const self = s.server[i]!;
      when(self.role === 'leader');
      self.log.push({ term: self.currentTerm, value });
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
    appendEntries(s, { Server, pick }) {
      const { i, j } = pick({ i: Server, j: Server });
      when(i !== j);
      const self = s.server[i]!;
      when(self.role === 'leader');
      const { currentTerm: term, log } = self;
      const next = self.nextIndex[j]!;
      const lastEntry = Math.min(log.length, next);
      s.messages.add({
        type: 'AppendEntriesRequest',
        term,
        prevLogIndex: next - 1,
        prevLogTerm: entryAt(log, next - 1)?.term ?? 0,
        entries: log.slice(next - 1, lastEntry),
        log,
        commitIndex: Math.min(self.commitIndex, lastEntry),
        from: i,
        to: j,
      });
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
    handleRequestVoteRequest(s, { pick }) {
      const { m } = pick({ m: s.messages });
      when(m.type === 'RequestVoteRequest');
      answerVoteRequest(s, m, (self) => isUpToDate(self, m) && hasNotVotedForAnother(self, m));
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
    handleAppendEntriesRequest(s, { pick }) {
      const { m } = pick({ m: s.messages });
      when(m.type === 'AppendEntriesRequest');
      answerAppendEntries(s, m, continuesLog);
    },

    /** "Server i receives an AppendEntries response from server j with m.mterm = currentTerm[i]." */
    handleAppendEntriesResponse(s, { pick }) {
      const { m } = pick({ m: s.messages });
      when(m.type === 'AppendEntriesResponse');
      const self = s.server[m.to]!;
      when(m.term === self.currentTerm);
      if (m.success) {
        self.nextIndex[m.from] = m.matchIndex + 1;
        self.matchIndex[m.from] = m.matchIndex;
      } else {
        self.nextIndex[m.from] = Math.max(self.nextIndex[m.from]! - 1, 1);
      }
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
    duplicateMessage(s, { pick }) {
      const { m } = pick({ m: s.messages });
      s.messages.add(m);
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

  /** Terms, logs and the network grow for ever; the check looks at the states within these bounds. */
  constraint: (s, { Server, MaxTerm, MaxLog, MaxMsgs, MaxDup }) =>
    Server.every((i) => s.server[i]!.currentTerm <= MaxTerm && s.server[i]!.log.length <= MaxLog) &&
    s.messages.distinct <= MaxMsgs &&
    s.messages.every((_, copies) => copies <= MaxDup),

  models: {
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
