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

/** A server, as far as it matters here; other renderings keep other things beside. */
type LiveServer = View<Pick<ServerState, 'term' | 'votedFor' | 'log' | 'committed'>> & { readonly role: string };
export type LiveCluster = {
  readonly node: Readonly<Record<Server, LiveServer>>;
  /** Left out where nobody stops. */
  readonly status?: Readonly<Record<Server, Status>>;
};
type Servers = readonly Server[];
type Words = Logic<LiveCluster, object>;

/** Whether a server has crashed or is paused: it cannot be up to date. */
const isAway = ({ status }: LiveCluster, s: Server): boolean => (status?.[s] ?? 'up') !== 'up';

/** Whether nobody has come to a later term than a server. */
const isLatest = ({ node }: LiveCluster, self: Server, servers: Servers): boolean =>
  servers.every((s) => node[s]!.term <= node[self]!.term);

/** Whether a server has voted for another or will when it is asked: it has no other vote, and does not know more. */
function mayVote({ node, status }: LiveCluster, s: Server, candidate: Server): boolean {
  const [voter, me] = [node[s]!, node[candidate]!];
  const isFree = voter.term < me.term || voter.votedFor === null || voter.votedFor === candidate;
  return status?.[s] !== 'gone' && isFree && isUpToDate(voter, voteRequest(me));
}

const isStanding = ({ role }: LiveServer): boolean => role === 'candidate' || role === 'leader';

/** Whether somebody stands or leads in the last term, and a majority may vote for it. */
const someoneCanWin = (cluster: LiveCluster, servers: Servers): boolean =>
  servers.some(
    (self) =>
      isStanding(cluster.node[self]!) &&
      isLatest(cluster, self, servers) &&
      majorityOf(servers)((s) => s === self || mayVote(cluster, s, self)),
  );

/** The leader whose term nobody has left; none where there is an election. */
export const leaderOf = (cluster: LiveCluster, servers: Servers): Server | undefined =>
  servers.find((s) => cluster.node[s]!.role === 'leader' && isLatest(cluster, s, servers));

/** Whether all who are there have what a leader has; more of it, only its next entry takes from them. */
export function allHaveItsLog(cluster: LiveCluster, leader: Server, servers: Servers): boolean {
  const { node } = cluster;
  const log = entriesOf(node[leader]!);
  return servers.every((s) => isAway(cluster, s) || equal(entriesOf(node[s]!).slice(0, log.length), log));
}

/** Whether the last entry of a leader is of its own term: it may not commit others on their own (section 5.4.2). */
const mayCommitAll = ({ node }: LiveCluster, leader: Server): boolean => lastTerm(node[leader]!) === node[leader]!.term;

/** Whether all who are there know that all of a leader's entries are committed. */
const allHaveCommitted = (cluster: LiveCluster, leader: Server, servers: Servers): boolean =>
  servers.every((s) => isAway(cluster, s) || cluster.node[s]!.committed === lengthOf(cluster.node[leader]!));

type Claims = Readonly<Record<string, Formula>>;

/** What holds where candidates ask for votes, messages arrive, and who crashes comes back. */
const elections = ({ eventuallyAlways, implies, infinitelyOften }: Words, servers: Servers): Claims => ({
  /** If it fails, a cluster that could agree on a leader waits for one for ever. */
  whoCanWinIsElected: implies(
    eventuallyAlways((cluster) => someoneCanWin(cluster, servers)),
    infinitelyOften((cluster) => leaderOf(cluster, servers) !== undefined),
  ),
});

/** What holds where leaders send what there is to send, messages arrive, and who crashes comes back. */
export function replication({ eventuallyAlways, implies, infinitelyOften }: Words, servers: Servers): Claims {
  const led =
    (isSo: (cluster: LiveCluster, leader: Server, servers: Servers) => boolean = () => true) =>
    (cluster: LiveCluster): boolean => {
      const leader = leaderOf(cluster, servers);
      return leader !== undefined && isSo(cluster, leader, servers);
    };
  return {
    /** If it fails, a server that was away never again has what the others have: one more crash, and it is lost. */
    aLeaderThatStaysBringsAllUpToDate: implies(eventuallyAlways(led()), infinitelyOften(led(allHaveItsLog))),

    /** If it fails, a client waits for ever for the answer to a command that its leader has in the log. */
    whatALeaderThatStaysHasIsCommitted: implies(
      eventuallyAlways(led(mayCommitAll)),
      infinitelyOften(led(allHaveCommitted)),
    ),
  };
}

/** All that Raft promises of behaviours. */
export const temporal = (words: Words, servers: Servers): Claims => ({
  ...elections(words, servers),
  ...replication(words, servers),
});
