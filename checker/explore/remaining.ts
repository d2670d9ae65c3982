/**
 * How many states are still to come: an estimate that is only made where there is something to make it from.
 *
 * The levels of a breadth-first search of a finite system grow at first and shrink at last, and the factor from one level
 * to the next mostly falls all the time, by a factor that itself changes little. While levels grow, nothing can be said.
 * Once they shrink, and factors fall, it is taken that factors go on to fall, as slowly as they did lately.
 *
 * On the models of the library with ten thousand states and more, the estimate is mostly between half and three times what
 * is true. It is far too low where levels grow a second time: where one part of a protocol begins when another has ended.
 */

/** Levels that are looked ahead: there are more only where levels hardly shrink, and then nobody can say. */
const mostLevels = 10_000;

/**
 * About how many states are still to be found, if the factors from level to level go on to fall as they do.
 *
 * @param ends - how many states there were at the end of each level, the first one first
 * @returns undefined where the last levels do not shrink, or the factors do not fall
 */
export function statesToCome(ends: readonly number[]): number | undefined {
  if (ends.length < 5) return undefined;
  const size = (fromLast: number): number => ends.at(-1 - fromLast)! - ends.at(-2 - fromLast)!;
  const factor = (fromLast: number): number => size(fromLast) / size(fromLast + 1);
  const fall = Math.max(factor(0) / factor(1), factor(1) / factor(2));
  if (factor(0) >= 1 || fall > 1) return undefined;
  let toCome = 0;
  let next = size(0) * factor(0);
  for (let level = 1; next >= 0.5; level++) {
    if (level > mostLevels) return undefined;
    toCome += next;
    next *= factor(0) * fall ** level;
  }
  return Math.round(toCome);
}
