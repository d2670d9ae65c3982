/**
 * Total-order broadcast by a sequencer: one process numbers all messages, and another takes over when it crashes.
 *
 * X. Défago, A. Schiper, P. Urbán, *Total Order Broadcast and Multicast Algorithms: Taxonomy and Survey* (2004), section 4.1,
 * for the fixed sequencer; B. Oki, B. Liskov, *Viewstamped Replication* (1988), for the failover. There is a sequencer in
 * each view. A message is delivered when a majority has stored it with its number; a new sequencer asks a majority, so it
 * learns of everything that may have been delivered. Anybody may suspect the sequencer, also wrongly. Links lose nothing.
 */
import { defineProtocol, each, messages, noCreation, nodes, noDuplication, totalOrderDelivery, when } from 'bivalent';
import type { Draft, Outgoing, View } from 'bivalent';

type Process = `p${number}`;
/** A message is known by its sender, and as its how-manieth. */
type Message = { sender: Process; number: number };
type Messages = {
  message: { number: number };
  order: { view: number; log: Message[]; delivered: number };
  stored: { view: number; length: number };
  deliver: { view: number; length: number };
  newView: { view: number };
  report: { view: number; log: Message[]; loggedIn: number };
};
/** What others have seen of a process: it is so even if the process has crashed since. */
type Seen = {
  /** How many messages it has broadcast. */
  sent: number;
  delivered: Message[];
};
type State = Seen & {
  /** What this process knows to be sent; the sequencer numbers it. */
  known: Set<Message>;
  view: number;
  role: 'sequencer' | 'follower' | 'candidate';
  /** All messages with their numbers, which are their positions. */
  log: Message[];
  /** The view of the sequencer that the log is from. */
  loggedIn: number;
  /** Of a sequencer: how much of its log each process has stored. */
  stored: Map<Process, number>;
  /** Of a candidate: the logs that it has been told. */
  reports: Map<Process, { log: Message[]; loggedIn: number }>;
};

const isMajority = (count: number, all: readonly unknown[]): boolean => count * 2 > all.length;

/** The sequencers take turns. */
const sequencerOf = (view: number, all: readonly Process[]): Process => all[view % all.length]!;

function follow(me: Draft<State>, view: number): void {
  me.view = view;
  me.role = 'follower';
  me.stored.clear();
  me.reports.clear();
}

type Broadcast = (message: Outgoing<Messages>) => void;

/** The others are to store the log of the sequencer, and hear how much of it is delivered: nobody else may know. */
function sendLog(me: Draft<State>, broadcast: Broadcast): void {
  broadcast({ type: 'order', view: me.view, log: me.log, delivered: me.delivered.length });
}

/** A new sequencer goes on from a log, and makes sure that the others have it. */
function beginView(me: Draft<State>, log: View<Message[]>, broadcast: Broadcast): void {
  me.role = 'sequencer';
  me.log = [...log];
  me.loggedIn = me.view;
  me.reports.clear();
  sendLog(me, broadcast);
}

/** Delivers the log up to a length. */
function deliverUpTo(me: Draft<State>, length: number): void {
  for (const message of me.log.slice(me.delivered.length, length)) me.delivered.push(message);
}

type Report = { readonly log: View<Message[]>; readonly loggedIn: number };

/** The report of the latest view, and of those the longest. */
const latest = (a: Report, b: Report): Report =>
  a.loggedIn > b.loggedIn || (a.loggedIn === b.loggedIn && a.log.length >= b.log.length) ? a : b;

export default defineProtocol({
  name: 'TotalOrderBroadcast',
  constants: { processes: nodes('p', 3), senders: nodes('p', 1), broadcasts: 1, views: 2 },
  nodes: ({ processes }) => processes,
  messages: messages<Messages>(),
  state: {
    durable: (): Seen => ({ sent: 0, delivered: [] }),
    volatile: ({ processes }, self): Omit<State, keyof Seen> => ({
      known: new Set<Message>(),
      view: 0,
      role: self === sequencerOf(0, processes) ? 'sequencer' : 'follower',
      log: [],
      loggedIn: 0,
      stored: new Map<Process, number>(),
      reports: new Map<Process, { log: Message[]; loggedIn: number }>(),
    }),
  },
  network: { order: 'fifo', toCrashed: 'lost' },
  faults: { crashForever: 1 },

  actions: {
    /** Everybody learns of a message: whoever is the sequencer later must know it. */
    speak(me, { self, senders, broadcasts, broadcast }) {
      when(senders.includes(self) && me.sent < broadcasts);
      me.sent += 1;
      me.known.add({ sender: self, number: me.sent });
      broadcast({ type: 'message', number: me.sent });
    },

    /** The sequencer gives the next number to a message that has none. */
    assign(me, { pick, broadcast }) {
      when(me.role === 'sequencer');
      const { message } = pick({ message: me.known });
      when(!me.log.some(({ sender, number }) => sender === message.sender && number === message.number));
      me.log.push(message);
      sendLog(me, broadcast);
    },

    /** A process believes, rightly or not, that the sequencer has crashed, and that it is its turn. */
    takeOver(me, { self, processes, views, pick, broadcast }) {
      const { view } = pick({ view: Array.from({ length: views }, (_, i) => i) });
      when(view > me.view && sequencerOf(view, processes) === self);
      follow(me, view);
      me.role = 'candidate';
      me.reports.set(self, { log: me.log, loggedIn: me.loggedIn });
      broadcast({ type: 'newView', view });
    },
  },

  on: {
    message(me, { from, number }) {
      me.known.add({ sender: from, number });
    },

    /** Who has moved to a view promises to store nothing in earlier ones; its log says what it has stored. */
    newView(me, { view }, { reply }) {
      if (view <= me.view) return;
      follow(me, view);
      reply({ type: 'report', view, log: me.log, loggedIn: me.loggedIn });
    },

    /** The log of the latest view, of a majority, has all that was ever delivered. */
    report(me, { from, view, log, loggedIn }, { processes, broadcast }) {
      if (view !== me.view || me.role !== 'candidate') return;
      me.reports.set(from, { log: [...log], loggedIn });
      if (!isMajority(me.reports.size, processes)) return;
      beginView(me, [...me.reports.values()].reduce(latest).log, broadcast);
    },

    /** A longer log of a sequencer contains its shorter ones; those of views that are over are refused. */
    order(me, { view, log, delivered }, { reply }) {
      if (view < me.view) return;
      if (view > me.view) follow(me, view);
      if (me.loggedIn < view || log.length > me.log.length) me.log = [...log];
      me.loggedIn = view;
      deliverUpTo(me, delivered);
      reply({ type: 'stored', view, length: me.log.length });
    },

    stored(me, { from, view, length }, { processes, broadcast }) {
      if (view !== me.view) return;
      me.stored.set(from, Math.max(me.stored.get(from) ?? 0, length));
      const holders = 1 + [...me.stored.values()].filter((stored) => stored >= length).length;
      if (!isMajority(holders, processes) || length <= me.delivered.length) return;
      deliverUpTo(me, length);
      broadcast({ type: 'deliver', view, length });
    },

    /** It may come before the messages that it is about. */
    deliver(me, { view, length }) {
      if (view < me.view) return;
      when(me.loggedIn === view && me.log.length >= length);
      deliverUpTo(me, length);
    },
  },

  invariants: {
    /** If it fails, replicas that apply what is delivered are not the same any more. */
    allDeliverInOneOrder: ({ node }, { processes, forAll }) => {
      const { p, q } = forAll({ p: processes, q: processes });
      return totalOrderDelivery([node[p]!.delivered, node[q]!.delivered]);
    },

    /** If it fails, an amount is paid twice. */
    nothingIsDeliveredTwice: ({ node }, { processes, forAll }) => {
      const { p } = forAll({ p: processes });
      return noDuplication(node[p]!.delivered);
    },

    /** If it fails, somebody acts on what nobody said. */
    whatIsDeliveredWasSent: ({ node }, { processes, forAll }) => {
      const { p, sender } = forAll({ p: processes, sender: processes });
      const sent = Array.from({ length: node[sender]!.sent }, (_, i) => ({ sender, number: i + 1 }));
      return noCreation(
        node[p]!.delivered.filter((message) => message.sender === sender),
        sent,
      );
    },
  },

  temporal: ({ infinitelyOften }, { processes, senders, views }) => ({
    /** If it fails, what was said is never delivered, though somebody is left who could give it a number. */
    whatIsSentIsDelivered: infinitelyOften(({ node, status }) => {
      const sent = senders.reduce((sum, sender) => sum + node[sender]!.sent, 0);
      return (
        processes.every((p) => status[p] !== 'up' || node[p]!.delivered.length === sent) ||
        status[sequencerOf(views - 1, processes)] === 'gone'
      );
    }),
  }),
  /** Who has to take over does so in the end, and every message to who is there arrives. */
  fairness: { delivery: 'weak', weak: [each('assign'), each('takeOver')] },

  /** All that run have delivered all; or the last sequencer has crashed, and the model has no further view. */
  terminated: ({ node, status }, { processes, senders, broadcasts, views }) => {
    const running = processes.filter((p) => status[p] === 'up');
    const all = senders.map((sender) => (status[sender] === 'up' ? broadcasts : node[sender]!.sent));
    const total = all.reduce((sum, sent) => sum + sent, 0);
    return (
      running.every((p) => node[p]!.delivered.length === total) || status[sequencerOf(views - 1, processes)] === 'gone'
    );
  },

  models: {
    small: { expected: { result: 'ok', distinct: 9999, generated: 28148, depth: 22 } },
    /** Where nothing may happen but what processes do: one that waits for ever is a deadlock. */
    'nobody-crashes': {
      faults: { crashForever: 0 },
      expected: { result: 'ok', distinct: 2073, generated: 6195, depth: 21 },
    },
    'messages-overtake': {
      network: { order: 'unordered', copies: 'set' },
      expected: { result: 'ok', distinct: 69460, generated: 357959, depth: 21 },
    },
    medium: { constants: { senders: 2 }, expected: { result: 'ok', distinct: 661744, generated: 2184413, depth: 36 } },
  },

  mutants: {
    'a new sequencer asks nobody': {
      constants: { senders: 2 },
      actions: {
        takeOver(me, { self, processes, views, pick, broadcast }) {
          const { view } = pick({ view: Array.from({ length: views }, (_, i) => i) });
          when(view > me.view && sequencerOf(view, processes) === self);
          follow(me, view);
          beginView(me, me.log, broadcast);
        },
      },
      breaks: 'allDeliverInOneOrder',
      steps: 13,
    },
    'a message is delivered as soon as it has a number': {
      constants: { senders: 2 },
      actions: {
        assign(me, { pick, broadcast }) {
          when(me.role === 'sequencer');
          const { message } = pick({ message: me.known });
          when(!me.log.some(({ sender, number }) => sender === message.sender && number === message.number));
          me.log.push(message);
          sendLog(me, broadcast);
          deliverUpTo(me, me.log.length);
        },
      },
      breaks: 'allDeliverInOneOrder',
      steps: 7,
    },
    'a process goes back to an earlier view': {
      constants: { senders: 2 },
      faults: { crashForever: 0 },
      on: {
        order(me, { view, log, delivered }, { reply }) {
          if (view !== me.view) follow(me, view);
          if (me.loggedIn !== view || log.length > me.log.length) me.log = [...log];
          me.loggedIn = view;
          deliverUpTo(me, delivered);
          reply({ type: 'stored', view, length: me.log.length });
        },
      },
      breaks: 'allDeliverInOneOrder',
      steps: 15,
    },
    'a new sequencer does not say what has been delivered': {
      on: {
        order(me, { view, log }, { reply }) {
          if (view < me.view) return;
          if (view > me.view) follow(me, view);
          if (me.loggedIn < view || log.length > me.log.length) me.log = [...log];
          me.loggedIn = view;
          reply({ type: 'stored', view, length: me.log.length });
        },
      },
      breaks: 'deadlock',
      steps: 15,
    },
    'a new sequencer takes the longest log': {
      constants: { senders: 2, views: 3 },
      faults: { crashForever: 0 },
      on: {
        report(me, { from, view, log, loggedIn }, { processes, broadcast }) {
          if (view !== me.view || me.role !== 'candidate') return;
          me.reports.set(from, { log: [...log], loggedIn });
          if (!isMajority(me.reports.size, processes)) return;
          const longest = [...me.reports.values()].reduce((a, b) => (a.log.length >= b.log.length ? a : b));
          beginView(me, longest.log, broadcast);
        },
      },
      breaks: 'allDeliverInOneOrder',
      steps: 19,
    },
    'a message that has a number gets another': {
      actions: {
        assign(me, { pick, broadcast }) {
          when(me.role === 'sequencer' && me.log.length < 2);
          const { message } = pick({ message: me.known });
          me.log.push(message);
          sendLog(me, broadcast);
        },
      },
      breaks: 'nothingIsDeliveredTwice',
      steps: 8,
    },
    'nobody needs to take over': {
      fairness: { delivery: 'weak', weak: [each('assign')] },
      breaks: 'whatIsSentIsDelivered',
      steps: 4,
    },
  },
});
