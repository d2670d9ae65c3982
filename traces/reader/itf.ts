/**
 * Apalache's Informal Trace Format: one JSON document with a list of states, each an event.
 *
 * The event's fields are the state's variables, still with ITF's tags; `itfValue` turns one into a value. Its name is the
 * action where the trace says it (`#meta.action`, or the variable `action_taken` or `mbt::actionTaken`).
 *
 * Source: Apalache ADR-015, https://apalache-mc.org/docs/adr/015adr-trace.html
 */
import { isJsonRecord, jsonText, parseJson, valueAt, type JsonRecord, type JsonValue } from '../event/index.ts';
import type { LogEvent } from '../event/index.ts';
import type { Format } from './format.ts';
import { LogError } from './log-error.ts';
import { readAll } from './source.ts';
import type { TlaValue } from './tla-value.ts';

const maxDocumentBytes = 256 * 1024 * 1024;
const maxDepth = 200;

/** ITF traces. */
export const itf: Format = {
  name: 'itf',
  title: 'Informal Trace Format of Apalache and Quint: {"vars":[…],"states":[…]}',
  recognises: ({ lines, objects }) =>
    objects.some((object) => Array.isArray(object['states']) && Array.isArray(object['vars'])) ||
    (objects.length === 0 &&
      lines[0]?.trimStart().startsWith('{') === true &&
      lines.some((l) => /"states" *:/.test(l))),
  async *read(source) {
    const bytes = await readAll(source, maxDocumentBytes);
    const file = source.name;
    let document: JsonValue;
    try {
      document = parseJson(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    } catch {
      throw new LogError('log/syntax', { file }, 'the document is not JSON.');
    }
    const states = isJsonRecord(document) ? document['states'] : undefined;
    if (!Array.isArray(states)) throw new LogError('log/event', { file }, 'the document has no list of `states`.');
    for (const [i, state] of (states as JsonValue[]).entries()) yield stateEvent(state, file, i + 1);
  },
};

function stateEvent(state: JsonValue, file: string, line: number): LogEvent {
  if (!isJsonRecord(state)) throw new LogError('log/event', { file }, `state ${line} is not an object.`);
  const { '#meta': meta, ...fields } = state;
  const action =
    (isJsonRecord(meta) ? valueAt(meta, 'action') : undefined) ?? fields['action_taken'] ?? fields['mbt::actionTaken'];
  return { file, line, raw: jsonText(state), fields, ...(typeof action === 'string' && { name: action }) };
}

/**
 * The value that ITF's tags stand for: `{"#set":[…]}`, `{"#map":[[key,value],…]}`, `{"#tup":[…]}`, `{"#bigint":"…"}`.
 *
 * @throws SyntaxError for a tag that is malformed or marks something that could not be written, or a deep nesting
 */
export function itfValue(json: JsonValue, depth = 0): TlaValue {
  if (depth > maxDepth) throw new SyntaxError(`nested deeper than ${maxDepth}`);
  const inner = (value: JsonValue): TlaValue => itfValue(value, depth + 1);
  if (json === null) throw new SyntaxError('`null` is no ITF value');
  if (Array.isArray(json)) return json.map(inner);
  if (!isJsonRecord(json)) return json as boolean | number | bigint | string;
  const tag = Object.keys(json).find((key) => key.startsWith('#') && key !== '#meta');
  if (tag !== undefined) return taggedValue(tag, json, inner);
  return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, inner(value)]));
}

function taggedValue(tag: string, json: JsonRecord, inner: (value: JsonValue) => TlaValue): TlaValue {
  const content = json[tag];
  if (tag === '#bigint' && typeof content === 'string' && /^-?\d+$/.test(content)) {
    const number = Number(content);
    return Number.isSafeInteger(number) ? number : BigInt(content);
  }
  if (Array.isArray(content)) {
    if (tag === '#set') return new Set(content.map(inner));
    if (tag === '#tup') return content.map(inner);
    if (tag === '#map') return new Map(content.map((entry: JsonValue) => pairOf(entry, inner)));
  }
  throw new SyntaxError(`\`${tag}\` is no ITF value that can be read`);
}

function pairOf(entry: JsonValue, inner: (value: JsonValue) => TlaValue): [TlaValue, TlaValue] {
  if (!Array.isArray(entry) || entry.length !== 2) throw new SyntaxError('`#map` should hold pairs');
  return [inner(entry[0] as JsonValue), inner(entry[1] as JsonValue)];
}
