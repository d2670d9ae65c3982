/**
 * Dijkstra's termination detection on a ring: a token asks every node in turn whether it is passive.
 *
 * Renders EWD 840, *Derivation of a termination detection algorithm for distributed computations* (Dijkstra, Feijen, van
 * Gasteren, 1983), after `EWD840.tla` of the TLA+ examples. Dijkstra's node 0 is the first node here; messages between
 * nodes arrive at once.
 */
import { defineSpec, mapOf, nodes, subsets, when } from 'bivalent';
import type { View } from 'bivalent';

import terminationDetection from '../termination-detection/termination-detection.ts';

type Node = `n${number}`;
type Color = 'white' | 'black';
type NodeState = { active: boolean; color: Color };
type State = { node: Record<Node, NodeState>; token: { at: Node; color: Color } };

/** The first node, passive and white, has a white token: it announces the end. */
function hasDetected(s: View<State>, first: Node): boolean {
  const { active, color } = s.node[first]!;
  return s.token.at === first && s.token.color === 'white' && color === 'white' && !active;
}

export default defineSpec({
  name: 'EWD840',
  constants: { Node: nodes('n', 3) },

  /** The token is black; everything else may be as it likes. */
  init: ({ Node, pick }): State => {
    const { active, black, at } = pick({ active: subsets(Node), black: subsets(Node), at: Node });
    const nodeState = (n: Node): NodeState => ({
      active: active.includes(n),
      color: black.includes(n) ? 'black' : 'white',
    });
    return { node: mapOf(Node, nodeState), token: { at, color: 'black' } };
  },

  actions: {
    /**
     * Node 0 starts a (new) round when the last was inconclusive: the token is black, or it is black itself. Each reason
     * is a choice, so that where both hold there are two steps, as TLC counts them.
     */
    initiateProbe(s, { Node, pick }) {
      const { because } = pick({ because: ['black token', 'black node'] });
      const [first, last] = [Node[0]!, Node[Node.length - 1]!];
      when(s.token.at === first);
      when(because === 'black token' ? s.token.color === 'black' : s.node[first]!.color === 'black');
      s.token = { at: last, color: 'white' };
      s.node[first]!.color = 'white';
    },

    /** A node that has the token passes it down the ring when it is passive, or when the round is lost anyway. */
    passToken(s, { Node, pick }) {
      const { n, because } = pick({ n: Node, because: ['passive', 'black node', 'black token'] });
      const position = Node.indexOf(n);
      when(position > 0 && s.token.at === n);
      const self = s.node[n]!;
      if (because === 'passive') when(!self.active);
      else if (because === 'black node') when(self.color === 'black');
      else when(s.token.color === 'black');
      s.token.at = Node[position - 1]!;
      if (self.color === 'black') s.token.color = 'black';
      self.color = 'white';
    },

    /** An active node activates another. If the token may have passed that one already, the sender blackens itself. */
    sendMessage(s, { Node, pick }) {
      const { from, to } = pick({ from: Node, to: Node });
      when(from !== to && s.node[from]!.active);
      s.node[to]!.active = true;
      if (Node.indexOf(to) > Node.indexOf(from)) s.node[from]!.color = 'black';
    },

    /** "Any active node may become inactive at any moment." */
    deactivate(s, { Node, pick }) {
      const { n } = pick({ n: Node });
      when(s.node[n]!.active);
      s.node[n]!.active = false;
    },
  },

  invariants: {
    /** If it fails, the computation is declared finished, and its result read, while a node still works on it. */
    detectedMeansTerminated: (s, { Node, forAll }) => {
      const { n } = forAll({ n: Node });
      return !hasDetected(s, Node[0]!) || !s.node[n]!.active;
    },

    /** Dijkstra's invariant, P0 or P1 or P2. If it fails, the token has lost track of a node that it has passed. */
    tokenKnowsWhatItPassed: (s, { Node }) => {
      if (s.token.color === 'black') return true;
      const at = Node.indexOf(s.token.at);
      return (
        Node.slice(at + 1).every((n) => !s.node[n]!.active) ||
        Node.slice(0, at + 1).some((n) => s.node[n]!.color === 'black')
      );
    },
  },

  /** The nodes see to the token. They need not end their work, nor send messages. */
  fairness: { weak: ['initiateProbe', 'passToken'] },

  temporal: ({ leadsTo }, { Node }) => ({
    /** If it fails, all have finished, and everybody waits for the result. */
    terminationIsDetected: leadsTo(
      (s) => Node.every((n) => !s.node[n]!.active),
      (s) => hasDetected(s, Node[0]!),
    ),
  }),

  /** Seen without colours and token, this is termination detection with messages that arrive at once. */
  refinements: (refines, { Node }) => ({
    terminationDetection: refines(
      terminationDetection,
      (s) => ({
        active: mapOf(Node, (n) => s.node[n]!.active),
        pending: mapOf(Node, () => 0),
        isDetected: hasDetected(s, Node[0]!),
      }),
      { Node, messages: 'instant' },
    ),
  }),

  /** Termination is detected: there is nothing left to do. */
  terminated: (s, { Node }) =>
    s.token.at === Node[0] && s.token.color === 'white' && Node.every((n) => !s.node[n]!.active),

  models: {
    small: { expected: { result: 'ok', distinct: 302, generated: 2001, depth: 9 } },
    medium: { constants: { Node: 6 }, expected: { result: 'ok', distinct: 36990, generated: 750020, depth: 18 } },
  },

  mutants: {
    'a sender does not blacken itself': {
      actions: {
        sendMessage(s, { Node, pick }) {
          const { from, to } = pick({ from: Node, to: Node });
          when(from !== to && s.node[from]!.active);
          s.node[to]!.active = true;
        },
      },
      breaks: 'tokenKnowsWhatItPassed',
      steps: 3,
    },
    'an active node passes the token': {
      actions: {
        passToken(s, { Node, pick }) {
          const { n } = pick({ n: Node });
          const position = Node.indexOf(n);
          when(position > 0 && s.token.at === n);
          s.token.at = Node[position - 1]!;
          if (s.node[n]!.color === 'black') s.token.color = 'black';
          s.node[n]!.color = 'white';
        },
      },
      breaks: 'tokenKnowsWhatItPassed',
      steps: 2,
    },
    'a black node does not blacken the token': {
      actions: {
        passToken(s, { Node, pick }) {
          const { n } = pick({ n: Node });
          const position = Node.indexOf(n);
          when(position > 0 && s.token.at === n && !s.node[n]!.active);
          s.token.at = Node[position - 1]!;
          s.node[n]!.color = 'white';
        },
      },
      breaks: 'detectedMeansTerminated',
      steps: 5,
    },
    'node 0 stays black': {
      actions: {
        initiateProbe(s, { Node, pick }) {
          const { because } = pick({ because: ['black token', 'black node'] });
          const [first, last] = [Node[0]!, Node[Node.length - 1]!];
          when(s.token.at === first);
          when(because === 'black token' ? s.token.color === 'black' : s.node[first]!.color === 'black');
          s.token = { at: last, color: 'white' };
        },
      },
      breaks: 'terminationDetection',
      steps: 4,
    },
    'a passive node wakes up on its own while the token is black': {
      actions: {
        deactivate(s, { Node, pick }) {
          const { n } = pick({ n: Node });
          when(s.node[n]!.active || s.token.color === 'black');
          s.node[n]!.active = !s.node[n]!.active;
        },
      },
      breaks: 'terminationDetection',
      steps: 1,
    },
  },
});
