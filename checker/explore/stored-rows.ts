/** Where the rows of a search are: in memory, there until only fingerprints are left of them, or on disk. */

/** Writes the new form of the row at `from` of the old rows to `to` of the new ones. */
export type RowConversion = (old: Int32Array, from: number, rows: Int32Array, to: number) => void;

/** The words of a row: they begin at `start`. */
export interface RowWords {
  readonly rows: Int32Array;
  readonly start: number;
}

export interface StoredRows {
  /** How many rows there are, those included of which the words are gone. */
  readonly count: number;
  /** The first row of which the words are there. */
  readonly first: number;
  /** Bytes of memory. */
  readonly bytes: number;
  /** What memory will be needed soon beside {@link bytes}, if so many rows are added. */
  growthBytes(rows: number): number;
  /** Where {@link seek} finds a row. */
  readonly rows: Int32Array;
  /** Makes sure that the words of a row are in {@link rows}; returns where they begin. Rows are best asked for in order. */
  seek(row: number): number;
  /** Where the words of a row are, whichever it is. */
  wordsOf(row: number): RowWords;
  /** The row from which a row was first reached; -1 for an initial state. */
  parentOf(row: number): number;
  /** Rows before one are not expanded any more. */
  drop(first: number): void;
  /** Visits all rows of which the words are there. */
  each(visit: (rows: Int32Array, start: number) => void): void;
  /**
   * Replaces every row by what `convert` makes of it, for a new layout of the same states.
   *
   * @param words - the words of the new rows
   * @returns whether there is room for it; where there is none, the rows are what they were
   */
  relayout(words: number, convert: RowConversion): boolean;
}
