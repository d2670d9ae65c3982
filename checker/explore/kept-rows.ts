/**
 * Where the rows of a search are kept, and their sleep sets: in memory at first.
 *
 * Later they may be on disk; or only rows of the present level and of the next are kept, with fingerprints of all states.
 */
import type { FingerprintForm, Layout, SleepOutline, SleepSets } from '../transition/index.ts';
import { FingerprintStore } from './fingerprint/fingerprint-store.ts';
import type { SleepRows } from './sleep-rows.ts';
import { SpilledRows, type Disk } from './spill/spilled-rows.ts';
import { StateStore } from './state-store.ts';
import type { StoredRows } from './stored-rows.ts';

/** The rows of one search, wherever they are. They move once at most: to disk, or to fingerprints. */
export class KeptRows {
  /** The rows in memory: all of them, or none once they are on disk, or fingerprints are kept. */
  readonly store: StateStore;
  /** The sleep sets of rows in memory; undefined where every step is followed. */
  sleep: SleepRows | undefined;
  /** Where the rows are: in {@link store}, or in one of those below. */
  #rows: StoredRows;
  #spilled: SpilledRows | undefined;
  #fingerprints: FingerprintStore | undefined;

  /** @param anyOrder - whether rows may be stored in another order than that of their parents */
  constructor(words: number, anyOrder: boolean) {
    this.store = new StateStore(words, undefined, anyOrder);
    this.#rows = this.store;
  }

  /** The rows, wherever they are. */
  get rows(): StoredRows {
    return this.#rows;
  }

  /** The rows on disk; undefined as long as they are not there. */
  get spilled(): SpilledRows | undefined {
    return this.#spilled;
  }

  /** The fingerprints of all states; undefined as long as none are kept. */
  get fingerprints(): FingerprintStore | undefined {
    return this.#fingerprints;
  }

  /** Where states are looked up that are in memory. */
  get known(): StateStore | FingerprintStore {
    return this.#fingerprints ?? this.store;
  }

  /** The sleep sets that rows are kept with. On disk there is room for them even where no step sleeps any more. */
  get sleepSets(): SleepSets | undefined {
    return this.#spilled === undefined ? this.sleep?.sets : this.#spilled.sleep;
  }

  /** Which steps may sleep; undefined where every step is followed. */
  get sleepOutline(): SleepOutline | undefined {
    return this.sleep?.sets.outline;
  }

  /** Bytes of files, once rows are there. */
  get diskBytes(): SpilledRows['diskBytes'] | undefined {
    return this.#spilled?.diskBytes;
  }

  get bytes(): number {
    return this.#rows.bytes + (this.sleep?.bytes ?? 0);
  }

  /**
   * Moves all rows to disk.
   *
   * @param memoryBytes - what may be used of memory beside what was learned
   * @returns why that cannot be; undefined where it was done
   */
  spill(disk: Disk, memoryBytes: number): string | undefined {
    const spilled = SpilledRows.from(this.store, this.sleep, disk, memoryBytes);
    if (!(spilled instanceof SpilledRows)) return spilled.failure;
    this.#spilled = spilled;
    this.#rows = spilled;
    return undefined;
  }

  /**
   * Keeps fingerprints from now on, of states that were expanded.
   *
   * @param first - the first row that is not expanded
   */
  keepFingerprints(layout: Layout, first: number, form: FingerprintForm): void {
    this.#fingerprints = new FingerprintStore(this.store, layout, first, form);
    this.#rows = this.#fingerprints;
  }

  /** Says which row is expanded next, so that its sleep set is that of the sets; returns where its words begin. */
  enter(row: number): number {
    const start = this.#rows.seek(row);
    if (this.#spilled === undefined) this.sleep?.enter(row);
    else if (this.sleep !== undefined) this.#spilled.wake(start, this.sleep.sets.asleep);
    return start;
  }

  /** Copies the words of some rows, the next to be expanded, and their sleep sets where steps sleep. */
  copy(from: number, to: number, words: number, rows: Int32Array, asleep: Int32Array): void {
    if (this.#rows === this.store) {
      rows.set(this.store.rows.subarray(from * words, to * words));
      this.sleep?.copy(from, to, asleep);
      return;
    }
    const set = this.sleep?.sets.asleep;
    for (let row = from; row < to; row++) {
      const start = this.enter(row);
      rows.set(this.#rows.rows.subarray(start, start + words), (row - from) * words);
      if (set !== undefined) asleep.set(set, (row - from) * set.length);
    }
  }

  /** The sleep sets of some rows, one after another; those of rows that were expanded may be left out: they are empty. */
  sleepSetsOf(from: number, to: number): Int32Array {
    const sets = new Int32Array((to - from) * (this.sleep?.sets.words ?? 0));
    this.sleep?.copy(from, to, sets);
    return sets;
  }

  /** Rows before one are not expanded any more. */
  drop(first: number): void {
    if (this.#spilled === undefined) this.sleep?.drop(first);
    this.#rows.drop(first);
  }

  /** The group numbers of a row, in the layout of all rows. Cost: a look into a file, where the rows are on disk. */
  idsOf(row: number, layout: Layout): Int32Array {
    const ids = layout.newIds();
    const { rows, start } = this.#rows.wordsOf(row);
    layout.unpack(rows, start, ids);
    return ids;
  }
}
