/**
 * Raft with snapshots: servers replace the beginning of their logs by the state that it led to, and leaders send that
 * state to those who lag behind.
 *
 * D. Ongaro, J. Ousterhout, *In Search of an Understandable Consensus Algorithm* (2014), section 7 and figure 13, without
 * chunks: a snapshot is one message. Elections and replication are those of `raft`. The state of the replicated machine is
 * rendered as the entries that led to it, so that a wrong one is seen at once.
 */
import { defineProtocol, each, equal, messages, nodes, when } from 'bivalent';
import { answer, campaign, countVote, lead, voteRequest, voteRequestTo } from '../raft/election.ts';
import type { ElectionMessages } from '../raft/election.ts';
import { temporal } from '../raft/liveness.ts';
import { lengthOf, snapshotLength } from '../raft/log.ts';
import { majorityOf } from '../raft/quorum.ts';
import { accept, commit, countCommitted, learn, nextAppend } from '../raft/replication.ts';
import type { ReplicationMessages } from '../raft/replication.ts';
import { invariants, transitionInvariants } from '../raft/safety.ts';
import { blank, noHistory, started } from '../raft/server.ts';
import type { History } from '../raft/server.ts';
import { compact, install, nextInstall, restore } from '../raft/snapshot.ts';
import type { Compacted, SnapshotMessages } from '../raft/snapshot.ts';

export default defineProtocol({
  name: 'RaftSnapshot',
  constants: {
    servers: nodes('s', 3),
    /** Who may stand for election. */
    candidates: nodes('s', 3),
    maxTerm: 2,
    maxLog: 2,
    /** Whether to ask what is promised of whole behaviours, too. */
    judgeBehaviours: false,
  },
  nodes: ({ servers }) => servers,
  messages: messages<ElectionMessages & ReplicationMessages & SnapshotMessages>(),
  state: {
    durable: (): Compacted => ({ ...blank(), snapshot: [], snapshotTerm: 0 }),
    volatile: started,
  },
  history: (): History => noHistory(),
  network: { order: 'unordered', copies: 'set', capacity: 1 },
  faults: { crash: 1 },

  actions: {
    timeout(me, { self, candidates, maxTerm }) {
      when(me.term < maxTerm && candidates.includes(self));
      campaign(me, self);
    },

    ask(me, { servers, send, pick }) {
      const { to } = pick({ to: servers });
      send(to, voteRequestTo(me, to));
    },

    /** "If command received from client: append entry to local log." */
    request(me, { maxLog }) {
      when(me.role === 'leader' && lengthOf(me) < maxLog);
      me.log.push({ term: me.term });
    },

    replicate(me, { self, servers, send, pick }) {
      const { to } = pick({ to: servers });
      send(to, nextAppend(me, self, to));
    },

    takeSnapshot(me) {
      compact(me, me.committed);
    },

    sendSnapshot(me, { self, servers, send, pick }) {
      const { to } = pick({ to: servers });
      send(to, nextInstall(me, self, to));
    },
  },

  on: {
    requestVote(me, m, { servers, reply }) {
      reply(answer(me, m, servers));
    },

    vote(me, m, { self, servers, history }) {
      if (countVote(me, m, servers, majorityOf(servers))) lead(me, self, servers, history);
    },

    append(me, m, { servers, history, reply }) {
      reply(accept(me, m, { servers, history }));
    },

    appended(me, m, { self, servers, history }) {
      if (learn(me, m, servers)) commit(me, countCommitted(me, self, majorityOf(servers)), history);
    },

    install(me, m, { servers, history, reply }) {
      reply(install(me, m, { servers, history }));
    },
  },

  recover(me) {
    restore(me);
  },

  invariants: {
    ...invariants,

    /** If it fails, a server takes a command for done that may yet be replaced by another. */
    snapshotsHoldWhatIsCommitted: ({ node, history }, { servers, forAll }) => {
      const { s } = forAll({ s: servers });
      return node[s]!.snapshot.every((entry, index) =>
        history.committed.where({ index }).some((committed) => equal(committed.entry, entry)),
      );
    },

    /** If it fails, there is a gap between a snapshot and its log: what a server acknowledged, it no longer has. */
    whatIsCommittedIsKept: ({ node }, { servers, forAll }) => {
      const { s } = forAll({ s: servers });
      return node[s]!.committed <= lengthOf(node[s]!);
    },
  },
  transitionInvariants: {
    ...transitionInvariants,

    /** If it fails, a server goes back to an older state: those who read from it see time run backwards. */
    noServerGoesBack: (before, after, { servers, forAll }) => {
      const { s } = forAll({ s: servers });
      const [was, is] = [before.node[s]!, after.node[s]!];
      if (snapshotLength(is) < snapshotLength(was)) return false;
      return after.status[s] !== 'up' || before.status[s] !== 'up' || is.committed >= was.committed;
    },
  },

  temporal: (words, { servers, judgeBehaviours }) => (judgeBehaviours ? temporal(words, servers) : {}),

  /** Messages arrive, what there is to send is sent whenever the network has room, and who crashed comes back. */
  fairness: {
    delivery: 'weak',
    strong: [each('ask'), each('replicate'), each('sendSnapshot')],
    weak: [each('restart')],
  },

  /** Terms are bounded here: the last of them may end without a leader. */
  deadlock: false,

  models: {
    small: {
      constants: { maxTerm: 1, maxLog: 1 },
      faults: { crash: 0 },
      expected: { result: 'ok', distinct: 2072, generated: 5689, depth: 19 },
    },
    'one-term': {
      constants: { maxTerm: 1 },
      faults: { crash: 0 },
      expected: { result: 'ok', distinct: 16256, generated: 52183, depth: 27 },
    },
    medium: {
      constants: { maxLog: 1 },
      expected: { result: 'ok', distinct: 255933, generated: 871516, depth: 32 },
    },
    reordering: {
      constants: { candidates: 2, maxLog: 1 },
      faults: { crash: 0 },
      network: { capacity: 2 },
      expected: { result: 'ok', distinct: 208000, generated: 809619, depth: 37 },
    },
    'two-terms': { expected: { result: 'ok', distinct: 2781471, generated: 10341220, depth: 43 } },
    liveness: {
      constants: { candidates: 1, maxTerm: 1, judgeBehaviours: true },
      faults: { crash: 0, loss: 1 },
      expected: { result: 'ok', distinct: 9525, generated: 32600, depth: 29 },
    },
    'liveness-after-a-crash': {
      constants: { candidates: 1, maxTerm: 1, judgeBehaviours: true },
      expected: { result: 'ok', distinct: 14799, generated: 49629, depth: 28 },
    },
  },

  mutants: {
    'a candidate asks for each vote once': {
      model: 'liveness',
      constants: { servers: 2, maxLog: 1 },
      actions: {
        timeout(me, { self, servers, candidates, maxTerm, broadcast }) {
          when(me.term < maxTerm && candidates.includes(self));
          campaign(me, self);
          broadcast(
            voteRequest(me),
            servers.filter((s) => s !== self),
          );
        },
        ask() {
          when(false);
        },
      },
      breaks: 'whoCanWinIsElected',
      steps: 2,
    },
    'a follower answers only to entries that it did not have': {
      model: 'liveness',
      constants: { servers: 2, maxLog: 1 },
      on: {
        append(me, m, { servers, history, reply }) {
          const length = lengthOf(me);
          const answer = accept(me, m, { servers, history });
          if (lengthOf(me) > length || answer.matches < 0) reply(answer);
        },
      },
      breaks: 'whatALeaderThatStaysHasIsCommitted',
      steps: 10,
    },
    'a leader that has cut its log begins with what is left of it': {
      model: 'liveness',
      faults: { loss: 0 },
      actions: {
        replicate(me, { self, servers, send, pick }) {
          const { to } = pick({ to: servers });
          const next = { ...me.next, [to]: Math.max(me.next[to]!, snapshotLength(me)) };
          send(to, nextAppend({ ...me, next }, self, to));
        },
        sendSnapshot() {
          when(false);
        },
      },
      breaks: 'aLeaderThatStaysBringsAllUpToDate',
      steps: 25,
    },
    'a follower does not answer to a snapshot': {
      model: 'liveness',
      faults: { loss: 0 },
      on: {
        install(me, m, { servers, history }) {
          install(me, m, { servers, history });
        },
      },
      breaks: 'aLeaderThatStaysBringsAllUpToDate',
      steps: 26,
    },
    'a snapshot replaces a log that is longer': {
      constants: { candidates: 1, maxTerm: 1 },
      faults: { crash: 0 },
      network: { capacity: 2 },
      on: {
        install(me, m, { servers, history, reply }) {
          reply(install(me, m, { servers, history }, () => false));
        },
      },
      breaks: 'whatIsCommittedIsKept',
      steps: 18,
    },
    'the term of the last entry in a snapshot is lost': {
      constants: { candidates: 2 },
      forgets: ['snapshotTerm'],
      breaks: 'leaderCompleteness',
      steps: 22,
    },
    'a log is cut before its snapshot is on disk': {
      constants: { maxTerm: 1 },
      forgets: ['snapshot', 'snapshotTerm'],
      breaks: 'noServerGoesBack',
      steps: 10,
    },
    'a snapshot is taken of entries that are not committed': {
      constants: { maxTerm: 1 },
      actions: {
        takeSnapshot(me) {
          compact(me, lengthOf(me));
        },
      },
      breaks: 'snapshotsHoldWhatIsCommitted',
      steps: 6,
    },
  },
});
