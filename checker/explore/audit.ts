/**
 * Audits: some of the states that were expanded from tables are expanded again by user code, and must agree.
 *
 * Learning is right when user code is a function of the state. A spec that keeps something outside the state (a counter
 * in its module, say) is caught here: where a share `f` of the states is expanded wrongly, `n` audits of states drawn
 * from among them show it with probability `1 - (1 - f)^n`.
 *
 * A sample is drawn from a seed. Its density falls as the search goes on, so that audits cost a few percent at most: of
 * every doubling of the states about as many are audited. So `n` above is the number of all audits where the share of
 * wrong states is `f` from the beginning on, and a few only where something begins to go wrong late.
 */
import { BivalentError, seededRandom, type Random } from '../core/index.ts';
import { evaluate, successors, type System } from '../spec/index.ts';
import { Batch, refusedStep } from '../transition/index.ts';
import { compare, show, type RecordValue } from '../value/index.ts';
import { isWithin, judgeState, judgeStep, judgeStuck } from './judge.ts';
import type { Audit, SearchOptions } from './options.ts';
import type { StepGraph } from './row-graph.ts';
import type { RowSearch } from './row-search.ts';

/** What a row leads to, from tables. */
interface Expansion {
  /** The states of its steps, those beyond a constraint included, and whether the action constraint refuses them. */
  readonly steps: readonly { readonly state: RecordValue; readonly refused: boolean }[];
  /** Whether one of the steps fails a transition invariant. */
  readonly breaksTransition: boolean;
  /** Whether the row was found to be a deadlock. */
  readonly isDeadlock: boolean;
}

/** The first states are audited, and of each doubling of their number then about `density * ln 2`. */
const density = 3;

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

  /** Goes on at a row, for a search that was audited that far by a run before this one. */
  restore(row: number, audited: number): void {
    this.#next = row;
    this.audited = audited;
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

  /**
   * Audits a row that was expanded just now, if it belongs to the sample: for engines that expand rows in another order.
   *
   * @param expanded - how many were expanded before
   * @throws BivalentError `spec/impure`, as {@link audit}
   */
  auditOne(search: RowSearch, row: number, expanded: number): void {
    if (this.#mode === 'none' || expanded < this.#next) return;
    this.#next = expanded;
    this.#auditRow(search, row);
    this.#skip();
  }

  #skip(): void {
    this.#next = nextOf(this.#next, this.#mode, this.#random);
  }

  #auditRow(search: RowSearch, row: number): void {
    const state = search.stateAt(row);
    this.audited++;
    const agrees = isSame(
      search.withRoom(() => expandedByTables(search, row)),
      expandedByReference(this.#system, state),
    );
    // Every state that is expanded was found to satisfy the invariants and the constraint.
    const isSound = judgeState(this.#system, state) === undefined && isWithin(this.#system, undefined, state);
    if (!agrees || !isSound) throw disagreement(state);
  }
}

/** The error that says that what was learned is not what user code does. */
export function disagreement(state: RecordValue): BivalentError {
  return new BivalentError(
    'spec/impure',
    'the spec is not a function of the state: run again on a state, an action or a property gave another answer than before; ' +
      `it reads or changes something outside the state. The state: ${show(state)}`,
    { state },
  );
}

/** The row of a sample after one: a step that grows in proportion to the rows that lie behind. */
function nextOf(row: number, mode: Audit, random: Random): number {
  return mode === 'all' ? row + 1 : row + 1 + Math.floor((random.next() * 2 * row) / density);
}

/**
 * Audits what was learned of predicates: evaluates them by user code in a sample of the states; pauses after each.
 *
 * @param letterOf - gives for a state which of the predicates are true of it, as bits in their order
 * @param options - the audit and its seed, as of the search
 * @throws BivalentError `spec/impure` where they do not agree
 */
export function* auditPredicates(
  system: System,
  graph: StepGraph,
  predicates: readonly number[],
  letterOf: (state: number) => number,
  { audit = 'sample', seed = 1 }: Pick<SearchOptions, 'audit' | 'seed'>,
): Generator<void, void> {
  if (audit === 'none') return;
  const random = seededRandom(seed);
  for (let row = 0; row < graph.count; row = nextOf(row, audit, random)) {
    requireLetter(system, graph.stateAt(row), predicates, letterOf(row));
    yield;
  }
}

/**
 * Sees to it that user code says the same of a state as what was learned of some predicates.
 *
 * @throws BivalentError `spec/impure`
 */
export function requireLetter(system: System, state: RecordValue, predicates: readonly number[], letter: number): void {
  const found = predicates.reduce((bits, predicate, i) => {
    const { holds } = evaluate(system.predicates[predicate]!, state);
    return holds ? bits | (1 << i) : bits;
  }, 0);
  if (found !== letter) throw disagreement(state);
}

/**
 * Expands a row again from tables: the counts, the states and the findings of the search stay what they are.
 *
 * Where not every step was followed, one that is followed now may lead to what rows have no room for yet.
 */
function expandedByTables(search: RowSearch, row: number): Expansion {
  const { compiled, layout, findings } = search;
  const { successors } = compiled;
  const { judge } = successors;
  const batch = new Batch(layout.words, 256);
  const failed = judge?.failedSteps.length ?? 0;
  const { rows, start } = search.kept.rows.wordsOf(row);
  successors.expandAll(rows, start, row, batch, true);
  const breaksTransition = judge !== undefined && judge.failedSteps.length > failed;
  if (judge !== undefined) judge.failedSteps.length = failed;
  const ids = layout.newIds();
  const steps = Array.from({ length: batch.count }, (_, k) => {
    layout.unpack(batch.rows, k * batch.words, ids);
    return { state: layout.decode(ids), refused: (batch.parents[k] as number) <= refusedStep };
  });
  const isDeadlock = findings.some(({ routine, parent }) => routine === -1 && parent === row);
  return { steps, breaksTransition, isDeadlock };
}

function expandedByReference(system: System, state: RecordValue): Expansion {
  const { actionConstraint } = system;
  const steps = successors(system, state).map((step) => ({
    state: step.state,
    refused: actionConstraint !== undefined && !evaluate(actionConstraint, state, step.state).holds,
  }));
  return {
    steps,
    breaksTransition: steps.some((step) => judgeStep(system, state, step.state) !== undefined),
    isDeadlock: steps.length === 0 && judgeStuck(system, state) !== undefined,
  };
}

/** Whether two expansions say the same; the order of steps does not matter. */
function isSame(a: Expansion, b: Expansion): boolean {
  if (a.breaksTransition !== b.breaksTransition || a.isDeadlock !== b.isDeadlock) return false;
  const [x, y] = [a.steps.toSorted(compareSteps), b.steps.toSorted(compareSteps)];
  return x.length === y.length && x.every((step, i) => compareSteps(step, y[i]!) === 0);
}

type Step = Expansion['steps'][number];

function compareSteps(a: Step, b: Step): number {
  return compare(a.state, b.state) || Number(a.refused) - Number(b.refused);
}
