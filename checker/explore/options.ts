/** How far a check may go, and what it does beside checking. */
import { BivalentError } from '../core/index.ts';
import type { Classes, LearnedSystem, StepChoice } from '../transition/index.ts';
import type { RecordValue } from '../value/index.ts';
import type { Checkpoints, CheckpointSource } from './checkpoint.ts';
import type { CheckResult } from './result.ts';
import type { Workers } from './worker/crew.ts';
import type { Disk } from './spill/spilled-rows.ts';
import type { StepGraph } from './row-graph.ts';

/** What may end a check before every reachable state was seen. Whatever does makes the result `incomplete`. */
export interface Limits {
  /** Distinct states. */
  readonly maxStates?: number;
  /** States on a path: the initial states have depth 1. */
  readonly maxDepth?: number;
  readonly timeMs?: number;
  /** Bytes of all tables together. */
  readonly memoryBytes?: number;
}

/** Which of the engine's answers are compared with a run of user code: none, a small random sample, or all. */
export type Audit = 'none' | 'sample' | 'all';

/** For tests: when fingerprints are kept, and how many bits they have. */
export interface FingerprintTuning {
  readonly fromStates?: number;
  readonly bits?: number;
}

export interface CheckOptions {
  readonly limits?: Limits;
  readonly audit?: Audit;
  /** Seed of the audit's sample, of fingerprints, and of random walks. */
  readonly seed?: number;
  /** `false` turns the deadlock check off, whatever the spec says. */
  readonly deadlock?: boolean;
  /**
   * `false` follows every step. Otherwise, where that is sound, steps are skipped that another order of the same steps
   * makes superfluous: they are counted and judged, and the result is the same but for `skipped`.
   */
  readonly reduction?: boolean;
  /**
   * States that differ only in the names of symmetric sets of nodes count as one: `exact` one of each class, `fast` with
   * less work and sometimes more than one. TLA+: SYMMETRY.
   */
  readonly symmetry?: 'exact' | 'fast';
  /**
   * `true`: of steps of different processes that do not interfere one order is followed, and states in between are left
   * out, where the spec is a protocol whose links are queues. SPIN: its partial-order reduction.
   */
  readonly partialOrder?: boolean;
  /**
   * `true`: of states that were expanded, 64 bits are kept. Two states with the same ones are taken for one; the result says
   * how likely that was. Checks with few states compare whole states all the same. TLA+: as TLC does.
   */
  readonly fingerprint?: boolean | FingerprintTuning;
  /** `true` adds to the result what each action reads and writes. */
  readonly dependencies?: boolean;
  /** Where and how often the search is kept, so that another run can go on with it. */
  readonly checkpoints?: Checkpoints;
  /** Threads that work on the check; without, there is one. The result is the same for every number of them. */
  readonly workers?: Workers;
  /** Where states go when memory is used up; without, the check ends then. */
  readonly disk?: Disk;
  /** What a run before this one kept, of the same system with the same options other than limits. */
  readonly resume?: CheckpointSource;
}

/** What a search can do beside what a check is asked for. */
export interface SearchOptions extends CheckOptions {
  /** Which states count as one. */
  readonly classes?: Classes;
  /** Which steps are enough. */
  readonly choice?: (learned: LearnedSystem) => StepChoice;
}

/** Where a running check stands. */
export interface Progress {
  readonly distinctStates: number;
  readonly generatedStates: number;
  /** States that wait to be expanded. */
  readonly frontier: number;
  /** About how many states are still to be expanded, those that are not found yet included; absent where nobody can say. */
  readonly toExpand?: number;
  /** The level that is being expanded; the initial states are level 1. */
  readonly level: number;
  readonly seconds: number;
  readonly memoryBytes: number;
  /** Bytes of files; absent as long as all states are in memory. */
  readonly diskBytes?: number;
}

/**
 * A check in progress, run in slices so that its caller can show progress, stop it, and guard against user code that
 * never returns.
 */
export interface CheckRun {
  /** Explores for about `sliceMs` milliseconds; returns whether the check is finished. */
  advance(sliceMs: number): boolean;
  progress(): Progress;
  /** Keeps what was done so far, where the options say where: the caller is about to stop. */
  pause?(): void;
  /** What user code is running, for the report of one that never returns: `action rmPrepare(rm=rm2)`. */
  running(): string | undefined;
  /** The state in which that user code runs, where the engine knows it. */
  runningIn?(): RecordValue | undefined;
  /** The result so far; where the check is not finished, `incomplete` with this reason. */
  result(reasonIfUnfinished: string): CheckResult;
}

/** Runs a check to its end. */
export function finish(run: CheckRun): CheckResult {
  while (!run.advance(Infinity));
  return run.result('');
}

/** A search for all states: a check of what can be judged state by state and step by step. */
export interface SearchRun extends CheckRun {
  /**
   * The steps between all states, once the search has ended with the result `ok`.
   *
   * @param withPicks - the names of the actions of which it matters what they pick
   */
  graph(withPicks: ReadonlySet<string>): StepGraph;
}

/** What needs to find any state again, in memory. */
const needsStates: Readonly<Record<string, (options: SearchOptions) => unknown>> = {
  '--partial-order': ({ choice, partialOrder }) => choice ?? (partialOrder || undefined),
  '--checkpoint and --resume': ({ checkpoints, resume }) => checkpoints ?? resume,
};

/**
 * Refuses options that do not go together.
 *
 * @throws BivalentError `usage/arguments`
 */
export function requireCompatible(options: SearchOptions): void {
  const { fingerprint = false, disk } = options;
  const other = Object.keys(needsStates).find((name) => needsStates[name]!(options) !== undefined);
  const [refused, by] =
    fingerprint === false
      ? [other, '--disk-limit, where states are found many at once, and in no other run']
      : [other ?? (disk && '--disk-limit'), '--fingerprint, which keeps no states'];
  if (refused === undefined || (fingerprint === false && disk === undefined)) return;
  throw new BivalentError('usage/arguments', `${refused} cannot be had with ${by}: leave one of the two out`);
}
