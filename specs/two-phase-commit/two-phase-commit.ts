/**
 * Two-phase commit: a transaction manager (TM) and its resource managers (RMs) commit together or not at all.
 *
 * Renders section 3 of Gray and Lamport, *Consensus on Transaction Commit* (2004), `TwoPhase.tla` of the TLA+ examples.
 * Messages are a set that only grows: a message that is never received is a lost one, and one that stays may be received
 * twice, so loss, duplication and reordering need no actions of their own.
 */
import { defineSpec, each, mapOf, nodes, when } from 'bivalent';

import transactionCommit from '../transaction-commit/transaction-commit.ts';

type Rm = `rm${number}`;
type RmState = 'working' | 'prepared' | 'committed' | 'aborted';
type Message = { type: 'prepared'; rm: Rm } | { type: 'commit' } | { type: 'abort' };

export default defineSpec({
  name: 'TwoPhaseCommit',
  constants: {
    RM: nodes('rm', 3, { symmetric: true }),
    /** Whether to ask what is promised of whole behaviours, too; not together with `--symmetry`, under which they are not judged. */
    judgeBehaviours: false,
  },
  init: ({ RM }) => ({
    rmState: mapOf(RM, (): RmState => 'working'),
    tmState: 'init' as 'init' | 'committed' | 'aborted',
    tmPrepared: new Set<Rm>(),
    messages: new Set<Message>(),
  }),

  actions: {
    /** "The TM receives a Prepared message from resource manager rm." */
    tmReceivesPrepared(s, { RM, pick }) {
      const { rm } = pick({ rm: RM });
      when(s.tmState === 'init');
      when(s.messages.has({ type: 'prepared', rm }));
      s.tmPrepared.add(rm);
    },

    /** "The TM commits the transaction", once "every RM has sent a Prepared message". */
    tmCommit(s, { RM }) {
      when(s.tmState === 'init');
      when(RM.every((rm) => s.tmPrepared.has(rm)));
      s.tmState = 'committed';
      s.messages.add({ type: 'commit' });
    },

    /** "The TM spontaneously aborts the transaction." */
    tmAbort(s) {
      when(s.tmState === 'init');
      s.tmState = 'aborted';
      s.messages.add({ type: 'abort' });
    },

    /** "Resource manager rm prepares": from here on it may no longer abort on its own. */
    rmPrepare(s, { RM, pick }) {
      const { rm } = pick({ rm: RM });
      when(s.rmState[rm] === 'working');
      s.rmState[rm] = 'prepared';
      s.messages.add({ type: 'prepared', rm });
    },

    /** "Resource manager rm spontaneously decides to abort." It tells nobody; the TM will abort in its own time. */
    rmChooseToAbort(s, { RM, pick }) {
      const { rm } = pick({ rm: RM });
      when(s.rmState[rm] === 'working');
      s.rmState[rm] = 'aborted';
    },

    /** "Resource manager rm is told by the TM to commit." */
    rmReceivesCommit(s, { RM, pick }) {
      const { rm } = pick({ rm: RM });
      when(s.messages.has({ type: 'commit' }));
      s.rmState[rm] = 'committed';
    },

    /** "Resource manager rm is told by the TM to abort." */
    rmReceivesAbort(s, { RM, pick }) {
      const { rm } = pick({ rm: RM });
      when(s.messages.has({ type: 'abort' }));
      s.rmState[rm] = 'aborted';
    },
  },

  invariants: {
    /** If it fails, money has left one account and not arrived at the other. */
    consistent: (s, { RM, forAll }) => {
      const { a, b } = forAll({ a: RM, b: RM });
      return !(s.rmState[a] === 'aborted' && s.rmState[b] === 'committed');
    },

    /** If it fails, a transaction was committed over the head of a manager that never promised to be able to. */
    commitNeedsEveryPromise: (s, { RM, forAll }) => {
      const { rm } = forAll({ rm: RM });
      return s.tmState !== 'committed' || s.rmState[rm] === 'prepared' || s.rmState[rm] === 'committed';
    },
  },

  transitionInvariants: {
    /** If it fails, a manager took back a decision on which its clients may have acted. */
    decisionsStand: (before, after, { RM, forAll }) => {
      const { rm } = forAll({ rm: RM });
      const decided = before.rmState[rm] === 'committed' || before.rmState[rm] === 'aborted';
      return !decided || after.rmState[rm] === before.rmState[rm];
    },
  },

  /** All go on, and no message is lost for ever. A manager that has prepared waits for the TM, whose crash is not here. */
  fairness: {
    weak: [
      'tmCommit',
      'tmAbort',
      each('tmReceivesPrepared'),
      each('rmPrepare'),
      each('rmReceivesCommit'),
      each('rmReceivesAbort'),
    ],
  },

  temporal: ({ eventually }, { RM, judgeBehaviours }) =>
    judgeBehaviours
      ? {
          /** If it fails, somebody holds the locks of a transaction for ever. */
          everyoneDecides: eventually((s) =>
            RM.every((rm) => s.rmState[rm] === 'committed' || s.rmState[rm] === 'aborted'),
          ),
        }
      : {},

  /** Seen through the states of the managers alone, this is transaction commit. */
  refinements: (refines, { RM, judgeBehaviours }) =>
    judgeBehaviours ? { transactionCommit: refines(transactionCommit, (s) => ({ rmState: s.rmState }), { RM }) } : {},

  models: {
    small: { expected: { result: 'ok', distinct: 288, generated: 1146, depth: 11 } },
    five: { constants: { RM: 5 }, expected: { result: 'ok', distinct: 8832, generated: 58146, depth: 17 } },
    six: { constants: { RM: 6 }, expected: { result: 'ok', distinct: 50816, generated: 402306, depth: 20 } },
    medium: { constants: { RM: 7 }, expected: { result: 'ok', distinct: 296448, generated: 2744706, depth: 23 } },
    refinement: {
      constants: { judgeBehaviours: true },
      expected: { result: 'ok', distinct: 288, generated: 1146, depth: 11 },
    },
  },

  mutants: {
    'the TM commits on a majority': {
      actions: {
        tmCommit(s, { RM }) {
          when(s.tmState === 'init');
          when(RM.filter((rm) => s.tmPrepared.has(rm)).length * 2 > RM.length);
          s.tmState = 'committed';
          s.messages.add({ type: 'commit' });
        },
      },
      breaks: 'commitNeedsEveryPromise',
      steps: 5,
    },
    'a prepared RM aborts on its own': {
      actions: {
        rmChooseToAbort(s, { RM, pick }) {
          const { rm } = pick({ rm: RM });
          when(s.rmState[rm] === 'working' || s.rmState[rm] === 'prepared');
          s.rmState[rm] = 'aborted';
        },
      },
      breaks: 'commitNeedsEveryPromise',
      steps: 8,
    },
    'the TM forgets that it has committed': {
      actions: {
        tmAbort(s) {
          s.tmState = 'aborted';
          s.messages.add({ type: 'abort' });
        },
      },
      breaks: 'decisionsStand',
      steps: 10,
    },
    'an RM takes its promise back when the TM has aborted': {
      model: 'refinement',
      actions: {
        rmReceivesAbort(s, { RM, pick }) {
          const { rm } = pick({ rm: RM });
          when(s.messages.has({ type: 'abort' }));
          s.rmState[rm] = s.rmState[rm] === 'prepared' ? 'working' : 'aborted';
        },
      },
      breaks: 'transactionCommit',
      steps: 3,
    },
    'the TM waits for a manager that has aborted, and does not give up': {
      model: 'refinement',
      fairness: { weak: ['tmCommit', each('tmReceivesPrepared'), each('rmPrepare'), each('rmReceivesCommit')] },
      breaks: 'everyoneDecides',
      steps: 4,
    },
  },
});
