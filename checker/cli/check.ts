/** `bivalent check`: explores every reachable state of a spec, or of every spec of the library. */
import { extname } from 'node:path';

import type { Command } from 'commander';

import { BivalentError } from '../core/index.ts';
import type { CheckOptions, CheckResult, Verdict } from '../explore/index.ts';
import { startCheck } from '../property/index.ts';
import { checkReport, dependencyDot, textReport, type Compared, type Distinct } from '../report/index.ts';
import {
  auditOption,
  checkOptionsOf,
  checkpointOptions,
  configurationOptions,
  dependencyOptions,
  jsonOption,
  limitOptions,
  reductionOption,
  fingerprintOption,
  partialOrderOption,
  symmetryOption,
  seedOption,
  statisticsOption,
  workersOption,
  diskOptions,
  stateGraphOption,
} from './check-options.ts';
import type { CheckFlags } from './check-options.ts';
import { checkLibrary } from './check-library.ts';
import { keptAs, withNotes } from './checkpoints.ts';
import { configure, type Configured } from './configure.ts';
import { diskFor } from './disk.ts';
import { distinctFrom, distinctOptions, requireDistinct } from './distinct.ts';
import { exitCode, type ExitCode } from './exit-code.ts';
import { explained, explainOptions, simplest, type ExplainFlags } from './explained.ts';
import { interruptible } from './interruption.ts';
import { print, printJson, requireFolderOf, usesColor, writeOutput } from './output.ts';
import { commandLine, reportOptions, requireWritable, writeReports, type ReportFlags } from './report-files.ts';
import { runToEnd } from './run-to-end.ts';
import { requireStatistics, Statistics } from './statistics.ts';
import { exploreForPictures, requirePicture, writePictures } from './state-graph.ts';
import { requireSwarmAlone, runSwarm, swarmOption } from './swarm.ts';

const examples = `
Examples:
  $ bivalent check two-phase-commit              a spec of the library
  $ bivalent check two-phase-commit --const RM=7
  $ bivalent check raft --model small --json
  $ bivalent check two-phase-commit --const RM=9 --symmetry
  $ bivalent check two-phase-commit --dependency-graph actions.dot
  $ bivalent check ./my-spec.ts --report issue.md --report result.json
  $ bivalent check ./my-spec.ts --distinct 3 --distinct-by actions
  $ bivalent check die-hard --state-graph jugs.svg
  $ bivalent check ./my-spec.ts --max-states 1m --time-limit 5m
  $ bivalent check raft --model medium --workers 4 --stats run.csv --report run.html
  $ bivalent check raft --model medium --memory-limit 2g --disk-limit 50g
  $ bivalent check raft --model medium --fingerprint  less memory, and a small probability of an error
  $ bivalent check raft --swarm 100 --time-limit 5m   a sample, where there are too many states
  $ bivalent check raft --checkpoint kept        a run that survives being killed …
  $ bivalent check raft --resume kept            … goes on where it was
  $ bivalent check                               the small model of every spec of the library

A spec is a path to a .ts or .js file, or a name that bivalent list shows. Times are written 500ms, 60s or 5m,
sizes 500m or 4g, numbers 500k or 1000000.

Exit code: 0 holds, 1 violated, 2 bad usage or a spec that cannot be run, 3 incomplete.`;

/** Adds the command to the program. */
export function registerCheck(program: Command): void {
  const command = program
    .command('check')
    .summary('explore every reachable state of a spec')
    .description('Explores every reachable state of a spec, and shows the shortest way to one that is wrong.')
    .argument('[spec]', 'a file or a name; every spec of the library where there is none')
    .addHelpText('after', examples);
  const options = [
    ...configurationOptions(),
    ...limitOptions(),
    auditOption(),
    reductionOption(),
    symmetryOption(),
    partialOrderOption(),
    fingerprintOption(),
    ...dependencyOptions(),
    stateGraphOption(),
    workersOption(),
    ...diskOptions(),
    ...checkpointOptions(),
    statisticsOption(),
    swarmOption(),
    seedOption(
      'choose what the audit samples, the fingerprints, or the searches of a swarm; for these one is drawn where there is none',
    ),
    jsonOption(),
    ...distinctOptions(),
    ...explainOptions(),
    ...reportOptions(),
  ];
  for (const option of options) command.addOption(option);
  command.action(async (spec: string | undefined, flags: CheckFlags) => {
    requireSwarmAlone(flags, flags.workers > 1 && command.getOptionValueSource('workers') === 'cli');
    process.exitCode = spec === undefined ? await checkAll(flags) : await checkOne(spec, flags);
  });
}

async function checkOne(nameOrPath: string, flags: CheckFlags): Promise<ExitCode> {
  requireDot(flags.dependencyGraph);
  requireWritable(flags);
  requireDistinct(flags);
  requireStatistics(flags.stats);
  for (const file of flags.stateGraph) requirePicture(file);
  const configured = await configure(nameOrPath, flags);
  const disk = diskFor(flags);
  try {
    return await checkConfigured(nameOrPath, configured, flags, disk.options);
  } finally {
    disk.close();
  }
}

async function checkConfigured(
  nameOrPath: string,
  configured: Configured,
  flags: CheckFlags,
  disk: Pick<CheckOptions, 'disk'>,
): Promise<ExitCode> {
  const { system } = configured;
  if (flags.swarm !== undefined) {
    const sample = await runSwarm(system, flags.swarm, flags);
    await tellResult(sample, flags, configured);
    return exitCodeOf(sample);
  }
  const options = { ...checkOptionsOf(flags), ...disk };
  const kept = await keptAs(flags, nameOrPath, system);
  const statistics = flags.stats === undefined ? undefined : new Statistics(flags.stats, flags.resume !== undefined);
  // First, since a model that is too large for a picture should not be explored in vain.
  const graph = exploreForPictures(system, flags);
  const run = startCheck(system, { ...options, ...kept.options });
  const { end, ...found } = await interruptible(async (interrupted) => {
    const first = await runToEnd(run, { stepTimeoutMs: flags.stepTimeout, interrupted, statistics });
    const { result, compared } = await simplest(first, system, { stepTimeout: flags.stepTimeout, interrupted });
    const again = { system, options, flags, interrupted };
    return { end: result, compared, distinct: await distinctFrom(result.violation, again) };
  });
  const result = withNotes(end, kept, flags);
  await tellResult(result, flags, configured, found);
  if (flags.dependencyGraph !== undefined && result.dependencies !== undefined) {
    await writeOutput(flags.dependencyGraph, dependencyDot(result.dependencies));
  }
  if (graph !== undefined) await writePictures(graph, result, flags.stateGraph);
  return exitCodeOf(result);
}

/** Refuses, before the check begins, a file that would not hold what its name says or cannot be written. */
function requireDot(file: string | undefined): void {
  if (file === undefined) return;
  requireFolderOf(file);
  if (extname(file) === '.dot') return;
  throw new BivalentError(
    'usage/arguments',
    '--dependency-graph writes the DOT language: name a file that ends in .dot',
  );
}

async function checkAll(flags: CheckFlags): Promise<ExitCode> {
  const ofOneSpec = [
    ...flags.const,
    ...flags.fault,
    flags.model,
    flags.mutant,
    flags.dependencies ?? flags.dependencyGraph,
    ...flags.report,
    ...flags.stateGraph,
    flags.distinct,
    flags.checkpoint ?? flags.resume ?? flags.every,
    flags.diskLimit ?? flags.disk,
    flags.stats,
    flags.symmetry,
    flags.partialOrder,
    flags.swarm,
    flags.fingerprint,
  ];
  if (ofOneSpec.some((flag) => flag !== undefined)) {
    throw new BivalentError(
      'usage/arguments',
      '--const, --fault, --model, --mutant, --dependencies, --state-graph, --report, --distinct, --disk-limit, --disk, --checkpoint, --resume, --stats, --symmetry, --partial-order, --fingerprint and --swarm need a spec: name one',
    );
  }
  return checkLibrary(flags);
}

/** What commands that check one spec print, and what they need to explain it. */
type TellFlags = ReportFlags & ExplainFlags & { readonly json?: true; readonly stepTimeout: number };

/** Prints the result of one check or simulation, explained, and writes the reports that were asked for. */
export async function tellResult(
  result: CheckResult,
  flags: TellFlags,
  { system, page }: Configured,
  { compared, distinct }: { readonly compared?: Compared; readonly distinct?: Distinct | undefined } = {},
): Promise<void> {
  const explanation = explained(result, system, flags, compared);
  const known = { ...(explanation !== undefined && { explanation }), ...(distinct !== undefined && { distinct }) };
  const report = checkReport(result, { command: commandLine(), ...known });
  if (flags.json) printJson(report.document);
  else print(textReport(result, { color: usesColor(process.stdout), ...known }));
  await writeReports(report, flags, page);
}

const exitCodes: Readonly<Record<Verdict, ExitCode>> = {
  ok: exitCode.holds,
  sampled: exitCode.holds,
  violation: exitCode.violated,
  incomplete: exitCode.incomplete,
  error: exitCode.error,
};

/** The exit code that a result stands for. */
export function exitCodeOf({ result }: CheckResult): ExitCode {
  return exitCodes[result];
}
