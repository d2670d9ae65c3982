/**
 * A key–value store with put, get and delete, replicated by Raft: what its clients see is as if there were one store.
 *
 * D. Ongaro, *Consensus: Bridging Theory and Practice* (2014), chapter 6. Clients ask any server, and ask again until they are
 * answered; every command goes through the log, gets too. A command that is in the log twice takes effect once: servers
 * remember the last one of each client, with its answer (section 6.3). Elections and replication are those of `raft`.
 */
import { defineProtocol, each, equal, linearizable, mapOf, messages, nodes, sequentialModels, when } from 'bivalent';
import type { Draft, View } from 'bivalent';
import { answer, campaign, countVote, lead, voteRequestTo } from '../raft/election.ts';
import type { ElectionMessages } from '../raft/election.ts';
import { leaderOf } from '../raft/liveness.ts';
import { invoke, noOperations, respond } from '../raft/operations.ts';
import type { Operations } from '../raft/operations.ts';
import { majorityOf } from '../raft/quorum.ts';
import { accept, commit, countCommitted, learn, nextAppend } from '../raft/replication.ts';
import type { ReplicationMessages } from '../raft/replication.ts';
import { invariants, transitionInvariants } from '../raft/safety.ts';
import { blank, noHistory, started } from '../raft/server.ts';
import type { Durable, Entry, History, Server, ServerState, Volatile } from '../raft/server.ts';

type Client = `c${number}`;
type Command = { f: 'put' | 'get' | 'delete'; key: string; value: string | null };
/** A command, and which of a client's it is. */
type Request = { client: Client; number: number; command: Command };
type Answer = { number: number; output: string | null };
type CommandEntry = Entry & Request;

/** What the log has made of a server's store. */
type Store = {
  applied: number;
  held: Record<string, string | null>;
  /** The last command of each client, by number, and its answer. */
  sessions: Record<Client, Answer>;
};
type State = ServerState<CommandEntry> & Store;
type Constants = {
  readonly servers: readonly Server[];
  readonly callers: readonly Client[];
  readonly keys: readonly string[];
};

const store = sequentialModels.keyValue();

const empty = ({ callers, keys }: Constants): Store => ({
  applied: 0,
  held: mapOf(keys, () => null),
  sessions: mapOf(callers, () => ({ number: 0, output: null })),
});

/** What a command does to the store, and answers. */
function execute(me: Draft<Store>, { f, key, value }: View<Command>): string | null {
  if (f === 'get') return me.held[key]!;
  me.held[key] = f === 'put' ? value : null;
  return null;
}

/** Executes entries in order; whether a command is new is what mutants do not look at. */
function apply(
  me: Draft<State>,
  count: number,
  isNew = (entry: View<Request>): boolean => entry.number > me.sessions[entry.client]!.number,
): void {
  for (; me.applied < count; me.applied++) {
    const entry = me.log[me.applied]!;
    if (isNew(entry)) me.sessions[entry.client] = { number: entry.number, output: execute(me, entry.command) };
  }
}

/** Whether a leader has an entry of its own term, or a place for one: logs are bounded here, and others' entries wait for it. */
const hasRoom = ({ term, log }: View<State>, maxLog: number): boolean =>
  log.length < maxLog || log.some((entry) => entry.term === term);

export default defineProtocol({
  name: 'ReplicatedKv',
  constants: {
    servers: nodes('s', 3),
    /** Who may stand for election. */
    candidates: nodes('s', 3),
    callers: nodes('c', 2),
    keys: nodes('key', 1),
    calls: 1,
    maxTerm: 1,
    maxLog: 2,
    /** Whether to ask what is promised of whole behaviours, too. */
    judgeBehaviours: false,
  },
  nodes: ({ servers }) => servers,
  messages: messages<
    ElectionMessages & ReplicationMessages<CommandEntry> & { request: Omit<Request, 'client'>; answer: Answer }
  >(),
  state: {
    durable: (): Durable<CommandEntry> => blank(),
    volatile: (constants: Constants): Volatile & Store => ({ ...started(constants), ...empty(constants) }),
  },
  history: (): History<CommandEntry> & Operations => ({ ...noHistory(), ...noOperations() }),
  network: { order: 'unordered', copies: 'set', capacity: 1 },
  faults: { crash: 0, loss: 0 },

  clients: {
    names: ({ callers }) => callers,
    state: () => ({ number: 0, waitsFor: null as Command | null }),
    actions: {
      /** A client has one command at a time; what it puts is new. */
      call(me, { self, servers, keys, calls, history, send, pick }) {
        when(me.waitsFor === null && me.number < calls);
        const { f, key, to } = pick({ f: ['put', 'get', 'delete'] as const, key: keys, to: servers });
        const number = me.number + 1;
        const command = { f, key, value: f === 'put' ? `${number} of ${self}` : null };
        me.number = number;
        me.waitsFor = command;
        invoke(history, self, f, { key, value: command.value });
        send(to, { type: 'request', number, command });
      },

      /** "If the leader crashes after committing the log entry but before responding to the client, the client will retry." */
      callAgain(me, { servers, send, pick }) {
        when(me.waitsFor !== null);
        const { to } = pick({ to: servers });
        send(to, { type: 'request', number: me.number, command: me.waitsFor });
      },
    },
    on: {
      answer(me, { number, output }, { self, history }) {
        if (me.waitsFor === null || number !== me.number) return;
        me.waitsFor = null;
        respond(history, self, output);
      },
    },
  },

  actions: {
    timeout(me, { self, candidates, maxTerm }) {
      when(me.term < maxTerm && candidates.includes(self));
      campaign(me, self);
    },

    ask(me, { servers, send, pick }) {
      const { to } = pick({ to: servers });
      send(to, voteRequestTo(me, to));
    },

    replicate(me, { self, servers, send, pick }) {
      const { to } = pick({ to: servers });
      send(to, nextAppend(me, self, to));
    },

    /** "Respond after entry applied to state machine"; again and again, as the answer may be lost. */
    tell(me, { callers, send, pick }) {
      when(me.role === 'leader');
      const { client } = pick({ client: callers });
      when(me.sessions[client]!.number > 0);
      send(client, { type: 'answer', ...me.sessions[client]! });
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
      apply(me, me.committed);
    },

    appended(me, m, { self, servers, history }) {
      if (!learn(me, m, servers)) return;
      commit(me, countCommitted(me, self, majorityOf(servers)), history);
      apply(me, me.committed);
    },

    /** Only a leader takes commands; others let the client try elsewhere. */
    request(me, { from, number, command }, { maxLog }) {
      if (me.role !== 'leader' || me.log.length >= maxLog) return;
      me.log.push({ term: me.term, client: from as Client, number, command });
    },
  },

  invariants: {
    ...invariants,

    /** If it fails, the store does something that one store on one machine could not: its users reason wrongly. */
    historyIsLinearizable: ({ history }) => linearizable(history.operations, store),

    /** If it fails, servers that have executed equally much disagree: which answer a client gets depends on who leads. */
    storesAgree: ({ node }, { servers, forAll }) => {
      const { a, b } = forAll({ a: servers, b: servers });
      const [one, other] = [node[a]!, node[b]!];
      return (
        a >= b || one.applied !== other.applied || (equal(one.held, other.held) && equal(one.sessions, other.sessions))
      );
    },
  },
  transitionInvariants,

  temporal: ({ eventuallyAlways, implies, infinitelyOften }, { servers, callers, maxLog, judgeBehaviours }) => {
    if (!judgeBehaviours) return {};
    return {
      /** If it fails, a client asks for ever, and is not answered. */
      whoAsksALeaderThatStaysIsAnswered: implies(
        eventuallyAlways((s) => {
          const leader = leaderOf(s, servers);
          return leader !== undefined && hasRoom(s.node[leader]!, maxLog);
        }),
        infinitelyOften((s) => callers.every((client) => s.client[client]!.waitsFor === null)),
      ),
    };
  },

  /** Messages arrive, what there is to send is sent whenever the network has room, and who crashed comes back. */
  fairness: {
    delivery: 'weak',
    strong: [each('ask'), each('replicate'), each('callAgain'), each('tell')],
    weak: [each('restart')],
  },

  /** Terms and logs are bounded here: a client may wait for ever. */
  deadlock: false,

  models: {
    small: {
      constants: { servers: 2, candidates: 1, callers: 1, calls: 2 },
      expected: { result: 'ok', distinct: 788, generated: 1851, depth: 23 },
    },
    'small-faults': {
      constants: { servers: 2, candidates: 1, callers: 1 },
      faults: { crash: 1, loss: 1 },
      expected: { result: 'ok', distinct: 2590, generated: 7368, depth: 23 },
    },
    medium: {
      constants: { candidates: 1 },
      expected: { result: 'ok', distinct: 124544, generated: 302848, depth: 31 },
    },
    reordering: {
      constants: { candidates: 1, callers: 1, calls: 2 },
      network: { capacity: 2 },
      faults: { loss: 1, duplication: 1 },
      expected: { result: 'ok', distinct: 2177291, generated: 10378547, depth: 34 },
    },
    'two-terms': {
      constants: { candidates: 2, callers: 1, calls: 2, maxTerm: 2 },
      expected: { result: 'ok', distinct: 416359, generated: 1015521, depth: 40 },
    },
    'three-candidates': { expected: { result: 'ok', distinct: 780116, generated: 1952155, depth: 32 } },
    liveness: {
      constants: { servers: 2, candidates: 1, callers: 1, judgeBehaviours: true },
      faults: { loss: 1 },
      expected: { result: 'ok', distinct: 521, generated: 1314, depth: 21 },
    },
    'liveness-after-a-crash': {
      constants: { servers: 2, callers: 1, maxTerm: 2, judgeBehaviours: true },
      faults: { crash: 1 },
      expected: { result: 'ok', distinct: 21146, generated: 52703, depth: 31 },
    },
  },

  mutants: {
    'a command that was executed is answered once': {
      model: 'liveness',
      actions: {
        tell() {
          when(false);
        },
      },
      on: {
        appended(me, m, { self, servers, callers, history, send }) {
          if (!learn(me, m, servers)) return;
          const answered = callers.map((client) => me.sessions[client]!.number);
          commit(me, countCommitted(me, self, majorityOf(servers)), history);
          apply(me, me.committed);
          for (const [i, client] of callers.entries()) {
            const last = me.sessions[client]!;
            if (last.number > answered[i]!) send(client, { type: 'answer', ...last });
          }
        },
      },
      breaks: 'whoAsksALeaderThatStaysIsAnswered',
      steps: 27,
    },
    'a client asks again only the server that it knows': {
      model: 'liveness',
      clients: {
        actions: {
          callAgain(me, { servers, send }) {
            when(me.waitsFor !== null);
            send(servers.at(-1)!, { type: 'request', number: me.number, command: me.waitsFor });
          },
        },
      },
      breaks: 'whoAsksALeaderThatStaysIsAnswered',
      steps: 8,
    },
    'a command that was asked twice takes effect twice': {
      constants: { servers: 2, candidates: 1, callers: 1, calls: 3, maxLog: 4 },
      network: { capacity: 2 },
      on: {
        append(me, m, { servers, history, reply }) {
          reply(accept(me, m, { servers, history }));
          apply(me, me.committed, () => true);
        },
        appended(me, m, { self, servers, history }) {
          if (!learn(me, m, servers)) return;
          commit(me, countCommitted(me, self, majorityOf(servers)), history);
          apply(me, me.committed, () => true);
        },
      },
      breaks: 'historyIsLinearizable',
      steps: 30,
    },
    'a server answers a get from its own store': {
      constants: { candidates: 1, callers: 1, calls: 2 },
      on: {
        request(me, { from, number, command }, { maxLog, reply }) {
          if (command.f === 'get') return reply({ type: 'answer', number, output: me.held[command.key]! });
          if (me.role !== 'leader' || me.log.length >= maxLog) return;
          me.log.push({ term: me.term, client: from as Client, number, command });
        },
      },
      breaks: 'historyIsLinearizable',
      steps: 14,
    },
    'a leader answers a put before it is committed': {
      constants: { candidates: 2, callers: 1, calls: 2, maxTerm: 2 },
      on: {
        request(me, { from, number, command }, { maxLog, reply }) {
          if (me.role !== 'leader' || me.log.length >= maxLog) return;
          me.log.push({ term: me.term, client: from as Client, number, command });
          if (command.f === 'put') reply({ type: 'answer', number, output: null });
        },
      },
      breaks: 'historyIsLinearizable',
      steps: 18,
    },
    'a leader executes a command before it is committed': {
      constants: { candidates: 2, callers: 1, calls: 2, maxTerm: 2 },
      on: {
        request(me, { from, number, command }, { maxLog }) {
          if (me.role !== 'leader' || me.log.length >= maxLog) return;
          me.log.push({ term: me.term, client: from as Client, number, command });
          apply(me, me.log.length);
        },
      },
      breaks: 'storesAgree',
      steps: 14,
    },
    'the log is not written to disk': {
      constants: { candidates: 2, callers: 1, calls: 2, maxTerm: 2 },
      faults: { crash: 1 },
      forgets: ['log'],
      breaks: 'leaderCompleteness',
      steps: 15,
    },
  },
});
