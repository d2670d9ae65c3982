/**
 * How many states are still to come: an estimate that is only made where there is something to make it from.
 *
 * The levels of a breadth-first search of a finite system grow at first and shrink at last, and the factor from one level
 * to the next mostly falls all the time. While levels grow, nothing can be said. Once they shrink, and faster from level
 * to level, what is left is at most what a geometric series with the last factor has left.
 */

/**
 * The states that are still to be found, at most, if levels go on to shrink at least as fast as they do.
 *
 * @param ends - how many states there were at the end of each level, the first one first
 * @returns undefined where the last levels do not shrink faster and faster
 */
export function statesToCome(ends: readonly number[]): number | undefined {
  if (ends.length < 4) return undefined;
  const [a, b, c] = [1, 2, 3].map((i) => ends.at(-i)! - ends.at(-i - 1)!) as [number, number, number];
  const factor = a / b;
  if (factor >= 1 || factor > b / c) return undefined;
  return Math.round((a * factor) / (1 - factor));
}
