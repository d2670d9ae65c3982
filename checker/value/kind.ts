/** What kind of value a value is. */
import { Bag } from './bag.ts';
import { MapValue } from './map-value.ts';
import { SetValue } from './set-value.ts';
import type { RecordValue, Value } from './value.ts';

/** The kinds of values. */
export type Kind = 'null' | 'boolean' | 'number' | 'bigint' | 'string' | 'array' | 'record' | 'set' | 'map' | 'bag';

/** The kind of a canonical value. */
export function kindOf(value: Value): Kind {
  if (typeof value !== 'object') return typeof value as Kind;
  if (value === null) return 'null';
  // Canonical records have this prototype: one look settles most values.
  if (Object.getPrototypeOf(value) === Object.prototype) return 'record';
  if (value instanceof SetValue) return 'set';
  if (value instanceof MapValue) return 'map';
  return value instanceof Bag ? 'bag' : 'array';
}

/** Whether a canonical value is a record. */
export function isRecord(value: Value): value is RecordValue {
  return kindOf(value) === 'record';
}
