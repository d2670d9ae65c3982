/** What differs between two values. */
import type { Bag } from './bag.ts';
import { compare, compareKeys } from './compare.ts';
import { kindOf } from './kind.ts';
import type { MapValue } from './map-value.ts';
import type { Path, PathStep } from './path.ts';
import type { SetValue } from './set-value.ts';
import type { RecordValue, Value } from './value.ts';

/** One difference: a place with another value, or an element that came into, or went out of, a set or bag. */
export type Change =
  | {
      readonly kind: 'changed';
      readonly path: Path;
      /** Undefined where the field, element or entry is new. */
      readonly before: Value | undefined;
      /** Undefined where the field, element or entry is gone. */
      readonly after: Value | undefined;
    }
  | {
      readonly kind: 'added' | 'removed';
      /** Where the set or bag is. */
      readonly path: Path;
      readonly element: Value;
      /** How many; 1 in a set. */
      readonly count: number;
    };

/**
 * Lists what differs, as narrow as it can be named: fields of records, entries of maps, elements of sets and bags,
 * elements of arrays of equal length or of which one begins with the other. Another array is one change.
 *
 * @param before - canonical
 * @param after - canonical
 * @returns the changes in order of their paths; none exactly if the values are equal
 *
 * Cost: O(size).
 */
export function diff(before: Value, after: Value): readonly Change[] {
  const changes: Change[] = [];
  collect(before, after, [], changes);
  return changes;
}

function collect(before: Value, after: Value, path: Path, changes: Change[]): void {
  if (compare(before, after) === 0) return;
  const kind = kindOf(before);
  if (kind !== kindOf(after)) changes.push({ kind: 'changed', path, before, after });
  else if (kind === 'record') collectRecord(before as RecordValue, after as RecordValue, path, changes);
  else if (kind === 'array') collectArray(before as readonly Value[], after as readonly Value[], path, changes);
  else if (kind === 'set') collectCounts(countsOf(before), countsOf(after), path, changes);
  else if (kind === 'bag') collectCounts((before as Bag<Value>).pairs(), (after as Bag<Value>).pairs(), path, changes);
  else if (kind === 'map') collectMap(before, after, path, changes);
  else changes.push({ kind: 'changed', path, before, after });
}

function collectAt(before: Value | undefined, after: Value | undefined, path: Path, changes: Change[]): void {
  if (before !== undefined && after !== undefined) collect(before, after, path, changes);
  else changes.push({ kind: 'changed', path, before, after });
}

function collectRecord(before: RecordValue, after: RecordValue, path: Path, changes: Change[]): void {
  const added = Object.keys(after).filter((key) => !Object.hasOwn(before, key));
  const keys = added.length === 0 ? Object.keys(before) : [...Object.keys(before), ...added].sort(compareKeys);
  for (const key of keys) collectAt(field(before, key), field(after, key), [...path, key], changes);
}

/** A field of a record, its own: `constructor` may be one. */
function field(record: RecordValue, key: string): Value | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

function collectArray(before: readonly Value[], after: readonly Value[], path: Path, changes: Change[]): void {
  const shorter = Math.min(before.length, after.length);
  const beginsAlike = compare(before.slice(0, shorter), after.slice(0, shorter)) === 0;
  if (before.length !== after.length && (!beginsAlike || shorter === 0)) {
    changes.push({ kind: 'changed', path, before, after });
    return;
  }
  const longer = Math.max(before.length, after.length);
  for (let i = 0; i < longer; i++) collectAt(before[i], after[i], [...path, i], changes);
}

type Counts = readonly (readonly [Value, number])[];

function countsOf(set: Value): Counts {
  return (set as SetValue<Value>).elements().map((element) => [element, 1]);
}

function collectCounts(before: Counts, after: Counts, path: Path, changes: Change[]): void {
  for (const [element, countBefore, countAfter] of merged(before, after)) {
    const more = (countAfter ?? 0) - (countBefore ?? 0);
    if (more !== 0) changes.push({ kind: more > 0 ? 'added' : 'removed', path, element, count: Math.abs(more) });
  }
}

function collectMap(before: Value, after: Value, path: Path, changes: Change[]): void {
  const entriesBefore = (before as MapValue<Value, Value>).pairs();
  const entriesAfter = (after as MapValue<Value, Value>).pairs();
  for (const [key, valueBefore, valueAfter] of merged(entriesBefore, entriesAfter)) {
    const step: PathStep = { key };
    collectAt(valueBefore, valueAfter, [...path, step], changes);
  }
}

/** The keys of two sorted lists of pairs, in order, each with what either list holds for it. */
function merged<T>(
  a: readonly (readonly [Value, T])[],
  b: readonly (readonly [Value, T])[],
): (readonly [Value, T | undefined, T | undefined])[] {
  const result: (readonly [Value, T | undefined, T | undefined])[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const left = a[i];
    const right = b[j];
    const order = left === undefined ? 1 : right === undefined ? -1 : compare(left[0], right[0]);
    const key = order <= 0 ? left![0] : right![0];
    result.push([key, order <= 0 ? left![1] : undefined, order >= 0 ? right![1] : undefined]);
    if (order <= 0) i += 1;
    if (order >= 0) j += 1;
  }
  return result;
}
