/**
 * Only one run at a time may write checkpoints in a folder: two would overwrite each other's files, until nothing of
 * either can be read.
 *
 * A file says which process writes there. It need not be removed: a process that was killed is gone, and what it claimed
 * is free. Where the system tells when a process was started, another one that happens to have its number is not taken
 * for it. Two machines that share a folder do not see each other's processes.
 */
import * as fs from 'node:fs';
import { join } from 'node:path';

import { BivalentError } from '../core/index.ts';

/** The name of the file. */
export const claimFile = 'writer';

/**
 * Claims a folder for this process. Where nothing can be written, nothing is claimed: the first checkpoint says so.
 *
 * @throws BivalentError `checkpoint/busy` where another process writes there
 */
export function claim({ path, name }: { readonly path: string; readonly name: string }): void {
  const file = join(path, claimFile);
  const holder = readClaim(file);
  if (holder !== undefined && holder.process !== process.pid && holder.started === startOf(holder.process)) {
    throw new BivalentError(
      'checkpoint/busy',
      `another run keeps itself in ${name} (process ${holder.process}): wait for its end, or name another folder`,
    );
  }
  try {
    fs.writeFileSync(file, claimText(process.pid));
  } catch {
    // A disk that is full, or takes nothing.
  }
}

/** What a file says that claims a folder for a process. */
export function claimText(pid: number): string {
  return JSON.stringify({ process: pid, started: startOf(pid) });
}

interface Claim {
  readonly process: number;
  readonly started: string;
}

/** The claim in a file; undefined where there is none, or only a part of one: the machine stopped meanwhile. */
function readClaim(file: string): Claim | undefined {
  try {
    const { process, started } = JSON.parse(fs.readFileSync(file, 'utf8')) as Partial<Claim>;
    return typeof process === 'number' && typeof started === 'string' ? { process, started } : undefined;
  } catch {
    return undefined;
  }
}

/** When a process was started, in whatever unit, or `now` where the system does not tell; undefined of one that is gone. */
function startOf(pid: number): string | undefined {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // It may belong to somebody else.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return undefined;
  }
  try {
    // After its name, which may hold anything: its state, and 19 fields further when it was started.
    const fields = fs.readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ');
    return fields[0] === 'Z' ? undefined : fields[19];
  } catch {
    return 'now';
  }
}
