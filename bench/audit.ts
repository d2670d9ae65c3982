/** What the default audit costs: the same check without it, and with it. */
import type { Contest } from './frame/contest.ts';
import { checkContestant, type CheckRequest } from './frame/contestants.ts';

const contest = (title: string, request: CheckRequest): Contest => ({
  title: `The audit: ${title}`,
  contestants: [
    checkContestant('none', { ...request, audit: 'none' }),
    checkContestant('sample', { ...request, audit: 'sample' }),
  ],
});

export const contests: readonly Contest[] = [
  contest('two-phase commit, 8 managers', {
    spec: 'specs/two-phase-commit/two-phase-commit.ts',
    bind: { constants: { RM: 8 } },
  }),
  contest('Paxos, 3 ballots', { spec: 'specs/paxos/paxos.ts', bind: { constants: { MaxBallot: 2 } } }),
];
