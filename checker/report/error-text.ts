/** An error as text for people. */
import type { BivalentError } from '../core/index.ts';
import { canonical, isRecord } from '../value/index.ts';
import { paintFor } from './paint.ts';
import { stateLines } from './state-text.ts';

export interface ErrorTextOptions {
  /** Whether to colour it for a terminal. */
  readonly color?: boolean;
  /** How to write the name of a file: shorter, say, where the user stands near it. */
  readonly showFile?: (file: string) => string;
}

/**
 * Writes an error as text: what is wrong, the line of the user's code where it is known, and the state in which that
 * code ran.
 */
export function errorText(error: BivalentError, { color = false, showFile = String }: ErrorTextOptions = {}): string {
  const paint = paintFor(color);
  const { file, line, column, state } = error.details;
  const lines = [`${paint.red('error:')} ${error.message}`];
  if (file !== undefined && line !== undefined) {
    lines.push(`  at ${showFile(file)}:${line}${column === undefined ? '' : `:${column}`}`);
  }
  const value = state === undefined ? null : canonical(state);
  if (isRecord(value)) lines.push('  in the state', ...stateLines(value).map((text) => `    ${text}`));
  return `${lines.join('\n')}\n`;
}
