/** `--checkpoint`, `--every` and `--resume`: where a check is kept, and what it goes on with. */
import { resolve } from 'node:path';

import { BivalentError } from '../core/index.ts';
import type { CheckOptions, CheckResult } from '../explore/index.ts';
import type { System } from '../spec/index.ts';
import { createCheckpoints, resumeCheckpoints, type Folder, type RunIdentity } from '../storage/index.ts';
import { show } from '../value/index.ts';
import type { CheckFlags } from './check-options.ts';
import { specFile } from './load-spec.ts';
import { packageVersion } from './package-version.ts';
import { digestOfModule, standing } from './user-module.ts';

const defaultEveryMs = 60_000;

/** What the engine is told, and what the user should read with the result. */
export interface Kept {
  readonly options: Pick<CheckOptions, 'checkpoints' | 'resume'>;
  readonly notes: readonly string[];
}

/**
 * Opens or makes the folder that the flags name.
 *
 * @throws BivalentError where it cannot be written, or holds the checkpoint of another run
 */
export async function keptAs(flags: CheckFlags, nameOrPath: string, system: System): Promise<Kept> {
  const { checkpoint, resume, every } = flags;
  if (checkpoint === undefined && resume === undefined) {
    if (every === undefined) return { options: {}, notes: [] };
    throw new BivalentError('usage/arguments', '--every says how often --checkpoint <folder> is written: name one');
  }
  if (checkpoint !== undefined && resume !== undefined) {
    throw new BivalentError(
      'usage/arguments',
      '--resume goes on with the run in a folder and keeps it there: leave --checkpoint out',
    );
  }
  if (flags.symmetry !== undefined || flags.partialOrder) {
    throw new BivalentError(
      'usage/arguments',
      'a run with --symmetry or --partial-order cannot be kept: what was learned of the spec is not in a checkpoint',
    );
  }
  if (flags.fingerprint) {
    throw new BivalentError(
      'usage/arguments',
      'a run with --fingerprint cannot be kept: it has no states from which another run could go on',
    );
  }
  if (flags.diskLimit !== undefined) {
    throw new BivalentError(
      'usage/arguments',
      'a run with --disk-limit cannot be kept: its files are gone when it ends, and are too large to be copied',
    );
  }
  const run = await identityOf(nameOrPath, system, flags);
  const everyMs = every ?? defaultEveryMs;
  if (resume === undefined) {
    const target = createCheckpoints(folderOf(checkpoint as string), run);
    return { options: { checkpoints: { target, everyMs } }, notes: [] };
  }
  const { source, target, note } = resumeCheckpoints(folderOf(resume), run);
  return {
    options: { checkpoints: { target, everyMs }, resume: source },
    notes: note === undefined ? [] : [note],
  };
}

function folderOf(name: string): Folder {
  return { path: resolve(standing(), name), name };
}

/** Everything that decides which states there are and how they are stored. */
async function identityOf(nameOrPath: string, system: System, flags: CheckFlags): Promise<RunIdentity> {
  return {
    'the version of bivalent': packageVersion(),
    'the spec': system.name,
    ...Object.fromEntries(
      Object.entries(system.constants).map(([name, value]) => [`the constant ${name}`, show(value)]),
    ),
    '--mutant': flags.mutant ?? 'not set',
    '--no-deadlock': flags.deadlock ? 'not set' : 'set',
    '--no-reduction': flags.reduction ? 'not set' : 'set',
    'the code of the spec and of what it imports': await digestOfModule(specFile(nameOrPath)),
  };
}

/** A result with what its reader should know of how the run was kept. */
export function withNotes(result: CheckResult, kept: Kept, { checkpoint, resume }: CheckFlags): CheckResult {
  const folder = checkpoint ?? resume;
  const isOpen = folder !== undefined && result.result === 'incomplete' && result.distinctStates > 0;
  const notes = [
    ...(result.notes ?? []),
    ...kept.notes,
    ...(isOpen ? [`the same command with --resume ${folder} goes on with this run`] : []),
  ];
  return notes.length === 0 ? result : { ...result, notes };
}
