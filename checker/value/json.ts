/**
 * Values as JSON, in the manner of Apalache's ITF: what JSON lacks is a record with one field whose name begins with
 * `#`, as `{"#set": [...]}`, `{"#map": [[key, value], ...]}`, `{"#bag": [[element, count], ...]}`, `{"#bigint": "12"}`.
 * A field of a record whose name begins with `#` gets one more.
 */
import { BivalentError } from '../core/index.ts';
import { Bag } from './bag.ts';
import { canonical } from './canonical.ts';
import { kindOf } from './kind.ts';
import { MapValue } from './map-value.ts';
import { SetValue } from './set-value.ts';
import type { RecordValue, Value } from './value.ts';

/** What `JSON.parse` gives. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** The value as plain JSON data, for `JSON.stringify`. The order of fields and elements is canonical. */
export function toJson(value: Value): Json {
  switch (kindOf(value)) {
    case 'bigint':
      return { '#bigint': (value as bigint).toString() };
    case 'array':
      return (value as readonly Value[]).map(toJson);
    case 'set':
      return { '#set': (value as SetValue<Value>).elements().map(toJson) };
    case 'map':
      return { '#map': (value as MapValue<Value, Value>).pairs().map(([k, v]) => [toJson(k), toJson(v)]) };
    case 'bag':
      return { '#bag': (value as Bag<Value>).pairs().map(([element, count]) => [toJson(element), count]) };
    case 'record':
      return recordToJson(value as RecordValue);
    default:
      return value as null | boolean | number | string;
  }
}

function recordToJson(record: RecordValue): Json {
  return Object.fromEntries(
    Object.entries(record).map(([key, value]) => [key.startsWith('#') ? `#${key}` : key, toJson(value)]),
  );
}

/**
 * Reads a value back from JSON data.
 *
 * @param json - what `JSON.parse` gave
 * @throws BivalentError `value/json` where a `#` form is malformed, `value/refused` where something is not a value
 */
export function fromJson(json: unknown): Value {
  return canonical(revive(json, 0));
}

/** JSON nests at most this deep: twice as deep as values, since a set in JSON is a record with an array. */
const maxNesting = 2000;

function revive(json: unknown, depth: number): unknown {
  if (typeof json !== 'object' || json === null) return json;
  if (depth > maxNesting) throw malformed('something nested more than 2,000 deep');
  if (Array.isArray(json)) return json.map((element) => revive(element, depth + 1));
  const entries: (readonly [string, unknown])[] = Object.entries(json);
  const [first] = entries;
  if (entries.length === 1 && first?.[0].startsWith('#') === true && !first[0].startsWith('##')) {
    return reviveTagged(first[0], first[1], depth + 1);
  }
  return Object.fromEntries(entries.map(([key, value]) => [unescapeKey(key), revive(value, depth + 1)]));
}

function unescapeKey(key: string): string {
  if (!key.startsWith('#')) return key;
  if (!key.startsWith('##')) throw malformed(`the field ${JSON.stringify(key)} beside other fields`);
  return key.slice(1);
}

function reviveTagged(tag: string, content: unknown, depth: number): unknown {
  if (tag === '#bigint' && typeof content === 'string' && /^-?\d+$/.test(content)) return BigInt(content);
  if (!Array.isArray(content)) throw malformed(`${JSON.stringify(tag)} with ${JSON.stringify(content)}`);
  switch (tag) {
    case '#set':
      return new SetValue(content.map((element) => revive(element, depth)));
    case '#map':
      return new MapValue(content.map((entry) => revivePair(tag, entry, depth)));
    case '#bag': {
      const bag = new Bag();
      for (const entry of content) {
        const [element, count] = revivePair(tag, entry, depth);
        if (typeof count !== 'number') throw malformed(`a count that is ${JSON.stringify(count)}`);
        bag.add(element, count);
      }
      return bag;
    }
    default:
      throw malformed(`the tag ${JSON.stringify(tag)}`);
  }
}

function revivePair(tag: string, entry: unknown, depth: number): readonly [unknown, unknown] {
  if (!Array.isArray(entry) || entry.length !== 2) {
    throw malformed(`${JSON.stringify(tag)} with ${JSON.stringify(entry)} where a pair belongs`);
  }
  return [revive(entry[0], depth), revive(entry[1], depth)];
}

function malformed(found: string): BivalentError {
  return new BivalentError(
    'value/json',
    `not the JSON form of a value: ${found}; known are {"#set": [...]}, {"#map": [[key, value], ...]}, {"#bag": [[element, count], ...]} and {"#bigint": "12"}`,
  );
}
