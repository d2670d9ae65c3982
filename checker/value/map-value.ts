/** The maps of a state: their keys are compared by value, and may be records. */
import { canonical } from './canonical.ts';
import { compare } from './compare.ts';
import type { Loose, View } from './draft.ts';
import { Box, draftable, held } from './held.ts';
import { toJson } from './json.ts';
import { MapApi } from './map-api.ts';
import { show } from './show.ts';
import { indexOfKey, inserted, removed, replaced } from './sorted.ts';
import { frozenCollection } from './value-error.ts';
import type { Value } from './value.ts';

type Pair = readonly [Value, Value];

const nothing: readonly never[] = Object.freeze([]);
const empty = new Box<readonly Pair[]>(nothing);

/**
 * A map whose keys are compared by value and iterated in canonical order.
 *
 * `mapValueOf` makes one that can still be changed; those in states are frozen. `get` costs O(log n) comparisons,
 * `set` also a copy.
 */
export class MapValue<K, V> extends MapApi<K, V> {
  static readonly [draftable] = true;
  [held]: Box<readonly Pair[]>;

  /** Where a key occurs twice, the later entry counts. */
  constructor(entries: Iterable<readonly [Loose<K>, Loose<V>]> = nothing) {
    super();
    if (entries === nothing) this[held] = empty;
    else
      this[held] = new Box(lastOfEachKey([...entries].map(([key, value]): Pair => [canonical(key), canonical(value)])));
  }

  /** The canonical map of these canonical entries. */
  static of(entries: readonly Pair[]): MapValue<Value, Value> {
    return MapValue.ofSorted(lastOfEachKey(entries));
  }

  /** The canonical map of these canonical entries, in order of their different keys. The array is frozen. */
  static ofSorted(entries: readonly Pair[]): MapValue<Value, Value> {
    const map = MapValue.holding(Object.freeze(entries));
    Object.freeze(map);
    return map;
  }

  private static holding(entries: readonly Pair[]): MapValue<Value, Value> {
    const map = new MapValue<Value, Value>();
    map[held] = new Box(entries);
    return map;
  }

  /** A map of its own with the same entries, which can be changed. Cost: O(1). */
  copy(): MapValue<K, V> {
    return MapValue.holding(this[held].content) as unknown as MapValue<K, V>;
  }

  pairs(): readonly (readonly [View<K>, View<V>])[] {
    return this[held].content as readonly unknown[] as readonly (readonly [View<K>, View<V>])[];
  }

  has(key: Loose<K>): boolean {
    return indexOfKey(this[held].content, canonical(key)) >= 0;
  }

  get(key: Loose<K>): View<V> | undefined {
    return this[held].content[indexOfKey(this[held].content, canonical(key))]?.[1] as View<V> | undefined;
  }

  set(key: Loose<K>, value: Loose<V>): void {
    this.requireMutable();
    const entry: Pair = Object.freeze([canonical(key), canonical(value)] as const);
    const entries = this[held].content;
    const index = indexOfKey(entries, entry[0]);
    this[held] = new Box(index < 0 ? inserted(entries, -1 - index, entry) : replaced(entries, index, entry));
  }

  delete(key: Loose<K>): void {
    this.requireMutable();
    const index = indexOfKey(this[held].content, canonical(key));
    if (index >= 0) this[held] = new Box(removed(this[held].content, index));
  }

  clear(): void {
    this.requireMutable();
    this[held] = new Box(Object.freeze([]));
  }

  toJSON(): unknown {
    return toJson(MapValue.ofSorted(this[held].content));
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return show(MapValue.ofSorted(this[held].content));
  }

  private requireMutable(): void {
    if (Object.isFrozen(this)) throw frozenCollection('map');
  }
}

function lastOfEachKey(entries: readonly Pair[]): readonly Pair[] {
  const sorted = entries.toSorted((a, b) => compare(a[0], b[0]));
  const kept = sorted.filter((entry, i) => i + 1 === sorted.length || compare(entry[0], sorted[i + 1]![0]) !== 0);
  return Object.freeze(kept.map((entry) => Object.freeze(entry)));
}

/**
 * A map with values as keys, to be put into a state or compared with one. (For a record with fixed keys use `mapOf`.)
 *
 * @throws BivalentError `value/refused` where a key or value is not a value
 */
export function mapValueOf<K, V>(entries: Iterable<readonly [K, V]> = []): MapValue<K, V> {
  return new MapValue<K, V>(entries);
}
