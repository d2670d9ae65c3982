/** `bivalent simulate`: walks through a spec at random, where it is too large to be explored. */
import { Option, type Command } from 'commander';

import { startSimulation, type Progress } from '../explore/index.ts';
import {
  configurationOptions,
  jsonOption,
  limitsOf,
  memoryLimitOption,
  seedOption,
  timeLimitOption,
} from './check-options.ts';
import type { ConfigurationFlags, LimitFlags } from './check-options.ts';
import { exitCodeOf, tellResult } from './check.ts';
import { explainOptions, type ExplainFlags } from './explained.ts';
import { configure } from './configure.ts';
import { interruptible } from './interruption.ts';
import { parseCount } from './quantity.ts';
import { reportOptions, requireWritable, type ReportFlags } from './report-files.ts';
import { runToEnd } from './run-to-end.ts';

interface SimulateFlags
  extends ConfigurationFlags, Pick<LimitFlags, 'timeLimit' | 'memoryLimit'>, ReportFlags, ExplainFlags {
  readonly walks: number;
  readonly depth: number;
  readonly seed?: number;
  readonly json?: true;
}

const examples = `
Examples:
  $ bivalent simulate raft
  $ bivalent simulate ./my-spec.ts --walks 10k --depth 200 --seed 7
  $ bivalent simulate ./my-spec.ts --report issue.md

Walks that find nothing prove nothing: the result is "sampled", never "ok". A violation that is found is made as short
as the steps of its walk allow. The seed is printed, and gives the same walks again.

Exit code: 0 nothing found, 1 violated, 2 bad usage or a spec that cannot be run, 3 stopped before all walks were taken.`;

/** Adds the command to the program. */
export function registerSimulate(program: Command): void {
  const command = program
    .command('simulate')
    .summary('walk through a spec at random')
    .description('Walks through a spec at random, where it is too large to be explored.')
    .argument('<spec>', 'a file, or a name that bivalent list shows')
    .addHelpText('after', examples);
  const options = [
    new Option('--walks <n>', 'how many walks').default(1000).argParser(parseCount),
    new Option('--depth <n>', 'how many states a walk has at most').default(100).argParser(parseCount),
    seedOption('choose the walks; a seed is drawn where there is none'),
    ...configurationOptions(),
    timeLimitOption(),
    memoryLimitOption(),
    jsonOption(),
    ...explainOptions(),
    ...reportOptions(),
  ];
  for (const option of options) command.addOption(option);
  command.action(async (spec: string, flags: SimulateFlags) => {
    requireWritable(flags);
    const configured = await configure(spec, flags);
    const { system } = configured;
    const { walks, depth, seed = Math.floor(Math.random() * 2 ** 32) } = flags;
    const run = startSimulation(system, { walks, depth, seed, limits: limitsOf(flags) });
    const describe = ({ seconds, distinctStates }: Progress): string =>
      `${run.progress().walks} of ${walks} walks  ${distinctStates} states  ${seconds.toFixed(0)} s  Ctrl-C stops and reports`;
    const { stepTimeout: stepTimeoutMs } = flags;
    const result = await interruptible((interrupted) => runToEnd(run, { stepTimeoutMs, interrupted, describe }));
    await tellResult(result, flags, configured);
    process.exitCode = exitCodeOf(result);
  });
}
