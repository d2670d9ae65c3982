/**
 * Audits: some of the states that were expanded from tables are expanded again by user code, and must agree.
 *
 * Learning is right when user code is a function of the state. A spec that keeps something outside the state (a counter
 * in its module, say) is caught here, with a probability that the result can state: if a share `f` of the states were
 * expanded wrongly, `n` audited states show it with probability `1 - (1 - f)^n`.
 *
 * The sample is drawn from a seed. Its density falls as the search goes on, so that audits cost a few percent at most.
 */
import { BivalentError, seededRandom, type Random } from '../core/index.ts';
import { evaluate, successors, type System } from '../spec/index.ts';
import { encode, show, type RecordValue } from '../value/index.ts';
import { judgeState } from './judge.ts';
import type { Audit } from './options.ts';
import type { RowSearch } from './row-search.ts';

/** Of the first states, and then of every doubling of their number, about this many are audited. */
const statesPerDoubling = 3;

export class Auditor {
  /** The states that were expanded by user code too. */
  audited = 0;
  readonly #system: System;
  readonly #mode: Audit;
  readonly #random: Random;
  /** The first row that was not considered yet. */
  #next = 0;

  constructor(system: System, mode: Audit, seed: number) {
    this.#system = system;
    this.#mode = mode;
    this.#random = seededRandom(seed);
  }

  /** Begins again at the first row: the search was started anew. */
  restart(): void {
    this.#next = 0;
  }

  /**
   * Audits a sample of the rows that were expanded since the last call.
   *
   * @throws BivalentError `spec/impure` where the learned successors of a state are not those of user code
   */
  audit(search: RowSearch): void {
    if (this.#mode === 'none') return;
    for (; this.#next < search.cursor; this.#skip()) this.#auditRow(search, this.#next);
  }

  /** Goes to the next row of the sample: a step that grows in proportion to the rows that lie behind. */
  #skip(): void {
    if (this.#mode === 'all') this.#next++;
    else this.#next += 1 + Math.floor((this.#random.next() * 2 * this.#next) / statesPerDoubling);
  }

  #auditRow(search: RowSearch, row: number): void {
    const state = search.stateAt(row);
    const learned = search.successorsOf(row).map(keyOf).sort();
    const real = successors(this.#system, state)
      .map((step) => keyOf(step.state))
      .sort();
    this.audited++;
    const same = learned.length === real.length && learned.every((key, i) => key === real[i]);
    // Every state that is expanded was found to satisfy the invariants and the constraint.
    const { constraint } = this.#system;
    const sound =
      judgeState(this.#system, state) === undefined && (constraint === undefined || evaluate(constraint, state).holds);
    if (!same || !sound) throw this.disagreement(state);
  }

  /** The error that says that what was learned is not what user code does. */
  disagreement(state: RecordValue): BivalentError {
    return new BivalentError(
      'spec/impure',
      'the spec is not a function of the state: run again on a state, an action or a property gave another answer than before; ' +
        `it reads or changes something outside the state. The state: ${show(state)}`,
      { state },
    );
  }
}

function keyOf(state: RecordValue): string {
  return String.fromCharCode(...encode(state));
}
