/**
 * The states of a behaviour as JSON that says each thing once: the first state whole, of each other one only what the
 * step before it replaced. A behaviour of 2,000 steps over a large state stays a small file.
 */
import { equal, fromJson, isRecord, toJson, type Json, type RecordValue, type Value } from '../../value/index.ts';

/** What a step replaces: a place inside records, and the value that is there afterwards. */
export type Replacement = readonly [place: readonly string[], value: Json];

/**
 * What must be replaced in a state to make the next one, as deep inside records as both have the same fields.
 *
 * @param before - canonical; none for the first state, which is one replacement of everything
 * @param after - canonical
 */
export function replacementsFor(before: RecordValue | undefined, after: RecordValue): readonly Replacement[] {
  const replacements: Replacement[] = [];
  if (before === undefined) replacements.push([[], toJson(after)]);
  else collect(before, after, [], replacements);
  return replacements;
}

function collect(before: Value, after: Value, place: readonly string[], replacements: Replacement[]): void {
  if (equal(before, after)) return;
  if (!isRecord(before) || !isRecord(after) || !haveSameFields(before, after)) {
    replacements.push([place, toJson(after)]);
    return;
  }
  for (const [name, value] of Object.entries(after)) collect(before[name]!, value, [...place, name], replacements);
}

function haveSameFields(a: RecordValue, b: RecordValue): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => Object.hasOwn(b, name));
}

/**
 * The state that replacements make of the one before it; what they leave alone is shared with it.
 *
 * @param before - none where the replacements are those of a first state
 */
export function replaced(before: RecordValue | undefined, replacements: readonly Replacement[]): RecordValue {
  let state: Value = before ?? {};
  for (const [place, json] of replacements) state = replacedAt(state, place, fromJson(json));
  return state as RecordValue;
}

function replacedAt(value: Value, [name, ...rest]: readonly string[], replacement: Value): Value {
  if (name === undefined) return replacement;
  const record = value as RecordValue;
  return Object.freeze(
    Object.fromEntries(
      Object.entries(record).map(([key, field]) => [key, key === name ? replacedAt(field, rest, replacement) : field]),
    ),
  );
}
