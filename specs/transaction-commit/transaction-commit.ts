/**
 * Transaction commit: what two-phase commit, three-phase commit and Paxos Commit all promise, without saying how.
 *
 * Renders section 2 of Gray and Lamport, *Consensus on Transaction Commit* (2004), `TCommit.tla` of the TLA+ examples.
 * It looks at all resource managers at once, which no implementation can: it is the specification to be refined.
 */
import { defineSpec, each, mapOf, nodes, when } from 'bivalent';

type RmState = 'working' | 'prepared' | 'committed' | 'aborted';

export default defineSpec({
  name: 'TransactionCommit',
  constants: {
    RM: nodes('rm', 3, { symmetric: true }),
    /** Whether to ask what is promised of whole behaviours, too; not with `--symmetry`, under which they are not judged. */
    judgeBehaviours: false,
  },
  init: ({ RM }) => ({ rmState: mapOf(RM, (): RmState => 'working') }),

  actions: {
    /** A resource manager enters the prepared state: it can now carry out either decision. */
    prepare(s, { RM, pick }) {
      const { rm } = pick({ rm: RM });
      when(s.rmState[rm] === 'working');
      s.rmState[rm] = 'prepared';
    },

    /** Decide, first case: commit, when "all RMs are in the prepared or committed state". */
    commit(s, { RM, pick }) {
      const { rm } = pick({ rm: RM });
      when(s.rmState[rm] === 'prepared');
      when(RM.every((other) => s.rmState[other] === 'prepared' || s.rmState[other] === 'committed'));
      s.rmState[rm] = 'committed';
    },

    /** Decide, second case: abort, when "no resource manager has decided to commit". */
    abort(s, { RM, pick }) {
      const { rm } = pick({ rm: RM });
      when(s.rmState[rm] === 'working' || s.rmState[rm] === 'prepared');
      when(RM.every((other) => s.rmState[other] !== 'committed'));
      s.rmState[rm] = 'aborted';
    },
  },

  invariants: {
    /** "Two RMs have not arrived at conflicting decisions." If it fails, half of a transfer has been made. */
    consistent: (s, { RM, forAll }) => {
      const { a, b } = forAll({ a: RM, b: RM });
      return !(s.rmState[a] === 'aborted' && s.rmState[b] === 'committed');
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

  /** Nobody puts off what it can do for ever. An implementation is not held to that, but where it says so. */
  fairness: ({ judgeBehaviours }) =>
    judgeBehaviours ? { weak: [each('prepare'), each('commit'), each('abort')] } : {},

  temporal: ({ eventually }, { RM, judgeBehaviours }) =>
    judgeBehaviours
      ? {
          /** If it fails, somebody holds the locks of a transaction for ever. */
          everyoneDecides: eventually((s) =>
            RM.every((rm) => s.rmState[rm] === 'committed' || s.rmState[rm] === 'aborted'),
          ),
        }
      : {},

  /** Everyone has decided. */
  terminated: (s, { RM }) => RM.every((rm) => s.rmState[rm] === 'committed' || s.rmState[rm] === 'aborted'),

  models: {
    small: { expected: { result: 'ok', distinct: 34, generated: 94, depth: 7 } },
    liveness: {
      constants: { judgeBehaviours: true },
      expected: { result: 'ok', distinct: 34, generated: 94, depth: 7 },
    },
    medium: { constants: { RM: 10 }, expected: { result: 'ok', distinct: 60072, generated: 595611, depth: 21 } },
  },

  mutants: {
    'who is prepared may wait for ever': {
      model: 'liveness',
      fairness: { weak: [each('prepare')] },
      breaks: 'everyoneDecides',
      steps: 3,
    },
    'aborts although somebody has committed': {
      actions: {
        abort(s, { RM, pick }) {
          const { rm } = pick({ rm: RM });
          when(s.rmState[rm] === 'working' || s.rmState[rm] === 'prepared');
          s.rmState[rm] = 'aborted';
        },
      },
      breaks: 'consistent',
      steps: 5,
    },
    'commits as soon as it is prepared': {
      actions: {
        commit(s, { RM, pick }) {
          const { rm } = pick({ rm: RM });
          when(s.rmState[rm] === 'prepared');
          s.rmState[rm] = 'committed';
        },
      },
      breaks: 'consistent',
      steps: 3,
    },
  },
});
