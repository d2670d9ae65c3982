/** Runs the command as users do: in a process of its own, in a folder of theirs. */
import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { temporaryFolder } from '../temporary-folder.test-support.ts';

const main = fileURLToPath(new URL('main.ts', import.meta.url));
/** The arguments with which node runs the command from its source, wherever it stands. */
export const fromSource = ['--conditions=bivalent-source', '--import', import.meta.resolve('tsx'), main];

/** What a process left behind. */
export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `bivalent` with these arguments in a folder. */
export function bivalent(args: readonly string[], cwd = process.cwd(), env: NodeJS.ProcessEnv = {}): Promise<Finished> {
  return run(process.execPath, [...fromSource, ...args], cwd, env);
}

/** Runs `bivalent` where no file may have more than so many blocks, of 512 bytes or of 1024: as if a disk were full. */
export function withSmallFiles(blocks: number, cwd: string, args: readonly string[]): Promise<Finished> {
  const command = [process.execPath, ...fromSource, ...args].map((word) => `'${word}'`).join(' ');
  return run('sh', ['-c', `ulimit -f ${blocks}; exec ${command}`], cwd);
}

/** Runs `bivalent` as a user who may not write what nobody may write; the superuser may, and becomes nobody. */
export function asAnother(cwd: string, args: readonly string[]): Promise<Finished> {
  const isSuperuser = process.getuid?.() === 0;
  return run(process.execPath, [...fromSource, ...args], cwd, {}, isSuperuser ? { uid: 65_534 } : {});
}

/** Runs a program to its end, without a terminal or input. */
export function run(
  program: string,
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv = {},
  as: { readonly uid?: number } = {},
): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd,
      env: { ...process.env, INIT_CWD: cwd, NO_COLOR: '1', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      ...as,
    });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    child.on('error', reject);
    child.on('close', (code) => {
      resolve({ code, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() });
    });
  });
}

/** Writes files, named by their paths, into a new folder, which is gone after the tests of the file; returns the folder. */
export async function folderWith(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = temporaryFolder();
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  return folder;
}
