/** A list of 32-bit counts that grows: a tenth of the memory of an array of numbers in objects. */
export class CountList {
  #values: Uint32Array;
  #length = 0;

  constructor(capacity = 1024) {
    this.#values = new Uint32Array(capacity);
  }

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    if (this.#length === this.#values.length) {
      const grown = new Uint32Array(this.#length * 2);
      grown.set(this.#values);
      this.#values = grown;
    }
    this.#values[this.#length++] = value;
  }

  /** The value at an index; 0 outside the list. */
  at(index: number): number {
    return index < this.#length ? (this.#values[index] ?? 0) : 0;
  }
}
