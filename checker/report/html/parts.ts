/** A value and the one that was there before, in parts: what a tree of the two shows one level down. */
import {
  equal,
  kindOf,
  show,
  type Bag,
  type Kind,
  type MapValue,
  type RecordValue,
  type SetValue,
  type Value,
} from '../../value/index.ts';

/** One part of a value; `value` is absent where it is gone, `before` where it is new. */
export interface Part {
  /** Its name among its siblings: the field, the key, the index; the element itself in a set or bag. */
  readonly key: string;
  /** What stands before it; empty for elements, which have no names. */
  readonly label: string;
  readonly value?: Value;
  readonly before?: Value;
  /** In a bag, how many there are and were. */
  readonly count?: readonly [now: number, before: number];
}

/** What became of a part. */
export type Fate = 'same' | 'changed' | 'added' | 'removed';

/** What became of a part. Cost: O(size). */
export function fateOf({ value, before, count }: Part): Fate {
  if (value === undefined) return 'removed';
  if (before === undefined) return 'added';
  if (count !== undefined && count[0] !== count[1]) return 'changed';
  return equal(value, before) ? 'same' : 'changed';
}

/** Whether a value has parts that can be shown one by one. */
export function hasParts(value: Value): boolean {
  return partsByKind[kindOf(value)] !== undefined;
}

/**
 * The parts of a value beside those of the one before it, in canonical order.
 *
 * @param before - where it is of another kind, or absent, all parts are as they are in `value`
 */
export function partsOf(value: Value, before: Value | undefined): readonly Part[] {
  const kind = kindOf(value);
  const other = before !== undefined && kindOf(before) === kind ? before : value;
  return partsByKind[kind]?.(value, other) ?? [];
}

/** A part of one value alone: its name, what stands before it, and what it is. */
type Named = readonly [key: string, label: string, value: Value, count?: number];

const partsByKind: { readonly [K in Kind]?: (value: Value, before: Value) => readonly Part[] } = {
  record: (value, before) => together(fields(value), fields(before)),
  map: (value, before) => together(entries(value), entries(before)),
  set: (value, before) => together(elements(value), elements(before)),
  bag: (value, before) => together(counted(value), counted(before)),
  array: (value, before) => together(items(value), items(before)),
};

function fields(value: Value): readonly Named[] {
  return Object.entries(value as RecordValue).map(([key, field]) => [key, key, field]);
}

function entries(value: Value): readonly Named[] {
  return (value as MapValue<Value, Value>).pairs().map(([key, held]) => [show(key), show(key), held]);
}

function elements(value: Value): readonly Named[] {
  return (value as SetValue<Value>).elements().map((element) => [show(element), '', element]);
}

function counted(value: Value): readonly Named[] {
  return (value as Bag<Value>).pairs().map(([element, count]) => [show(element), '', element, count]);
}

function items(value: Value): readonly Named[] {
  return (value as readonly Value[]).map((item, i) => [String(i), String(i), item]);
}

/** Those of the value in their order, and then those that are gone. */
function together(now: readonly Named[], before: readonly Named[]): readonly Part[] {
  const old = new Map(before.map((part) => [part[0], part]));
  const kept = new Set(now.map(([key]) => key));
  return [
    ...now.map(([key, label, value, count]): Part => {
      const was = old.get(key);
      return {
        key,
        label,
        value,
        ...(was !== undefined && { before: was[2] }),
        ...(count !== undefined && { count: [count, was?.[3] ?? 0] as const }),
      };
    }),
    ...before
      .filter(([key]) => !kept.has(key))
      .map(([key, label, value, count]): Part => {
        return { key, label, before: value, ...(count !== undefined && { count: [0, count] as const }) };
      }),
  ];
}
