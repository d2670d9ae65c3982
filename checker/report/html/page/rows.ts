/** Where rows and lanes are, in pixels. */

/** The height of a row; the style sheet has the same. */
export const rowHeight = 30;

/** The rows of those steps that are listed. */
export class Rows {
  readonly #shown: readonly number[];

  /** @param shown - the numbers of the steps, in order */
  constructor(shown: readonly number[]) {
    this.#shown = shown;
  }

  get count(): number {
    return this.#shown.length;
  }

  /** The number of the step in a row. */
  stepAt(row: number): number {
    return this.#shown[row]!;
  }

  /** The upper edge of the row of a step that is listed. */
  topOf(step: number): number {
    return this.#position(step) * rowHeight;
  }

  /** The middle of the row of a step; of one that is not listed, the edge of the rows between which it would be. */
  yOf(step: number): number {
    const position = this.#position(step);
    return this.#shown[position] === step ? (position + 0.5) * rowHeight : position * rowHeight;
  }

  /** The first row whose step is not before a step. */
  #position(step: number): number {
    let low = 0;
    let high = this.#shown.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#shown[middle]! < step) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** How wide a lane is: all of them have at most half of a narrow room, and somewhat more of a wide one, if they can. */
export function laneWidthFor(lanes: number, width: number): number {
  const share = width < 600 ? 0.48 : 0.62;
  return Math.max(44, Math.min(120, Math.floor((width * share) / Math.max(1, lanes))));
}
