/**
 * JSON with exact integers.
 *
 * Logs hold nanosecond timestamps and 64-bit identifiers, which `JSON.parse` rounds. Only a text that contains a run
 * of 16 digits can hold such a number, so that every other text goes the fast way.
 */

/** What JSON text means, with integers beyond ±(2^53 − 1) as `bigint`. */
export type JsonValue = null | boolean | number | bigint | string | readonly JsonValue[] | JsonRecord;

/** A JSON object. */
export interface JsonRecord {
  readonly [key: string]: JsonValue;
}

const longDigits = /\d{16}/;
const stringOrNumber = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/**
 * Parses JSON text; integers that a `number` cannot hold exactly become `bigint`.
 *
 * Cost: that of `JSON.parse`, for a text without long runs of digits; about four times as much with one.
 *
 * @throws SyntaxError where the text is not JSON
 */
export function parseJson(text: string): JsonValue {
  if (!longDigits.test(text)) return JSON.parse(text) as JsonValue;
  // Integers travel through JSON.parse as strings that begin with a character that no other string then begins with:
  // U+0000 can be written in JSON in one way only, and a string that does is given a second mark.
  const marked = text.replaceAll(stringOrNumber, (token) => {
    if (token.startsWith('"')) return token.startsWith(String.raw`"\u0000`) ? `"\\u0000s${token.slice(7)}` : token;
    return isUnsafeInteger(token) ? `"\\u0000i${token}"` : token;
  });
  return JSON.parse(marked, unmark) as JsonValue;
}

function isUnsafeInteger(token: string): boolean {
  return /^-?[1-9]\d{15,}$/.test(token) && !Number.isSafeInteger(Number(token));
}

function unmark(_key: string, value: unknown): unknown {
  if (typeof value === 'string' && value.startsWith('\u0000')) {
    return value[1] === 'i' ? BigInt(value.slice(2)) : `\u0000${value.slice(2)}`;
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).some(isMarked)) {
    return Object.fromEntries(
      Object.entries(value).map(([key, member]) => [isMarked(key) ? `\u0000${key.slice(2)}` : key, member]),
    );
  }
  return value;
}

function isMarked(key: string): boolean {
  return key.startsWith('\u0000s');
}

/** Whether a JSON value is an object. */
export function isJsonRecord(value: JsonValue | undefined): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Writes a JSON value on one line; a `bigint` is written as the integer it is. */
export function jsonText(value: JsonValue): string {
  if (typeof value === 'bigint') return value.toString();
  if (Array.isArray(value)) return `[${value.map(jsonText).join(',')}]`;
  if (isJsonRecord(value)) {
    return `{${Object.entries(value)
      .map(([key, member]) => `${JSON.stringify(key)}:${jsonText(member)}`)
      .join(',')}}`;
  }
  return JSON.stringify(value);
}
