/**
 * Leader election on a one-way ring: every candidate sends its identity around, and the smallest survives.
 *
 * Renders E. Chang and R. Roberts, *An improved algorithm for decentralized extrema-finding in circular configurations of
 * processes* (1979), after `ChangRoberts.tla` of the TLA+ examples. Any set of nodes may start the election; the identity
 * of a node is its place in the ring.
 */
import { defineSpec, each, mapOf, nodes, subsets, when } from 'bivalent';

type Node = `n${number}`;
type Ring = readonly Node[];
type NodeState = { started: boolean; initiator: boolean; state: 'candidate' | 'lost' | 'won' };
type State = { node: Record<Node, NodeState>; inbox: Record<Node, Set<number>> };

const identityOf = (ring: Ring, n: Node): number => ring.indexOf(n) + 1;
const successorOf = (ring: Ring, n: Node): Node => ring[(ring.indexOf(n) + 1) % ring.length]!;

export default defineSpec({
  name: 'ChangRoberts',
  constants: { Node: nodes('n', 3) },
  init: ({ Node, pick }): State => {
    const { initiators } = pick({ initiators: subsets(Node) });
    const nodeState = (n: Node): NodeState => {
      const initiator = initiators.includes(n);
      return { started: false, initiator, state: initiator ? 'candidate' : 'lost' };
    };
    return { node: mapOf(Node, nodeState), inbox: mapOf(Node, () => new Set<number>()) };
  },

  actions: {
    /** n0: "Initiators send their own ID to their neighbor." */
    start(s, { Node, pick }) {
      const { n } = pick({ n: Node });
      const self = s.node[n]!;
      when(!self.started);
      self.started = true;
      if (self.initiator) s.inbox[successorOf(Node, n)]!.add(identityOf(Node, n));
    },

    /** n1: forward what comes, if it is smaller or one has lost; swallow what is larger; one's own identity means victory. */
    receive(s, { Node, pick }) {
      const { n } = pick({ n: Node });
      const self = s.node[n]!;
      when(self.started);
      const { id } = pick({ id: s.inbox[n]! });
      s.inbox[n]!.delete(id);
      if (self.state === 'lost') {
        s.inbox[successorOf(Node, n)]!.add(id);
      } else if (id < identityOf(Node, n)) {
        self.state = 'lost';
        s.inbox[successorOf(Node, n)]!.add(id);
      } else if (id === identityOf(Node, n)) {
        self.state = 'won';
      }
    },
  },

  invariants: {
    /** If it fails, two nodes lead: each hands out the same numbers, or writes to the same disk. */
    atMostOneLeader: (s, { Node, forAll }) => {
      const { a, b } = forAll({ a: Node, b: Node });
      return a === b || !(s.node[a]!.state === 'won' && s.node[b]!.state === 'won');
    },

    /** If it fails, a node leads that the others do not expect to. */
    leaderIsTheSmallestCandidate: (s, { Node, forAll }) => {
      const { leader, other } = forAll({ leader: Node, other: Node });
      if (s.node[leader]!.state !== 'won') return true;
      if (!s.node[leader]!.initiator) return false;
      return !s.node[other]!.initiator || identityOf(Node, leader) <= identityOf(Node, other);
    },

    /** If it fails, somebody still hopes to be elected after the election. */
    othersKnowThatTheyLost: (s, { Node, forAll }) => {
      const { leader, other } = forAll({ leader: Node, other: Node });
      return leader === other || s.node[leader]!.state !== 'won' || s.node[other]!.state === 'lost';
    },
  },

  temporal: ({ eventually }, { Node }) => ({
    /** If it fails, whoever waits for a leader waits for ever. */
    somebodyWins: eventually(
      (s) => Node.some((n) => s.node[n]!.state === 'won') || Node.every((n) => !s.node[n]!.initiator),
    ),
  }),
  fairness: { weak: [each('start', 'n'), each('receive', 'n')] },

  /** No message is under way, and there is a leader unless nobody wanted one. */
  terminated: (s, { Node }) =>
    Node.every((n) => s.inbox[n]!.size === 0) &&
    (Node.some((n) => s.node[n]!.state === 'won') || Node.every((n) => !s.node[n]!.initiator)),

  models: {
    small: { expected: { result: 'ok', distinct: 137, generated: 227, depth: 10 } },
    medium: { constants: { Node: 7 }, expected: { result: 'ok', distinct: 333161, generated: 1385875, depth: 36 } },
  },

  mutants: {
    'a candidate forwards larger identities': {
      actions: {
        receive(s, { Node, pick }) {
          const { n } = pick({ n: Node });
          const self = s.node[n]!;
          when(self.started);
          const { id } = pick({ id: s.inbox[n]! });
          s.inbox[n]!.delete(id);
          if (id === identityOf(Node, n)) {
            self.state = 'won';
          } else {
            if (id < identityOf(Node, n)) self.state = 'lost';
            s.inbox[successorOf(Node, n)]!.add(id);
          }
        },
      },
      breaks: 'leaderIsTheSmallestCandidate',
      steps: 6,
    },
    'a node that has lost forwards nothing': {
      actions: {
        receive(s, { Node, pick }) {
          const { n } = pick({ n: Node });
          const self = s.node[n]!;
          when(self.started);
          const { id } = pick({ id: s.inbox[n]! });
          s.inbox[n]!.delete(id);
          if (id === identityOf(Node, n)) self.state = 'won';
        },
      },
      breaks: 'deadlock',
      steps: 4,
    },
    'a candidate does not know its own identity': {
      actions: {
        receive(s, { Node, pick }) {
          const { n } = pick({ n: Node });
          const self = s.node[n]!;
          when(self.started);
          const { id } = pick({ id: s.inbox[n]! });
          s.inbox[n]!.delete(id);
          if (self.state === 'candidate' && id > identityOf(Node, n)) return;
          if (id < identityOf(Node, n)) self.state = 'lost';
          s.inbox[successorOf(Node, n)]!.add(id);
        },
      },
      breaks: 'somebodyWins',
      steps: 6,
    },
  },
});
