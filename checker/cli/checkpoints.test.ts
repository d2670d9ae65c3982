/** Runs that are killed, and go on. `BIVALENT_KILLS=50` kills one fifty times. */
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../temporary-folder.test-support.ts';
import { asAnother, bivalent, fromSource, withSmallFiles, type Finished } from './command.test-support.ts';

const kills = Number(process.env['BIVALENT_KILLS'] ?? 4);
const timeout = 60_000 + 10_000 * kills;

const folder = temporaryFolder();

const check = ['check', 'two-phase-commit', '--const', 'RM=7', '--json'];

/** What must be the same whether a run was killed or not. */
function outcome({ stdout }: Finished): unknown {
  const { result, distinctStates, generatedStates, depth, actions } = JSON.parse(stdout) as Record<string, unknown>;
  return { result, distinctStates, generatedStates, depth, actions };
}

/** Starts a run and kills it, as `kill -9` does, so many milliseconds after its manifest appears. */
async function killed(args: readonly string[], manifest: string, afterMs: number): Promise<boolean> {
  const child = spawn(process.execPath, [...fromSource, ...args], { cwd: folder, stdio: 'ignore' });
  const ended = new Promise<boolean>((resolve) => child.on('exit', (_, signal) => resolve(signal === 'SIGKILL')));
  while (!existsSync(manifest) && child.exitCode === null) await sleep(5);
  await sleep(afterMs);
  child.kill('SIGKILL');
  return ended;
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

test('a run that is killed again and again ends with the result of one that was not', { timeout }, async () => {
  const expected = outcome(await bivalent(check, folder));
  const manifest = join(folder, 'kept', 'manifest');
  let cut = 0;
  for (let i = 0; i < kills; i++) {
    const how = existsSync(manifest) ? ['--resume', 'kept'] : ['--checkpoint', 'kept'];
    const afterMs = Math.floor(Math.random() * 900);
    if (await killed([...check, ...how, '--every', '20ms'], manifest, afterMs)) cut++;
    if (i % 5 < 4) continue;
    // From time to time it may come to its end, and another begins.
    expect(outcome(await bivalent([...check, '--resume', 'kept'], folder))).toEqual(expected);
    rmSync(join(folder, 'kept'), { recursive: true });
  }
  expect(cut).toBeGreaterThan(0);
  if (existsSync(manifest)) {
    expect(outcome(await bivalent([...check, '--resume', 'kept'], folder))).toEqual(expected);
  }
});

test('a spec that has changed since, or what it imports, is refused', { timeout }, async () => {
  const write = (limit: number): void => {
    writeFileSync(join(folder, 'limit.ts'), `export const limit = ${limit};\n`);
  };
  writeFileSync(
    join(folder, 'spec.ts'),
    `import { defineSpec, when } from 'bivalent';
import { limit } from './limit.ts';
export default defineSpec({
  name: 'Counter',
  constants: { side: 1 },
  init: () => ({ a: 0, b: 0 }),
  actions: {
    up: (s) => { when(s.a < limit); s.a += 1; },
    side: (s, { side }) => { when(s.b < limit); s.b += side; },
  },
  deadlock: false,
});
`,
  );
  write(80);
  const first = await bivalent(['check', 'spec.ts', '--checkpoint', 'counted', '--max-depth', '70'], folder);
  expect(first.code).toBe(3);
  expect(first.stdout).toContain('the same command with --resume counted goes on with this run');
  write(81);
  const changed = await bivalent(['check', 'spec.ts', '--resume', 'counted'], folder);
  expect(changed.code).toBe(2);
  expect(changed.stderr).toMatch(
    /^error: the checkpoint in counted is of another run: the code of the spec and of what it imports: [0-9a-f]{64} then, [0-9a-f]{64} now\n$/,
  );
  write(80);
  const capped = await bivalent(['check', 'spec.ts', '--resume', 'counted', '--const', 'side=2'], folder);
  expect(capped).toEqual({
    code: 2,
    stdout: '',
    stderr: 'error: the checkpoint in counted is of another run: the constant side: 1 then, 2 now\n',
  });
  const same = await bivalent(['check', 'spec.ts', '--resume', 'counted'], folder);
  expect(same.stdout).toMatch(/6,561 distinct states, 12,961 generated, [\d,]+ skipped, depth 161/);
});

test('a disk that is full does not end the run; the result says that it was not kept', { timeout }, async () => {
  const { code, stdout } = await withSmallFiles(600, folder, [...check, '--checkpoint', 'full', '--every', '50ms']);
  const { notes } = JSON.parse(stdout) as { notes: readonly string[] };
  expect(code).toBe(0);
  expect(notes).toEqual(['cannot write the checkpoint in full: a file would be larger than is allowed']);
  // What was kept before is whole.
  expect(readFileSync(join(folder, 'full', 'manifest'), 'utf8')).toContain('"facts"');
  const resumed = await bivalent([...check, '--resume', 'full'], folder);
  expect(outcome(resumed)).toEqual(outcome({ code, stdout, stderr: '' }));
});

test('a disk that is full from the beginning is said before anything is explored, or with the result', async () => {
  const nothingFits = await withSmallFiles(0, folder, [...check, '--checkpoint', 'nothing']);
  expect([nothingFits.code, JSON.parse(nothingFits.stdout)]).toEqual([
    2,
    {
      schemaVersion: 1,
      result: 'error',
      error: {
        code: 'checkpoint/write',
        message: 'cannot write the checkpoint in nothing: a file would be larger than is allowed',
      },
    },
  ]);
  expect(readdirSync(join(folder, 'nothing'))).toEqual([]);
  const littleFits = await withSmallFiles(2, folder, [...check, '--checkpoint', 'little', '--every', '20ms']);
  const { result, notes } = JSON.parse(littleFits.stdout) as { result: string; notes: readonly string[] };
  expect([littleFits.code, result, notes]).toEqual([
    0,
    'ok',
    ['cannot write the checkpoint in little: a file would be larger than is allowed'],
  ]);
  // What could not be completed takes no room.
  expect(readdirSync(join(folder, 'little')).filter((name) => !/^manifest|^writer$|-[12]$/.test(name))).toEqual([]);
  const resumed = await bivalent([...check, '--resume', 'little'], folder);
  expect(outcome(resumed)).toEqual(outcome(littleFits));
}, 120_000);

test('a folder that cannot be written is refused before anything is explored', async () => {
  chmodSync(folder, 0o755);
  mkdirSync(join(folder, 'locked'), { mode: 0o555 });
  for (const [name, reason] of [
    ['locked', 'permission denied'],
    ['locked/kept', 'permission denied'],
    ['nowhere/kept', 'the folder that it would be in does not exist, or takes no folders'],
  ] as const) {
    const { code, stdout, stderr } = await asAnother(folder, ['check', 'two-phase-commit', '--checkpoint', name]);
    expect([code, stdout, stderr]).toEqual([2, '', `error: cannot write the checkpoint in ${name}: ${reason}\n`]);
  }
});
