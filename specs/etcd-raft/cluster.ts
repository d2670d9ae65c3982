/** The cluster as a whole: how far it is looked at, who leads it, and what all members have. */
import { when } from 'bivalent';
import type { Bag, Draft, View } from 'bivalent';
import { entriesOf, lengthOf } from '../raft/log.ts';
import type { Server } from '../raft/server.ts';
import { isMember } from './configuration.ts';
import { isEstablished } from './leader.ts';
import type { Message, RaftLog, ServerState } from './server.ts';

export type Cluster = {
  node: Record<Server, ServerState>;
  network: Bag<Message>;
  elected: Set<{ term: number; leader: Server }>;
};

/** Whether two logs have the same entries up to an index, and have it. */
export function logMatchUpTo(a: View<RaftLog>, b: View<RaftLog>, index: number): boolean {
  for (let at = 1; at <= index; at++) {
    const [ours, theirs] = [entriesOf(a)[at - 1], entriesOf(b)[at - 1]];
    if (ours === undefined || ours.term !== theirs?.term) return false;
  }
  return true;
}

type Bounds = {
  readonly servers: readonly Server[];
  readonly snapshot: number;
  readonly maxTerm: number;
  readonly maxLog: number;
  readonly capacity: number;
  readonly judgeBehaviours: boolean;
};

/** Whether terms, logs and messages are within the bounds of a check. */
export const isWithin = (s: View<Cluster>, { servers, maxTerm, maxLog, snapshot, capacity }: Bounds): boolean =>
  servers.every((server) => {
    const { term, raftLog, writes } = s.node[server]!;
    return term <= maxTerm && lengthOf(raftLog) <= snapshot + maxLog && writes.length <= 1;
  }) && servers.reduce((sum, server) => sum + s.node[server]!.unsent.size, s.network.size) <= capacity;

/** Disables a step that leads beyond the bounds, where behaviours are judged: what the constraint does cuts them off. */
export function stayWithin(s: Draft<Cluster>, bounds: Bounds): void {
  when(!bounds.judgeBehaviours || isWithin(s, bounds));
}

/** The leader of the last term, once it has an entry of its own. */
export const leaderOf = ({ node }: View<Cluster>, servers: readonly Server[]): Server | undefined =>
  servers.find((server) => {
    const me = node[server]!;
    return isEstablished(me) && servers.every((other) => node[other]!.term <= me.term);
  });

/** Whether all members have all that a leader has, and know that it is committed. */
export function haveAll({ node }: View<Cluster>, leader: Server, servers: readonly Server[]): boolean {
  const { configuration, raftLog } = node[leader]!;
  const length = lengthOf(raftLog);
  const members = servers.filter((server) => isMember(configuration, server));
  return members.every(
    (server) => logMatchUpTo(raftLog, node[server]!.raftLog, length) && node[server]!.committed === length,
  );
}
