/**
 * Drafts agree with plain JavaScript in which every assignment copies.
 *
 * A random program runs on a draft and on a model: native mutable objects, where what is assigned is cloned first.
 * Both keep a list of the parts that were read ("handles"), so that parts which were moved or replaced are read and
 * written, too.
 */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { Bag, canonical, MapValue, SetValue, show } from '../value/index.ts';
import type { Value } from '../value/index.ts';
import { openDraft } from './immer-draft.ts';

type Collection = SetValue<unknown> | MapValue<unknown, unknown> | Bag<unknown>;

function isCollection(x: unknown): x is Collection {
  return x instanceof SetValue || x instanceof MapValue || x instanceof Bag;
}

/** A mutable copy that shares nothing. */
function clone(x: unknown): unknown {
  return thawed(canonical(x));
}

function thawed(x: unknown): unknown {
  if (typeof x !== 'object' || x === null) return x;
  if (isCollection(x)) return x.copy();
  if (Array.isArray(x)) return x.map(thawed);
  return Object.fromEntries(Object.entries(x).map(([key, value]) => [key, thawed(value)]));
}

/** One run of a program on one side: the parts that it holds, and how this side stores what is assigned. */
interface Side {
  readonly handles: object[];
  stored(x: unknown): unknown;
}

const keys = ['a', 'b', 'c', '1'];
const start = {
  a: { a: 1, b: { a: 2, c: [] } },
  b: [1, { a: 0 }, [2], { b: 1 }],
  c: new Set([1]),
  1: new Map([['a', { a: 1 }]]),
  d: new Bag(['a']),
};

/** Runs one instruction; returns what can be seen of it. Numbers choose among what there is. */
function step(side: Side, [which, operation, first, second, value]: Instruction): unknown {
  const part = side.handles[which % side.handles.length]!;
  const other = side.handles[second % side.handles.length]!;
  // What is written: a fresh value, or a part that this side holds.
  const written = operation % 2 === 0 ? fresh(value) : other;
  if (part instanceof SetValue) return onSet(part as SetValue<unknown>, operation, canonical(written));
  if (part instanceof MapValue)
    return onMap(part as MapValue<unknown, unknown>, operation, keys[first % 4]!, canonical(written));
  if (part instanceof Bag) return onBag(part as Bag<unknown>, operation, canonical(written), first % 3);
  if (Array.isArray(part)) return onArray(side, part, operation, first, second, written);
  return onRecord(side, part as Record<string, unknown>, operation, keys[first % 4]!, written);
}

function fresh(value: number): unknown {
  return [value, { a: value }, [value, { b: value }], { a: [value], c: {} }, 'a', { c: new Set([value]) }, [[]]][
    value % 7
  ];
}

function onSet(set: SetValue<unknown>, operation: number, value: Value): unknown {
  if (operation % 3 === 0) set.delete(value);
  else if (operation % 3 === 1) set.add(value);
  return [set.size, set.has(value)];
}

function onMap(map: MapValue<unknown, unknown>, operation: number, key: string, value: Value): unknown {
  if (operation % 3 === 0) map.delete(key);
  else if (operation % 3 === 1) map.set(key, value);
  return map.get(key);
}

function onBag(bag: Bag<unknown>, operation: number, value: Value, count: number): unknown {
  if (operation % 3 === 0) bag.delete(value, count);
  else if (operation % 3 === 1) bag.add(value, count);
  return bag.count(value);
}

function hold(side: Side, x: unknown): unknown {
  if (typeof x === 'object' && x !== null) side.handles.push(x);
  return x;
}

function onRecord(
  side: Side,
  record: Record<string, unknown>,
  operation: number,
  key: string,
  written: unknown,
): unknown {
  switch (operation % 5) {
    case 0:
    case 1:
      record[key] = side.stored(written);
      return undefined;
    case 2:
      return hold(side, record[key]);
    case 3:
      delete record[key];
      return Object.keys(record).length;
    default:
      return [key in record, Object.entries(record)];
  }
}

function onArray(side: Side, array: unknown[], operation: number, i: number, j: number, written: unknown): unknown {
  const index = array.length === 0 ? 0 : i % array.length;
  const end = array.length === 0 ? 0 : j % array.length;
  switch (operation % 15) {
    case 0:
    case 1:
      array[index] = side.stored(written);
      return undefined;
    case 2:
    case 3:
      return hold(side, array[index]);
    case 4:
    case 5:
      return array.push(side.stored(written));
    case 6:
      return hold(side, array.shift());
    case 7:
      return array.unshift(side.stored(written));
    case 8:
    case 9:
      return array.splice(index, end, side.stored(written)).map((x) => hold(side, x));
    case 10:
      return array.reverse().length;
    case 11:
      return hold(side, array.pop());
    case 12:
      array.sort((a, b) => (show(canonical(a)) < show(canonical(b)) ? -1 : 1));
      return undefined;
    case 13:
      return [array.at(-1), array.slice(index), array.flat(), array.includes(1), array.map((x) => typeof x)];
    default:
      copyWithin(side, array, index, end);
      return array.filter((x) => typeof x === 'object');
  }
}

/** `copyWithin` stores elements that are there already: on the model they must be copied by hand. */
function copyWithin(side: Side, array: unknown[], target: number, from: number): void {
  const copies = array.slice(from).map((x) => side.stored(x));
  array.copyWithin(target, from);
  if (side.stored !== asIs) copies.slice(0, array.length - target).forEach((x, i) => (array[target + i] = x));
}

function asIs(x: unknown): unknown {
  return x;
}

const instructions = fc.tuple(fc.nat(50), fc.nat(29), fc.nat(11), fc.nat(50), fc.nat(20));
type Instruction = [which: number, operation: number, first: number, second: number, value: number];

/** What was seen, as a value. */
function seen(x: unknown): string {
  return x === undefined ? 'nothing' : Array.isArray(x) ? `[${x.map(seen).join()}]` : show(canonical(x));
}

test('a random program gives the same on a draft as on plain objects that are copied when assigned', () => {
  fc.assert(
    fc.property(fc.array(instructions, { maxLength: 40, size: 'max' }), (program) => {
      const base = canonical(start);
      const text = show(base);
      const open = openDraft(base);
      const model = clone(base) as object;
      const onDraft: Side = { handles: [open.draft as object], stored: asIs };
      const onModel: Side = { handles: [model], stored: clone };
      for (const instruction of program) {
        expect(seen(step(onDraft, instruction))).toBe(seen(step(onModel, instruction)));
      }
      expect(onDraft.handles.map(seen)).toEqual(onModel.handles.map(seen));
      const result = open.finish();
      expect(show(result)).toBe(show(canonical(model)));
      expect(canonical(result)).toBe(result);
      expect(show(base)).toBe(text);
    }),
    { numRuns: 400 },
  );
});

test('what did not change is the same object', () => {
  const base = canonical(start) as Record<string, Value>;
  const open = openDraft(base);
  (open.draft as { a: { a: number } }).a.a = 5;
  const result = open.finish() as Record<string, Value>;
  expect(Object.keys(base).filter((key) => result[key] !== base[key])).toEqual(['a']);
});
