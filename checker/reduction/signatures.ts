/**
 * Signatures: for each name, a number that says how a state looks from its place, whatever the names are.
 *
 * A name's signature is a sum over the parts of the state of hashes in which the name itself is "self" and every other
 * name of a symmetric set is "another of that set". Renaming a state renames the signatures with it, so sorting names by
 * their signatures sorts them in the same way in every state of a class. Names with equal signatures are told apart by
 * trying their orders. What equal hashes cost is time, never correctness.
 */
import { mix } from '../transition/index.ts';
import { kindOf, show, type Bag, type MapValue, type RecordValue, type SetValue, type Value } from '../value/index.ts';
import type { NameSet } from './swaps.ts';

const self = 0x51f15e1f;
const another = 0x07e4a11e;

/** A sum of hashes, whatever their order. */
const sum = (hashes: readonly number[], start: number): number => hashes.reduce((all, hash) => (all + hash) | 0, start);

/** Hashes of values as they look from the place of one name. */
export class Viewpoint {
  readonly #name: string;
  readonly #setOf: ReadonlyMap<string, number>;

  constructor(name: string, sets: readonly NameSet[]) {
    this.#name = name;
    this.#setOf = new Map(sets.flatMap(({ names }, i) => names.map((each) => [each, i] as const)));
  }

  /** The hash of a text: of the name itself, of another name, or of the text. */
  text(text: string): number {
    if (text === this.#name) return self;
    const set = this.#setOf.get(text);
    if (set !== undefined) return mix(another, set);
    let hash = text.length;
    for (let i = 0; i < text.length; i++) hash = mix(hash, text.charCodeAt(i));
    return hash;
  }

  /** The hash of a value. Cost: a walk through it. */
  value(value: Value): number {
    switch (kindOf(value)) {
      case 'string':
        return mix(1, this.text(value as string));
      case 'array':
        return (value as readonly Value[]).reduce<number>((hash, element) => mix(hash, this.value(element)), 2);
      case 'record': {
        const fields = Object.entries(value as RecordValue);
        return sum(
          fields.map(([key, field]) => mix(this.text(key), this.value(field))),
          3,
        );
      }
      case 'set':
        return sum(
          [...(value as SetValue<Value>)].map((element) => mix(4, this.value(element))),
          4,
        );
      case 'map': {
        const entries = [...(value as MapValue<Value, Value>)];
        return sum(
          entries.map(([key, held]) => mix(this.value(key), this.value(held))),
          5,
        );
      }
      case 'bag':
        return sum(
          [...(value as Bag<Value>)].map((element) => mix(6, this.value(element))),
          6,
        );
      default:
        return mix(7, this.text(`${typeof value} ${show(value)}`));
    }
  }
}
