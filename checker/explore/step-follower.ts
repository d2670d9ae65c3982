/**
 * Following all steps of one state, whichever it is: for engines that go their own way through the rows of a search.
 *
 * States that are new are stored and judged, and every step is counted.
 */
import { BivalentError } from '../core/index.ts';
import { Batch, refusedStep } from '../transition/index.ts';
import type { RowSearch } from './row-search.ts';
import { beyond, type Steps } from './steps.ts';

/** Steps for which a batch has room at first. */
const batchSize = 256;

export class StepFollower {
  readonly #search: RowSearch;
  #batch: Batch;
  #sorted = new Int32Array(0);
  #targets = new Int32Array(0);

  /** @param search - one for any order, of which all rows are in its store */
  constructor(search: RowSearch) {
    this.#search = search;
    this.#batch = new Batch(search.layout.words, batchSize);
  }

  /**
   * Finds where the steps of a row lead.
   *
   * @param into - receives the steps in the order of the spec; labels are leaves. A step leads {@link beyond} where the
   *   model does not include it, or where the limit on states is reached
   * @throws BivalentError where user code fails
   */
  follow(row: number, into: Steps): void {
    const search = this.#search;
    this.#expand(row);
    const batch = this.#batch;
    const { count, parents, leaves } = batch;
    search.generated += count;
    if (count === 0) search.judgeStuck(row);
    for (let k = 0; k < count; k++) search.compiled.successors.addTaken(leaves[k] as number, 1);
    search.arrivals.settle(batch);
    this.#sort(batch);
    search.store.locate(batch, this.#targets);
    into.count = 0;
    for (let i = 0; i < count; i++) {
      const k = this.#sorted[i] as number;
      const isRefused = (parents[k] as number) <= refusedStep;
      into.add(isRefused ? beyond : (this.#targets[k] as number), leaves[k] as number);
    }
  }

  /** Sorts the positions in the batch by their steps. */
  #sort(batch: Batch): void {
    const { count, capacity } = batch;
    if (this.#sorted.length < capacity) {
      this.#sorted = new Int32Array(capacity);
      this.#targets = new Int32Array(capacity);
    }
    for (let k = 0; k < count; k++) this.#sorted[k] = k;
    this.#search.arrivals.sort(this.#sorted, count, batch);
  }

  /** Fills the batch with every step of a row. */
  #expand(row: number): void {
    const search = this.#search;
    const { judge } = search.compiled.successors;
    const failed = judge?.failedSteps.length ?? 0;
    try {
      search.withRoom(() => {
        if (this.#batch.words !== search.layout.words) this.#batch = new Batch(search.layout.words, batchSize);
        this.#batch.count = 0;
        if (judge !== undefined) judge.failedSteps.length = failed;
        const { rows, start } = search.wordsOf(row);
        search.compiled.successors.expandAll(rows, start, row, this.#batch, true);
      });
    } catch (error) {
      throw error instanceof BivalentError ? error.withDetails({ state: search.stateAt(row) }) : error;
    }
  }
}
