/** What temporal properties cost beside the search of all states: `leadsTo` on two-phase commit, none, one and eight. */
import type { Contest } from './frame/contest.ts';
import { checkContestant } from './frame/contestants.ts';

const bind = { constants: { RM: 8 } };

export const contests: readonly Contest[] = [
  {
    title: 'Two-phase commit, 8 managers, with leadsTo',
    distinct: 1_745_408,
    contestants: [
      checkContestant('safety alone', { spec: 'bench/specs/two-phase-commit-states.ts', bind }),
      checkContestant('leadsTo, each action weakly fair', { spec: 'bench/specs/two-phase-commit-decides.ts', bind }),
      checkContestant('leadsTo of each manager', { spec: 'bench/specs/two-phase-commit-all-decide.ts', bind }),
    ],
  },
];
