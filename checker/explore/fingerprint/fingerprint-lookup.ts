/**
 * Looking states up by their fingerprints: what other threads need of a search that keeps these.
 *
 * Another thread may look a state up while this one stores others, without a lock. It may miss a state that was stored
 * meanwhile, which costs another look-up; that it takes halves of two fingerprints for one that is looked for is as
 * unlikely as that two are equal.
 */
import { Fingerprints, type Arrived, type FingerprintForm, type Layout } from '../../transition/index.ts';
import { FingerprintTable, type SharedRegion } from './fingerprint-table.ts';

/** What other threads have to know: of the regions of the table, those that changed. */
export interface SharedFingerprints {
  readonly form: FingerprintForm;
  readonly words: number;
  readonly rows: Int32Array;
  /** The state of the first row. */
  readonly first: number;
  readonly regions: readonly SharedRegion[];
}

export class FingerprintLookup {
  words = 1;
  /** The rows of the states from {@link first} on. */
  rows: Int32Array = new Int32Array(0);
  /** The first state that has a row. */
  first = 0;
  protected readonly form: FingerprintForm;
  protected readonly fingerprints: Fingerprints;
  protected readonly table = new FingerprintTable();
  /** The fingerprints of the successors in the batch that was looked up last. */
  protected highs = new Int32Array(0);
  protected lows = new Int32Array(0);

  constructor(layout: Layout, form: FingerprintForm) {
    this.form = form;
    this.fingerprints = new Fingerprints(layout, form);
  }

  /** Looks states up in the table of another thread. */
  attach({ words, rows, first, regions }: SharedFingerprints): void {
    this.words = words;
    this.rows = rows;
    this.first = first;
    this.table.attach(regions);
  }

  /** Where the words of a state begin, which has a row. */
  seek(row: number): number {
    return (row - this.first) * this.words;
  }

  /** Looks all rows of a batch up, as {@link StateStore.missing}. */
  missing(batch: Arrived, missing: Int32Array): number {
    const { count, rows, words } = batch;
    const { fingerprints, table } = this;
    if (this.highs.length < batch.capacity) {
      this.highs = new Int32Array(batch.capacity);
      this.lows = new Int32Array(batch.capacity);
    }
    const { highs, lows } = this;
    for (let k = 0; k < count; k++) {
      fingerprints.find(rows, k * words);
      highs[k] = fingerprints.high;
      lows[k] = fingerprints.low;
    }
    table.touch(highs, count);
    let found = 0;
    for (let k = 0; k < count; k++) {
      if (!table.has(highs[k] as number, lows[k] as number)) missing[found++] = k;
    }
    return found;
  }
}
