/** One check in a process of its own: takes a {@link CheckRequest} as JSON, and prints a measurement as JSON. */
import { BreadthFirst } from '../../checker/explore/breadth-first.ts';
import { startSimulation, type Audit, type CheckOptions, type CheckRun } from '../../checker/explore/index.ts';
import { usualSchedule } from '../../checker/explore/planning.ts';
import { nodeWorkers } from '../../checker/explore/worker/index.ts';
import { startSimpleCheck } from '../../checker/explore/simple.test-support.ts';
import { startCheck } from '../../checker/property/index.ts';
import { bind, type BindOptions, type Spec, type System } from '../../checker/spec/index.ts';
import type { Measurement } from './contest.ts';

/** What is checked, and how. */
export interface CheckRequest {
  /** The file of the spec, from the root of the project. */
  readonly spec: string;
  readonly bind?: BindOptions;
  /** `learned` by default; `direct` calls user code on every state, `reference` is the simple explorer of the tests. */
  readonly engine?: 'learned' | 'direct' | 'reference';
  /** `sample` by default, as in `bivalent check`. */
  readonly audit?: Audit;
  /** `false` follows every step; otherwise those are skipped that `bivalent check` skips. */
  readonly reduction?: boolean;
  /** Whether fingerprints are kept of states that were expanded. */
  readonly fingerprint?: boolean;
  /** `false` leaves the compiled loop out: rows are expanded in JavaScript. */
  readonly compiled?: boolean;
  /** Threads; 1 by default. */
  readonly workers?: number;
  /** Random walks of so many states are taken, in the place of a check. */
  readonly walks?: { readonly walks: number; readonly depth: number };
  /** The check ends soon after so many states are generated. */
  readonly stopAfter?: number;
}

function start(system: System, request: CheckRequest): CheckRun {
  const { engine = 'learned', audit = 'sample', reduction = true, fingerprint = false, workers = 1, walks } = request;
  const { compiled = true } = request;
  if (walks !== undefined) return startSimulation(system, { ...walks, seed: 1 });
  const options: CheckOptions = {
    audit,
    reduction,
    fingerprint,
    ...(workers > 1 && { workers: nodeWorkers(workers) }),
  };
  if (engine === 'reference') return startSimpleCheck(system, options);
  if (engine === 'direct') return new BreadthFirst(system, options, undefined, 'off');
  if (!compiled) return new BreadthFirst(system, options, { ...usualSchedule, compiledFrom: Infinity });
  return startCheck(system, options);
}

/** Runs a check; it must not find a violation, since the contestants would not explore the same states. */
function measure(run: CheckRun, stopAfter: number): Measurement {
  const before = process.cpuUsage();
  // Slices are as long as those of the command, so that what they cost is measured too.
  while (run.progress().generatedStates < stopAfter && !run.advance(50));
  const { user, system } = process.cpuUsage(before);
  const result = run.result('enough was generated');
  if (result.violation !== undefined) throw new Error(`${result.spec} violates ${result.violation.name}`);
  const { actionCalls, invariantCalls } = result.learning;
  return {
    seconds: result.seconds,
    cpuSeconds: (user + system) / 1e6,
    // How many different states walks come by is chance.
    ...(result.result !== 'sampled' && { distinct: result.distinctStates }),
    generated: result.generatedStates,
    ...(result.bytesPerState > 0 && { bytesPerState: result.peakMemoryBytes / result.distinctStates }),
    userCalls: actionCalls + invariantCalls,
  };
}

const request = JSON.parse(process.argv[2]!) as CheckRequest;
const module = (await import(new URL(`../../${request.spec}`, import.meta.url).href)) as { readonly default: Spec };
const run = start(bind(module.default, request.bind), request);
console.log(JSON.stringify(measure(run, request.stopAfter ?? Infinity)));
