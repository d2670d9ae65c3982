/**
 * A swarm: many searches, each with a seed of its own, through a state space that is too large to be explored.
 *
 * The searches share one table of states, in which each state is judged once, and learned transitions; where each goes is
 * its own affair (see `swarm-search.ts`). They run one after another until one finds a violation, a limit is reached, or
 * all have ended. The result is never `ok`: what was not seen may be wrong.
 *
 * A search depends on nothing but its seed, so one that found something finds it again when it runs alone. Equal seeds
 * give equal results, as long as no limit on time ends the swarm.
 *
 * Cost: a state that is visited costs what its steps cost in tables, all of them each time. Memory: a packed row for each
 * state, which are dropped between two searches when there are very many; a byte for each row in the search at hand.
 */
import { guardGlobals, runningUserCode } from '../core/index.ts';
import type { System } from '../spec/index.ts';
import type { RecordValue } from '../value/index.ts';
import { failingReads } from './failing-reads.ts';
import { changedPath } from './judge.ts';
import { count, exhausted, tooLittleMemory } from './limits.ts';
import { finish, type Audit, type CheckRun, type Limits, type Progress } from './options.ts';
import { notStarted, searchResult } from './outcome.ts';
import type { PlanSchedule } from './planning.ts';
import type { CheckResult, SwarmFigures, Violation } from './result.ts';
import { shrinkWalk } from './shrink.ts';
import { SwarmGround } from './swarm-ground.ts';
import { searchOf, type Reach, type SwarmSearch } from './swarm-search.ts';

export interface SwarmOptions {
  /** How many searches. */
  readonly searches: number;
  /** The seed of the first; the others have those that follow. */
  readonly seed: number;
  /** `false` turns the deadlock check off, whatever the spec says. */
  readonly deadlock?: boolean;
  readonly audit?: Audit;
  /**
   * `maxStates` is shared out among the searches. A limit on memory ends one search, and the next begins without the
   * states of those before it.
   */
  readonly limits?: Limits;
}

/** Where a swarm stands; `level` is the longest path so far, and nothing waits to be expanded. */
export interface SwarmProgress extends Progress {
  /** Searches that have ended. */
  readonly searches: number;
  /** States whose steps were followed, repeats included. */
  readonly visited: number;
}

/** A swarm at work. */
export interface SwarmRun extends CheckRun {
  progress(): SwarmProgress;
}

/** States that a search looks at, or visits, at most, where no limit is set. */
const statesPerSearch = 1_000_000;
/** The table of states is dropped between two searches when it has so many. */
const mostKept = 1 << 23;
/** Visits between two looks at the clock and at the memory. */
const visitsPerLook = 256;
/** Rows that may be added between two looks; more do no harm but that tables outgrow the limit for a moment. */
const rowsPerLook = 65_536;

/** Starts a swarm. Nothing runs before the first call of `advance`. */
export function startSwarm(system: System, options: SwarmOptions): SwarmRun {
  return new Swarm(system, options);
}

/**
 * Runs a swarm until a search finds a violation, a limit is reached, or all have ended.
 *
 * @returns `violation` or `incomplete`. `distinctStates` counts the different states that were seen, `generatedStates`
 *   the steps that were followed; `depth` is the number of states on the longest path
 * @throws BivalentError where user code fails
 */
export function swarm(system: System, options: SwarmOptions): CheckResult {
  return finish(startSwarm(system, options));
}

/** {@link startSwarm}, for tests that plan rows early. */
export class Swarm implements SwarmRun {
  readonly #system: System;
  readonly #options: SwarmOptions;
  readonly #schedule: PlanSchedule | undefined;
  readonly #leaves = new Set<string>();
  #ground: SwarmGround | undefined;
  #work: Iterator<void, void> = this.#runAll();
  #search: SwarmSearch | undefined;
  /** Searches that have ended, those of them that had no more room, and the longest path of all. */
  #ended = 0;
  #cut = 0;
  #deepest = 1;
  #violation: Violation | undefined;
  /** What ended the swarm before all searches had ended. */
  #stopped: string | undefined;
  /** The seed of a search that saw every state. */
  #sawAll: number | undefined;
  #steps: readonly [found: number, shrunk: number] = [0, 0];
  #finished = false;
  #milliseconds = 0;
  #peakBytes = 0;

  constructor(system: System, options: SwarmOptions, schedule?: PlanSchedule) {
    this.#system = { ...system, checksDeadlock: system.checksDeadlock && options.deadlock !== false };
    this.#options = options;
    this.#schedule = schedule;
  }

  advance(sliceMs: number): boolean {
    const start = performance.now();
    const before = this.#milliseconds;
    const releaseGlobals = guardGlobals();
    try {
      while (!this.#finished) {
        this.#stepWithRestarts();
        this.#milliseconds = before + performance.now() - start;
        if (performance.now() - start >= sliceMs) break;
      }
    } finally {
      releaseGlobals();
      this.#milliseconds = before + performance.now() - start;
    }
    return this.#finished;
  }

  /** Some work; all of it begins again where a record turns out to change its shape. */
  #stepWithRestarts(): void {
    try {
      this.#finished = this.#work.next().done === true;
    } catch (error) {
      this.#leaves.add(changedPath(this.#system, error));
      this.#search = undefined;
      this.#ended = 0;
      this.#cut = 0;
      this.#deepest = 1;
      this.#work = this.#runAll();
    }
  }

  /** Runs all searches; pauses after some visits, and between attempts to make a counterexample shorter. */
  *#runAll(): Generator<void, void> {
    const { searches, seed, limits = {}, audit = 'sample' } = this.#options;
    const options = { maxStates: limits.maxStates, audit, seed, schedule: this.#schedule };
    const ground = new SwarmGround(this.#system, this.#leaves, options);
    this.#ground = ground;
    if (this.#noRoom() !== undefined) throw tooLittleMemory(limits.memoryBytes as number, ground.bytes);
    const reach: Reach = {
      depth: limits.maxDepth ?? Infinity,
      states: limits.maxStates === undefined ? statesPerSearch : Math.ceil(limits.maxStates / searches),
    };
    while (!ground.hasFailed && this.#goesOn && this.#ended < searches) {
      if (ground.count > mostKept || this.#noRoom() !== undefined) {
        ground.drop();
        this.#stopped = this.#noRoom();
      }
      this.#search = searchOf(this.#seedOf(this.#ended), ground, reach);
      yield* this.#run(ground, this.#search);
    }
    if (ground.hasFailed) yield* this.#report(ground);
  }

  /** Whether there is reason for further searches. */
  get #goesOn(): boolean {
    return this.#stopped === undefined && this.#sawAll === undefined;
  }

  /** The seed of a search, counted from 0: seeds have 32 bits. */
  #seedOf(search: number): number {
    return (this.#options.seed + search) % 2 ** 32;
  }

  /** Runs one search, until it ends or something ends the swarm. */
  *#run(ground: SwarmGround, search: SwarmSearch): Generator<void, void> {
    let goesOn = true;
    while (goesOn && this.#stopped === undefined && !ground.hasFailed) {
      for (let i = 0; i < visitsPerLook && goesOn && !ground.isClosed; i++) goesOn = search.advance();
      this.#deepest = Math.max(this.#deepest, search.deepest);
      ground.boundTables();
      this.#stopped = ground.full ?? this.#noTime();
      if (goesOn && this.#noRoom() !== undefined) {
        this.#cut++;
        goesOn = false;
      }
      yield;
    }
    if (goesOn) return;
    this.#ended++;
    if (search.sawAll) this.#sawAll = search.seed;
  }

  /** Finds the counterexample, and then makes it ever shorter. */
  *#report(ground: SwarmGround): Generator<void, void> {
    const violation = yield* ground.violation();
    if (violation === undefined) return;
    const length = violation.trace.length - 1;
    this.#violation = violation;
    this.#steps = [length, length];
    for (const shorter of shrinkWalk(this.#system, violation.trace, violation)) {
      if (shorter !== undefined) {
        this.#violation = { ...shorter, read: failingReads(this.#system, shorter) };
        this.#steps = [length, shorter.trace.length - 1];
      }
      if (this.#noTime() !== undefined) return;
      yield;
    }
  }

  #noTime(): string | undefined {
    const { timeMs } = this.#options.limits ?? {};
    return exhausted(timeMs === undefined ? {} : { timeMs }, { milliseconds: this.#milliseconds, memoryBytes: 0 });
  }

  /** Why there is no room for further states; undefined where there is. */
  #noRoom(): string | undefined {
    const { memoryBytes: limit } = this.#options.limits ?? {};
    const memoryBytes = this.#bytes();
    const growthBytes = this.#ground?.growthBytes(rowsPerLook) ?? 0;
    return exhausted(limit === undefined ? {} : { memoryBytes: limit }, { milliseconds: 0, memoryBytes, growthBytes });
  }

  #bytes(): number {
    const bytes = (this.#ground?.bytes ?? 0) + (this.#search?.bytes ?? 0);
    this.#peakBytes = Math.max(this.#peakBytes, bytes);
    return bytes;
  }

  progress(): SwarmProgress {
    const ground = this.#ground;
    return {
      distinctStates: ground?.distinctStates ?? 0,
      generatedStates: ground?.generatedStates ?? 0,
      frontier: 0,
      level: this.#deepest,
      seconds: this.#milliseconds / 1000,
      memoryBytes: this.#bytes(),
      searches: this.#ended,
      visited: ground?.visited ?? 0,
    };
  }

  running(): string | undefined {
    return runningUserCode()?.describe();
  }

  runningIn(): RecordValue | undefined {
    return this.#ground?.stateAtHand;
  }

  result(reasonIfUnfinished: string): CheckResult {
    const ground = this.#ground;
    if (ground === undefined) return notStarted(this.#system, reasonIfUnfinished);
    const { seed } = this.#options;
    const violation = this.#violation ?? violationIn(ground);
    const found = violation && this.#foundBy();
    const notes = this.#notes(ground);
    return searchResult(this.#system, {
      distinctStates: ground.distinctStates,
      generatedStates: ground.generatedStates,
      skipped: 0,
      depth: ground.distinctStates === 0 ? 0 : this.#deepest,
      violation,
      reason: violation === undefined ? this.#sampled(reasonIfUnfinished) : found && this.#foundText(found),
      actions: ground.coverage(),
      learning: ground.learning,
      ...(notes.length > 0 && { notes }),
      seed,
      swarm: {
        searches: this.#options.searches,
        ended: this.#ended,
        visited: ground.visited,
        isExact: !ground.hasDropped,
        ...(found && { found }),
      },
      milliseconds: this.#milliseconds,
      memoryBytes: this.#bytes(),
      peakMemoryBytes: this.#peakBytes,
    });
  }

  /** The search that found the violation; undefined where an initial state is wrong. */
  #foundBy(): SwarmFigures['found'] {
    const search = this.#search;
    return search && { search: this.#ended + 1, kind: search.kind, seed: search.seed };
  }

  #foundText({ search, kind, seed }: NonNullable<SwarmFigures['found']>): string {
    const { searches } = this.#options;
    const [length, shrunk] = this.#steps;
    const alone = searches === 1 ? '' : `; --swarm 1 --seed ${seed} repeats it alone`;
    return (
      `found by search ${search} of ${searches} (${kind}, seed ${seed}${alone}) after ${count(length, 'step')}` +
      (shrunk < length ? `, shrunk to ${shrunk}` : '')
    );
  }

  /** What was looked at, and why no more. */
  #sampled(reasonIfUnfinished: string): string {
    const { searches, seed } = this.#options;
    const all = searches === 1 ? '1 search' : `${searches} searches`;
    if (this.#sawAll !== undefined) {
      return `a sample, though search ${this.#ended} of ${searches} (seed ${this.#sawAll}) saw every state that it could reach: check without --swarm`;
    }
    const last = this.#seedOf(Math.min(this.#ended + 1, searches) - 1);
    const seeds = last === seed ? `seed ${seed}` : `seeds ${seed} to ${last}`;
    const stopped = this.#finished ? this.#stopped : reasonIfUnfinished;
    if (stopped === undefined) return `a sample by ${all} (${seeds})`;
    return `a sample, ${stopped} in search ${Math.min(this.#ended + 1, searches)} of ${searches} (${seeds})`;
  }

  #notes(ground: SwarmGround): readonly string[] {
    const { temporal, refinements, reachable } = this.#system;
    const unjudged = [...reachable, ...refinements, ...temporal].map(({ name }) => name);
    return [
      ...(this.#cut === 0 ? [] : [`searches that --memory-limit cut short: ${this.#cut}`]),
      ...(ground.hasDropped
        ? ['distinct states are a lower bound: the table of states was dropped between searches, to save memory']
        : []),
      ...(unjudged.length === 0 ? [] : [`not judged, since they need every state: ${unjudged.join(', ')}`]),
    ];
  }
}

/** What was found wrong, though the swarm was ended before it could report it. */
function violationIn(ground: SwarmGround): Violation | undefined {
  const finding = ground.violation();
  for (;;) {
    const { done, value } = finding.next();
    if (done === true) return value;
  }
}
