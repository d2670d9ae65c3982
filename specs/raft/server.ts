/**
 * What a server of Raft keeps, and how it falls back to follow another.
 *
 * This and the files beside it are what all renderings of Raft here have in common, by idea: logs, quorums, elections,
 * replication, and the properties. The quoted lines are those of D. Ongaro, J. Ousterhout, *In Search of an Understandable
 * Consensus Algorithm* (2014). Entries are known by their term and their place: a leader has one place for each. Places
 * begin at 0.
 */
import { mapOf } from 'bivalent';
import type { Draft } from 'bivalent';

export type Server = `s${number}`;

/** An entry of a log; the renderings add what it holds. */
export type Entry = { term: number };

/** What survives a crash. */
export type Durable<E extends Entry = Entry> = { term: number; votedFor: Server | null; log: E[] };

/** What a crash loses. */
export type Volatile = {
  role: 'follower' | 'candidate' | 'leader';
  votes: Set<Server>;
  /** How many entries are committed. */
  committed: number;
  /** Of a leader: the place of the next entry to send to each server, and how many entries it is known to have. */
  next: Record<Server, number>;
  matches: Record<Server, number>;
};

export type ServerState<E extends Entry = Entry> = Durable<E> & Volatile;

/** What properties are about. */
export type History<E extends Entry = Entry> = {
  leaders: Set<{ term: number; leader: Server; log: E[] }>;
  /** What was committed where, and in which term. */
  committed: Set<{ term: number; index: number; entry: E }>;
};

/** History as the shared steps write it, whatever else entries hold. */
export type Notes = {
  readonly leaders: { add(leader: { term: number; leader: Server; log: readonly Entry[] }): void };
  readonly committed: { add(commitment: { term: number; index: number; entry: Entry }): void };
};

/** What a server has on its disk at first. */
export const blank = (): Durable<never> => ({ term: 0, votedFor: null, log: [] });

/** What a server knows when it starts. */
export const started = ({ servers }: { readonly servers: readonly Server[] }): Volatile => ({
  role: 'follower',
  votes: new Set<Server>(),
  committed: 0,
  next: mapOf(servers, () => 0),
  matches: mapOf(servers, () => 0),
});

/** Nothing has happened yet. */
export const noHistory = (): History<never> => ({ leaders: new Set(), committed: new Set() });

/** "If RPC request or response contains term T > currentTerm: set currentTerm = T, convert to follower." */
export function observe(me: Draft<ServerState>, term: number, servers: readonly Server[]): void {
  if (term <= me.term) return;
  me.term = term;
  me.votedFor = null;
  follow(me, servers);
}

/** What only candidates and leaders know is forgotten. */
export function follow(me: Draft<ServerState>, servers: readonly Server[]): void {
  if (me.role === 'follower') return;
  me.role = 'follower';
  me.votes.clear();
  me.next = mapOf(servers, () => 0);
  me.matches = mapOf(servers, () => 0);
}
