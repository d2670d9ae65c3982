/** The bags (multisets) of a state. */
import { BivalentError } from '../core/index.ts';
import { BagApi } from './bag-api.ts';
import { canonical } from './canonical.ts';
import { compare } from './compare.ts';
import type { BagView, Loose, Matching, Query, View } from './draft.ts';
import { Box, draftable, held } from './held.ts';
import { toJson } from './json.ts';
import { matches } from './query.ts';
import { show } from './show.ts';
import { indexOfKey, inserted, removed, replaced } from './sorted.ts';
import { frozenCollection } from './value-error.ts';
import type { Value } from './value.ts';

type Count = readonly [Value, number];

const nothing: readonly never[] = Object.freeze([]);
const empty = new Box<readonly Count[]>(nothing);

/**
 * A set that counts how often each element is there: the messages of a network that duplicates, for example.
 *
 * Elements are compared by value and iterated in canonical order, each different one once. Those in states are
 * frozen. `count` costs O(log n) comparisons, `add` also a copy.
 *
 * TLA+: the module Bags.
 */
export class Bag<T> extends BagApi<T> {
  static readonly [draftable] = true;
  [held]: Box<readonly Count[]>;

  /** @param elements - each adds one */
  constructor(elements: Iterable<Loose<T>> = nothing) {
    super();
    if (elements === nothing) this[held] = empty;
    else this[held] = new Box(summed([...elements].map((element): Count => [canonical(element), 1])));
  }

  /** The canonical bag of these canonical elements and counts; equal elements are added up. */
  static of(counts: readonly Count[]): Bag<Value> {
    return Bag.ofSorted(summed(counts));
  }

  /** The canonical bag of these canonical elements, which are different and in order. The array is frozen. */
  static ofSorted(counts: readonly Count[]): Bag<Value> {
    const bag = Bag.holding(Object.freeze(counts));
    Object.freeze(bag);
    return bag;
  }

  private static holding(counts: readonly Count[]): Bag<Value> {
    const bag = new Bag<Value>();
    bag[held] = new Box(counts);
    return bag;
  }

  /** A bag of its own with the same elements, which can be changed. Cost: O(1). */
  copy(): Bag<T> {
    return Bag.holding(this[held].content) as unknown as Bag<T>;
  }

  pairs(): readonly (readonly [View<T>, number])[] {
    return this[held].content as readonly unknown[] as readonly (readonly [View<T>, number])[];
  }

  count(element: Loose<T>): number {
    return this[held].content[indexOfKey(this[held].content, canonical(element))]?.[1] ?? 0;
  }

  where<const Q extends Query<T>>(query: Q): BagView<Matching<T, Q>> {
    const wanted = canonical(query);
    const found = this[held].content.filter(([element]) => matches(element, wanted));
    return Bag.ofSorted(found) as unknown as BagView<Matching<T, Q>>;
  }

  add(element: Loose<T>, count = 1): void {
    this.change(element, requireCount(count));
  }

  delete(element: Loose<T>, count = 1): void {
    this.change(element, -requireCount(count));
  }

  clear(): void {
    this.requireMutable();
    this[held] = new Box(Object.freeze([]));
  }

  toJSON(): unknown {
    return toJson(Bag.ofSorted(this[held].content));
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return show(Bag.ofSorted(this[held].content));
  }

  private change(element: Loose<T>, by: number): void {
    this.requireMutable();
    const value = canonical(element);
    const counts = this[held].content;
    const index = indexOfKey(counts, value);
    const count = Math.max(0, (counts[index]?.[1] ?? 0) + by);
    const entry = Object.freeze([value, count] as const);
    if (index < 0) {
      if (count > 0) this[held] = new Box(inserted(counts, -1 - index, entry));
    } else {
      this[held] = new Box(count > 0 ? replaced(counts, index, entry) : removed(counts, index));
    }
  }

  private requireMutable(): void {
    if (Object.isFrozen(this)) throw frozenCollection('bag');
  }
}

/** A number of equal elements, as users give it. @throws BivalentError `value/count` where it is no such number */
export function requireCount(count: number): number {
  if (Number.isSafeInteger(count) && count >= 0) return count;
  throw new BivalentError('value/count', `a bag counts in whole numbers from 0: ${String(count)} is none`);
}

function summed(counts: readonly Count[]): readonly Count[] {
  const sums: [Value, number][] = [];
  for (const [element, count] of counts.toSorted((a, b) => compare(a[0], b[0]))) {
    const last = sums.at(-1);
    if (last !== undefined && compare(last[0], element) === 0) last[1] += count;
    else sums.push([element, count]);
  }
  return Object.freeze(sums.filter(([, count]) => count > 0).map((entry): Count => Object.freeze(entry)));
}

/** A bag of values, to be put into a state or compared with one; each element adds one. */
export function bagOf<T>(elements: Iterable<T> = []): Bag<T> {
  return new Bag<T>(elements);
}
