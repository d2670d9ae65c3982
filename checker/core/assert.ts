/**
 * States an invariant of this package's own code: where it is false, the package has a bug.
 *
 * For mistakes of the user throw a `BivalentError` instead.
 *
 * @param condition - what must be true
 * @param claim - the same in words, for the bug report
 */
export function assert(condition: boolean, claim: string): asserts condition {
  if (!condition) throw new Error(`bug in bivalent: this should hold, and does not: ${claim}`);
}
