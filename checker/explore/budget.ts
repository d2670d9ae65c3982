/**
 * What a search may use of time and memory, what it does use, and what happens where that is all: it stops, or moves its
 * rows to disk where there is one, and goes on.
 */
import { exhausted, tooLittleMemory } from './limits.ts';
import type { Limits } from './options.ts';
import type { RowSearch } from './row-search.ts';
import type { Disk } from './spill/spilled-rows.ts';
import type { Crew } from './worker/crew.ts';

/** Memory is measured once in so many batches: adding up all tables takes a while where there are many. */
const batchesPerMeasure = 8;
/** Rows that may be added between two measures; more do no harm but that tables outgrow the limit for a moment. */
const rowsPerMeasure = 65_536;
/** A table that needs less than this to grow is not looked at beforehand. */
const leastForecast = 1 << 24;
/** Of the limit on memory, the share that is left to what is yet to be learned when rows go to disk. */
const shareToLearn = 1 / 8;

/** The budget of one search. */
export class Budget {
  peakBytes = 0;
  readonly #limits: Limits;
  readonly #disk: Disk | undefined;
  #batches = 0;
  #measured = 0;

  constructor(limits: Limits = {}, disk?: Disk) {
    this.#limits = limits;
    this.#disk = disk;
  }

  /** Bytes of all tables. */
  measure(search: RowSearch | undefined, crew: Crew | undefined): number {
    const bytes = (search?.bytes ?? 0) + (crew?.bytes ?? 0);
    this.peakBytes = Math.max(this.peakBytes, bytes);
    return bytes;
  }

  /**
   * Says why the search has to stop now, if it has to. Where memory is used up and there is a disk, its rows are there
   * afterwards, and the threads of the crew have stopped.
   *
   * @param isAtStart - nothing was explored yet
   * @throws BivalentError `usage/memory-limit` where there is no room to begin
   */
  whyStop(
    search: RowSearch,
    crew: Crew | undefined,
    { milliseconds, isAtStart }: { readonly milliseconds: number; readonly isAtStart: boolean },
  ): string | undefined {
    const limits = this.#limits;
    const disk = this.#disk;
    const memoryBytes = this.#memory(search, crew);
    const soon = search.kept.rows.growthBytes(rowsPerMeasure);
    const used = { milliseconds, memoryBytes, growthBytes: soon < leastForecast ? 0 : soon };
    const reason = exhausted(limits, used);
    const { memoryBytes: limit } = limits;
    if (isAtStart && limit !== undefined && memoryBytes >= limit) throw tooLittleMemory(limit, memoryBytes);
    if (disk === undefined) return reason;
    const isFull = reason !== undefined && exhausted({ ...limits, memoryBytes: Infinity }, used) === undefined;
    if (!isFull && search.count < (disk.fromStates ?? Infinity)) return reason;
    return this.#makeRoom(search, crew, disk, reason);
  }

  /**
   * Moves all rows to disk, or makes do with less memory where they are there.
   *
   * @param reason - the limit on memory was reached; undefined where it was not
   * @returns why the search has to stop, if that does not help
   */
  #makeRoom(search: RowSearch, crew: Crew | undefined, disk: Disk, reason: string | undefined): string | undefined {
    const limit = this.#limits.memoryBytes ?? Infinity;
    const left = (1 - shareToLearn) * limit - search.compiled.bytes;
    if (search.kept.diskBytes !== undefined) return reason === undefined || search.fit(left) ? undefined : reason;
    crew?.stop();
    const failure = search.spill(disk, left);
    if (failure !== undefined) return reason === undefined ? failure : `${reason}: ${failure}`;
    this.#batches = 0;
    return undefined;
  }

  /** Bytes of all tables, as of a few batches ago. */
  #memory(search: RowSearch, crew: Crew | undefined): number {
    if (this.#batches++ % batchesPerMeasure === 0) {
      search.boundTables();
      this.#measured = this.measure(search, crew);
    }
    return this.#measured;
  }
}
