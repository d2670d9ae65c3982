/** Sorted arrays without repetition: what sets, maps and bags hold. */
import { compare } from './compare.ts';
import type { Value } from './value.ts';

/**
 * Finds where an element is, or would be.
 *
 * @returns its index, or `-1 - i` where `i` is the index at which it belongs
 *
 * Cost: O(log n) comparisons.
 */
export function indexIn(sorted: readonly Value[], element: Value): number {
  let low = 0;
  let high = sorted.length - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const order = compare(sorted[middle]!, element);
    if (order === 0) return middle;
    if (order < 0) low = middle + 1;
    else high = middle - 1;
  }
  return -1 - low;
}

/** As {@link indexIn}, in an array of pairs sorted by their first parts. */
export function indexOfKey(sorted: readonly (readonly [Value, unknown])[], key: Value): number {
  let low = 0;
  let high = sorted.length - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const order = compare(sorted[middle]![0], key);
    if (order === 0) return middle;
    if (order < 0) low = middle + 1;
    else high = middle - 1;
  }
  return -1 - low;
}

/** A frozen copy of `array` with `element` before `index`. */
export function inserted<T>(array: readonly T[], index: number, element: T): readonly T[] {
  return Object.freeze([...array.slice(0, index), element, ...array.slice(index)]);
}

/** A frozen copy of `array` without the element at `index`. */
export function removed<T>(array: readonly T[], index: number): readonly T[] {
  return Object.freeze([...array.slice(0, index), ...array.slice(index + 1)]);
}

/** A frozen copy of `array` with another element at `index`. */
export function replaced<T>(array: readonly T[], index: number, element: T): readonly T[] {
  return Object.freeze(array.with(index, element));
}

/** The different elements of `values`, in order, frozen. Most are given in order: that is found out first. */
export function sortedDistinct(values: Iterable<Value>): readonly Value[] {
  const given = [...values];
  if (given.every((value, i) => i === 0 || compare(given[i - 1]!, value) < 0)) return Object.freeze(given);
  given.sort(compare);
  return Object.freeze(given.filter((value, i) => i === 0 || compare(given[i - 1]!, value) !== 0));
}
