/**
 * Two-phase commit, explored completely: this engine (with the state invariants of the spec, and with all its
 * properties), SPIN's compiled C, and the prototypes, which judge nothing.
 */
import type { Contest } from './frame/contest.ts';
import { checkContestant, prototypeContestant } from './frame/contestants.ts';
import { spinContestant } from './spin/contestant.ts';

const spec = 'specs/two-phase-commit/two-phase-commit.ts';
const states = 'bench/specs/two-phase-commit-states.ts';

/** Managers, and the distinct states that they have. */
const sizes = [
  [7, 296_448],
  [8, 1_745_408],
  [9, 10_340_352],
] as const;

export const contests: readonly Contest[] = sizes.map(([managers, distinct]) => ({
  title: `Two-phase commit, ${managers} managers`,
  distinct,
  contestants: [
    checkContestant('Bivalent', { spec: states, bind: { constants: { RM: managers } } }),
    checkContestant('Bivalent, transition invariants too', { spec, bind: { constants: { RM: managers } } }),
    spinContestant('two-phase-commit.pml', [`N=${managers}`]),
    prototypeContestant('prototype, no properties', 'two-phase-sleep.mjs', String(managers), 'off'),
  ],
}));
