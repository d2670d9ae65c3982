/** Ongaro's Raft with three servers: large states, a bag of messages, history variables. */
import type { Contest } from './frame/contest.ts';
import { checkContestant, prototypeContestant } from './frame/contestants.ts';

const constants = { Server: 3, MaxTerm: 2, MaxLog: 1, MaxMsgs: 1, MaxDup: 1 };
const stopAfter = 5_000_000;

export const contests: readonly Contest[] = [
  {
    title: 'Raft, 3 servers, the first 5 million generated states',
    contestants: [
      checkContestant('Bivalent', { spec: 'specs/raft-ongaro/raft-ongaro.ts', bind: { constants }, stopAfter }),
      // Another rendering of Raft, without history variables: only its states a second can be compared.
      prototypeContestant('prototype, a smaller Raft', 'raft-groups.mjs', '2', '1', '3', '4000000'),
    ],
  },
];
