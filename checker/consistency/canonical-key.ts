/**
 * A text for every plain value, equal exactly for equal values.
 *
 * Testers intern operations and model states by it. Records are equal whatever the order of their keys, sets and maps
 * whatever the order of their elements; `1`, `'1'` and `1n` differ.
 */

/**
 * The canonical text of a value made of primitives, arrays, records, sets and maps.
 *
 * Cost: linear in the value, with a sort of its keys and elements. Recursion is as deep as the value.
 */
export function keyOf(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value);
    case 'number':
      return Object.is(value, -0) ? '0' : String(value);
    case 'bigint':
      return `${value}n`;
    case 'object':
      return value === null ? 'null' : keyOfObject(value);
    default:
      return String(value);
  }
}

function keyOfObject(value: object): string {
  if (Array.isArray(value)) return `[${value.map(keyOf).join(',')}]`;
  if (value instanceof Map) return `M{${sorted(value, ([k, v]) => `${keyOf(k)}:${keyOf(v)}`)}}`;
  if (Symbol.iterator in value) return `S{${sorted(value as Iterable<unknown>, keyOf)}}`;
  const record = value as Readonly<Record<string, unknown>>;
  const names = Object.keys(record);
  if (names.length > 1) names.sort();
  let text = '{';
  for (const name of names) text += `${JSON.stringify(name)}:${keyOf(record[name])},`;
  return `${text}}`;
}

function sorted<T>(elements: Iterable<T>, text: (element: T) => string): string {
  return Array.from(elements, text).sort().join(',');
}
