/**
 * What a server of Ongaro's specification knows and says, and what it does with a request. Quoted lines are comments of
 * that file.
 */
import { mapOf, when } from 'bivalent';
import type { Bag, Draft, View } from 'bivalent';

export type Server = `s${number}`;
export type Value = `v${number}`;
export type Entry = { term: number; value: Value };
export type Log = Entry[];

export type RequestVoteRequest = { type: 'RequestVoteRequest'; lastLogTerm: number; lastLogIndex: number };
/** `log` is history, for the proof: an implementation would not send it. */
type RequestVoteResponse = { type: 'RequestVoteResponse'; voteGranted: boolean; log: Log };
/** `entries` has one element or none; `log` is history, for the proof. */
export type AppendEntriesRequest = {
  type: 'AppendEntriesRequest';
  prevLogIndex: number;
  prevLogTerm: number;
  entries: Log;
  log: Log;
  commitIndex: number;
};
type AppendEntriesResponse = { type: 'AppendEntriesResponse'; success: boolean; matchIndex: number };
export type Envelope = { term: number; from: Server; to: Server };
export type Message = Envelope &
  (RequestVoteRequest | RequestVoteResponse | AppendEntriesRequest | AppendEntriesResponse);

/** What one server knows. `currentTerm`, `votedFor` and `log` are on disk; the rest is lost when it restarts. */
export type ServerState = {
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
export type Election = { term: number; leader: Server; log: Log; votes: Set<Server>; voterLogs: Map<Server, Log> };

export type State = {
  server: Record<Server, ServerState>;
  messages: Bag<Message>;
  elections: Set<Election>;
  allLogs: Set<Log>;
};

export const isQuorum = (size: number, servers: readonly Server[]): boolean => size * 2 > servers.length;
export const lastTerm = (log: readonly Entry[]): number => log.at(-1)?.term ?? 0;
/** The entry at an index that begins at 1. */
export const entryAt = (log: readonly Entry[], index: number): Entry | undefined => log[index - 1];

/** "Combination of Send and Discard." */
function reply(s: Draft<State>, response: Message, request: View<Message>): void {
  s.messages.add(response);
  s.messages.delete(request);
}

export function forgetVotes(self: Draft<ServerState>): void {
  self.votesResponded.clear();
  self.votesGranted.clear();
  self.voterLogs.clear();
}

/** "It loses everything but its currentTerm, votedFor, and log." */
export function restart(self: Draft<ServerState>, servers: readonly Server[]): void {
  self.role = 'follower';
  forgetVotes(self);
  self.nextIndex = mapOf(servers, () => 1);
  self.matchIndex = mapOf(servers, () => 0);
  self.commitIndex = 0;
}

export function becomeLeader(s: Draft<State>, i: Server, servers: readonly Server[]): void {
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
export function answerVoteRequest(
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

export const isUpToDate = (self: View<ServerState>, m: View<RequestVoteRequest>): boolean =>
  m.lastLogTerm > lastTerm(self.log) || (m.lastLogTerm === lastTerm(self.log) && m.lastLogIndex >= self.log.length);

export const hasNotVotedForAnother = (self: View<ServerState>, m: View<Envelope>): boolean =>
  self.votedFor === null || self.votedFor === m.from;

/** "logOk": the entry before those of the request is in the log, from the same term. */
export const continuesLog = (log: readonly Entry[], m: View<AppendEntriesRequest>): boolean =>
  m.prevLogIndex === 0 || entryAt(log, m.prevLogIndex)?.term === m.prevLogTerm;

/** "This just handles m.entries of length 0 or 1." */
export function answerAppendEntries(
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

/** Sends a request to append what a server is taken to lack. "Send up to 1 entry, constrained by the end of the log." */
export function sendEntries(s: Draft<State>, i: Server, j: Server, committed = s.server[i]!.commitIndex): void {
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
    commitIndex: Math.min(committed, lastEntry),
    from: i,
    to: j,
  });
}

/** Notes what a server has said that it has. */
export function learn(self: Draft<ServerState>, m: View<Envelope & AppendEntriesResponse>): void {
  self.nextIndex[m.from] = m.matchIndex + 1;
  self.matchIndex[m.from] = m.matchIndex;
}
