/** Figure 3: what Raft promises at all times, with what goes wrong in the world where it fails. */
import { agreement, electionSafety, equal, leaderCompleteness, logMatching } from 'bivalent';
import type { Commitment, ForAll, LeaderLog, Leadership, View } from 'bivalent';
import { entriesOf } from './log.ts';
import type { Server, ServerState } from './server.ts';

type Cluster = { readonly node: Readonly<Record<Server, View<ServerState>>> };
/** History, whatever else entries hold. */
type Past = {
  readonly history: {
    readonly leaders: Iterable<Leadership & LeaderLog>;
    readonly committed: Iterable<Commitment> & {
      where(query: { readonly index: number }): { map<T>(f: (commitment: Commitment) => T): T[] };
    };
  };
};
type Context = { readonly servers: readonly Server[]; readonly forAll: ForAll };

export const invariants = {
  /** If it fails, two leaders of one term acknowledge different writes to their clients. */
  electionSafety: ({ history }: Past): boolean => electionSafety(history.leaders),

  /** If it fails, logs that agree on an entry disagree before it, and servers apply different histories. */
  logMatching: ({ node }: Cluster, { servers, forAll }: Context): boolean => {
    const { a, b } = forAll({ a: servers, b: servers });
    return a >= b || logMatching([entriesOf(node[a]!), entriesOf(node[b]!)]);
  },

  /** If it fails, a leader lacks an entry that an earlier term committed: an acknowledged write is lost. */
  leaderCompleteness: ({ history }: Past): boolean => leaderCompleteness(history.committed, history.leaders),

  /** If it fails, two servers have applied different commands at one place: the replicas have diverged. */
  stateMachineSafety: ({ history }: Past, { forAll }: Context): boolean => {
    const { a } = forAll({ a: history.committed });
    return agreement(history.committed.where({ index: a.index }).map(({ entry }) => entry));
  },
};

export const transitionInvariants = {
  /** If it fails, a leader takes back what it may have told its clients. */
  leadersOnlyAppend: (before: Cluster, after: Cluster, { servers, forAll }: Context): boolean => {
    const { s } = forAll({ s: servers });
    const [was, is] = [before.node[s]!, after.node[s]!];
    if (was.role !== 'leader' || is.role !== 'leader') return true;
    const had = entriesOf(was);
    return equal(entriesOf(is).slice(0, had.length), had);
  },
};
