/**
 * Raft as a protocol: elections, replication and commitment, on a network that loses, repeats and reorders, by servers
 * that crash.
 *
 * D. Ongaro, J. Ousterhout, *In Search of an Understandable Consensus Algorithm* (2014), figure 2. What servers do is in the
 * files beside this one, which the other renderings of Raft here share. `raft-ongaro` renders the authors' own
 * specification; here a step is one message with all that its receiver does about it.
 */
import { defineProtocol, each, messages, nodes, when } from 'bivalent';
import { answer, campaign, countVote, lead, voteRequest } from './election.ts';
import type { ElectionMessages } from './election.ts';
import { temporal } from './liveness.ts';
import { continuesLog } from './log.ts';
import type { merge } from './log.ts';
import { majorityOf } from './quorum.ts';
import { accept, commit, countCommitted, learn, nextAppend } from './replication.ts';
import type { ReplicationMessages } from './replication.ts';
import { invariants, transitionInvariants } from './safety.ts';
import { blank, noHistory, observe, started } from './server.ts';
import type { Durable, History } from './server.ts';

export default defineProtocol({
  name: 'RaftProtocol',
  constants: {
    servers: nodes('s', 3, { symmetric: true }),
    maxTerm: 1,
    maxLog: 1,
    /** Whether to ask what is promised of whole behaviours, too; not with `--symmetry`, under which they are not judged. */
    judgeBehaviours: false,
  },
  nodes: ({ servers }) => servers,
  messages: messages<ElectionMessages & ReplicationMessages>(),
  state: {
    durable: (): Durable => blank(),
    volatile: started,
  },
  history: (): History => noHistory(),
  network: { order: 'unordered', copies: 'set' },
  faults: { crash: 1 },

  actions: {
    timeout(me, { self, servers, maxTerm, broadcast }) {
      when(me.term < maxTerm);
      campaign(me, self);
      broadcast(
        voteRequest(me),
        servers.filter((s) => s !== self),
      );
    },

    /** "If command received from client: append entry to local log." */
    request(me, { maxLog }) {
      when(me.role === 'leader' && me.log.length < maxLog);
      me.log.push({ term: me.term });
    },

    replicate(me, { self, servers, send, pick }) {
      const { to } = pick({ to: servers });
      send(to, nextAppend(me, self, to));
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
  },

  invariants,
  transitionInvariants: {
    ...transitionInvariants,

    /** If it fails, a server helps two candidates of one term to win, or takes part in a term that is over. */
    oneVotePerTerm: (before, after, { servers, forAll }) => {
      const { s } = forAll({ s: servers });
      if (before.status[s] !== 'up' || after.status[s] !== 'up') return true;
      const [was, is] = [before.node[s]!, after.node[s]!];
      return is.term > was.term || (is.term === was.term && (was.votedFor ?? is.votedFor) === is.votedFor);
    },

    /** If it fails, a server takes back what it has already let its clients see. */
    commitIndexGrows: (before, after, { servers, forAll }) => {
      const { s } = forAll({ s: servers });
      return (
        after.status[s] !== 'up' || before.status[s] !== 'up' || after.node[s]!.committed >= before.node[s]!.committed
      );
    },
  },

  temporal: (words, { servers, judgeBehaviours }) => (judgeBehaviours ? temporal(words, servers) : {}),
  /**
   * Nobody need stand, ask or crash. Messages arrive, a leader sends what there is to send whenever the network has room,
   * and who crashed comes back.
   */
  fairness: { delivery: 'weak', strong: [each('replicate')], weak: [each('restart')] },

  /** Terms are bounded here: the last of them may end without a leader. */
  deadlock: false,

  models: {
    small: {
      faults: { crash: 0 },
      network: { capacity: 2 },
      expected: { result: 'ok', distinct: 2098, generated: 5779, depth: 19 },
    },
    'one-term': { expected: { result: 'ok', distinct: 917957, generated: 6205609, depth: 30 } },
    'loss-and-duplication': {
      faults: { crash: 1, loss: 1, duplication: 1 },
      expected: { result: 'ok', distinct: 11910387, generated: 129196153, depth: 31 },
    },
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
    liveness: {
      constants: { judgeBehaviours: true },
      faults: { crash: 0 },
      network: { capacity: 2 },
      expected: { result: 'ok', distinct: 2098, generated: 5779, depth: 19 },
    },
    'liveness-two-terms': {
      constants: { maxTerm: 2, judgeBehaviours: true },
      faults: { crash: 0 },
      network: { capacity: 2 },
      expected: { result: 'ok', distinct: 16600, generated: 43765, depth: 34 },
    },
    'liveness-after-a-crash': {
      constants: { judgeBehaviours: true },
      network: { capacity: 2 },
      expected: { result: 'ok', distinct: 11462, generated: 35485, depth: 21 },
    },
  },

  mutants: {
    'a candidate waits for the votes of all': {
      model: 'liveness-two-terms',
      on: {
        vote(me, m, { self, servers, history }) {
          if (countVote(me, m, servers, (has) => servers.every(has))) lead(me, self, servers, history);
        },
      },
      breaks: 'whoCanWinIsElected',
      steps: 11,
    },
    'a leader does not look further back where logs differ': {
      model: 'liveness-two-terms',
      on: {
        appended(me, m, { self, servers, history }) {
          if (m.matches < 0) observe(me, m.term, servers);
          else if (learn(me, m, servers)) commit(me, countCommitted(me, self, majorityOf(servers)), history);
        },
      },
      breaks: 'aLeaderThatStaysBringsAllUpToDate',
      steps: 26,
    },
    'a leader says nothing as long as it has nothing new': {
      model: 'liveness-two-terms',
      actions: {
        replicate(me, { self, servers, send, pick }) {
          const { to } = pick({ to: servers });
          const message = nextAppend(me, self, to);
          when(message.entries.length > 0);
          send(to, message);
        },
      },
      breaks: 'aLeaderThatStaysBringsAllUpToDate',
      steps: 14,
    },
    'a leader does not tell what is committed': {
      model: 'liveness',
      actions: {
        replicate(me, { self, servers, send, pick }) {
          const { to } = pick({ to: servers });
          const message = nextAppend(me, self, to);
          when(message.entries.length > 0 || me.matches[to]! < me.next[to]!);
          send(to, message);
        },
      },
      breaks: 'whatALeaderThatStaysHasIsCommitted',
      steps: 12,
    },
    'votes are not written to disk': { forgets: ['votedFor'], breaks: 'electionSafety', steps: 8 },
    'a server votes for everyone who asks': {
      on: {
        requestVote(me, m, { servers, reply }) {
          me.votedFor = null;
          reply(answer(me, m, servers));
        },
      },
      breaks: 'oneVotePerTerm',
      steps: 3,
    },
    'a follower believes a leader that knows less': {
      faults: { crash: 0 },
      network: { capacity: 2 },
      on: {
        append(me, m, { servers, history, reply }) {
          reply(accept(me, m, { servers, history }));
          if (m.term === me.term) me.committed = Math.min(m.committed, me.log.length);
        },
      },
      breaks: 'commitIndexGrows',
      steps: 13,
    },
    'a vote does not look at the log': {
      constants: { maxTerm: 2 },
      network: { capacity: 2 },
      on: {
        requestVote(me, m, { servers, reply }) {
          reply(answer(me, m, servers, () => true));
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
          if (!learn(me, m, servers)) return;
          commit(
            me,
            countCommitted(me, self, majorityOf(servers), () => true),
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
          reply(accept(me, m, { servers, history }, () => true));
        },
      },
      breaks: 'stateMachineSafety',
      steps: 18,
    },
    'a late message cuts the log': {
      constants: { maxTerm: 2, maxLog: 2 },
      faults: { crash: 0 },
      network: { capacity: 2 },
      on: {
        append(me, m, { servers, history, reply }) {
          const cutAndPut: typeof merge = (_, place, entries) => {
            me.log = [...me.log.slice(0, place), ...entries];
          };
          reply(accept(me, m, { servers, history }, continuesLog, cutAndPut));
        },
      },
      breaks: 'leaderCompleteness',
      steps: 19,
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
