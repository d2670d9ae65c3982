/**
 * Exploration: the engines that visit the states of a system, and the result that they all give.
 */
import type { System } from '../spec/index.ts';
import { finish, requireCompatible, type SearchOptions, type SearchRun } from './options.ts';
import type { CheckResult } from './result.ts';
import { BreadthFirst } from './breadth-first.ts';

export { auditPredicates, requireLetter } from './audit.ts';
export { checkpointParts } from './checkpoint.ts';
export type { CheckpointPart, Checkpoints, CheckpointSource, CheckpointTarget } from './checkpoint.ts';
export { behaviourProperties } from './judge.ts';
export type { FingerprintFigures } from './fingerprint/likelihood.ts';
export { failingReads } from './failing-reads.ts';
export { exhausted } from './limits.ts';
export { finish } from './options.ts';
export type { Audit, CheckOptions, CheckRun, Limits, Progress, SearchOptions, SearchRun } from './options.ts';
export type { Disk } from './spill/spilled-rows.ts';
export type { Tape, Tapes } from './spill/tape.ts';
export type {
  ActionCoverage,
  CheckResult,
  DiskUse,
  LearningStatistics,
  ReadOfState,
  SwarmFigures,
  TraceStep,
  Verdict,
  Violation,
  ViolationKind,
} from './result.ts';
export type { ActionDependencies, Dependencies, Influence } from '../transition/index.ts';
export type { StepGraph, StepLabel } from './row-graph.ts';
export { sampled, type Sample } from './samples.ts';
export { beyond, Steps, type StepOrder } from './steps.ts';
export { simulate, startSimulation } from './simulate.ts';
export { exploreStateGraph } from './state-graph.ts';
export type { GraphState, GraphStep, StateGraph } from './state-graph.ts';
export type { SimulateOptions, SimulationProgress, SimulationRun } from './simulate.ts';
export { startSwarm, swarm } from './swarm.ts';
export type { SwarmOptions, SwarmProgress, SwarmRun } from './swarm.ts';

/**
 * Starts to explore every reachable state of a system, level by level, with counterexamples that are shortest.
 *
 * It judges states and steps; properties of whole behaviours are judged by `startCheck` of `checker/property`. Nothing
 * runs before the first call of `advance`.
 *
 * @throws BivalentError `usage/arguments` where options do not go together
 */
export function startSearch(system: System, options: SearchOptions = {}): SearchRun {
  requireCompatible(options);
  return new BreadthFirst(system, options);
}

/**
 * Explores every reachable state of a system.
 *
 * @param system - a spec with its constants bound, from `bind`
 * @returns `ok` when every reachable state was seen, and every state and step was found right; `violation` with a
 *   shortest counterexample; `incomplete` where a limit ended the search before
 * @throws BivalentError where user code fails
 */
export function search(system: System, options: SearchOptions = {}): CheckResult {
  return finish(startSearch(system, options));
}
