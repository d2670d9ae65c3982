/**
 * Limits: when a search must stop before it has seen every state, and the sentence that says so.
 *
 * Every engine asks here, so that every engine stops at the same place and says the same. A limit that is reached makes
 * the result `incomplete`, never `ok`.
 */
import { BivalentError } from '../core/index.ts';
import type { Limits } from './options.ts';

/** What a search has used so far of what can be limited continuously. */
export interface Usage {
  readonly milliseconds: number;
  readonly memoryBytes: number;
  /** What the table that grows next will need beside, while it is copied. */
  readonly growthBytes?: number;
}

/**
 * Says why a search has to stop now for want of time or memory.
 *
 * @returns one sentence, as {@link CheckResult.reason} has it; `undefined` where the search may go on
 */
export function exhausted(limits: Limits, used: Usage): string | undefined {
  const { timeMs, memoryBytes } = limits;
  if (timeMs !== undefined && used.milliseconds >= timeMs) {
    const seconds = timeMs / 1000;
    return `stopped after ${seconds} s (--time-limit ${seconds}s)`;
  }
  if (memoryBytes !== undefined && used.memoryBytes >= memoryBytes) {
    const size = sizeText(memoryBytes);
    return `stopped at ${size.words} of tables (--memory-limit ${size.flag})`;
  }
  if (memoryBytes !== undefined && used.memoryBytes + (used.growthBytes ?? 0) >= memoryBytes) {
    const size = sizeText(memoryBytes);
    return `stopped before the tables outgrow ${size.words} (--memory-limit ${size.flag})`;
  }
  return undefined;
}

/** Says why a search has to stop instead of writing more states to files. */
export function fullOfFiles(limitBytes: number): string {
  const size = sizeText(limitBytes);
  return `stopped at ${size.words} of files (--disk-limit ${size.flag})`;
}

/** Says why states cannot even begin to go to files. */
export function tooLittleDisk(limitBytes: number): string {
  const size = sizeText(limitBytes);
  return `these states take more than ${size.words} of files (--disk-limit ${size.flag})`;
}

/** The error of a limit on memory within which a search cannot even look at its first state. */
export function tooLittleMemory(limitBytes: number, neededBytes: number): BivalentError {
  const needed = Math.ceil(neededBytes / 1024);
  return new BivalentError(
    'usage/memory-limit',
    `--memory-limit ${sizeText(limitBytes).flag} is too small to begin: the tables of this spec take ${needed} KiB before the first step`,
  );
}

/**
 * Says why a search has to stop instead of adding another distinct state.
 *
 * @param distinctStates - how many there are already, without the one that was just found to be new
 */
export function tooManyStates(limits: Limits, distinctStates: number): string | undefined {
  const { maxStates } = limits;
  if (maxStates === undefined || distinctStates < maxStates) return undefined;
  // A run that goes on with another one may have more from the beginning.
  if (distinctStates > maxStates) return `stopped, as there are more states than --max-states ${maxStates} allows`;
  return `stopped at ${count(maxStates, 'state')} (--max-states ${maxStates})`;
}

/**
 * Says why a search has to stop instead of expanding another level.
 *
 * The states of the last level are checked, but their steps are not looked at, so that even a system without deeper
 * states is not known to be complete.
 *
 * @param level - the level that would be expanded next; the initial states are level 1
 * @param frontier - how many states it has
 */
export function tooDeep(limits: Limits, level: number, frontier: number): string | undefined {
  const { maxDepth } = limits;
  if (maxDepth === undefined || level < maxDepth || frontier === 0) return undefined;
  return `stopped at depth ${level} (--max-depth ${maxDepth}) with ${count(frontier, 'state')} left to expand`;
}

/** A number of things in words: `1 state`, `1,000 states`. */
export function count(n: number, thing: string): string {
  return `${n.toLocaleString('en-US')} ${thing}${n === 1 ? '' : 's'}`;
}

const units = [
  { bytes: 1024 ** 3, words: 'GiB', flag: 'g' },
  { bytes: 1024 ** 2, words: 'MiB', flag: 'm' },
  { bytes: 1024, words: 'KiB', flag: 'k' },
];

/** A size in the largest unit that it is a multiple of, for a sentence and as one would type it. */
function sizeText(bytes: number): { words: string; flag: string } {
  const unit = units.find((unit) => bytes % unit.bytes === 0);
  if (unit === undefined) return { words: count(bytes, 'byte'), flag: `${bytes}` };
  const n = bytes / unit.bytes;
  return { words: `${n} ${unit.words}`, flag: `${n}${unit.flag}` };
}
