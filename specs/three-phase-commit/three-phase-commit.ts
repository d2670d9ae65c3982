/**
 * Three-phase commit: nobody waits for a coordinator that has crashed, as long as the network does not fall apart.
 *
 * D. Skeen, *Nonblocking Commit Protocols* (1981); P. Bernstein, V. Hadzilacos, N. Goodman, *Concurrency Control and
 * Recovery in Database Systems* (1987), section 7.5, whose termination protocol this is. Both assume that nodes stop and
 * stay stopped, that whoever stops is found to have stopped, and that no link fails. Messages may be as late as they
 * like: one that a crashed coordinator did not get to send is one that comes too late.
 */
import { agreement, defineProtocol, each, messages, nodes, when } from 'bivalent';
import type { Draft, Outgoing } from 'bivalent';

type Manager = `rm${number}`;
type Coordinator = 'tm';
type Node = Manager | Coordinator;
type Decision = 'commit' | 'abort';
/** What a node has promised: nothing, to commit if all others can; it knows that all others can. */
type Phase = 'working' | 'uncertain' | 'committable';

type Messages = {
  prepare: object;
  vote: { yes: boolean };
  preCommit: object;
  acknowledge: object;
  decide: { decision: Decision };
  /** Sent by a manager that takes the place of a coordinator. */
  ask: object;
  report: { phase: Phase; decision: Decision | null };
};
type NodeState = {
  phase: Phase;
  decision: Decision | null;
  /** Whose orders are followed; those of an earlier coordinator come too late. */
  coordinator: Node;
  /** Of a coordinator: what each node, itself among them, has last said. */
  known: Map<Node, Phase>;
};
type Broadcast = (message: Outgoing<Messages>) => void;

const first: Coordinator = 'tm';

/** Whether one node coordinates before another does: the managers take over in the order of their names. */
const isBefore = (a: Node, b: Node): boolean => a !== b && (a === first || (b !== first && a < b));

/** Whether all have promised: the first coordinator has heard it from everyone, a later one from someone who knows. */
const mayCommit = (phases: readonly Phase[], self: Node, all: readonly Node[]): boolean =>
  self === first ? phases.length === all.length : phases.includes('committable');

/** Decides, and tells. */
function decide(me: Draft<NodeState>, decision: Decision, broadcast: Broadcast): void {
  me.decision = decision;
  broadcast({ type: 'decide', decision });
}

/** Tells all that everyone has promised, and waits for their acknowledgements before it commits. */
function preCommit(me: Draft<NodeState>, self: Node, broadcast: Broadcast): void {
  me.phase = 'committable';
  me.known.clear();
  me.known.set(self, 'committable');
  broadcast({ type: 'preCommit' });
}

export default defineProtocol({
  name: 'ThreePhaseCommit',
  constants: { managers: nodes('rm', 2) },
  nodes: ({ managers }): readonly Node[] => [first, ...managers],
  messages: messages<Messages>(),
  state: {
    durable: (): NodeState => ({
      phase: 'working',
      decision: null,
      coordinator: first,
      known: new Map<Node, Phase>(),
    }),
  },
  network: { order: 'unordered', copies: 'set' },
  faults: { crashForever: 1 },

  actions: {
    /** Phase one: everyone is asked for a vote. */
    begin(me, { self, broadcast }) {
      when(self === first && me.phase === 'working' && me.decision === null);
      me.phase = 'uncertain';
      me.known.set(self, 'uncertain');
      broadcast({ type: 'prepare' });
    },

    /** Before its promise, and before anyone has asked what it knows, a manager may abort on its own. */
    abortAlone(me, { self }) {
      when(self !== first && me.phase === 'working' && me.decision === null && me.coordinator === first);
      me.decision = 'abort';
    },

    /** Who has failed is not waited for: a missing vote is a no, and a missing acknowledgement is not needed. */
    conclude(me, { self, nodes: all, hasFailed, broadcast }) {
      when(me.coordinator === self && me.decision === null && me.known.has(self));
      when(all.every((node) => me.known.has(node) || hasFailed(node)));
      const phases = [...me.known.values()];
      if (phases.every((phase) => phase === 'committable')) decide(me, 'commit', broadcast);
      else if (mayCommit(phases, self, all)) preCommit(me, self, broadcast);
      else decide(me, 'abort', broadcast);
    },

    /** All coordinators before this node have crashed: it takes over, and asks what the others know. */
    takeOver(me, { self, nodes: all, hasFailed, broadcast }) {
      when(me.coordinator !== self && all.every((node) => !isBefore(node, self) || hasFailed(node)));
      me.coordinator = self;
      if (me.decision !== null) return broadcast({ type: 'decide', decision: me.decision });
      me.known.set(self, me.phase);
      broadcast({ type: 'ask' });
    },
  },

  on: {
    prepare(me, { from }, { reply }) {
      if (me.coordinator !== from) return;
      if (me.decision === null) me.phase = 'uncertain';
      reply({ type: 'vote', yes: me.decision === null });
    },

    vote(me, { from, yes }, { broadcast }) {
      if (me.decision !== null) return;
      if (yes) me.known.set(from, 'uncertain');
      else decide(me, 'abort', broadcast);
    },

    preCommit(me, { from }, { reply }) {
      if (me.coordinator !== from || me.decision !== null) return;
      me.phase = 'committable';
      reply({ type: 'acknowledge' });
    },

    acknowledge(me, { from }) {
      if (me.decision === null) me.known.set(from, 'committable');
    },

    decide(me, { decision }) {
      me.decision ??= decision;
    },

    /** From here on, this node listens to the new coordinator alone. */
    ask(me, { from }, { reply }) {
      if (isBefore(from, me.coordinator)) return;
      me.coordinator = from;
      reply({ type: 'report', phase: me.phase, decision: me.decision });
    },

    report(me, { from, phase, decision }, { broadcast }) {
      if (me.decision !== null) return;
      if (decision === null) me.known.set(from, phase);
      else decide(me, decision, broadcast);
    },
  },

  invariants: {
    /** If it fails, money has left one account and not arrived at the other. */
    agreement: ({ node }, { nodes: all }) => agreement(all.map((n) => node[n]!.decision)),

    /** If it fails, a transaction was committed over the head of a manager that never promised to be able to. */
    commitNeedsEveryPromise: ({ node }, { nodes: all, managers, forAll }) => {
      const { n, manager } = forAll({ n: all, manager: managers });
      return node[n]!.decision !== 'commit' || node[manager]!.phase !== 'working';
    },
  },

  transitionInvariants: {
    /** If it fails, a manager took back a decision on which its clients may have acted. */
    decisionsStand: (before, after, { nodes: all, forAll }) => {
      const { n } = forAll({ n: all });
      const decision = before.node[n]!.decision;
      return decision === null || after.node[n]!.decision === decision;
    },
  },

  /** Messages arrive, and everybody does what is to be done. */
  fairness: { delivery: 'weak', weak: ['begin', each('conclude'), each('takeOver')] },

  temporal: ({ eventually }, { nodes: all }) => ({
    /** Not to block is the promise of the third phase. If it fails, locks are held until a crashed node is repaired. */
    whoIsThereDecides: eventually(({ node, status }) =>
      all.every((n) => status[n] === 'gone' || node[n]!.decision !== null),
    ),
  }),

  /** All who are there have decided: where nothing is left to do before that, somebody is blocked. */
  terminated: ({ node, status }, { nodes: all }) =>
    all.every((n) => status[n] === 'gone' || node[n]!.decision !== null),

  models: {
    small: { expected: { result: 'ok', distinct: 851, generated: 1561, depth: 20 } },
    'two-crashes': {
      faults: { crashForever: 2 },
      expected: { result: 'ok', distinct: 3546, generated: 6035, depth: 23 },
    },
    'three-managers': {
      constants: { managers: 3 },
      expected: { result: 'ok', distinct: 28739, generated: 91374, depth: 28 },
    },
    medium: {
      constants: { managers: 3 },
      faults: { crashForever: 2 },
      expected: { result: 'ok', distinct: 220561, generated: 638374, depth: 34 },
    },
    /** What three-phase commit is criticised for: each side of a partition takes the other for crashed, and decides. */
    partition: {
      faults: { crashForever: 0, partition: 1, heal: 0 },
      expected: { result: 'violation', breaks: 'agreement', steps: 12 },
    },
  },

  mutants: {
    'nobody looks after a coordinator that has crashed': {
      fairness: { delivery: 'weak', weak: ['begin', each('conclude')] },
      breaks: 'whoIsThereDecides',
      steps: 1,
    },
    'a manager that is left alone decides by what it knows itself': {
      actions: {
        takeOver(me, { hasFailed, broadcast }) {
          when(me.decision === null && hasFailed(first));
          decide(me, me.phase === 'committable' ? 'commit' : 'abort', broadcast);
        },
      },
      breaks: 'agreement',
      steps: 10,
    },
    'a new coordinator decides before the others know that all can commit': {
      model: 'two-crashes',
      actions: {
        conclude(me, { self, nodes: all, hasFailed, broadcast }) {
          when(me.coordinator === self && me.decision === null && me.known.has(self));
          when(all.every((node) => me.known.has(node) || hasFailed(node)));
          const phases = [...me.known.values()];
          if (phases.every((phase) => phase === 'committable')) decide(me, 'commit', broadcast);
          else if (!mayCommit(phases, self, all)) decide(me, 'abort', broadcast);
          else if (self === first) preCommit(me, self, broadcast);
          else decide(me, 'commit', broadcast);
        },
      },
      breaks: 'agreement',
      steps: 15,
    },
    'the coordinator does not wait for acknowledgements': {
      actions: {
        conclude(me, { self, nodes: all, hasFailed, broadcast }) {
          when(me.coordinator === self && me.decision === null && me.known.has(self));
          when(me.phase === 'committable' || all.every((node) => me.known.has(node) || hasFailed(node)));
          const phases = [...me.known.values()];
          if (phases.every((phase) => phase === 'committable')) decide(me, 'commit', broadcast);
          else if (mayCommit(phases, self, all)) preCommit(me, self, broadcast);
          else decide(me, 'abort', broadcast);
        },
      },
      breaks: 'agreement',
      steps: 12,
    },
    'orders of a coordinator that has crashed are still followed': {
      model: 'two-crashes',
      on: {
        preCommit(me, _, { reply }) {
          if (me.decision !== null) return;
          me.phase = 'committable';
          reply({ type: 'acknowledge' });
        },
      },
      breaks: 'agreement',
      steps: 15,
    },
    'a vote that is missing is taken for a yes': {
      actions: {
        conclude(me, { self, nodes: all, hasFailed, broadcast }) {
          when(me.coordinator === self && me.decision === null && me.known.has(self));
          when(all.every((node) => me.known.has(node) || hasFailed(node)));
          const phases = [...me.known.values()];
          if (phases.every((phase) => phase === 'committable')) decide(me, 'commit', broadcast);
          else if (self === first || mayCommit(phases, self, all)) preCommit(me, self, broadcast);
          else decide(me, 'abort', broadcast);
        },
      },
      breaks: 'commitNeedsEveryPromise',
      steps: 8,
    },
    'a manager that has decided does not tell when it takes over': {
      actions: {
        takeOver(me, { self, nodes: all, hasFailed, broadcast }) {
          when(me.decision === null && me.coordinator !== self);
          when(all.every((node) => !isBefore(node, self) || hasFailed(node)));
          me.coordinator = self;
          me.known.set(self, me.phase);
          broadcast({ type: 'ask' });
        },
      },
      breaks: 'deadlock',
      steps: 5,
    },
    'a manager aborts on its own when it has taken over': {
      actions: {
        abortAlone(me, { self }) {
          when(self !== first && me.phase === 'working' && me.decision === null);
          me.decision = 'abort';
        },
      },
      breaks: 'deadlock',
      steps: 8,
    },
  },
});
