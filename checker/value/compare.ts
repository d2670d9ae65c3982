/**
 * The total order of values, and equality by value.
 *
 * Kinds come first: null < boolean < number < bigint < string < array < record < set < map < bag. Within a kind:
 * false < true, numbers by size, strings by UTF-16 code units, everything with parts by its first part that differs
 * (a proper beginning first). Nothing may depend on the order beyond its being total and fixed.
 */
import type { Bag } from './bag.ts';
import { canonical } from './canonical.ts';
import { kindOf } from './kind.ts';
import type { Kind } from './kind.ts';
import type { MapValue } from './map-value.ts';
import type { SetValue } from './set-value.ts';
import type { RecordValue, Value } from './value.ts';

/**
 * Compares two canonical values.
 *
 * @returns a negative number, zero, or a positive number, as `a` comes before, is equal to, or comes after `b`
 *
 * Cost: O(size) up to the first difference.
 */
export function compare(a: Value, b: Value): number {
  if (a === b) return 0;
  const kind = kindOf(a);
  const difference = rank[kind] - rank[kindOf(b)];
  if (difference !== 0) return difference;
  switch (kind) {
    case 'array':
      return compareArrays(a as readonly Value[], b as readonly Value[]);
    case 'record':
      return compareRecords(a as RecordValue, b as RecordValue);
    case 'set':
      return compareArrays((a as SetValue<Value>).elements(), (b as SetValue<Value>).elements());
    case 'map':
      return comparePairs((a as MapValue<Value, Value>).pairs(), (b as MapValue<Value, Value>).pairs());
    case 'bag':
      return comparePairs((a as Bag<Value>).pairs(), (b as Bag<Value>).pairs());
    default:
      return (a as number) < (b as number) ? -1 : 1;
  }
}

const rank: Readonly<Record<Kind, number>> = {
  null: 0,
  boolean: 1,
  number: 2,
  bigint: 3,
  string: 4,
  array: 5,
  record: 6,
  set: 7,
  map: 8,
  bag: 9,
};

function compareArrays(a: readonly Value[], b: readonly Value[]): number {
  const shorter = Math.min(a.length, b.length);
  for (let i = 0; i < shorter; i++) {
    const order = compare(a[i]!, b[i]!);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

function compareRecords(a: RecordValue, b: RecordValue): number {
  const keysOfA = Object.keys(a);
  const keysOfB = Object.keys(b);
  const shorter = Math.min(keysOfA.length, keysOfB.length);
  for (let i = 0; i < shorter; i++) {
    const key = keysOfA[i]!;
    const order = compareKeys(key, keysOfB[i]!) || compare(a[key]!, b[key]!);
    if (order !== 0) return order;
  }
  return keysOfA.length - keysOfB.length;
}

type Pairs = readonly (readonly [Value, Value])[];

function comparePairs(a: Pairs, b: Pairs): number {
  const shorter = Math.min(a.length, b.length);
  for (let i = 0; i < shorter; i++) {
    const order = compare(a[i]![0], b[i]![0]) || compare(a[i]![1], b[i]![1]);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

/**
 * The order of the keys of a record: the order in which JavaScript lists them, once they were added in that order.
 *
 * JavaScript lists the keys that are array indices first, by size, whatever the order of insertion.
 */
export function compareKeys(a: string, b: string): number {
  if (a === b) return 0;
  const indexOfA = arrayIndex(a);
  const indexOfB = arrayIndex(b);
  if (indexOfA !== indexOfB) return indexOfA < indexOfB ? -1 : 1;
  return a < b ? -1 : 1;
}

/** The array index that a key is, `Infinity` where it is none. */
function arrayIndex(key: string): number {
  const code = key.charCodeAt(0);
  if (!(code >= 48 && code <= 57)) return Infinity;
  const index = Number(key);
  return Number.isInteger(index) && index < 0xffffffff && String(index) === key ? index : Infinity;
}

/**
 * Whether two things are equal by value: states, parts of states, drafts, or plain data with native sets and maps.
 *
 * `equal(new Set([{ n: 1 }]), s.votes)`, where `===` would compare identities.
 *
 * @throws BivalentError `value/refused` where one of them is not a value
 *
 * TLA+: `=`. Cost: O(size).
 */
export function equal(a: unknown, b: unknown): boolean {
  if (a === b && typeof a !== 'number') return true;
  return compare(canonical(a), canonical(b)) === 0;
}
