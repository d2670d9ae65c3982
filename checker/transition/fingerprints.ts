/**
 * Fingerprints of states: 64 bits for each, which do not depend on how states are stored.
 *
 * Each small part of a state (the value of a slot, an entry of a collection) has a number of 64 bits that looks random, and
 * the fingerprint is the exclusive or of them all. So it is the same however parts are grouped and packed, also where a
 * collection is stored entry by entry later; and that of a row is put together from one number for each group, worked out
 * once for each tuple. The number of a part is a hash of where it is and of its bytes: so fingerprints do not depend on the
 * order in which the system was learned either, and are the same for every thread.
 *
 * Two different states have the same fingerprint with probability 2⁻⁶⁴, for all that is known.
 *
 * After Zobrist, *A New Hashing Method with Application for Game Playing* (1970). TLA+: TLC keeps fingerprints of states too.
 */
import { mix } from './batch.ts';
import { grown, type TupleTable } from './int-tables.ts';
import type { Layout } from './layout.ts';
import type { Collection } from './query.ts';
import { encode, SetValue, type Value } from '../value/index.ts';

/** Where the two halves of all hashes begin: any two different constants. */
const seeds = [0x243f6a88, 0x13198a2e] as const;

/** How fingerprints are made. */
export interface FingerprintForm {
  /** Other salts give other fingerprints: that two states have the same one under two of them is next to impossible. */
  readonly salt: number;
  /** How many bits they have: 64. Tests take fewer, to see what happens where they do not suffice. */
  readonly bits: number;
}

export class Fingerprints {
  /** The halves of the fingerprint that was worked out last; never both 0. */
  high = 0;
  low = 0;
  readonly #seeds: readonly [number, number];
  readonly #masks: readonly [number, number];
  #layout: Layout;
  /** For each group, what its tuples contribute: two numbers each; and for how many of them that is known. */
  #tables: Int32Array<ArrayBuffer>[] = [];
  #known = new Int32Array(0);

  constructor(layout: Layout, { salt, bits }: FingerprintForm) {
    this.#layout = layout;
    this.#seeds = [mix(seeds[0], salt), mix(seeds[1], salt)];
    this.#masks = [upperBits(bits), upperBits(bits - 32)];
  }

  /** Goes on with rows of another layout of the same system. */
  use(layout: Layout): void {
    this.#layout = layout;
    this.#tables = [];
    this.#known = new Int32Array(0);
  }

  get bytes(): number {
    return this.#tables.reduce((sum, table) => sum + table.byteLength, 0);
  }

  /** Works out the fingerprint of a row. Cost: a look into a small table for each group. */
  find(rows: Int32Array, start: number): void {
    const { fieldWord, fieldShift, fieldMax } = this.#layout;
    if (this.#known.length < fieldWord.length) this.#addGroups(fieldWord.length);
    const tables = this.#tables;
    let known = this.#known;
    let high = 0;
    let low = 0;
    for (let g = 0; g < fieldWord.length; g++) {
      const word = rows[start + (fieldWord[g] as number)] as number;
      const id = (word >>> (fieldShift[g] as number)) & (fieldMax[g] as number);
      if (id >= (known[g] as number)) {
        this.#fill(g);
        known = this.#known;
      }
      const table = tables[g] as Int32Array;
      high ^= table[2 * id] as number;
      low ^= table[2 * id + 1] as number;
    }
    this.high = high & this.#masks[0];
    this.low = low & this.#masks[1];
    if (this.high === 0 && this.low === 0) this.low = 1;
  }

  #addGroups(count: number): void {
    this.#known = grown(this.#known, count);
    while (this.#tables.length < count) this.#tables.push(new Int32Array(0));
  }

  /** Works out what the tuples of a group contribute. A tuple that has got more atoms since holds 0 in them. */
  #fill(group: number): void {
    const table = this.#layout.groups[group] as TupleTable;
    const members = this.#layout.members[group] as [slot: number, key: number][];
    const { count, width } = table;
    let known = this.#tables[group] as Int32Array<ArrayBuffer>;
    if (known.length < 2 * count) known = this.#tables[group] = grown(known, 2 * count);
    for (let id = this.#known[group] as number; id < count; id++) {
      this.high = 0;
      this.low = 0;
      for (let i = 0; i < width; i++) {
        const [slot, key] = members[i] as [number, number];
        this.#addAtom(slot, key, table.items[id * width + i] as number);
      }
      known[2 * id] = this.high;
      known[2 * id + 1] = this.low;
    }
    this.#known[group] = count;
  }

  /** Adds what an atom contributes: nothing where it is absent; where it is a whole collection, what its entries do. */
  #addAtom(slot: number, key: number, held: number): void {
    if (held === 0) return;
    const { shape, values } = this.#layout;
    const { kind } = shape.slots[slot]!;
    if (kind === 'value') this.#add(slot, undefined, values.value(held));
    else if (key !== 0) this.#add(slot, values.value(key), kind === 'map' ? values.value(held) : held);
    else for (const [entry, value] of entriesOf(values.value(held) as Collection)) this.#add(slot, entry, value);
  }

  #add(slot: number, key: Value | undefined, held: Value): void {
    const keyBytes = key === undefined ? noBytes : encode(key);
    const heldBytes = encode(held);
    this.high ^= hashed(this.#seeds[0], slot, keyBytes, heldBytes);
    this.low ^= hashed(this.#seeds[1], slot, keyBytes, heldBytes);
  }
}

const noBytes = new Uint8Array(0);

/** What a collection holds for each of its keys: how often, or a value. */
function entriesOf(collection: Collection): Iterable<readonly [key: Value, held: Value]> {
  if (collection instanceof SetValue) return Array.from(collection.elements(), (element) => [element, 1] as const);
  return collection.pairs();
}

function hashed(seed: number, slot: number, key: Uint8Array, held: Uint8Array): number {
  let hash = mix(mix(seed, slot), key.length);
  for (let i = 0; i < key.length; i++) hash = mix(hash, key[i] as number);
  for (let i = 0; i < held.length; i++) hash = mix(hash, held[i] as number);
  return mix(hash, seed);
}

/** So many upper bits of 32. */
function upperBits(bits: number): number {
  if (bits >= 32) return -1;
  return bits <= 0 ? 0 : -1 << (32 - bits);
}
