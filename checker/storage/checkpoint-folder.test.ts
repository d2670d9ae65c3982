/** A folder of checkpoints gives back what was committed last, or before that, and never anything else. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { checkpointParts, type CheckpointPart, type CheckpointSource } from '../explore/index.ts';
import { temporaryFolder } from '../temporary-folder.test-support.ts';
import { claimFile, claimText } from './claim.ts';
import { createCheckpoints, resumeCheckpoints, type Folder } from './index.ts';

const identity = { 'the spec': 'Toy', 'the constants': '{N: 2}' };
let folder: string;
let place: Folder;

beforeEach(() => {
  folder = join(temporaryFolder(), 'kept');
  place = { path: folder, name: 'kept' };
});

function partOf(source: CheckpointSource, part: CheckpointPart): string {
  const bytes = new Uint8Array(source.size(part));
  source.read(part, bytes);
  return Buffer.from(bytes).toString();
}

/** Commits `one`, then `onetwo`, in every part. */
function commitTwice(): void {
  const target = createCheckpoints(place, identity);
  target.restart();
  for (const [text, facts] of [
    ['one', 'first'],
    ['two', 'second'],
  ] as const) {
    for (const part of checkpointParts) target.append(part, Buffer.from(text));
    target.commit(facts);
  }
}

test('what was appended last, and not committed, is not there', () => {
  commitTwice();
  writeFileSync(join(folder, 'rows-1'), 'and more', { flag: 'a' });
  const { source, note } = resumeCheckpoints(place, identity);
  expect(source.facts).toBe('second');
  expect(checkpointParts.map((part) => partOf(source, part))).toEqual(checkpointParts.map(() => 'onetwo'));
  expect(note).toBeUndefined();
});

test('what could not be completed gives its room back, and the last checkpoint stays whole', () => {
  const target = createCheckpoints(place, identity);
  const keep = (text: string): void => {
    for (const part of checkpointParts) target.append(part, Buffer.from(text));
  };
  target.restart();
  keep('one');
  target.commit('first');
  keep('two');
  target.abandon();
  expect(readFileSync(join(folder, 'rows-1'), 'utf8')).toBe('one');
  target.restart();
  keep('three');
  target.abandon();
  expect(generations()).toEqual(['', '1']);
  expect(resumeCheckpoints(place, identity).source.facts).toBe('first');
  target.restart();
  keep('four');
  target.commit('second');
  const { source } = resumeCheckpoints(place, identity);
  expect([source.facts, partOf(source, 'rows')]).toEqual(['second', 'four']);
});

describe('the checkpoint before the last is taken', () => {
  const whole = ['manifest', ...checkpointParts.map((part) => `${part}-1`)];

  test.each(whole)('where the last byte of %s is missing', (name) => {
    commitTwice();
    truncateSync(join(folder, name), readFileSync(join(folder, name)).length - 1);
    expectFirst(`${name} is not what was written`);
  });

  test.each(whole)('where a bit of the end of %s is wrong', (name) => {
    commitTwice();
    const bytes = readFileSync(join(folder, name));
    bytes[bytes.length - 1]! ^= 4;
    writeFileSync(join(folder, name), bytes);
    expectFirst(`${name} is not what was written`);
  });
});

test('a checkpoint of which nothing is whole is refused', () => {
  commitTwice();
  truncateSync(join(folder, 'rows-1'), 2);
  expect(() => resumeCheckpoints(place, identity)).toThrow(
    `no checkpoint in kept is whole (rows-1 is not what was written): begin anew, with --checkpoint and another folder`,
  );
  rmSync(join(folder, 'rows-1'));
  expect(() => resumeCheckpoints(place, identity)).toThrow(
    `no checkpoint in kept is whole (rows-1 is not there): begin anew, with --checkpoint and another folder`,
  );
});

test('the files of an old generation go when no manifest needs them', () => {
  commitTwice();
  const { target } = resumeCheckpoints(place, identity);
  target.restart();
  target.commit('third');
  expect(generations()).toEqual(['', '1', '2']);
  target.commit('fourth');
  expect(generations()).toEqual(['', '2']);
  expect(resumeCheckpoints(place, identity).source.facts).toBe('fourth');
});

test('a run that was killed before its first checkpoint begins anew', () => {
  createCheckpoints(place, identity);
  expect(resumeCheckpoints(place, identity).source.facts).toBeUndefined();
});

test('a folder that holds a run is not taken for another', () => {
  createCheckpoints(place, identity);
  expect(() => createCheckpoints(place, identity)).toThrow(
    `kept holds the checkpoint of a run: --resume goes on with it; name another folder for a new run`,
  );
});

test('a folder with foreign files where those of a run would be is left alone', () => {
  mkdirSync(folder);
  writeFileSync(join(folder, 'notes.txt'), 'mine');
  writeFileSync(join(folder, 'manifest'), 'of a ship');
  writeFileSync(join(folder, 'rows-1'), 'of seats');
  expect(() => createCheckpoints(place, identity)).toThrow(
    `kept holds files that are not of a checkpoint, but have the names of its files (manifest, rows-1): name another folder`,
  );
  rmSync(join(folder, 'manifest'));
  rmSync(join(folder, 'rows-1'));
  createCheckpoints(place, identity);
  expect(readFileSync(join(folder, 'notes.txt'), 'utf8')).toBe('mine');
});

test('a run that was killed while it wrote its first manifest leaves a folder that another can take', () => {
  mkdirSync(folder);
  writeFileSync(join(folder, 'manifest.next'), 'bivalent check');
  expect(() => resumeCheckpoints(place, identity)).toThrow(`kept holds no checkpoint: --checkpoint makes one`);
  createCheckpoints(place, identity);
  expect(resumeCheckpoints(place, identity).source.facts).toBeUndefined();
});

test('a folder in which another process keeps its run is refused until that is gone', async () => {
  commitTwice();
  const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  await once(other, 'spawn');
  writeFileSync(join(folder, claimFile), claimText(other.pid!));
  expect(() => resumeCheckpoints(place, identity)).toThrow(
    `another run keeps itself in kept (process ${other.pid}): wait for its end, or name another folder`,
  );
  other.kill('SIGKILL');
  await once(other, 'exit');
  expect(resumeCheckpoints(place, identity).source.facts).toBe('second');
});

test('a process that has the number of one that is gone does not hold its folder', () => {
  commitTwice();
  writeFileSync(join(folder, claimFile), JSON.stringify({ process: process.ppid, started: 'long ago' }));
  expect(resumeCheckpoints(place, identity).source.facts).toBe('second');
  writeFileSync(join(folder, claimFile), 'torn');
  expect(resumeCheckpoints(place, identity).source.facts).toBe('second');
});

test('a folder that holds nothing cannot be resumed', () => {
  expect(() => resumeCheckpoints(place, identity)).toThrow(`kept holds no checkpoint: --checkpoint makes one`);
});

test('a run that is not the same is refused, with the difference', () => {
  createCheckpoints(place, identity);
  expect(() => resumeCheckpoints(place, { ...identity, 'the constants': '{N: 3}' })).toThrow(
    `the checkpoint in kept is of another run: the constants: {N: 2} then, {N: 3} now`,
  );
  expect(() => resumeCheckpoints(place, { ...identity, '--mutant': 'x'.repeat(300) })).toThrow(
    `the checkpoint in kept is of another run: --mutant: not the same as then`,
  );
});

test('a path that is a file is refused', () => {
  writeFileSync(folder, '');
  expect(() => createCheckpoints(place, identity)).toThrow(
    `cannot write the checkpoint in kept: it is a file, not a folder`,
  );
});

/** Expects that the first checkpoint is taken, and that it stays until the next is complete. */
function expectFirst(damage: string): void {
  const { source, note, target } = resumeCheckpoints(place, identity);
  expect(source.facts).toBe('first');
  expect(checkpointParts.map((part) => partOf(source, part))).toEqual(checkpointParts.map(() => 'one'));
  expect(note).toBe(`the last checkpoint is damaged (${damage}): the one before it was taken`);
  // It stays there until the next is complete.
  target.restart();
  expect(resumeCheckpoints(place, identity).source.facts).toBe('first');
  target.commit('third');
  expect(resumeCheckpoints(place, identity).source.facts).toBe('third');
}

/** The numbers in the names of the files. */
function generations(): string[] {
  return [...new Set(readdirSync(folder).map((name) => name.replace(/\D/g, '')))].sort();
}
