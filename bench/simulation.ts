/**
 * Random walks, each of ten states, of which none can end earlier: `bivalent simulate`, and Quint's simulator.
 *
 * Both look at the same two invariants in each state. They draw differently: this engine an action and then one of its steps,
 * Quint an action and a manager at once, and again where that is not possible.
 */
import type { Contest } from './frame/contest.ts';
import { checkContestant } from './frame/contestants.ts';
import { quintContestant } from './quint/contestant.ts';

const walks = { walks: 5000, depth: 10 };

export const contests: readonly Contest[] = [
  {
    title: 'Simulation: 5,000 walks of 10 states, two-phase commit with 9 managers',
    contestants: [
      checkContestant('Bivalent simulate', {
        spec: 'bench/specs/two-phase-commit-states.ts',
        bind: { constants: { RM: 9 } },
        walks,
      }),
      quintContestant('two-phase-commit.qnt', ['consistent', 'commitNeedsEveryPromise'], walks),
    ],
  },
];
