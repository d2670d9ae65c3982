/** `--disk-limit` and `--disk`: where a check goes on when `--memory-limit` is reached. */
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';

import { BivalentError } from '../core/index.ts';
import type { Disk } from '../explore/index.ts';
import { createTapes } from '../storage/index.ts';
import type { CheckFlags } from './check-options.ts';
import { standing } from './user-module.ts';

/** What the engine is told, and what is to be done when the check is over. */
export interface DiskInUse {
  readonly options: { readonly disk?: Disk };
  /** Removes all files. */
  close(): void;
}

/**
 * Makes a folder for states inside the one that the flags name, or inside that of the system for such things.
 *
 * @throws BivalentError where the flags do not go together, or `disk/folder` where the folder cannot be made
 */
export function diskFor(flags: CheckFlags): DiskInUse {
  const { disk, diskLimit: limitBytes } = flags;
  if (limitBytes === undefined) {
    if (disk === undefined) return { options: {}, close: () => undefined };
    throw usage('--disk says where --disk-limit <size> puts states: set a limit, too');
  }
  if (flags.memoryLimit === undefined) {
    throw usage('--disk-limit takes the states that --memory-limit <size> has no room for: set that limit, too');
  }
  const name = disk ?? tmpdir();
  const tapes = createTapes({ path: resolve(standing(), name), name });
  return { options: { disk: { tapes, limitBytes } }, close: () => tapes.close() };
}

function usage(message: string): BivalentError {
  return new BivalentError('usage/arguments', message);
}
