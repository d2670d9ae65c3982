import { describe, expect, test } from 'vitest';
import { schemaErrors } from '../report/schema.test-support.ts';
import { bivalent } from './command.test-support.ts';

const check = (...args: readonly string[]): ReturnType<typeof bivalent> =>
  bivalent(['check', 'two-phase-commit', ...args]);

describe('--fingerprint', () => {
  test('says what its answer rests on', async () => {
    const { code, stdout } = await check('--const', 'RM=6', '--fingerprint');
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^✓ TwoPhaseCommit holds in every reachable state, unless two states have the same fingerprint\n\n  50,816 distinct states/,
    );
    expect(stdout).toMatch(
      /\n  states were told apart by fingerprints of 64 bits; the probability that two states had the same: 9\.7e-10 calculated, 7\.0e-11 for random numbers, \d\.\de-\d+ observed\n/,
    );
  });

  test('says so in JSON, too', async () => {
    const { stdout } = await check('--const', 'RM=6', '--fingerprint', '--json');
    const result = JSON.parse(stdout);
    expect(schemaErrors(result)).toBeNull();
    expect(result).toMatchObject({ result: 'ok', distinctStates: 50_816, fingerprints: { bits: 64 } });
  });

  test.each([
    [
      ['--checkpoint', 'kept'],
      'a run with --fingerprint cannot be kept: it has no states from which another run could go on',
    ],
    [
      ['--partial-order'],
      '--partial-order cannot be had with --fingerprint, which keeps no states: leave one of the two out',
    ],
  ])('refuses %j', async (args, message) => {
    expect(await check('--fingerprint', ...args)).toEqual({ code: 2, stdout: '', stderr: `error: ${message}\n` });
  });
});
