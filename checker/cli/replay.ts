/** `bivalent replay`: takes the steps of a saved counterexample again, on a spec that may have changed since. */
import { dirname, relative, resolve, sep } from 'node:path';

import { Option, type Command } from 'commander';

import { BivalentError } from '../core/index.ts';
import {
  regressionTest,
  replay,
  replayDocument,
  replayText,
  savedConstants,
  savedCounterexample,
  type Counterexample,
  type Replay,
} from '../report/index.ts';
import { configurationOptions, jsonOption, type ConfigurationFlags } from './check-options.ts';
import { configure, type Configured } from './configure.ts';
import { exitCode, type ExitCode } from './exit-code.ts';
import { sourceOf } from './explained.ts';
import { print, printJson, requireFolderOf, usesColor, writeOutput } from './output.ts';
import { readSaved } from './report.ts';
import { withinLimit } from './run-to-end.ts';
import { standing } from './user-module.ts';

interface ReplayFlags extends ConfigurationFlags {
  readonly spec: string;
  readonly asTest?: string;
  readonly json?: true;
}

const examples = `
Examples:
  $ bivalent check ./mutex.ts --report found.json
  $ bivalent replay found.json --spec ./mutex.ts                     after a change of the spec
  $ bivalent replay found.json --spec ./mutex.ts --as-test mutex-regression.test.ts

The constants are those that were saved, unless --const, --fault or --model says otherwise.

Exit code: 0 the counterexample is no longer possible or violates nothing, 1 it still violates the property,
2 bad usage, or a spec without its actions or its property, 3 its steps are possible, and its property is one of whole
behaviours, which only a check can judge.`;

/** Adds the command to the program. */
export function registerReplay(program: Command): void {
  const command = program
    .command('replay')
    .summary('take the steps of a saved counterexample again')
    .description('Takes the steps of a saved counterexample again, and says at which one that stops being possible.')
    .argument('<saved.json>', 'a result of check or simulate that was saved')
    .addHelpText('after', examples);
  const options = [
    new Option('--spec <spec>', 'a file, or a name that bivalent list shows').makeOptionMandatory(),
    ...configurationOptions(),
    new Option('--as-test <file>', 'write a test for vitest that fails where the counterexample is possible again'),
    jsonOption(),
  ];
  for (const option of options) command.addOption(option);
  command.action(async (file: string, flags: ReplayFlags) => {
    process.exitCode = await replayOne(file, flags);
  });
}

async function replayOne(file: string, flags: ReplayFlags): Promise<ExitCode> {
  if (flags.asTest !== undefined) requireTestFile(flags.asTest, flags.spec);
  const saved = await readSaved(file);
  const counterexample = savedCounterexample(saved);
  const configured = await configure(flags.spec, flags, (spec) =>
    flags.model === undefined ? savedConstants(saved, spec) : {},
  );
  const result = withinLimit(flags.stepTimeout, () => replay(configured.system, counterexample, { sourceOf }));
  if (flags.asTest !== undefined) await writeTest(flags.asTest, counterexample, configured, flags);
  if (flags.json) printJson(replayDocument(result));
  else print(replayText(result, counterexample, { color: usesColor(process.stdout) }));
  return exitCodes[result.result];
}

const exitCodes: Readonly<Record<Replay['result'], ExitCode>> = {
  violated: exitCode.violated,
  holds: exitCode.holds,
  impossible: exitCode.holds,
  undecided: exitCode.incomplete,
};

/** Refuses, before anything is replayed, a test that could not be written, or could not import the spec. */
function requireTestFile(file: string, spec: string): void {
  requireFolderOf(file);
  if (!/\.[cm]?[jt]s$/.test(spec)) {
    throw new BivalentError('usage/arguments', `--as-test needs a spec that a test can import: a file, not ${spec}`);
  }
}

async function writeTest(
  file: string,
  counterexample: Counterexample,
  { system }: Configured,
  { spec, mutant }: ReplayFlags,
): Promise<void> {
  const path = relative(dirname(resolve(standing(), file)), resolve(standing(), spec))
    .split(sep)
    .join('/');
  const text = regressionTest(counterexample, {
    specFrom: path.startsWith('.') ? path : `./${path}`,
    constants: system.constants,
    ...(mutant !== undefined && { mutant }),
  });
  await writeOutput(file, text);
}
