/**
 * Consensus: one value is chosen, and never another. What voting, Paxos and Raft are all for, without saying how.
 *
 * Renders `Consensus.tla` by Leslie Lamport, in the TLA+ examples under PaxosHowToWinATuringAward. It sees all values at
 * once, which no node of a network can: it is the specification to be refined.
 */
import { defineSpec, nodes, when } from 'bivalent';

type Value = `v${number}`;

export default defineSpec({
  name: 'Consensus',
  constants: {
    Value: nodes('v', 3),
    /** Whether a value must be chosen in the end. Without it, an implementation may refine this spec and never decide. */
    isLive: true,
  },
  init: () => ({ chosen: new Set<Value>() }),

  actions: {
    /** "Next == chosen = {} and some v in Value: chosen' = {v}": the one step that there is. */
    choose(s, { Value, pick }) {
      const { value } = pick({ value: Value });
      when(s.chosen.size === 0);
      s.chosen.add(value);
    },
  },

  invariants: {
    /** If it fails, two clients are told that different values were chosen: two primaries, two owners of a lock. */
    atMostOneChosen: (s) => s.chosen.size <= 1,
  },

  transitionInvariants: {
    /** If it fails, a choice on which somebody has acted is taken back. */
    choiceStands: (before, after, { Value, forAll }) => {
      const { value } = forAll({ value: Value });
      return !before.chosen.has(value) || after.chosen.has(value);
    },
  },

  fairness: ({ isLive }) => (isLive ? { weak: ['choose'] } : {}),

  temporal: ({ eventually }, { isLive }): Readonly<Record<string, ReturnType<typeof eventually>>> =>
    isLive
      ? {
          /** "Success": if it fails, everybody waits for a choice that nobody makes. */
          aValueIsChosen: eventually((s) => s.chosen.size > 0),
        }
      : {},

  terminated: (s) => s.chosen.size > 0,

  models: {
    small: { expected: { result: 'ok', distinct: 4, generated: 4, depth: 2 } },
    'not-live': { constants: { isLive: false }, expected: { result: 'ok', distinct: 4, generated: 4, depth: 2 } },
  },

  mutants: {
    'chooses a second value': {
      actions: {
        choose(s, { Value, pick }) {
          const { value } = pick({ value: Value });
          s.chosen.add(value);
        },
      },
      breaks: 'atMostOneChosen',
      steps: 2,
    },
    'changes its mind': {
      actions: {
        choose(s, { Value, pick }) {
          const { value } = pick({ value: Value });
          s.chosen.clear();
          s.chosen.add(value);
        },
      },
      breaks: 'choiceStands',
      steps: 2,
    },
    'nobody need choose': { fairness: {}, breaks: 'aValueIsChosen', steps: 0 },
  },
});
