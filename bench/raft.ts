/** Raft as a protocol with three servers: messages with terms and entries in them, crashes, losses and duplications. */
import type { BindOptions } from '../checker/spec/index.ts';
import type { Contest } from './frame/contest.ts';
import { checkContestant } from './frame/contestants.ts';
import { spinContestant } from './spin/contestant.ts';

const states = 'bench/specs/raft-states.ts';
const spec = 'specs/raft/raft.ts';

interface Size {
  readonly title: string;
  readonly constants: NonNullable<BindOptions['constants']>;
  /** The same for SPIN's model. */
  readonly definitions: readonly string[];
  readonly distinct: number;
}

const sizes: readonly Size[] = [
  {
    title: 'Raft, one term, a crash',
    constants: {},
    definitions: ['SLOTS=10'],
    distinct: 917_957,
  },
  {
    title: 'Raft, two terms, a crash, three messages in flight',
    constants: { maxTerm: 2, network: { capacity: 3 } },
    definitions: ['MAXTERM=2', 'CAPACITY=3'],
    distinct: 3_188_513,
  },
  {
    title: 'Raft, two terms, four messages in flight',
    constants: { maxTerm: 2, faults: { crash: 0 }, network: { capacity: 4 } },
    definitions: ['MAXTERM=2', 'CAPACITY=4', 'CRASH=0'],
    distinct: 5_758_023,
  },
  {
    title: 'Raft, one term, a crash, a loss, a duplication',
    constants: { faults: { crash: 1, loss: 1, duplication: 1 } },
    definitions: ['SLOTS=11', 'LOSS=1', 'DUPLICATION=1'],
    distinct: 11_910_387,
  },
];

export const contests: readonly Contest[] = sizes.map(({ title, constants, definitions, distinct }) => {
  const bind = { constants };
  return {
    title,
    distinct,
    contestants: [
      checkContestant('Bivalent', { spec: states, bind }),
      checkContestant('Bivalent --no-reduction', { spec: states, bind, reduction: false }),
      checkContestant('Bivalent, transition invariants too', { spec, bind }),
      spinContestant('SPIN', { file: 'raft.pml', definitions }),
    ],
  };
});
