/** A spec that learning cannot help: what it costs to try, before the engine gives up and calls user code directly. */
import type { Contest } from './frame/contest.ts';
import { checkContestant } from './frame/contestants.ts';

const spec = 'bench/specs/sliding-puzzle.ts';
const bind = { constants: { rows: 3, columns: 3 } };

export const contests: readonly Contest[] = [
  {
    title: 'Sliding puzzle, 3 × 3',
    distinct: 181_440,
    contestants: [
      checkContestant('called on every state', { spec, bind, engine: 'direct', audit: 'none' }),
      checkContestant('Bivalent', { spec, bind, audit: 'none' }),
      checkContestant('reference explorer', { spec, bind, engine: 'reference' }),
    ],
  },
];
