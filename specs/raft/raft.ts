/**
 * Raft as a protocol: elections, replication and commitment, on a network that loses, repeats and reorders, by servers
 * that crash.
 *
 * D. Ongaro, J. Ousterhout, *In Search of an Understandable Consensus Algorithm* (2014), figure 2, of which the quoted lines
 * are. `raft-ongaro` renders the authors' own specification; here a step is one message with all that its receiver does
 * about it. An entry is known by its term and its place: a leader has one place for each. Places begin at 0.
 */
import { agreement, defineProtocol, electionSafety, equal, leaderCompleteness, logMatching } from 'bivalent';
import { mapOf, messages, nodes, when } from 'bivalent';
import type { Draft, Incoming, View } from 'bivalent';

type Server = `s${number}`;
type Entry = { term: number };
type Messages = {
  requestVote: { term: number; lastTerm: number; length: number };
  vote: { term: number; granted: boolean };
  /** `entries` has one entry, or none: a heartbeat. `previous` is the place before it, -1 before the first. */
  append: { term: number; previous: number; previousTerm: number; entries: Entry[]; committed: number };
  /** `matches` is how many entries are now as the leader's; -1 where the follower's log differs. */
  appended: { term: number; matches: number };
};

/** What survives a crash. */
type Durable = { term: number; votedFor: Server | null; log: Entry[] };
type Volatile = {
  role: 'follower' | 'candidate' | 'leader';
  votes: Set<Server>;
  /** How many entries are committed. */
  committed: number;
  /** Of a leader: the place of the next entry to send to each server, and how many entries it is known to have. */
  next: Record<Server, number>;
  matches: Record<Server, number>;
};
type ServerState = Durable & Volatile;
type History = {
  leaders: Set<{ term: number; leader: Server; log: Entry[] }>;
  /** What was committed where, and in which term. */
  committed: Set<{ term: number; index: number; entry: Entry }>;
};

const isMajority = (count: number, servers: readonly Server[]): boolean => count * 2 > servers.length;
const lastTerm = (log: readonly Entry[]): number => log.at(-1)?.term ?? 0;

/** "If RPC request or response contains term T > currentTerm: set currentTerm = T, convert to follower." */
function observe(me: Draft<ServerState>, term: number, servers: readonly Server[]): void {
  if (term <= me.term) return;
  me.term = term;
  me.votedFor = null;
  follow(me, servers);
}

/** What only candidates and leaders know is forgotten. */
function follow(me: Draft<ServerState>, servers: readonly Server[]): void {
  if (me.role === 'follower') return;
  me.role = 'follower';
  me.votes.clear();
  me.next = mapOf(servers, () => 0);
  me.matches = mapOf(servers, () => 0);
}

/** "Candidate's log is at least as up-to-date as receiver's log." */
const isUpToDate = (me: View<ServerState>, m: View<Messages['requestVote']>): boolean =>
  m.lastTerm > lastTerm(me.log) || (m.lastTerm === lastTerm(me.log) && m.length >= me.log.length);

/** Answers a request for a vote; whether the candidate's log is good enough is what mutants leave out. */
function answer(
  me: Draft<ServerState>,
  m: View<Messages['requestVote']> & { readonly from: Server },
  isGood: boolean,
): boolean {
  const granted = m.term === me.term && isGood && (me.votedFor === null || me.votedFor === m.from);
  if (granted) me.votedFor = m.from;
  return granted;
}

/** How many entries a leader may commit, by the count of those who have them. */
function countCommitted(
  me: View<ServerState>,
  self: Server,
  servers: readonly Server[],
  mayCommit: (entry: Entry) => boolean,
): number {
  const has = (server: Server, index: number): boolean => server === self || me.matches[server]! > index;
  const last = me.log.findLastIndex(
    (entry, index) => mayCommit(entry) && isMajority(servers.filter((server) => has(server, index)).length, servers),
  );
  return Math.max(me.committed, last + 1);
}

/** Commits entries, and notes which; no more than there are, which matters to servers that make mistakes. */
function commit(me: Draft<ServerState>, count: number, history: Draft<History>): void {
  const end = Math.min(count, me.log.length);
  for (let index = me.committed; index < end; index++) {
    history.committed.add({ term: me.term, index, entry: me.log[index]! });
  }
  me.committed = Math.max(me.committed, end);
}

/** What a follower does with entries; `continues` is the check of the entry before them. */
function appendTo(
  me: Draft<ServerState>,
  m: View<Messages['append']>,
  continues: boolean,
  history: Draft<History>,
): number {
  if (!continues) return -1;
  const [entry] = m.entries;
  const place = m.previous + 1;
  // "If an existing entry conflicts with a new one (same index but different terms), delete it and all that follow it."
  if (entry !== undefined && me.log[place]?.term !== entry.term) me.log = [...me.log.slice(0, place), entry];
  const matches = place + m.entries.length;
  commit(me, Math.min(m.committed, matches), history);
  return matches;
}

const continuesLog = (me: View<ServerState>, m: View<Messages['append']>): boolean =>
  m.previous < 0 || me.log[m.previous]?.term === m.previousTerm;

/** A leader learns what a follower has, and commits what a majority has. */
function count(me: Draft<ServerState>, m: Incoming<Messages, 'appended', Server>, servers: readonly Server[]): boolean {
  observe(me, m.term, servers);
  if (me.role !== 'leader' || m.term !== me.term) return false;
  if (m.matches < 0) me.next[m.from] = Math.max(0, me.next[m.from]! - 1);
  else {
    me.matches[m.from] = Math.max(me.matches[m.from]!, m.matches);
    me.next[m.from] = Math.max(me.next[m.from]!, m.matches);
  }
  return true;
}

export default defineProtocol({
  name: 'RaftProtocol',
  constants: { servers: nodes('s', 3), maxTerm: 1, maxLog: 1 },
  nodes: ({ servers }) => servers,
  messages: messages<Messages>(),
  state: {
    durable: (): Durable => ({ term: 0, votedFor: null, log: [] }),
    volatile: ({ servers }): Volatile => ({
      role: 'follower',
      votes: new Set<Server>(),
      committed: 0,
      next: mapOf(servers, () => 0),
      matches: mapOf(servers, () => 0),
    }),
  },
  history: (): History => ({ leaders: new Set(), committed: new Set() }),
  network: { order: 'unordered', copies: 'set' },
  faults: { crash: 1 },

  actions: {
    /** "On conversion to candidate, start election: increment currentTerm, vote for self, send RequestVote RPCs." */
    timeout(me, { self, servers, maxTerm, broadcast }) {
      when(me.role !== 'leader' && me.term < maxTerm);
      me.term += 1;
      me.role = 'candidate';
      me.votedFor = self;
      me.votes.clear();
      me.votes.add(self);
      broadcast(
        { type: 'requestVote', term: me.term, lastTerm: lastTerm(me.log), length: me.log.length },
        servers.filter((s) => s !== self),
      );
    },

    /** "If command received from client: append entry to local log." */
    request(me, { maxLog }) {
      when(me.role === 'leader' && me.log.length < maxLog);
      me.log.push({ term: me.term });
    },

    /** "If last log index ≥ nextIndex for a follower: send AppendEntries RPC"; without an entry it is a heartbeat. */
    replicate(me, { self, servers, send, pick }) {
      const { to } = pick({ to: servers });
      when(to !== self && me.role === 'leader');
      const next = me.next[to]!;
      const entries = me.log.slice(next, next + 1);
      const committed = Math.min(me.committed, next + entries.length);
      // A heartbeat that neither tells nor finds out anything is left out.
      when(entries.length > 0 || committed > 0 || me.matches[to]! < next);
      const previousTerm = me.log[next - 1]?.term ?? 0;
      send(to, { type: 'append', term: me.term, previous: next - 1, previousTerm, entries, committed });
    },
  },

  on: {
    requestVote(me, m, { servers, reply }) {
      observe(me, m.term, servers);
      reply({ type: 'vote', granted: answer(me, m, isUpToDate(me, m)), term: me.term });
    },

    /** "If votes received from majority of servers: become leader." */
    vote(me, { from, term, granted }, { self, servers, history }) {
      observe(me, term, servers);
      if (me.role !== 'candidate' || term !== me.term || !granted) return;
      me.votes.add(from);
      if (!isMajority(me.votes.size, servers)) return;
      me.role = 'leader';
      me.votes.clear();
      me.next = mapOf(servers, () => me.log.length);
      history.leaders.add({ term, leader: self, log: me.log });
    },

    append(me, m, { servers, history, reply }) {
      observe(me, m.term, servers);
      if (m.term < me.term) return reply({ type: 'appended', term: me.term, matches: -1 });
      // "If AppendEntries RPC received from new leader: convert to follower."
      follow(me, servers);
      reply({ type: 'appended', term: me.term, matches: appendTo(me, m, continuesLog(me, m), history) });
    },

    /** "A majority of matchIndex[i] ≥ N, and log[N].term == currentTerm: set commitIndex = N." */
    appended(me, m, { self, servers, history }) {
      if (!count(me, m, servers)) return;
      commit(
        me,
        countCommitted(me, self, servers, (entry) => entry.term === me.term),
        history,
      );
    },
  },

  invariants: {
    /** Figure 3. If it fails, two leaders of one term acknowledge different writes to their clients. */
    electionSafety: ({ history }) => electionSafety(history.leaders),

    /** Figure 3. If it fails, logs that agree on an entry disagree before it, and servers apply different histories. */
    logMatching: ({ node }, { servers, forAll }) => {
      const { a, b } = forAll({ a: servers, b: servers });
      return a >= b || logMatching([node[a]!.log, node[b]!.log]);
    },

    /** Figure 3. If it fails, a leader lacks an entry that an earlier term committed: an acknowledged write is lost. */
    leaderCompleteness: ({ history }) => leaderCompleteness(history.committed, history.leaders),

    /** Figure 3. If it fails, two servers have applied different commands at one place: the replicas have diverged. */
    stateMachineSafety: ({ history }, { forAll }) => {
      const { a } = forAll({ a: history.committed });
      return agreement(history.committed.where({ index: a.index }).map(({ entry }) => entry));
    },
  },

  transitionInvariants: {
    /** Figure 3, leader append-only. If it fails, a leader takes back what it may have told its clients. */
    leadersOnlyAppend: (before, after, { servers, forAll }) => {
      const { s } = forAll({ s: servers });
      const [was, is] = [before.node[s]!, after.node[s]!];
      return was.role !== 'leader' || is.role !== 'leader' || equal(is.log.slice(0, was.log.length), was.log);
    },
  },

  /** Terms are bounded here: the last of them may end without a leader. */
  deadlock: false,

  models: {
    small: {
      faults: { crash: 0 },
      network: { capacity: 2 },
      expected: { result: 'ok', distinct: 2098, generated: 5779, depth: 19 },
    },
    'one-term': { expected: { result: 'ok', distinct: 917957, generated: 6205609, depth: 30 } },
    'two-terms': {
      constants: { maxTerm: 2 },
      faults: { crash: 0 },
      network: { capacity: 2 },
      expected: { result: 'ok', distinct: 16600, generated: 43765, depth: 34 },
    },
    medium: {
      constants: { maxTerm: 2 },
      network: { capacity: 2 },
      expected: { result: 'ok', distinct: 106655, generated: 325531, depth: 36 },
    },
  },

  mutants: {
    'votes are not written to disk': { forgets: ['votedFor'], breaks: 'electionSafety', steps: 8 },
    'a vote does not look at the log': {
      constants: { maxTerm: 2 },
      network: { capacity: 2 },
      on: {
        requestVote(me, m, { servers, reply }) {
          observe(me, m.term, servers);
          reply({ type: 'vote', granted: answer(me, m, true), term: me.term });
        },
      },
      breaks: 'leaderCompleteness',
      steps: 12,
    },
    'entries of older terms are committed by counting': {
      constants: { maxTerm: 4 },
      faults: { crash: 0 },
      network: { capacity: 2 },
      on: {
        appended(me, m, { self, servers, history }) {
          if (!count(me, m, servers)) return;
          commit(
            me,
            countCommitted(me, self, servers, () => true),
            history,
          );
        },
      },
      breaks: 'leaderCompleteness',
      steps: 26,
    },
    'a follower does not look at the previous entry': {
      constants: { maxTerm: 2, maxLog: 2 },
      faults: { crash: 0 },
      network: { capacity: 2 },
      on: {
        append(me, m, { servers, history, reply }) {
          observe(me, m.term, servers);
          if (m.term < me.term) return reply({ type: 'appended', term: me.term, matches: -1 });
          follow(me, servers);
          reply({ type: 'appended', term: me.term, matches: appendTo(me, m, true, history) });
        },
      },
      breaks: 'stateMachineSafety',
      steps: 18,
    },
    'the log is not written to disk': {
      forgets: ['log'],
      breaks: 'leaderCompleteness',
      steps: 14,
      constants: { maxTerm: 2 },
      network: { capacity: 2 },
    },
  },
});
