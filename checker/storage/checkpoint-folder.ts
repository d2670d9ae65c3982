/**
 * Checkpoints in a folder.
 *
 * The parts of a checkpoint are files to which each checkpoint appends. A manifest says how much of each file belongs
 * to it, and the checksum of that much; it is written beside the old one, made durable after the files are, and renamed
 * over it. So a run that is killed, at whatever moment, leaves a whole manifest. The manifest before the last is kept
 * too: where the last one or its files are damaged, that one is taken.
 *
 * When a search begins its parts anew, they go to files of a new *generation*; those of old generations are removed as
 * soon as neither manifest needs them.
 */
import * as fs from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';

import { BivalentError } from '../core/index.ts';
import {
  checkpointParts,
  type CheckpointPart,
  type CheckpointSource,
  type CheckpointTarget,
} from '../explore/index.ts';
import { claim } from './claim.ts';
import { isManifest, manifestText, parseManifest, type Manifest, type Part, type RunIdentity } from './manifest.ts';

import { reasonOf, type Folder } from './reasons.ts';

export type { RunIdentity } from './manifest.ts';

const current = 'manifest';
const previous = 'manifest.previous';
const next = 'manifest.next';

/** Bytes that are read or written by one call of the system. */
const chunkBytes = 1 << 26;

/** A run to go on with. */
export interface Resumed {
  readonly source: CheckpointSource;
  readonly target: CheckpointTarget;
  /** That the last checkpoint is damaged, and the one before it was taken; undefined where it is whole. */
  readonly note: string | undefined;
}

/**
 * Makes a folder for the checkpoints of a new run.
 *
 * @throws BivalentError `checkpoint/exists` where it holds those of another run, or foreign files of such names;
 *   `checkpoint/busy` where another run writes there; `checkpoint/write` where it cannot be written
 */
export function createCheckpoints(folder: Folder, run: RunIdentity): CheckpointTarget {
  writing(folder, () => {
    // Not its parents, too: Node never returns where one of them can neither be found nor be made.
    if (fs.statSync(folder.path, { throwIfNoEntry: false })?.isDirectory() !== true) fs.mkdirSync(folder.path);
  });
  requireUnused(folder);
  const target = new CheckpointFolder(folder, run, 0);
  target.commitNothing();
  claim(folder);
  return target;
}

/** Refuses a folder that holds another run, or files of other programs where those of a run would be. */
function requireUnused({ path, name }: Folder): void {
  const names = fs
    .readdirSync(path)
    .filter((file) => [current, previous].includes(file) || generationOf(file) !== undefined);
  if (names.length === 0) return;
  const isRun = names.includes(current) && isManifest(fs.readFileSync(join(path, current), 'utf8'));
  const what = isRun
    ? 'the checkpoint of a run: --resume goes on with it; name another folder for a new run'
    : `files that are not of a checkpoint, but have the names of its files (${names.join(', ')}): name another folder`;
  throw new BivalentError('checkpoint/exists', `${name} holds ${what}`);
}

/**
 * Opens the checkpoints of a run that ended before its time.
 *
 * @throws BivalentError `checkpoint/missing`, `checkpoint/damaged`, `checkpoint/busy`; `checkpoint/changed` where it is not the run that is
 *   asked for, with what is different
 */
export function resumeCheckpoints(folder: Folder, run: RunIdentity): Resumed {
  const names = [current, previous].filter((name) => fs.existsSync(join(folder.path, name)));
  if (names.length === 0) {
    throw new BivalentError('checkpoint/missing', `${folder.name} holds no checkpoint: --checkpoint makes one`);
  }
  claim(folder);
  const damages: string[] = [];
  for (const name of names) {
    const manifest = readManifest(folder, name);
    if (typeof manifest === 'string') {
      damages.push(manifest);
      continue;
    }
    const difference = differenceOf(manifest.run, run);
    if (difference !== undefined) {
      throw new BivalentError(
        'checkpoint/changed',
        `the checkpoint in ${folder.name} is of another run: ${difference}`,
      );
    }
    const note =
      damages.length === 0 ? undefined : `the last checkpoint is damaged (${damages[0]}): the one before it was taken`;
    // The damaged one must not become the previous one of the next.
    if (name === previous)
      writing(folder, () => fs.renameSync(join(folder.path, previous), join(folder.path, current)));
    const target = new CheckpointFolder(folder, run, manifest.generation);
    return { source: new FolderSource(folder, manifest), target, note };
  }
  throw new BivalentError(
    'checkpoint/damaged',
    `no checkpoint in ${folder.name} is whole (${[...new Set(damages)].join('; ')}): begin anew, with --checkpoint and another folder`,
  );
}

/** What is different between the run that was kept and the one that is asked for; undefined where they are the same. */
function differenceOf(kept: RunIdentity, asked: RunIdentity): string | undefined {
  for (const name of new Set([...Object.keys(kept), ...Object.keys(asked)])) {
    const [a, b] = [kept[name] ?? 'not set', asked[name] ?? 'not set'];
    if (a === b) continue;
    const shows = a.length + b.length < 200;
    return shows ? `${name}: ${a} then, ${b} now` : `${name}: not the same as then`;
  }
  return undefined;
}

/** The manifest in a file; a sentence where it, or a file that it names, is damaged. */
function readManifest(folder: Folder, name: string): Manifest | string {
  try {
    const manifest = parseManifest(fs.readFileSync(join(folder.path, name), 'utf8'));
    if (manifest === undefined) return `${name} is not what was written`;
    for (const part of checkpointParts) {
      const { bytes, checksum } = manifest.parts[part];
      const file = fileOf(part, manifest.generation);
      if (bytes > 0 && !fs.existsSync(join(folder.path, file))) return `${file} is not there`;
      if (bytes > 0 && checksumOf(join(folder.path, file), bytes) !== checksum)
        return `${file} is not what was written`;
    }
    return manifest;
  } catch (error) {
    return (error as Error).message;
  }
}

/** The checksum of the first bytes of a file; undefined where it is shorter. */
function checksumOf(file: string, bytes: number): number | undefined {
  const descriptor = fs.openSync(file, 'r');
  try {
    const buffer = new Uint8Array(Math.min(bytes, chunkBytes));
    let checksum = 0;
    for (let left = bytes; left > 0;) {
      const read = fs.readSync(descriptor, buffer, 0, Math.min(left, buffer.length), null);
      if (read === 0) return undefined;
      checksum = crc32(buffer.subarray(0, read), checksum);
      left -= read;
    }
    return checksum;
  } finally {
    fs.closeSync(descriptor);
  }
}

function fileOf(part: CheckpointPart, generation: number): string {
  return `${part}-${generation}`;
}

/** The generation of a file that has the name of a part; undefined of other files. */
function generationOf(file: string): number | undefined {
  const [, part, generation] = /^([a-z]+)-(\d+)$/.exec(file) ?? [];
  return (checkpointParts as readonly (string | undefined)[]).includes(part) ? Number(generation) : undefined;
}

class FolderSource implements CheckpointSource {
  readonly facts: string | undefined;
  readonly #folder: Folder;
  readonly #manifest: Manifest;

  constructor(folder: Folder, manifest: Manifest) {
    this.#folder = folder;
    this.#manifest = manifest;
    this.facts = manifest.facts;
  }

  size(part: CheckpointPart): number {
    return this.#manifest.parts[part].bytes;
  }

  read(part: CheckpointPart, into: Uint8Array): void {
    if (into.length === 0) return;
    const file = join(this.#folder.path, fileOf(part, this.#manifest.generation));
    const descriptor = fs.openSync(file, 'r');
    try {
      for (let at = 0; at < into.length;) {
        const read = fs.readSync(descriptor, into, at, Math.min(chunkBytes, into.length - at), null);
        if (read === 0) throw new BivalentError('checkpoint/damaged', `${file} ends too early`);
        at += read;
      }
    } finally {
      fs.closeSync(descriptor);
    }
  }
}

class CheckpointFolder implements CheckpointTarget {
  readonly #folder: Folder;
  readonly #run: RunIdentity;
  #generation: number;
  #files = new Map<CheckpointPart, number>();
  #parts = emptyParts();
  /** What belongs to the last checkpoint that is complete. */
  #complete: { readonly generation: number; readonly parts: Record<CheckpointPart, Part> } | undefined;

  constructor(folder: Folder, run: RunIdentity, generation: number) {
    this.#folder = folder;
    this.#run = run;
    this.#generation = generation;
  }

  restart(): void {
    writing(this.#folder, () => {
      this.#close();
      this.#parts = emptyParts();
      this.#generation++;
      for (const part of checkpointParts) {
        this.#files.set(part, fs.openSync(join(this.#folder.path, fileOf(part, this.#generation)), 'w'));
      }
    });
  }

  append(part: CheckpointPart, bytes: Uint8Array): void {
    writing(this.#folder, () => {
      const file = this.#files.get(part) as number;
      for (let at = 0; at < bytes.length;) {
        at += fs.writeSync(file, bytes, at, Math.min(chunkBytes, bytes.length - at));
      }
      const { bytes: before, checksum } = this.#parts[part];
      this.#parts[part] = { bytes: before + bytes.length, checksum: crc32(bytes, checksum) };
    });
  }

  commit(facts: string): void {
    writing(this.#folder, () => {
      for (const file of this.#files.values()) fs.fsyncSync(file);
      this.#writeManifest(facts);
      this.#complete = { generation: this.#generation, parts: { ...this.#parts } };
      this.#removeOldGenerations();
    });
  }

  abandon(): void {
    const { generation, parts } = this.#complete ?? { generation: -1, parts: emptyParts() };
    for (const [part, file] of this.#files) {
      unlessItFails(() => {
        if (generation === this.#generation) fs.ftruncateSync(file, parts[part].bytes);
        else fs.rmSync(join(this.#folder.path, fileOf(part, this.#generation)), { force: true });
      });
    }
    unlessItFails(() => this.#close());
  }

  /** Says that there is a run, which has not come far enough to keep anything of it. */
  commitNothing(): void {
    writing(this.#folder, () => this.#writeManifest(undefined));
  }

  #writeManifest(facts: string | undefined): void {
    const path = (name: string): string => join(this.#folder.path, name);
    const manifest = { run: this.#run, generation: this.#generation, parts: this.#parts, facts };
    const file = fs.openSync(path(next), 'w');
    try {
      fs.writeFileSync(file, manifestText(manifest));
      fs.fsyncSync(file);
    } catch (error) {
      unlessItFails(() => fs.rmSync(path(next)));
      throw error;
    } finally {
      fs.closeSync(file);
    }
    // Not a link, which some file systems lack. If this copy is torn, what it was made of is whole.
    if (fs.existsSync(path(current))) fs.copyFileSync(path(current), path(previous));
    fs.renameSync(path(next), path(current));
    syncFolder(this.#folder.path);
  }

  #removeOldGenerations(): void {
    const kept = readGeneration(join(this.#folder.path, previous)) ?? this.#generation;
    for (const name of fs.readdirSync(this.#folder.path)) {
      const generation = generationOf(name);
      if (generation !== undefined && generation < Math.min(kept, this.#generation)) {
        fs.rmSync(join(this.#folder.path, name));
      }
    }
  }

  #close(): void {
    for (const file of this.#files.values()) fs.closeSync(file);
    this.#files.clear();
  }
}

function emptyParts(): Record<CheckpointPart, Part> {
  return Object.fromEntries(checkpointParts.map((part) => [part, { bytes: 0, checksum: 0 }])) as Record<
    CheckpointPart,
    Part
  >;
}

function readGeneration(manifest: string): number | undefined {
  return fs.existsSync(manifest) ? parseManifest(fs.readFileSync(manifest, 'utf8'))?.generation : undefined;
}

/** Does something that gives room back, if it can be done. */
function unlessItFails(work: () => void): void {
  try {
    work();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
  }
}

/** Makes renamed names durable; where a system cannot do that for folders, it does it without being asked. */
function syncFolder(folder: string): void {
  try {
    const descriptor = fs.openSync(folder, 'r');
    fs.fsyncSync(descriptor);
    fs.closeSync(descriptor);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EPERM' && code !== 'EISDIR' && code !== 'EINVAL' && code !== 'EACCES') throw error;
  }
}

/** Runs something that writes, and says in a user's words what keeps it from that. */
function writing(folder: Folder, write: () => void): void {
  try {
    write();
  } catch (error) {
    const reason = reasonOf(error, reasons);
    if (reason === undefined) throw error;
    throw new BivalentError('checkpoint/write', `cannot write the checkpoint in ${folder.name}: ${reason}`);
  }
}

const reasons = {
  ENOENT: 'the folder that it would be in does not exist, or takes no folders',
  ENOTDIR: 'a part of the path is no folder',
  EEXIST: 'it is a file, not a folder',
};
