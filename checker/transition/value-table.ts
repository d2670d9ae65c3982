/**
 * Interned values: every value of every state, once, with a number from one.
 *
 * Values are equal exactly when their canonical bytes are, so the table compares bytes: an append-only log of them and
 * an open-addressed table of typed arrays, which has no limit of its own on the number of entries. A decoded value is
 * kept beside it; primitives and values that came out of the table are found without encoding them again.
 */
import { assert } from '../core/index.ts';
import {
  ByteWriter,
  decodeFrom,
  encodeTo,
  hashBytes,
  type ByteReader,
  type Primitive,
  type Value,
} from '../value/index.ts';
import { IntList } from './int-tables.ts';

/** What is asked for was not learned yet, where nothing may be learned. */
export class Unlearned extends Error {}

/** One for all: it says nothing but that the caller must leave this to another. */
export const unlearned = new Unlearned('not learned yet');

export class ValueTable {
  /**
   * Whether nothing may be learned or interned now: {@link Unlearned} is thrown instead. Of several searches over one
   * layout, only one gives numbers to what is new.
   */
  frozen = false;
  readonly #values: Value[] = [null];
  readonly #primitives = new Map<Primitive, number>();
  readonly #known = new WeakMap<object, number>();
  readonly #writer = new ByteWriter(1024);
  #log = new Uint8Array(1 << 12);
  #logged = 0;
  readonly #ends = new IntList();
  #slots = new Int32Array(1 << 10);

  constructor() {
    this.#ends.push(0);
  }

  /** How many values there are. */
  get size(): number {
    return this.#values.length - 1;
  }

  get bytes(): number {
    return this.#log.byteLength + this.#slots.byteLength + this.#ends.bytes;
  }

  /** The number of a canonical value. */
  id(value: Value): number {
    if (typeof value !== 'object' || value === null) {
      const known = this.#primitives.get(value);
      if (known !== undefined) return known;
      const id = this.#intern(value);
      this.#primitives.set(value, id);
      return id;
    }
    const known = this.#known.get(value);
    if (known !== undefined) return known;
    const id = this.#intern(value);
    if (this.#values[id] === value) this.#known.set(value, id);
    return id;
  }

  /** The value with a number that {@link id} gave: always the same object. */
  value(id: number): Value {
    assert(id > 0 && id < this.#values.length, 'the value is interned');
    return this.#values[id] as Value;
  }

  /** Writes the values that come after the first `from`: how many they are, and the bytes of each. */
  write(writer: ByteWriter, from: number): void {
    writer.varint(this.size - from);
    writer.append(this.#log.subarray(this.#ends.at(from), this.#logged));
  }

  /** Interns the values that another table wrote, whose first values are those of this one. */
  read(reader: ByteReader): void {
    for (let left = reader.varint(); left > 0; left--) {
      const next = this.size + 1;
      assert(this.id(decodeFrom(reader)) === next, 'a value gets the number that it had');
    }
  }

  #intern(value: Value): number {
    const writer = this.#writer;
    writer.reset();
    encodeTo(writer, value);
    const { buffer, length } = writer;
    const mask = this.#slots.length - 1;
    let p = hashBytes(buffer, length) & mask;
    for (;;) {
      const id = this.#slots[p] as number;
      if (id === 0) break;
      if (this.#equal(id, buffer, length)) return id;
      p = (p + 1) & mask;
    }
    const id = this.#append(value, buffer, length);
    this.#slots[p] = id;
    if (2 * this.#values.length > this.#slots.length) this.#rehash();
    return id;
  }

  #append(value: Value, buffer: Uint8Array, length: number): number {
    if (this.frozen) throw unlearned;
    if (this.#logged + length > this.#log.length) {
      const longer = new Uint8Array(Math.max(2 * this.#log.length, this.#logged + length));
      longer.set(this.#log);
      this.#log = longer;
    }
    this.#log.set(buffer.subarray(0, length), this.#logged);
    this.#logged += length;
    this.#ends.push(this.#logged);
    return this.#values.push(value) - 1;
  }

  #equal(id: number, buffer: Uint8Array, length: number): boolean {
    const start = this.#ends.at(id - 1);
    if (this.#ends.at(id) - start !== length) return false;
    for (let i = 0; i < length; i++) if (this.#log[start + i] !== buffer[i]) return false;
    return true;
  }

  #rehash(): void {
    const slots = new Int32Array(2 * this.#slots.length);
    const mask = slots.length - 1;
    for (let id = 1; id < this.#values.length; id++) {
      const start = this.#ends.at(id - 1);
      const bytes = this.#log.subarray(start, this.#ends.at(id));
      let p = hashBytes(bytes, bytes.length) & mask;
      while (slots[p] !== 0) p = (p + 1) & mask;
      slots[p] = id;
    }
    this.#slots = slots;
  }
}
