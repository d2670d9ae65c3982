/**
 * Chandy and Lamport's snapshots: a picture of a running system that could have been, taken without stopping it.
 *
 * K. M. Chandy, L. Lamport, *Distributed Snapshots: Determining Global States of Distributed Systems* (1985); the quoted
 * lines are its rules. The system that is pictured moves money between accounts. Links that keep their order are an
 * assumption of the paper, and here a setting of the network.
 */
import { defineProtocol, mapOf, messages, nodes, when } from 'bivalent';
import type { Draft, Outgoing, View } from 'bivalent';

type Process = `p${number}`;
type Counts = Record<Process, number>;
type Messages = { money: { amount: number }; marker: object };

/** What one process remembers for the picture: its state, and for each link to it what was under way. */
type Recording = { balance: number; sent: Counts; received: Counts };
type Account = {
  balance: number;
  /** How many transfers it has made to, and had from, each other process. */
  sent: Counts;
  received: Counts;
  transfersLeft: number;
  recorded: Recording | null;
  /** Money that was under way on each link when the picture was taken. */
  underWay: Counts;
  /** Links of which the picture is complete. */
  closed: Set<Process>;
};

const sum = (numbers: readonly number[]): number => numbers.reduce((total, n) => total + n, 0);

/** "Records its state", and "sends one marker along c before p sends further messages along c". */
function record(me: Draft<Account>, broadcast: (message: Outgoing<Messages>) => void): void {
  me.recorded = { balance: me.balance, sent: { ...me.sent }, received: { ...me.received } };
  broadcast({ type: 'marker' });
}

/** Whether a process has its part of the picture. */
const isDone = (account: View<Account>, processes: readonly Process[]): boolean =>
  account.recorded !== null && account.closed.size === processes.length - 1;

export default defineProtocol({
  name: 'ChandyLamport',
  constants: { processes: nodes('p', 2), money: 1, transfers: 1 },
  nodes: ({ processes }) => processes,
  messages: messages<Messages>(),
  state: {
    volatile: ({ processes, money, transfers }): Account => ({
      balance: money,
      sent: mapOf(processes, () => 0),
      received: mapOf(processes, () => 0),
      transfersLeft: transfers,
      recorded: null,
      underWay: mapOf(processes, () => 0),
      closed: new Set<Process>(),
    }),
  },
  network: { order: 'fifo' },

  actions: {
    transfer(me, { self, processes, send, pick }) {
      const { to } = pick({ to: processes });
      when(to !== self && me.balance > 0 && me.transfersLeft > 0);
      me.balance -= 1;
      me.transfersLeft -= 1;
      me.sent[to]! += 1;
      send(to, { type: 'money', amount: 1 });
    },

    /** Any process begins, also several at once: "the algorithm can be initiated by one or more processes". */
    begin(me, { broadcast }) {
      when(me.recorded === null);
      record(me, broadcast);
    },
  },

  on: {
    money(me, { from, amount }) {
      me.balance += amount;
      me.received[from]! += 1;
      if (me.recorded !== null && !me.closed.has(from)) me.underWay[from]! += amount;
    },

    /** "If q has not recorded its state then q records its state; q records the state of c as the empty sequence." */
    marker(me, { from }, { broadcast }) {
      if (me.recorded === null) record(me, broadcast);
      me.closed.add(from);
    },
  },

  invariants: {
    /** If it fails, the picture shows an effect without its cause: money that arrived and was never sent. */
    theCutIsConsistent: ({ node }, { processes, forAll }) => {
      const { from, to } = forAll({ from: processes, to: processes });
      const [sender, receiver] = [node[from]!.recorded, node[to]!.recorded];
      return sender === null || receiver === null || receiver.received[from]! <= sender.sent[to]!;
    },

    /** If it fails, a backup that is restored from the picture has more money in it than there is, or less. */
    thePictureHasAllMoney: ({ node }, { processes, money }) => {
      if (!processes.every((p) => isDone(node[p]!, processes))) return true;
      const parts = processes.map((p) => node[p]!.recorded!.balance + sum(Object.values(node[p]!.underWay)));
      return sum(parts) === money * processes.length;
    },
  },

  temporal: ({ leadsTo }, { processes }) => ({
    /** If it fails, somebody waits for ever for a picture that was begun. */
    aPictureIsCompleted: leadsTo(
      ({ node }) => processes.some((p) => node[p]!.recorded !== null),
      ({ node }) => processes.every((p) => isDone(node[p]!, processes)),
    ),
  }),
  /** Every message arrives; nobody needs to begin a picture. */
  fairness: { delivery: 'weak' },

  /** The picture is complete, and nothing else is left to do. */
  terminated: ({ node }, { processes }) => processes.every((p) => isDone(node[p]!, processes)),

  models: {
    small: { expected: { result: 'ok', distinct: 141, generated: 279, depth: 9 } },
    'two-units': {
      constants: { money: 2, transfers: 2 },
      expected: { result: 'ok', distinct: 1136, generated: 2585, depth: 13 },
    },
    'three-processes': {
      constants: { processes: 3 },
      expected: { result: 'ok', distinct: 52913, generated: 219484, depth: 14 },
    },
    /** A link holds one message, and whoever would send another waits. */
    medium: {
      constants: { processes: 3, transfers: 2 },
      network: { capacity: 1, per: 'link' },
      expected: { result: 'ok', distinct: 422570, generated: 1550443, depth: 20 },
    },
    'two-transfers': {
      constants: { processes: 3, transfers: 2 },
      expected: { result: 'ok', distinct: 1265338, generated: 5607568, depth: 20 },
    },
  },

  mutants: {
    'messages overtake each other': { network: { order: 'unordered' }, breaks: 'thePictureHasAllMoney', steps: 4 },
    'money is recorded as under way after the marker': {
      on: {
        money(me, { from, amount }) {
          me.balance += amount;
          me.received[from]! += 1;
          if (me.recorded !== null) me.underWay[from]! += amount;
        },
      },
      breaks: 'thePictureHasAllMoney',
      steps: 5,
    },
    'a marker does not make its receiver record': {
      on: {
        marker(me, { from }) {
          me.closed.add(from);
        },
      },
      breaks: 'theCutIsConsistent',
      steps: 5,
    },
    'a message may be under way for ever': {
      fairness: {},
      breaks: 'aPictureIsCompleted',
      steps: 1,
    },
  },
});
