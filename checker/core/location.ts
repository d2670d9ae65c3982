/** Finds the line of user code that an error comes from. */
import type { ErrorDetails } from './errors.ts';

/** `    at name (file:line:column)` or `    at file:line:column`. */
const frame = /^\s*at (?:.*\()?(.+):(\d+):(\d+)\)?$/;

/** Where this package lives: `…/checker/`. */
const packageFolder = new URL('..', import.meta.url).href;

/** The tests beside this package's code write specs of their own: their frames are user code. */
const isTest = /\.test\.[jt]s$/;

/**
 * The place in user code where an error was made: the innermost frame that is neither this package's nor Node's.
 *
 * @param error - what was thrown; only an `Error` has a stack
 * @returns `file`, `line` and `column`, or nothing where the stack does not say
 */
export function locationOf(error: unknown): Pick<ErrorDetails, 'file' | 'line' | 'column'> {
  if (!(error instanceof Error) || typeof error.stack !== 'string') return {};
  for (const text of error.stack.split('\n')) {
    const [, file, line, column] = frame.exec(text) ?? [];
    if (file === undefined || !isUserCode(file)) continue;
    return { file, line: Number(line), column: Number(column) };
  }
  return {};
}

/**
 * The place in user code that called, where it was user code that did: the innermost frame.
 *
 * @param error - made where the call arrived, without the frames of whoever received it (`Error.captureStackTrace`)
 * @param passing - files of this package that only pass calls on
 */
export function callerOf(error: Error, passing: RegExp): Pick<ErrorDetails, 'file' | 'line' | 'column'> {
  for (const text of (error.stack ?? '').split('\n')) {
    const [, file, line, column] = frame.exec(text) ?? [];
    if (file === undefined || passing.test(file)) continue;
    return isUserCode(file) ? { file, line: Number(line), column: Number(column) } : {};
  }
  return {};
}

function isUserCode(file: string): boolean {
  if (file.startsWith('node:') || file.includes('/node_modules/') || !file.includes('/')) return false;
  const address = file.startsWith('file:') ? file : `file://${file}`;
  return !address.startsWith(packageFolder) || isTest.test(file);
}
