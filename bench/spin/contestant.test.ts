import { describe, expect, test } from 'vitest';

import { spinContestant } from './contestant.ts';

const missing = spinContestant('two-phase-commit.pml', ['N=3']).absent?.();

describe.skipIf(missing !== undefined)(
  `SPIN explores the states of the spec${missing === undefined ? '' : ` (skipped: ${missing})`}`,
  () => {
    test.each([
      [3, 288, 1146],
      [5, 8832, 58_146],
    ])('two-phase commit with %i managers', async (managers, distinct, generated) => {
      const found = await spinContestant('two-phase-commit.pml', [`N=${managers}`]).run();
      expect({ distinct: found.distinct, generated: found.generated }).toEqual({ distinct, generated });
    });

    // SPIN takes one step where the spec takes one for each majority and witness: fewer transitions, the same states.
    test.each([
      [2, 3921, 22_995],
      [3, 185_369, 1_316_584],
    ])('Paxos with %i ballots', async (ballots, distinct, generated) => {
      const found = await spinContestant('paxos.pml', [`N=${ballots}`]).run();
      expect({ distinct: found.distinct, generated: found.generated }).toEqual({ distinct, generated });
    });
  },
);
