/**
 * What a leader does, and a candidate to become one: `campaign`, `becomeLeader`, `appendEntry` and the sending of etcd's
 * `raft.go`.
 */
import { range, subsets, when } from 'bivalent';
import type { Draft, Pick, View } from 'bivalent';
import { entriesOf, lastTerm, lengthOf, snapshotLength, termAt } from '../raft/log.ts';
import type { Server } from '../raft/server.ts';
import { nextChange } from './application.ts';
import { isVoter } from './configuration.ts';
import type { Change } from './configuration.ts';
import { becomeSnapshot, sentEntries } from './progress.ts';
import { freshProgress, put, reset } from './server.ts';
import type { Entry, ServerState } from './server.ts';

/** `campaign`: votes for itself, once that is stored, and asks the other voters. */
export function campaign(me: Draft<ServerState>, self: Server, servers: readonly Server[]): void {
  me.term += 1;
  me.role = 'candidate';
  me.votedFor = self;
  me.leader = null;
  reset(me);
  const envelope = { from: self, term: me.term };
  me.unsent.add({ ...envelope, type: 'VoteResp', to: self, reject: false });
  for (const to of servers) {
    if (to === self || !isVoter(me.configuration, to)) continue;
    me.unsent.add({ ...envelope, type: 'Vote', to, index: lengthOf(me.raftLog), logTerm: lastTerm(me.raftLog) });
  }
}

/** `becomeLeader`. */
export function lead(me: Draft<ServerState>, self: Server, servers: readonly Server[]): void {
  me.role = 'leader';
  me.leader = self;
  me.progress = freshProgress(me, self, servers);
  me.pendingChange = lengthOf(me.raftLog);
}

/** The leader appends an entry, and will tell itself so once that is stored. */
export function append(me: Draft<ServerState>, self: Server, change: View<Change> | null): void {
  me.raftLog.log.push(put<Entry>({ term: me.term, change }));
  const stored = { type: 'AppResp', index: lengthOf(me.raftLog), reject: false, rejectHint: 0, logTerm: 0 } as const;
  me.unsent.add({ ...stored, from: self, to: self, term: me.term });
}

/** A leader's first step is an empty entry of its term. */
export const isEstablished = (me: View<ServerState>): boolean =>
  me.role === 'leader' && lastTerm(me.raftLog) === me.term;

/** No change that is already in the log, and may be made, is open. */
export const mayChange = (me: View<ServerState>): boolean =>
  isEstablished(me) && me.pendingChange <= Math.max(me.applied, me.configured);

/** Sends the entries after those that a server is taken to have: as many as are picked. */
export function sendAppend(me: Draft<ServerState>, self: Server, to: Server, maxInflight: number, pick: Pick): void {
  const progress = me.progress![to]!;
  when(progress.state !== 'snapshot' && !progress.paused);
  const index = progress.next - 1;
  const logTerm = index === 0 ? 0 : (termAt(me.raftLog, index - 1) ?? 0);
  const isFull = progress.state === 'replicate' && progress.inflight.length >= maxInflight;
  const { count } = pick({ count: range(0, isFull ? 0 : lengthOf(me.raftLog) - index) });
  const from = Math.max(0, index - snapshotLength(me.raftLog));
  const entries = me.raftLog.log.slice(from, from + count);
  me.unsent.add({ type: 'App', from: self, to, term: me.term, index, logTerm, entries, commit: me.committed });
  sentEntries(progress, count, maxInflight);
}

/** Who may be named together in a change that names some others already: at most one unless it is joint. */
export function groups(
  servers: readonly Server[],
  named: readonly Server[],
  joint: boolean,
): readonly (readonly Server[])[] {
  const others = servers.filter((server) => !named.includes(server));
  if (joint) return subsets(others);
  return [[], ...(named.length > 0 ? [] : others.map((server) => [server]))];
}

/** `maybeSendSnapshot`: of what is applied, or the one that there is. */
export function sendSnapshot(me: Draft<ServerState>, self: Server, to: Server, pick: Pick): void {
  const progress = me.progress![to]!;
  when(progress.state !== 'snapshot');
  const { index } = pick({ index: [snapshotLength(me.raftLog), me.applied] });
  when(index > progress.match);
  // The configuration of the snapshot is that of its last entry.
  const isApplied = index === me.applied && me.configured <= index && nextChange(me, index) === 0;
  when(isApplied || index === snapshotLength(me.raftLog));
  me.unsent.add({
    type: 'Snap',
    from: self,
    to,
    term: me.term,
    index,
    logTerm: termAt(me.raftLog, index - 1)!,
    entries: entriesOf(me.raftLog).slice(0, index),
    configuration: isApplied ? me.configuration : me.raftLog.configuration,
  });
  becomeSnapshot(progress, index);
}

/** How far a leader may commit: as far as a quorum has entries, if the last of them is of its own term. */
export function committable(
  me: View<ServerState>,
  quorum: (has: (server: Server) => boolean) => boolean,
  mayCommit: (term: number) => boolean,
): number {
  const { progress } = me;
  if (progress === null) return me.committed;
  for (let index = lengthOf(me.raftLog); index > me.committed; index--) {
    if (!quorum((server) => progress[server]!.match >= index)) continue;
    return mayCommit(termAt(me.raftLog, index - 1) ?? 0) ? index : me.committed;
  }
  return me.committed;
}
