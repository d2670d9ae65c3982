/**
 * CSV as RFC 4180 has it: the first row names the fields; a quoted field may hold commas, doubled quotes and line breaks.
 *
 * A field that is a plain JSON number is one; anything else is text. The parts of an event are found as in NDJSON.
 */
import { parseJson, type JsonValue } from '../event/index.ts';
import type { Format } from './format.ts';
import { place } from './json-lines.ts';
import { readLines, type Line, type LineOptions } from './lines.ts';
import { LogError, excerpt } from './log-error.ts';
import { genericEvent } from './ndjson.ts';
import type { Source } from './source.ts';

/** CSV with a header row. */
export const csv: Format = {
  name: 'csv',
  title: 'comma-separated values; the first row names the fields',
  // Two rows of the same number of fields, more than one: nothing else that is recognised looks so.
  recognises({ lines, objects }) {
    const [header, first] = lines;
    if (objects.length > 0 || header === undefined || first === undefined) return false;
    const width = splitRow(header)?.length ?? 0;
    // A row whose last quoted field goes on in the next line cannot be counted yet.
    const row = splitRow(first);
    return width > 1 && /^[\w "-]+(,[\w "-]+)+$/.test(header) && (row === undefined || row.length === width);
  },
  async *read(source, options) {
    let header: readonly string[] | undefined;
    for await (const { row, line } of readRows(source, options)) {
      if (header === undefined) {
        header = row;
      } else if (row.length === header.length) {
        const fields = Object.fromEntries(header.map((name, i) => [name, valueOf(row[i] ?? '')]));
        yield genericEvent(fields, line, options.fieldMap ?? {});
      } else {
        const problem = `the row has ${row.length} fields, but the first row names ${header.length}.`;
        throw new LogError('log/event', place(line), problem);
      }
    }
  },
};

/** A row of a CSV file, with the line on which it begins (its text is that of the whole row). */
export interface CsvRow {
  readonly row: readonly string[];
  readonly line: Line;
}

/**
 * Reads CSV row by row; empty lines are left out.
 *
 * @throws LogError where a quoted field never ends, or something follows its closing quote
 */
export async function* readRows(source: Source, options: LineOptions = {}): AsyncGenerator<CsvRow, void, undefined> {
  // Lines of a row that is not yet complete, and whether their quotes are balanced.
  let lines: Line[] = [];
  let open = false;
  for await (const line of readLines(source, options)) {
    if (lines.length === 0 && line.text === '') continue;
    lines.push(line);
    if (hasOddQuotes(line.text)) open = !open;
    if (open) continue;
    yield rowOf(lines);
    lines = [];
  }
  const [first] = lines;
  if (first !== undefined) throw new LogError('log/truncated', place(first), 'a quoted field does not end.');
}

function rowOf(lines: readonly Line[]): CsvRow {
  const [first] = lines;
  if (first === undefined) throw new RangeError('a row has at least one line');
  const text = lines.map((line) => line.text).join('\n');
  const row = splitRow(text);
  if (row === undefined) {
    throw new LogError('log/syntax', place(first), `the row's quotes are misplaced: ${excerpt(text)}`);
  }
  return { row, line: { ...first, text } };
}

function hasOddQuotes(text: string): boolean {
  let odd = false;
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at + 1)) odd = !odd;
  return odd;
}

/** The fields of a row; `undefined` where its quotes are misplaced. */
function splitRow(text: string): readonly string[] | undefined {
  const fields: string[] = [];
  for (let from = 0; ;) {
    if (text[from] === '"') {
      const end = closingQuote(text, from + 1);
      if (end < 0 || (end + 1 < text.length && text[end + 1] !== ',')) return undefined;
      fields.push(text.slice(from + 1, end).replaceAll('""', '"'));
      from = end + 1;
    } else {
      const comma = text.indexOf(',', from);
      const end = comma < 0 ? text.length : comma;
      fields.push(text.slice(from, end));
      from = end;
    }
    if (from >= text.length) return fields;
    from += 1;
  }
}

/** Where a quoted field ends: at a quote that is not doubled. */
function closingQuote(text: string, from: number): number {
  for (let at = text.indexOf('"', from); at >= 0; at = text.indexOf('"', at + 2)) {
    if (text[at + 1] !== '"') return at;
  }
  return -1;
}

function valueOf(text: string): JsonValue {
  return /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/.test(text) ? parseJson(text) : text;
}
