/**
 * The ABD register: a register that survives the crash of a minority, kept by replicas that never talk to each other.
 *
 * H. Attiya, A. Bar-Noy, D. Dolev, *Sharing Memory Robustly in Message-Passing Systems* (1995). One client writes, with a
 * higher tag each time; others read: they ask a majority, and before they return what has the highest tag they write it
 * back to a majority, so that nobody reads something older afterwards.
 */
import { defineProtocol, linearizable, messages, nodes, sequentialModels, when } from 'bivalent';
import type { Draft, ObservedOperation, Outgoing } from 'bivalent';

type Replica = `s${number}`;
type Writer = `w${number}`;
type Reader = `r${number}`;
type Client = Writer | Reader;

/** A value with the number of the write that it is of; 0 is before the first. */
type Tagged = { tag: number; value: number };
type Messages = {
  query: { operation: number };
  answer: { operation: number } & Tagged;
  store: { operation: number } & Tagged;
  stored: { operation: number };
};

type ClientState = {
  phase: 'idle' | 'query' | 'store';
  /** The number of its operation, by which late answers to an earlier one are known. */
  operation: number;
  /** Those who have answered in this phase. */
  answered: Set<Replica>;
  best: Tagged;
};
type History = { operations: ObservedOperation[]; events: number };

const initial: Tagged = { tag: 0, value: 0 };
const register = sequentialModels.register({ initial: 0 });
const isMajority = (some: { readonly size: number }, all: readonly unknown[]): boolean => some.size * 2 > all.length;

/** Begins an operation, as its client sees it. */
function invoke(
  history: Draft<History>,
  me: Draft<ClientState>,
  process: Client,
  f: string,
  input: number | null,
): void {
  const { operation } = me;
  when(me.phase === 'idle');
  history.operations.push({ process, f, input, output: null, invoked: history.events, returned: null });
  history.events += 1;
  me.operation = operation + 1;
}

/** Ends the operation of a client; it is the last that the client began. */
function respond(history: Draft<History>, me: Draft<ClientState>, process: Client, output: number): void {
  const index = history.operations.findLastIndex((operation) => operation.process === process);
  history.operations[index] = { ...history.operations[index]!, output, returned: history.events };
  history.events += 1;
  me.phase = 'idle';
  me.answered.clear();
  me.best = initial;
}

/** The second phase of a read and the only one of a write: "ensures that a majority has it". */
function store(me: Draft<ClientState>, broadcast: (message: Outgoing<Messages>) => void): void {
  me.phase = 'store';
  me.answered.clear();
  broadcast({ type: 'store', operation: me.operation, ...me.best });
}

export default defineProtocol({
  name: 'AbdRegister',
  constants: {
    replicas: nodes('s', 3, { symmetric: true }),
    writers: nodes('w', 1),
    readers: nodes('r', 1),
    writes: 1,
    reads: 2,
    /** Whether to ask what is promised of whole behaviours, too; not together with `--symmetry`, under which they are not judged. */
    judgeBehaviours: false,
  },
  nodes: ({ replicas }) => replicas,
  messages: messages<Messages>(),
  state: { durable: (): Tagged => initial },
  history: (): History => ({ operations: [], events: 0 }),
  network: { order: 'unordered', copies: 'set' },
  faults: { crashForever: 0 },

  clients: {
    names: ({ writers, readers }): readonly Client[] => [...writers, ...readers],
    state: (): ClientState => ({ phase: 'idle', operation: 0, answered: new Set<Replica>(), best: initial }),
    actions: {
      /** There is one writer, so the next tag is its own to choose. */
      write(me, { self, writers, writes, history, broadcast }) {
        when(writers.some((writer) => writer === self) && me.operation < writes);
        const value = me.operation + 1;
        invoke(history, me, self, 'write', value);
        me.best = { tag: value, value };
        store(me, broadcast);
      },

      read(me, { self, readers, reads, history, broadcast }) {
        when(readers.some((reader) => reader === self) && me.operation < reads);
        invoke(history, me, self, 'read', null);
        me.phase = 'query';
        broadcast({ type: 'query', operation: me.operation });
      },
    },
    on: {
      answer(me, { from, operation, tag, value }, { replicas, broadcast }) {
        when(me.phase === 'query' && operation === me.operation);
        me.answered.add(from as Replica);
        if (tag > me.best.tag) me.best = { tag, value };
        if (isMajority(me.answered, replicas)) store(me, broadcast);
      },

      stored(me, { from, operation }, { self, replicas, history }) {
        when(me.phase === 'store' && operation === me.operation);
        me.answered.add(from as Replica);
        if (isMajority(me.answered, replicas)) respond(history, me, self, me.best.value);
      },
    },
  },

  on: {
    query(me, { operation }, { reply }) {
      reply({ type: 'answer', operation, tag: me.tag, value: me.value });
    },

    /** A replica keeps what has the higher tag. */
    store(me, { operation, tag, value }, { reply }) {
      if (tag > me.tag) {
        me.tag = tag;
        me.value = value;
      }
      reply({ type: 'stored', operation });
    },
  },

  invariants: {
    /** If it fails, a client reads the old value after somebody has read the new one. */
    historyIsLinearizable: ({ history }) => linearizable(history.operations, register),
  },

  temporal: ({ and, leadsTo }, { clients, judgeBehaviours }) =>
    judgeBehaviours
      ? {
          /** If it fails, a client waits for ever for replicas that are not there, though a majority is. */
          everyOperationReturns: and(
            ...clients.map((c) =>
              leadsTo(
                ({ client }) => client[c]!.phase !== 'idle',
                ({ client }) => client[c]!.phase === 'idle',
              ),
            ),
          ),
        }
      : {},
  /** Every message to a replica that is there arrives. */
  fairness: { delivery: 'weak' },

  /** Nothing is left to do once every operation is answered; a minority that is away keeps none from that. */
  terminated: ({ client }, { clients }) => clients.every((c) => client[c]!.phase === 'idle'),

  models: {
    small: { constants: { replicas: 2 }, expected: { result: 'ok', distinct: 2317, generated: 5895, depth: 24 } },
    'one-read': { constants: { reads: 1 }, expected: { result: 'ok', distinct: 27798, generated: 109441, depth: 18 } },
    behaviours: {
      constants: { reads: 1, writes: 0, judgeBehaviours: true },
      faults: { crashForever: 1 },
      expected: { result: 'ok', distinct: 708, generated: 2000, depth: 13 },
    },
    medium: {
      constants: { reads: 1 },
      faults: { crashForever: 1 },
      expected: { result: 'ok', distinct: 111192, generated: 461749, depth: 19 },
    },
    'two-reads': { expected: { result: 'ok', distinct: 3764559, generated: 17555374, depth: 29 } },
  },

  mutants: {
    'a reader does not write back what it read': {
      clients: {
        on: {
          answer(me, { from, operation, tag, value }, { self, replicas, history }) {
            when(me.phase === 'query' && operation === me.operation);
            me.answered.add(from as Replica);
            if (tag > me.best.tag) me.best = { tag, value };
            if (isMajority(me.answered, replicas)) respond(history, me, self, me.best.value);
          },
        },
      },
      breaks: 'historyIsLinearizable',
      steps: 12,
    },
    'one replica is enough to store': {
      clients: {
        on: {
          stored(me, { from, operation }, { self, history }) {
            when(me.phase === 'store' && operation === me.operation);
            me.answered.add(from as Replica);
            respond(history, me, self, me.best.value);
          },
        },
      },
      breaks: 'historyIsLinearizable',
      steps: 10,
    },
    'a reader asks one replica only': {
      constants: { reads: 1 },
      clients: {
        on: {
          answer(me, { operation, tag, value }, { broadcast }) {
            when(me.phase === 'query' && operation === me.operation);
            me.best = { tag, value };
            store(me, broadcast);
          },
        },
      },
      breaks: 'historyIsLinearizable',
      steps: 12,
    },
    'a message may be under way for ever': {
      constants: { judgeBehaviours: true, reads: 0 },
      fairness: {},
      breaks: 'everyOperationReturns',
      steps: 1,
    },
    'a client waits for all replicas': {
      constants: { reads: 0 },
      faults: { crashForever: 1 },
      clients: {
        on: {
          stored(me, { from, operation }, { self, replicas, history }) {
            when(me.phase === 'store' && operation === me.operation);
            me.answered.add(from as Replica);
            if (me.answered.size === replicas.length) respond(history, me, self, me.best.value);
          },
        },
      },
      breaks: 'deadlock',
      steps: 6,
    },
  },
});
