/** Partial elements: what `where` looks for. */
import { compare } from './compare.ts';
import { isRecord } from './kind.ts';
import type { Value } from './value.ts';

/**
 * Whether an element has the fields of a query, with equal values; a query that is not a record must be the element.
 *
 * @param element - canonical
 * @param query - canonical
 */
export function matches(element: Value, query: Value): boolean {
  if (!isRecord(query)) return compare(element, query) === 0;
  if (!isRecord(element)) return false;
  for (const key of Object.keys(query)) {
    if (!Object.hasOwn(element, key) || compare(element[key]!, query[key]!) !== 0) return false;
  }
  return true;
}
