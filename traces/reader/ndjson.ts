/**
 * Generic NDJSON: one JSON object a line, with the usual names for the parts of an event.
 *
 * This is also what `bivalent/record` writes.
 */
import { isJsonRecord, valueAt, type JsonRecord, type JsonValue, type LogEvent } from '../event/index.ts';
import type { FieldMap } from './format.ts';
import { clockOf, describe, eventAt, jsonLines, place } from './json-lines.ts';
import type { Line } from './lines.ts';
import { LogError } from './log-error.ts';

// The first of these that an object has, and whose value is of the right kind.
const usual = {
  name: ['event', 'name', 'action', 'type', 'msg', 'message'],
  node: ['node', 'host', 'nid', 'process', 'thread', 'server', 'id'],
  time: ['time', 'ts', 'timestamp', '@timestamp'],
  lamport: ['lamport'],
  clock: ['clock', 'vc', 'vectorClock', 'VectorClock'],
  send: ['send'],
  receive: ['receive'],
} as const satisfies Readonly<Record<keyof FieldMap, readonly string[]>>;

/** Generic NDJSON. */
export const ndjson = jsonLines({
  name: 'ndjson',
  title: 'one JSON object a line; --field says where its parts are',
  recognises: () => true,
  event: (object, line, options) => genericEvent(object, line, options.fieldMap ?? {}),
});

/**
 * An event from named fields: of NDJSON, CSV, or the groups of a pattern.
 *
 * A part that `map` names must be there and of the right kind where it is given at all; one that is found by its
 * usual name is left out where its value is of another kind, as it is then something else that has that name.
 *
 * @throws LogError where a part that `map` names is of the wrong kind
 */
export function genericEvent(fields: JsonRecord, line: Line, map: FieldMap): LogEvent {
  const name = textPart(fields, line, map, 'name');
  const node = textPart(fields, line, map, 'node');
  const time = part(fields, line, map, 'time', isTime);
  const lamport = part(fields, line, map, 'lamport', isCount);
  const clock = part(fields, line, map, 'clock', isJsonRecord);
  const send = textPart(fields, line, map, 'send');
  const receive = textPart(fields, line, map, 'receive');
  return {
    ...eventAt(line, fields),
    ...(name !== undefined && { name }),
    ...(node !== undefined && { node }),
    ...(time !== undefined && { time }),
    ...(lamport !== undefined && { lamport }),
    ...(clock !== undefined && { clock: clockOf(Object.entries(clock), line) }),
    ...(send !== undefined && { message: { kind: 'send', id: send } }),
    ...(receive !== undefined && { message: { kind: 'receive', id: receive } }),
  };
}

function textPart(fields: JsonRecord, line: Line, map: FieldMap, key: keyof FieldMap): string | undefined {
  const value = part(fields, line, map, key, isTextLike);
  return value === undefined ? undefined : String(value);
}

function part<T extends JsonValue>(
  fields: JsonRecord,
  line: Line,
  map: FieldMap,
  key: keyof FieldMap,
  accepts: (value: JsonValue) => value is T,
): T | undefined {
  const path = map[key];
  if (path === undefined) {
    for (const name of usual[key]) {
      const value = Object.hasOwn(fields, name) ? fields[name] : undefined;
      if (value !== undefined && accepts(value)) return value;
    }
    return undefined;
  }
  const value = valueAt(fields, path);
  if (value === undefined || accepts(value)) return value;
  throw new LogError('log/event', place(line), `\`${path}\` cannot be the event's ${key}: it is ${describe(value)}.`);
}

function isTextLike(value: JsonValue): value is string | number | bigint {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint';
}

function isTime(value: JsonValue): value is string | number | bigint {
  return isTextLike(value);
}

function isCount(value: JsonValue): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
