/**
 * Termination detection: to notice that a distributed computation has ended, and not before it has.
 *
 * Renders `AsyncTerminationDetection.tla` of the TLA+ examples (ewd998), and with `instant` messages
 * `SyncTerminationDetection.tla` (ewd840): the specification that the rings of Dijkstra and of Safra implement.
 */
import { defineSpec, mapOf, nodes, oneOf, subsets, when } from 'bivalent';
import type { View } from 'bivalent';

type Node = `n${number}`;
type State = { active: Record<Node, boolean>; pending: Record<Node, number>; isDetected: boolean };

const hasEnded = (s: View<State>, all: readonly Node[]): boolean =>
  all.every((n) => !s.active[n] && s.pending[n] === 0);

export default defineSpec({
  name: 'TerminationDetection',
  constants: {
    Node: nodes('n', 3),
    /** Whether a message takes its time or arrives in the step in which it is sent. */
    messages: oneOf('delayed', 'instant'),
    /** The most messages that wait at a node: a bound of the check. */
    maxPending: 1,
  },

  /** Any nodes may be active. The end may have been detected where it has already come. */
  init: ({ Node, pick }): State => {
    const { active, detects } = pick({ active: subsets(Node), detects: [false, true] });
    return {
      active: mapOf(Node, (n) => active.includes(n)),
      pending: mapOf(Node, () => 0),
      isDetected: detects && active.length === 0,
    };
  },

  actions: {
    /** A node ends its part. Where it was the last, that may be detected in the same step, "but does not have to". */
    terminate(s, { Node, pick }) {
      const { n, detects } = pick({ n: Node, detects: [false, true] });
      when(s.active[n]!);
      s.active[n] = false;
      when(!detects || hasEnded(s, Node));
      s.isDetected = detects;
    },

    /** An active node sends a message. */
    send(s, { Node, messages, maxPending, pick }) {
      const { from, to } = pick({ from: Node, to: Node });
      when(messages === 'delayed' && s.active[from]! && s.pending[to]! < maxPending);
      s.pending[to]! += 1;
    },

    /** A node receives a message, and is active again. */
    receive(s, { Node, pick }) {
      const { n } = pick({ n: Node });
      when(s.pending[n]! > 0);
      s.pending[n]! -= 1;
      s.active[n] = true;
    },

    /** Wakeup: an active node activates another, with a message that takes no time. */
    wake(s, { Node, messages, pick }) {
      const { from, to } = pick({ from: Node, to: Node });
      when(messages === 'instant' && s.active[from]!);
      s.active[to] = true;
    },

    /** "DetectTermination". */
    detect(s, { Node }) {
      when(hasEnded(s, Node));
      s.isDetected = true;
    },
  },

  invariants: {
    /** If it fails, the result of the computation is read while a node still works on it. */
    detectedMeansTerminated: (s, { Node }) => !s.isDetected || hasEnded(s, Node),
  },

  transitionInvariants: {
    /** "Quiescent": if it fails, a computation that has ended begins again, and no detection means anything. */
    theEndIsFinal: (before, after, { Node }) => !hasEnded(before, Node) || hasEnded(after, Node),
  },

  fairness: { weak: ['detect'] },

  temporal: ({ leadsTo }, { Node }) => ({
    /** If it fails, the computation has ended, and everybody waits for its result. */
    terminationIsDetected: leadsTo(
      (s) => hasEnded(s, Node),
      (s) => s.isDetected,
    ),
  }),

  terminated: (s, { Node }) => hasEnded(s, Node),

  models: {
    small: { expected: { result: 'ok', distinct: 65, generated: 357, depth: 5 } },
    instant: { constants: { messages: 'instant' }, expected: { result: 'ok', distinct: 9, generated: 69, depth: 1 } },
    medium: {
      constants: { Node: 4, maxPending: 3 },
      expected: { result: 'ok', distinct: 4097, generated: 45094, depth: 14 },
    },
  },

  mutants: {
    'detects the end as soon as all are passive': {
      actions: {
        detect(s, { Node }) {
          when(Node.every((n) => !s.active[n]));
          s.isDetected = true;
        },
      },
      breaks: 'detectedMeansTerminated',
      steps: 3,
    },
    'a passive node sends': {
      actions: {
        send(s, { Node, maxPending, pick }) {
          const { to } = pick({ to: Node });
          when(s.pending[to]! < maxPending);
          s.pending[to]! += 1;
        },
      },
      breaks: 'theEndIsFinal',
      steps: 1,
    },
    'the end is only detected by the node that comes to it last': {
      actions: { detect: () => when(false) },
      breaks: 'terminationIsDetected',
      steps: 0,
    },
  },
});
