/** What more threads bring: the same checks with one, two and so on, up to the processors of the machine. */
import { usefulWorkers } from '../checker/explore/worker/index.ts';
import type { Contest } from './frame/contest.ts';
import { checkContestant, type CheckRequest } from './frame/contestants.ts';

const threads = Array.from({ length: usefulWorkers() }, (_, i) => i + 1);

const contest = (title: string, distinct: number, request: CheckRequest): Contest => ({
  title: `Threads: ${title}`,
  distinct,
  contestants: threads.map((workers) => checkContestant(`--workers ${workers}`, { ...request, workers })),
});

export const contests: readonly Contest[] = [
  contest('two-phase commit, 9 managers', 10_340_352, {
    spec: 'specs/two-phase-commit/two-phase-commit.ts',
    bind: { constants: { RM: 9 } },
  }),
  contest('two-phase commit, 9 managers, every step followed', 10_340_352, {
    spec: 'specs/two-phase-commit/two-phase-commit.ts',
    bind: { constants: { RM: 9 } },
    reduction: false,
  }),
  contest('Paxos, 4 ballots', 8_220_065, { spec: 'specs/paxos/paxos.ts', bind: { constants: { MaxBallot: 3 } } }),
];
