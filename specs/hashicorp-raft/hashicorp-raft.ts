/**
 * Raft as hashicorp/raft has it: a leader answers every server in a goroutine of its own, heartbeats are messages apart, and
 * who knows of a leader votes for nobody else.
 *
 * The handlers are those of `raft`. Source: hashicorp/raft, `raft.go` and `replication.go`. Left out: pre-votes, snapshots,
 * the leader's lease, and configurations, of which the first one is kept.
 */
import { Bag, defineSpec, each, mapOf, nodes, range, when } from 'bivalent';
import type { BagDraft, Draft, View } from 'bivalent';
import { answer, campaign, countVote, lead, voteRequest } from '../raft/election.ts';
import type { RequestVote, Vote } from '../raft/election.ts';
import { replication } from '../raft/liveness.ts';
import { lengthOf, termAt } from '../raft/log.ts';
import { majorityOf } from '../raft/quorum.ts';
import { accept, commit, countCommitted, learn } from '../raft/replication.ts';
import type { Append, Appended } from '../raft/replication.ts';
import { invariants, transitionInvariants } from '../raft/safety.ts';
import { follow, noHistory, observe, started } from '../raft/server.ts';
import type { Durable, History, Notes, Server, ServerState } from '../raft/server.ts';

export type Node = ServerState & { leader: Server | null };
type Envelope = { from: Server; to: Server };
export type Message = Envelope &
  (
    | ({ type: 'requestVote' } & RequestVote)
    | ({ type: 'vote' } & Vote)
    | ({ type: 'append' } & Append)
    | ({ type: 'appended' } & Appended)
    | { type: 'heartbeat'; term: number }
    | { type: 'heartbeatAnswer'; term: number }
  );
type Cluster = { node: Record<Server, Node>; history: History; network: Bag<Message> };
type Context = { readonly servers: readonly Server[]; readonly history: Notes };

/** Every server begins with the entry that holds the first configuration. */
const begun = (): Durable => ({ term: 1, votedFor: null, log: [{ term: 1 }] });

/** Takes a message to its receiver. */
function step(me: Draft<Node>, m: View<Message>, network: BagDraft<Message>, context: Context): void {
  const { servers } = context;
  const back = { from: m.to, to: m.from };
  switch (m.type) {
    case 'requestVote':
      // "Check if we have an existing leader": its term is not looked at, either.
      if (me.leader !== null && me.leader !== m.from) {
        return network.add({ ...back, type: 'vote', term: me.term, granted: false });
      }
      return network.add({ ...back, ...answer(me, m, servers) });
    case 'vote':
      countVote(me, m, servers, majorityOf(servers));
      return;
    case 'append':
      if (m.term >= me.term) me.leader = m.from;
      return network.add({ ...back, ...accept(me, m, context) });
    case 'appended':
      learn(me, m, servers);
      return;
    case 'heartbeat':
      observe(me, m.term, servers);
      if (m.term === me.term) {
        follow(me, servers);
        me.leader = m.from;
      }
      return network.add({ ...back, type: 'heartbeatAnswer', term: me.term });
    default:
      observe(me, m.term, servers);
  }
}

type Bounds = {
  readonly servers: readonly Server[];
  readonly maxTerm: number;
  readonly maxLog: number;
  readonly capacity: number;
  readonly judgeBehaviours: boolean;
};

const isWithin = ({ node, network }: View<Cluster>, { servers, maxTerm, maxLog, capacity }: Bounds): boolean =>
  network.size <= capacity &&
  servers.every((server) => node[server]!.term <= maxTerm && node[server]!.log.length <= maxLog);

/** Disables a step that leads beyond the bounds, where behaviours are judged: what the constraint does cuts them off. */
function stayWithin(s: Draft<Cluster>, bounds: Bounds): void {
  when(!bounds.judgeBehaviours || isWithin(s, bounds));
}

/** Sends some entries from a place on. */
function sendEntries(s: Draft<Cluster>, server: Server, to: Server, place: number, count: number): void {
  const me = s.node[server]!;
  const entries = me.log.slice(place, place + count);
  const { term, committed } = me;
  const previousTerm = termAt(me, place - 1) ?? 0;
  s.network.add({ type: 'append', from: server, to, term, previous: place - 1, previousTerm, entries, committed });
}

export default defineSpec({
  name: 'HashicorpRaft',
  constants: {
    servers: nodes('s', 3),
    maxTerm: 2,
    maxLog: 2,
    capacity: 2,
    crashes: true,
    /** Whether to ask what is promised of whole behaviours, too. */
    judgeBehaviours: false,
  },

  init: ({ servers }): Cluster => ({
    node: mapOf(servers, (): Node => ({ ...begun(), ...started({ servers }), leader: null })),
    history: noHistory(),
    network: new Bag(),
  }),

  actions: {
    /** `runCandidate`: has not heard from a leader, and asks for votes. */
    campaign(s, { pick, ...bounds }) {
      const { servers } = bounds;
      const { server } = pick({ server: servers });
      const me = s.node[server]!;
      campaign(me, server);
      me.leader = null;
      for (const to of servers) if (to !== server) s.network.add({ ...voteRequest(me), from: server, to });
      stayWithin(s, bounds);
    },

    /** Has the votes of a majority. */
    becomeLeader(s, { servers, pick }) {
      const { server } = pick({ server: servers });
      const me = s.node[server]!;
      when(me.role === 'candidate' && majorityOf(servers)((voter) => me.votes.has(voter)));
      lead(me, server, servers, s.history);
      me.leader = server;
    },

    /** `dispatchLogs`: the leader appends an entry; at first an empty one of its term. */
    append(s, { pick, ...bounds }) {
      const { server } = pick({ server: bounds.servers });
      const me = s.node[server]!;
      when(me.role === 'leader');
      me.log.push({ term: me.term });
      stayWithin(s, bounds);
    },

    /** `replicateTo`: sends entries from where it takes a server to be, or from further on where it pipelines. */
    sendAppend(s, { pick, ...bounds }) {
      const { server, to } = pick({ server: bounds.servers, to: bounds.servers });
      const me = s.node[server]!;
      when(server !== to && me.role === 'leader');
      const { place } = pick({ place: range(me.matches[to]!, lengthOf(me)) });
      const { count } = pick({ count: range(0, lengthOf(me) - place) });
      sendEntries(s, server, to, place, count);
      stayWithin(s, bounds);
    },

    /** `heartbeat`: says that it leads, and nothing else. */
    sendHeartbeat(s, { pick, ...bounds }) {
      const { server, to } = pick({ server: bounds.servers, to: bounds.servers });
      const me = s.node[server]!;
      when(server !== to && me.role === 'leader');
      s.network.add({ type: 'heartbeat', from: server, to, term: me.term });
      stayWithin(s, bounds);
    },

    /** A server takes a message, and answers it. */
    receive(s, { servers, pick }) {
      const { message } = pick({ message: s.network });
      s.network.delete(message);
      step(s.node[message.to]!, message, s.network, { servers, history: s.history });
    },

    /** `recalculate`: an entry of its own term that a majority has is committed. */
    commit(s, { servers, pick }) {
      const { server } = pick({ server: servers });
      const me = s.node[server]!;
      when(me.role === 'leader');
      const count = countCommitted(me, server, majorityOf(servers));
      when(count > me.committed);
      commit(me, count, s.history);
    },

    /** A server crashes and starts again with what is on its disk. */
    restart(s, { servers, crashes, pick }) {
      when(crashes);
      const { server } = pick({ server: servers });
      const me = s.node[server]!;
      follow(me, servers);
      me.committed = 0;
      me.leader = null;
    },
  },

  constraint: isWithin,

  invariants: {
    /** If it fails, two leaders of one term acknowledge different writes to their clients. */
    electionSafety: (s) => invariants.electionSafety(s),
    /** If it fails, logs that agree on an entry disagree before it, and servers apply different histories. */
    logMatching: (s, context) => invariants.logMatching(s, context),
    /** If it fails, a leader lacks an entry that an earlier term committed: an acknowledged write is lost. */
    leaderCompleteness: (s) => invariants.leaderCompleteness(s),
    /** If it fails, two servers have applied different commands at one place: the replicas have diverged. */
    stateMachineSafety: (s, context) => invariants.stateMachineSafety(s, context),
  },
  transitionInvariants: {
    /** If it fails, a leader takes back what it may have told its clients. */
    leadersOnlyAppend: (before, after, context) => transitionInvariants.leadersOnlyAppend(before, after, context),
  },

  /** Who leads sends all that it might, as far as the network has room; nobody need stand, ask or crash. */
  fairness: {
    weak: [each('receive'), each('becomeLeader'), each('commit')],
    strong: [each('sendAppend'), each('sendHeartbeat')],
  },

  temporal: (words, { servers, judgeBehaviours }) => (judgeBehaviours ? replication(words, servers) : {}),

  deadlock: false,

  models: {
    liveness: {
      constants: { servers: 2, judgeBehaviours: true },
      expected: { result: 'ok', distinct: 3553, generated: 15291, depth: 20 },
    },
    small: { constants: { servers: 2 }, expected: { result: 'ok', distinct: 3553, generated: 30499, depth: 20 } },
    medium: {
      constants: { crashes: false },
      expected: { result: 'ok', distinct: 162568, generated: 2069860, depth: 28 },
    },
  },

  mutants: {
    'a leader that has nothing new sends only heartbeats': {
      model: 'liveness',
      actions: {
        sendAppend(s, { pick, ...bounds }) {
          const { server, to } = pick({ server: bounds.servers, to: bounds.servers });
          const me = s.node[server]!;
          when(server !== to && me.role === 'leader');
          const { place } = pick({ place: range(me.matches[to]!, lengthOf(me) - 1) });
          const { count } = pick({ count: range(1, lengthOf(me) - place) });
          sendEntries(s, server, to, place, count);
          stayWithin(s, bounds);
        },
      },
      breaks: 'whatALeaderThatStaysHasIsCommitted',
      steps: 12,
    },
    'a leader commits what only it has': {
      constants: { maxTerm: 3, crashes: false },
      actions: {
        commit(s, { servers, pick }) {
          const { server } = pick({ server: servers });
          const me = s.node[server]!;
          when(me.role === 'leader' && me.committed < lengthOf(me));
          commit(me, lengthOf(me), s.history);
        },
      },
      breaks: 'leaderCompleteness',
      steps: 12,
    },
    'votes are not written to disk': {
      constants: { maxLog: 1, capacity: 3 },
      actions: {
        restart(s, { servers, pick }) {
          const { server } = pick({ server: servers });
          const me = s.node[server]!;
          follow(me, servers);
          me.votedFor = null;
          me.committed = 0;
          me.leader = null;
        },
      },
      breaks: 'electionSafety',
      steps: 9,
    },
  },
});
