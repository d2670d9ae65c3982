/** Paxos with a message set that only grows: as many different sets as states. */
import type { Contest } from './frame/contest.ts';
import { checkContestant } from './frame/contestants.ts';

const spec = 'specs/paxos/paxos.ts';

export const contests: readonly Contest[] = [
  {
    title: 'Paxos, 3 ballots',
    distinct: 185_369,
    contestants: [checkContestant('Bivalent', { spec, bind: { constants: { MaxBallot: 2 } } })],
  },
];
