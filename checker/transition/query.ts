/**
 * Queries: the questions that user code may ask of a state, and effects: the changes that it may make.
 *
 * A query is as narrow as what was asked. `s.votes.has(x)` asks for one entry of a collection, `where` for the elements
 * that match, `size` and iteration for more. Two queries are the same number when they ask the same; their answers are
 * integers, so that a decision tree over them is a table.
 *
 * An *entry* of a collection is what it holds for one key: 0 or 1 for an element of a set, its count in a bag, the
 * value of a map's key (its number in the value table, 0 where there is none).
 */
import {
  Bag,
  canonical,
  MapValue,
  matches,
  SetValue,
  type ByteReader,
  type ByteWriter,
  type Value,
} from '../value/index.ts';
import { hashPair } from './int-tables.ts';
import type { SlotKind } from './shape.ts';
import type { ValueTable } from './value-table.ts';

/** What a query asks. */
export const Ask = {
  /** The whole value of a slot. */
  whole: 0,
  /** One entry of a collection; the argument is its key. */
  entry: 1,
  /** How many elements (of a bag: repetitions included). */
  size: 2,
  /** How many different elements of a bag. */
  distinct: 3,
  /** The elements that match a record of fields; the argument is that record. */
  where: 4,
  /** A choice among the elements of a collection; the answer is the element chosen. */
  fork: 5,
  /** A choice among elements known beforehand; the argument is the array of them, the answer the one chosen. */
  choice: 6,
} as const;

export type Ask = (typeof Ask)[keyof typeof Ask];

export interface Query {
  /** 0: the state before the step; 1: the state after it. */
  readonly side: 0 | 1;
  /** The slot that is asked; -1 for a `choice`, which asks no state. */
  readonly slot: number;
  readonly ask: Ask;
  /** A number of the value table, or 0. */
  readonly argument: number;
}

/** All queries asked so far, numbered from zero. */
export class QueryTable {
  readonly all: Query[] = [];
  readonly #ids = new Map<number, number[]>();

  id(side: 0 | 1, slot: number, ask: Ask, argument: number): number {
    const hash = hashPair(slot * 16 + ask * 2 + side, argument);
    const bucket = this.#ids.get(hash) ?? [];
    for (const id of bucket) {
      const q = this.all[id] as Query;
      if (q.side === side && q.slot === slot && q.ask === ask && q.argument === argument) return id;
    }
    const id = this.all.length;
    this.all.push({ side, slot, ask, argument });
    bucket.push(id);
    this.#ids.set(hash, bucket);
    return id;
  }

  at(id: number): Query {
    return this.all[id] as Query;
  }

  /** Writes the queries that come after the first `from`. */
  write(writer: ByteWriter, from: number): void {
    writer.varint(this.all.length - from);
    for (const { side, slot, ask, argument } of this.all.slice(from)) {
      for (const n of [side, slot + 1, ask, argument]) writer.varint(n);
    }
  }

  /** Adds the queries that another table wrote, whose first queries are those of this one. */
  read(reader: ByteReader): void {
    for (let left = reader.varint(); left > 0; left--) {
      const side = reader.varint() as 0 | 1;
      const slot = reader.varint() - 1;
      this.id(side, slot, reader.varint() as Ask, reader.varint());
    }
  }
}

/** A collection of a state. */
export type Collection = SetValue<Value> | MapValue<Value, Value> | Bag<Value>;

/** What a collection holds for one key. */
export function entryOf(collection: Collection, key: Value, values: ValueTable): number {
  if (collection instanceof SetValue) return collection.has(key) ? 1 : 0;
  if (collection instanceof Bag) return collection.count(key);
  const value = collection.get(key);
  return value === undefined ? 0 : values.id(value);
}

/** The entries of a collection, as pairs of a key and what is held for it. */
export function* entriesOf(collection: Collection, values: ValueTable): Generator<[key: number, entry: number]> {
  if (collection instanceof SetValue) {
    for (const element of collection.elements()) yield [values.id(element), 1];
  } else if (collection instanceof Bag) {
    for (const [element, count] of collection.pairs()) yield [values.id(element), count];
  } else {
    for (const [key, value] of collection.pairs()) yield [values.id(key), values.id(value)];
  }
}

/** The collection of a kind that holds these entries; those that are 0 are left out. */
export function collectionOf(
  kind: SlotKind,
  entries: Iterable<readonly [number, number]>,
  values: ValueTable,
): Collection {
  const held = [...entries].filter(([, entry]) => entry !== 0);
  if (kind === 'set') return SetValue.of(held.map(([key]) => values.value(key)));
  if (kind === 'bag') return Bag.of(held.map(([key, count]) => [values.value(key), count] as const));
  return MapValue.of(held.map(([key, value]) => [values.value(key), values.value(value)] as const));
}

/** The answer to a query about a collection, given its whole value; `fork` and `choice` have none. */
export function answerOf(collection: Collection, ask: Ask, argument: number, values: ValueTable): number {
  switch (ask) {
    case Ask.entry:
      return entryOf(collection, values.value(argument), values);
    case Ask.size:
      return collection.size;
    case Ask.distinct:
      return collection instanceof Bag ? collection.distinct : collection.size;
    case Ask.where:
      return values.id(whereOf(collection, values.value(argument)));
    default:
      return values.id(collection);
  }
}

/** The part of a collection whose keys match a record of fields. */
export function whereOf(collection: Collection, query: Value): Collection {
  if (collection instanceof MapValue)
    return MapValue.ofSorted(collection.pairs().filter(([key]) => matches(key, query)));
  return collection.where(query as never) as unknown as Collection;
}

/**
 * A change of one slot, or of one entry of a collection.
 *
 * `key` 0 sets the whole slot to the value numbered `value`. Otherwise the entry of `key` becomes `value` where
 * `relative` is false, and `max(entry + value, floor)` where it is true (bags: adding does not read the count).
 */
export interface Effect {
  readonly slot: number;
  readonly key: number;
  readonly relative: boolean;
  readonly value: number;
  readonly floor: number;
}

/** What some effects are, as text: leaves with the same write the same. */
export function textOf(effects: readonly Effect[]): string {
  return effects.map((e) => `${e.slot},${e.key},${e.relative ? 1 : 0},${e.value},${e.floor}`).join(';');
}

/** The entry that an effect makes of an entry. */
export function applyToEntry(effect: Effect, entry: number): number {
  return effect.relative ? Math.max(entry + effect.value, effect.floor) : effect.value;
}

/** What an effect on one entry makes of the collection that holds it. */
export function applyToCollection(effect: Effect, collection: Collection, values: ValueTable): Value {
  const key = values.value(effect.key);
  const before = entryOf(collection, key, values);
  const after = applyToEntry(effect, before);
  if (after === before) return collection;
  const copy = collection.copy();
  if (copy instanceof MapValue) {
    if (after === 0) copy.delete(key);
    else copy.set(key, values.value(after));
  } else if (copy instanceof Bag) {
    if (after < before) copy.delete(key, before - after);
    else copy.add(key, after - before);
  } else if (after === 0) copy.delete(key);
  else copy.add(key);
  return canonical(copy);
}
