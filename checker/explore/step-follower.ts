/**
 * Following all steps of one state, whichever it is: for engines that go their own way through the rows of a search.
 *
 * States that are new are stored and judged, and every step is counted.
 */
import { BivalentError } from '../core/index.ts';
import type { RowSearch } from './row-search.ts';
import { RowSteps } from './row-steps.ts';
import type { Steps } from './steps.ts';

export class StepFollower {
  readonly #search: RowSearch;
  readonly #steps: RowSteps;

  /** @param search - one for any order, of which all rows are in its store */
  constructor(search: RowSearch) {
    this.#search = search;
    this.#steps = new RowSteps(search);
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
    const steps = this.#steps;
    this.#expand(row);
    const { batch } = steps;
    const { count, leaves } = batch;
    search.expansion.generated += count;
    if (count === 0) search.arrivals.judgeStuck(row);
    for (let k = 0; k < count; k++) search.compiled.successors.addTaken(leaves[k] as number, 1);
    search.arrivals.settle(batch);
    steps.locate('of the spec');
    into.count = 0;
    for (let i = 0; i < count; i++) {
      const k = steps.order[i] as number;
      into.add(steps.targets[k] as number, leaves[k] as number);
    }
  }

  /** Finds every step of a row. */
  #expand(row: number): void {
    const search = this.#search;
    const { judge } = search.compiled.successors;
    const failed = judge?.failedSteps.length ?? 0;
    try {
      search.withRoom(() => {
        if (judge !== undefined) judge.failedSteps.length = failed;
        this.#steps.expand(row, true);
      });
    } catch (error) {
      throw error instanceof BivalentError ? error.withDetails({ state: search.stateAt(row) }) : error;
    }
  }
}
