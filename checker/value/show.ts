/** Values as text, on one line, much as JavaScript would write them. */
import { kindOf } from './kind.ts';
import type { Bag } from './bag.ts';
import type { MapValue } from './map-value.ts';
import type { SetValue } from './set-value.ts';
import type { RecordValue, Value } from './value.ts';

const identifier = /^[A-Za-z_$][\w$]*$/;

/**
 * Writes a canonical value on one line: `{type: 'vote', from: 'n1'}`, `[1, 2]`, `Set{'a', 'b'}`, `Map{'k' => 1}`,
 * `Bag{'a' ×2, 'b'}`. Different values give different texts.
 */
export function show(value: Value): string {
  switch (kindOf(value)) {
    case 'string':
      return quoted(value as string);
    case 'bigint':
      return `${(value as bigint).toString()}n`;
    case 'array':
      return `[${(value as readonly Value[]).map(show).join(', ')}]`;
    case 'record':
      return `{${Object.entries(value as RecordValue)
        .map(showField)
        .join(', ')}}`;
    case 'set':
      return `Set{${(value as SetValue<Value>).elements().map(show).join(', ')}}`;
    case 'map':
      return `Map{${(value as MapValue<Value, Value>).pairs().map(showEntry).join(', ')}}`;
    case 'bag':
      return `Bag{${(value as Bag<Value>).pairs().map(showCount).join(', ')}}`;
    default:
      return `${value as null | boolean | number}`;
  }
}

/**
 * Writes a step, or a property with the values for which it was asked: `rmPrepare(rm=rm2)`; the bare name where there
 * are no parameters. Strings stand without quotes where that cannot be misread.
 */
export function showCall(name: string, parameters: Readonly<Record<string, Value>>): string {
  const parts = Object.entries(parameters).map(([key, value]) => `${key}=${showPlain(value)}`);
  return parts.length === 0 ? name : `${name}(${parts.join(', ')})`;
}

function showPlain(value: Value): string {
  return typeof value === 'string' && /^[A-Za-z_][\w.-]*$/.test(value) ? value : show(value);
}

function showField([key, value]: readonly [string, Value]): string {
  return `${identifier.test(key) ? key : quoted(key)}: ${show(value)}`;
}

function showEntry([key, value]: readonly [Value, Value]): string {
  return `${show(key)} => ${show(value)}`;
}

function showCount([element, count]: readonly [Value, number]): string {
  return count === 1 ? show(element) : `${show(element)} ×${String(count)}`;
}

/** In single quotes, with what a terminal could misread escaped, marks of the direction of writing among it. */
function quoted(text: string): string {
  const body = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'");
  return `'${body.replace(/[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)}'`;
}
