/**
 * What a state may contain.
 *
 * A value is immutable plain data: equality is by content, never by identity. Every value that leaves this folder is
 * *canonical*: frozen, records with their keys sorted, collections without repetition and in canonical order, `-0` as
 * `0`. Two values are equal exactly when their canonical bytes are.
 */
import type { Bag } from './bag.ts';
import type { MapValue } from './map-value.ts';
import type { SetValue } from './set-value.ts';

/** A value without parts. `number` is finite; `undefined` is never a value. */
export type Primitive = null | boolean | number | bigint | string;

/** A plain object with string keys. */
export interface RecordValue {
  readonly [key: string]: Value;
}

/** Anything that a state may contain, in canonical form. */
export type Value = Primitive | readonly Value[] | RecordValue | SetValue<Value> | MapValue<Value, Value> | Bag<Value>;
