/** A key–value store of which every key is independent of the others. */
import { agrees, illegal, unknownFunction, wrongInput, type SequentialModel } from '../model.ts';

/** The argument of an operation on a key–value store. */
export interface KeyedInput {
  readonly key: string | number;
  readonly value?: unknown;
}

/**
 * A store of texts with `get({ key })`, `put({ key, value })`, `append({ key, value })` and `delete({ key })`; histories
 * are partitioned by key.
 *
 * @param absent - what `get` may answer for a key that holds nothing; default the empty text and `null`
 */
export function keyValue(absent: readonly unknown[] = ['', null]): SequentialModel<Readonly<Record<string, unknown>>> {
  const model: SequentialModel<Readonly<Record<string, unknown>>> = {
    name: 'kv',
    init: {},
    functions: ['get', 'put', 'append', 'delete'],
    isRead: ({ f }) => f === 'get',
    partition: ({ f, input }) => keyed(f, input).key,
    step(store, { f, input, output }) {
      const { key, value } = keyed(f, input);
      const held = Object.hasOwn(store, key) ? [store[key]] : absent;
      if (f === 'get') return held.some((answer) => agrees(output, answer)) ? store : illegal;
      if (f === 'put') return { ...store, [key]: value };
      if (f === 'append') return { ...store, [key]: joined(store[key], value) };
      if (f !== 'delete') throw unknownFunction(model, f);
      return Object.fromEntries(Object.entries(store).filter(([name]) => name !== String(key)));
    },
  };
  return model;
}

function keyed(f: string, input: unknown): KeyedInput {
  const { key } = (typeof input === 'object' && input !== null ? input : {}) as Partial<KeyedInput>;
  if (typeof key !== 'string' && typeof key !== 'number') throw wrongInput(f, 'a key', input);
  return input as KeyedInput;
}

/** Appends text to text; nothing is the empty text. */
function joined(held: unknown, value: unknown): string {
  return [held, value].filter((part) => typeof part === 'string' || typeof part === 'number').join('');
}
