/**
 * The simple explorer: breadth-first search by calling user code for every transition.
 *
 * It is obviously right rather than fast, and the reference for every other engine. States leave the queue in the
 * order in which they were found, so the rows are the queue: a level is a range of rows, and the row from which a state
 * was first reached is its parent in a shortest counterexample.
 *
 * A level is finished even where a violation was found on it, so that the counts do not depend on the order of
 * discovery. Of the violations of a level the one with the shortest counterexample is reported (a deadlock ends where
 * an invariant breaks a step later); among equals the first in the order of parent, action and picked values.
 *
 * Cost: O(generated) calls of user code; the whole state, its canonical bytes and some hundred bytes a distinct state.
 */
import { guardGlobals, runningUserCode } from '../core/index.ts';
import { successors, type System } from '../spec/index.ts';
import { countCalls, type CountedSystem } from './calls.ts';
import { Coverage } from './coverage.ts';
import { isWithin, judgeState, judgeStep, judgeStuck, type Failure } from './judge.ts';
import { exhausted, tooDeep, tooManyStates } from './limits.ts';
import type { CheckOptions, CheckRun, Limits, Progress } from './options.ts';
import { searchResult } from './outcome.ts';
import type { CheckResult, TraceStep, Violation } from './result.ts';
import { SeenStates } from './seen-states.ts';

/** A distinct state, and how it was first reached. */
interface Row extends TraceStep {
  readonly parent: Row | undefined;
}

/** Bytes of a row, and of the objects of its state, beside the canonical bytes: an estimate. */
const rowBytes = 500;

/** Starts to explore a system with the simple explorer. */
export function startSimpleCheck(system: System, options: CheckOptions = {}): CheckRun {
  return new SimpleCheck(system, options);
}

class SimpleCheck implements CheckRun {
  readonly #counted: CountedSystem;
  readonly #system: System;
  readonly #limits: Limits;
  readonly #coverage: Coverage;
  readonly #seen = new SeenStates();
  readonly #rows: Row[] = [];
  readonly #startedAt = performance.now();
  readonly #search: Iterator<void, void> = this.#explore();
  #expanded = 0;
  #level = 0;
  #generated = 0;
  #violation: Violation | undefined;
  /** The limit that ended the search. */
  #reason: string | undefined;
  /** How long the search took, once it is finished. */
  #milliseconds: number | undefined;

  constructor(system: System, { limits = {}, deadlock = true }: CheckOptions) {
    this.#counted = countCalls({ ...system, checksDeadlock: system.checksDeadlock && deadlock });
    this.#system = this.#counted.system;
    this.#limits = limits;
    this.#coverage = new Coverage(system.actions);
  }

  advance(sliceMs: number): boolean {
    const sliceEnd = performance.now() + sliceMs;
    const releaseGlobals = guardGlobals();
    try {
      while (this.#milliseconds === undefined) {
        this.#reason ??= exhausted(this.#limits, { milliseconds: this.#elapsed(), memoryBytes: this.#bytes() });
        const isFinished = this.#reason !== undefined || this.#search.next().done === true;
        if (isFinished) this.#milliseconds = this.#elapsed();
        if (performance.now() >= sliceEnd) break;
      }
    } finally {
      releaseGlobals();
    }
    return this.#milliseconds !== undefined;
  }

  /** The search itself; it pauses after each state that it expanded, and ends early where a limit gives a reason. */
  *#explore(): Generator<void, void> {
    this.#generated = this.#system.initialCount;
    for (const state of this.#system.initialStates) this.#arrive({ action: null, parameters: {}, state }, undefined);
    while (this.#expanded < this.#rows.length && this.#violation === undefined && this.#reason === undefined) {
      this.#level += 1;
      const levelEnd = this.#rows.length;
      this.#reason ??= tooDeep(this.#limits, this.#level, levelEnd - this.#expanded);
      while (this.#expanded < levelEnd && this.#reason === undefined) {
        yield;
        this.#expand(this.#rows[this.#expanded]!);
        this.#expanded += 1;
      }
    }
  }

  #expand(row: Row): void {
    const steps = successors(this.#system, row.state);
    if (steps.length === 0) this.#note(judgeStuck(this.#system, row.state), row);
    for (const step of steps) {
      if (this.#reason !== undefined) return;
      this.#generated += 1;
      this.#coverage.countStep(step.action);
      this.#arrive(step, row);
    }
  }

  /** Judges a state that was generated, and adds it to the rows where it is new. */
  #arrive(step: TraceStep, parent: Row | undefined): void {
    const { state } = step;
    const row = { ...step, parent };
    const isNew = isWithin(this.#system, parent?.state, state) ? !this.#seen.has(state) : undefined;
    if (isNew !== false) this.#note(judgeState(this.#system, state), row);
    if (parent !== undefined) this.#note(judgeStep(this.#system, parent.state, state), row);
    if (isNew !== true) return;
    this.#reason ??= tooManyStates(this.#limits, this.#rows.length);
    if (this.#reason !== undefined) return;
    this.#seen.add(state);
    this.#rows.push(row);
    if (step.action !== null) this.#coverage.countDistinct(step.action);
  }

  /** Remembers a failure whose counterexample ends in `last`, unless one that is no longer was found before. */
  #note(failure: Failure | undefined, last: Row): void {
    if (failure === undefined) return;
    const trace = traceTo(last);
    if (this.#violation !== undefined && this.#violation.trace.length <= trace.length) return;
    this.#violation = { ...failure, read: [], trace };
  }

  progress(): Progress {
    return {
      distinctStates: this.#rows.length,
      generatedStates: this.#generated,
      frontier: this.#rows.length - this.#expanded,
      level: this.#level,
      seconds: this.#elapsed() / 1000,
      memoryBytes: this.#bytes(),
    };
  }

  running(): string | undefined {
    return runningUserCode()?.describe();
  }

  result(reasonIfUnfinished: string): CheckResult {
    const isFinished = this.#milliseconds !== undefined;
    return searchResult(this.#system, {
      distinctStates: this.#rows.length,
      generatedStates: this.#generated,
      skipped: 0,
      depth: depthOf(this.#rows.at(-1)),
      violation: this.#violation,
      reason: isFinished ? this.#reason : reasonIfUnfinished,
      actions: this.#coverage.table(),
      learning: this.#counted.calls(),
      milliseconds: this.#elapsed(),
      memoryBytes: this.#bytes(),
      peakMemoryBytes: this.#bytes(),
    });
  }

  #elapsed(): number {
    return this.#milliseconds ?? performance.now() - this.#startedAt;
  }

  #bytes(): number {
    return this.#seen.bytes + this.#rows.length * rowBytes;
  }
}

/** The counterexample that ends in a row: the steps from an initial state, in order. */
function traceTo(last: Row): TraceStep[] {
  const trace: TraceStep[] = [];
  for (let row: Row | undefined = last; row !== undefined; row = row.parent) {
    const { action, parameters, state } = row;
    trace.push({ action, parameters, state });
  }
  return trace.reverse();
}

/** The number of states on the shortest path to a row; the last row is one of the deepest. */
function depthOf(row: Row | undefined): number {
  let depth = 0;
  for (let state = row; state !== undefined; state = state.parent) depth += 1;
  return depth;
}
