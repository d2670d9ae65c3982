/**
 * Safra's termination detection on a ring: a token adds up the messages that nodes have sent and received.
 *
 * Renders EWD 998, *Shmuel Safra's version of termination detection* (Dijkstra 1987), after `EWD998Chan.tla` of the TLA+
 * examples, with one difference that no node can see: an inbox is a count of payload messages and perhaps the token,
 * as the original takes messages from anywhere in the sequence. Dijkstra's node 0 is `n1`.
 */
import { defineSpec, mapOf, nodes, oneOf, subsets, when } from 'bivalent';
import type { View } from 'bivalent';

import terminationDetection from '../termination-detection/termination-detection.ts';

type Node = `n${number}`;
type Color = 'white' | 'black';

type State = {
  node: Record<Node, { active: boolean; color: Color; counter: number; pending: number }>;
  token: { at: Node; q: number; color: Color };
};

const colorOf = (black: boolean): Color => (black ? 'black' : 'white');

/** The first node is passive and white, has a white token, and everything that was sent was received. */
function hasDetected(s: View<State>, first: Node): boolean {
  const self = s.node[first]!;
  const white = s.token.at === first && s.token.color === 'white' && self.color === 'white';
  return white && !self.active && self.pending === 0 && self.counter + s.token.q === 0;
}

const hasEnded = (s: View<State>, all: readonly Node[]): boolean =>
  all.every((n) => !s.node[n]!.active && s.node[n]!.pending === 0);

export default defineSpec({
  name: 'EWD998',
  constants: {
    Node: nodes('n', 3),
    /** Payload messages that may wait at a node, and be sent by a node beyond those it received: bounds of the check. */
    maxPending: 2,
    maxCounter: 3,
    /** Whether to look no further than these bounds, or not to send beyond them: only then are whole behaviours judged. */
    boundsAre: oneOf('looked within', 'kept'),
  },

  /** Rule 0: counters are 0 and no message is under way. The token may be anywhere, and is black. */
  init: ({ Node, pick }): State => {
    const { active, black, at } = pick({ active: subsets(Node), black: subsets(Node), at: Node });
    const node = mapOf(Node, (n) => ({
      active: active.includes(n),
      color: colorOf(black.includes(n)),
      counter: 0,
      pending: 0,
    }));
    return { node, token: { at, q: 0, color: colorOf(true) } };
  },

  actions: {
    /** Rules 1 and 6: node 0 starts a (new) round when the last was inconclusive, and whitens itself. */
    initiateProbe(s, { Node }) {
      const [first, last] = [Node[0]!, Node[Node.length - 1]!];
      when(s.token.at === first);
      const self = s.node[first]!;
      when(s.token.color === 'black' || self.color === 'black' || self.counter + s.token.q !== 0);
      s.token = { at: last, q: 0, color: 'white' };
      self.color = 'white';
    },

    /** Rules 2, 4 and 7: a passive node adds its counter to the token, blackens it if it is black, and whitens itself. */
    passToken(s, { Node, pick }) {
      const { n } = pick({ n: Node });
      const position = Node.indexOf(n);
      when(position > 0 && s.token.at === n);
      const self = s.node[n]!;
      when(!self.active);
      s.token.at = Node[position - 1]!;
      s.token.q += self.counter;
      if (self.color === 'black') s.token.color = 'black';
      self.color = 'white';
    },

    /** Rule 0: an active node sends a message, and counts it. */
    sendMessage(s, { Node, maxPending, maxCounter, boundsAre, pick }) {
      const { from, to } = pick({ from: Node, to: Node });
      when(from !== to && s.node[from]!.active);
      if (boundsAre === 'kept') when(s.node[from]!.counter < maxCounter && s.node[to]!.pending < maxPending);
      s.node[from]!.counter += 1;
      s.node[to]!.pending += 1;
    },

    /** Rules 0 and 3: a node receives a message, counts it, blackens itself, and is active. */
    receiveMessage(s, { Node, pick }) {
      const { n } = pick({ n: Node });
      const self = s.node[n]!;
      when(self.pending > 0);
      self.pending -= 1;
      self.counter -= 1;
      self.color = 'black';
      self.active = true;
    },

    /** An active node may become passive on its own. */
    deactivate(s, { Node, pick }) {
      const { n } = pick({ n: Node });
      when(s.node[n]!.active);
      s.node[n]!.active = false;
    },
  },

  constraint: (s, { Node, maxPending, maxCounter }) =>
    Node.every((n) => s.node[n]!.pending <= maxPending && s.node[n]!.counter <= maxCounter),
  // A computation that has ended, and whose end was detected, does nothing more.
  deadlock: false,

  invariants: {
    /** If it fails, node 0 announces an end that has not come: results are collected while nodes still work. */
    detectedMeansTerminated: (s, { Node }) => {
      return !hasDetected(s, Node[0]!) || hasEnded(s, Node);
    },

    /** Dijkstra's P0: the counters add up to the messages under way. If it fails, a message was lost or invented. */
    countersAddUp: (s, { Node }) => {
      const sum = (f: (n: Node) => number): number => Node.reduce((total, n) => total + f(n), 0);
      return sum((n) => s.node[n]!.counter) === sum((n) => s.node[n]!.pending);
    },
  },

  /** The nodes see to the token. They need not end their work, nor receive messages. */
  fairness: { weak: ['initiateProbe', 'passToken'] },

  temporal: ({ leadsTo }, { Node, boundsAre }) =>
    boundsAre === 'kept'
      ? {
          /** If it fails, all have finished, and everybody waits for the result. */
          terminationIsDetected: leadsTo(
            (s) => hasEnded(s, Node),
            (s) => hasDetected(s, Node[0]!),
          ),
        }
      : {},

  /** Seen without colours, counters and token, this is termination detection. */
  refinements: (refines, { Node, maxPending, boundsAre }) =>
    boundsAre === 'kept'
      ? {
          terminationDetection: refines(
            terminationDetection,
            (s) => ({
              active: mapOf(Node, (n) => s.node[n]!.active),
              pending: mapOf(Node, (n) => s.node[n]!.pending),
              isDetected: hasDetected(s, Node[0]!),
            }),
            { Node, maxPending },
          ),
        }
      : {},

  models: {
    small: { constants: { Node: 2 }, expected: { result: 'ok', distinct: 4786, generated: 19260, depth: 27 } },
    liveness: {
      constants: { Node: 2, boundsAre: 'kept' },
      expected: { result: 'ok', distinct: 4786, generated: 17435, depth: 27 },
    },
    medium: { expected: { result: 'ok', distinct: 902798, generated: 6088903, depth: 58 } },
  },

  mutants: {
    'node 0 stays black': {
      model: 'liveness',
      actions: {
        initiateProbe(s, { Node }) {
          const [first, last] = [Node[0]!, Node[Node.length - 1]!];
          when(s.token.at === first);
          const self = s.node[first]!;
          when(s.token.color === 'black' || self.color === 'black' || self.counter + s.token.q !== 0);
          s.token = { at: last, q: 0, color: 'white' };
        },
      },
      breaks: 'terminationDetection',
      steps: 3,
    },
    'a node does not blacken itself on receiving': {
      actions: {
        receiveMessage(s, { Node, pick }) {
          const { n } = pick({ n: Node });
          const self = s.node[n]!;
          when(self.pending > 0);
          self.pending -= 1;
          self.counter -= 1;
          self.active = true;
        },
      },
      breaks: 'detectedMeansTerminated',
      steps: 8,
    },
    'a node passes the token on while it works': {
      actions: {
        passToken(s, { Node, pick }) {
          const { n } = pick({ n: Node });
          const position = Node.indexOf(n);
          when(position > 0 && s.token.at === n);
          const self = s.node[n]!;
          s.token.at = Node[position - 1]!;
          s.token.q += self.counter;
          if (self.color === 'black') s.token.color = 'black';
          self.color = 'white';
        },
      },
      breaks: 'detectedMeansTerminated',
      steps: 3,
    },
  },
});
