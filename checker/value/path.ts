/** Places inside a value. */
import { show } from './show.ts';
import type { Value } from './value.ts';

/** One step into a value: a field of a record, an index of an array, or what a map holds at a key. */
export type PathStep = string | number | { readonly key: Value };

/** A place inside a value; empty for the value itself. */
export type Path = readonly PathStep[];

const identifier = /^[A-Za-z_$][\w$]*$/;

/**
 * Writes a path as JavaScript would: `nodes.n1.log[2]`, `['odd name']`; `get(key)` for what a map holds.
 */
export function showPath(path: Path): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${String(step)}]`;
    else if (typeof step === 'object') text += `.get(${show(step.key)})`;
    else if (identifier.test(step)) text += text === '' ? step : `.${step}`;
    else text += `[${show(step)}]`;
  }
  return text.startsWith('.') ? text.slice(1) : text;
}
