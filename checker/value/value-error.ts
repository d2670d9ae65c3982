/** The errors of this folder. */
import { BivalentError } from '../core/index.ts';

/**
 * Says that something is not a value.
 *
 * @param path - where it was found, relative to what was given; empty for that itself
 * @param found - what was found, in words
 * @param advice - what would be right
 */
export function notAValue(path: string, found: string, advice: string): BivalentError {
  const place = path === '' ? '' : `at ${path}: `;
  return new BivalentError('value/refused', `${place}${found} is not a value: ${advice}`, path === '' ? {} : { path });
}

/** The same error about a value that is itself at `path`. */
export function within(path: string, error: BivalentError): BivalentError {
  if (path === '') return error;
  const inner = error.details.path;
  const joined = inner === undefined ? path : inner.startsWith('[') ? path + inner : `${path}.${inner}`;
  const message = inner === undefined ? error.message : error.message.slice(`at ${inner}: `.length);
  return new BivalentError(
    error.code,
    `at ${joined}: ${message}`,
    { ...error.details, path: joined },
    { cause: error },
  );
}

/** Says that a collection that may only be read was to be changed. */
export function frozenCollection(kind: string): BivalentError {
  return new BivalentError(
    'value/frozen',
    `this ${kind} may only be read: it is part of a state, or of a value that was put into one; change it in an action, through the action's own state`,
  );
}
