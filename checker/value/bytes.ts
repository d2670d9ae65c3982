/** Bytes, written to and read from one growing array. */
import { assert, BivalentError } from '../core/index.ts';

const scratch = new DataView(new ArrayBuffer(8));

/** Writes bytes, numbers and strings one after the other. */
export class ByteWriter {
  /** What was written is in the first {@link length} bytes; the array is replaced when it is full. */
  buffer: Uint8Array;
  length = 0;

  /** @param capacity - bytes to begin with */
  constructor(capacity = 64) {
    this.buffer = new Uint8Array(capacity);
  }

  /** Forgets what was written and keeps the memory. */
  reset(): void {
    this.length = 0;
  }

  /** A copy of what was written. */
  bytes(): Uint8Array {
    return this.buffer.slice(0, this.length);
  }

  byte(value: number): void {
    if (this.length === this.buffer.length) this.grow(1);
    this.buffer[this.length++] = value;
  }

  /** Seven bits a byte, low ones first. @param value - an integer from 0 to 2⁵³ - 1 */
  varint(value: number): void {
    let rest = value;
    while (rest >= 0x80) {
      this.byte((rest % 0x80) | 0x80);
      rest = Math.floor(rest / 0x80);
    }
    this.byte(rest);
  }

  /** Bytes as they are. */
  append(bytes: Uint8Array): void {
    if (this.length + bytes.length > this.buffer.length) this.grow(bytes.length);
    this.buffer.set(bytes, this.length);
    this.length += bytes.length;
  }

  float64(value: number): void {
    if (this.length + 8 > this.buffer.length) this.grow(8);
    scratch.setFloat64(0, value);
    for (let i = 0; i < 8; i++) this.buffer[this.length++] = scratch.getUint8(i);
  }

  /** The number of UTF-16 code units and each of them, so that a lone surrogate survives; ASCII takes a byte each. */
  string(text: string): void {
    this.varint(text.length);
    for (let i = 0; i < text.length; i++) this.varint(text.charCodeAt(i));
  }

  private grow(least: number): void {
    const larger = new Uint8Array(Math.max(this.buffer.length * 2, this.length + least, 64));
    larger.set(this.buffer);
    this.buffer = larger;
  }
}

/** Reads what a {@link ByteWriter} wrote. Bytes that it cannot have written are a `value/bytes` error. */
export class ByteReader {
  private readonly buffer: Uint8Array;
  private readonly end: number;
  /** Where the next byte is read. */
  position: number;

  constructor(buffer: Uint8Array, start = 0, end = buffer.length) {
    assert(start <= end && end <= buffer.length, 'a range of bytes lies inside its buffer');
    this.buffer = buffer;
    this.position = start;
    this.end = end;
  }

  get done(): boolean {
    return this.position === this.end;
  }

  byte(): number {
    if (this.position >= this.end) throw damaged('they end too early');
    return this.buffer[this.position++]!;
  }

  varint(): number {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = this.byte();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) break;
      scale *= 0x80;
    }
    if (!Number.isSafeInteger(value)) throw damaged('a number is too large');
    return value;
  }

  float64(): number {
    for (let i = 0; i < 8; i++) scratch.setUint8(i, this.byte());
    return scratch.getFloat64(0);
  }

  string(): string {
    let text = '';
    for (let left = this.varint(); left > 0; left--) text += String.fromCharCode(this.varint());
    return text;
  }
}

/** Says that bytes are not the form of a value. */
export function damaged(why: string): BivalentError {
  return new BivalentError('value/bytes', `these bytes are not the form of a value: ${why}`);
}

/**
 * A 32-bit hash of the first bytes of an array.
 *
 * Source: FNV-1a, its low bits mixed with the high ones.
 */
export function hashBytes(bytes: Uint8Array, length: number): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < length; i++) h = Math.imul(h ^ (bytes[i] as number), 0x01000193);
  h ^= h >>> 15;
  h = Math.imul(h, 0x2c1b3c6d);
  return h ^ (h >>> 13);
}
