/**
 * Two-phase commit, explored completely: this engine, SPIN's compiled C, and the prototypes, which judge nothing.
 *
 * Once with every step followed, as SPIN and the first prototype do; and once as `bivalent check` does it, with the steps
 * skipped that another order of the same steps makes superfluous, as the second prototype does.
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

export const contests: readonly Contest[] = sizes.flatMap(([managers, distinct]) => {
  const bind = { constants: { RM: managers } };
  return [
    {
      title: `Two-phase commit, ${managers} managers, every step followed`,
      distinct,
      contestants: [
        checkContestant('Bivalent --no-reduction', { spec: states, bind, reduction: false }),
        spinContestant('SPIN', { file: 'two-phase-commit.pml', definitions: [`N=${managers}`] }),
        spinContestant('SPIN, bare', { file: 'two-phase-commit.pml', definitions: [`N=${managers}`, 'BARE'] }),
        prototypeContestant('prototype, no properties', 'two-phase-sleep.mjs', String(managers), 'off'),
      ],
    },
    {
      title: `Two-phase commit, ${managers} managers, steps skipped`,
      distinct,
      contestants: [
        checkContestant('Bivalent', { spec: states, bind }),
        checkContestant('Bivalent, transition invariants too', { spec, bind }),
        prototypeContestant('prototype, no properties', 'two-phase-sleep.mjs', String(managers)),
      ],
    },
  ];
});
