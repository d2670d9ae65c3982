/**
 * The result of a check: the one shape that every engine produces and every report reads.
 *
 * The counts mean what TLC's mean. `ok` means that every reachable state was checked; whatever falls short of that is
 * `incomplete` (a limit) or `sampled` (random walks), with the reason.
 */
import type { Dependencies } from '../transition/index.ts';
import type { RecordValue, Value } from '../value/index.ts';
import type { FingerprintFigures } from './fingerprint/likelihood.ts';
import type { Sample } from './samples.ts';

export type Verdict = 'ok' | 'violation' | 'incomplete' | 'sampled' | 'error';

export type ViolationKind =
  'invariant' | 'transition' | 'deadlock' | 'temporal' | 'refinement' | 'reachability' | 'consistency' | 'assertion';

/** One line of a counterexample: the step that was taken (none for the initial state) and the state it led to. */
export interface TraceStep {
  readonly action: string | null;
  /** The values that `pick` chose, by name, in the order in which they were picked. */
  readonly parameters: RecordValue;
  readonly state: RecordValue;
}

/** Something that the failing property read, and what it found: `{ path: 'rmState.rm1', value: 'aborted' }`. */
export interface ReadOfState {
  readonly path: string;
  readonly value: Value;
}

export interface Violation {
  readonly kind: ViolationKind;
  readonly name: string;
  /** The choices of `forAll` for which the property fails. */
  readonly parameters: RecordValue;
  readonly read: readonly ReadOfState[];
  readonly trace: readonly TraceStep[];
  /**
   * For a lasso: the index in `trace` of the state to which the behaviour returns. The last state of the trace is that
   * state again, reached by the step that closes the loop; where `loopsTo` is the index of the last state itself, the
   * behaviour stutters there forever.
   */
  readonly loopsTo?: number;
  /** Of a refinement: the abstract state that each state of the trace maps to. */
  readonly abstract?: readonly RecordValue[];
}

export interface ActionCoverage {
  /** Steps of this action, repeats, skipped ones and those to states beyond a constraint included. */
  readonly taken: number;
  /** States that were first reached by this action. */
  readonly distinct: number;
}

/** How much user code ran, and how often the answer was already known. */
export interface LearningStatistics {
  readonly actionCalls: number;
  readonly invariantCalls: number;
  readonly audited: number;
}

/** What a check left in files, since it did not fit into memory. */
export interface DiskUse {
  /** Distinct states that are there. */
  readonly states: number;
  /** Bytes of the files at the end, and at most. */
  readonly bytes: number;
  readonly peakBytes: number;
}

/** What a swarm of searches did. */
export interface SwarmFigures {
  /** How many searches were asked for, and how many of them ended. The seed of the first is that of the result. */
  readonly searches: number;
  readonly ended: number;
  /** States whose steps were followed, repeats included. */
  readonly visited: number;
  /** Whether `distinctStates` counts every state that was seen; where not, it counts at least so many. */
  readonly isExact: boolean;
  /** The search that found the violation, counted from 1. Alone, with its seed, it finds it again. */
  readonly found?: { readonly search: number; readonly kind: 'depth-first' | 'random walks'; readonly seed: number };
}

export interface CheckResult {
  readonly spec: string;
  readonly constants: RecordValue;
  readonly result: Verdict;
  /**
   * One sentence: why a result is incomplete, what was sampled, or on which random walk a violation was found. Also
   * there with a violation on whose level a limit was reached.
   */
  readonly reason?: string;
  readonly distinctStates: number;
  readonly generatedStates: number;
  /**
   * Enabled steps that were not followed, since another order of the same steps leads to the same state. They are counted
   * in `generatedStates` and in `actions`, and judged by the transition invariants. 0 where the spec has a constraint, an
   * action constraint or an `afterEach`, and under symmetry: there every step is followed. So it is from some ten thousand
   * states on where too few would be skipped to pay for telling which.
   */
  readonly skipped: number;
  /** The number of states on the longest shortest path from an initial state; of random walks, on the longest walk. */
  readonly depth: number;
  /**
   * How many of the distinct states each level has, the initial states first; they add up to `distinctStates`. Absent of
   * random walks, and where there are more than 1,000 levels.
   */
  readonly levels?: readonly number[];
  readonly violation?: Violation;
  readonly actions: Readonly<Record<string, ActionCoverage>>;
  /** Of each fault that the configuration allows, how often it happened. */
  readonly faults: Readonly<Record<string, number>>;
  readonly learning: LearningStatistics;
  /**
   * Sentences that whoever reads the verdict should know: a property that holds only because what it speaks of never
   * happens, say. Absent where there are none.
   */
  readonly notes?: readonly string[];
  /** What each action reads and writes in the states that were explored, where that was asked for. */
  readonly dependencies?: Dependencies;
  readonly seed?: number;
  readonly swarm?: SwarmFigures;
  /** Where states were told apart by fingerprints: how likely it is that two had the same one. */
  readonly fingerprints?: FingerprintFigures;
  readonly seconds: number;
  /** Distinct states a second; of a swarm, visited ones. */
  readonly statesPerSecond: number;
  readonly bytesPerState: number;
  readonly peakMemoryBytes: number;
  /** Absent where all states were in memory. */
  readonly disk?: DiskUse;
  /**
   * Where the search stood from time to time, evenly spread, the end last: at most 200 samples. Absent of searches that
   * took less than a second, of swarms, and of random walks. What comes after the search, judging temporal properties, is not in them.
   */
  readonly samples?: readonly Sample[];
}
