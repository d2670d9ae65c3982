/** What `--fingerprint` saves and costs: the same check with whole states, and with fingerprints of those expanded. */
import type { Contest } from './frame/contest.ts';
import { checkContestant, type CheckRequest } from './frame/contestants.ts';

const contest = (title: string, distinct: number, request: CheckRequest): Contest => ({
  title: `Fingerprints: ${title}`,
  distinct,
  contestants: [
    checkContestant('whole states', request),
    checkContestant('fingerprints', { ...request, fingerprint: true }),
  ],
});

export const contests: readonly Contest[] = [
  contest('two-phase commit, 9 managers', 10_340_352, {
    spec: 'specs/two-phase-commit/two-phase-commit.ts',
    bind: { constants: { RM: 9 } },
  }),
  contest('Raft as a protocol, 3 servers', 11_910_387, {
    spec: 'specs/raft/raft.ts',
    bind: { model: 'loss-and-duplication' },
  }),
];
