/** What a state costs where there are more of them: it should be the same from ten thousand to ten million. */
import type { Contest } from './frame/contest.ts';
import { checkContestant } from './frame/contestants.ts';

const spec = 'specs/two-phase-commit/two-phase-commit.ts';

export const contests: readonly Contest[] = [
  {
    title: 'Growth: two-phase commit from 8,832 to 10,340,352 states',
    contestants: [5, 6, 7, 8, 9].map((managers) =>
      checkContestant(`${managers} managers`, { spec, bind: { constants: { RM: managers } } }),
    ),
  },
];
