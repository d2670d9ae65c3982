/**
 * Values as bytes: equal values give equal bytes and different values different ones. For interning and for files.
 *
 * Every value is a tag and its content; everything with parts begins with how many. So no value's bytes begin with
 * another's, and values can stand one after the other.
 */
import { Bag } from './bag.ts';
import { ByteReader, ByteWriter, damaged } from './bytes.ts';
import { maxNesting } from './canonical.ts';
import { kindOf } from './kind.ts';
import { MapValue } from './map-value.ts';
import { SetValue } from './set-value.ts';
import type { RecordValue, Value } from './value.ts';

/** The tags. Files contain them: they are added, never changed. */
const tag = {
  null: 0,
  false: 1,
  true: 2,
  naturalNumber: 3,
  negativeInteger: 4,
  otherNumber: 5,
  bigint: 6,
  string: 7,
  array: 8,
  record: 9,
  set: 10,
  map: 11,
  bag: 12,
} as const;

/** The bytes of a canonical value. */
export function encode(value: Value): Uint8Array {
  const writer = new ByteWriter();
  encodeTo(writer, value);
  return writer.bytes();
}

/** Appends the bytes of a canonical value. */
export function encodeTo(writer: ByteWriter, value: Value): void {
  switch (kindOf(value)) {
    case 'null':
      writer.byte(tag.null);
      return;
    case 'boolean':
      writer.byte(value === true ? tag.true : tag.false);
      return;
    case 'number':
      encodeNumber(writer, value as number);
      return;
    case 'bigint':
      writer.byte(tag.bigint);
      writer.string((value as bigint).toString(36));
      return;
    case 'string':
      writer.byte(tag.string);
      writer.string(value as string);
      return;
    case 'array':
      encodeElements(writer, tag.array, value as readonly Value[]);
      return;
    case 'record':
      encodeRecord(writer, value as RecordValue);
      return;
    case 'set':
      encodeElements(writer, tag.set, (value as SetValue<Value>).elements());
      return;
    case 'map':
      encodePairs(writer, tag.map, (value as MapValue<Value, Value>).pairs());
      return;
    case 'bag':
      encodePairs(writer, tag.bag, (value as Bag<Value>).pairs());
  }
}

function encodeNumber(writer: ByteWriter, value: number): void {
  if (!Number.isSafeInteger(value)) {
    writer.byte(tag.otherNumber);
    writer.float64(value);
  } else {
    writer.byte(value < 0 ? tag.negativeInteger : tag.naturalNumber);
    writer.varint(Math.abs(value));
  }
}

function encodeElements(writer: ByteWriter, kind: number, elements: readonly Value[]): void {
  writer.byte(kind);
  writer.varint(elements.length);
  for (const element of elements) encodeTo(writer, element);
}

function encodeRecord(writer: ByteWriter, record: RecordValue): void {
  const keys = Object.keys(record);
  writer.byte(tag.record);
  writer.varint(keys.length);
  for (const key of keys) {
    writer.string(key);
    encodeTo(writer, record[key]!);
  }
}

function encodePairs(writer: ByteWriter, kind: number, pairs: readonly (readonly [Value, Value])[]): void {
  writer.byte(kind);
  writer.varint(pairs.length);
  for (const [first, second] of pairs) {
    encodeTo(writer, first);
    encodeTo(writer, second);
  }
}

/**
 * The canonical value of bytes that `encode` gave.
 *
 * @throws BivalentError `value/bytes` where they are cut off or no value's; what is well-formed but not canonical (keys
 *   out of order) is not noticed
 */
export function decode(bytes: Uint8Array): Value {
  const reader = new ByteReader(bytes);
  const value = decodeFrom(reader);
  if (!reader.done) throw damaged('something follows');
  return value;
}

/** Reads the next value. `depth` counts the values around it. */
export function decodeFrom(reader: ByteReader, depth = 0): Value {
  if (depth > maxNesting) throw damaged(`values nest more than ${String(maxNesting)} deep`);
  const kind = reader.byte();
  switch (kind) {
    case tag.null:
      return null;
    case tag.false:
      return false;
    case tag.true:
      return true;
    case tag.naturalNumber:
      return reader.varint();
    case tag.negativeInteger:
      return -reader.varint();
    case tag.otherNumber:
      return reader.float64();
    case tag.bigint:
      return decodeBigint(reader.string());
    case tag.string:
      return reader.string();
    case tag.array:
      return Object.freeze(decodeElements(reader, depth + 1));
    case tag.record:
      return decodeRecord(reader, depth + 1);
    case tag.set:
      return SetValue.ofSorted(decodeElements(reader, depth + 1));
    case tag.map:
      return MapValue.ofSorted(decodePairs(reader, depth + 1));
    case tag.bag:
      return Bag.ofSorted(decodePairs(reader, depth + 1) as readonly (readonly [Value, number])[]);
    default:
      throw damaged(`there is no kind ${String(kind)}`);
  }
}

function decodeBigint(digits: string): bigint {
  if (!/^-?[0-9a-z]+$/.test(digits)) throw damaged('a bigint has other signs than digits');
  const negative = digits.startsWith('-');
  let value = 0n;
  for (const digit of negative ? digits.slice(1) : digits) value = value * 36n + BigInt(Number.parseInt(digit, 36));
  return negative ? -value : value;
}

function decodeElements(reader: ByteReader, depth: number): Value[] {
  const elements: Value[] = [];
  for (let left = reader.varint(); left > 0; left--) elements.push(decodeFrom(reader, depth));
  return elements;
}

function decodeRecord(reader: ByteReader, depth: number): RecordValue {
  const record: Record<string, Value> = {};
  for (let left = reader.varint(); left > 0; left--) {
    const key = reader.string();
    record[key] = decodeFrom(reader, depth);
  }
  return Object.freeze(record);
}

function decodePairs(reader: ByteReader, depth: number): (readonly [Value, Value])[] {
  const pairs: (readonly [Value, Value])[] = [];
  for (let left = reader.varint(); left > 0; left--) {
    const first = decodeFrom(reader, depth);
    pairs.push(Object.freeze([first, decodeFrom(reader, depth)] as const));
  }
  return pairs;
}
