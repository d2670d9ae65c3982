/**
 * Raft with reads that do not go through the log: by ReadIndex, or under a lease that clocks decide.
 *
 * D. Ongaro, *Consensus: Bridging Theory and Practice* (2014), section 6.4. Elections and replication are those of `raft`.
 * What is replicated is a register: an entry writes the name of its term and place. Under a lease, servers that lately heard
 * from a leader do not vote for another (section 4.2.3), and a leader counts on that, less a margin for the error of clocks.
 */
import { defineProtocol, each, linearizable, messages, nodes, oneOf, sequentialModels, when } from 'bivalent';
import type { Draft, View } from 'bivalent';
import { answer, campaign, countVote, lead, voteRequestTo } from '../raft/election.ts';
import type { ElectionMessages } from '../raft/election.ts';
import { leaderOf } from '../raft/liveness.ts';
import { invoke, noOperations, respond } from '../raft/operations.ts';
import type { Operations } from '../raft/operations.ts';
import { majorityOf } from '../raft/quorum.ts';
import { confirm, confirmed, heartbeat, isConfirmed, isLoyal, unread } from '../raft/reads.ts';
import type { Reading, ReadingState, ReadMessages } from '../raft/reads.ts';
import { accept, commit, countCommitted, hasCommitted, learn, nextAppend } from '../raft/replication.ts';
import type { ReplicationMessages } from '../raft/replication.ts';
import { invariants, transitionInvariants } from '../raft/safety.ts';
import { blank, noHistory, started } from '../raft/server.ts';
import type { Durable, History, Server, Volatile } from '../raft/server.ts';

type State = Draft<ReadingState>;

const register = sequentialModels.register({ initial: 'nothing' });

/** What an entry writes. */
const written = (me: View<ReadingState>, place: number): string => `entry ${place} of term ${me.log[place]!.term}`;

/** What the register holds, as far as a server knows. */
const held = (me: View<ReadingState>): string => (me.committed === 0 ? 'nothing' : written(me, me.committed - 1));

/** The client of a read that a leader has open. */
const reader = (me: View<ReadingState>, self: Server): string => `read ${me.reads} of ${self} in term ${me.term}`;

/** Begins a read; that the leader knows enough is what a mutant leaves out. */
function begin(me: State, self: Server, history: Draft<Operations>): void {
  when(me.role === 'leader' && !me.isReading);
  me.reads += 1;
  me.isReading = true;
  invoke(history, reader(me, self), 'read');
}

/** Answers the open read from the leader's own state. */
function end(me: State, self: Server, history: Draft<Operations>): void {
  respond(history, reader(me, self), held(me));
  me.isReading = false;
}

/** Commits, and answers the writes of this leader that are now committed. */
function commitWrites(me: State, count: number, history: Draft<History & Operations>): void {
  const first = me.committed;
  commit(me, count, history);
  for (let place = first; place < me.committed; place++) {
    if (me.log[place]!.term === me.term) respond(history, written(me, place));
  }
}

export default defineProtocol({
  name: 'RaftReads',
  constants: {
    servers: nodes('s', 3),
    /** Who may stand for election. */
    candidates: nodes('s', 3),
    reads: oneOf('index', 'lease'),
    maxElections: 2,
    maxLog: 2,
    maxReads: 1,
    /** Under a lease: how long servers stay with a leader, and what leaders take off for clocks that are wrong. */
    patience: 2,
    margin: 1,
    until: 0,
    /** Whether to ask what is promised of whole behaviours, too. Elections and reads are then bounded by what servers do. */
    judgeBehaviours: false,
  },
  nodes: ({ servers }) => servers,
  messages: messages<ElectionMessages & ReplicationMessages & ReadMessages>(),
  state: {
    durable: (): Durable => blank(),
    volatile: (constants: { readonly servers: readonly Server[] }): Volatile & Reading => ({
      ...started(constants),
      ...unread(constants),
      heard: null,
    }),
  },
  history: (): History & Operations & { elections: number } => ({ ...noHistory(), ...noOperations(), elections: 0 }),
  network: { order: 'unordered', copies: 'set', capacity: 1 },
  faults: { crash: 0, drift: 0 },
  clocks: ({ until }) => ({ until, skew: 1 }),

  actions: {
    timeout(me, { self, candidates, patience, maxElections, judgeBehaviours, now, history }) {
      when(candidates.includes(self) && !isLoyal(me, now(), patience));
      when(!judgeBehaviours || history.elections < maxElections);
      campaign(me, self);
      history.elections += 1;
    },

    ask(me, { servers, send, pick }) {
      const { to } = pick({ to: servers });
      send(to, voteRequestTo(me, to));
    },

    write(me, { maxLog, history }) {
      when(me.role === 'leader' && me.log.length < maxLog);
      me.log.push({ term: me.term });
      const place = me.log.length - 1;
      invoke(history, written(me, place), 'write', written(me, place));
    },

    replicate(me, { self, servers, send, pick }) {
      const { to } = pick({ to: servers });
      send(to, nextAppend(me, self, to));
    },

    /** ReadIndex: the read is answered once a majority has confirmed a heartbeat that was sent after it began. */
    beginRead(me, { self, reads, maxReads, judgeBehaviours, history }) {
      when(reads === 'index' && hasCommitted(me));
      when(!judgeBehaviours || me.reads < maxReads);
      begin(me, self, history);
    },

    /** A majority has confirmed a heartbeat of so short ago that nobody else can have been elected since. */
    readUnderLease(me, { self, servers, reads, patience, margin, now, history }) {
      when(reads === 'lease' && hasCommitted(me));
      when(isConfirmed(me, self, majorityOf(servers), (stamp) => now() < stamp + patience - margin));
      begin(me, self, history);
      end(me, self, history);
    },

    askToConfirm(me, { self, servers, reads, now, send, pick }) {
      when(reads === 'lease' ? hasCommitted(me) : me.isReading);
      const { to } = pick({ to: servers });
      send(to, heartbeat(me, self, to, reads === 'lease' ? now() : me.reads));
    },
  },

  on: {
    /**
     * "If a server receives a RequestVote request within the minimum election timeout of hearing from a current leader, it
     * does not update its term or grant its vote."
     */
    requestVote(me, m, { servers, patience, now, reply }) {
      if (!isLoyal(me, now(), patience)) reply(answer(me, m, servers));
    },

    vote(me, m, { self, servers, history }) {
      if (!countVote(me, m, servers, majorityOf(servers))) return;
      lead(me, self, servers, history);
      Object.assign(me, unread({ servers }));
    },

    append(me, m, { servers, history, reply }) {
      reply(accept(me, m, { servers, history }));
    },

    appended(me, m, { self, servers, history }) {
      if (learn(me, m, servers)) commitWrites(me, countCommitted(me, self, majorityOf(servers)), history);
    },

    confirm(me, m, { servers, reads, now, reply }) {
      reply(confirm(me, m, { servers }));
      if (reads === 'lease' && m.term === me.term) me.heard = now();
    },

    confirmed(me, m, { self, servers, history }) {
      confirmed(me, m, { servers });
      const isEnough = (stamp: number): boolean => stamp >= me.reads;
      if (me.role === 'leader' && me.isReading && isConfirmed(me, self, majorityOf(servers), isEnough)) {
        end(me, self, history);
      }
    },
  },

  /** It may have heard from a leader just before the crash. */
  recover(me, { reads, now }) {
    if (reads === 'lease') me.heard = now();
  },

  invariants: {
    ...invariants,

    /** If it fails, a client reads what was overwritten before it asked: a lock that is free, money that is spent. */
    readsAreLinearizable: ({ history }) => linearizable(history.operations, register),
  },
  transitionInvariants,

  temporal: ({ eventuallyAlways, implies, infinitelyOften }, { servers, judgeBehaviours }) => {
    if (!judgeBehaviours) return {};
    return {
      /** If it fails, a client waits for ever for an answer that its leader has. */
      aLeaderThatStaysAnswersReads: implies(
        eventuallyAlways((s) => leaderOf(s, servers) !== undefined),
        infinitelyOften((s) =>
          servers.every((server) => s.node[server]!.role !== 'leader' || !s.node[server]!.isReading),
        ),
      ),
    };
  },

  /** Messages arrive, what there is to send is sent whenever the network has room, and who crashed comes back. */
  fairness: {
    delivery: 'weak',
    strong: [each('ask'), each('replicate'), each('askToConfirm')],
    weak: [each('restart')],
  },

  /** Elections and reads are few; the last election may end without a leader. */
  constraint: ({ history }, { maxElections, maxReads }) =>
    history.elections <= maxElections &&
    history.operations.filter((operation) => operation.f === 'read').length <= maxReads,
  deadlock: false,

  models: {
    small: {
      constants: { maxElections: 1, maxLog: 1 },
      expected: { result: 'ok', distinct: 964, generated: 4165, depth: 20 },
    },
    'small-lease': {
      constants: { reads: 'lease', servers: 2, candidates: 1, maxElections: 1, maxLog: 1, until: 2 },
      faults: { drift: 1 },
      expected: { result: 'ok', distinct: 1172, generated: 2997, depth: 23 },
    },
    medium: { expected: { result: 'ok', distinct: 767140, generated: 3244021, depth: 38 } },
    reordering: {
      constants: { candidates: 2 },
      network: { capacity: 2 },
      expected: { result: 'ok', distinct: 9920667, generated: 42768195, depth: 49 },
    },
    lease: {
      constants: { reads: 'lease', candidates: 2, until: 1 },
      faults: { drift: 1 },
      expected: { result: 'ok', distinct: 8884224, generated: 27330045, depth: 46 },
    },
    liveness: {
      constants: { candidates: 1, maxElections: 1, maxLog: 1, judgeBehaviours: true },
      faults: { loss: 1 },
      expected: { result: 'ok', distinct: 1153, generated: 2520, depth: 23 },
    },
  },

  mutants: {
    'a leader asks for confirmation once': {
      model: 'liveness',
      constants: { servers: 2 },
      actions: {
        beginRead(me, { self, servers, maxReads, history, send }) {
          when(hasCommitted(me) && me.reads < maxReads);
          begin(me, self, history);
          for (const to of servers) if (to !== self) send(to, heartbeat(me, self, to, me.reads));
        },
        askToConfirm() {
          when(false);
        },
      },
      breaks: 'aLeaderThatStaysAnswersReads',
      steps: 15,
    },
    'a leader waits until a later read is confirmed': {
      model: 'liveness',
      faults: { loss: 0 },
      on: {
        confirmed(me, m, { self, servers, history }) {
          confirmed(me, m, { servers });
          const isEnough = (stamp: number): boolean => stamp > me.reads;
          if (me.role === 'leader' && me.isReading && isConfirmed(me, self, majorityOf(servers), isEnough)) {
            end(me, self, history);
          }
        },
      },
      breaks: 'aLeaderThatStaysAnswersReads',
      steps: 29,
    },
    'a leader answers without asking anybody': {
      constants: { candidates: 2 },
      actions: {
        beginRead(me, { self, history }) {
          when(hasCommitted(me));
          begin(me, self, history);
          end(me, self, history);
        },
      },
      breaks: 'readsAreLinearizable',
      steps: 20,
    },
    'a leader answers before it has committed anything in its term': {
      constants: { candidates: 2 },
      actions: {
        beginRead(me, { self, history }) {
          begin(me, self, history);
        },
      },
      breaks: 'readsAreLinearizable',
      steps: 16,
    },
    'a leader takes nothing off its lease for clocks that are wrong': {
      constants: { reads: 'lease', candidates: 2, patience: 1, margin: 0 },
      faults: { drift: 1 },
      breaks: 'readsAreLinearizable',
      steps: 24,
    },
    'a server votes although it has just heard from a leader': {
      constants: { reads: 'lease', candidates: 2 },
      on: {
        requestVote(me, m, { servers, reply }) {
          reply(answer(me, m, servers));
        },
      },
      breaks: 'readsAreLinearizable',
      steps: 23,
    },
    'a server that starts again votes at once': {
      constants: { reads: 'lease', candidates: 2 },
      faults: { crash: 1 },
      recover() {
        // Whom it heard from is forgotten.
      },
      breaks: 'readsAreLinearizable',
      steps: 25,
    },
  },
});
