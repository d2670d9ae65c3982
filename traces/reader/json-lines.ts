/** The base of every format that is one JSON object a line. */
import { isJsonRecord, parseJson, type JsonRecord, type JsonValue, type VectorClock } from '../event/index.ts';
import type { LogEvent } from '../event/index.ts';
import type { Format, ReadOptions, Sample } from './format.ts';
import { readLines, type Line } from './lines.ts';
import { LogError, excerpt } from './log-error.ts';
import type { Source } from './source.ts';

/** What distinguishes one JSON-lines format from another. */
export interface JsonLineFormat {
  readonly name: string;
  readonly title: string;
  /** Whether an object is one of this format; asked of each object of the sample until one is. */
  recognises(object: JsonRecord): boolean;
  /**
   * The event that an object stands for; `undefined` where it is no event (a configuration line, say).
   *
   * @throws LogError where the object is broken
   */
  event(object: JsonRecord, line: Line, options: ReadOptions): LogEvent | undefined;
  /** Whether text before the first `{` is dropped, and a line without one left out: logs mixed with other output. */
  readonly mixed?: boolean;
}

/** Makes a reader of a JSON-lines format. */
export function jsonLines(format: JsonLineFormat): Format {
  return {
    name: format.name,
    title: format.title,
    recognises: (sample: Sample) => sample.objects.some((object) => format.recognises(object)),
    async *read(source: Source, options: ReadOptions) {
      for await (const line of readLines(source, options)) {
        const object = objectOf(line, format.mixed === true, options);
        const event = object && format.event(object, line, options);
        if (event !== undefined) yield event;
      }
    },
  };
}

function objectOf(line: Line, mixed: boolean, options: ReadOptions): JsonRecord | undefined {
  const start = mixed ? line.text.indexOf('{') : 0;
  if (start < 0) return undefined;
  const text = start > 0 ? line.text.slice(start) : line.text;
  if (text.trim() === '') return undefined;
  let value: JsonValue;
  try {
    value = parseJson(text);
  } catch {
    if (line.complete) throw new LogError('log/syntax', place(line), `the line is not JSON: ${excerpt(line.text)}`);
    if (options.truncatedTail === 'ignore') return undefined;
    throw new LogError('log/truncated', place(line), `the last line is cut short: ${excerpt(line.text)}`);
  }
  if (isJsonRecord(value)) return value;
  throw new LogError('log/syntax', place(line), `the line is JSON, but not an object: ${excerpt(line.text)}`);
}

/** The place of a line, for errors. */
export function place(line: Line): { file: string; line: number } {
  return { file: line.file, line: line.number };
}

/** The part of an event that every line format fills alike. */
export function eventAt(line: Line, fields: JsonRecord): Pick<LogEvent, 'file' | 'line' | 'raw' | 'fields'> {
  return { file: line.file, line: line.number, raw: line.text, fields };
}

/** A text field. @throws LogError where the field is absent or not text */
export function textField(object: JsonRecord, name: string, line: Line): string {
  const value = object[name];
  if (typeof value === 'string') return value;
  throw new LogError('log/event', place(line), `\`${name}\` should be text, but is ${describe(value)}.`);
}

/** A field that identifies something, as text: `"n1"` and `1` alike. @throws LogError where it is something else */
export function identityField(object: JsonRecord, name: string, line: Line): string {
  const value = object[name];
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint') return String(value);
  throw new LogError('log/event', place(line), `\`${name}\` should be text or a number, but is ${describe(value)}.`);
}

/** A field that is an object. @throws LogError where it is absent or something else */
export function recordField(object: JsonRecord, name: string, line: Line): JsonRecord {
  const value = object[name];
  if (isJsonRecord(value)) return value;
  throw new LogError('log/event', place(line), `\`${name}\` should be an object, but is ${describe(value)}.`);
}

/**
 * A vector clock from pairs of node and count.
 *
 * @throws LogError where a count is not an integer from 0 to 2^53 − 1
 */
export function clockOf(entries: Iterable<readonly [string, JsonValue]>, line: Line): VectorClock {
  const clock = new Map<string, number>();
  for (const [node, count] of entries) {
    if (typeof count !== 'number' || !Number.isSafeInteger(count) || count < 0) {
      const problem = `the clock's entry for \`${excerpt(node)}\` should be a count, but is ${describe(count)}.`;
      throw new LogError('log/event', place(line), problem);
    }
    if (count > 0) clock.set(node, count);
  }
  return clock;
}

/** A value in the words of an error message. */
export function describe(value: JsonValue | undefined): string {
  if (value === undefined) return 'absent';
  if (typeof value === 'bigint') return `${value}`;
  if (Array.isArray(value)) return 'an array';
  if (isJsonRecord(value)) return 'an object';
  return excerpt(JSON.stringify(value), 60);
}
