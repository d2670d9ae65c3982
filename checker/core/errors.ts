/**
 * The one class of errors that this package throws on purpose.
 *
 * Every such error is about its user's input: a spec, a value, a log, an option. It has a code that never changes, for
 * programs; a message that says what was found and what would be right, for people; and details that say where.
 * Anything else that is thrown is a bug of this package.
 */

/** `area/what`, for example `spec/impure`. Codes are part of the public interface: they are added, never changed. */
export type ErrorCode = `${string}/${string}`;

/** Where an error happened; each part is there when it is known. */
export interface ErrorDetails {
  /** The file of user code, as the running program names it: a path or a `file:` address. */
  readonly file?: string;
  /** Counted from 1. */
  readonly line?: number;
  /** Counted from 1. */
  readonly column?: number;
  /** The name of the action, property or other function of the spec that was running. */
  readonly action?: string;
  /** The values chosen by `pick` or `forAll` so far, by name. */
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** The state in which user code ran. */
  readonly state?: unknown;
  /** The place inside a value, for example `log[2].term`. */
  readonly path?: string;
}

/** An error in what the user gave: a spec, a value, a log, an option. */
export class BivalentError extends Error {
  override readonly name = 'BivalentError';
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  /**
   * @param code - what kind of error it is, for programs
   * @param message - what was found, and what would be right, for people
   * @param details - where
   * @param options - `cause`: the error that user code threw
   */
  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.details = details;
  }

  /** The same error with more details; those that it has already are kept. */
  withDetails(details: ErrorDetails): BivalentError {
    const located = new BivalentError(this.code, this.message, { ...details, ...this.details }, { cause: this.cause });
    if (this.stack !== undefined) located.stack = this.stack;
    return located;
  }
}
