/**
 * The bully algorithm: of the nodes that are there the highest leads, and one that comes back takes over.
 *
 * H. Garcia-Molina, *Elections in a Distributed Computing System* (1982), section 3. The paper assumes that an answer comes
 * within a known time or never: here a node finds out that another has failed where it has, and only there. Messages
 * may be late all the same, so an announcement of a node that has been bullied since is not believed.
 */
import { defineProtocol, each, messages, nodes, when } from 'bivalent';
import type { Draft, Outgoing, Status } from 'bivalent';

type Server = `n${number}`;
type Messages = { election: object; answer: object; leader: object };
type ServerState = {
  /** `null` where it holds an election. */
  leader: Server | null;
  /** The highest node that has answered, and whose announcement it waits for. */
  awaited: Server | null;
};
type Broadcast = (message: Outgoing<Messages>, to: Iterable<Server>) => void;

const higherThan = (self: Server, all: readonly Server[]): readonly Server[] => all.filter((other) => other > self);
const lowerThan = (self: Server, all: readonly Server[]): readonly Server[] => all.filter((other) => other < self);

/** Asks all higher nodes whether they are there. */
function hold(me: Draft<ServerState>, self: Server, all: readonly Server[], broadcast: Broadcast): void {
  me.leader = null;
  me.awaited = null;
  broadcast({ type: 'election' }, higherThan(self, all));
}

/** Those who are there. */
const upOf = (status: Readonly<Record<Server, Status>>, all: readonly Server[]): readonly Server[] =>
  all.filter((n) => status[n] === 'up');

export default defineProtocol({
  name: 'BullyElection',
  constants: { servers: nodes('n', 3) },
  nodes: ({ servers }) => servers,
  messages: messages<Messages>(),
  state: { volatile: ({ servers }): ServerState => ({ leader: servers.at(-1)!, awaited: null }) },
  network: { order: 'unordered', copies: 'set' },
  faults: { crash: 1 },

  actions: {
    /** Whoever finds that the leader has failed holds an election. */
    notice(me, { self, servers, hasFailed, broadcast }) {
      when(me.leader !== null && hasFailed(me.leader));
      hold(me, self, servers, broadcast);
    },

    /** No answer has come, and none will: there is no higher node. */
    win(me, { self, servers, hasFailed, broadcast }) {
      when(me.leader === null && me.awaited === null && higherThan(self, servers).every((other) => hasFailed(other)));
      me.leader = self;
      broadcast({ type: 'leader' }, lowerThan(self, servers));
    },

    /** Whoever answered has failed before it led. */
    askAgain(me, { self, servers, hasFailed, broadcast }) {
      when(me.awaited !== null && hasFailed(me.awaited));
      hold(me, self, servers, broadcast);
    },
  },

  on: {
    /** A lower node is told to stop, and this one holds an election of its own. */
    election(me, _, { self, servers, reply, broadcast }) {
      reply({ type: 'answer' });
      if (me.leader !== null) hold(me, self, servers, broadcast);
    },

    answer(me, { from }) {
      if (me.leader === null && (me.awaited === null || me.awaited < from)) me.awaited = from;
    },

    /** Announcements come from higher nodes; one of a node lower than the leader is late, unless that has failed. */
    leader(me, { from }, { hasFailed }) {
      if (me.leader !== null && me.leader > from && !hasFailed(me.leader)) return;
      me.leader = from;
      me.awaited = null;
    },
  },

  /** A node that comes back may be the highest, and does not know who leads. */
  recover(me, { self, servers, broadcast }) {
    hold(me, self, servers, broadcast);
  },

  invariants: {
    /** If it fails, two nodes lead, and each of them gives orders until something else happens. */
    leadersHearOfEachOther: ({ node, status, inbox }, { servers, forAll }) => {
      const { low, high } = forAll({ low: servers, high: servers });
      const isLeader = (n: Server): boolean => status[n] === 'up' && node[n]!.leader === n;
      return low >= high || !isLeader(low) || !isLeader(high) || inbox[low]!.leader.has({ from: high });
    },

    /** If it fails, nodes take orders from a leader that others do not know, though nothing is left that may tell them. */
    whenAllIsQuietTheHighestLeads: ({ node, status, inbox }, { servers }) => {
      const up = upOf(status, servers);
      const isQuiet = up.every((n) => {
        const { leader, election } = inbox[n]!;
        return leader.size + election.size === 0 && up.some((other) => other === node[n]!.leader);
      });
      return !isQuiet || up.every((n) => node[n]!.leader === up.at(-1));
    },
  },

  temporal: ({ eventuallyAlways }, { servers }) => ({
    /** If it fails, elections follow each other for ever, or somebody waits for ever for a leader. */
    inTheEndTheHighestLeads: eventuallyAlways(({ node, status }) => {
      const up = upOf(status, servers);
      return up.every((n) => node[n]!.leader === up.at(-1));
    }),
  }),
  /** A node that crashed need not come back. */
  fairness: { delivery: 'weak', weak: [each('notice'), each('win'), each('askAgain')] },

  /** Elections are over where all follow somebody who is there. */
  terminated: ({ node, status }, { servers }) => {
    const up = upOf(status, servers);
    return up.every((n) => up.some((other) => other === node[n]!.leader));
  },

  models: {
    small: { expected: { result: 'ok', distinct: 2281, generated: 9747, depth: 17 } },
    'two-stay-away': {
      faults: { crash: 0, crashForever: 2 },
      expected: { result: 'ok', distinct: 70, generated: 135, depth: 11 },
    },
    'three-crashes': {
      faults: { crash: 3 },
      expected: { result: 'ok', distinct: 52214, generated: 319476, depth: 23 },
    },
    four: { constants: { servers: 4 }, expected: { result: 'ok', distinct: 1255598, generated: 10277018, depth: 27 } },
    medium: {
      faults: { crash: 3, duplication: 1 },
      expected: { result: 'ok', distinct: 123746, generated: 978178, depth: 23 },
    },
    /** A leader that did nothing for a while passes for failed; when it goes on, it does not know. */
    'false-timeout': {
      faults: { crash: 0, pause: 1 },
      expected: { result: 'violation', breaks: 'leadersHearOfEachOther', steps: 4 },
    },
    /** Each side of a partition has a leader, and when it is over neither hears of the other. */
    partition: {
      faults: { crash: 0, partition: 1 },
      expected: { result: 'violation', breaks: 'leadersHearOfEachOther', steps: 3 },
    },
  },

  mutants: {
    'a node leads before an answer can have come': {
      actions: {
        win(me, { self, servers, broadcast }) {
          when(me.leader === null && me.awaited === null);
          me.leader = self;
          broadcast({ type: 'leader' }, lowerThan(self, servers));
        },
      },
      breaks: 'leadersHearOfEachOther',
      steps: 3,
    },
    'a node that comes back does not announce that it leads': {
      recover(me, { self, servers, hasFailed, broadcast }) {
        if (higherThan(self, servers).some((other) => !hasFailed(other))) hold(me, self, servers, broadcast);
        else me.leader = self;
      },
      breaks: 'leadersHearOfEachOther',
      steps: 4,
    },
    'a node that comes back takes up where it was': {
      recover: () => undefined,
      breaks: 'leadersHearOfEachOther',
      steps: 4,
    },
    'whoever announces itself is believed': {
      on: {
        leader(me, { from }) {
          me.leader = from;
          me.awaited = null;
        },
      },
      breaks: 'whenAllIsQuietTheHighestLeads',
      steps: 9,
    },
    'a node that was answered waits for ever': {
      model: 'two-stay-away',
      actions: { askAgain: () => when(false) },
      breaks: 'deadlock',
      steps: 5,
    },
    'a node that leads does not answer': {
      on: {
        election(me, _, { self, servers, reply, broadcast }) {
          if (me.leader === self) return;
          reply({ type: 'answer' });
          if (me.leader !== null) hold(me, self, servers, broadcast);
        },
      },
      breaks: 'deadlock',
      steps: 3,
    },
    'whoever hears of a leader asks whether it is there': {
      on: {
        leader(me, { from }, { hasFailed, reply }) {
          if (me.leader !== null && me.leader > from && !hasFailed(me.leader)) return;
          me.leader = from;
          me.awaited = null;
          reply({ type: 'election' });
        },
      },
      breaks: 'inTheEndTheHighestLeads',
      steps: 9,
    },
  },
});
