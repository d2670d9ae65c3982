/**
 * Observations: what a log says of a state, which is a part of it as a rule.
 *
 * An observation has the shape of the state with fields left out. What is left out is not constrained; what is there
 * must be equal, or pass the test that stands in its place.
 */
import { BivalentError } from '../../checker/core/index.ts';
import { canonical, compare, isRecord, MapValue, show, showPath } from '../../checker/value/index.ts';
import type { RecordValue, Value, View } from '../../checker/value/index.ts';

/** A test that stands in an observation where a value would; made by `holds`. */
export class Test<T = never> {
  readonly label: string;
  readonly passes: (seen: T) => boolean;

  constructor(label: string, passes: (seen: T) => boolean) {
    this.label = label;
    this.passes = passes;
  }
}

/**
 * A test in an observation.
 *
 * @param label - what it requires, for the diagnosis: `is not init`
 * @param passes - pure; gets the part of the state at its place, or the element that would be picked
 */
export function holds<T>(label: string, passes: (seen: T) => boolean): Test<T> {
  return new Test<T>(label, (seen) => {
    try {
      return passes(seen);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new BivalentError('binding/threw', `The binding's test "${label}" threw: ${reason}`, {}, { cause: error });
    }
  });
}

type Whole = ReadonlySet<never> | ReadonlyMap<never, never> | readonly unknown[] | { readonly size: number };

/** A partial observation of a `T`: records may leave fields out; sets, maps, bags and arrays are compared whole. */
export type Observation<T> =
  | Test<View<T>>
  | (T extends string | number | boolean | bigint | null | undefined
      ? T
      : T extends Whole
        ? T | View<T>
        : { readonly [K in keyof T]?: Observation<T[K]> | undefined });

/** One thing that an observation requires: a value or a test at a place. */
export interface Check {
  readonly path: readonly string[];
  readonly required: Value | Test;
}

/** A check that failed. */
export interface Mismatch {
  readonly path: string;
  readonly expected: string;
  readonly seen: string;
}

/**
 * Takes an observation apart into its checks. Fields that are `undefined` are left out.
 *
 * @throws BivalentError `value/…` where it holds something that cannot be in a state
 */
export function checksOf(observation: unknown, path: readonly string[] = []): readonly Check[] {
  if (observation === undefined) return [];
  if (observation instanceof Test) return [{ path, required: observation }];
  if (!isPlainRecord(observation)) return [{ path, required: canonical(observation) }];
  return Object.entries(observation).flatMap(([key, part]) => checksOf(part, [...path, key]));
}

function isPlainRecord(x: unknown): x is Readonly<Record<string, unknown>> {
  if (typeof x !== 'object' || x === null || Array.isArray(x)) return false;
  const prototype: unknown = Object.getPrototypeOf(x);
  return prototype === Object.prototype || prototype === null;
}

/** Whether a state passes all checks. */
export function passesAll(checks: readonly Check[], state: RecordValue): boolean {
  for (const check of checks) if (!passes(check, valueAt(state, check.path))) return false;
  return true;
}

/** The checks that a state does not pass. */
export function mismatches(checks: readonly Check[], state: RecordValue): readonly Mismatch[] {
  return checks.flatMap((check) => {
    const seen = valueAt(state, check.path);
    if (passes(check, seen)) return [];
    const { required } = check;
    return [
      {
        path: showPath(check.path),
        expected: required instanceof Test ? required.label : show(required),
        seen: seen === undefined ? 'nothing (there is no such variable)' : show(seen),
      },
    ];
  });
}

function passes({ required }: Check, seen: Value | undefined): boolean {
  if (seen === undefined) return false;
  return required instanceof Test ? required.passes(seen as never) : compare(required, seen) === 0;
}

/** What stands at a place of a state: fields of records, elements of arrays, entries of maps with text keys. */
export function valueAt(state: Value, path: readonly string[]): Value | undefined {
  let value: Value | undefined = state;
  for (const key of path) {
    if (value instanceof MapValue) value = value.get(key);
    else if (Array.isArray(value)) value = (value as readonly Value[])[Number(key)];
    else if (value !== undefined && isRecord(value) && Object.hasOwn(value, key)) value = value[key];
    else return undefined;
  }
  return value;
}
