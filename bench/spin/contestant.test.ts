import { describe, expect, test } from 'vitest';

import { spinContestant, verify } from './contestant.ts';

const missing = spinContestant('SPIN', { file: 'paxos.pml', definitions: [] }).absent?.();

describe.skipIf(missing !== undefined)(`SPIN${missing === undefined ? '' : ` (skipped: ${missing})`}`, () => {
  test.each([
    ['two-phase-commit.pml', ['N=5'], 8832, 58_146],
    ['two-phase-commit.pml', ['N=5', 'BARE'], 8832, 58_146],
    ['paxos.pml', ['N=2'], 3921, 23_563],
    ['paxos.pml', ['N=3'], 185_369, 1_361_380],
    // One step where the spec has one for each majority and witness.
    ['paxos.pml', ['N=3', 'BARE'], 185_369, 1_316_584],
  ])('explores the states and steps of the spec: %s %s', async (file, definitions, distinct, generated) => {
    const found = await spinContestant('SPIN', { file, definitions }).run();
    expect({ distinct: found.distinct, generated: found.generated }).toEqual({ distinct, generated });
  });

  // The last column is how the verifier writes the claim.
  test.each([
    ['two-phase-commit.pml', 'consistent', 'tm = ABORTED; abort = 1', 'tm = ABORTED; abort = 1; commit = 1', '174762'],
    ['two-phase-commit.pml', 'commitNeedsEveryPromise', 'prepared == (1 << N) - 1', 'prepared', 'tm!=2'],
    ['paxos.pml', 'atMostOneChosen', ' && b + 1 >= max##a', '', 'm2b0&m2b1'],
    ['paxos.pml', 'oneProposalPerBallot', 'unproposed(b) (((m2a >> (2 * b)) & 3) == 0)', 'unproposed(b) 1', 'm2a>>'],
    ['paxos.pml', 'promisesAreKept', 'max##a = b + 1; vote##a', 'vote##a', '>=(vote'],
  ])('judges what it asserts: %s, %s', async (file, _, right, wrong, claim) => {
    const edit = (text: string): string => {
      expect(text).toContain(right);
      return text.replace(right, wrong);
    };
    const text = await verify({ file, definitions: ['N=2'] }, edit);
    expect(/assertion violated (.*) \(at depth/.exec(text)?.[1]).toContain(claim);
  });
});
