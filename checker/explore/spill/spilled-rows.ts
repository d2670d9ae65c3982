/**
 * The rows of a search that has outgrown memory: on tapes, with delayed duplicate detection.
 *
 * Successors *gather* in memory, each once, in the order in which they arrive. When there is no room for more, and at
 * the end of each level, they are *settled*: sorted by hash, and merged against the sorted runs of all rows that were
 * settled before, of this level and of all earlier ones. What is in none of them is new, and becomes rows, in the order
 * of arrival again: so rows get the numbers that they have in a search in memory, and everything that follows from these
 * is the same. It is exact: rows are compared whole.
 *
 * Each row is on tape twice: in a sorted run; and in the *records*, in the order of numbers, with its parent and its
 * sleep set. The records are the queue of the search, read in large pieces, and they are where a counterexample finds its
 * states.
 *
 * Cost: a pass over all rows each time that successors are settled; a few blocks for each successor where these are few.
 *
 * After Stern and Dill, *Using Magnetic Disk Instead of Main Memory in the Murphi Verifier* (1998), and Korf, *Delayed
 * Duplicate Detection* (2004).
 */
import { BivalentError } from '../../core/index.ts';
import { Batch, type SleepSets } from '../../transition/index.ts';
import { fullOfFiles, tooLittleDisk } from '../limits.ts';
import type { SleepRows } from '../sleep-rows.ts';
import type { StateStore } from '../state-store.ts';
import type { RowConversion, RowWords, StoredRows } from '../stored-rows.ts';
import { Gathered } from './gathered.ts';
import { Mark, VisitedRuns } from './visited-runs.ts';
import { sizesWithin, type Sizes, type SpillTuning } from './sizes.ts';
import { TapeWriter, type Tape, type Tapes } from './tape.ts';

/** Where rows go that do not fit into memory. */
export interface Disk extends SpillTuning {
  readonly tapes: Tapes;
  /** What all tapes may take together. */
  readonly limitBytes: number;
}

/** Rows that are read, converted or found anew at once. */
const partRows = 1024;
/** Row numbers have 31 bits. */
const mostRows = 2 ** 31 - 2;

export class SpilledRows implements StoredRows {
  /** How many rows there are: what gathers is not among them. */
  count = 0;
  words: number;
  /** Why nothing more is stored, once that is so. */
  full: string | undefined;
  /** Some records that follow each other; what {@link seek} reads. */
  rows = new Int32Array(0);
  /** All rows are kept. */
  readonly first = 0;
  readonly #disk: Disk;
  /** Which steps may sleep: each record has room for a sleep set then, even where all steps are followed later. */
  readonly sleep: SleepSets | undefined;
  #sizes: Sizes;
  #gathered: Gathered;
  #runs: VisitedRuns;
  #records: Tape;
  /** What is written at once. */
  #buffer: Int32Array;
  /** The rows whose records are in {@link rows}. */
  #from = 0;
  #end = 0;

  private constructor(disk: Disk, words: number, sleep: SleepSets | undefined, sizes: Sizes) {
    this.#disk = disk;
    this.words = words;
    this.sleep = sleep;
    this.#sizes = sizes;
    this.#gathered = new Gathered(words, 0, sleep);
    this.#runs = new VisitedRuns(disk.tapes, words, disk.limitBytes, sizes);
    this.#buffer = new Int32Array(sizes.bufferWords);
    this.#records = disk.tapes.create();
  }

  /**
   * Moves all rows of a store to tape, and releases it.
   *
   * @param memoryBytes - what memory there is for it
   * @returns a sentence where that cannot be: the store is what it was
   */
  static from(
    store: StateStore,
    sleep: SleepRows | undefined,
    disk: Disk,
    memoryBytes: number,
  ): SpilledRows | { readonly failure: string } {
    const { words } = store;
    const sizes = sizesWithin(memoryBytes, words, sleep?.sets.words ?? 0, disk);
    if (sizes === undefined) return { failure: 'what is left of memory is too little to go on with files' };
    const spilled = new SpilledRows(disk, words, sleep?.sets, sizes);
    const fits = spilled.#roomFor(store.count) === store.count;
    const failure = fits ? spilled.#attempt(() => spilled.#take(store, sleep)) : tooLittleDisk(disk.limitBytes);
    if (failure !== undefined) {
      disk.tapes.clear();
      return { failure };
    }
    store.release();
    sleep?.release();
    spilled.#equip();
    spilled.full = spilled.#attempt(() => spilled.#sortAll());
    return spilled;
  }

  /** The words of a record: the row, its parent, and its sleep set. */
  get #recordWords(): number {
    return this.words + 1 + (this.sleep?.words ?? 0);
  }

  /** The bytes of a new row: its record, and its place in a run. */
  get #bytesPerRow(): number {
    return 4 * (this.#recordWords + this.words);
  }

  get bytes(): number {
    const { aheadWords, bufferWords } = this.#sizes;
    const buffers = this.rows.byteLength + this.#buffer.byteLength + 4 * (aheadWords + bufferWords);
    return this.#gathered.bytes + this.#runs.bytes + buffers;
  }

  /** Everything was allocated at once. */
  growthBytes(): number {
    return 0;
  }

  /** The bytes of all tapes, now and at most. */
  get diskBytes(): { readonly bytes: number; readonly peakBytes: number } {
    const { bytes, peakBytes } = this.#disk.tapes;
    return { bytes, peakBytes };
  }

  /** The successors that are not settled yet. Whoever adds to them settles them when they are full. */
  get gathered(): Gathered {
    return this.#gathered;
  }

  // --- from memory to tape -----------------------------------------------------------------------------------------

  /** Does something that writes; returns why it cannot be done, where there is no room for it. */
  #attempt(write: () => void): string | undefined {
    try {
      write();
      return undefined;
    } catch (error) {
      if (error instanceof BivalentError && error.code === 'disk/full') return error.message;
      throw error;
    }
  }

  /** How many of so many new rows there is room for. */
  #roomFor(rows: number): number {
    const { tapes, limitBytes } = this.#disk;
    const left = Math.floor((limitBytes - tapes.bytes) / this.#bytesPerRow);
    return Math.max(0, Math.min(rows, left, mostRows - this.count));
  }

  /** Writes the records of a store. */
  #take(store: StateStore, sleep: SleepRows | undefined): void {
    const writer = new TapeWriter(this.#records, this.#buffer);
    const sleepWords = sleep?.sets.words ?? 0;
    const parents = new Int32Array(partRows);
    const asleep = new Int32Array(partRows * sleepWords);
    for (let from = 0; from < store.count; from += partRows) {
      const to = Math.min(from + partRows, store.count);
      store.parents.copy(from, to, parents);
      sleep?.copy(from, to, asleep.subarray(0, (to - from) * sleepWords));
      for (let row = from; row < to; row++) {
        writer.add(store.rows, row * store.words, store.words);
        writer.add(parents, row - from, 1);
        writer.add(asleep, (row - from) * sleepWords, sleepWords);
      }
    }
    writer.flush();
    this.count = store.count;
  }

  /** Allocates what the present sizes say. */
  #equip(): void {
    const { gathered, bufferWords } = this.#sizes;
    this.#gathered = new Gathered(this.words, gathered, this.sleep);
    this.#buffer = new Int32Array(bufferWords);
    this.rows = new Int32Array(Math.max(this.#recordWords, bufferWords));
    this.#end = 0;
  }

  /** Takes less memory from now on, if the sizes were chosen when there was more; returns whether it is enough. */
  fit(memoryBytes: number): boolean {
    const sizes = sizesWithin(memoryBytes, this.words, this.sleep?.words ?? 0, this.#disk);
    if (sizes === undefined) return false;
    if (sizes.gathered >= this.#sizes.gathered) return true;
    this.#sizes = sizes;
    this.#runs.use(sizes);
    this.#equip();
    return true;
  }

  /** Makes the sorted runs from the records. */
  #sortAll(): void {
    this.#runs.clear();
    this.#runs = new VisitedRuns(this.#disk.tapes, this.words, this.#disk.limitBytes, this.#sizes);
    const gathered = this.#gathered;
    const batch = new Batch(this.words, 2, this.sleep);
    this.each((rows, start) => {
      for (let w = 0; w < this.words; w++) batch.rows[w] = rows[start + w] as number;
      batch.add(0, 0, 0);
      gathered.insert(batch, 0, gathered.find(batch, 0));
      batch.count = 0;
      if (gathered.isFull) this.#writeRun();
    });
    this.#writeRun();
  }

  #writeRun(): void {
    this.#runs.add(this.#gathered, this.#gathered.sorted());
    this.#gathered.clear();
    this.#runs.merge();
  }

  // --- from tape to memory -----------------------------------------------------------------------------------------

  seek(row: number): number {
    const size = this.#recordWords;
    if (row < this.#from || row >= this.#end) {
      this.#from = row;
      this.#end = Math.min(this.count, row + Math.floor(this.rows.length / size));
      this.#records.read(row * size, this.rows.subarray(0, (this.#end - row) * size));
    }
    return (row - this.#from) * size;
  }

  /** Copies the sleep set of a row whose record begins at `start` of {@link rows}. */
  wake(start: number, asleep: Int32Array): void {
    const from = start + this.words + 1;
    for (let w = 0; w < asleep.length; w++) asleep[w] = this.rows[from + w] as number;
  }

  /** A record begins with the words of its row. Cost: a look into a file. */
  wordsOf(row: number): RowWords {
    if (row >= this.#from && row < this.#end) return { rows: this.rows, start: this.seek(row) };
    return { rows: this.#record(row), start: 0 };
  }

  #record(row: number): Int32Array {
    const record = new Int32Array(this.#recordWords);
    this.#records.read(row * record.length, record);
    return record;
  }

  parentOf(row: number): number {
    return this.#record(row)[this.words] as number;
  }

  drop(): void {}

  each(visit: (rows: Int32Array, start: number) => void): void {
    const size = this.#recordWords;
    this.#eachPart((part, count) => {
      for (let i = 0; i < count; i++) visit(part, i * size);
    });
  }

  #eachPart(visit: (part: Int32Array, count: number) => void): void {
    const size = this.#recordWords;
    const most = Math.max(1, Math.floor(this.#sizes.bufferWords / size));
    const part = new Int32Array(most * size);
    const tape = this.#records;
    const total = this.count;
    for (let first = 0; first < total; first += most) {
      const count = Math.min(most, total - first);
      tape.read(first * size, part.subarray(0, count * size));
      visit(part, count);
    }
  }

  // --- settling ------------------------------------------------------------------------------------------------------

  /**
   * Finds out which of the successors that gathered are new, and stores them, as many as there is room for. Their marks
   * say so until they are cleared; where there is no room for all, {@link full} says why.
   *
   * @param most - how many rows there may be
   */
  settle(most: number): void {
    const { items, marks, count } = this.#gathered;
    const order = this.#gathered.sorted();
    this.#runs.markKnown(this.#gathered, order);
    let news = 0;
    for (let k = 0; k < count; k++) if (marks[k] === Mark.new) news++;
    const room = Math.min(most - this.count, this.#roomFor(news));
    if (news > room && most - this.count > room) this.full = fullOfFiles(this.#disk.limitBytes);
    this.#limit(marks, count, room);
    const failure = this.#attempt(() => {
      this.#append(items, marks);
      this.#runs.add(this.#gathered, order);
    });
    if (failure !== undefined) {
      this.full = failure;
      this.#records.cut(this.count * this.#recordWords);
      this.#limit(marks, count, 0);
      return;
    }
    this.count += Math.min(news, room);
    this.#runs.merge();
  }

  /** Marks all new successors but the first ones. */
  #limit(marks: Uint8Array, count: number, room: number): void {
    let left = room;
    for (let k = 0; k < count; k++) if (marks[k] === Mark.new && left-- <= 0) marks[k] = Mark.withoutRoom;
  }

  /** Writes the records of the new successors. */
  #append({ rows, parents, asleep, words, count }: Batch, marks: Uint8Array): void {
    const writer = new TapeWriter(this.#records, this.#buffer);
    const sleepWords = this.sleep?.words ?? 0;
    for (let k = 0; k < count; k++) {
      if (marks[k] !== Mark.new) continue;
      writer.add(rows, k * words, words);
      writer.add(parents, k, 1);
      writer.add(asleep, k * sleepWords, sleepWords);
    }
    writer.flush();
  }

  // --- another form --------------------------------------------------------------------------------------------------

  /** With nothing gathered. Where there is no room for it, {@link full} says why: nothing can be stored any more. */
  relayout(words: number, convert: RowConversion): boolean {
    const { tapes, limitBytes } = this.#disk;
    this.#runs.clear();
    const size = this.#recordWords;
    const after = size - this.words + words;
    if (tapes.bytes + 4 * this.count * Math.max(after, after + words - size) > limitBytes) {
      this.full = fullOfFiles(limitBytes);
      return false;
    }
    const records = tapes.create();
    const failure = this.#attempt(() => this.#convert(records, words, convert));
    if (failure !== undefined) {
      this.full = failure;
      records.remove();
      return false;
    }
    this.#records.remove();
    this.#records = records;
    this.words = words;
    this.#equip();
    this.full ??= this.#attempt(() => this.#sortAll());
    return true;
  }

  #convert(records: Tape, words: number, convert: RowConversion): void {
    const writer = new TapeWriter(records, this.#buffer);
    const size = this.#recordWords;
    const rest = size - this.words;
    const row = new Int32Array(words);
    this.each((part, start) => {
      convert(part, start, row, 0);
      writer.add(row, 0, words);
      writer.add(part, start + this.words, rest);
    });
    writer.flush();
  }
}
