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
import { guardGlobals, runningUserCode } from '../core/index.ts';
import type { Routine, System } from '../spec/index.ts';
import { dependenciesOf, grow, LearnedSystem, type SleepOutline, type StepChoice } from '../transition/index.ts';
import type { RecordValue } from '../value/index.ts';
import { Auditor } from './audit.ts';
import { Budget } from './budget.ts';
import { coverageOf } from './coverage.ts';
import { Counterexamples } from './counterexample.ts';
import { factsOf, growthsIn, Keeper, type CheckpointSource, type Facts } from './checkpoint.ts';
import { fingerprintForm } from './fingerprint/threshold.ts';
import { changedPath } from './judge.ts';
import { Levels } from './levels.ts';
import { tooDeep } from './limits.ts';
import type { SearchOptions, Progress, SearchRun } from './options.ts';
import { notStarted, searchResult } from './outcome.ts';
import { Planning, type PlanSchedule } from './planning.ts';
import { statesToCome } from './remaining.ts';
import type { CheckResult, Violation } from './result.ts';
import { RowGraph, type StepGraph } from './row-graph.ts';
import { RowSearch } from './row-search.ts';
import { Samples } from './samples.ts';
import { Crew } from './worker/crew.ts';

/** Whether transitions are learned, or user code is called on every state, for comparison. */
export type Learning = 'on' | 'off';

export class BreadthFirst implements SearchRun {
  readonly #system: System;
  readonly #options: SearchOptions;
  readonly #planning: Planning;
  readonly #compiledFrom: number | undefined;
  readonly #budget: Budget;
  readonly #learning: Learning;
  readonly #leaves = new Set<string>();
  #learned!: LearnedSystem;
  #search!: RowSearch;
  #auditor!: Auditor;
  #levels = new Levels();
  #reviewed = 0;
  #milliseconds = 0;
  #samples = new Samples();
  /** Which steps are enough, where not all are followed. */
  #choice: StepChoice | undefined;
  /** The next row in which states that count as one are made sure to be alike. */
  #verified = 0;
  #finished = false;
  #reason: string | undefined;
  #violation: Violation | undefined;
  readonly #keeper: Keeper | undefined;
  /** Other threads, as long as rows are in memory. */
  #crew: Crew | undefined;
  readonly #notes: string[] = [];
  /** What a run before this one counted that is not in the search: calls of user code, and its time. */
  #earlier: Pick<Facts, 'calls' | 'milliseconds'> = { calls: { actions: 0, properties: 0 }, milliseconds: 0 };

  constructor(system: System, options: SearchOptions, schedule?: PlanSchedule, learning: Learning = 'on') {
    this.#system = system;
    this.#options = options;
    this.#planning = new Planning(schedule);
    this.#compiledFrom = schedule?.compiledFrom;
    this.#budget = new Budget(options.limits, options.disk);
    this.#learning = learning;
    // Other threads do not know which states count as one.
    this.#crew =
      options.classes === undefined && options.choice === undefined
        ? options.workers && new Crew(options.workers)
        : undefined;
    this.#keeper = options.checkpoints && new Keeper(options.checkpoints);
  }

  advance(sliceMs: number): boolean {
    if (this.#finished) return true;
    const start = performance.now();
    const release = guardGlobals();
    try {
      if (this.#search === undefined) this.#begin();
      while (!this.#finished) {
        this.#reason = this.#whyStop(this.#milliseconds + performance.now() - start);
        if (this.#reason !== undefined) this.#stop();
        else this.#stepWithRestarts();
        const milliseconds = this.#milliseconds + performance.now() - start;
        this.#samples.note(milliseconds, () => this.progress());
        this.#keepIfDue(milliseconds);
        if (performance.now() - start >= sliceMs) break;
      }
    } finally {
      release();
      this.#milliseconds += performance.now() - start;
    }
    if (this.#finished) this.#crew?.stop();
    return this.#finished;
  }

  /** Why the search has to stop now for want of time or memory, if it has to: it may be on disk afterwards. */
  #whyStop(milliseconds: number): string | undefined {
    const search = this.#search;
    const reason = this.#budget.whyStop(search, this.#crew, {
      milliseconds: milliseconds - this.#earlier.milliseconds,
      isAtStart: search.cursor === 0 && this.#planning.planned === 0,
    });
    if (this.#crew !== undefined && search.kept.diskBytes !== undefined) {
      this.#notes.push('the check went on with one thread once there were states on disk');
      this.#crew = undefined;
    }
    return reason;
  }

  /** Ends the search before its time, with all that was found. */
  #stop(): void {
    this.#search.settleGathered();
    this.#finished = true;
  }

  pause(): void {
    if (this.#search !== undefined) this.#keep(this.#milliseconds);
    this.#crew?.stop();
  }

  get #checksDeadlock(): boolean {
    return this.#system.checksDeadlock && this.#options.deadlock !== false;
  }

  #begin(): void {
    const { resume } = this.#options;
    if (resume?.facts === undefined) this.#start();
    else this.#resume(resume, JSON.parse(resume.facts) as Facts);
  }

  #start(): void {
    this.#learn();
    this.#planning.planned = 0;
    this.#restart(this.#learned.firstLayout(), []);
  }

  /** Begins to learn the system. */
  #learn(): void {
    this.#learned = new LearnedSystem(this.#system, this.#leaves);
    if (this.#learning === 'off') this.#learned.learner.callDirectly();
    const { classes, choice } = this.#options;
    this.#choice = choice?.(this.#learned);
    if (classes !== undefined) {
      const { learner } = this.#learned;
      learner.onLearned = (routine, before, after) => {
        const { layout } = this.#search;
        classes.learned(learner.routines[routine] as Routine, layout.decode(before), layout.decode(after));
      };
    }
    const system = { ...this.#system, checksDeadlock: this.#checksDeadlock };
    this.#auditor = new Auditor(system, this.#options.audit ?? 'sample', this.#options.seed ?? 1);
  }

  /** Goes on where a run before this one was when it was kept. */
  #resume(source: CheckpointSource, facts: Facts): void {
    for (const path of facts.leaves) this.#leaves.add(path);
    this.#learn();
    const layout = this.#learned.emptyLayout(new Set(facts.spread));
    for (const bytes of growthsIn(source)) grow(this.#learned, layout, bytes);
    this.#search = this.#newSearch(layout, facts.sleep ?? []);
    this.#search.restore(source, facts);
    this.#auditor.restore(facts.cursor, facts.audited);
    this.#planning.planned = facts.planned;
    this.#reviewed = facts.cursor;
    this.#levels = new Levels(facts.ends);
    this.#earlier = facts;
    this.#milliseconds = facts.milliseconds;
    this.#samples = new Samples(facts.samples);
    this.#keeper?.begin(facts.milliseconds);
    this.#finishIfTooDeep();
  }

  /** Keeps the search if it is time to, or if a limit has just ended it. */
  #keepIfDue(milliseconds: number): void {
    if (this.#keeper?.isDue(milliseconds) === true || (this.#finished && this.#reason !== undefined)) {
      this.#keep(milliseconds);
    }
  }

  /**
   * Keeps the search, unless it is small, or cannot go on: it is on its last level, where a property fails, or it left
   * out states for a limit on their number.
   */
  #keep(milliseconds: number): void {
    const search = this.#search;
    if (this.#planning.planned === 0 || search.findings.length > 0 || search.full !== undefined) return;
    this.#keeper?.keep(search, {
      ...factsOf(search),
      ends: this.#levels.ends,
      planned: this.#planning.planned,
      milliseconds,
      leaves: [...this.#leaves],
      calls: this.#calls,
      audited: this.#auditor.audited,
      samples: this.#samples.kept,
    });
  }

  /** Calls of user code, those of the runs before this one included. */
  get #calls(): Facts['calls'] {
    const { actions, properties } = this.#learned.learner.calls;
    const { calls } = this.#earlier;
    return { actions: calls.actions + actions, properties: calls.properties + properties };
  }

  #newSearch(layout: RowSearch['layout'], taken: ArrayLike<number> | SleepOutline): RowSearch {
    const { limits = {}, reduction = true, classes, disk } = this.#options;
    disk?.tapes.clear();
    return new RowSearch(this.#learned, layout, limits, this.#checksDeadlock, reduction ? taken : undefined, {
      classes,
      choice: this.#choice,
      compiledFrom: this.#compiledFrom,
    });
  }

  /**
   * Begins at the initial states.
   *
   * @param taken - how often each leaf was taken so far
   */
  #restart(layout: RowSearch['layout'], taken: ArrayLike<number>): void {
    this.#search = this.#newSearch(layout, taken);
    this.#search.begin();
    this.#auditor.restart();
    this.#levels = new Levels();
    this.#reviewed = 0;
    this.#samples = new Samples();
    this.#endOfLevel();
  }

  /** One batch of work; starts all over where a record turns out to change its shape. */
  #stepWithRestarts(): void {
    try {
      this.#step();
    } catch (error) {
      const changed = changedPath(this.#system, error);
      for (const path of this.#options.classes?.alike(changed) ?? [changed]) this.#leaves.add(path);
      this.#start();
    }
  }

  #step(): void {
    const search = this.#search;
    if (this.#crew === undefined) search.expandSome();
    else this.#crew.expand(search);
    if (this.#choice?.isOutgrown() === true) {
      this.#restart(search.layout, []);
      return;
    }
    this.#verifyClasses();
    this.#auditor.audit(search);
    if (search.full !== undefined) {
      this.#reason = search.full;
      this.#finish();
      return;
    }
    const first = this.#planning.first(this.#learned, search);
    if (first !== undefined) {
      this.#restart(first, search.taken.leaves);
      return;
    }
    if (search.cursor - this.#reviewed >= 4096) this.#review();
    if (search.cursor === search.levelEnd) this.#endOfLevel();
  }

  /** Makes sure that states that count as one are alike: by what was learned, and in ever rarer states by all of it. */
  #verifyClasses(): void {
    const { classes } = this.#options;
    if (classes === undefined) return;
    classes.verify(undefined);
    for (; this.#verified < this.#search.cursor; this.#verified = 2 * this.#verified + 1) {
      classes.verify(this.#search.stateAt(this.#verified));
    }
  }

  /** Calls directly what learning does not help. */
  #review(): void {
    const search = this.#search;
    const [from, to] = [this.#reviewed, search.cursor];
    if (this.#learned.learner.review(to - from, (most) => search.sample(most, from, to))) search.layout.version++;
    this.#reviewed = to;
  }

  #endOfLevel(): void {
    const search = this.#search;
    if (search.findings.length > 0 || search.frontier === 0) {
      this.#finish();
      return;
    }
    search.endLevel();
    this.#levels.begin(search.levelEnd);
    this.#finishIfTooDeep();
    if (this.#finished) return;
    const later = this.#planning.later(this.#learned, search);
    if (later !== undefined) search.replan(later);
    const form = search.kept.fingerprints !== undefined ? undefined : fingerprintForm(search.count, this.#options);
    if (form !== undefined) search.keepFingerprints(form);
  }

  #finishIfTooDeep(): void {
    this.#reason = tooDeep(this.#options.limits ?? {}, this.#levels.present, this.#search.frontier);
    if (this.#reason !== undefined) this.#finish();
  }

  #finish(): void {
    this.#finished = true;
    this.#violation = this.#report();
  }

  #report(): Violation | undefined {
    const { findings } = this.#search;
    return new Counterexamples(this.#system, this.#search, this.#leaves).first(findings);
  }

  // --- results ---------------------------------------------------------------------------------------------------

  progress(): Progress {
    const search = this.#search;
    const toCome = statesToCome(this.#levels.ends);
    return {
      ...(toCome !== undefined && { toExpand: search.levelEnd - search.cursor + toCome }),
      distinctStates: search?.count ?? 0,
      generatedStates: search?.generated ?? 0,
      frontier: search?.frontier ?? 0,
      level: this.#levels.present,
      seconds: this.#milliseconds / 1000,
      memoryBytes: this.#budget.measure(search, this.#crew),
      ...(search?.kept.diskBytes !== undefined && { diskBytes: search.kept.diskBytes.bytes }),
    };
  }

  graph(withPicks: ReadonlySet<string>): StepGraph {
    return new RowGraph(this.#system, this.#learned, this.#search, withPicks);
  }

  running(): string | undefined {
    return runningUserCode()?.describe();
  }

  runningIn(): RecordValue | undefined {
    return this.#search === undefined ? undefined : this.#search.compiled.stateAtHand;
  }

  result(reasonIfUnfinished: string): CheckResult {
    if (this.#search === undefined) return notStarted(this.#system, reasonIfUnfinished);
    const search = this.#search;
    search.settleGathered();
    const { actions, properties } = this.#calls;
    const notes = [this.#keeper?.failure, this.#crew?.failure, ...this.#notes, this.#fingerprintNote].filter(
      (note) => note !== undefined,
    );
    const deeper = search.count > search.levelEnd ? 1 : 0;
    const fingerprints = search.kept.fingerprints?.figures(search.generated);
    return searchResult(this.#system, {
      distinctStates: search.count,
      generatedStates: search.generated,
      skipped: search.skipped,
      depth: search.count === 0 ? 0 : this.#levels.present + deeper,
      ...this.#levels.sizes(search.count),
      ...this.#samples.until(this.progress()),
      violation: this.#violation ?? this.#report(),
      reason: this.#finished ? this.#reason : reasonIfUnfinished,
      actions: coverageOf(this.#search),
      learning: { actionCalls: actions, invariantCalls: properties, audited: this.#auditor.audited },
      ...(notes.length > 0 && { notes }),
      ...(this.#options.dependencies === true && { dependencies: dependenciesOf(this.#learned) }),
      ...(fingerprints !== undefined && { fingerprints }),
      ...(search.kept.diskBytes !== undefined && { disk: { states: search.count, ...search.kept.diskBytes } }),
      milliseconds: this.#milliseconds,
      memoryBytes: this.#budget.measure(search, this.#crew),
      peakMemoryBytes: this.#budget.peakBytes,
    });
  }

  /** Says that fingerprints were asked for in vain. */
  get #fingerprintNote(): string | undefined {
    const { fingerprint = false } = this.#options;
    if (fingerprint === false || this.#search.kept.fingerprints !== undefined) return undefined;
    return 'no fingerprints were needed: states are so few that all were compared whole';
  }
}
