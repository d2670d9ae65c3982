/** Elections: figure 2, "Candidates" and "RequestVote RPC". */
import { mapOf, when } from 'bivalent';
import type { Draft, View } from 'bivalent';
import { entriesOf, lastTerm, lengthOf } from './log.ts';
import type { LogHolder } from './log.ts';
import type { Quorum } from './quorum.ts';
import { observe } from './server.ts';
import type { Notes, Server, ServerState } from './server.ts';

export type RequestVote = { term: number; lastTerm: number; length: number };
export type Vote = { term: number; granted: boolean };
export type ElectionMessages = { requestVote: RequestVote; vote: Vote };

/** A message from someone: a server, in a protocol that has clients, too. */
export type From<M> = View<M> & { readonly from: string };

/** "On conversion to candidate, start election: increment currentTerm, vote for self." */
export function campaign(me: Draft<ServerState>, self: Server): void {
  when(me.role !== 'leader');
  me.term += 1;
  me.role = 'candidate';
  me.votedFor = self;
  me.votes.clear();
  me.votes.add(self);
}

/** What a candidate asks with: "Send RequestVote RPCs to all other servers." */
export const voteRequest = (me: LogHolder & { readonly term: number }): { type: 'requestVote' } & RequestVote => ({
  type: 'requestVote',
  term: me.term,
  lastTerm: lastTerm(me),
  length: lengthOf(me),
});

/** Asks one server at a time: what a candidate sends to a server whose vote it does not have. */
export function voteRequestTo(me: View<ServerState>, to: Server): ReturnType<typeof voteRequest> {
  when(me.role === 'candidate' && !me.votes.has(to));
  return voteRequest(me);
}

/** "Candidate's log is at least as up-to-date as receiver's log." */
export const isUpToDate = (me: LogHolder, m: View<RequestVote>): boolean =>
  m.lastTerm > lastTerm(me) || (m.lastTerm === lastTerm(me) && m.length >= lengthOf(me));

/**
 * Answers a request for a vote: "If votedFor is null or candidateId, and candidate's log is at least as up-to-date as
 * receiver's log, grant vote." Whether the candidate's log is good enough is what mutants leave out.
 */
export function answer(
  me: Draft<ServerState>,
  m: From<RequestVote>,
  servers: readonly Server[],
  isGood: (me: LogHolder, m: View<RequestVote>) => boolean = isUpToDate,
): { type: 'vote' } & Vote {
  observe(me, m.term, servers);
  const granted = m.term === me.term && isGood(me, m) && (me.votedFor === null || me.votedFor === m.from);
  if (granted) me.votedFor = m.from as Server;
  return { type: 'vote', granted, term: me.term };
}

/** Notes a vote; whether the candidate has now won: "if votes received from majority of servers: become leader." */
export function countVote(
  me: Draft<ServerState>,
  { from, term, granted }: From<Vote>,
  servers: readonly Server[],
  quorum: Quorum,
): boolean {
  observe(me, term, servers);
  if (me.role !== 'candidate' || term !== me.term || !granted) return false;
  me.votes.add(from as Server);
  return quorum((server) => me.votes.has(server));
}

/** Begins to lead: "initialize all nextIndex values to the index just after the last one in its log." */
export function lead(me: Draft<ServerState>, self: Server, servers: readonly Server[], history: Notes): void {
  me.role = 'leader';
  me.votes.clear();
  me.next = mapOf(servers, () => lengthOf(me));
  history.leaders.add({ term: me.term, leader: self, log: [...entriesOf(me)] });
}
