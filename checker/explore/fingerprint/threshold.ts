/** From when on fingerprints are kept. */
import type { FingerprintForm } from '../../transition/index.ts';
import type { SearchOptions } from '../options.ts';

/** Fingerprints are kept where there are so many states: fewer are quickly compared whole. */
const usualFromStates = 20_000;

/**
 * The form of the fingerprints of a search that has so many states.
 *
 * @returns undefined where states are compared whole: no fingerprints were asked for, or there are few states
 */
export function fingerprintForm(
  states: number,
  { fingerprint = false, seed = 0 }: Pick<SearchOptions, 'fingerprint' | 'seed'>,
): FingerprintForm | undefined {
  if (fingerprint === false) return undefined;
  const { fromStates = usualFromStates, bits = 64 } = fingerprint === true ? {} : fingerprint;
  return states < fromStates ? undefined : { salt: seed, bits };
}
