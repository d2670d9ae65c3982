/**
 * Tapes: where a search that has outgrown memory leaves its rows. A tape is written at its end and read anywhere.
 *
 * What a tape is made of is not known here: files, or memory in tests.
 */

/** 32-bit words, in the order in which they were appended. */
export interface Tape {
  /** How many words there are. */
  readonly length: number;
  /**
   * Appends words.
   *
   * @throws BivalentError `disk/full` where there is no room for them: some may have been appended
   */
  append(words: Int32Array): void;
  /** Reads as many words as `into` has, from the one at `from` on. */
  read(from: number, into: Int32Array): void;
  /** Drops the words from one on. */
  cut(length: number): void;
  /** Gives back all room that it takes: it is not used any more. */
  remove(): void;
}

/** Makes tapes. */
export interface Tapes {
  /** The bytes of all tapes, now and at most. */
  readonly bytes: number;
  readonly peakBytes: number;
  create(): Tape;
  /** Removes all tapes. */
  clear(): void;
}

/** Appends to a tape in large pieces. */
export class TapeWriter {
  readonly #tape: Tape;
  readonly #buffer: Int32Array;
  #used = 0;

  /** @param buffer - what is written at once: nothing else uses it meanwhile */
  constructor(tape: Tape, buffer: Int32Array) {
    this.#tape = tape;
    this.#buffer = buffer;
  }

  /** Appends some words of an array, fewer than the buffer has. */
  add(source: Int32Array, from: number, words: number): void {
    const buffer = this.#buffer;
    if (this.#used + words > buffer.length) this.flush();
    const to = this.#used;
    for (let i = 0; i < words; i++) buffer[to + i] = source[from + i] as number;
    this.#used = to + words;
  }

  /** Hands everything over to the tape. */
  flush(): void {
    this.#tape.append(this.#buffer.subarray(0, this.#used));
    this.#used = 0;
  }
}
