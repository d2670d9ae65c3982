/**
 * Leader election on a ring whose processes fail: a message collects who is there, and the highest of them leads.
 *
 * A. Tanenbaum, M. van Steen, *Distributed Systems* (2017), section 6.4, "A ring algorithm". A process that finds that the
 * leader has failed sends a list with its name to the next one that is there; when it comes back, the list has all who are.
 * The book assumes that a process learns when the next one has failed: then what was sent there is sent to the one after.
 */
import { countInFlight, defineProtocol, each, messages, nodes, when } from 'bivalent';
import type { Draft, Status } from 'bivalent';

type Process = `p${number}`;
type Messages = { election: { present: Process[] }; elected: { leader: Process; told: Process[] } };
type Message = { type: 'election'; present: Process[] } | { type: 'elected'; leader: Process; told: Process[] };
type State = {
  /** `null` where it knows of none. */
  leader: Process | null;
  /** What this process has sent on last, and to whom: it may have to send it again. */
  sent: { to: Process; message: Message } | null;
};
type Context = {
  readonly self: Process;
  readonly ring: readonly Process[];
  readonly hasFailed: (process: Process) => boolean;
  readonly send: (to: Process, message: Message) => void;
};

/** Sends a message to the next process that is there; one that is alone leads. */
function sendOn(me: Draft<State>, { self, ring, hasFailed, send }: Context, message: Message): void {
  const place = ring.indexOf(self);
  const to = [...ring.slice(place + 1), ...ring.slice(0, place)].find((other) => !hasFailed(other));
  if (to === undefined) {
    me.leader = self;
    me.sent = null;
    return;
  }
  me.sent = { to, message };
  send(to, message);
}

/** The last of those who are there leads. */
const highest = (present: readonly Process[], ring: readonly Process[]): Process =>
  ring.findLast((process) => present.includes(process))!;

/** A process follows a leader, and tells the next one; those before it have been told. */
function follow(me: Draft<State>, context: Context, leader: Process, told: readonly Process[]): void {
  me.leader = leader;
  sendOn(me, context, { type: 'elected', leader, told: [...told, context.self] });
}

/** A process joins an election, which others may have joined before; a leader who is there remains one. */
function join(me: Draft<State>, context: Context, present: readonly Process[]): void {
  if (me.leader !== null && context.hasFailed(me.leader)) me.leader = null;
  sendOn(me, context, { type: 'election', present: [...present, context.self] });
}

/** Those who are there. */
const upOf = (status: Readonly<Record<Process, Status>>, ring: readonly Process[]): readonly Process[] =>
  ring.filter((process) => status[process] === 'up');

export default defineProtocol({
  name: 'RingElection',
  constants: { ring: nodes('p', 3) },
  nodes: ({ ring }) => ring,
  messages: messages<Messages>(),
  state: { volatile: ({ ring }): State => ({ leader: ring.at(-1)!, sent: null }) },
  network: { order: 'unordered', copies: 'set', toCrashed: 'lost' },
  faults: { crashForever: 2, duplication: 1 },

  actions: {
    /** Several may do so at once: each list goes round. */
    notice(me, context) {
      when(me.leader !== null && context.hasFailed(me.leader));
      join(me, context, []);
    },

    /** The next process has failed, perhaps before it sent on what it got. */
    sendAgain(me, context) {
      when(me.sent !== null && context.hasFailed(me.sent.to));
      sendOn(me, context, me.sent.message);
    },
  },

  on: {
    /** A list with one's own name has been everywhere. */
    election(me, { present }, context) {
      const { self, ring } = context;
      if (present.includes(self)) follow(me, context, highest(present, ring), []);
      else join(me, context, present);
    },

    /** Everybody is told, once; some of them may know already, and others not. */
    elected(me, { leader, told }, context) {
      if (!told.includes(context.self)) follow(me, context, leader, told);
    },
  },

  invariants: {
    /** If it fails, two processes lead: each hands out the same numbers, or writes to the same disk. */
    atMostOneLeader: ({ node, status }, { ring }) =>
      upOf(status, ring).filter((process) => node[process]!.leader === process).length <= 1,

    /** If it fails, a process leads that the others do not expect to. */
    theLeaderIsTheHighest: ({ node, status }, { ring, forAll }) => {
      const { process } = forAll({ process: ring });
      if (status[process] !== 'up' || node[process]!.leader !== process) return true;
      return process === upOf(status, ring).at(-1);
    },

    /** If it fails, processes wait for a leader, or follow another one, though nothing is left that may tell them. */
    whenAllIsQuietAllFollowTheHighest: (state, { ring }) => {
      const { node, status } = state;
      const up = upOf(status, ring);
      const isUp = (process: Process): boolean => status[process] === 'up';
      const isQuiet = up.every((process) => {
        const { leader, sent } = node[process]!;
        const finds = (leader !== null && !isUp(leader)) || (sent !== null && !isUp(sent.to));
        return countInFlight(state, process) === 0 && !finds;
      });
      return !isQuiet || up.every((process) => node[process]!.leader === up.at(-1));
    },
  },

  temporal: ({ eventuallyAlways }, { ring }) => ({
    /** If it fails, elections follow each other for ever, or somebody waits for ever for a leader. */
    inTheEndTheHighestLeads: eventuallyAlways(({ node, status }) => {
      const up = upOf(status, ring);
      return up.every((process) => node[process]!.leader === up.at(-1));
    }),
  }),
  fairness: { delivery: 'weak', weak: [each('notice'), each('sendAgain')] },

  /** All follow one leader, who is there. */
  terminated: ({ node, status }, { ring }) => {
    const up = upOf(status, ring);
    return up.every((process) => node[process]!.leader === up.at(-1));
  },

  models: {
    small: { expected: { result: 'ok', distinct: 577, generated: 2237, depth: 13 } },
    medium: {
      constants: { ring: 4 },
      faults: { crashForever: 1, duplication: 2 },
      expected: { result: 'ok', distinct: 325534, generated: 1509245, depth: 26 },
    },
    'two-of-four-fail': {
      constants: { ring: 4 },
      faults: { duplication: 0 },
      expected: { result: 'ok', distinct: 2023473, generated: 13579193, depth: 47 },
    },
  },

  mutants: {
    'the first of the list leads': {
      on: {
        election(me, { present }, context) {
          if (present.includes(context.self)) follow(me, context, present[0]!, []);
          else join(me, context, present);
        },
      },
      breaks: 'theLeaderIsTheHighest',
      steps: 4,
    },
    'a process that sees a list leads if it is higher': {
      constants: { ring: 4 },
      on: {
        election(me, { present }, context) {
          const { self, ring } = context;
          if (present.includes(self) || highest([...present, self], ring) === self) follow(me, context, self, []);
          else join(me, context, present);
        },
      },
      breaks: 'theLeaderIsTheHighest',
      steps: 3,
    },
    'what a failed process got is not sent again': {
      actions: {
        sendAgain() {
          when(false);
        },
      },
      breaks: 'deadlock',
      steps: 3,
    },
    'a list makes whoever sees it forget its leader': {
      constants: { ring: 4 },
      on: {
        election(me, { present }, context) {
          const { self, ring } = context;
          if (present.includes(self)) return follow(me, context, highest(present, ring), []);
          me.leader = null;
          sendOn(me, context, { type: 'election', present: [...present, self] });
        },
      },
      breaks: 'whenAllIsQuietAllFollowTheHighest',
      steps: 11,
    },
    'whoever knows the leader tells nobody': {
      constants: { ring: 5 },
      faults: { duplication: 0 },
      on: {
        elected(me, { leader, told }, context) {
          if (me.leader !== leader) follow(me, context, leader, told);
        },
      },
      breaks: 'whenAllIsQuietAllFollowTheHighest',
      steps: 12,
    },
    'a process does not find its own name in a list': {
      on: {
        election(me, { present }, context) {
          join(
            me,
            context,
            present.filter((process) => process !== context.self),
          );
        },
      },
      breaks: 'inTheEndTheHighestLeads',
      steps: 7,
    },
  },
});
