import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { schemaErrors } from '../report/schema.test-support.ts';
import { bivalent, folderWith } from './command.test-support.ts';

const folder = await folderWith({});
const check = (...args: readonly string[]): ReturnType<typeof bivalent> =>
  bivalent(['check', 'two-phase-commit', '--fingerprint', ...args], folder);

test('--fingerprint says what its answer rests on', async () => {
  const { code, stdout } = await check('--const', 'RM=6', '--report', 'result.json');
  expect(code).toBe(0);
  expect(stdout).toMatch(
    /^✓ TwoPhaseCommit holds in every reachable state, unless two states have the same fingerprint\n\n  50,816 distinct states/,
  );
  expect(stdout).toMatch(
    /\n  states were told apart by fingerprints of 64 bits; the probability that two states had the same: 9\.7e-10 calculated, 7\.0e-11 for random numbers, \d\.\de-\d+ observed\n/,
  );
  const document: unknown = JSON.parse(readFileSync(join(folder, 'result.json'), 'utf8'));
  expect(schemaErrors(document)).toBeNull();
  expect(document).toMatchObject({ result: 'ok', distinctStates: 50_816, fingerprints: { bits: 64 } });
});

test('--fingerprint refuses to keep a run that has no states', async () => {
  expect(await check('--checkpoint', 'kept')).toEqual({
    code: 2,
    stdout: '',
    stderr: 'error: a run with --fingerprint cannot be kept: it has no states from which another run could go on\n',
  });
});
