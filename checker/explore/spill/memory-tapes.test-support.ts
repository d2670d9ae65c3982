/** Tapes in memory, which can be full. */
import { BivalentError } from '../../core/index.ts';
import type { Tape, Tapes } from './tape.ts';

export class MemoryTapes implements Tapes {
  peakBytes = 0;
  /** Beyond this, the disk is full: some of what is appended then is written nevertheless. */
  readonly #most: number;
  readonly #tapes = new Set<MemoryTape>();

  constructor(mostBytes = Infinity) {
    this.#most = mostBytes;
  }

  get bytes(): number {
    return [...this.#tapes].reduce((sum, tape) => sum + 4 * tape.length, 0);
  }

  create(): Tape {
    const tape = new MemoryTape(
      () => this.#tapes.delete(tape),
      (words) => this.#grow(tape, words),
    );
    this.#tapes.add(tape);
    return tape;
  }

  clear(): void {
    this.#tapes.clear();
  }

  #grow(tape: MemoryTape, words: Int32Array): void {
    const room = Math.max(0, Math.floor((this.#most - this.bytes) / 4));
    tape.words.push(...words.subarray(0, room));
    this.peakBytes = Math.max(this.peakBytes, this.bytes);
    if (words.length > room) throw new BivalentError('disk/full', 'the tapes are full');
  }
}

class MemoryTape implements Tape {
  readonly words: number[] = [];
  readonly remove: () => void;
  readonly append: (words: Int32Array) => void;

  constructor(remove: () => void, append: (words: Int32Array) => void) {
    this.remove = remove;
    this.append = append;
  }

  get length(): number {
    return this.words.length;
  }

  read(from: number, into: Int32Array): void {
    if (from + into.length > this.length) throw new RangeError('nothing was written there');
    into.set(this.words.slice(from, from + into.length));
  }

  cut(length: number): void {
    this.words.length = length;
  }
}
