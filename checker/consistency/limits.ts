/** How much a search may cost before it gives up, and what it says then. */

/** Limits of a search; where one is reached the verdict is inconclusive, never a guess. */
export interface SearchLimits {
  /** How many configurations one search may visit. Default 20 million. */
  readonly maxConfigurations?: number;
  /** How many bytes the configurations of one search may take. Default 2 GiB. */
  readonly maxBytes?: number;
  /**
   * How many configurations a search for linearizations enters before it begins again with another order of trying; each
   * time twice as many. Default 50,000. It changes how long the search takes, never its answer.
   */
  readonly restartAfter?: number;
  /** Asked every few thousand configurations; `true` ends the search. This is how a time limit or Ctrl-C gets in. */
  readonly shouldStop?: () => boolean;
  /**
   * Calls a search so that it can be ended from outside while it runs: how Ctrl-C gets in, which synchronous code does
   * not see. Of a search that was ended, what it had found until then is used. After that, `shouldStop` should be true.
   */
  readonly guard?: (search: () => void) => void;
}

/** Runs a search under the guard of its limits, and returns what it returns; `undefined` where it was ended from outside. */
export function guarded<T>({ guard }: Pick<SearchLimits, 'guard'>, search: () => T): T | undefined {
  if (guard === undefined) return search();
  let result: T | undefined;
  guard(() => {
    result = search();
  });
  return result;
}

/** Why a search gave up. */
export type LimitReached = 'configurations' | 'memory' | 'stopped';

const defaultMaxConfigurations = 20_000_000;
const defaultMaxBytes = 2 * 1024 ** 3;

/** The limit that a search has reached, if any; cheap enough to ask for every configuration. */
export function limitReached(limits: SearchLimits, configurations: number, bytes: number): LimitReached | undefined {
  if (configurations >= (limits.maxConfigurations ?? defaultMaxConfigurations)) return 'configurations';
  if (bytes > (limits.maxBytes ?? defaultMaxBytes)) return 'memory';
  if ((configurations & 4095) === 0 && limits.shouldStop?.() === true) return 'stopped';
  return undefined;
}
