/** What learning brings: the same checks by the simple explorer of the tests, which runs user code on every state. */
import type { Contest } from './frame/contest.ts';
import { checkContestant } from './frame/contestants.ts';

const contest = (title: string, spec: string, distinct: number, constants: Record<string, number>): Contest => ({
  title,
  distinct,
  contestants: [
    checkContestant('Bivalent', { spec, bind: { constants } }),
    checkContestant('called on every state', { spec, bind: { constants }, engine: 'direct', audit: 'none' }),
    checkContestant('reference explorer', { spec, bind: { constants }, engine: 'reference' }),
  ],
});

export const contests: readonly Contest[] = [
  contest('Two-phase commit, 6 managers', 'specs/two-phase-commit/two-phase-commit.ts', 50_816, { RM: 6 }),
  contest('Raft, 2 servers, 2 messages', 'specs/raft-ongaro/raft-ongaro.ts', 15_254, { MaxMsgs: 2 }),
  contest('Paxos, 2 ballots', 'specs/paxos/paxos.ts', 3_921, {}),
];
