/**
 * The consensus of CCF, as far as it is Raft: entries are committed by the signatures that follow them.
 *
 * A leader signs its log now and then. What a signature covers can be committed; what is not signed yet is rolled back
 * whenever a leader changes, and does not count in elections. Source: microsoft/CCF, `src/consensus/aft/raft.h` and
 * `tla/consensus/ccfraft.tla`; H. Howard, M. Kuppe, E. Ashton, A. Chamayou, N. Crooks, *Smart Casual Verification of the
 * Confidential Consortium Framework* (2025). Left out: reconfiguration, retirement, proposals to vote, pre-votes, snapshots.
 */
import { Bag, defineSpec, each, electionSafety, logMatching, mapOf, nodes, range, when } from 'bivalent';
import type { BagDraft, Draft, View } from 'bivalent';
import { isUpToDate } from '../raft/election.ts';
import { allHaveItsLog, leaderOf } from '../raft/liveness.ts';
import { continuesLog, lengthOf, merge, termAt } from '../raft/log.ts';
import { majorityOf } from '../raft/quorum.ts';
import type { Entry as RaftEntry, Server } from '../raft/server.ts';

type Entry = RaftEntry & { signed: boolean };
type Envelope = { from: Server; to: Server; term: number };
/** Indexes count from 1; 0 is before the first entry. */
export type Message = Envelope &
  (
    | { type: 'requestVote'; index: number; logTerm: number }
    | { type: 'vote'; granted: boolean }
    | { type: 'append'; previous: number; previousTerm: number; entries: Entry[]; committed: number }
    /** In a refusal, `term` is that of the entry at `index`, where the logs cannot agree above it. */
    | { type: 'appended'; success: boolean; index: number }
  );
type MessageOf<T extends Message['type']> = View<Extract<Message, { type: T }>>;

export type Node = {
  term: number;
  votedFor: Server | null;
  /** Nobody follows before the first message. */
  role: 'none' | 'follower' | 'candidate' | 'leader';
  log: Entry[];
  committed: number;
  votes: Set<Server>;
  /** Of a leader: the last index sent to each server, and the last that it is known to have. */
  sent: Record<Server, number>;
  matches: Record<Server, number>;
};
type Network = BagDraft<Message>;
type State = { node: Record<Server, Node>; network: Bag<Message>; elected: Set<{ term: number; leader: Server }> };

/** The last index that a signature stands at; 0 where there is none. */
const lastSigned = ({ log }: { readonly log: readonly View<Entry>[] }): number =>
  log.findLastIndex((entry) => entry.signed) + 1;

/** What is not signed is given up; what is committed is signed. */
function rollBack(me: Draft<Node>): void {
  me.log = me.log.slice(0, lastSigned(me));
}

function follow(me: Draft<Node>, term: number): void {
  if (term !== me.term) me.votedFor = null;
  me.term = term;
  me.role = 'follower';
  me.votes.clear();
  rollBack(me);
}

/** Takes a message to its receiver. */
function step(me: Draft<Node>, m: View<Message>, network: Network, servers: readonly Server[]): void {
  if (m.term > me.term) follow(me, m.term);
  switch (m.type) {
    case 'requestVote':
      return handleRequestVote(me, m, network);
    case 'vote':
      if (me.role === 'candidate' && m.term === me.term && m.granted) me.votes.add(m.from);
      return;
    case 'append':
      return handleAppend(me, m, network, servers);
    case 'appended':
      return handleAppended(me, m);
  }
}

function handleRequestVote(me: Draft<Node>, m: MessageOf<'requestVote'>, network: Network): void {
  const signed = { log: me.log.slice(0, lastSigned(me)) };
  const isGood = isUpToDate(signed, { term: m.term, lastTerm: m.logTerm, length: m.index });
  const granted = m.term === me.term && isGood && (me.votedFor === null || me.votedFor === m.from);
  if (granted) me.votedFor = m.from;
  network.add({ type: 'vote', from: m.to, to: m.from, term: me.term, granted });
}

function handleAppend(me: Draft<Node>, m: MessageOf<'append'>, network: Network, servers: readonly Server[]): void {
  const envelope = { from: m.to, to: m.from, term: me.term, type: 'appended' } as const;
  const refused = { ...envelope, success: false, index: lengthOf(me) };
  if (m.term < me.term) return network.add(refused);
  if (me.role !== 'follower') follow(me, m.term);
  if (m.previous > lengthOf(me)) return network.add(refused);
  if (!continuesLog(me, { previous: m.previous - 1, previousTerm: m.previousTerm })) {
    return network.add({ ...refused, index: m.previous, term: termAt(me, m.previous - 1) ?? 0 });
  }
  merge(me, m.previous, m.entries);
  const index = m.previous + m.entries.length;
  me.committed = Math.max(me.committed, Math.min(m.committed, index));
  network.add({ ...envelope, success: true, index });
  forget(me, servers);
}

/** Only a leader knows what others have. */
function forget(me: Draft<Node>, servers: readonly Server[]): void {
  for (const server of servers) {
    me.sent[server] = 0;
    me.matches[server] = 0;
  }
}

function handleAppended(me: Draft<Node>, m: MessageOf<'appended'>): void {
  if (me.role !== 'leader') return;
  if (m.success) {
    if (m.term === me.term) me.matches[m.from] = Math.max(me.matches[m.from]!, m.index);
    return;
  }
  // The highest index at which the logs may still agree.
  const { log } = me;
  const highest = range(0, Math.min(m.index, log.length)).findLast(
    (index) => index === 0 || log[index - 1]!.term <= m.term,
  );
  me.sent[m.from] = Math.max(Math.min(highest ?? 0, me.sent[m.from]!), me.matches[m.from]!);
}

/** The last index that a majority has; which of them may be committed is what a mutant leaves out. */
function committable(
  me: View<Node>,
  self: Server,
  servers: readonly Server[],
  mayCommit: (entry: View<Entry>) => boolean,
): number {
  const has = (server: Server, index: number): boolean => server === self || me.matches[server]! >= index;
  const majority = majorityOf(servers);
  return me.log.findLastIndex((entry, i) => mayCommit(entry) && majority((server) => has(server, i + 1))) + 1;
}

/** Sends entries after those that were sent, taking them to arrive. */
function sendEntries(s: Draft<State>, server: Server, to: Server, count: number): void {
  const me = s.node[server]!;
  const previous = me.sent[to]!;
  s.network.add({
    type: 'append',
    from: server,
    to,
    term: me.term,
    previous,
    previousTerm: termAt(me, previous - 1) ?? 0,
    entries: me.log.slice(previous, previous + count),
    committed: me.committed,
  });
  me.sent[to] = previous + count;
}

type Bounds = {
  readonly servers: readonly Server[];
  readonly maxTerm: number;
  readonly maxLog: number;
  readonly capacity: number;
  readonly judgeBehaviours: boolean;
};

const isWithin = ({ node, network }: View<State>, { servers, maxTerm, maxLog, capacity }: Bounds): boolean =>
  network.size <= capacity &&
  servers.every((server) => node[server]!.term <= maxTerm && node[server]!.log.length <= maxLog);

/** Disables a step that leads beyond the bounds, where behaviours are judged: what the constraint does cuts them off. */
function stayWithin(s: Draft<State>, bounds: Bounds): void {
  when(!bounds.judgeBehaviours || isWithin(s, bounds));
}

export default defineSpec({
  name: 'CcfRaft',
  constants: {
    servers: nodes('s', 3),
    maxTerm: 1,
    maxLog: 1,
    capacity: 2,
    /** Whether to ask what is promised of whole behaviours, too. */
    judgeBehaviours: false,
  },

  init: ({ servers }): State => ({
    node: mapOf(servers, (): Node => ({
      term: 0,
      votedFor: null,
      role: 'none',
      log: [],
      committed: 0,
      votes: new Set(),
      sent: mapOf(servers, () => 0),
      matches: mapOf(servers, () => 0),
    })),
    network: new Bag(),
    elected: new Set(),
  }),

  actions: {
    /** Starts an election: asks for votes with what it has signed. */
    campaign(s, { pick, ...bounds }) {
      const { servers } = bounds;
      const { server } = pick({ server: servers });
      const me = s.node[server]!;
      when(me.role !== 'leader');
      me.term += 1;
      me.role = 'candidate';
      me.votedFor = server;
      me.votes.clear();
      me.votes.add(server);
      const index = lastSigned(me);
      const logTerm = me.log[index - 1]?.term ?? 0;
      for (const to of servers) {
        if (to !== server) s.network.add({ type: 'requestVote', from: server, to, term: me.term, index, logTerm });
      }
      stayWithin(s, bounds);
    },

    /** Has the votes of a majority: what is not signed is rolled back first. */
    becomeLeader(s, { servers, pick }) {
      const { server } = pick({ server: servers });
      const me = s.node[server]!;
      when(me.role === 'candidate' && majorityOf(servers)((voter) => me.votes.has(voter)));
      me.role = 'leader';
      rollBack(me);
      for (const other of servers) {
        me.sent[other] = lengthOf(me);
        me.matches[other] = 0;
      }
      s.elected.add({ term: me.term, leader: server });
    },

    /** A leader that has not heard from a majority follows. */
    stepDown(s, { servers, pick }) {
      const { server } = pick({ server: servers });
      const me = s.node[server]!;
      when(me.role === 'leader');
      follow(me, me.term);
      forget(me, servers);
    },

    /** The leader appends an entry, or signs what is there. */
    replicate(s, { pick, ...bounds }) {
      const { server, signed } = pick({ server: bounds.servers, signed: [false, true] });
      const me = s.node[server]!;
      when(me.role === 'leader');
      me.log.push({ term: me.term, signed });
      stayWithin(s, bounds);
    },

    /** Sends the entries after those that were sent, taking them to arrive; or none. */
    sendAppend(s, { pick, ...bounds }) {
      const { server, to } = pick({ server: bounds.servers, to: bounds.servers });
      const me = s.node[server]!;
      when(server !== to && me.role === 'leader');
      const { count } = pick({ count: range(0, lengthOf(me) - me.sent[to]!) });
      sendEntries(s, server, to, count);
      stayWithin(s, bounds);
    },

    /** A server takes a message, and answers it. */
    receive(s, { servers, pick }) {
      const { message } = pick({ message: s.network });
      s.network.delete(message);
      step(s.node[message.to]!, message, s.network, servers);
    },

    /** A signature of its own term that a majority has is committed, with all before it. */
    commit(s, { servers, pick }) {
      const { server } = pick({ server: servers });
      const me = s.node[server]!;
      when(me.role === 'leader');
      const index = committable(me, server, servers, (entry) => entry.signed && entry.term === me.term);
      when(index > me.committed);
      me.committed = index;
    },
  },

  constraint: isWithin,

  invariants: {
    /** If it fails, two leaders of one term sign different ledgers. */
    atMostOneLeaderPerTerm: (s) => electionSafety(s.elected),

    /** If it fails, ledgers that agree on an entry disagree before it. */
    logsMatch: (s, { servers, forAll }) => {
      const { a, b } = forAll({ a: servers, b: servers });
      return a >= b || logMatching([s.node[a]!.log, s.node[b]!.log]);
    },

    /** If it fails, two servers have committed different transactions at one place. */
    committedEntriesAgree: (s, { servers, forAll }) => {
      const { a, b } = forAll({ a: servers, b: servers });
      const both = range(0, Math.min(s.node[a]!.committed, s.node[b]!.committed) - 1);
      return a >= b || both.every((i) => s.node[a]!.log[i]?.term === s.node[b]!.log[i]?.term);
    },

    /** If it fails, a transaction that a client was told is final is rolled back. */
    committedEntriesStay: (s, { servers, forAll }) => {
      const { server } = forAll({ server: servers });
      return s.node[server]!.committed <= s.node[server]!.log.length;
    },
  },

  /** Who leads sends all that it might, as far as the network has room; nobody need stand, step down or sign. */
  fairness: {
    weak: [each('receive'), each('becomeLeader'), each('commit')],
    strong: [each('sendAppend')],
  },

  temporal: ({ eventuallyAlways, implies, infinitelyOften }, { servers, judgeBehaviours }) => {
    if (!judgeBehaviours) return {};
    const led =
      (isSo: (s: View<State>, leader: Server) => boolean) =>
      (s: View<State>): boolean => {
        const leader = leaderOf(s, servers);
        return leader !== undefined && isSo(s, leader);
      };
    const hasSigned = led((s, leader) => {
      const { log, term } = s.node[leader]!;
      return log.some((entry) => entry.signed && entry.term === term);
    });
    return {
      /** If it fails, a node that was away never again has the ledger that the others have. */
      aLeaderThatStaysBringsAllUpToDate: implies(
        eventuallyAlways(led(() => true)),
        infinitelyOften(led((s, leader) => allHaveItsLog(s, leader, servers))),
      ),

      /** If it fails, a client waits for ever to hear that its transaction is final. */
      whatALeaderThatStaysHasSignedIsCommitted: implies(
        eventuallyAlways(hasSigned),
        infinitelyOften(
          led((s, leader) => servers.every((server) => s.node[server]!.committed >= lastSigned(s.node[leader]!))),
        ),
      ),
    };
  },

  deadlock: false,

  models: {
    liveness: {
      constants: { servers: 2, judgeBehaviours: true },
      expected: { result: 'ok', distinct: 646, generated: 1543, depth: 19 },
    },
    small: { constants: { servers: 2 }, expected: { result: 'ok', distinct: 646, generated: 3451, depth: 19 } },
    three: { expected: { result: 'ok', distinct: 35782, generated: 304591, depth: 29 } },
    medium: {
      constants: { servers: 2, maxTerm: 2, maxLog: 2 },
      expected: { result: 'ok', distinct: 98615, generated: 561711, depth: 34 },
    },
  },

  mutants: {
    'a leader that has nothing new says nothing': {
      model: 'liveness',
      actions: {
        sendAppend(s, { pick, ...bounds }) {
          const { server, to } = pick({ server: bounds.servers, to: bounds.servers });
          const me = s.node[server]!;
          when(server !== to && me.role === 'leader');
          const { count } = pick({ count: range(1, lengthOf(me) - me.sent[to]!) });
          sendEntries(s, server, to, count);
          stayWithin(s, bounds);
        },
      },
      breaks: 'whatALeaderThatStaysHasSignedIsCommitted',
      steps: 9,
    },
    'a leader does not look further back where ledgers differ': {
      model: 'liveness',
      constants: { maxTerm: 2 },
      actions: {
        receive(s, { servers, pick }) {
          const { message } = pick({ message: s.network });
          s.network.delete(message);
          const me = s.node[message.to]!;
          if (message.type !== 'appended' || message.success || me.role !== 'leader') {
            step(me, message, s.network, servers);
          }
        },
      },
      breaks: 'aLeaderThatStaysBringsAllUpToDate',
      steps: 13,
    },
    'entries that are not signed are committed': {
      constants: { servers: 2 },
      actions: {
        commit(s, { servers, pick }) {
          const { server } = pick({ server: servers });
          const me = s.node[server]!;
          when(me.role === 'leader');
          const index = committable(me, server, servers, (entry) => entry.term === me.term);
          when(index > me.committed);
          me.committed = index;
        },
      },
      breaks: 'committedEntriesStay',
      steps: 10,
    },
    'a leader commits what only it has': {
      constants: { maxTerm: 2 },
      actions: {
        commit(s, { servers, pick }) {
          const { server } = pick({ server: servers });
          const me = s.node[server]!;
          when(me.role === 'leader' && lastSigned(me) > me.committed);
          me.committed = lastSigned(me);
        },
      },
      breaks: 'committedEntriesAgree',
      steps: 14,
    },
  },
});
