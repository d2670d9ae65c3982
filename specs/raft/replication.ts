/** Replication and commitment: figure 2, "Leaders" and "AppendEntries RPC". */
import { when } from 'bivalent';
import type { Draft, View } from 'bivalent';
import type { From } from './election.ts';
import { continuesLog, entriesOf, merge, snapshotLength, termAt } from './log.ts';
import type { LogHolder } from './log.ts';
import type { Quorum } from './quorum.ts';
import { follow, observe } from './server.ts';
import type { Entry, Notes, Server, ServerState } from './server.ts';

/** `previous` is the place before the entries, -1 before the first; without entries it is a heartbeat. */
export type Append<E extends Entry = Entry> = {
  term: number;
  previous: number;
  previousTerm: number;
  entries: E[];
  committed: number;
};
/** `matches` is how many entries are now as the leader's; -1 where the follower's log differs. */
export type Appended = { term: number; matches: number };
export type ReplicationMessages<E extends Entry = Entry> = { append: Append<E>; appended: Appended };

/**
 * "If last log index ≥ nextIndex for a follower: send AppendEntries RPC with log entries starting at nextIndex"; here one
 * at a time.
 *
 * @returns what to send
 */
export function nextAppend<E extends Entry>(
  me: Omit<View<ServerState>, 'log'> & { readonly log: readonly E[] },
  self: Server,
  to: Server,
): { type: 'append' } & Append<E> {
  when(to !== self && me.role === 'leader');
  const next = me.next[to]!;
  const start = snapshotLength(me);
  when(next >= start);
  const entries = me.log.slice(next - start, next - start + 1);
  const committed = Math.min(me.committed, next + entries.length);
  // A heartbeat that neither tells nor finds out anything is left out.
  when(entries.length > 0 || committed > 0 || me.matches[to]! < next);
  const previousTerm = termAt(me, next - 1) ?? 0;
  return { type: 'append', term: me.term, previous: next - 1, previousTerm, entries, committed };
}

/**
 * What a follower does with entries. Whether the log that it has is looked at, before the entries and where they go, is what
 * mutants leave out.
 *
 * @returns what to reply
 */
export function accept(
  me: Draft<ServerState>,
  m: From<Append>,
  { servers, history }: { readonly servers: readonly Server[]; readonly history: Notes },
  continues: (me: LogHolder, m: View<Append>) => boolean = continuesLog,
  put: typeof merge = merge,
): { type: 'appended' } & Appended {
  observe(me, m.term, servers);
  const refused = { type: 'appended', term: me.term, matches: -1 } as const;
  if (m.term < me.term) return refused;
  // "If AppendEntries RPC received from new leader: convert to follower."
  follow(me, servers);
  if (!continues(me, m)) return refused;
  const place = m.previous + 1;
  put(me, place, m.entries);
  const matches = place + m.entries.length;
  commit(me, Math.min(m.committed, matches), history);
  return { type: 'appended', term: me.term, matches };
}

/**
 * A leader learns what a follower has: "if successful: update nextIndex and matchIndex for follower"; "if AppendEntries
 * fails because of log inconsistency: decrement nextIndex and retry".
 *
 * @returns whether it learned something
 */
export function learn(me: Draft<ServerState>, m: From<Appended>, servers: readonly Server[]): boolean {
  observe(me, m.term, servers);
  if (me.role !== 'leader' || m.term !== me.term) return false;
  const from = m.from as Server;
  if (m.matches < 0) me.next[from] = Math.max(0, me.next[from]! - 1);
  else {
    me.matches[from] = Math.max(me.matches[from]!, m.matches);
    me.next[from] = Math.max(me.next[from]!, m.matches);
  }
  return true;
}

/**
 * "If there exists an N such that N > commitIndex, a majority of matchIndex[i] ≥ N, and log[N].term == currentTerm: set
 * commitIndex = N." The last condition is what mutants leave out.
 *
 * @returns how many entries a leader may commit
 */
export function countCommitted(
  me: View<ServerState>,
  self: Server,
  quorum: Quorum,
  mayCommit: (entry: Entry, me: View<ServerState>) => boolean = isOfThisTerm,
): number {
  const start = snapshotLength(me);
  const has = (server: Server, place: number): boolean => server === self || me.matches[server]! > place;
  const last = me.log.findLastIndex((entry, i) => mayCommit(entry, me) && quorum((server) => has(server, start + i)));
  return Math.max(me.committed, start + last + 1);
}

const isOfThisTerm = (entry: Entry, me: View<ServerState>): boolean => entry.term === me.term;

/**
 * Whether an entry of the server's own term is committed. Before that, a leader does not know of all that is: what it does
 * on the strength of its commit index must wait, changes of membership (Ongaro's correction to his thesis, raft-dev, 10
 * July 2015) as well as reads.
 */
export const hasCommitted = (me: View<ServerState>): boolean => termAt(me, me.committed - 1) === me.term;

/** Commits entries, and notes which; no more than there are, which matters to servers that make mistakes. */
export function commit(me: Draft<ServerState>, count: number, history: Notes): void {
  const entries = entriesOf(me).slice(0, count);
  for (const [index, entry] of entries.entries()) {
    if (index >= me.committed) history.committed.add({ term: me.term, index, entry });
  }
  me.committed = Math.max(me.committed, entries.length);
}
