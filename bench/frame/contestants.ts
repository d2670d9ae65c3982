/** Contestants run in processes of their own: none warms the caches or fills the memory of another. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import type { Contestant, Measurement } from './contest.ts';
import type { CheckRequest } from './check-process.ts';

export type { CheckRequest };

const execute = promisify(execFile);

/** Runs a program to its end; returns what it printed. */
export async function output(program: string, args: readonly string[], cwd?: string): Promise<string> {
  const { stdout } = await execute(program, args, { maxBuffer: 1 << 26, ...(cwd !== undefined && { cwd }) });
  return stdout;
}

/** Whether a program can be found. */
export function isInstalled(program: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)));
}

/** A check of a spec by one of the engines of this project. */
export function checkContestant(name: string, request: CheckRequest): Contestant {
  const script = fileURLToPath(new URL('check-process.ts', import.meta.url));
  return {
    name,
    async run() {
      const node = ['--conditions=bivalent-source', '--import', import.meta.resolve('tsx'), script];
      return JSON.parse(await output(process.execPath, [...node, JSON.stringify(request)])) as Measurement;
    },
  };
}

const prototypes = fileURLToPath(new URL('../../../shared/prototypes/', import.meta.url));

/** A prototype of the learned engine, beside this project; each prints its figures as JSON. */
export function prototypeContestant(name: string, file: string, ...args: readonly string[]): Contestant {
  const path = join(prototypes, file);
  return {
    name,
    absent: () => (existsSync(path) ? undefined : 'the folder of the prototypes is not here'),
    async run() {
      const text = await output(process.execPath, [path, ...args]);
      const printed = JSON.parse(/\{.*\}/.exec(text)![0]) as Record<'distinct' | 'generated' | 'wall', number> & {
        misses?: number;
      };
      const { distinct, generated, wall, misses } = printed;
      return { seconds: wall, distinct, generated, ...(misses !== undefined && { userCalls: misses }) };
    },
  };
}
