/**
 * Two-phase commit as message passing, with a coordinator that may crash: safe, and blocking.
 *
 * J. Gray, *Notes on Data Base Operating Systems* (1978), section 5.8.3.3; P. Bernstein, V. Hadzilacos, N. Goodman,
 * *Concurrency Control and Recovery in Database Systems* (1987), section 7.4. `two-phase-commit` is the same protocol over a
 * set of messages. What is decided or promised is on disk before anything is said of it.
 */
import { agreement, defineProtocol, each, messages, nodes, when } from 'bivalent';

type Manager = `rm${number}`;
type Coordinator = 'tm';
type Decision = 'commit' | 'abort';

const coordinator: Coordinator = 'tm';

export default defineProtocol({
  name: 'TwoPhaseCommitProtocol',
  constants: {
    managers: nodes('rm', 2, { symmetric: true }),
    /** Whether to ask what is promised of whole behaviours, too; not with `--symmetry`, under which they are not judged. */
    judgeBehaviours: false,
  },
  nodes: ({ managers }): readonly (Manager | Coordinator)[] => [coordinator, ...managers],
  messages: messages<{
    prepare: object;
    vote: { yes: boolean };
    decide: { decision: Decision };
    /** A manager that waits asks again: it may have missed the decision, or the coordinator may have forgotten its vote. */
    enquire: object;
  }>(),
  state: {
    durable: () => ({
      /** Of a manager: whether it has promised to commit if it is told to. */
      isPrepared: false,
      decision: null as Decision | null,
    }),
    volatile: () => ({
      hasBegun: false,
      yes: new Set<Manager>(),
    }),
  },
  network: { order: 'unordered', copies: 'set' },
  faults: { crash: 1 },

  actions: {
    /** Phase one: "the coordinator sends a VOTE-REQ message to all participants." */
    begin(me, { self, managers, broadcast }) {
      when(self === coordinator && !me.hasBegun && me.decision === null);
      me.hasBegun = true;
      broadcast({ type: 'prepare' }, managers);
    },

    /** The coordinator has waited long enough for votes. */
    giveUp(me, { self, managers, broadcast }) {
      when(self === coordinator && me.hasBegun && me.decision === null);
      me.decision = 'abort';
      broadcast({ type: 'decide', decision: 'abort' }, managers);
    },

    /** Before its promise, a manager may abort on its own. */
    abortAlone(me, { self }) {
      when(self !== coordinator && !me.isPrepared && me.decision === null);
      me.decision = 'abort';
    },

    /** "A participant that is uncertain" asks; it may not decide. */
    ask(me, { self, send }) {
      when(self !== coordinator && me.isPrepared && me.decision === null);
      send(coordinator, { type: 'enquire' });
    },
  },

  on: {
    /** A manager answers by what it has on its disk: a promise that was given is given again. */
    prepare(me, _, { reply }) {
      if (me.decision === null) me.isPrepared = true;
      reply({ type: 'vote', yes: me.decision !== 'abort' });
    },

    /** "If all of them were YES, then the coordinator decides Commit." */
    vote(me, { from, yes }, { managers, broadcast }) {
      if (me.decision !== null || !me.hasBegun) return;
      if (yes) me.yes.add(from as Manager);
      else me.decision = 'abort';
      if (managers.every((manager) => me.yes.has(manager))) me.decision = 'commit';
      if (me.decision !== null) broadcast({ type: 'decide', decision: me.decision }, managers);
    },

    decide(me, { decision }) {
      me.decision ??= decision;
    },

    /** What was decided is told; where nothing was, a coordinator that lost its votes in a crash decides to abort. */
    enquire(me, _, { reply }) {
      if (!me.hasBegun) me.decision ??= 'abort';
      if (me.decision !== null) reply({ type: 'decide', decision: me.decision });
    },
  },

  invariants: {
    /** If it fails, money has left one account and not arrived at the other. */
    agreement: ({ node }, { nodes: all }) => agreement(all.map((n) => node[n]!.decision)),

    /** If it fails, a transaction was committed over the head of a manager that never promised to be able to. */
    commitNeedsEveryPromise: ({ node }, { nodes: all, managers, forAll }) => {
      const { n, manager } = forAll({ n: all, manager: managers });
      return node[n]!.decision !== 'commit' || node[manager]!.isPrepared;
    },

    /**
     * If it fails, all managers hold their locks until somebody repairs the coordinator: none can decide for the others. Where
     * behaviours are judged, `whoHasPromisedDecides` says so.
     */
    nobodyIsBlocked: ({ node, status, inbox }, { managers, judgeBehaviours }) =>
      judgeBehaviours ||
      status[coordinator] !== 'gone' ||
      !managers.every((manager) => {
        const { isPrepared, decision } = node[manager]!;
        return isPrepared && decision === null && inbox[manager]!.decide.size === 0;
      }),
  },

  transitionInvariants: {
    /** If it fails, a manager took back a decision on which its clients may have acted. */
    decisionsStand: (before, after, { nodes: all, forAll }) => {
      const { n } = forAll({ n: all });
      const decision = before.node[n]!.decision;
      return decision === null || after.node[n]!.decision === decision;
    },
  },

  /** Messages arrive, and who waits does something about it; a node that has crashed comes back. */
  fairness: { delivery: 'weak', weak: ['begin', 'giveUp', each('ask'), 'restart'] },

  temporal: ({ and, eventually, leadsTo }, { nodes: all, managers, judgeBehaviours }) =>
    judgeBehaviours
      ? {
          /** If it fails, a manager may neither commit nor abort, and holds its locks for ever. */
          whoHasPromisedDecides: and(
            ...managers.map((manager) =>
              leadsTo(
                ({ node }) => node[manager]!.isPrepared,
                ({ node, status }) => status[manager] === 'gone' || node[manager]!.decision !== null,
              ),
            ),
          ),

          /** If it fails, somebody waits for ever for a transaction to end. */
          everyoneDecides: eventually(({ node, status }) =>
            all.every((n) => status[n] === 'gone' || node[n]!.decision !== null),
          ),
        }
      : {},

  deadlock: false,

  models: {
    small: { expected: { result: 'ok', distinct: 5373, generated: 22489, depth: 18 } },
    'no-crash': { faults: { crash: 0 }, expected: { result: 'ok', distinct: 533, generated: 1794, depth: 13 } },
    'with-loss': {
      faults: { loss: 1, duplication: 1 },
      expected: { result: 'ok', distinct: 51237, generated: 341030, depth: 19 },
    },
    medium: { constants: { managers: 3 }, expected: { result: 'ok', distinct: 208352, generated: 1287943, depth: 24 } },
    liveness: {
      constants: { judgeBehaviours: true },
      faults: { crash: 0 },
      expected: { result: 'ok', distinct: 533, generated: 1794, depth: 13 },
    },
    'liveness-after-a-crash': {
      constants: { judgeBehaviours: true },
      expected: { result: 'ok', distinct: 5373, generated: 22489, depth: 18 },
    },
    /** Two-phase commit is a blocking protocol: this is what it is criticised for, not a mistake in it. */
    blocking: {
      faults: { crash: 0, crashForever: 1 },
      expected: { result: 'violation', breaks: 'nobodyIsBlocked', steps: 4 },
    },
    /** The same as a behaviour: who has promised asks, is not answered, and may neither commit nor abort. */
    'blocked-for-ever': {
      constants: { judgeBehaviours: true },
      faults: { crash: 0, crashForever: 1 },
      expected: { result: 'violation', breaks: 'whoHasPromisedDecides', steps: 6 },
    },
    'blocking-three': {
      constants: { managers: 3 },
      faults: { crash: 0, crashForever: 1 },
      expected: { result: 'violation', breaks: 'nobodyIsBlocked', steps: 5 },
    },
  },

  mutants: {
    'a manager that has aborted does not vote, and is waited for': {
      model: 'liveness',
      on: {
        prepare(me, _, { reply }) {
          if (me.decision !== null) return;
          me.isPrepared = true;
          reply({ type: 'vote', yes: true });
        },
      },
      fairness: { delivery: 'weak', weak: ['begin', each('ask')] },
      breaks: 'whoHasPromisedDecides',
      steps: 7,
    },
    'a decision is not written to disk': { forgets: ['decision'], breaks: 'decisionsStand', steps: 2 },
    'a promise is not written to disk': { forgets: ['isPrepared'], breaks: 'commitNeedsEveryPromise', steps: 6 },
    'a prepared manager aborts on its own': {
      actions: {
        abortAlone(me, { self }) {
          when(self !== coordinator && me.decision === null);
          me.decision = 'abort';
        },
      },
      breaks: 'agreement',
      steps: 6,
    },
    'the coordinator commits on a majority': {
      constants: { managers: 3 },
      on: {
        vote(me, { from, yes }, { managers, broadcast }) {
          if (me.decision !== null || !me.hasBegun) return;
          if (yes) me.yes.add(from as Manager);
          if (me.yes.size * 2 > managers.length) me.decision = 'commit';
          if (me.decision !== null) broadcast({ type: 'decide', decision: me.decision }, managers);
        },
      },
      breaks: 'commitNeedsEveryPromise',
      steps: 5,
    },
  },
});
