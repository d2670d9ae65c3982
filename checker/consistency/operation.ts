/**
 * Client histories: what the clients of a system asked, what they were answered, and when.
 *
 * An operation is an interval from its call to its answer. Times are positions in the history (any increasing
 * numbers do): the testers compare them and never read a clock. An operation without an answer may take effect at any
 * moment after its call, or never.
 */

/** Who called: a client, thread or session that has at most one operation open at a time. */
export type ProcessId = string | number | bigint | null;

/**
 * One operation of a client history.
 *
 * Operations that are known not to have happened (Jepsen's `:fail`) are left out of a history; those whose outcome is
 * unknown (`:info`, or no answer) stay in it, with `returned` infinite and `output` undefined.
 */
export interface Operation {
  readonly process: ProcessId;
  /** The name of the operation, such as `read` or `cas`. */
  readonly f: string;
  /** What was asked. */
  readonly input: unknown;
  /** What was answered; `undefined` where it is unknown, and then constrains nothing. */
  readonly output: unknown;
  /** The position of the call in the history. */
  readonly invoked: number;
  /** The position of the answer; `Infinity` where none came. */
  readonly returned: number;
  /** The line of the log that holds the call, counted from 1. */
  readonly line?: number;
}

/** The key or keys of an operation do not matter to a tester that compares whole values: this is how it prints them. */
export function showOperation(operation: Operation): string {
  const input = operation.input === undefined || operation.input === null ? '' : showPlain(operation.input);
  const output = operation.output === undefined ? '?' : showPlain(operation.output);
  return `${operation.f}(${input}) → ${operation.returned === Infinity ? 'no answer' : output}`;
}

/** A plain value on one line, as it would be written in TypeScript. Depth is that of the value. */
export function showPlain(value: unknown): string {
  if (typeof value === 'string') return `'${value}'`;
  if (typeof value === 'bigint') return String(value);
  if (Array.isArray(value)) return `[${value.map(showPlain).join(', ')}]`;
  if (value instanceof Set) return `Set{${[...value].map(showPlain).join(', ')}}`;
  if (value instanceof Map) return `Map{${[...value].map(([k, v]) => `${showPlain(k)}: ${showPlain(v)}`).join(', ')}}`;
  if (typeof value === 'object' && value !== null) {
    return `{${Object.entries(value)
      .map(([k, v]) => `${k}: ${showPlain(v)}`)
      .join(', ')}}`;
  }
  return String(value);
}
