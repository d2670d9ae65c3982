/**
 * What Raft promises of whole behaviours, where timing is as it should be; said of single moments, for formulas.
 *
 * "Raft will be able to elect and maintain a steady leader as long as the system satisfies the following timing
 * requirement: broadcastTime ≪ electionTimeout ≪ MTBF" (section 5.6). There is no time here: what timing is for, one server
 * that stands while the others wait, and a leader that stays, is the premise. `raft-split-votes` is what happens without.
 */
import { equal } from 'bivalent';
import type { Formula, Logic, Status, View } from 'bivalent';
import { isUpToDate, voteRequest } from './election.ts';
import { entriesOf, lastTerm, lengthOf } from './log.ts';
import { majorityOf } from './quorum.ts';
import type { Server, ServerState } from './server.ts';

export type LiveCluster = {
  readonly node: Readonly<Record<Server, View<ServerState>>>;
  readonly status: Readonly<Record<Server, Status>>;
};
type Servers = readonly Server[];
type Words = Logic<LiveCluster, object>;

/** Whether nobody has come to a later term than a server. */
const isLatest = ({ node }: LiveCluster, self: Server, servers: Servers): boolean =>
  servers.every((s) => node[s]!.term <= node[self]!.term);

/** Whether a majority has voted for a server or will when it is asked: has no other vote, and does not know more. */
function canWin({ node, status }: LiveCluster, self: Server, servers: Servers): boolean {
  const me = node[self]!;
  return majorityOf(servers)((s) => {
    const voter = node[s]!;
    const isFree = voter.term < me.term || voter.votedFor === null || voter.votedFor === self;
    return s === self || (status[s] !== 'gone' && isFree && isUpToDate(voter, voteRequest(me)));
  });
}

/** Whether somebody stands or leads in the last term, and the votes are not split. */
const someoneCanWin = (cluster: LiveCluster, servers: Servers): boolean =>
  servers.some(
    (s) => cluster.node[s]!.role !== 'follower' && isLatest(cluster, s, servers) && canWin(cluster, s, servers),
  );

/** The leader whose term nobody has left; none where there is an election. */
export const leaderOf = (cluster: LiveCluster, servers: Servers): Server | undefined =>
  servers.find((s) => cluster.node[s]!.role === 'leader' && isLatest(cluster, s, servers));

/** Whether all who are there have what a leader has; more of it, only its next entry takes from them. */
export function allHaveItsLog({ node, status }: LiveCluster, leader: Server, servers: Servers): boolean {
  const log = entriesOf(node[leader]!);
  return servers.every((s) => status[s] !== 'up' || equal(entriesOf(node[s]!).slice(0, log.length), log));
}

/** Whether the last entry of a leader is of its own term: it may not commit others on their own (section 5.4.2). */
const mayCommitAll = ({ node }: LiveCluster, leader: Server): boolean => lastTerm(node[leader]!) === node[leader]!.term;

/** Whether all who are there know that all of a leader's entries are committed. */
const allHaveCommitted = ({ node, status }: LiveCluster, leader: Server, servers: Servers): boolean =>
  servers.every((s) => status[s] !== 'up' || node[s]!.committed === lengthOf(node[leader]!));

/** What holds where leaders send what there is to send, messages arrive, and who crashes comes back. */
export function temporal(
  { eventuallyAlways, implies, infinitelyOften }: Words,
  servers: Servers,
): Readonly<Record<string, Formula>> {
  const led =
    (isSo: (cluster: LiveCluster, leader: Server, servers: Servers) => boolean = () => true) =>
    (cluster: LiveCluster): boolean => {
      const leader = leaderOf(cluster, servers);
      return leader !== undefined && isSo(cluster, leader, servers);
    };
  return {
    /** If it fails, a cluster that could agree on a leader waits for one for ever. */
    whoCanWinIsElected: implies(
      eventuallyAlways((cluster) => someoneCanWin(cluster, servers)),
      infinitelyOften(led()),
    ),

    /** If it fails, a server that was away never again has what the others have: one more crash, and it is lost. */
    aLeaderThatStaysBringsAllUpToDate: implies(eventuallyAlways(led()), infinitelyOften(led(allHaveItsLog))),

    /** If it fails, a client waits for ever for the answer to a command that its leader has in the log. */
    whatALeaderThatStaysHasIsCommitted: implies(
      eventuallyAlways(led(mayCommitAll)),
      infinitelyOften(led(allHaveCommitted)),
    ),
  };
}
