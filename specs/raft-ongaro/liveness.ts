/** What Raft promises of whole behaviours, as `raft` does, for servers as Ongaro's specification has them. */
import type { View } from 'bivalent';
import type { Server, ServerState } from './server.ts';

type Cluster = Readonly<Record<Server, View<ServerState>>>;
type Servers = readonly Server[];

const isLatest = (cluster: Cluster, i: Server, servers: Servers): boolean =>
  servers.every((j) => cluster[j]!.currentTerm <= cluster[i]!.currentTerm);

/**
 * Whether a majority has voted for a server or will when it is asked: has no other vote, and does not know more. Who has
 * refused is not asked again, and an answer to an older request, which comes late, counts as one.
 */
function canWin(cluster: Cluster, i: Server, servers: Servers): boolean {
  const self = cluster[i]!;
  const voters = servers.filter((j) => {
    const voter = cluster[j]!;
    const isFree = voter.currentTerm < self.currentTerm || voter.votedFor === null || voter.votedFor === i;
    const hasRefused = self.votesResponded.has(j) && !self.votesGranted.has(j);
    const [mine, theirs] = [self.log.at(-1)?.term ?? 0, voter.log.at(-1)?.term ?? 0];
    return isFree && !hasRefused && (mine > theirs || (mine === theirs && self.log.length >= voter.log.length));
  });
  return voters.length * 2 > servers.length;
}

/** Whether somebody stands or leads in the last term, and the votes are not split. */
export const someoneCanWin = (cluster: Cluster, servers: Servers): boolean =>
  servers.some((i) => cluster[i]!.role !== 'follower' && isLatest(cluster, i, servers) && canWin(cluster, i, servers));

const leaderOf = (cluster: Cluster, servers: Servers): Server | undefined =>
  servers.find((i) => cluster[i]!.role === 'leader' && isLatest(cluster, i, servers));

/** Whether there is a leader whose term nobody has left. */
export const isLed = (cluster: Cluster, servers: Servers): boolean => leaderOf(cluster, servers) !== undefined;

/** Whether all know that the entries of the leader are committed; those of older terms wait for one of its own. */
export function allHaveCommitted(cluster: Cluster, servers: Servers): boolean {
  const leader = leaderOf(cluster, servers);
  if (leader === undefined) return false;
  const { log, currentTerm } = cluster[leader]!;
  return log.at(-1)?.term !== currentTerm || servers.every((j) => cluster[j]!.commitIndex === log.length);
}
