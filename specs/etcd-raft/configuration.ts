/**
 * Configurations: who votes and who only learns, and how both change.
 *
 * A change of one voter is made at once; one of several goes through a *joint* configuration, in which the old voters
 * and the new must each agree. etcd's changes take effect when their entry is applied, and not, as in Ongaro's thesis, when it
 * is appended. Source: etcd-io/raft, `confchange/confchange.go` and `quorum/joint.go`.
 */
import type { View } from 'bivalent';
import { majorityOf } from '../raft/quorum.ts';
import type { Server } from '../raft/server.ts';

/** Who takes part. `outgoing` is empty unless the configuration is joint. */
export type Configuration = {
  voters: Set<Server>;
  outgoing: Set<Server>;
  learners: Set<Server>;
  /** Voters of `outgoing` that are learners once it is left. */
  nextLearners: Set<Server>;
};

/** A change as its entry holds it. Leaving a joint configuration names nobody. */
export type Change = {
  kind: 'simple' | 'joint' | 'leave';
  add: Set<Server>;
  remove: Set<Server>;
  /** Those that become learners. */
  learn: Set<Server>;
};

export const isJoint = (configuration: View<Configuration>): boolean => configuration.outgoing.size > 0;

/** Everybody whom a leader sends entries. */
export const isMember = ({ voters, outgoing, learners, nextLearners }: View<Configuration>, server: Server): boolean =>
  voters.has(server) || outgoing.has(server) || learners.has(server) || nextLearners.has(server);

export const isVoter = ({ voters, outgoing }: View<Configuration>, server: Server): boolean =>
  voters.has(server) || outgoing.has(server);

/** Whether those of whom `has` is true are a quorum: a majority of the voters, and of those that go if there are any. */
export const isQuorum = ({ voters, outgoing }: View<Configuration>, has: (server: Server) => boolean): boolean =>
  majorityOf(voters.toArray())(has) && (outgoing.size === 0 || majorityOf(outgoing.toArray())(has));

/** The configuration after a change. */
export function changed(configuration: View<Configuration>, change: View<Change>): View<Configuration> {
  const { voters, outgoing, learners, nextLearners } = configuration;
  const none = outgoing.difference(outgoing);
  if (change.kind === 'leave') {
    return { voters, outgoing: none, learners: learners.union(nextLearners), nextLearners: none };
  }
  const staying = voters.union(change.add).difference(change.remove).difference(change.learn);
  const learning = learners.union(change.learn).difference(change.add).difference(change.remove);
  if (change.kind === 'simple') return { voters: staying, outgoing, learners: learning, nextLearners };
  // Who still votes in the outgoing configuration cannot be a learner yet.
  return {
    voters: staying,
    outgoing: voters,
    learners: learning.difference(voters),
    nextLearners: learning.intersection(voters),
  };
}
