/**
 * All rows that were found so far, on tapes: sorted runs, few at any time.
 *
 * Each time that successors are settled, those that are new make a run. Where there are several runs of one rank they
 * become one of the next, so that a row is written again a logarithmic number of times, and a pass over all rows has
 * few runs to look at.
 */
import { BivalentError } from '../../core/index.ts';
import type { Gathered } from './gathered.ts';
import { compareRows } from './row-order.ts';
import { mergeRuns, RunCursor, rowsPerBlock, RunWriter, type Run } from './sorted-run.ts';
import type { Tapes } from './tape.ts';

/** How many runs of a rank become one of the next. */
const usualFanIn = 8;

/** What a pass over the runs may use, in words. */
export interface RunSizes {
  /** All that is read ahead. */
  readonly aheadWords: number;
  /** What is written at once. */
  readonly bufferWords: number;
  /** For tests: the words of a block, and how many runs become one. */
  readonly blockWords?: number | undefined;
  readonly fanIn?: number | undefined;
}

/** What is known of a successor that was looked up. */
export const Mark = { new: 0, known: 1, withoutRoom: 2 } as const;

export class VisitedRuns {
  readonly #tapes: Tapes;
  readonly #words: number;
  #sizes: RunSizes;
  readonly #limitBytes: number;
  readonly #fanIn: number;
  /** What is written at once. */
  #buffer: Int32Array;
  readonly #runs: { readonly run: Run; readonly rank: number }[] = [];
  /** Whether runs may still be merged: not where the disk was full once. */
  #merges = true;

  /** @param limitBytes - what all tapes may take together, while runs are merged too */
  constructor(tapes: Tapes, words: number, limitBytes: number, sizes: RunSizes) {
    this.#tapes = tapes;
    this.#words = words;
    this.#limitBytes = limitBytes;
    this.#sizes = sizes;
    this.#fanIn = sizes.fanIn ?? usualFanIn;
    this.#buffer = new Int32Array(Math.max(words, sizes.bufferWords));
  }

  /** Goes on with other sizes. */
  use(sizes: RunSizes): void {
    this.#sizes = sizes;
    this.#buffer = new Int32Array(Math.max(this.#words, sizes.bufferWords));
  }

  get bytes(): number {
    return this.#runs.reduce((sum, { run }) => sum + run.fences.bytes, 0);
  }

  /** Marks the successors that are in a run. */
  markKnown({ items, marks }: Gathered, order: Int32Array): void {
    const { hashes, rows, words } = items;
    const bufferWords = Math.floor(this.#sizes.aheadWords / Math.max(1, this.#runs.length));
    const cursors = this.#runs.map(({ run }) => new RunCursor(run, bufferWords));
    for (let i = 0; i < order.length; i++) {
      const k = order[i] as number;
      const hash = (hashes[k] as number) >>> 0;
      for (let c = 0; c < cursors.length; c++) {
        const cursor = cursors[c] as RunCursor;
        if (cursor.hash < hash) cursor.seek(hash);
        while (cursor.hash === hash) {
          const order = compareRows(cursor.rows, cursor.at, rows, k * words, words);
          if (order === 0) marks[k] = Mark.known;
          if (order >= 0) break;
          cursor.next();
        }
      }
    }
  }

  /**
   * Writes those of the successors as a run that are marked as new.
   *
   * @throws BivalentError `disk/full`; there is no such run then
   */
  add({ items, marks }: Gathered, order: Int32Array): void {
    const { hashes, rows, words } = items;
    const run = this.#written((writer) => {
      for (let i = 0; i < order.length; i++) {
        const k = order[i] as number;
        if (marks[k] === Mark.new) writer.add(rows, k * words, hashes[k] as number);
      }
      return writer.end();
    });
    if (run.rows === 0) run.tape.remove();
    else this.#runs.push({ run, rank: 0 });
  }

  /** Merges runs where there are enough of a rank, and room for what is written anew. */
  merge(): void {
    while (this.#merges) {
      const last = this.#runs.slice(-this.#fanIn);
      const rank = last[0]?.rank;
      if (last.length < this.#fanIn || last.some((other) => other.rank !== rank)) return;
      const runs = last.map(({ run }) => run);
      if (this.#tapes.bytes + bytesOf(runs) > this.#limitBytes) return;
      try {
        const bufferWords = Math.floor(this.#sizes.aheadWords / this.#fanIn);
        const run = this.#written((writer) => mergeRuns(runs, writer, bufferWords));
        this.#runs.splice(-this.#fanIn, this.#fanIn, { run, rank: (rank as number) + 1 });
      } catch (error) {
        if (!(error instanceof BivalentError && error.code === 'disk/full')) throw error;
        this.#merges = false;
        return;
      }
      for (const { tape } of runs) tape.remove();
    }
  }

  /** Removes all runs. */
  clear(): void {
    for (const { run } of this.#runs.splice(0)) run.tape.remove();
  }

  /** Writes a run; where that fails, nothing is left of it. */
  #written(write: (writer: RunWriter) => Run): Run {
    const tape = this.#tapes.create();
    try {
      const blockRows = rowsPerBlock(this.#words, this.#sizes.blockWords);
      return write(new RunWriter(tape, this.#words, blockRows, this.#buffer));
    } catch (error) {
      tape.remove();
      throw error;
    }
  }
}

function bytesOf(runs: readonly Run[]): number {
  return runs.reduce((sum, { rows, words }) => sum + 4 * rows * words, 0);
}
