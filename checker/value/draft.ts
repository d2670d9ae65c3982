/**
 * The types through which user code sees a state: a `Draft` may be edited, a `View` only read.
 *
 * They follow the author's own types: a native `Set<T>` in the state is a {@link SetDraft} in a draft and a
 * {@link SetView} in a view, because sets, maps and bags of a state hold their elements *by value*.
 */
import type { Value } from './value.ts';

/** A partial element: the fields that must be equal. A tagged union is narrowed by the fields that are given. */
export type Query<T> = T extends object ? { readonly [K in keyof T]?: Loose<T[K]> } : T;

/** The elements of a `T` that a query `Q` leaves possible: `where({ type: 'vote' })` gives votes. */
export type Matching<T, Q> = Extract<T, Q> extends never ? T : Extract<T, Q>;

/** A set to read. Elements are compared by value and iterated in canonical order. */
export interface SetView<T> extends Iterable<View<T>> {
  /** For the compiler only, by which it knows a set and the type of its elements: there is no such property. */
  readonly '~set': T;
  readonly size: number;
  has(element: Loose<T>): boolean;
  /** The elements whose named fields equal those of `query`. Reads only the elements that match. */
  where<const Q extends Query<T>>(query: Q): SetView<Matching<T, Q>>;
  values(): IterableIterator<View<T>>;
  keys(): IterableIterator<View<T>>;
  entries(): IterableIterator<[View<T>, View<T>]>;
  forEach(visit: (element: View<T>) => void): void;
  some(test: (element: View<T>) => boolean): boolean;
  every(test: (element: View<T>) => boolean): boolean;
  filter(test: (element: View<T>) => boolean): SetView<T>;
  map<U>(f: (element: View<T>) => U): U[];
  find(test: (element: View<T>) => boolean): View<T> | undefined;
  toArray(): View<T>[];
  union<U>(other: Iterable<U>): SetView<T | U>;
  intersection(other: Iterable<unknown>): SetView<T>;
  difference(other: Iterable<unknown>): SetView<T>;
  symmetricDifference<U>(other: Iterable<U>): SetView<T | U>;
  isSubsetOf(other: Iterable<unknown>): boolean;
  isSupersetOf(other: Iterable<unknown>): boolean;
  isDisjointFrom(other: Iterable<unknown>): boolean;
}

/** A set to edit. `add` and `delete` return nothing, so that a send does not read the set. */
export interface SetDraft<T> extends SetView<T> {
  add(element: Loose<T>): void;
  delete(element: Loose<T>): void;
  clear(): void;
}

/** A map to read. Keys are compared by value and iterated in canonical order. */
export interface MapView<K, V> extends Iterable<[View<K>, View<V>]> {
  /** For the compiler only, by which it knows a map and the types of its entries: there is no such property. */
  readonly '~map': readonly [K, V];
  readonly size: number;
  has(key: Loose<K>): boolean;
  get(key: Loose<K>): View<V> | undefined;
  keys(): IterableIterator<View<K>>;
  values(): IterableIterator<View<V>>;
  entries(): IterableIterator<[View<K>, View<V>]>;
  forEach(visit: (value: View<V>, key: View<K>) => void): void;
}

/** A map to edit. What `get` returns is frozen: change an entry with `set`, or with `update`. */
export interface MapDraft<K, V> extends MapView<K, V> {
  set(key: Loose<K>, value: Loose<V>): void;
  /** Sets the entry of `key` to what `f` makes of its present value (`undefined` where there is none). */
  update(key: Loose<K>, f: (value: View<V> | undefined) => Loose<V>): void;
  delete(key: Loose<K>): void;
  clear(): void;
}

/** A bag (multiset) to read. Iteration yields each different element once, in canonical order. */
export interface BagView<T> extends Iterable<View<T>> {
  /** For the compiler only, by which it knows a bag and the type of its elements: there is no such property. */
  readonly '~bag': T;
  /** How many elements, repetitions included. */
  readonly size: number;
  /** How many different elements. */
  readonly distinct: number;
  has(element: Loose<T>): boolean;
  count(element: Loose<T>): number;
  where<const Q extends Query<T>>(query: Q): BagView<Matching<T, Q>>;
  values(): IterableIterator<View<T>>;
  entries(): IterableIterator<[View<T>, number]>;
  forEach(visit: (element: View<T>, count: number) => void): void;
  some(test: (element: View<T>, count: number) => boolean): boolean;
  every(test: (element: View<T>, count: number) => boolean): boolean;
  toArray(): View<T>[];
}

/** A bag to edit. Removing more than there is removes all there is. */
export interface BagDraft<T> extends BagView<T> {
  add(element: Loose<T>, count?: number): void;
  delete(element: Loose<T>, count?: number): void;
  clear(): void;
}

type Atom = null | undefined | boolean | number | bigint | string;

/**
 * A state, or a part of one, that user code may edit.
 *
 * A type that every value fits (`Value`, `unknown`) stays what it is.
 */
export type Draft<T> = [Value] extends [T]
  ? T
  : T extends Atom
    ? T
    : T extends { readonly '~bag': infer E }
      ? BagDraft<E>
      : T extends { readonly '~map': readonly [infer K, infer V] }
        ? MapDraft<K, V>
        : T extends { readonly '~set': infer E }
          ? SetDraft<E>
          : T extends ReadonlyMap<infer K, infer V>
            ? MapDraft<K, V>
            : T extends ReadonlySet<infer E>
              ? SetDraft<E>
              : { -readonly [K in keyof T]: Draft<T[K]> };

/** A state, or a part of one, that user code may only read. */
export type View<T> = [Value] extends [T]
  ? T
  : T extends Atom
    ? T
    : T extends { readonly '~bag': infer E }
      ? BagView<E>
      : T extends { readonly '~map': readonly [infer K, infer V] }
        ? MapView<K, V>
        : T extends { readonly '~set': infer E }
          ? SetView<E>
          : T extends ReadonlyMap<infer K, infer V>
            ? MapView<K, V>
            : T extends ReadonlySet<infer E>
              ? SetView<E>
              : { readonly [K in keyof T]: View<T[K]> };

/** What may be written where a `T` is expected: a plain `T`, or a view or draft of one. */
export type Loose<T> = T | View<T>;
