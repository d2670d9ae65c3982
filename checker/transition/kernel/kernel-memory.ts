/**
 * The memory that the compiled loop works on, and what is handed out of it: what comes last is taken back first.
 *
 * Addresses are in bytes, multiples of eight. What is handed out is zero.
 */
import type { LoopMemory } from './loop.ts';

const pageBytes = 1 << 16;
/** A WebAssembly memory has at most so many bytes; beyond half of it, nothing is handed out. */
const mostBytes = 2 ** 31;

/** There is no room left. */
export class KernelFull extends Error {}

export class KernelMemory {
  /** All of it, as 32-bit integers: replaced when it grows. */
  words: Int32Array;
  /** Called when {@link words} was replaced: arrays over the memory are to be made anew. */
  onMoved: () => void = () => {};
  readonly #memory: LoopMemory;
  #top: number;

  /** @param start - the first byte that may be handed out */
  constructor(memory: LoopMemory, start: number) {
    this.#memory = memory;
    this.#top = start;
    this.words = new Int32Array(memory.buffer);
  }

  /**
   * Hands out room for some 32-bit integers; returns its address.
   *
   * @throws KernelFull where there is no more
   */
  allocate(length: number): number {
    const at = this.#top;
    const top = at + 8 * Math.ceil(length / 2);
    if (top > this.#memory.buffer.byteLength) this.#grow(top);
    this.#top = top;
    return at;
  }

  /** How much was handed out: for {@link release}. */
  get mark(): number {
    return this.#top;
  }

  /** Takes back what was handed out since a mark. */
  release(mark: number): void {
    this.words.fill(0, mark >> 2, this.#top >> 2);
    this.#top = mark;
  }

  /** The integers from an address on. */
  view(at: number, length: number): Int32Array<ArrayBuffer> {
    return new Int32Array(this.#memory.buffer, at, length);
  }

  get bytes(): number {
    return this.#memory.buffer.byteLength;
  }

  #grow(top: number): void {
    if (top > mostBytes) throw new KernelFull();
    const has = this.#memory.buffer.byteLength;
    const bytes = Math.min(mostBytes, Math.max(top, 2 * has));
    try {
      this.#memory.grow(Math.ceil((bytes - has) / pageBytes));
    } catch {
      throw new KernelFull();
    }
    this.words = new Int32Array(this.#memory.buffer);
    this.onMoved();
  }
}
