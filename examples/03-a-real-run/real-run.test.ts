/** The run of this example is made anew, with real processes and `kill -9`, and judged. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { inspectLog, openSources, readEvents, validate, type Validation } from 'bivalent/traces';
import { expect, test } from 'vitest';
import binding from './binding.ts';

const program = fileURLToPath(new URL('run.ts', import.meta.url));
const fromSource = ['--conditions=bivalent-source', '--import', 'tsx'];

async function recordAndValidate(mistake: string): Promise<Validation> {
  const folder = await mkdtemp(join(tmpdir(), 'bivalent-'));
  try {
    await promisify(execFile)(process.execPath, [...fromSource, program, folder, mistake]);
    const log = async () => readEvents(await openSources([folder]), undefined, { truncatedTail: 'ignore' });
    expect((await inspectLog(await log())).result).toBe('valid');
    return await validate(await log(), binding, { invariants: true });
  } finally {
    await rm(folder, { recursive: true });
  }
}

test('a run of the right server is a behaviour of the spec', async () => {
  expect((await recordAndValidate('')).result).toBe('valid');
});

test('a run of the wrong server is not, from the grant that it should not have given', async () => {
  const { result, diagnosis } = await recordAndValidate('wrong');
  expect(result).toBe('invalid');
  expect(diagnosis?.unexplained[0]?.candidates[0]?.mismatches).toEqual([
    { path: 'holder', expected: "'c3'", seen: "'c1'" },
    { path: 'grants.c3', expected: 'is under way', seen: '0' },
  ]);
});
