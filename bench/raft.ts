/** Raft as a protocol with three servers: one crash, one loss, one duplication, every state of one term. */
import type { Contest } from './frame/contest.ts';
import { checkContestant } from './frame/contestants.ts';

export const contests: readonly Contest[] = [
  {
    title: 'Raft as a protocol, 3 servers, 11,910,387 states',
    contestants: [checkContestant('Bivalent', { spec: 'specs/raft/raft.ts', bind: { model: 'loss-and-duplication' } })],
  },
];
