/**
 * An event of a log: what every reader makes of its format, and all that the rest of `traces` knows of logs.
 *
 * An event is a *partial observation*: what the log does not say is absent, and constrains nothing.
 */
import type { JsonRecord, JsonValue } from './json.ts';

/** A vector clock: for each node, how many of its events are known. An absent node counts 0. */
export type VectorClock = ReadonlyMap<string, number>;

/** Which message an event sends or receives; a receive follows the send with the same identity. */
export interface MessageLink {
  readonly kind: 'send' | 'receive';
  readonly id: string;
}

/** A time as the log has it; `nanosecondsOf` reads it exactly. */
export type Timestamp = string | number | bigint;

/** One event of a log. */
export interface LogEvent {
  readonly file: string;
  /** The line on which the event begins, counted from 1. In a document of another kind: the number of the event. */
  readonly line: number;
  /** The text of the event as it stands in the log. */
  readonly raw: string;
  readonly name?: string;
  /** The node (host, process, thread) at which it happened. */
  readonly node?: string;
  readonly time?: Timestamp;
  readonly lamport?: number;
  readonly clock?: VectorClock;
  readonly message?: MessageLink;
  /** The execution to which it belongs, in a log that holds several. */
  readonly run?: string;
  /** Everything that the log says of the event, as the log has it. Integers beyond 2^53 are `bigint`. */
  readonly fields: JsonRecord;
}

/**
 * What a dotted path finds in an event: `state.term`, `conf.0`, `name`.
 *
 * Looks in `fields` first, then at what the reader made of them (`name`, `node`, `time`, `lamport`, `run`).
 *
 * @returns `undefined` where there is nothing
 */
export function fieldAt(event: LogEvent, path: string): JsonValue | undefined {
  return valueAt(event.fields, path) ?? standardField(event, path);
}

function standardField(event: LogEvent, path: string): JsonValue | undefined {
  switch (path) {
    case 'name':
      return event.name;
    case 'node':
      return event.node;
    case 'time':
      return event.time;
    case 'lamport':
      return event.lamport;
    case 'run':
      return event.run;
    default:
      return undefined;
  }
}

/** What a dotted path finds in a JSON value; only own properties count, so `constructor` finds nothing. */
export function valueAt(root: JsonValue, path: string): JsonValue | undefined {
  let value: JsonValue | undefined = root;
  for (const key of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as JsonRecord)[key];
  }
  return value;
}

/** The event in the words of a message: `log.ndjson:12`. */
export function placeOf(event: Pick<LogEvent, 'file' | 'line'>): string {
  return `${event.file}:${event.line}`;
}
