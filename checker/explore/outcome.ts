/** From what an engine counted to the result that is reported: the verdict, and the figures that follow from others. */
import type { System } from '../spec/index.ts';
import type { Dependencies } from '../transition/index.ts';
import type { FingerprintFigures } from './fingerprint/likelihood.ts';
import type {
  ActionCoverage,
  CheckResult,
  DiskUse,
  LearningStatistics,
  SwarmFigures,
  Verdict,
  Violation,
} from './result.ts';
import type { Sample } from './samples.ts';

/** What an engine has counted and found. */
export interface Outcome {
  readonly distinctStates: number;
  readonly generatedStates: number;
  readonly skipped: number;
  readonly depth: number;
  readonly levels?: readonly number[];
  readonly violation: Violation | undefined;
  /** Why the search ended before it was complete, or how a violation was found; `undefined` for a complete search. */
  readonly reason: string | undefined;
  readonly actions: Readonly<Record<string, ActionCoverage>>;
  readonly learning: LearningStatistics;
  readonly dependencies?: Dependencies;
  readonly notes?: readonly string[];
  /** Of random walks, or of an audit's sample. */
  readonly seed?: number;
  readonly disk?: DiskUse;
  readonly swarm?: SwarmFigures;
  readonly fingerprints?: FingerprintFigures;
  readonly milliseconds: number;
  /** Bytes of all tables, now and at most. */
  readonly memoryBytes: number;
  readonly peakMemoryBytes: number;
  readonly samples?: readonly Sample[];
}

/**
 * States the result of a search that was to see every state.
 *
 * A violation that was found stays a violation, even where a limit ended the search; and nothing is `ok` that a limit
 * ended.
 */
export function searchResult(system: System, outcome: Outcome): CheckResult {
  if (outcome.violation !== undefined) return resultOf(system, 'violation', outcome);
  return resultOf(system, outcome.reason === undefined ? 'ok' : 'incomplete', outcome);
}

/** States the result of a search that was ended before it looked at any state. */
export function notStarted(system: System, reason: string): CheckResult {
  return searchResult(system, {
    distinctStates: 0,
    generatedStates: 0,
    skipped: 0,
    depth: 0,
    violation: undefined,
    reason,
    actions: Object.fromEntries(system.actions.map(({ name }) => [name, { taken: 0, distinct: 0 }])),
    learning: { actionCalls: 0, invariantCalls: 0, audited: 0 },
    milliseconds: 0,
    memoryBytes: 0,
    peakMemoryBytes: 0,
  });
}

/** States a result with a verdict that is already known. */
export function resultOf(system: System, result: Verdict, outcome: Outcome): CheckResult {
  const { violation, reason, milliseconds, memoryBytes, distinctStates, ...figures } = outcome;
  const seconds = milliseconds / 1000;
  return {
    spec: system.name,
    constants: system.constants,
    result,
    ...(reason === undefined ? {} : { reason }),
    ...figures,
    distinctStates,
    ...(violation === undefined ? {} : { violation }),
    faults: Object.fromEntries(system.faults.map((name) => [name, outcome.actions[name]?.taken ?? 0])),
    seconds,
    statesPerSecond: seconds === 0 ? 0 : (outcome.swarm?.visited ?? distinctStates) / seconds,
    bytesPerState: distinctStates === 0 ? 0 : memoryBytes / distinctStates,
  };
}
