/** The laws of values. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { rawValues, rearranged } from './arbitrary-value.test-support.ts';
import { canonical, compare, decode, diff, encode, equal, fromJson, show, toJson } from './index.ts';
import type { Change, Path, PathStep, Value } from './index.ts';
import { Bag, isRecord, MapValue, SetValue } from './index.ts';

const values = rawValues.map(canonical);
/** Two values that are often equal, or nearly so. */
const pairs = fc.oneof(
  fc.tuple(values, values),
  fc.tuple(rawValues, fc.constant(undefined)).map(([x]) => [canonical(x), canonical(rearranged(x))] as const),
);

const hex = (value: Value): string => Buffer.from(encode(value)).toString('hex');

describe('canonical form', () => {
  test('is one object for what is canonical already', () => {
    fc.assert(fc.property(values, (value) => canonical(value) === value));
  });

  test('depends neither on the order of keys and elements nor on the sign of zero', () => {
    fc.assert(
      fc.property(rawValues, (x) => {
        expect(hex(canonical(rearranged(x)))).toBe(hex(canonical(x)));
      }),
    );
  });

  test('is frozen in every part', () => {
    const check = (x: unknown): void => {
      if (typeof x !== 'object' || x === null) return;
      expect(Object.isFrozen(x)).toBe(true);
      for (const key of Reflect.ownKeys(x)) check(Reflect.get(x, key));
    };
    fc.assert(fc.property(values, check));
  });

  test('does not change what it was given', () => {
    fc.assert(
      fc.property(rawValues, (x) => {
        const before = structuredCloneOf(x);
        canonical(x);
        expect(structuredCloneOf(x)).toEqual(before);
      }),
    );
  });
});

/** Bags are no native objects: their entries stand for them. */
function structuredCloneOf(x: unknown): unknown {
  return x instanceof Bag ? [...x.entries()] : typeof x === 'object' ? JSON.stringify(x, bigintText) : x;
}

function bigintText(_: string, x: unknown): unknown {
  return typeof x === 'bigint' ? `${String(x)}n` : x;
}

describe('equality', () => {
  test('by order, by bytes and by text are the same', () => {
    fc.assert(
      fc.property(pairs, ([a, b]) => {
        const same = compare(a, b) === 0;
        expect(equal(a, b)).toBe(same);
        expect(hex(a) === hex(b)).toBe(same);
        expect(show(a) === show(b)).toBe(same);
        expect(diff(a, b).length === 0).toBe(same);
      }),
    );
  });

  test('holds between a value and what it was made from', () => {
    fc.assert(fc.property(rawValues, (x) => equal(x, canonical(x)) && equal(canonical(x), rearranged(x))));
  });
});

describe('the order of values', () => {
  test('is antisymmetric', () => {
    fc.assert(
      fc.property(pairs, ([a, b]) => {
        expect(Math.sign(compare(a, b)) + Math.sign(compare(b, a))).toBe(0);
      }),
    );
  });

  test('is transitive', () => {
    fc.assert(
      fc.property(values, values, values, (a, b, c) => {
        const [x, y, z] = [a, b, c].sort(compare);
        expect(compare(x!, y!)).toBeLessThanOrEqual(0);
        expect(compare(y!, z!)).toBeLessThanOrEqual(0);
        expect(compare(x!, z!)).toBeLessThanOrEqual(0);
      }),
    );
  });
});

describe('other forms', () => {
  test('bytes give back the value', () => {
    fc.assert(
      fc.property(values, (value) => {
        const decoded = decode(encode(value));
        expect(compare(decoded, value)).toBe(0);
        expect(canonical(decoded)).toBe(decoded);
      }),
    );
  });

  test("no value's bytes begin with another's", () => {
    fc.assert(fc.property(values, values, (a, b) => equal(a, b) || !hex(a).startsWith(hex(b))));
  });

  test('damaged bytes are an error or a value, never anything else', () => {
    fc.assert(
      fc.property(values, fc.nat(), fc.nat(255), (value, position, byte) => {
        const bytes = encode(value);
        bytes[position % bytes.length] = byte;
        try {
          decode(bytes);
        } catch (error) {
          expect(error).toMatchObject({ code: 'value/bytes' });
        }
      }),
    );
  });

  test('JSON gives back the value', () => {
    fc.assert(
      fc.property(values, (value) => {
        const read = fromJson(JSON.parse(JSON.stringify(toJson(value))));
        expect(show(read)).toBe(show(value));
      }),
    );
  });

  test('a difference says how to get from one value to the other', () => {
    fc.assert(
      fc.property(pairs, ([a, b]) => {
        const result = diff(a, b).reduce<Value | undefined>((value, change) => applied(value, change.path, change), a);
        expect(show(result!)).toBe(show(b));
      }),
    );
  });
});

/** The value with one change made. */
function applied(value: Value | undefined, path: Path, change: Change): Value | undefined {
  const [step, ...rest] = path;
  if (step !== undefined) return withPart(value!, step, applied(partOf(value!, step), rest, change));
  if (change.kind === 'changed') return change.after;
  const collection = value as SetValue<Value> | Bag<Value>;
  const copy = collection.copy();
  if (copy instanceof Bag) copy[change.kind === 'added' ? 'add' : 'delete'](change.element, change.count);
  else copy[change.kind === 'added' ? 'add' : 'delete'](change.element);
  return canonical(copy);
}

function partOf(value: Value, step: PathStep): Value | undefined {
  if (value instanceof MapValue) return value.get((step as { key: Value }).key);
  return (value as Record<string, Value>)[step as string];
}

function withPart(value: Value, step: PathStep, part: Value | undefined): Value {
  if (value instanceof MapValue) {
    const copy = value.copy();
    const { key } = step as { key: Value };
    if (part === undefined) copy.delete(key);
    else copy.set(key, part);
    return canonical(copy);
  }
  if (isRecord(value)) {
    const others = Object.fromEntries(Object.entries(value).filter(([key]) => key !== step));
    return canonical(part === undefined ? others : { ...others, [step as string]: part });
  }
  const array = [...(value as readonly Value[])];
  // Elements beyond the shorter array are the last ones: each removal takes one off the end, in any order.
  if (part === undefined) array.length -= 1;
  else array[step as number] = part;
  return canonical(array);
}
