/** Prints what went wrong: as a message for people, or as a document for programs. */
import { BivalentError } from '../core/index.ts';
import { errorDocument, errorText } from '../report/index.ts';
import { usesColor } from './output.ts';
import { shown } from './user-module.ts';

/**
 * Prints an error: text on standard error, or with `json` a document on standard output.
 *
 * @param options.debug - also print where in the program the error arose
 */
export function reportFailure(error: unknown, options: { readonly json: boolean; readonly debug: boolean }): void {
  const known = error instanceof BivalentError ? error : unexpected(error);
  if (options.json) process.stdout.write(`${JSON.stringify(errorDocument(known), null, 2)}\n`);
  else process.stderr.write(errorText(known, { color: usesColor(process.stderr), showFile: shown }));
  if (options.debug) process.stderr.write(`${stackOf(known)}\n`);
}

/** Anything but a BivalentError is a bug of this program, and says so. */
function unexpected(error: unknown): BivalentError {
  const message = `something went wrong inside Bivalent itself: ${String(error)}; please report it, with what --debug prints`;
  return new BivalentError('internal/unexpected', message, {}, { cause: error });
}

function stackOf(error: BivalentError): string {
  const { cause } = error;
  const inner = cause instanceof Error ? cause.stack : undefined;
  return inner === undefined ? (error.stack ?? '') : `${error.stack ?? ''}\ncaused by ${inner}`;
}
