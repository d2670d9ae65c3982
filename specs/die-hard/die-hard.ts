/**
 * Die Hard: measure four gallons with a jug of five and a jug of three.
 *
 * Renders `DieHard.tla` of the TLA+ examples, after the puzzle of the film *Die Hard 3*. The bombs stop when the big jug
 * holds exactly four gallons. The property says that this never happens, so the counterexample *is* the solution.
 */
import { defineSpec } from 'bivalent';

export default defineSpec({
  name: 'DieHard',
  constants: { Big: 5, Small: 3, Goal: 4 },
  init: () => ({ big: 0, small: 0 }),

  actions: {
    /** "Pour water from the faucet into a jug." */
    fillSmall(s, { Small }) {
      s.small = Small;
    },

    fillBig(s, { Big }) {
      s.big = Big;
    },

    /** "Pour water from a jug onto the ground." */
    emptySmall(s) {
      s.small = 0;
    },

    emptyBig(s) {
      s.big = 0;
    },

    /** "Pour water from one jug into another", until the one is empty or the other full. */
    pourSmallIntoBig(s, { Big }) {
      const poured = Math.min(s.small, Big - s.big);
      s.small -= poured;
      s.big += poured;
    },

    pourBigIntoSmall(s, { Small }) {
      const poured = Math.min(s.big, Small - s.small);
      s.big -= poured;
      s.small += poured;
    },
  },

  invariants: {
    /** If it fails, the bomb is disarmed: a violation is what the heroes look for. */
    notSolved: (s, { Goal }) => s.big !== Goal,

    /** If it fails, water ran over the brim, and the amount in the jug is not what the heroes believe. */
    nothingSpilt: (s, { Big, Small }) => s.big <= Big && s.small <= Small,
  },

  models: {
    small: { expected: { result: 'violation', breaks: 'notSolved', steps: 6 } },
    // Three divides six: the jugs never hold anything but multiples of three.
    unsolvable: {
      constants: { Big: 6, Small: 3, Goal: 4 },
      expected: { result: 'ok', distinct: 6, generated: 37, depth: 3 },
    },
  },

  mutants: {
    'pours without looking at the brim': {
      model: 'unsolvable',
      actions: {
        pourSmallIntoBig(s) {
          s.big += s.small;
          s.small = 0;
        },
      },
      breaks: 'nothingSpilt',
      steps: 3,
    },
    'the jugs have the sizes of the film': {
      model: 'unsolvable',
      constants: { Big: 5 },
      breaks: 'notSolved',
      steps: 6,
    },
  },
});
