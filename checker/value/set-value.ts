/** The sets of a state: their elements are compared by value. */
import { canonical } from './canonical.ts';
import type { Loose, Matching, Query, SetView, View } from './draft.ts';
import { Box, draftable, held } from './held.ts';
import { toJson } from './json.ts';
import { matches } from './query.ts';
import { SetApi } from './set-api.ts';
import { show } from './show.ts';
import { indexIn, inserted, removed, sortedDistinct } from './sorted.ts';
import { frozenCollection } from './value-error.ts';
import type { Value } from './value.ts';

const nothing: readonly never[] = Object.freeze([]);
const empty = new Box<readonly Value[]>(nothing);

/**
 * A set whose elements are compared by value and iterated in canonical order.
 *
 * `setOf` makes one that can still be changed; those in states are frozen. `has` and `add` cost O(log n) comparisons,
 * `add` also a copy.
 */
export class SetValue<T> extends SetApi<T> {
  static readonly [draftable] = true;
  [held]: Box<readonly Value[]>;

  constructor(elements: Iterable<Loose<T>> = nothing) {
    super();
    this[held] = elements === nothing ? empty : new Box(sortedDistinct([...elements].map(canonical)));
  }

  /** The canonical set of these canonical elements. */
  static of(elements: Iterable<Value>): SetValue<Value> {
    return SetValue.ofSorted(sortedDistinct(elements));
  }

  /** The canonical set of these canonical elements, which are different and in order. The array is frozen. */
  static ofSorted(elements: readonly Value[]): SetValue<Value> {
    const set = SetValue.holding(Object.freeze(elements));
    Object.freeze(set);
    return set;
  }

  private static holding(elements: readonly Value[]): SetValue<Value> {
    const set = new SetValue<Value>();
    set[held] = new Box(elements);
    return set;
  }

  /** A set of its own with the same elements, which can be changed. Cost: O(1). */
  copy(): SetValue<T> {
    return SetValue.holding(this[held].content) as unknown as SetValue<T>;
  }

  elements(): readonly View<T>[] {
    return this[held].content as readonly unknown[] as readonly View<T>[];
  }

  has(element: Loose<T>): boolean {
    return indexIn(this[held].content, canonical(element)) >= 0;
  }

  where<const Q extends Query<T>>(query: Q): SetView<Matching<T, Q>> {
    const wanted = canonical(query);
    const found = this[held].content.filter((element) => matches(element, wanted));
    return SetValue.ofSorted(found) as unknown as SetView<Matching<T, Q>>;
  }

  add(element: Loose<T>): void {
    this.requireMutable();
    const value = canonical(element);
    const index = indexIn(this[held].content, value);
    if (index < 0) this[held] = new Box(inserted(this[held].content, -1 - index, value));
  }

  delete(element: Loose<T>): void {
    this.requireMutable();
    const index = indexIn(this[held].content, canonical(element));
    if (index >= 0) this[held] = new Box(removed(this[held].content, index));
  }

  clear(): void {
    this.requireMutable();
    this[held] = new Box(Object.freeze([]));
  }

  toJSON(): unknown {
    return toJson(SetValue.ofSorted(this[held].content));
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return show(SetValue.ofSorted(this[held].content));
  }

  protected collect<U>(elements: Iterable<U>): SetApi<U> {
    return new SetValue<U>(elements);
  }

  private requireMutable(): void {
    if (Object.isFrozen(this)) throw frozenCollection('set');
  }
}

/**
 * A set of values, to be put into a state or compared with one: `s.votes = setOf([self])`.
 *
 * @throws BivalentError `value/refused` where an element is not a value
 */
export function setOf<T>(elements: Iterable<T> = []): SetValue<T> {
  return new SetValue<T>(elements);
}
