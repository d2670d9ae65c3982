/** Random values for tests, as a user would write them: native sets and maps, keys in any order. */
import * as fc from 'fast-check';

import { Bag, MapValue, SetValue } from './index.ts';

/** Few of each kind, so that equal values are frequent. */
const atoms = fc.oneof(
  fc.constantFrom(null, true, false, 0, -0, 1, -1, 2, 10, 0.5, -0.5, 1e300, 2 ** 31, 2 ** 53, -(2 ** 53)),
  fc.constantFrom('', 'a', 'b', 'ab', 'a\u0000', '\ud800', '\udc00a', 'ü', '10', "it's", 'a"b', 'a\\b', '\u2028', '😀'),
  fc.constantFrom(0n, 1n, -1n, 10n, -(2n ** 80n)),
);
const keys = fc.constantFrom('a', 'b', 'c', '10', '9', '01', '4294967295', '#set', '##x', 'constructor', 'odd key');

/** Anything that is a value, with mutable native parts. */
export const rawValues: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof({ depthSize: 'small', withCrossShrink: true }, atoms, tie('array'), tie('record'), tie('collection')),
  array: fc.array(tie('value'), { maxLength: 4 }),
  record: fc.dictionary(keys, tie('value'), { maxKeys: 4 }),
  collection: fc.oneof(
    fc.array(tie('value'), { maxLength: 4 }).map((elements) => new Set(elements)),
    fc.array(fc.tuple(tie('value'), tie('value')), { maxLength: 4 }).map((entries) => new Map(entries)),
    fc.array(tie('value'), { maxLength: 4 }).map((elements) => new Bag(elements)),
  ),
})).value;

/** The same value in another order of keys and elements, made of other objects. */
export function rearranged(x: unknown): unknown {
  if (typeof x !== 'object' || x === null) return x === 0 ? -x : x;
  if (Array.isArray(x)) return x.map(rearranged);
  if (x instanceof Set || x instanceof SetValue) return new Set([...x].map(rearranged).reverse());
  // Entries of a map keep their order, since of two equal keys the later counts.
  if (x instanceof Map || x instanceof MapValue)
    return new Map([...x].map(([key, value]) => [rearranged(key), rearranged(value)]));
  if (x instanceof Bag)
    return new Bag([...x.entries()].flatMap(([e, n]) => Array.from({ length: n }, () => rearranged(e))).reverse());
  return Object.fromEntries(
    Object.entries(x)
      .map(([key, value]) => [key, rearranged(value)])
      .reverse(),
  );
}
