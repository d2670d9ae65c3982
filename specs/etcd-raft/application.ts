/** What is committed is applied: changes of configuration are made, and the log is compacted. */
import { range, setOf, when } from 'bivalent';
import type { Draft, Pick, View } from 'bivalent';
import { lengthOf, snapshotLength, termAt } from '../raft/log.ts';
import type { Server } from '../raft/server.ts';
import { changed, isMember } from './configuration.ts';
import type { Change, Configuration } from './configuration.ts';
import { put, unknownProgress } from './server.ts';
import type { Entry, RaftLog, ServerState } from './server.ts';

/** A server's first entries, of term 1, add each of the first members. */
export function bootstrap(me: Draft<ServerState>, members: readonly Server[]): void {
  when(me.term === 0 && lengthOf(me.raftLog) === 0);
  me.term = 1;
  const none = setOf<Server>();
  me.raftLog.log = members.map((member) =>
    put<Entry>({ term: 1, change: { kind: 'simple', add: setOf([member]), remove: none, learn: none } }),
  );
  me.committed = members.length;
}

const changeAt = ({ log }: View<RaftLog>, start: number, index: number): View<Change> | null =>
  log[index - start - 1]?.change ?? null;

/** The index of the first change up to an end that is not made yet; 0 where there is none. */
export function nextChange(me: View<ServerState>, end: number): number {
  const start = snapshotLength(me.raftLog);
  for (let index = Math.max(me.configured, start) + 1; index <= end; index++) {
    if (changeAt(me.raftLog, start, index) !== null) return index;
  }
  return 0;
}

/** Makes the next change that is committed. */
export function applyChange(me: Draft<ServerState>, servers: readonly Server[]): void {
  const index = nextChange(me, me.committed);
  when(index > 0);
  const before = me.configuration;
  const after = changed(before, changeAt(me.raftLog, snapshotLength(me.raftLog), index)!);
  trackMembers(me, before, after, servers);
  me.configuration = put<Configuration>(after);
  me.configured = index;
}

/** Who joined is probed, of who left nothing is known. */
function trackMembers(
  me: Draft<ServerState>,
  before: View<Configuration>,
  after: View<Configuration>,
  servers: readonly Server[],
): void {
  if (me.progress === null) return;
  for (const server of servers) {
    if (isMember(before, server) === isMember(after, server)) continue;
    me.progress[server] = unknownProgress(Math.max(lengthOf(me.raftLog), 1) - 1);
  }
}

/** The beginning of the log is replaced by a snapshot of what was applied. */
export function compact(me: Draft<ServerState>, pick: Pick): void {
  const start = snapshotLength(me.raftLog);
  const { index } = pick({ index: range(start + 1, me.applied) });
  when(range(index + 1, me.configured).every((later) => changeAt(me.raftLog, start, later) === null));
  const { log, snapshot } = me.raftLog;
  me.raftLog = {
    log: log.slice(index - start),
    snapshot: [...snapshot, ...log.slice(0, index - start)],
    snapshotTerm: termAt(me.raftLog, index - 1)!,
    configuration: me.configuration,
  };
}
