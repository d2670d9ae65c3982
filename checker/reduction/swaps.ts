/**
 * Exchanges of two names in values: `rm1` for `rm2` and back, wherever they stand in a value, as keys of records too.
 *
 * Every permutation is made of exchanges, so a table for each pair of names is all that is stored: for each interned
 * value the number of the value with the names exchanged. The tables are filled as values are met.
 */
import { BivalentError } from '../core/index.ts';
import type { Shape, StateShape, ValueTable } from '../transition/index.ts';
import {
  bagOf,
  canonical,
  kindOf,
  type Bag,
  type MapValue,
  type RecordValue,
  type SetValue,
  type Value,
} from '../value/index.ts';

/** A set of names that can be exchanged for each other. */
export interface NameSet {
  /** The constant that declares it. */
  readonly constant: string;
  readonly names: readonly string[];
}

/** Two names of one set. */
export interface Pair {
  readonly set: NameSet;
  readonly a: string;
  readonly b: string;
}

/** A value with some strings replaced, in keys of records too. Cost: a walk through the value. */
export function renamed(value: Value, nameOf: (name: string) => string): Value {
  const inside = (part: Value): Value => renamed(part, nameOf);
  switch (kindOf(value)) {
    case 'string':
      return nameOf(value as string);
    case 'array':
      return canonical((value as readonly Value[]).map(inside));
    case 'record': {
      const entries = Object.entries(value as RecordValue);
      return canonical(Object.fromEntries(entries.map(([key, field]) => [nameOf(key), inside(field)])));
    }
    case 'set':
      return canonical(new Set([...(value as SetValue<Value>)].map(inside)));
    case 'map':
      return canonical(
        new Map([...(value as MapValue<Value, Value>)].map(([key, held]) => [inside(key), inside(held)])),
      );
    case 'bag':
      return canonical(bagOf<unknown>([...(value as Bag<Value>)].map(inside)));
    default:
      return value;
  }
}

/** The function that exchanges two names. */
export function swapOf({ a, b }: Pair): (name: string) => string {
  return (name) => (name === a ? b : name === b ? a : name);
}

/** One exchange, on interned values and on slots. */
export class Swap {
  readonly #values: ValueTable;
  readonly #nameOf: (name: string) => string;
  /** Of each value, the value that it becomes; 0 where that was not needed yet. */
  #table = new Int32Array(256);
  readonly #slots: Int32Array;

  /** @throws BivalentError `symmetry/shape` where the state has a part for one name and not for the other */
  constructor(pair: Pair, shape: StateShape, values: ValueTable) {
    this.#values = values;
    this.#nameOf = swapOf(pair);
    this.#slots = new Int32Array(shape.slots.length);
    this.#match(shape.root, shape.root, pair);
  }

  #match(from: Shape, to: Shape, pair: Pair): void {
    if (from.kind === 'slot' && to.kind === 'slot' && from.slot.kind === to.slot.kind) {
      this.#slots[from.slot.index] = to.slot.index;
      return;
    }
    if (from.kind === 'record' && to.kind === 'record' && from.fields.size === to.fields.size) {
      for (const [key, field] of from.fields) {
        const other = to.fields.get(this.#nameOf(key));
        if (other === undefined) throw unlike(pair, from.path);
        this.#match(field, other, pair);
      }
      return;
    }
    throw unlike(pair, from.kind === 'slot' ? from.slot.path : from.path);
  }

  /** The slot that a slot becomes. */
  slot(slot: number): number {
    return this.#slots[slot] as number;
  }

  /** The value that a value becomes. Cost: a look-up; once for each value a walk through it. */
  value(id: number): number {
    if (id >= this.#table.length) {
      const table = this.#table;
      this.#table = new Int32Array(2 * id);
      this.#table.set(table);
    }
    const known = this.#table[id] as number;
    if (known !== 0 || id === 0) return known;
    return (this.#table[id] = this.#values.id(renamed(this.#values.value(id), this.#nameOf)));
  }
}

function unlike({ set, a, b }: Pair, path: string): BivalentError {
  const part = path === '' ? 'the state' : path;
  return new BivalentError(
    'symmetry/shape',
    `${set.constant} is not symmetric: ${part} has a part for one of ${a} and ${b} and not for the other`,
  );
}
