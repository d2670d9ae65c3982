/**
 * The logs of ShiViz and GoVector: free text in which a regular expression with the groups `host`, `clock` (a JSON
 * object) and `event` finds the events. An event may span lines, and a log may hold several executions, which a
 * delimiter separates.
 *
 * As in ShiViz, text that does not match is left out. The text is searched through a window that moves with the log, so
 * that a match must fit into it: `windowLines` lines.
 *
 * Source: DistributedClocks/shiviz, DistributedClocks/GoVector.
 */
import { isJsonRecord, parseJson, type LogEvent } from '../event/index.ts';
import type { Format, ReadOptions } from './format.ts';
import { clockOf, place } from './json-lines.ts';
import { readLines, type Line } from './lines.ts';
import { LogError, excerpt } from './log-error.ts';
import { fieldsOf, maxPatternLineBytes } from './pattern.ts';

/** What GoVector writes: the host and its clock on one line, the event on the next. */
export const goVectorPattern = /(?<host>\S*) (?<clock>{.*})\n(?<event>.*)/;

const windowLines = 1024;
// Looked for on the first line only: an expression that fits here and there would leave most of the log out in silence.
const hostAndClock = /^[^\s{]\S* \{"[^{}]*\} *$/;

/** Logs made for ShiViz may begin with their own expression, on a line of its own. */
function headerPattern(line: string): RegExp | undefined {
  if (!line.includes('(?<host>') || !line.includes('(?<clock>')) return undefined;
  try {
    return new RegExp(line);
  } catch {
    return undefined;
  }
}

/** ShiViz and GoVector logs. */
export const shiviz: Format = {
  name: 'shiviz',
  title: 'ShiViz and GoVector logs; --pattern with the groups host, clock and event (default: GoVector)',
  recognises: ({ lines }) => headerPattern(lines[0] ?? '') !== undefined || hostAndClock.test(lines[0] ?? ''),
  async *read(source, options) {
    let window: Window | undefined;
    for await (const line of readLines(source, { maxLineBytes: options.maxLineBytes ?? maxPatternLineBytes })) {
      const header = window === undefined && options.pattern === undefined ? headerPattern(line.text) : undefined;
      window ??= new Window(header === undefined ? options : { ...options, pattern: header });
      if (header === undefined) yield* window.add(line);
    }
    if (window !== undefined) yield* window.end();
  },
};

/** The lines in which events are being looked for, and the execution that they belong to. */
class Window {
  readonly #pattern: RegExp;
  readonly #delimiter: RegExp | undefined;
  #lines: Line[] = [];
  #run: string | undefined;

  constructor({ pattern = goVectorPattern, delimiter }: ReadOptions) {
    this.#pattern = new RegExp(pattern.source, `${pattern.flags.replaceAll(/[gmy]/g, '')}gm`);
    this.#delimiter = delimiter && new RegExp(delimiter.source, delimiter.flags.replaceAll(/[gy]/g, ''));
  }

  /** Takes a line, and gives the events that are then complete. */
  *add(line: Line): Generator<LogEvent> {
    const delimiter = this.#delimiter?.exec(line.text);
    if (delimiter) {
      yield* this.end();
      this.#run = Object.values(delimiter.groups ?? {}).find((text) => text !== undefined) ?? line.text;
    } else {
      this.#lines.push(line);
      if (this.#lines.length >= windowLines) yield* this.#search(this.#lines.length / 2);
    }
  }

  /** Gives the events that are left, and empties the window. */
  *end(): Generator<LogEvent> {
    yield* this.#search(this.#lines.length);
    this.#lines = [];
  }

  /** Gives the events that begin before the line `limit` of the window, and drops the lines before it or used up. */
  *#search(limit: number): Generator<LogEvent> {
    const text = this.#lines.map((line) => line.text).join('\n');
    const cursor = { at: 0, line: 0 };
    this.#pattern.lastIndex = 0;
    let used = limit;
    for (let match = this.#pattern.exec(text); match !== null; match = this.#pattern.exec(text)) {
      // An expression that matches nothing would match there for ever.
      if (match[0] === '') this.#pattern.lastIndex += 1;
      const first = advance(cursor, text, match.index);
      if (first >= limit) break;
      const line = this.#lines[first];
      if (line !== undefined && match[0] !== '') yield this.#event(match, line);
      used = Math.max(limit, advance(cursor, text, match.index + match[0].length) + 1);
    }
    this.#lines.splice(0, used);
  }

  #event(match: RegExpExecArray, first: Line): LogEvent {
    const { host, clock, ...others } = match.groups ?? {};
    if (host === undefined || clock === undefined) {
      throw new LogError('log/unknown-format', place(first), 'the pattern needs the groups `host` and `clock`.');
    }
    // A clock inside a TLA+ string has its quotes escaped.
    const entries = clockObject(clock) ?? clockObject(clock.replaceAll(String.raw`\"`, '"'));
    if (entries === undefined) {
      throw new LogError('log/syntax', place(first), `the clock is not a JSON object: ${excerpt(clock)}`);
    }
    const fields = fieldsOf(others);
    const { event } = others;
    const time = others['timestamp'] ?? others['date'];
    return {
      file: first.file,
      line: first.number,
      raw: match[0],
      fields,
      node: host,
      clock: clockOf(Object.entries(entries), first),
      ...(event !== undefined && { name: event }),
      ...(time !== undefined && { time }),
      ...(this.#run !== undefined && { run: this.#run }),
    };
  }
}

function clockObject(text: string) {
  try {
    const value = parseJson(text);
    return isJsonRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Moves the cursor to a position of the text and gives the line on which it is. */
function advance(cursor: { at: number; line: number }, text: string, to: number): number {
  for (let at = text.indexOf('\n', cursor.at); at >= 0 && at < to; at = text.indexOf('\n', at + 1)) {
    cursor.line += 1;
    cursor.at = at + 1;
  }
  return cursor.line;
}
