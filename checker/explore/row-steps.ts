/**
 * All steps of one row after another, whichever it is: for engines that go their own way through the rows of a search.
 *
 * They are in a batch that is filled again and again.
 */
import { Batch, refusedStep } from '../transition/index.ts';
import type { RowSearch } from './row-search.ts';
import { beyond, type StepOrder } from './steps.ts';

/** Steps for which there is room at first. */
const capacity = 256;

export class RowSteps {
  /** The steps of the row that was expanded last, as {@link Successors.expandAll} gives them. */
  batch: Batch;
  /** The positions in the batch, in the order that was asked for. */
  order = new Int32Array(capacity);
  /** For each position in the batch, the row to which the step leads, or {@link beyond}. */
  targets = new Int32Array(capacity);
  readonly #search: RowSearch;

  /** @param search - one of which all rows are in its store */
  constructor(search: RowSearch) {
    this.#search = search;
    this.batch = new Batch(search.store.words, capacity);
  }

  /**
   * Fills the batch with every step of a row; no step is counted.
   *
   * @param judges - whether steps that fail a transition invariant are noted
   * @throws RowsOutgrown where rows must be packed anew before
   * @throws BivalentError from user code
   */
  expand(row: number, judges: boolean): void {
    const { store, compiled } = this.#search;
    if (this.batch.words !== store.words) this.batch = new Batch(store.words, capacity);
    this.batch.count = 0;
    compiled.successors.expandAll(store.rows, row * store.words, row, this.batch, judges);
  }

  /** Puts the steps in order, and finds where they lead: {@link beyond} also where no row is stored. */
  locate(wanted: StepOrder): void {
    const { store, arrivals } = this.#search;
    const { batch } = this;
    const { count, parents } = batch;
    if (this.order.length < batch.capacity) {
      this.order = new Int32Array(batch.capacity);
      this.targets = new Int32Array(batch.capacity);
    }
    const { order, targets } = this;
    store.locate(batch, targets);
    for (let k = 0; k < count; k++) {
      order[k] = k;
      if ((parents[k] as number) <= refusedStep) targets[k] = beyond;
    }
    if (wanted === 'of the spec') arrivals.sort(order, 0, count, batch);
  }
}
