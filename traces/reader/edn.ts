/**
 * EDN, the notation of Clojure, in which Jepsen and Elle keep their histories.
 *
 * `edn-data` parses one form. Around it this file splits a file into its forms, with the line of each; checks that
 * brackets and strings are closed, which the parser does not; and keeps integers beyond 2^53 exact, which it rounds.
 * What comes out is plain data: keywords and symbols are texts, maps are records where their keys are texts or
 * numbers.
 */
import { parseEDNString } from 'edn-data';
import { excerpt, LogError } from './log-error.ts';

/** One form of a file. */
export interface EdnForm {
  readonly text: string;
  /** The line on which it begins, counted from 1. */
  readonly line: number;
}

const closes: Readonly<Record<string, string>> = { '[': ']', '(': ')', '{': '}' };
const maxDepth = 200;

/**
 * The maps of a file: its top-level forms, or the elements of its only top-level vector or list. JSON, in which commas
 * separate and brackets are the same, is split as well.
 *
 * Cost: one pass over the text.
 *
 * @throws LogError for brackets that do not match, a text that is not closed, and anything but maps
 */
export function* splitEdnMaps(text: string, file: string): Generator<EdnForm, void, undefined> {
  const open: { bracket: string; line: number }[] = [];
  let line = 1;
  let start = 0;
  let startLine = 1;
  let base = 0;
  for (let i = 0; i < text.length; i += 1) {
    const c = text[i]!;
    if (c === '\n') line += 1;
    if (c === '"' || c === ';' || c === '\\') {
      const end = skipToken(text, i, { file, line });
      if (c === '"' && open.length <= base) throw notMap(text, i, { file, line });
      line += countNewlines(text, i, end);
      i = end - 1;
    } else if (c in closes) {
      if (open.length === 0 && c !== '{' && start === 0 && base === 0) base = 1;
      if (open.length === base && c === '{') [start, startLine] = [i, line];
      else if (open.length === base && base === 1) throw notMap(text, i, { file, line });
      else if (open.length === 0 && base === 0) throw notMap(text, i, { file, line });
      open.push({ bracket: c, line });
      if (open.length > maxDepth) throw syntax({ file, line }, `brackets are nested more than ${maxDepth} deep.`);
    } else if (c === ']' || c === ')' || c === '}') {
      const opened = open.pop();
      if (opened === undefined) throw syntax({ file, line }, `'${c}' closes nothing.`);
      if (closes[opened.bracket] !== c) {
        throw syntax({ file, line }, `'${c}' does not close the '${opened.bracket}' of line ${opened.line}.`);
      }
      if (c === '}' && open.length === base) yield { text: text.slice(start, i + 1), line: startLine };
    } else if (open.length <= base && !/[\s,]/.test(c) && !(c === '#' && text[i + 1] === '_')) {
      throw notMap(text, i, { file, line });
    }
  }
  const unclosed = open.at(-1);
  if (unclosed !== undefined) throw syntax({ file, line: unclosed.line }, `'${unclosed.bracket}' is not closed.`);
}

/**
 * Parses one form into plain data.
 *
 * @throws LogError where it is not EDN
 */
export function parseEdn(form: EdnForm, file: string): unknown {
  try {
    return plain(
      parseEDNString(exact(form.text), {
        mapAs: 'map',
        setAs: 'set',
        listAs: 'array',
        keywordAs: 'object',
        symbolAs: 'object',
        charAs: 'string',
      }),
    );
  } catch {
    throw syntax({ file, line: form.line }, `this is not EDN: ${excerpt(form.text)}`);
  }
}

/** The end of a string, comment or character that begins at `from`. */
function skipToken(text: string, from: number, place: { file: string; line: number }): number {
  if (text[from] === '\\') return from + 2;
  if (text[from] === ';') {
    const end = text.indexOf('\n', from);
    return end < 0 ? text.length : end;
  }
  for (let i = from + 1; i < text.length; i += 1) {
    if (text[i] === '\\') i += 1;
    else if (text[i] === '"') return i + 1;
  }
  throw syntax(place, 'a text is not closed.');
}

function countNewlines(text: string, from: number, to: number): number {
  let count = 0;
  for (let i = text.indexOf('\n', from); i >= 0 && i < to; i = text.indexOf('\n', i + 1)) count += 1;
  return count;
}

/**
 * Writes what the parser would misread so that it does not: integers of more than 15 digits as arbitrarily large
 * (`123N`), and characters that are brackets or quotes (`\\}`) as texts.
 */
function exact(form: string): string {
  if (!/\d{16}|\\/.test(form)) return form;
  const token = /"(?:[^"\\]|\\.)*"|;[^\n]*|\\[[\](){}"]|(?<![\w.:/-])[+-]?\d{16,}(?![\d.eEMN/])/g;
  return form.replaceAll(token, (found) => {
    if (found.startsWith('\\')) return JSON.stringify(found.slice(1));
    return found.startsWith('"') || found.startsWith(';') ? found : `${found}N`;
  });
}

function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Set) return new Set([...value].map(plain));
  if (value instanceof Map) return plainMap(value);
  if ('key' in value) return value.key;
  if ('sym' in value) return value.sym;
  if ('tag' in value && 'val' in value) return plain(value.val);
  return value;
}

function plainMap(map: ReadonlyMap<unknown, unknown>): unknown {
  const entries = Array.from(map, ([k, v]) => [plain(k), plain(v)] as const);
  if (!entries.every(([k]) => typeof k === 'string' || typeof k === 'number')) return new Map(entries);
  return Object.fromEntries(entries);
}

function notMap(text: string, at: number, place: { file: string; line: number }): LogError {
  return new LogError(
    'log/event',
    place,
    `an operation is a map such as {:process 0, :type :invoke, …}, not ${excerpt(text.slice(at, at + 40).split('\n')[0] ?? '')}`,
  );
}

function syntax(place: { file: string; line: number }, problem: string): LogError {
  return new LogError('log/syntax', place, problem);
}
