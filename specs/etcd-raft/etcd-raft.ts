/**
 * Raft as etcd has it, step by step as its library logs them: elections, replication with flow control, configuration
 * changes that may be joint, snapshots, and storage that may be asynchronous.
 *
 * The library hands its messages and what is to be stored to its user, who stores before sending what depends on it:
 * that is `ready`. Source: etcd-io/raft, `raft.go`, and its specification `tla/etcdraft.tla`, whose grain this is. Left
 * out: pre-votes, the leader's lease, read-only requests, transfer of leadership.
 */
import { Bag, defineSpec, each, electionSafety, logMatching, mapOf, nodes, oneOf, range, setOf, when } from 'bivalent';
import { entriesOf, lengthOf, snapshotLength } from '../raft/log.ts';
import type { Server } from '../raft/server.ts';
import { applyChange, bootstrap, compact, nextChange } from './application.ts';
import { haveAll, isWithin, leaderOf, logMatchUpTo, stayWithin } from './cluster.ts';
import type { Cluster } from './cluster.ts';
import { changed, isJoint, isMember, isQuorum, isVoter } from './configuration.ts';
import { step } from './handlers.ts';
import { append, campaign, committable, groups, isEstablished, lead, mayChange } from './leader.ts';
import { sendAppend, sendSnapshot } from './leader.ts';
import { becomeProbe } from './progress.ts';
import { follow, put, storable } from './server.ts';
import type { Write } from './server.ts';
import { nobody, persist, ready, restart, started } from './storage.ts';

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
    crashes: true,
    /** Bounds of what is checked: a log is not held to them. */
    changes: oneOf('none', 'simple', 'joint'),
    maxTerm: 1,
    maxLog: 1,
    capacity: 2,
    /** Whether to ask what is promised of whole behaviours, too. */
    judgeBehaviours: false,
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
      bootstrap(me, members);
    },

    /** `hup`: starts an election. Not before a change of configuration that is known to be committed is made. */
    campaign(s, { pick, ...bounds }) {
      const { servers } = bounds;
      const { server } = pick({ server: servers });
      const me = s.node[server]!;
      when(me.role !== 'leader' && isVoter(me.configuration, server));
      when(nextChange(me, me.committed) === 0);
      campaign(me, server, servers);
      stayWithin(s, bounds);
    },

    /** `becomeLeader`: a quorum granted its vote. */
    becomeLeader(s, { servers, pick }) {
      const { server } = pick({ server: servers });
      const me = s.node[server]!;
      when(me.role === 'candidate');
      when(isQuorum(me.configuration, (voter) => me.granted.has(voter)));
      lead(me, server, servers);
      s.elected.add({ term: me.term, leader: server });
    },

    /** Falls back without hearing of another: it was removed, or has not heard from a quorum. */
    stepDown(s, { servers, pick }) {
      const { server } = pick({ server: servers });
      const me = s.node[server]!;
      when(me.role === 'leader');
      follow(me, me.term, null);
    },

    /** `MsgProp`: the leader appends an entry; at first the empty one of its term. */
    propose(s, { pick, ...bounds }) {
      const { server } = pick({ server: bounds.servers });
      const me = s.node[server]!;
      when(me.role === 'leader' && isMember(me.configuration, server));
      append(me, server, null);
      stayWithin(s, bounds);
    },

    /** `MsgProp` of a change of configuration: at most one is open. */
    proposeChange(s, { servers, changes, pick }) {
      when(changes !== 'none');
      const { server } = pick({ server: servers });
      const me = s.node[server]!;
      when(isMember(me.configuration, server) && mayChange(me));
      when(!isJoint(me.configuration));
      const { joint } = pick({ joint: changes === 'joint' ? [false, true] : [false] });
      const { add } = pick({ add: groups(servers, [], joint) });
      const { remove } = pick({ remove: groups(servers, add, joint) });
      const { learn } = pick({ learn: groups(servers, [...add, ...remove], joint) });
      when(add.length + remove.length + learn.length > 0);
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
    sendAppend(s, { maxInflight, pick, ...bounds }) {
      const { server, to } = pick({ server: bounds.servers, to: bounds.servers });
      const me = s.node[server]!;
      when(server !== to && isEstablished(me) && isMember(me.configuration, to));
      when(me.progress![to]!.next > snapshotLength(me.raftLog));
      sendAppend(me, server, to, maxInflight, pick);
      stayWithin(s, bounds);
    },

    /** `sendHeartbeat`: tells of what is committed no more than the server is known to have. */
    sendHeartbeat(s, { pick, ...bounds }) {
      const { server, to } = pick({ server: bounds.servers, to: bounds.servers });
      const me = s.node[server]!;
      when(server !== to && isEstablished(me) && isMember(me.configuration, to));
      const commit = Math.min(me.progress![to]!.match, me.committed);
      me.unsent.add({ type: 'Heartbeat', from: server, to, term: me.term, commit });
      stayWithin(s, bounds);
    },

    /** `maybeSendSnapshot`: of what is applied, or the one that there is. */
    sendSnapshot(s, { pick, ...bounds }) {
      const { server, to } = pick({ server: bounds.servers, to: bounds.servers });
      const me = s.node[server]!;
      when(server !== to && isEstablished(me) && isMember(me.configuration, to));
      sendSnapshot(me, server, to, pick);
      stayWithin(s, bounds);
    },

    /** The user of the library could not reach a server: entries are sent one at a time again. */
    reportUnreachable(s, { servers, pick }) {
      const { server, to } = pick({ server: servers, to: servers });
      const me = s.node[server]!;
      when(me.progress !== null && me.progress[to]!.state === 'replicate');
      becomeProbe(me.progress[to]!);
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
      applyChange(me, servers);
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
      compact(me, pick);
    },

    /** `Ready`: what is new is stored and the messages go; with asynchronous storage, promises wait for it. */
    ready(s, { servers, storage, pick }) {
      const { server } = pick({ server: servers });
      const me = s.node[server]!;
      ready(me, s.network, storage);
    },

    /** A write has reached the disk: what it promises may be said. */
    persist(s, { servers, storage, pick }) {
      when(storage === 'async');
      const { server } = pick({ server: servers });
      const me = s.node[server]!;
      persist(me, s.network);
    },

    /** A server crashes and starts again with what is on its disk. */
    restart(s, { servers, crashes, pick }) {
      when(crashes);
      const { server } = pick({ server: servers });
      const me = s.node[server]!;
      restart(me);
    },
  },

  constraint: isWithin,

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

  /** Messages go and arrive, and who leads sends all that it might; nobody need stand, step down, propose or compact. */
  fairness: {
    weak: [each('receive'), each('ready'), each('becomeLeader'), each('commit')],
    strong: [each('sendAppend'), each('sendHeartbeat'), each('sendSnapshot')],
  },

  temporal: ({ eventuallyAlways, implies, infinitelyOften }, { servers, judgeBehaviours }) => {
    if (!judgeBehaviours) return {};
    return {
      /** If it fails, a member that was away, or is new, never has what the others have. */
      aLeaderThatStaysBringsAllUpToDate: implies(
        eventuallyAlways((s) => leaderOf(s, servers) !== undefined),
        infinitelyOften((s) => {
          const leader = leaderOf(s, servers);
          return leader !== undefined && haveAll(s, leader, servers);
        }),
      ),
    };
  },

  deadlock: false,

  models: {
    small: {
      constants: { servers: 1, begin: 'entries', maxTerm: 2, maxLog: 2, capacity: 3 },
      expected: { result: 'ok', distinct: 144, generated: 674, depth: 16 },
    },
    joint: {
      constants: { servers: 1, changes: 'joint', maxLog: 2, capacity: 1 },
      expected: { result: 'ok', distinct: 588, generated: 3367, depth: 19 },
    },
    asynchronous: {
      constants: { servers: 1, storage: 'async', maxTerm: 2, maxLog: 2, capacity: 3 },
      expected: { result: 'ok', distinct: 4595, generated: 26922, depth: 28 },
    },
    snapshot: {
      constants: {
        servers: 2,
        voters: ['s1'],
        learners: ['s2'],
        blank: ['s2'],
        snapshot: 1,
        crashes: false,
        capacity: 1,
      },
      expected: { result: 'ok', distinct: 5180, generated: 40312, depth: 29 },
    },
    liveness: {
      constants: {
        servers: 2,
        voters: ['s1'],
        learners: ['s2'],
        blank: ['s2'],
        snapshot: 1,
        crashes: false,
        capacity: 1,
        judgeBehaviours: true,
      },
      expected: { result: 'ok', distinct: 5180, generated: 26591, depth: 29 },
    },
    medium: {
      constants: { servers: 2, maxTerm: 2 },
      expected: { result: 'ok', distinct: 215165, generated: 2382279, depth: 45 },
    },
  },

  mutants: {
    'a server does not answer to a snapshot': {
      model: 'liveness',
      actions: {
        receive(s, { pick }) {
          const { message } = pick({ message: s.network });
          s.network.delete(message);
          const me = s.node[message.to]!;
          step(me, message);
          if (message.type === 'Snap') me.unsent.clear();
        },
      },
      breaks: 'aLeaderThatStaysBringsAllUpToDate',
      steps: 21,
    },
    'a heartbeat tells of everything that is committed': {
      model: 'snapshot',
      actions: {
        sendHeartbeat(s, { servers, pick }) {
          const { server, to } = pick({ server: servers, to: servers });
          const me = s.node[server]!;
          when(server !== to && isEstablished(me) && isMember(me.configuration, to));
          me.unsent.add({ type: 'Heartbeat', from: server, to, term: me.term, commit: me.committed });
        },
      },
      breaks: 'committedEntriesAgree',
      steps: 7,
    },
    'votes are sent before they are stored': {
      constants: { storage: 'async', maxLog: 0, capacity: 3 },
      actions: {
        ready(s, { servers, pick }) {
          const { server } = pick({ server: servers });
          const me = s.node[server]!;
          for (const [message, count] of me.unsent.entries()) s.network.add(message, count);
          me.unsent.clear();
          me.writes.push(put<Write>({ stored: storable(me), messages: [] }));
        },
      },
      breaks: 'atMostOneLeaderPerTerm',
      steps: 17,
    },
    'a leader sends entries that a snapshot has replaced': {
      constants: { servers: 2, voters: ['s1'], changes: 'simple', crashes: false, maxLog: 2, capacity: 1 },
      actions: {
        sendAppend(s, { servers, maxInflight, pick }) {
          const { server, to } = pick({ server: servers, to: servers });
          const me = s.node[server]!;
          when(server !== to && isEstablished(me) && isMember(me.configuration, to));
          sendAppend(me, server, to, maxInflight, pick);
        },
      },
      breaks: 'logsMatch',
      steps: 22,
    },
  },
});
