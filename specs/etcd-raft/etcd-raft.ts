/**
 * Raft as etcd has it, step by step as its library logs them: elections, replication with flow control, configuration
 * changes that may be joint, snapshots, and storage that may be asynchronous.
 *
 * The library hands its messages and what is to be stored to its user, who stores before sending what depends on it:
 * that is `ready`. Source: etcd-io/raft, `raft.go`, and its specification `tla/etcdraft.tla`, whose grain this is. Left
 * out: pre-votes, the leader's lease, read-only requests, transfer of leadership.
 */
import {
  Bag,
  defineSpec,
  electionSafety,
  logMatching,
  mapOf,
  nodes,
  oneOf,
  range,
  setOf,
  subsets,
  when,
} from 'bivalent';
import type { Draft, View } from 'bivalent';
import { entriesOf, lastTerm, lengthOf, snapshotLength, termAt } from '../raft/log.ts';
import type { Server } from '../raft/server.ts';
import { changed, isJoint, isMember, isQuorum, isVoter } from './configuration.ts';
import type { Change, Configuration } from './configuration.ts';
import { committable, prefix, step } from './handlers.ts';
import { becomeProbe, becomeSnapshot, sentEntries } from './progress.ts';
import { follow, freshProgress, plainEntry, put, reset, storable, unknownProgress } from './server.ts';
import type { Entry, Message, RaftLog, ServerState, Stored, Write } from './server.ts';

type Cluster = {
  node: Record<Server, ServerState>;
  network: Bag<Message>;
  elected: Set<{ term: number; leader: Server }>;
};

const nobody = (): Configuration => ({
  voters: new Set(),
  outgoing: new Set(),
  learners: new Set(),
  nextLearners: new Set(),
});

/** A server that begins with a configuration and a snapshot of so many entries. */
function started(configuration: Configuration, index: number): ServerState {
  const snapshot = range(1, index).map(() => plainEntry(1));
  const stored = {
    term: 0,
    votedFor: null,
    raftLog: { log: [], snapshot, snapshotTerm: index > 0 ? 1 : 0, configuration },
    committed: index,
    configured: index,
    configuration,
  };
  return {
    ...stored,
    role: 'follower',
    leader: null,
    applied: index,
    pendingChange: 0,
    granted: new Set(),
    rejected: new Set(),
    progress: null,
    unsent: new Bag(),
    stored,
    writes: [],
  };
}

/** The leader appends an entry, and will tell itself so once that is stored. */
function append(me: Draft<ServerState>, self: Server, change: View<Change> | null): void {
  me.raftLog.log.push(put<Entry>({ term: me.term, change }));
  const index = lengthOf(me.raftLog);
  me.unsent.add({
    type: 'AppResp',
    from: self,
    to: self,
    term: me.term,
    index,
    reject: false,
    rejectHint: 0,
    logTerm: 0,
  });
}

/** A leader's first step is an empty entry of its term. */
const isEstablished = (me: View<ServerState>): boolean => me.role === 'leader' && lastTerm(me.raftLog) === me.term;

const changeAt = ({ log }: View<RaftLog>, start: number, index: number): View<Change> | null =>
  log[index - start - 1]?.change ?? null;

/** The index of the first change after another and up to an end that is not made yet; 0 where there is none. */
function nextChange(me: View<ServerState>, end: number): number {
  const start = snapshotLength(me.raftLog);
  for (let index = Math.max(me.configured, start) + 1; index <= end; index++) {
    if (changeAt(me.raftLog, start, index) !== null) return index;
  }
  return 0;
}

/** No change that is already in the log, and may be made, is open. */
const mayChange = (me: View<ServerState>): boolean =>
  isEstablished(me) && me.pendingChange <= Math.max(me.applied, me.configured);

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

/** What depends on what was written: answers, which promise something. */
const isPromise = ({ type }: View<Message>): boolean => type === 'AppResp' || type === 'VoteResp';

export default defineSpec({
  name: 'EtcdRaft',
  constants: {
    servers: nodes('s', 3),
    /** The first configuration; no voters named are all servers. */
    voters: [] as Server[],
    learners: [] as Server[],
    /** The servers of the first configuration that begin with nothing, as one does that is started late. */
    blank: [] as Server[],
    /** Whether servers begin with a snapshot of the configuration, or with entries that build it. */
    begin: oneOf('snapshot', 'entries'),
    /** How many entries the first snapshot holds. */
    snapshot: 0,
    maxInflight: 256,
    storage: oneOf('sync', 'async'),
    /** Bounds of what is checked: a log is not held to them. */
    changes: oneOf('none', 'simple', 'joint'),
    maxTerm: 1,
    maxLog: 1,
    capacity: 2,
  },

  init: ({ servers, voters, learners, blank, begin, snapshot }): Cluster => {
    const configuration = {
      ...nobody(),
      voters: new Set(voters.length > 0 ? voters : servers),
      learners: new Set(learners),
    };
    const isFirst = (server: Server): boolean => configuration.voters.has(server) || configuration.learners.has(server);
    const begins = (server: Server): boolean => begin === 'snapshot' && !blank.includes(server) && isFirst(server);
    return {
      node: mapOf(servers, (server) => (begins(server) ? started(configuration, snapshot) : started(nobody(), 0))),
      network: new Bag(),
      elected: new Set(),
    };
  },

  actions: {
    /** `Bootstrap`: a first member begins at term 1 with entries that add each of them. */
    bootstrap(s, { servers, voters, begin, pick }) {
      const members = voters.length > 0 ? voters : servers;
      when(begin === 'entries');
      const { server } = pick({ server: members });
      const me = s.node[server]!;
      when(me.term === 0 && lengthOf(me.raftLog) === 0);
      me.term = 1;
      const none = setOf<Server>();
      me.raftLog.log = members.map((member) =>
        put<Entry>({ term: 1, change: { kind: 'simple', add: setOf([member]), remove: none, learn: none } }),
      );
      me.committed = members.length;
    },

    /** `hup`: starts an election. Not before a change of configuration that is known to be committed is made. */
    campaign(s, { servers, pick }) {
      const { server } = pick({ server: servers });
      const me = s.node[server]!;
      when(me.role !== 'leader' && isVoter(me.configuration, server));
      when(nextChange(me, me.committed) === 0);
      campaign(me, server, servers);
    },

    /** `becomeLeader`: a quorum granted its vote. */
    becomeLeader(s, { servers, pick }) {
      const { server } = pick({ server: servers });
      const me = s.node[server]!;
      when(me.role === 'candidate');
      when(isQuorum(me.configuration, (voter) => me.granted.has(voter)));
      lead(s, server, servers);
    },

    /** Falls back without hearing of another: it was removed, or has not heard from a quorum. */
    stepDown(s, { servers, pick }) {
      const { server } = pick({ server: servers });
      const me = s.node[server]!;
      when(me.role === 'leader');
      follow(me, me.term, null);
    },

    /** `MsgProp`: the leader appends an entry; at first the empty one of its term. */
    propose(s, { servers, pick }) {
      const { server } = pick({ server: servers });
      const me = s.node[server]!;
      when(me.role === 'leader' && isMember(me.configuration, server));
      append(me, server, null);
    },

    /** `MsgProp` of a change of configuration: at most one is open. */
    proposeChange(s, { servers, changes, pick }) {
      when(changes !== 'none');
      const { server } = pick({ server: servers });
      const me = s.node[server]!;
      when(isMember(me.configuration, server) && mayChange(me));
      when(!isJoint(me.configuration));
      const { joint } = pick({ joint: changes === 'joint' ? [false, true] : [false] });
      const { add } = pick({ add: subsets(servers) });
      const { remove } = pick({ remove: subsets(servers) });
      const { learn } = pick({ learn: subsets(servers) });
      const named = [...add, ...remove, ...learn];
      when(named.length > 0 && new Set(named).size === named.length);
      when(joint || named.length === 1);
      const kind = joint ? 'joint' : 'simple';
      const change = { kind, add: setOf(add), remove: setOf(remove), learn: setOf(learn) } as const;
      when(changed(me.configuration, change).voters.size > 0);
      append(me, server, change);
      me.pendingChange = lengthOf(me.raftLog);
    },

    /** The leader proposes to leave a joint configuration: when it has been made, or because it is asked to. */
    leaveJoint(s, { servers, pick }) {
      const { server } = pick({ server: servers });
      const me = s.node[server]!;
      when(mayChange(me) && isJoint(me.configuration));
      const none = setOf<Server>();
      append(me, server, { kind: 'leave', add: none, remove: none, learn: none });
      me.pendingChange = lengthOf(me.raftLog);
    },

    /** `sendAppend`: some of the entries that a server lacks, or none to tell it what is committed. */
    sendAppend(s, { servers, maxInflight, pick }) {
      const { server, to } = pick({ server: servers, to: servers });
      const me = s.node[server]!;
      when(server !== to && isEstablished(me) && isMember(me.configuration, to));
      const progress = me.progress![to]!;
      when(progress.state !== 'snapshot' && !progress.paused);
      const index = progress.next - 1;
      const logTerm = index === 0 ? 0 : termAt(me.raftLog, index - 1);
      when(logTerm !== undefined);
      const isFull = progress.state === 'replicate' && progress.inflight.length >= maxInflight;
      const { count } = pick({ count: range(0, isFull ? 0 : lengthOf(me.raftLog) - index) });
      const from = index - snapshotLength(me.raftLog);
      const entries = me.raftLog.log.slice(from, from + count);
      const { term, committed } = me;
      me.unsent.add({ type: 'App', from: server, to, term, index, logTerm: logTerm!, entries, commit: committed });
      sentEntries(progress, count, maxInflight);
    },

    /** `sendHeartbeat`: tells of what is committed no more than the server is known to have. */
    sendHeartbeat(s, { servers, pick }) {
      const { server, to } = pick({ server: servers, to: servers });
      const me = s.node[server]!;
      when(server !== to && isEstablished(me) && isMember(me.configuration, to));
      const commit = Math.min(me.progress![to]!.match, me.committed);
      me.unsent.add({ type: 'Heartbeat', from: server, to, term: me.term, commit });
    },

    /** `maybeSendSnapshot`: of what is applied, or the one that there is. */
    sendSnapshot(s, { servers, pick }) {
      const { server, to } = pick({ server: servers, to: servers });
      const me = s.node[server]!;
      when(server !== to && isEstablished(me) && isMember(me.configuration, to));
      const progress = me.progress![to]!;
      when(progress.state !== 'snapshot');
      const { index } = pick({ index: [snapshotLength(me.raftLog), me.applied] });
      when(index > progress.match);
      // The configuration of the snapshot is that of its last entry.
      const isApplied = index === me.applied && me.configured <= index && nextChange(me, index) === 0;
      when(isApplied || index === snapshotLength(me.raftLog));
      me.unsent.add({
        type: 'Snap',
        from: server,
        to,
        term: me.term,
        index,
        logTerm: termAt(me.raftLog, index - 1)!,
        entries: prefix(me.raftLog, index),
        configuration: isApplied ? me.configuration : me.raftLog.configuration,
      });
      becomeSnapshot(progress, index);
    },

    /** The user of the library could not reach a server: entries are sent one at a time again. */
    reportUnreachable(s, { servers, pick }) {
      const { server, to } = pick({ server: servers, to: servers });
      const me = s.node[server]!;
      when(me.progress !== null && me.progress[to]!.state === 'replicate');
      becomeProbe(me.progress![to]!);
    },

    /** `Step`: a server takes a message, and answers it. */
    receive(s, { pick }) {
      const { message } = pick({ message: s.network });
      s.network.delete(message);
      step(s.node[message.to]!, message);
    },

    /** `maybeCommit`: as far as a quorum has stored entries, if the last of them is of its own term. */
    commit(s, { servers, pick }) {
      const { server } = pick({ server: servers });
      const me = s.node[server]!;
      when(me.role === 'leader');
      const index = committable(
        me,
        (has) => isQuorum(me.configuration, has),
        (term) => term === me.term,
      );
      when(index > me.committed);
      me.committed = index;
    },

    /** `ApplyConfChange`: makes the next change that is committed. */
    applyChange(s, { servers, pick }) {
      const { server } = pick({ server: servers });
      const me = s.node[server]!;
      const index = nextChange(me, me.committed);
      when(index > 0);
      const before = me.configuration;
      const after = changed(before, changeAt(me.raftLog, snapshotLength(me.raftLog), index)!);
      trackMembers(me, before, after, servers);
      me.configuration = put<Configuration>(after);
      me.configured = index;
    },

    /** The application has seen the entries up to an index; changes of configuration among them are made by then. */
    apply(s, { servers, pick }) {
      const { server } = pick({ server: servers });
      const me = s.node[server]!;
      const { index } = pick({ index: range(me.applied + 1, me.committed) });
      when(nextChange(me, index) === 0);
      me.applied = index;
    },

    /** The beginning of the log is replaced by a snapshot of what was applied. */
    compact(s, { servers, pick }) {
      const { server } = pick({ server: servers });
      const me = s.node[server]!;
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
    },

    /** `Ready`: what is new is stored and the messages go; with asynchronous storage, promises wait for it. */
    ready(s, { servers, storage, pick }) {
      const { server } = pick({ server: servers });
      const me = s.node[server]!;
      const messages = [...me.unsent.entries()].flatMap(([message, count]) => range(1, count).map(() => message));
      me.unsent.clear();
      const now = storage === 'sync' ? messages : messages.filter((message) => !isPromise(message));
      for (const message of now) s.network.add(message);
      if (storage === 'sync') me.stored = put<Stored>(storable(me));
      else me.writes.push(put<Write>({ stored: storable(me), messages: messages.filter(isPromise) }));
    },

    /** A write has reached the disk: what it promises may be said. */
    persist(s, { servers, storage, pick }) {
      when(storage === 'async');
      const { server } = pick({ server: servers });
      const me = s.node[server]!;
      when(me.writes.length > 0);
      const { stored, messages } = me.writes[0]!;
      for (const message of messages) s.network.add(message);
      me.stored = stored;
      me.writes = me.writes.slice(1);
    },

    /** A server crashes and starts again with what is on its disk. */
    restart(s, { servers, pick }) {
      const { server } = pick({ server: servers });
      const me = s.node[server]!;
      Object.assign(me, me.stored);
      me.role = 'follower';
      me.leader = null;
      me.applied = snapshotLength(me.raftLog);
      reset(me);
      me.unsent.clear();
      me.writes = [];
    },
  },

  constraint: (s, { servers, maxTerm, maxLog, snapshot, capacity }) =>
    servers.every((server) => {
      const { term, raftLog, writes } = s.node[server]!;
      return term <= maxTerm && lengthOf(raftLog) <= snapshot + maxLog && writes.length <= 1;
    }) && servers.reduce((sum, server) => sum + s.node[server]!.unsent.size, s.network.size) <= capacity,

  invariants: {
    /** If it fails, two leaders of one term acknowledge different writes to their clients. */
    atMostOneLeaderPerTerm: (s) => electionSafety(s.elected),

    /** If it fails, logs that agree on an entry disagree before it, and servers apply different histories. */
    logsMatch: (s, { servers, forAll }) => {
      const { a, b } = forAll({ a: servers, b: servers });
      return a >= b || logMatching([entriesOf(s.node[a]!.raftLog), entriesOf(s.node[b]!.raftLog)]);
    },

    /** If it fails, two servers have applied different commands at one place: the replicas have diverged. */
    committedEntriesAgree: (s, { servers, forAll }) => {
      const { a, b } = forAll({ a: servers, b: servers });
      const [mine, theirs] = [s.node[a]!, s.node[b]!];
      const both = Math.min(mine.committed, theirs.committed);
      return a >= b || logMatchUpTo(mine.raftLog, theirs.raftLog, both);
    },

    /** If it fails, a leader lacks an entry that is committed: an acknowledged write is lost. */
    leadersHaveWhatIsCommitted: (s, { servers, forAll }) => {
      const { a, b } = forAll({ a: servers, b: servers });
      const [leader, other] = [s.node[a]!, s.node[b]!];
      if (leader.role !== 'leader' || leader.term < other.term) return true;
      return logMatchUpTo(leader.raftLog, other.raftLog, other.committed);
    },
  },

  deadlock: false,

  models: {
    small: { constants: { servers: 2 }, expected: { result: 'ok' } },
  },
  mutants: {},
});

/** Whether two logs have the same entries up to an index, and have it. */
function logMatchUpTo(a: View<RaftLog>, b: View<RaftLog>, index: number): boolean {
  for (let at = 1; at <= index; at++) {
    const [ours, theirs] = [entriesOf(a)[at - 1], entriesOf(b)[at - 1]];
    if (ours === undefined || ours.term !== theirs?.term) return false;
  }
  return true;
}

function campaign(me: Draft<ServerState>, self: Server, servers: readonly Server[]): void {
  me.term += 1;
  me.role = 'candidate';
  me.votedFor = self;
  me.leader = null;
  reset(me);
  const envelope = { from: self, term: me.term };
  me.unsent.add({ ...envelope, type: 'VoteResp', to: self, reject: false });
  for (const to of servers) {
    if (to === self || !isVoter(me.configuration, to)) continue;
    me.unsent.add({ ...envelope, type: 'Vote', to, index: lengthOf(me.raftLog), logTerm: lastTerm(me.raftLog) });
  }
}

function lead(s: Draft<Cluster>, self: Server, servers: readonly Server[]): void {
  const me = s.node[self]!;
  me.role = 'leader';
  me.leader = self;
  me.progress = freshProgress(me, self, servers);
  me.pendingChange = lengthOf(me.raftLog);
  s.elected.add({ term: me.term, leader: self });
}
