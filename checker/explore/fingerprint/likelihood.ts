/**
 * How likely it is that two states had the same fingerprint, so that one of them was not explored: three estimates.
 *
 * *Calculated*: of the successors that were taken for states seen before, each was one of n wrongly with a probability of at
 * most n/2⁶⁴; there are g - n of them, so the sum is n·(g - n)/2⁶⁴. *Birthday*: that any two of n random numbers of 64 bits
 * are equal, 1 - exp(-n·(n - 1)/2⁶⁵). *Observed*: if the fingerprints are random, the smallest distance between two of them
 * is about as small as it is likely that two are equal; so 1 over that distance.
 *
 * TLA+: TLC reports the first and the third at the end of each run.
 */

/** The figures of a search that kept fingerprints. */
export interface FingerprintFigures {
  /** How many bits a fingerprint has. */
  readonly bits: number;
  readonly calculated: number;
  readonly birthday: number;
  readonly observed: number;
}

/** What the estimates are made from. */
export interface FingerprintCounts {
  readonly bits: number;
  readonly distinctStates: number;
  readonly generatedStates: number;
  /** The smallest distance between two fingerprints, as numbers of 64 bits. */
  readonly smallestDistance: number;
}

/** Estimates how likely it is that two states had the same fingerprint. */
export function likelihoodOf(counts: FingerprintCounts): FingerprintFigures {
  const { bits, distinctStates: n, generatedStates: g, smallestDistance } = counts;
  const all = 2 ** bits;
  return {
    bits,
    calculated: Math.min(1, (n * (g - n)) / all),
    birthday: -Math.expm1((-n * (n - 1)) / (2 * all)),
    observed: Math.min(1, 2 ** (64 - bits) / smallestDistance),
  };
}
