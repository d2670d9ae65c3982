/** The options that commands share, each declared once. */
import { Option } from 'commander';

import type { Audit, CheckOptions, Limits } from '../explore/index.ts';
import type { DistinctFlags } from './distinct.ts';
import type { ExplainFlags } from './explained.ts';
import type { ReportFlags } from './report-files.ts';
import { nodeWorkers, usefulWorkers } from '../explore/worker/index.ts';
import { parseBytes, parseCount, parseDurationMs, parseSeed } from './quantity.ts';

/** How a spec is configured. */
export interface ConfigurationFlags {
  readonly const: readonly string[];
  readonly model?: string;
  readonly mutant?: string;
  readonly fault: readonly string[];
  /** `--no-deadlock` makes it false. */
  readonly deadlock: boolean;
  readonly stepTimeout: number;
}

/** How far a check may go. */
export interface LimitFlags {
  readonly maxStates?: number;
  readonly maxDepth?: number;
  readonly timeLimit?: number;
  readonly memoryLimit?: number;
}

/** What `check` alone understands. */
export interface CheckFlags extends ConfigurationFlags, LimitFlags, ReportFlags, ExplainFlags, DistinctFlags {
  readonly audit: Audit;
  /** `--no-reduction` makes it false. */
  readonly reduction: boolean;
  readonly symmetry?: 'exact' | 'fast';
  readonly partialOrder?: true;
  readonly dependencies?: true;
  readonly dependencyGraph?: string;
  readonly stateGraph: readonly string[];
  readonly seed?: number;
  readonly checkpoint?: string;
  readonly every?: number;
  readonly resume?: string;
  readonly diskLimit?: number;
  readonly disk?: string;
  readonly stats?: string;
  readonly workers: number;
  readonly swarm?: number;
  readonly fingerprint?: true;
  readonly json?: true;
}

const defaultStepTimeoutMs = 20_000;

export const configurationOptions = (): Option[] => [
  new Option('--const <name=value>', 'set a constant of the spec; may be repeated')
    .default([], 'none')
    .argParser(collect),
  new Option('--model <name>', 'take the constants of a model of the spec'),
  new Option('--mutant <name>', 'check the spec with one of its deliberate mistakes'),
  new Option('--fault <name=budget>', 'how often a fault may happen in one behaviour; may be repeated')
    .default([], 'none')
    .argParser(collect),
  new Option('--no-deadlock', 'do not look for deadlocks'),
  stepTimeoutOption(),
];

export const stepTimeoutOption = (): Option =>
  new Option('--step-timeout <time>', 'how long one call of an action or property may take')
    .default(defaultStepTimeoutMs, '20s')
    .argParser(parseDurationMs);

export const limitOptions = (): Option[] => [
  new Option('--max-states <n>', 'stop after so many distinct states').argParser(parseCount),
  new Option('--max-depth <n>', 'look no deeper than so many states from an initial state').argParser(parseCount),
  timeLimitOption(),
  memoryLimitOption(),
];

export const timeLimitOption = (): Option =>
  new Option('--time-limit <time>', 'stop after a time, such as 60s or 5m').argParser(parseDurationMs);

export const memoryLimitOption = (): Option =>
  new Option('--memory-limit <size>', 'stop when the tables are so large, such as 500m or 4g').argParser(parseBytes);

export const auditOption = (): Option =>
  new Option('--audit <how>', "compare learned answers with the spec's own code")
    .choices(['none', 'sample', 'all'] satisfies Audit[])
    .default('sample');

export const symmetryOption = (): Option =>
  new Option(
    '--symmetry [how]',
    'count states as one that differ only in the names of sets declared symmetric; fast spends less work on ties and may leave several',
  )
    .choices(['exact', 'fast'])
    .preset('exact');

export const partialOrderOption = (): Option =>
  new Option(
    '--partial-order',
    'leave out states that only the order of independent steps leads to, in protocols whose links are queues',
  );

export const reductionOption = (): Option =>
  new Option('--no-reduction', 'follow every step, also where another order of the same steps leads to the same state');

export const fingerprintOption = (): Option =>
  new Option(
    '--fingerprint',
    'keep 64 bits of each state that was expanded, in place of the state: two states may be taken for one',
  );

export const dependencyOptions = (): Option[] => [
  new Option('--dependencies', 'print which variables each action reads and writes'),
  new Option('--dependency-graph <file>', 'the same, and write which action influences which as .dot'),
];

export const stateGraphOption = (): Option =>
  new Option('--state-graph <file>', 'draw every state and step of a small model, as .svg or .dot; may be repeated')
    .default([], 'none')
    .argParser(collect);

export const checkpointOptions = (): Option[] => [
  new Option('--checkpoint <folder>', 'keep what was done so far in a folder, so that a killed run can go on'),
  new Option('--every <time>', 'how often to keep it (default: 60s)').argParser(parseDurationMs),
  new Option('--resume <folder>', 'go on with the run that was kept there, and keep it there further'),
];

export const diskOptions = (): Option[] => [
  new Option(
    '--disk-limit <size>',
    'when --memory-limit is reached, go on with files, up to so much, such as 50g',
  ).argParser(parseBytes),
  new Option('--disk <folder>', 'where these files are (default: the folder of the system for such files)'),
];

export const workersOption = (): Option =>
  new Option('--workers <n>', 'threads for large models; auto takes as many as are useful here')
    .default(usefulWorkers(), 'auto')
    .argParser(parseWorkers);

function parseWorkers(text: string): number {
  return text === 'auto' ? usefulWorkers() : parseCount(text);
}

export const statisticsOption = (): Option =>
  new Option(
    '--stats <file>',
    'write each second where the run stands, as .csv or .ndjson; reports then have times, too',
  );

export const seedOption = (what: string): Option => new Option('--seed <n>', what).argParser(parseSeed);

export const jsonOption = (): Option => new Option('--json', 'print one JSON document');

/** The limits that were set. */
export function limitsOf({ maxStates, maxDepth, timeLimit, memoryLimit }: LimitFlags): Limits {
  return {
    ...(maxStates === undefined ? {} : { maxStates }),
    ...(maxDepth === undefined ? {} : { maxDepth }),
    ...(timeLimit === undefined ? {} : { timeMs: timeLimit }),
    ...(memoryLimit === undefined ? {} : { memoryBytes: memoryLimit }),
  };
}

/** What the engine is told. */
export function checkOptionsOf({
  audit,
  seed,
  reduction,
  symmetry,
  partialOrder,
  fingerprint,
  dependencies,
  dependencyGraph,
  ...flags
}: CheckFlags): CheckOptions {
  return {
    limits: limitsOf(flags),
    audit,
    ...(flags.workers > 1 && { workers: nodeWorkers(flags.workers) }),
    reduction,
    ...(symmetry && { symmetry }),
    ...(partialOrder && { partialOrder }),
    ...(fingerprint && { fingerprint }),
    ...(seed === undefined ? {} : { seed }),
    ...((dependencies ?? dependencyGraph) !== undefined && { dependencies: true }),
  };
}

function collect(text: string, earlier: readonly string[]): readonly string[] {
  return [...earlier, text];
}
