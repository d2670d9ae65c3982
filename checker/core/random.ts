/**
 * The only source of randomness: a small generator whose seed reproduces every run.
 *
 * Source: `sfc32` of Chris Doty-Humphrey's PractRand, the seed spread by `splitmix32`. Not for secrets.
 */

/** A stream of pseudo-random numbers. */
export interface Random {
  /** A number from 0 up to 1, with 32 random bits. */
  next(): number;
  /** An integer from 0 to `bound - 1`; `bound` is an integer from 1 to 2³². */
  below(bound: number): number;
}

/**
 * Makes a generator.
 *
 * @param seed - any integer; equal seeds give equal streams
 */
export function seededRandom(seed: number): Random {
  let spread = seed | 0;
  const word = (): number => {
    spread = (spread + 0x9e3779b9) | 0;
    let z = spread ^ (spread >>> 16);
    z = Math.imul(z, 0x21f0aaad);
    z ^= z >>> 15;
    z = Math.imul(z, 0x735a2d97);
    return z ^ (z >>> 15);
  };
  // The upper half of a seed beyond 32 bits takes part, too.
  let a = word() ^ Math.floor(seed / 0x100000000);
  let b = word();
  let c = word();
  let counter = 1;
  const next32 = (): number => {
    const result = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + result;
    c |= 0;
    return result >>> 0;
  };
  for (let i = 0; i < 12; i++) next32();
  const next = (): number => next32() / 0x100000000;
  return { next, below: (bound) => Math.floor(next() * bound) };
}
