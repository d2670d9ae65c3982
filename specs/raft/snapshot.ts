/** Snapshots, so that logs do not grow for ever: section 7 and figure 13. */
import { when } from 'bivalent';
import type { Draft, View } from 'bivalent';
import type { From } from './election.ts';
import { entriesOf, snapshotLength, termAt } from './log.ts';
import type { LogHolder } from './log.ts';
import { commit } from './replication.ts';
import type { Appended } from './replication.ts';
import { follow, observe } from './server.ts';
import type { Durable, Entry, Notes, Server, ServerState } from './server.ts';

/** What survives a crash: the state after the entries that are no longer in the log, and the term of the last of them. */
export type Compacted<E extends Entry = Entry> = Durable<E> & { snapshot: E[]; snapshotTerm: number };
export type CompactedState<E extends Entry = Entry> = ServerState<E> & Compacted<E>;
export type Install<E extends Entry = Entry> = { term: number; snapshot: E[]; snapshotTerm: number };
/** The answer is that to entries: `appended`. */
export type SnapshotMessages<E extends Entry = Entry> = { install: Install<E> };

/** "Each server takes snapshots independently, covering just the committed entries in its log." */
export function compact(me: Draft<CompactedState>, count: number): void {
  const length = snapshotLength(me);
  when(count > length);
  const entries = entriesOf(me);
  me.snapshotTerm = entries[count - 1]!.term;
  me.snapshot = entries.slice(0, count);
  me.log = entries.slice(count);
}

/** "The leader must occasionally send snapshots to followers that lag behind": whose next entry it no longer has. */
export function nextInstall(me: View<CompactedState>, self: Server, to: Server): { type: 'install' } & View<Install> {
  when(to !== self && me.role === 'leader' && me.next[to]! < snapshotLength(me));
  return { type: 'install', term: me.term, snapshot: me.snapshot, snapshotTerm: me.snapshotTerm };
}

/** Whether a server has all that a snapshot holds: then what follows in its log stays. */
export const hasAllOf = (me: LogHolder, { snapshot, snapshotTerm }: View<Install>): boolean =>
  snapshot.length <= snapshotLength(me) || termAt(me, snapshot.length - 1) === snapshotTerm;

/**
 * What a follower does with a snapshot: "If existing log entry has same index and term as snapshot's last included entry,
 * retain log entries following it and reply. Discard the entire log." That it looks is what mutants leave out.
 *
 * @returns what to reply
 */
export function install(
  me: Draft<CompactedState>,
  m: From<Install>,
  { servers, history }: { readonly servers: readonly Server[]; readonly history: Notes },
  retains: (me: LogHolder, m: View<Install>) => boolean = hasAllOf,
): { type: 'appended' } & Appended {
  observe(me, m.term, servers);
  if (m.term < me.term) return { type: 'appended', term: me.term, matches: -1 };
  follow(me, servers);
  if (!retains(me, m)) {
    me.snapshot = [...m.snapshot];
    me.snapshotTerm = m.snapshotTerm;
    me.log = [];
  }
  commit(me, m.snapshot.length, history);
  return { type: 'appended', term: me.term, matches: m.snapshot.length };
}

/** "Reset state machine using snapshot contents": what a server knows to be committed when it starts again. */
export function restore(me: Draft<CompactedState>): void {
  me.committed = snapshotLength(me);
}
