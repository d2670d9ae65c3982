/** What the loop in WebAssembly brings: the same checks with it, and with rows expanded in JavaScript. */
import type { Contest } from './frame/contest.ts';
import { checkContestant, type CheckRequest } from './frame/contestants.ts';

const contest = (title: string, distinct: number, request: CheckRequest): Contest => ({
  title: `Compiled loop: ${title}`,
  distinct,
  contestants: [
    checkContestant('with the compiled loop', request),
    checkContestant('in JavaScript', { ...request, compiled: false }),
  ],
});

const bind = { constants: { RM: 9 } };
const states = 'bench/specs/two-phase-commit-states.ts';

export const contests: readonly Contest[] = [
  contest('two-phase commit, 9 managers, steps skipped', 10_340_352, { spec: states, bind }),
  contest('two-phase commit, 9 managers, every step followed', 10_340_352, { spec: states, bind, reduction: false }),
  contest('two-phase commit, 9 managers, transition invariants too', 10_340_352, {
    spec: 'specs/two-phase-commit/two-phase-commit.ts',
    bind,
  }),
  contest('Paxos, 4 ballots', 8_220_065, { spec: 'specs/paxos/paxos.ts', bind: { constants: { MaxBallot: 3 } } }),
  contest('Raft, one term, a crash, a loss, a duplication', 11_910_387, {
    spec: 'specs/raft/raft.ts',
    bind: { model: 'loss-and-duplication' },
  }),
];
