/** The levels of a search: which of them is expanded, and how many states each has. */

/** Results do not say how many states each level has where there are more levels than this. */
const mostLevels = 1000;

export class Levels {
  readonly #ends: number[];

  /** @param ends - as {@link ends}, where a search goes on with another one */
  constructor(ends: readonly number[] = []) {
    this.#ends = [...ends];
  }

  /** How many states there were at the beginning of each level, those of the level included. */
  get ends(): readonly number[] {
    return this.#ends;
  }

  /** The number of the level that is being expanded; the initial states are level 1. */
  get present(): number {
    return Math.max(1, this.#ends.length);
  }

  /** The next level begins, of which the last state is known: there are so many now. */
  begin(states: number): void {
    this.#ends.push(states);
  }

  /**
   * The states of each level.
   *
   * @param count - how many there are now
   * @returns nothing where there are more than 1,000 levels, or none
   */
  sizes(count: number): { readonly levels?: readonly number[] } {
    const bounds = [0, ...this.#ends, count];
    const levels = bounds.slice(1).flatMap((end, i) => (end > bounds[i]! ? [end - bounds[i]!] : []));
    return levels.length === 0 || levels.length > mostLevels ? {} : { levels };
  }
}
