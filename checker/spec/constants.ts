/** What specs build their constants and initial states from. */
import { BivalentError } from '../core/index.ts';
import type { RecordValue, Value } from '../value/index.ts';
import type { NodeSet, OneOf } from './define-spec.ts';

/** The name of the hidden property by which a set of nodes is known: its value is the prefix. */
export const nodesBrand = '~nodes';

/** The name of the hidden property by which a symmetric set of nodes is known. */
export const symmetricBrand = '~symmetric';

/** The name of the hidden property by which a declaration is known: its value lists what may be chosen. */
export const constantBrand = '~constant';

/** The name of the hidden property by which a record of settings is known. */
export const settingsBrand = '~settings';

/** A constant that is a record of settings, as {@link settings} declares it. */
export interface Settings {
  readonly defaults: RecordValue;
  /** Says what is wrong with a setting: a whole message; `undefined` where nothing is. */
  readonly refusal: (name: string, value: Value) => string | undefined;
}

/**
 * Declares a constant that is a record of settings, each of which may be replaced without the others: a model says
 * `{ faults: { crash: 2 } }`, and the other budgets stay.
 *
 * @param declared - the defaults, and what may be set
 */
export function settings(declared: Settings): object {
  const declaration = {};
  Object.defineProperty(declaration, settingsBrand, { value: declared, enumerable: false });
  return Object.freeze(declaration);
}

/**
 * The identifiers of the nodes of a system: `nodes('rm', 3)` is `rm1`, `rm2`, `rm3`.
 *
 * As a constant it can be overridden by a number (`--const RM=7`) or by names that begin with the same prefix.
 *
 * TLA+: a set of model values.
 *
 * @param prefix - what every identifier begins with; must not end in a digit
 * @param count - how many, from 1
 * @param options - `symmetric`: nothing in the spec tells one of them from another but what happens to them. Under
 *   `--symmetry` states that differ only in their names count as one, and it is checked that the spec treats them alike
 */
export function nodes<const K extends string>(
  prefix: K,
  count: number,
  { symmetric = false }: { readonly symmetric?: boolean } = {},
): NodeSet<K> {
  if (/\d$/.test(prefix)) {
    throw new BivalentError('spec/nodes', `nodes('${prefix}', …): a prefix must not end in a digit`);
  }
  if (!Number.isSafeInteger(count) || count < 1) {
    throw new BivalentError(
      'spec/nodes',
      `nodes('${prefix}', ${String(count)}): give how many nodes, a whole number from 1`,
    );
  }
  return nodeSet(
    prefix,
    Array.from({ length: count }, (_, i): `${K}${number}` => `${prefix}${i + 1}`),
    symmetric,
  );
}

/** Marks names as a set of nodes. */
export function nodeSet<K extends string>(prefix: K, names: readonly `${K}${number}`[], symmetric = false): NodeSet<K> {
  const set = [...names];
  Object.defineProperty(set, nodesBrand, { value: prefix, enumerable: false });
  if (symmetric) Object.defineProperty(set, symmetricBrand, { value: true, enumerable: false });
  return Object.freeze(set) as unknown as NodeSet<K>;
}

/**
 * A constant with a few possible values, of which the first is the default: `quorum: oneOf('all', 'majority')`.
 *
 * Actions and properties see the value; another one is an error in a model, and on the command line.
 */
export function oneOf<const T extends string | number | boolean | null>(...values: readonly [T, ...T[]]): OneOf<T> {
  const declaration = {};
  Object.defineProperty(declaration, constantBrand, { value: Object.freeze([...values]), enumerable: false });
  return Object.freeze(declaration) as OneOf<T>;
}

/**
 * A record with one field for each key: `mapOf(RM, () => 'working')`.
 *
 * TLA+: `[k \in keys |-> f(k)]`.
 */
export function mapOf<K extends string, V>(keys: Iterable<K>, f: (key: K) => V): { [key in K]: V } {
  const record: Partial<Record<K, V>> = {};
  for (const key of keys) record[key] = f(key);
  return record as { [key in K]: V };
}

/**
 * The whole numbers from `from` to `to`, both included; none where `to` is less.
 *
 * TLA+: `from .. to`.
 */
export function range(from: number, to: number): readonly number[] {
  if (!isSmall(from) || !isSmall(to)) return newRange(from, to);
  return (ranges[from * smallRanges + to] ??= newRange(from, to));
}

function newRange(from: number, to: number): readonly number[] {
  return Object.freeze(Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i));
}

/** Ranges of numbers below this are made once: what is the same array is brought into canonical form only once, too. */
const smallRanges = 64;
const isSmall = (n: number): boolean => Number.isInteger(n) && n >= 0 && n < smallRanges;
const ranges: (readonly number[] | undefined)[] = [];

/** Sets with more elements than this have too many subsets to list. */
const mostForSubsets = 20;

/**
 * All subsets of the given elements, as arrays in their order, the empty one first.
 *
 * TLA+: `SUBSET xs`. Cost: 2ⁿ arrays.
 *
 * @throws BivalentError `spec/too-many-subsets` for more than 20 elements
 */
export function subsets<T>(elements: Iterable<T>): readonly (readonly T[])[] {
  return onceFor(elements, subsetsOf, () => newSubsets(elements));
}

function newSubsets<T>(elements: Iterable<T>): readonly (readonly T[])[] {
  const all = [...elements];
  if (all.length > mostForSubsets) {
    throw new BivalentError(
      'spec/too-many-subsets',
      `${String(all.length)} elements have too many subsets to list: at most ${String(mostForSubsets)} elements`,
    );
  }
  let found: readonly (readonly T[])[] = [[]];
  for (const element of all) found = [...found, ...found.map((subset) => [...subset, element])];
  return Object.freeze(found.map((subset) => Object.freeze(subset)));
}

/**
 * The smallest majorities of the given elements: the subsets of ⌊n/2⌋ + 1 of them. Any two have an element in common.
 *
 * Larger majorities are left out: whatever holds of all members of one holds of all members of a smallest one inside.
 */
export function majorities<T>(elements: Iterable<T>): readonly (readonly T[])[] {
  return onceFor(elements, majoritiesOf, () => {
    const all = [...elements];
    const size = Math.floor(all.length / 2) + 1;
    return Object.freeze(newSubsets(all).filter((subset) => subset.length === size));
  });
}

/** The subsets and majorities of arrays that cannot change, constants above all. */
const subsetsOf = new WeakMap<object, unknown>();
const majoritiesOf = new WeakMap<object, unknown>();

/** What is made of an array that cannot change, made once. */
function onceFor<R>(elements: Iterable<unknown>, made: WeakMap<object, unknown>, make: () => R): R {
  if (!Array.isArray(elements) || !Object.isFrozen(elements)) return make();
  const known = made.get(elements) as R | undefined;
  if (known !== undefined) return known;
  const result = make();
  made.set(elements, result);
  return result;
}
