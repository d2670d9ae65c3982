/**
 * Sorted runs: different rows on a tape, in the order of their hashes, so that many rows can be looked up in one pass.
 *
 * A run is divided into blocks, and of each block the hash of its first row stays in memory. A pass reads only blocks in
 * which a hash can be that it looks for: all of them, in large pieces, where it looks for many; a few where for few.
 */
import { hashRow, IntList } from '../../transition/index.ts';
import { compareRows } from './row-order.ts';
import { TapeWriter, type Tape } from './tape.ts';

/** Words of a block, about: what is read to look one row up. */
const usualBlockWords = 4096;

export interface Run {
  readonly tape: Tape;
  readonly words: number;
  readonly rows: number;
  readonly blockRows: number;
  /** For each block, the hash of its first row. */
  readonly fences: IntList;
}

/** How many rows a block has. */
export function rowsPerBlock(words: number, blockWords = usualBlockWords): number {
  return Math.max(1, Math.floor(blockWords / words));
}

/** Writes a run: rows are added in their order. */
export class RunWriter {
  readonly #tape: Tape;
  readonly #writer: TapeWriter;
  readonly #words: number;
  readonly #blockRows: number;
  readonly #fences = new IntList();
  #rows = 0;

  constructor(tape: Tape, words: number, blockRows: number, buffer: Int32Array) {
    this.#tape = tape;
    this.#words = words;
    this.#blockRows = blockRows;
    this.#writer = new TapeWriter(tape, buffer);
  }

  add(rows: Int32Array, start: number, hash: number): void {
    if (this.#rows++ % this.#blockRows === 0) this.#fences.push(hash);
    this.#writer.add(rows, start, this.#words);
  }

  end(): Run {
    this.#writer.flush();
    return {
      tape: this.#tape,
      words: this.#words,
      rows: this.#rows,
      blockRows: this.#blockRows,
      fences: this.#fences,
    };
  }
}

/** Reads a run from its beginning to its end. */
export class RunCursor {
  /** The hash of the row at hand, as a number from 0 to 2³²; -1 at first, before any row, and infinite at the end. */
  hash = -1;
  /** Where the row at hand lies in {@link rows}. */
  at = 0;
  rows = new Int32Array(0);
  readonly #run: Run;
  readonly #mostBlocks: number;
  /** The next block to read, and how many at once. */
  #next = 0;
  #ahead = 0.5;
  /** Where what was read ends. */
  #end = 0;

  constructor(run: Run, bufferWords: number) {
    this.#run = run;
    const blockWords = run.blockRows * run.words;
    this.#mostBlocks = Math.max(1, Math.floor(bufferWords / blockWords));
  }

  /** Goes to the next row. */
  next(): void {
    this.at += this.#run.words;
    if (this.at < this.#end) this.hash = hashRow(this.rows, this.at, this.#run.words) >>> 0;
    else this.#readOn();
  }

  /** Goes to the first row whose hash is at least this one. */
  seek(hash: number): void {
    if (this.hash >= hash) return;
    const { fences, words } = this.#run;
    if (this.#next < fences.length && fences.at(this.#next) >>> 0 < hash) {
      const block = this.#lastBlockBefore(hash);
      // Where blocks in between are left out, what is looked for is rare.
      if (block > this.#next) this.#ahead = 0.5;
      this.#next = block;
      this.#readOn();
    }
    const { rows } = this;
    let at = this.at;
    let found = this.hash;
    while (found < hash) {
      at += words;
      if (at >= this.#end) {
        this.at = at - words;
        this.next();
        at = this.at;
        found = this.hash;
      } else found = hashRow(rows, at, words) >>> 0;
    }
    this.at = at;
    this.hash = found;
  }

  /** The last block that begins with a lower hash: the rows with this hash begin in it or after it. */
  #lastBlockBefore(hash: number): number {
    const { fences } = this.#run;
    let low = this.#next;
    let high = fences.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (fences.at(middle) >>> 0 < hash) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** Reads the next blocks: twice as many as the last time. */
  #readOn(): void {
    const { tape, words, rows, blockRows } = this.#run;
    const first = this.#next * blockRows;
    if (first >= rows) {
      this.hash = Infinity;
      return;
    }
    this.#ahead = Math.min(2 * this.#ahead, this.#mostBlocks);
    this.#end = Math.min(this.#ahead * blockRows, rows - first) * words;
    if (this.#end > this.rows.length) this.rows = new Int32Array(this.#end);
    tape.read(first * words, this.rows.subarray(0, this.#end));
    this.#next += this.#ahead;
    this.at = 0;
    this.hash = hashRow(this.rows, 0, words) >>> 0;
  }
}

/**
 * Writes all rows of some runs, which have none in common, as one.
 *
 * @param bufferWords - what is read ahead of each
 */
export function mergeRuns(runs: readonly Run[], writer: RunWriter, bufferWords: number): Run {
  const cursors = runs.map((run) => new RunCursor(run, bufferWords));
  for (const cursor of cursors) cursor.next();
  const { words } = runs[0] as Run;
  for (;;) {
    let first = cursors[0] as RunCursor;
    for (let c = 1; c < cursors.length; c++) {
      const cursor = cursors[c] as RunCursor;
      if (cursor.hash < first.hash || (cursor.hash === first.hash && isBefore(cursor, first, words))) first = cursor;
    }
    if (first.hash === Infinity) return writer.end();
    writer.add(first.rows, first.at, first.hash);
    first.next();
  }
}

function isBefore(a: RunCursor, b: RunCursor, words: number): boolean {
  return a.hash !== Infinity && compareRows(a.rows, a.at, b.rows, b.at, words) < 0;
}
