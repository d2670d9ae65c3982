/** Finds the line of user code that an error comes from. */
import type { ErrorDetails } from './errors.ts';

/** `    at name (file:line:column)` or `    at file:line:column`. */
const frame = /^\s*at (?:.*\()?(.+):(\d+):(\d+)\)?$/;

/** Where this package lives: `…/checker/`. */
const packageFolder = new URL('..', import.meta.url).href;

/** The tests beside this package's code write specs of their own: their frames are user code. */
const isTest = /\.test\.[jt]s$/;

/** A frame of a stack: a place in some code. */
export interface StackFrame {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Whether it is neither this package's nor Node's. */
  readonly isUserCode: boolean;
}

/** The frames of an error that have a place, innermost first; none of what is no `Error`. */
export function framesOf(error: unknown): readonly StackFrame[] {
  if (!(error instanceof Error) || typeof error.stack !== 'string') return [];
  return error.stack.split('\n').flatMap((text): StackFrame[] => {
    const [, file, line, column] = frame.exec(text) ?? [];
    if (file === undefined) return [];
    return [{ file, line: Number(line), column: Number(column), isUserCode: isUserCode(file) }];
  });
}

/**
 * The place in user code where an error was made: the innermost frame that is neither this package's nor Node's.
 *
 * @param error - what was thrown; only an `Error` has a stack
 * @returns `file`, `line` and `column`, or nothing where the stack does not say
 */
export function locationOf(error: unknown): Pick<ErrorDetails, 'file' | 'line' | 'column'> {
  const found = framesOf(error).find(({ isUserCode }) => isUserCode);
  return found === undefined ? {} : { file: found.file, line: found.line, column: found.column };
}

function isUserCode(file: string): boolean {
  if (file.startsWith('node:') || file.includes('/node_modules/') || !file.includes('/')) return false;
  const address = file.startsWith('file:') ? file : `file://${file}`;
  return !address.startsWith(packageFolder) || isTest.test(file);
}
