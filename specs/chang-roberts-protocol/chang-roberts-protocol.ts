/**
 * Leader election on a one-way ring, as message passing: the greatest identity comes home, and tells the others.
 *
 * E. Chang and R. Roberts, *An improved algorithm for decentralized extrema-finding in circular configurations of processes*
 * (1979). Whoever notices that there is no leader sends its identity around; a process forwards greater ones than its own,
 * and swallows smaller ones. Messages are repeated and overtake each other; none is lost, and nobody crashes: a ring that is
 * broken elects nobody. `chang-roberts` is the same over sets of identities, up to the victory of the smallest.
 */
import { agreement, defineProtocol, messages, nodes, when } from 'bivalent';

type Process = `p${number}`;

/** The process after another on the ring. */
const successorOf = (process: Process, ring: readonly Process[]): Process =>
  ring[(ring.indexOf(process) + 1) % ring.length]!;

/** Identities are not in the order of the ring: the greatest is between smaller ones. */
const identityOf = (process: Process, ring: readonly Process[]): number => {
  const place = ring.indexOf(process);
  return place % 2 === 0 ? place + 1 : 2 * ring.length - place;
};

export default defineProtocol({
  name: 'ChangRobertsProtocol',
  constants: { ring: nodes('p', 3) },
  nodes: ({ ring }) => ring,
  messages: messages<{ candidate: { identity: number }; elected: { identity: number } }>(),
  state: {
    volatile: () => ({
      /** Whether this process has sent an identity on: a smaller one has no chance any more. */
      takesPart: false,
      leader: null as number | null,
    }),
  },
  network: { order: 'unordered', copies: 'set' },
  faults: { duplication: 1 },

  actions: {
    /** A process notices that there is no leader. */
    begin(me, { self, ring, send }) {
      when(!me.takesPart && me.leader === null);
      me.takesPart = true;
      send(successorOf(self, ring), { type: 'candidate', identity: identityOf(self, ring) });
    },
  },

  on: {
    /** A greater identity goes on; a smaller one is replaced by one's own; one's own has been everywhere. */
    candidate(me, { identity }, { self, ring, send }) {
      const own = identityOf(self, ring);
      const next = successorOf(self, ring);
      if (identity === own) {
        me.leader = own;
        send(next, { type: 'elected', identity });
      } else if (identity > own || !me.takesPart) {
        send(next, { type: 'candidate', identity: Math.max(identity, own) });
      }
      me.takesPart = true;
    },

    /** The leader is made known to all, until it hears of itself. */
    elected(me, { identity }, { self, ring, send }) {
      if (identity === identityOf(self, ring)) return;
      me.leader = identity;
      send(successorOf(self, ring), { type: 'elected', identity });
    },
  },

  invariants: {
    /** If it fails, two processes lead: each hands out the same numbers, or writes to the same disk. */
    allKnowOneLeader: ({ node }, { ring }) => agreement(ring.map((p) => node[p]!.leader)),

    /** If it fails, a process leads that the others do not expect to. */
    theLeaderIsTheGreatest: ({ node }, { ring, forAll }) => {
      const { p } = forAll({ p: ring });
      const { leader } = node[p]!;
      return leader === null || leader === Math.max(...ring.map((other) => identityOf(other, ring)));
    },
  },

  temporal: ({ eventually }, { ring }) => ({
    /** If it fails, whoever waits for a leader waits for ever. */
    allKnowALeader: eventually(({ node }) => ring.every((p) => node[p]!.leader !== null)),
  }),
  /** Somebody notices that there is no leader, if nobody else has begun. */
  fairness: { delivery: 'weak', weak: ['begin'] },

  /** All know the leader. */
  terminated: ({ node }, { ring }) => ring.every((p) => node[p]!.leader !== null),

  models: {
    small: { expected: { result: 'ok', distinct: 240, generated: 731, depth: 11 } },
    four: { constants: { ring: 4 }, expected: { result: 'ok', distinct: 773, generated: 2864, depth: 14 } },
    medium: { constants: { ring: 8 }, expected: { result: 'ok', distinct: 453909, generated: 3019058, depth: 34 } },
  },

  mutants: {
    'smaller identities are forwarded': {
      on: {
        candidate(me, { identity }, { self, ring, send }) {
          const own = identityOf(self, ring);
          const next = successorOf(self, ring);
          if (identity === own) {
            me.leader = own;
            send(next, { type: 'elected', identity });
          } else {
            send(next, { type: 'candidate', identity });
          }
          me.takesPart = true;
        },
      },
      breaks: 'theLeaderIsTheGreatest',
      steps: 4,
    },
    'whoever does not take part swallows smaller identities, too': {
      on: {
        candidate(me, { identity }, { self, ring, send }) {
          const own = identityOf(self, ring);
          const next = successorOf(self, ring);
          if (identity === own) {
            me.leader = own;
            send(next, { type: 'elected', identity });
          } else if (identity > own) {
            send(next, { type: 'candidate', identity });
          }
          me.takesPart = true;
        },
      },
      breaks: 'deadlock',
      steps: 3,
    },
    'the leader does not tell': {
      on: {
        candidate(me, { identity }, { self, ring, send }) {
          const own = identityOf(self, ring);
          if (identity === own) me.leader = own;
          else if (identity > own || !me.takesPart) {
            send(successorOf(self, ring), { type: 'candidate', identity: Math.max(identity, own) });
          }
          me.takesPart = true;
        },
      },
      breaks: 'deadlock',
      steps: 4,
    },
    'a process does not know its own identity when it comes home': {
      on: {
        candidate(me, { identity }, { self, ring, send }) {
          const own = identityOf(self, ring);
          if (identity >= own || !me.takesPart) {
            send(successorOf(self, ring), { type: 'candidate', identity: Math.max(identity, own) });
          }
          me.takesPart = true;
        },
      },
      breaks: 'allKnowALeader',
      steps: 6,
    },
  },
});
