import { describe, expect, test } from 'vitest';

import { spinContestant } from './contestant.ts';

const missing = spinContestant('two-phase-commit.pml', ['N=3']).absent?.();

describe.skipIf(missing !== undefined)(
  `SPIN explores the graph of the spec${missing === undefined ? '' : ` (skipped: ${missing})`}`,
  () => {
    test.each([
      [3, 288, 1146],
      [5, 8832, 58_146],
    ])('with %i managers', async (managers, distinct, generated) => {
      const found = await spinContestant('two-phase-commit.pml', [`N=${managers}`]).run();
      expect({ distinct: found.distinct, generated: found.generated }).toEqual({ distinct, generated });
    });
  },
);
