/**
 * The canonical form: the one frozen object that stands for all equal ones.
 *
 * Records have their keys sorted, sets, maps and bags are this folder's own classes with their elements sorted, `-0`
 * is `0`. What is canonical already is returned as it is, found so by walking it the first time that it is asked. Values
 * nest at most {@link maxNesting} deep, which is what makes recursion over them safe.
 */
import { BivalentError } from '../core/index.ts';
import { BagApi } from './bag-api.ts';
import { Bag } from './bag.ts';
import { compareKeys } from './compare.ts';
import { MapApi } from './map-api.ts';
import { MapValue } from './map-value.ts';
import { showPath } from './path.ts';
import type { PathStep } from './path.ts';
import { SetApi } from './set-api.ts';
import { SetValue } from './set-value.ts';
import { notAValue } from './value-error.ts';
import type { RecordValue, Value } from './value.ts';

/** How deep values may nest. */
export const maxNesting = 500;

/**
 * Brings anything that is a value into its canonical form.
 *
 * Native sets and maps, unsorted and unfrozen records, drafts and views are all accepted; `x` itself is not changed,
 * and the result shares nothing with it that could still be changed.
 *
 * @param x - plain data, or a part of a state
 * @returns the canonical value; `x` itself where it is canonical
 * @throws BivalentError `value/refused`, with the path, what was found there and what would be right
 *
 * Cost: O(size), without allocation where `x` is canonical; sets, maps and bags that are canonical are not walked.
 */
export function canonical(x: unknown): Value {
  if (typeof x !== 'object' || x === null) return visit(x, top);
  if (verified.has(x)) return x as Value;
  const value = visitObject(x, { steps: [], ancestors: [] });
  if (value === x) verified.add(x);
  return value;
}

/** Objects that were found to be canonical: elements of sets above all, which user code takes out and gives back. */
const verified = new WeakSet<object>();

/** Where the walk of a value without parts is. */
const top: Walk = { steps: [], ancestors: [] };

/** Where the walk is: the path to the present object, and the objects on it. */
interface Walk {
  readonly steps: PathStep[];
  readonly ancestors: object[];
}

function visit(x: unknown, walk: Walk): Value {
  switch (typeof x) {
    case 'string':
    case 'boolean':
    case 'bigint':
      return x;
    case 'number':
      if (!Number.isFinite(x)) throw refused(walk, String(x), 'a number is finite; use null for "none"');
      return x === 0 ? 0 : x;
    case 'object':
      return x === null ? null : visitObject(x, walk);
    case 'undefined':
      throw refused(walk, 'undefined', 'use null, or leave the field out');
    case 'function':
      throw refused(walk, x.name === '' ? 'a function' : `the function ${x.name}`, 'a state holds data only');
    default:
      throw refused(walk, 'a symbol', 'use a string');
  }
}

function refused(walk: Walk, found: string, advice: string): BivalentError {
  return notAValue(showPath(walk.steps), found, advice);
}

function visitObject(x: object, walk: Walk): Value {
  const prototype: unknown = Object.getPrototypeOf(x);
  const isRecord = prototype === Object.prototype;
  if (!isRecord && isCanonicalCollection(x)) return x;
  if (walk.ancestors.includes(x)) {
    throw refused(walk, 'an object that contains itself', 'a value is a tree; refer to other parts by a name or index');
  }
  if (walk.ancestors.length >= maxNesting) {
    throw refused(walk, 'something nested more than 500 deep', 'use an array in place of a linked list');
  }
  walk.ancestors.push(x);
  const value = isRecord
    ? visitRecord(x, walk)
    : Array.isArray(x)
      ? visitArray(x, walk)
      : (visitCollection(x, walk) ?? visitUnusual(x, walk));
  walk.ancestors.pop();
  return value;
}

function isCanonicalCollection(x: object): x is SetValue<Value> | MapValue<Value, Value> | Bag<Value> {
  return (x instanceof SetValue || x instanceof MapValue || x instanceof Bag) && Object.isFrozen(x);
}

function visitAt(x: unknown, step: PathStep, walk: Walk): Value {
  walk.steps.push(step);
  const value = visit(x, walk);
  walk.steps.pop();
  return value;
}

function visitArray(x: readonly unknown[], walk: Walk): Value {
  let same = Object.isFrozen(x);
  const copy: Value[] = [];
  for (let i = 0; i < x.length; i++) {
    if (x[i] === undefined && !(i in x)) throw refused(walk, 'an array with holes', 'fill them');
    const element = visitAt(x[i], i, walk);
    same &&= element === x[i];
    copy.push(element);
  }
  if (!same && Object.keys(x).length > x.length) {
    throw refused(walk, 'an array with named properties', 'use a record');
  }
  return same ? (x as readonly Value[]) : Object.freeze(copy);
}

/** A set, map or bag, native or ours; undefined for anything else. */
function visitCollection(x: object, walk: Walk): Value | undefined {
  if (x instanceof SetApi) return SetValue.ofSorted(x.elements() as readonly Value[]);
  if (x instanceof MapApi) return MapValue.ofSorted(x.pairs() as readonly (readonly [Value, Value])[]);
  if (x instanceof BagApi) return Bag.ofSorted(x.pairs() as readonly (readonly [Value, number])[]);
  if (x instanceof Set) return SetValue.of([...x].map((element) => visitElement(element, 'an element', walk)));
  if (x instanceof Map) {
    return MapValue.of(
      [...x].map(([key, value]) => {
        const canonicalKey = visitElement(key, 'a key', walk);
        return [canonicalKey, visitAt(value, { key: canonicalKey }, walk)] as const;
      }),
    );
  }
  return undefined;
}

/** What a set or map contains has no path of its own: an error is about the collection. */
function visitElement(x: unknown, what: string, walk: Walk): Value {
  try {
    return visit(x, { steps: [], ancestors: walk.ancestors });
  } catch (error) {
    if (!(error instanceof BivalentError)) throw error;
    const kind = what === 'a key' ? 'map' : 'set';
    const place = showPath(walk.steps);
    const message = `${place === '' ? '' : `at ${place}: `}in ${what} of the ${kind}: ${error.message}`;
    throw new BivalentError(error.code, message, place === '' ? {} : { path: place });
  }
}

function visitRecord(x: object, walk: Walk): Value {
  const keys = Reflect.ownKeys(x);
  let same = Object.isFrozen(x);
  let sorted = true;
  const values: Value[] = [];
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i]!;
    if (typeof key === 'symbol') throw refused(walk, `a record with the symbol key ${String(key)}`, 'keys are strings');
    requireData(x, key, walk);
    const found: unknown = Reflect.get(x, key);
    const value = visitAt(found, key, walk);
    same &&= value === found;
    sorted &&= i === 0 || compareKeys(keys[i - 1] as string, key) < 0;
    values.push(value);
  }
  if (same && sorted) return x as RecordValue;
  return recordOf(keys as string[], values, sorted);
}

/** A frozen record with sorted keys. */
function recordOf(keys: readonly string[], values: readonly Value[], sorted: boolean): RecordValue {
  const order = keys.map((_, i) => i);
  if (!sorted) order.sort((i, j) => compareKeys(keys[i]!, keys[j]!));
  const record: Record<string, Value> = {};
  for (const i of order) record[keys[i]!] = values[i]!;
  return Object.freeze(record);
}

/** A record without a prototype becomes one with the usual prototype; anything else is refused. */
function visitUnusual(x: object, walk: Walk): Value {
  if (Object.getPrototypeOf(x) === null) return visitRecord({ ...x }, walk);
  if (x instanceof Date) throw refused(walk, 'a Date', 'keep time as a number');
  if (x instanceof Promise) throw refused(walk, 'a promise', 'actions are synchronous');
  const name: unknown = (x as { constructor?: { name?: unknown } }).constructor?.name;
  const found = typeof name === 'string' && name !== '' ? `an instance of ${name}` : 'an object with a prototype';
  throw refused(walk, found, 'use a plain record, an array, a Set, a Map or a Bag');
}

function requireData(x: object, key: string, walk: Walk): void {
  const property = Object.getOwnPropertyDescriptor(x, key);
  if (key === '__proto__') throw refused(walk, 'a record with the key __proto__', 'choose another name');
  if (property === undefined) return;
  if (property.get !== undefined || property.set !== undefined) {
    throw refused({ ...walk, steps: [...walk.steps, key] }, 'a getter or setter', 'a state holds data only');
  }
  if (property.enumerable !== true) {
    throw refused({ ...walk, steps: [...walk.steps, key] }, 'a property that is not enumerable', 'use a plain field');
  }
}
