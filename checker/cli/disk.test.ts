/** Checks that do not fit into memory, on real disks that are also too small, or cannot be written. */
import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../temporary-folder.test-support.ts';
import { asAnother, bivalent, fromSource, withSmallFiles, type Finished } from './command.test-support.ts';

const folder = temporaryFolder();
chmodSync(folder, 0o755);
const disk = join(folder, 'disk');
mkdirSync(disk);

const onDisk = (memory: string, size = '1g'): string[] =>
  `--memory-limit ${memory} --disk-limit ${size} --disk disk`.split(' ');
const large = ['check', 'two-phase-commit', '--const', 'RM=7', '--json'];

type Document = Record<string, unknown>;

function documentOf({ stdout }: Finished): Document {
  return JSON.parse(stdout) as Document;
}

/** What does not depend on time, memory and disk. */
function outcome(finished: Finished): Document {
  const varying = ['seconds', 'statesPerSecond', 'bytesPerState', 'peakMemoryBytes', 'disk', 'samples', 'command'];
  return Object.fromEntries(Object.entries(documentOf(finished)).filter(([name]) => !varying.includes(name)));
}

test('a check of 1.7 million states in 20 MiB counts what is known of it, and leaves no file', async () => {
  const args = ['check', 'two-phase-commit', '--const', 'RM=8', '--json', ...onDisk('20m')];
  const finished = await bivalent(args, folder);
  const { result, distinctStates, generatedStates, depth, disk: used } = documentOf(finished);
  expect({ result, distinctStates, generatedStates, depth }).toEqual({
    result: 'ok',
    distinctStates: 1_745_408,
    generatedStates: 18_507_778,
    depth: 26,
  });
  const { states, bytes, peakBytes } = used as { states: number; bytes: number; peakBytes: number };
  expect(states).toBe(1_745_408);
  // Of one or two words for the state, twice; one for its parent; one for its sleep set.
  expect(bytes / states).toBeLessThanOrEqual(24);
  expect(peakBytes).toBeLessThan(2 * bytes);
  expect(finished.code).toBe(0);
  expect(readdirSync(disk)).toEqual([]);
}, 120_000);

test('a check on disk prints what it prints in memory, with one thread or with more', async () => {
  const expected = outcome(await bivalent([...large, '--workers', '1'], folder));
  const inMemory = documentOf(await bivalent([...large, '--workers', '1', ...onDisk('1g')], folder));
  expect(inMemory['disk']).toBe(undefined);
  expect(outcome(await bivalent([...large, '--workers', '1', ...onDisk('3m')], folder))).toEqual(expected);
  const { notes, ...rest } = outcome(await bivalent([...large, '--workers', '2', ...onDisk('9m')], folder));
  expect({ ...rest, notes: [] }).toEqual({ ...expected, notes: [] });
  expect(notes).toEqual(['the check went on with one thread once there were states on disk']);
}, 120_000);

test('a violation that is found on disk has the counterexample that is found in memory', async () => {
  const mutant = [...large, '--mutant', 'the TM commits on a majority', '--workers', '1'];
  const expected = await bivalent(mutant, folder);
  const finished = await bivalent([...mutant, ...onDisk('1m')], folder);
  expect(documentOf(finished)['disk']).toBeDefined();
  expect(outcome(finished)).toEqual(outcome(expected));
  expect([finished.code, readdirSync(disk)]).toEqual([1, []]);
}, 120_000);

test('an upper bound on disk ends a check as incomplete', async () => {
  const finished = await bivalent([...large, ...onDisk('3m', '3m')], folder);
  const { reason, distinctStates, disk: used } = documentOf(finished);
  expect([finished.code, reason]).toEqual([3, 'stopped at 3 MiB of files (--disk-limit 3m)']);
  const { states, bytes, peakBytes } = used as { states: number; bytes: number; peakBytes: number };
  expect(states).toBe(distinctStates);
  expect(peakBytes).toBeLessThanOrEqual(3 * 2 ** 20);
  // There are as many states as there is room for.
  expect(((states + 1) * bytes) / states).toBeGreaterThan(3 * 2 ** 20);
  const tooSmall = await bivalent([...large, ...onDisk('3m', '100k')], folder);
  expect(documentOf(tooSmall)['reason']).toMatch(
    /\(--memory-limit 3m\): these states take more than 100 KiB of files \(--disk-limit 100k\)$/,
  );
  expect(readdirSync(disk)).toEqual([]);
}, 120_000);

test('a full disk ends a check as incomplete', async () => {
  for (const blocks of [100, 1800]) {
    const finished = await withSmallFiles(blocks, folder, [...large, '--workers', '1', ...onDisk('3m')]);
    const { result, reason, distinctStates } = documentOf(finished);
    expect(reason).toMatch(/cannot keep more states in disk: a file would be larger than is allowed$/);
    expect([finished.code, result, finished.stderr]).toEqual([3, 'incomplete', '']);
    expect(distinctStates).toBeGreaterThan(10_000);
    expect(readdirSync(disk)).toEqual([]);
  }
}, 120_000);

test.each([
  [
    ['--disk-limit', '1g'],
    '--disk-limit takes the states that --memory-limit <size> has no room for: set that limit, too',
  ],
  [['--disk', 'disk'], '--disk says where --disk-limit <size> puts states: set a limit, too'],
  [
    [...onDisk('1m'), '--checkpoint', 'kept'],
    'a run with --disk-limit cannot be kept: its files are gone when it ends, and are too large to be copied',
  ],
  [
    [...onDisk('1m'), '--partial-order'],
    '--partial-order cannot be had with --disk-limit, where states are found many at once, and in no other run: leave one of the two out',
  ],
  [
    ['--memory-limit', '1g', '--disk-limit', '1g', '--disk', 'none'],
    'cannot keep states in none: there is no such folder',
  ],
])('%j is refused', async (flags, message) => {
  const { code, stdout, stderr } = await bivalent(['check', 'two-phase-commit', ...flags], folder);
  expect({ code, stdout, message: stderr.split('\n')[0] }).toEqual({
    code: 2,
    stdout: '',
    message: `error: ${message}`,
  });
});

test('a folder that cannot be written is refused before anything is explored', async () => {
  const locked = join(folder, 'locked');
  mkdirSync(locked, { mode: 0o555 });
  const flags = ['--memory-limit', '1g', '--disk-limit', '1g', '--disk', 'locked'];
  const { code, stdout, stderr } = await asAnother(folder, ['check', 'two-phase-commit', ...flags]);
  expect([code, stdout, stderr]).toEqual([2, '', 'error: cannot keep states in locked: permission denied\n']);
});

const endless = `import { defineSpec } from 'bivalent';
export default defineSpec({
  name: 'Endless',
  init: () => ({ a: 0, b: 0, c: 0 }),
  actions: {
    a: (s) => { s.a += 1; if (s.a === 300) throw new Error('too far'); },
    b: (s) => { s.b += 1; },
    c: (s) => { s.c += 1; },
  },
});
`;

/** Waits until a check has begun to leave states on disk. */
async function spilled(): Promise<void> {
  while (readdirSync(disk).every((name) => readdirSync(join(disk, name)).length < 2)) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test('an error of the spec, Ctrl-C and the end of the process leave no file', async () => {
  writeFileSync(join(folder, 'endless.ts'), endless);
  const check = ['check', 'endless.ts', '--workers', '1', ...onDisk('2m')];
  const child = spawn(process.execPath, [...fromSource, ...check], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  let said = '';
  child.stdout.on('data', (text: Buffer) => (said += text.toString()));
  await spilled();
  child.kill('SIGINT');
  expect([await ended, said.split('\n')[0]]).toEqual([
    3,
    '? Endless: incomplete, stopped by Ctrl-C; no violation found',
  ]);
  expect(readdirSync(disk)).toEqual([]);
  const terminated = spawn(process.execPath, [...fromSource, ...check], { cwd: folder, stdio: 'ignore' });
  const died = new Promise<string | null>((resolve) => terminated.on('close', (_, signal) => resolve(signal)));
  await spilled();
  terminated.kill('SIGTERM');
  expect([await died, readdirSync(disk)]).toEqual(['SIGTERM', []]);
  writeFileSync(join(folder, 'failing.ts'), endless.replace('300', '60'));
  const failed = await bivalent(['check', 'failing.ts', '--workers', '1', ...onDisk('600k')], folder);
  expect([failed.code, readdirSync(disk)]).toEqual([2, []]);
}, 120_000);
