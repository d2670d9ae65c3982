/**
 * The breadth-first engine: every reachable state, level by level, over learned transitions.
 *
 * The first states are explored under a trivial plan; what they show decides how states are stored, and the search
 * starts again (that takes milliseconds). Later the plan is revised at the end of a level where groups have grown out
 * of proportion. A level is finished even where a violation was found on it, so that counts do not depend on order.
 *
 * Counterexamples are shortest. They are replayed by the reference semantics, so every step that is reported was taken
 * by user code on plain states.
 *
 * Cost: O(generated) table look-ups; a packed row, a parent and a table slot for each distinct state.
 */
import { BivalentError, guardGlobals, runningUserCode } from '../core/index.ts';
import { successors, type System } from '../spec/index.ts';
import { dependenciesOf, LearnedSystem, makePlan, readsOf, ShapeChanged } from '../transition/index.ts';
import { equal, type RecordValue } from '../value/index.ts';
import { Auditor } from './audit.ts';
import { judgeState, judgeStep, type Failure } from './judge.ts';
import { exhausted, tooDeep } from './limits.ts';
import type { CheckOptions, CheckRun, Progress } from './options.ts';
import { searchResult } from './outcome.ts';
import type { ActionCoverage, CheckResult, TraceStep, Violation } from './result.ts';
import type { Finding } from './row-judge.ts';
import { RowSearch } from './row-search.ts';

/** When a search decides how its states are stored. */
export interface PlanSchedule {
  /** After so many states it is planned, and starts again. */
  readonly first: number;
  /** With so many states it is planned once more, whatever the first plan gave. */
  readonly second: number;
  /** Later plans are considered when there are this many times more states than at the last. */
  readonly growth: number;
}

/** Memory is measured once in so many batches. */
const batchesPerMeasure = 8;

/** Whether transitions are learned, or user code is called on every state, for comparison. */
export type Learning = 'on' | 'off';

const usualSchedule: PlanSchedule = { first: 1500, second: 12_000, growth: 4 };

export class BreadthFirst implements CheckRun {
  readonly #system: System;
  readonly #options: CheckOptions;
  readonly #schedule: PlanSchedule;
  readonly #learning: Learning;
  readonly #leaves = new Set<string>();
  #learned!: LearnedSystem;
  #search!: RowSearch;
  #auditor!: Auditor;
  #planned = 0;
  #level = 0;
  #reviewed = 0;
  #milliseconds = 0;
  #peakBytes = 0;
  #batches = 0;
  #measured = 0;
  #finished = false;
  #reason: string | undefined;
  #violation: Violation | undefined;

  constructor(system: System, options: CheckOptions, schedule = usualSchedule, learning: Learning = 'on') {
    this.#system = system;
    this.#options = options;
    this.#schedule = schedule;
    this.#learning = learning;
  }

  advance(sliceMs: number): boolean {
    if (this.#finished) return true;
    const start = performance.now();
    const release = guardGlobals();
    try {
      if (this.#search === undefined) this.#start();
      while (!this.#finished) {
        this.#reason = exhausted(this.#options.limits ?? {}, {
          milliseconds: this.#milliseconds + performance.now() - start,
          memoryBytes: this.#memory(),
        });
        if (this.#reason !== undefined) this.#finished = true;
        else this.#stepWithRestarts();
        if (performance.now() - start >= sliceMs) break;
      }
    } finally {
      release();
      this.#milliseconds += performance.now() - start;
    }
    return this.#finished;
  }

  get #checksDeadlock(): boolean {
    return this.#system.checksDeadlock && this.#options.deadlock !== false;
  }

  #start(): void {
    this.#learned = new LearnedSystem(this.#system, this.#leaves);
    if (this.#learning === 'off') this.#learned.learner.callDirectly();
    const system = { ...this.#system, checksDeadlock: this.#checksDeadlock };
    this.#auditor = new Auditor(system, this.#options.audit ?? 'sample', this.#options.seed ?? 1);
    this.#planned = 0;
    this.#restart(this.#learned.firstLayout());
  }

  #restart(layout: RowSearch['layout']): void {
    this.#search = new RowSearch(this.#learned, layout, this.#options.limits ?? {}, this.#checksDeadlock);
    this.#search.begin();
    this.#auditor.restart();
    this.#level = 1;
    this.#reviewed = 0;
    this.#endOfLevel();
  }

  /** One batch of work; starts all over where a record turns out to change its shape. */
  #stepWithRestarts(): void {
    try {
      this.#step();
    } catch (error) {
      if (!(error instanceof ShapeChanged)) throw this.#explained(error);
      if (error.path === '') {
        throw new BivalentError(
          'spec/variables',
          'an action adds or removes a variable: every state has the same ones',
        );
      }
      this.#leaves.add(error.path);
      this.#start();
    }
  }

  #step(): void {
    const search = this.#search;
    search.expandSome();
    this.#auditor.audit(search);
    if (search.full !== undefined) {
      this.#reason = search.full;
      this.#finish();
      return;
    }
    if (this.#planned === 0 && search.store.count >= this.#schedule.first) {
      this.#planned = search.store.count;
      this.#restart(this.#learned.planned(this.#plan()));
      return;
    }
    if (search.cursor - this.#reviewed >= 4096) this.#review();
    if (search.cursor === search.levelEnd) this.#endOfLevel();
  }

  /** Calls directly what learning does not help. */
  #review(): void {
    const search = this.#search;
    if (this.#learned.learner.review(search.cursor - this.#reviewed)) search.layout.version++;
    this.#reviewed = search.cursor;
  }

  #endOfLevel(): void {
    const search = this.#search;
    if (search.findings.length > 0 || search.frontier === 0) {
      this.#finish();
      return;
    }
    if (search.cursor === search.levelEnd && search.cursor > 0) this.#level++;
    search.levelEnd = search.store.count;
    this.#reason = tooDeep(this.#options.limits ?? {}, this.#level, search.frontier);
    if (this.#reason !== undefined) this.#finish();
    else if (this.#planned > 0 && search.store.count > this.#schedule.growth * this.#planned) this.#considerReplan();
  }

  #considerReplan(): void {
    const search = this.#search;
    const early = this.#planned < this.#schedule.second;
    if (early && search.store.count < this.#schedule.second) return;
    this.#planned = search.store.count;
    const limit = Math.max(16_384, search.store.count >>> 5);
    const grown = search.layout.groups.some(({ count, width }) => width > 1 && count > limit);
    if (!early && !grown && search.layout.groups.length < 64) return;
    search.replan(this.#learned.planned(this.#plan()));
  }

  #plan(): ReturnType<typeof makePlan> {
    const search = this.#search;
    return makePlan({
      layout: search.layout,
      forest: this.#learned.learner.forest,
      queries: this.#learned.learner.queries,
      sample: search.sample(),
      taken: search.taken.leaves,
      states: search.store.count,
    });
  }

  #finish(): void {
    this.#finished = true;
    this.#violation = this.#report(this.#search.findings);
  }

  // --- violations ------------------------------------------------------------------------------------------------

  /** The violation to report: of those with the shortest counterexample, the one that the spec names first. */
  #report(findings: readonly Finding[]): Violation | undefined {
    const candidates = findings.map((finding) => ({ finding, path: this.#pathTo(finding) }));
    candidates.sort((a, b) => a.path.length - b.path.length || this.#search.compare(a.finding, b.finding));
    const first = candidates[0];
    if (first === undefined) return undefined;
    const trace = this.#replay(first.path);
    return { ...this.#failure(first.finding, trace), read: this.#readBy(first.finding, trace), trace };
  }

  /** The states of a counterexample, initial state first. */
  #pathTo({ row, parent, beyond }: Finding): (number | RecordValue)[] {
    const path: (number | RecordValue)[] = beyond === undefined ? [] : [beyond];
    for (let at = row < 0 ? parent : row; at >= 0; at = this.#search.store.parents.at(at)) path.push(at);
    return path.reverse();
  }

  /** Takes the steps of a path by the reference semantics. */
  #replay(path: readonly (number | RecordValue)[]): TraceStep[] {
    const states = path.map((at) => (typeof at === 'number' ? this.#search.stateAt(at) : at));
    return states.map((state, i) => {
      if (i === 0) return { action: null, parameters: {}, state };
      const before = states[i - 1] as RecordValue;
      const step = successors(this.#system, before).find((candidate) => equal(candidate.state, state));
      if (step === undefined) throw this.#auditor.disagreement(before);
      return step;
    });
  }

  #failure({ routine }: Finding, trace: readonly TraceStep[]): Failure {
    if (routine < 0) return { kind: 'deadlock', name: 'deadlock', parameters: {} };
    const last = (trace.at(-1) as TraceStep).state;
    const before = trace.at(-2)?.state;
    if (this.#learned.numbers.transitionInvariants.includes(routine) && before !== undefined) {
      return this.#confirmed(judgeStep(this.#system, before, last), last);
    }
    return this.#confirmed(judgeState(this.#system, last), last);
  }

  /** What the reference semantics says of a failure that was found in tables. */
  #confirmed(failure: Failure | undefined, state: RecordValue): Failure {
    if (failure === undefined) throw this.#auditor.disagreement(state);
    return failure;
  }

  #readBy({ routine }: Finding, trace: readonly TraceStep[]): Violation['read'] {
    if (routine < 0) return [];
    const states = trace.slice(-2).map(({ state }) => state);
    return readsOf(this.#system, this.#leaves, routine, states);
  }

  /** An error of user code, as the reference semantics gives it: the same words whichever engine ran. */
  #explained(error: unknown): unknown {
    if (!(error instanceof BivalentError) || error.details.state === undefined) return error;
    const state = error.details.state as RecordValue;
    try {
      successors(this.#system, state);
      judgeState(this.#system, state);
    } catch (explained) {
      return explained;
    }
    return error;
  }

  // --- results ---------------------------------------------------------------------------------------------------

  progress(): Progress {
    const search = this.#search;
    return {
      distinctStates: search?.store.count ?? 0,
      generatedStates: search?.generated ?? 0,
      frontier: search?.frontier ?? 0,
      level: this.#level,
      seconds: this.#milliseconds / 1000,
      memoryBytes: this.#bytes(),
    };
  }

  running(): string | undefined {
    return runningUserCode()?.describe();
  }

  runningIn(): RecordValue | undefined {
    return this.#search === undefined ? undefined : this.#search.compiled.stateAtHand;
  }

  result(reasonIfUnfinished: string): CheckResult {
    if (this.#search === undefined) return this.#notStarted(reasonIfUnfinished);
    const search = this.#search;
    const { actions, properties } = this.#learned.learner.calls;
    const deeper = search.store.count > search.levelEnd ? 1 : 0;
    return searchResult(this.#system, {
      distinctStates: search.store.count,
      generatedStates: search.generated,
      skipped: 0,
      depth: search.store.count === 0 ? 0 : this.#level + deeper,
      violation: this.#violation ?? this.#report(search.findings),
      reason: this.#finished ? this.#reason : reasonIfUnfinished,
      actions: this.#coverage(),
      learning: { actionCalls: actions, invariantCalls: properties, audited: this.#auditor.audited },
      ...(this.#options.dependencies === true && { dependencies: dependenciesOf(this.#learned) }),
      milliseconds: this.#milliseconds,
      memoryBytes: this.#bytes(),
      peakMemoryBytes: this.#peakBytes,
    });
  }

  #notStarted(reason: string): CheckResult {
    return searchResult(this.#system, {
      distinctStates: 0,
      generatedStates: 0,
      skipped: 0,
      depth: 0,
      violation: undefined,
      reason,
      actions: Object.fromEntries(this.#system.actions.map(({ name }) => [name, { taken: 0, distinct: 0 }])),
      learning: { actionCalls: 0, invariantCalls: 0, audited: 0 },
      milliseconds: 0,
      memoryBytes: 0,
      peakMemoryBytes: 0,
    });
  }

  #coverage(): Record<string, ActionCoverage> {
    const { taken, fresh } = this.#search;
    const { leaves } = this.#learned.learner.forest;
    const { actions } = this.#system;
    const [steps, states] = [taken, fresh].map((counts) =>
      counts.byAction(actions.length, (leaf) => leaves[leaf]!.routine),
    ) as [number[], number[]];
    return Object.fromEntries(
      actions.map(({ name }, i) => [name, { taken: steps[i] as number, distinct: states[i] as number }]),
    );
  }

  /** Bytes of all tables, as of a few batches ago: adding them up takes a while where there are many. */
  #memory(): number {
    if (this.#batches++ % batchesPerMeasure === 0) {
      this.#search.boundTables();
      this.#measured = this.#bytes();
    }
    return this.#measured;
  }

  #bytes(): number {
    const bytes = this.#search?.bytes ?? 0;
    this.#peakBytes = Math.max(this.#peakBytes, bytes);
    return bytes;
  }
}
