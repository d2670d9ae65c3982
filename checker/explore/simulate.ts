/**
 * Simulation: random walks through the state graph, for systems that are too large to be explored.
 *
 * A walk starts in a random initial state. In each state an action is drawn among those that are enabled, then one of
 * its steps: so an action with one step is taken as often as one with a hundred. Walks that find nothing prove nothing:
 * the result is `sampled`, never `ok`. The first violation ends the simulation and is shrunk; see `shrink.ts`.
 *
 * The seed decides everything but the time: equal seeds give equal results, as long as no limit ends the simulation.
 *
 * TLA+: TLC's simulation mode. Cost: the steps of the actions drawn until one is enabled, in each state of each walk;
 * the canonical bytes of each distinct state, for their honest count.
 */
import { guardGlobals, runningUserCode, seededRandom, type Random } from '../core/index.ts';
import { stepsOf, type System } from '../spec/index.ts';
import { countCalls, type CountedSystem } from './calls.ts';
import { Coverage } from './coverage.ts';
import { failingReads } from './failing-reads.ts';
import { behaviourProperties, isWithin, judgeState, judgeStep, judgeStuck, type Failure } from './judge.ts';
import { count, exhausted } from './limits.ts';
import { finish, type CheckRun, type Limits, type Progress } from './options.ts';
import { resultOf } from './outcome.ts';
import type { CheckResult, TraceStep, Violation } from './result.ts';
import { SeenStates } from './seen-states.ts';
import { shrinkWalk } from './shrink.ts';

export interface SimulateOptions {
  /** How many walks to take. */
  readonly walks: number;
  /** How many states a walk has at most, its initial state included. */
  readonly depth: number;
  /** Any integer; equal seeds give equal walks. */
  readonly seed: number;
  /** `false` turns the deadlock check off, whatever the spec says. */
  readonly deadlock?: boolean;
  /** A limit that is reached makes the result `incomplete`: not all walks were taken. */
  readonly limits?: Pick<Limits, 'timeMs' | 'memoryBytes'>;
}

/** Where a simulation stands; `level` is the length of the present walk, and nothing waits to be expanded. */
export interface SimulationProgress extends Progress {
  /** Walks that are finished. */
  readonly walks: number;
}

/** A simulation in progress. */
export interface SimulationRun extends CheckRun {
  progress(): SimulationProgress;
}

/** Starts to walk through a system at random. */
export function startSimulation(system: System, options: SimulateOptions): SimulationRun {
  return new Simulation(system, options);
}

/**
 * Walks through a system at random until all walks are taken, a violation is found or a limit is reached.
 *
 * @returns `sampled`, `violation` or `incomplete`. `generatedStates` counts the states looked at, repeats included;
 *   `distinctStates` the different states that were walked through; `depth` is the number of states of the longest
 *   walk. `reason` says what was sampled, or on which walk the violation was found
 * @throws BivalentError where user code fails
 */
export function simulate(system: System, options: SimulateOptions): CheckResult {
  return finish(startSimulation(system, options));
}

class Simulation implements SimulationRun {
  readonly #counted: CountedSystem;
  readonly #system: System;
  readonly #options: SimulateOptions;
  readonly #random: Random;
  readonly #coverage: Coverage;
  readonly #seen = new SeenStates();
  readonly #startedAt = performance.now();
  readonly #walking: Iterator<void, void> = this.#walkAll();
  #walk: TraceStep[] = [];
  #walks = 0;
  #generated = 0;
  #depth = 0;
  #violation: Violation | undefined;
  /** The limit that ended the simulation, or where the violation was found. */
  #reason: string | undefined;
  /** How long the simulation took, once it is finished. */
  #milliseconds: number | undefined;

  constructor(system: System, options: SimulateOptions) {
    const checksDeadlock = system.checksDeadlock && options.deadlock !== false;
    this.#counted = countCalls({ ...system, checksDeadlock });
    this.#system = this.#counted.system;
    this.#options = options;
    this.#random = seededRandom(options.seed);
    this.#coverage = new Coverage(system.actions);
  }

  advance(sliceMs: number): boolean {
    const sliceEnd = performance.now() + sliceMs;
    const releaseGlobals = guardGlobals();
    try {
      while (this.#milliseconds === undefined) {
        if (this.#isExhausted() || this.#walking.next().done === true) this.#milliseconds = this.#elapsed();
        if (performance.now() >= sliceEnd) break;
      }
    } finally {
      releaseGlobals();
    }
    return this.#milliseconds !== undefined;
  }

  /** Whether a limit is reached. A violation that was found stays as it is then, shrunk or not. */
  #isExhausted(): boolean {
    const { limits = {}, walks } = this.#options;
    const reason = exhausted(limits, { milliseconds: this.#elapsed(), memoryBytes: this.#seen.bytes });
    if (reason === undefined) return false;
    this.#reason ??= `${reason} after ${this.#walks} of ${count(walks, 'random walk')}`;
    return true;
  }

  /** Takes all walks; it pauses after each step. */
  *#walkAll(): Generator<void, void> {
    const { initialStates } = this.#system;
    while (this.#walks < this.#options.walks && initialStates.length > 0) {
      this.#walk = [];
      const state = initialStates[this.#random.below(initialStates.length)]!;
      let failure = this.#take({ action: null, parameters: {}, state });
      while (failure === undefined) {
        yield;
        failure = this.#stepAtRandom();
      }
      this.#walks += 1;
      if (failure !== 'ended') {
        yield* this.#shrink(failure);
        return;
      }
    }
  }

  /** Takes a random step from where the walk is; says what failed, or that the walk ended. */
  #stepAtRandom(): Failure | 'ended' | undefined {
    const walked = this.#walk.length;
    const state = this.#walk.at(-1)!.state;
    let isStuck = true;
    if (walked >= this.#options.depth) return 'ended';
    for (const action of shuffled(this.#system.actions, this.#random)) {
      for (const step of shuffled(stepsOf(this.#system, action, state), this.#random)) {
        isStuck = false;
        this.#coverage.countStep(step.action);
        const failure = this.#take(step);
        if (failure !== 'ended') return failure;
      }
    }
    return (isStuck ? judgeStuck(this.#system, state) : undefined) ?? 'ended';
  }

  /** Judges a step, and follows it; says what failed, or that the step leads beyond a constraint. */
  #take(step: TraceStep): Failure | 'ended' | undefined {
    const before = this.#walk.at(-1)?.state;
    const { action, state } = step;
    this.#generated += 1;
    const within = isWithin(this.#system, before, state);
    const isNew = !within || this.#seen.add(state);
    if (within && isNew && action !== null) this.#coverage.countDistinct(action);
    const failure =
      (isNew ? judgeState(this.#system, state) : undefined) ??
      (before === undefined ? undefined : judgeStep(this.#system, before, state));
    if (!within && failure === undefined) return 'ended';
    this.#walk.push(step);
    this.#depth = Math.max(this.#depth, this.#walk.length);
    return failure;
  }

  /** Reports the failure at the end of the present walk, at first as it is, then ever shorter. */
  *#shrink(failure: Failure): Generator<void, void> {
    const { walks, seed } = this.#options;
    const found = `found on random walk ${this.#walks} of ${walks} (seed ${seed})`;
    this.#violation = { ...failure, read: [], trace: this.#walk };
    this.#reason = `${found} after ${count(this.#walk.length - 1, 'step')}`;
    for (const shorter of shrinkWalk(this.#system, this.#walk, failure)) {
      if (shorter !== undefined) {
        this.#violation = shorter;
        this.#reason = `${found} after ${count(this.#walk.length - 1, 'step')}, shrunk to ${shorter.trace.length - 1}`;
      }
      yield;
    }
    this.#violation = { ...this.#violation, read: failingReads(this.#system, this.#violation) };
  }

  progress(): SimulationProgress {
    return {
      distinctStates: this.#seen.size,
      generatedStates: this.#generated,
      frontier: 0,
      level: this.#walk.length,
      seconds: this.#elapsed() / 1000,
      memoryBytes: this.#seen.bytes,
      walks: this.#walks,
    };
  }

  running(): string | undefined {
    return runningUserCode()?.describe();
  }

  result(reasonIfUnfinished: string): CheckResult {
    const { walks, depth, seed } = this.#options;
    const isFinished = this.#milliseconds !== undefined;
    const sampled = `${count(walks, 'random walk')} of at most ${count(depth, 'state')} (seed ${seed})`;
    const isCut = this.#violation === undefined && (!isFinished || this.#reason !== undefined);
    const verdict = this.#violation !== undefined ? 'violation' : isCut ? 'incomplete' : 'sampled';
    const unjudged = behaviourProperties(this.#system);
    return resultOf(this.#system, verdict, {
      distinctStates: this.#seen.size,
      generatedStates: this.#generated,
      skipped: 0,
      depth: this.#depth,
      violation: this.#violation,
      reason: this.#reason ?? (isFinished ? sampled : reasonIfUnfinished),
      actions: this.#coverage.table(),
      learning: this.#counted.calls(),
      ...(unjudged.length > 0 && { notes: [`not judged on random walks: ${unjudged.join(', ')}`] }),
      seed,
      milliseconds: this.#elapsed(),
      memoryBytes: this.#seen.bytes,
      peakMemoryBytes: this.#seen.bytes,
    });
  }

  #elapsed(): number {
    return this.#milliseconds ?? performance.now() - this.#startedAt;
  }
}

/** The elements in random order, each drawn when it is asked for. */
function* shuffled<T>(elements: readonly T[], random: Random): Generator<T, void> {
  const left = [...elements];
  while (left.length > 0) {
    const i = random.below(left.length);
    const [element] = left.splice(i, 1);
    yield element!;
  }
}
