/** How many states each level of a search has. */

/** Results do not say how many states each level has where there are more levels than this. */
const mostLevels = 1000;

/**
 * The states of each level.
 *
 * @param ends - how many states there were at the beginning of each level
 * @param count - how many there are now
 * @returns nothing where there are more than 1,000 levels, or none
 */
export function levelsBetween(ends: readonly number[], count: number): { readonly levels?: readonly number[] } {
  const bounds = [0, ...ends, count];
  const levels = bounds.slice(1).flatMap((end, i) => (end > bounds[i]! ? [end - bounds[i]!] : []));
  return levels.length === 0 || levels.length > mostLevels ? {} : { levels };
}
