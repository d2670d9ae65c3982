/** Paxos with a message set that only grows: as many different sets as states, and messages with data in them. */
import type { Contest } from './frame/contest.ts';
import { checkContestant } from './frame/contestants.ts';
import { spinContestant } from './spin/contestant.ts';

const spec = 'specs/paxos/paxos.ts';

/** Ballots, and the distinct states that they have. */
const sizes = [
  [3, 185_369],
  [4, 8_220_065],
] as const;

export const contests: readonly Contest[] = sizes.map(([ballots, distinct]) => {
  const bind = { constants: { MaxBallot: ballots - 1 } };
  return {
    title: `Paxos, ${ballots} ballots`,
    distinct,
    contestants: [
      checkContestant('Bivalent', { spec, bind }),
      checkContestant('Bivalent --no-reduction', { spec, bind, reduction: false }),
      spinContestant('SPIN', { file: 'paxos.pml', definitions: [`N=${ballots}`] }),
      spinContestant('SPIN, bare', { file: 'paxos.pml', definitions: [`N=${ballots}`, 'BARE'] }),
    ],
  };
});
