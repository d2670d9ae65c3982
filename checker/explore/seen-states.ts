/** The states that were seen, by value. */
import { encode, type RecordValue } from '../value/index.ts';

/** A JavaScript `Set` throws beyond 2²⁴ entries; each part stays well below. */
const partSize = 2 ** 23;

/** A set of states. Two states are the same when their canonical bytes are. */
export class SeenStates {
  readonly #parts: Set<string>[] = [new Set()];
  #characters = 0;

  /** How many different states were added. */
  get size(): number {
    return (this.#parts.length - 1) * partSize + this.#parts.at(-1)!.size;
  }

  /** About how many bytes they take: JavaScript does not tell, so entries are counted with what V8 adds to each. */
  get bytes(): number {
    return this.#characters + this.size * 56;
  }

  has(state: RecordValue): boolean {
    const key = keyOf(state);
    return this.#parts.some((part) => part.has(key));
  }

  /** Adds a state; returns whether it is new. */
  add(state: RecordValue): boolean {
    const key = keyOf(state);
    if (this.#parts.some((part) => part.has(key))) return false;
    if (this.#parts.at(-1)!.size === partSize) this.#parts.push(new Set());
    this.#parts.at(-1)!.add(key);
    this.#characters += key.length;
    return true;
  }
}

/** The canonical bytes as a string, one character a byte. */
function keyOf(state: RecordValue): string {
  const bytes = encode(state);
  let key = '';
  for (let i = 0; i < bytes.length; i += 4096) key += String.fromCharCode(...bytes.subarray(i, i + 4096));
  return key;
}
