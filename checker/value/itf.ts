/**
 * Values as Apalache's Informal Trace Format writes them, and back.
 *
 * ITF has booleans, strings, whole numbers, lists, tuples, sets, maps and records. What it lacks is written as a sum type,
 * a record with `tag` and `value`: `null`, bags, and numbers that are not whole. Records that look like one of these, or
 * have fields whose names begin with `#`, are escaped, so that every value comes back as it was.
 *
 * Source: Apalache ADR-015, https://apalache-mc.org/docs/adr/015adr-trace.html
 */
import { BivalentError } from '../core/index.ts';
import { Bag } from './bag.ts';
import { canonical } from './canonical.ts';
import type { Json } from './json.ts';
import { kindOf } from './kind.ts';
import { MapValue } from './map-value.ts';
import { SetValue } from './set-value.ts';
import type { RecordValue, Value } from './value.ts';

/** What the tags of our own sum types begin with. */
const own = 'bivalent::';

/** The value as JSON data of ITF. */
export function toItf(value: Value): Json {
  switch (kindOf(value)) {
    case 'null':
      return { tag: `${own}null`, value: { '#tup': [] } };
    case 'bigint':
      return { '#bigint': (value as bigint).toString() };
    case 'number':
      return Number.isSafeInteger(value) ? (value as number) : { tag: `${own}number`, value: `${value as number}` };
    case 'array':
      return (value as readonly Value[]).map(toItf);
    case 'set':
      return { '#set': (value as SetValue<Value>).elements().map(toItf) };
    case 'map':
      return { '#map': (value as MapValue<Value, Value>).pairs().map(([k, v]) => [toItf(k), toItf(v)]) };
    case 'bag': {
      const counts = (value as Bag<Value>).pairs().map(([element, count]) => [toItf(element), count]);
      return { tag: `${own}bag`, value: { '#map': counts } };
    }
    case 'record':
      return itfRecord(value as RecordValue);
    default:
      return value as boolean | string;
  }
}

function itfRecord(record: RecordValue): Json {
  const { tag } = record;
  const looksOwn = typeof tag === 'string' && tag.startsWith(own);
  const entries = Object.entries(record).map(([key, value]): [string, Json] => [
    key.startsWith('#') ? `#${key}` : key,
    key === 'tag' && looksOwn ? `${own}${tag}` : toItf(value),
  ]);
  return Object.fromEntries(entries);
}

/** How numbers of ITF are read: tools that know one kind of integer write all of them as `#bigint`. */
export interface ItfOptions {
  /** Whether `#bigint` stands for a `bigint` even where a number could hold it. */
  readonly bigints: boolean;
}

/**
 * Reads a value from JSON data of ITF. Tuples become arrays; what a tool could not write (`#unserializable`) its text.
 *
 * @throws BivalentError `value/itf` where a tag is malformed, `value/refused` where something is not a value
 */
export function fromItf(json: unknown, options: ItfOptions): Value {
  return canonical(revive(json, options, 0));
}

/** ITF nests at most this deep: a set in JSON is a record with an array. */
const maxNesting = 2000;

function revive(json: unknown, options: ItfOptions, depth: number): unknown {
  if (typeof json !== 'object' || json === null) return json;
  if (depth > maxNesting) throw malformed('something nested more than 2,000 deep');
  const inner = (part: unknown): unknown => revive(part, options, depth + 1);
  if (Array.isArray(json)) return json.map(inner);
  const entries: (readonly [string, unknown])[] = Object.entries(json).filter(([key]) => key !== '#meta');
  const tagged = entries.find(([key]) => /^#(?!#)/.test(key));
  if (tagged !== undefined) return reviveTagged(tagged[0], tagged[1], inner, options);
  const record = Object.fromEntries(entries.map(([key, value]) => [key.replace(/^##/, '#'), value]));
  return reviveRecord(record, inner);
}

function reviveRecord(record: Readonly<Record<string, unknown>>, inner: (part: unknown) => unknown): unknown {
  const fields = Object.fromEntries(Object.entries(record).map(([key, value]) => [key, inner(value)]));
  const { tag, value } = fields;
  if (typeof tag !== 'string' || !tag.startsWith(own)) return fields;
  switch (tag.slice(own.length)) {
    case 'null':
      return null;
    case 'number':
      return Number(value);
    case 'bag':
      return bagOfCounts(value);
    default:
      return { ...fields, tag: tag.slice(own.length) };
  }
}

function bagOfCounts(counts: unknown): Bag<unknown> {
  const bag = new Bag<unknown>();
  if (!(counts instanceof MapValue)) throw malformed('a bag that is no #map');
  for (const [element, count] of counts.pairs()) bag.add(element, Number(count));
  return bag;
}

function reviveTagged(
  tag: string,
  content: unknown,
  inner: (part: unknown) => unknown,
  { bigints }: ItfOptions,
): unknown {
  if (tag === '#bigint' && typeof content === 'string' && /^-?\d+$/.test(content)) {
    const number = Number(content);
    return !bigints && Number.isSafeInteger(number) ? number : BigInt(content);
  }
  if (tag === '#unserializable') return String(content);
  if (!Array.isArray(content)) throw malformed(`${JSON.stringify(tag)} with ${JSON.stringify(content)}`);
  if (tag === '#set') return new SetValue(content.map(inner));
  if (tag === '#tup') return content.map(inner);
  if (tag === '#map') return new MapValue(content.map((entry) => pairOf(entry, inner)));
  throw malformed(`the tag ${JSON.stringify(tag)}`);
}

function pairOf(entry: unknown, inner: (part: unknown) => unknown): readonly [unknown, unknown] {
  if (Array.isArray(entry) && entry.length === 2) return [inner(entry[0]), inner(entry[1])];
  throw malformed(`"#map" with ${JSON.stringify(entry)} where a pair belongs`);
}

function malformed(found: string): BivalentError {
  return new BivalentError(
    'value/itf',
    `not a value of ITF: ${found}; known are {"#set": [...]}, {"#tup": [...]}, {"#map": [[key, value], ...]} and {"#bigint": "12"}`,
  );
}
