/** Where results go: standard output, in colours where somebody looks at it, and files that were asked for. */
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

import { BivalentError } from '../core/index.ts';
import { standing } from './user-module.ts';

/** Whether text on a stream should be coloured: on a terminal, unless `NO_COLOR` or `--no-color` says otherwise. */
export function usesColor(stream: NodeJS.WriteStream): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  if (process.argv.includes('--no-color') || (NO_COLOR ?? '') !== '') return false;
  if ((FORCE_COLOR ?? '') !== '') return FORCE_COLOR !== '0';
  return stream.isTTY && TERM !== 'dumb';
}

/** Prints text, and nothing else, on standard output. */
export function print(text: string): void {
  process.stdout.write(text);
}

/** Prints the one JSON document of a command that was asked for `--json`. */
export function printJson(document: unknown): void {
  process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
}

/**
 * Refuses a file that cannot be written later, for commands that work for long before they write it.
 *
 * @throws BivalentError `file/unwritable` where its folder does not exist
 */
export function requireFolderOf(file: string): void {
  if (!existsSync(dirname(resolve(standing(), file)))) throw unwritable(file, 'its folder does not exist');
}

/**
 * Writes a file that an option names, relative to where the user stands.
 *
 * @throws BivalentError `file/unwritable`
 */
export async function writeOutput(file: string, text: string): Promise<void> {
  requireFolderOf(file);
  try {
    await writeFile(resolve(standing(), file), text);
  } catch (error) {
    throw unwritable(file, (error as Error).message);
  }
}

function unwritable(file: string, why: string): BivalentError {
  return new BivalentError('file/unwritable', `cannot write ${file}: ${why}`);
}
