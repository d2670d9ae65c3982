/** How a search on disk divides the memory that it may take. */
import { Gathered, mostGathered } from './gathered.ts';
import type { RunSizes } from './visited-runs.ts';

/** What may be chosen for tests on small systems. */
export interface SpillTuning {
  /** From so many states on rows are on disk, whether or not they would fit into memory. */
  readonly fromStates?: number;
  /** How many successors gather. */
  readonly gathered?: number;
  /** The words of a block of a run, and how many runs become one. */
  readonly blockWords?: number;
  readonly fanIn?: number;
}

export interface Sizes extends RunSizes {
  /** How many successors gather. */
  readonly gathered: number;
}

/** Fewer successors that gather do not pay for a pass over all rows. */
const fewestGathered = 1024;
/** What is read or written at once is 1 MB where there is enough memory; what is read ahead of all runs is 32 MB. */
const mostBufferWords = 1 << 18;
const mostAheadWords = 1 << 23;
const fewestAheadWords = 1 << 14;
/** The share of the memory that is read ahead. */
const aheadShare = 1 / 16;

/** The sizes for so much memory; undefined where it is too little. */
export function sizesWithin(
  memoryBytes: number,
  words: number,
  sleepWords: number,
  { gathered, blockWords, fanIn }: SpillTuning,
): Sizes | undefined {
  const ahead = Math.floor((memoryBytes * aheadShare) / 4);
  const aheadWords = Math.min(mostAheadWords, Math.max(fewestAheadWords, ahead));
  const bufferWords = Math.min(mostBufferWords, aheadWords);
  const left = memoryBytes - 4 * (aheadWords + 3 * bufferWords);
  const fitting = Math.min(mostGathered, Math.floor(left / Gathered.bytesEach(words, sleepWords)));
  const most = gathered ?? fitting;
  return gathered === undefined && fitting < fewestGathered
    ? undefined
    : { gathered: most, aheadWords, bufferWords, blockWords, fanIn };
}
