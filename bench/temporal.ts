/** What a temporal property costs beside the search of all states: `leadsTo` on two-phase commit, without and with it. */
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
    ],
  },
];
