/**
 * The error of a log that cannot be read: it says where (file and line) and what is wrong there.
 *
 * A log is untrusted input; every way in which one can be broken ends here, never in a crash or a hang.
 */
import { BivalentError } from '../../checker/core/index.ts';

/** What is wrong with a log. The code is stable; the message is for people. */
export type LogErrorCode =
  | 'log/unreadable'
  | 'log/empty'
  | 'log/not-text'
  | 'log/line-too-long'
  | 'log/truncated'
  | 'log/syntax'
  | 'log/event'
  | 'log/unknown-format';

/** A place in a log: the file as the user named it, and the line, counted from 1. */
export interface LogPlace {
  readonly file: string;
  readonly line?: number;
}

/** A log that cannot be read: a `BivalentError` whose message begins with the place, `file:line`. */
export class LogError extends BivalentError {
  /**
   * @param code - what is wrong
   * @param place - where
   * @param problem - one sentence without the place
   */
  constructor(code: LogErrorCode, place: LogPlace, problem: string) {
    super(code, `${place.file}${place.line === undefined ? '' : `:${place.line}`}: ${problem}`, place);
  }
}

/**
 * A piece of a log as it may be printed: at most `limit` characters, control characters as escapes, so that binary
 * junk in a log cannot act on the terminal of whoever reads the message.
 */
export function excerpt(text: string, limit = 120): string {
  const cut = text.length > limit ? `${text.slice(0, limit)}…` : text;
  // oxlint-disable-next-line no-control-regex -- control characters are what is replaced
  return cut.replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufffe\uffff]/g, (c) => {
    return `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
