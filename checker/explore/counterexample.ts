/**
 * From what failed, in integers, to the violation that is reported: a path of rows becomes a trace of steps.
 *
 * Every step is taken again by the reference semantics, and the failure is judged again by it. So what is reported was
 * done by user code on plain states, whatever the tables say.
 */
import { successors, type System } from '../spec/index.ts';
import { readsOf } from '../transition/index.ts';
import type { RecordValue } from '../value/index.ts';
import { disagreement } from './audit.ts';
import { judgeState, judgeStep, type Failure } from './judge.ts';
import type { TraceStep, Violation } from './result.ts';
import type { Finding } from './row-judge.ts';
import type { RowSearch } from './row-search.ts';

export class Counterexamples {
  readonly #system: System;
  readonly #search: RowSearch;
  readonly #leaves: ReadonlySet<string>;
  readonly #wayTo: (row: number) => readonly number[];

  /**
   * @param leaves - paths of records and collections that are known to change shape
   * @param wayTo - the rows on the way to a row, that one included; those by which each was first reached where nothing
   *   is said
   */
  constructor(
    system: System,
    search: RowSearch,
    leaves: ReadonlySet<string>,
    wayTo = (row: number): readonly number[] => firstWayTo(search, row),
  ) {
    this.#wayTo = wayTo;
    this.#system = system;
    this.#search = search;
    this.#leaves = leaves;
  }

  /**
   * The violation to report: of those with the shortest counterexample, the one that the spec names first.
   *
   * @throws BivalentError `spec/impure` where user code does not do again what it did
   */
  first(findings: readonly Finding[]): Violation | undefined {
    const candidates = findings.map((finding) => ({ finding, path: this.#pathTo(finding) }));
    candidates.sort((a, b) => a.path.length - b.path.length || this.#search.compare(a.finding, b.finding));
    const first = candidates[0];
    if (first === undefined) return undefined;
    const trace = this.#replay(first.path);
    return { ...this.#failure(first.finding, trace), read: this.#readBy(first.finding, trace), trace };
  }

  /** The states of a counterexample, initial state first. */
  #pathTo({ row, parent, beyond }: Finding): (number | RecordValue)[] {
    const path = this.#wayTo(row < 0 ? parent : row);
    return beyond === undefined ? [...path] : [...path, beyond];
  }

  /**
   * Takes the steps of a path by the reference semantics: where states count as one, of one behaviour of its class.
   *
   * Where only a mark of a state is left, a step may be taken that leads to another. Then no step fits sooner or later,
   * and the last one for which there is another is taken back.
   */
  #replay(path: readonly (number | RecordValue)[]): TraceStep[] {
    const trace: TraceStep[] = [];
    const choices = [this.#candidates(undefined, path[0]!)];
    let deepest: RecordValue | undefined;
    while (trace.length < path.length) {
      const { value: step } = choices.at(-1)!.next();
      if (step !== undefined) {
        deepest = step.state;
        trace.push(step);
        if (trace.length < path.length) choices.push(this.#candidates(step.state, path[trace.length]!));
        continue;
      }
      choices.pop();
      trace.pop();
      if (choices.length === 0) throw disagreement(deepest ?? this.#system.initialStates[0]!);
    }
    return trace;
  }

  /** The steps from a state, or to an initial state, that lead to what comes next on a path. */
  *#candidates(before: RecordValue | undefined, at: number | RecordValue): Generator<TraceStep, undefined> {
    const search = this.#search;
    const steps: readonly TraceStep[] =
      before === undefined
        ? this.#system.initialStates.map((state) => ({ action: null, parameters: {}, state }))
        : successors(this.#system, before);
    const wanted = typeof at === 'number' && at >= search.kept.rows.first ? search.stateAt(at) : at;
    const tried: TraceStep[] = [];
    for (const step of steps) {
      const { state } = step;
      const fits = typeof wanted === 'number' ? search.mayBe(wanted, state) : search.isAlike(state, wanted);
      if (!fits || tried.some((other) => search.isAlike(other.state, state))) continue;
      tried.push(step);
      yield step;
      if (typeof wanted !== 'number') return;
    }
  }

  #failure({ routine }: Finding, trace: readonly TraceStep[]): Failure {
    if (routine < 0) return { kind: 'deadlock', name: 'deadlock', parameters: {} };
    const last = (trace.at(-1) as TraceStep).state;
    const before = trace.at(-2)?.state;
    if (this.#search.judgesSteps(routine) && before !== undefined) {
      return this.#confirmed(judgeStep(this.#system, before, last), last);
    }
    return this.#confirmed(judgeState(this.#system, last), last);
  }

  /** What the reference semantics says of a failure that was found in tables. */
  #confirmed(failure: Failure | undefined, state: RecordValue): Failure {
    if (failure === undefined) throw disagreement(state);
    return failure;
  }

  #readBy({ routine }: Finding, trace: readonly TraceStep[]): Violation['read'] {
    if (routine < 0) return [];
    const states = trace.slice(-2).map(({ state }) => state);
    return readsOf(this.#system, this.#leaves, routine, states);
  }
}

/** The rows by which a row was first reached, initial row first. */
function firstWayTo(search: RowSearch, row: number): readonly number[] {
  const way: number[] = [];
  for (let at = row; at >= 0; at = search.kept.rows.parentOf(at)) way.push(at);
  return way.reverse();
}
