/** `bivalent mutate`: checks that a spec's properties catch its deliberate mistakes. */
import type { Command } from 'commander';

import { BivalentError } from '../core/index.ts';
import { startCheck } from '../explore/index.ts';
import { trialsDocument, trialsText, type Trial } from '../report/index.ts';
import { jsonOption, limitOptions, limitsOf, stepTimeoutOption, type LimitFlags } from './check-options.ts';
import { exitCodeOfTrials } from './check-library.ts';
import { bindWithin } from './configure.ts';
import { loadSpec } from './load-spec.ts';
import { print, printJson, usesColor } from './output.ts';
import { runToEnd } from './run-to-end.ts';

interface MutateFlags extends LimitFlags {
  readonly stepTimeout: number;
  readonly json?: true;
}

const examples = `
Examples:
  bivalent mutate two-phase-commit
  bivalent mutate ./my-spec.ts --json

A mutant that no property catches means that the properties say less than they should.

Exit code: 0 each mutant is caught as its spec says, 1 one is not, 2 bad usage or a spec that cannot be run,
3 a limit was reached.`;

/** Adds the command to the program. */
export function registerMutate(program: Command): void {
  const command = program
    .command('mutate')
    .summary('check that the properties of a spec catch its deliberate mistakes')
    .description('Checks each mutant of a spec: which property catches it, and after how many steps.')
    .argument('<spec>', 'a file, or a name that bivalent list shows')
    .addHelpText('after', examples);
  for (const option of [...limitOptions(), stepTimeoutOption(), jsonOption()]) command.addOption(option);
  command.action(async (nameOrPath: string, flags: MutateFlags) => {
    const trials = await runMutants(nameOrPath, flags);
    if (flags.json) printJson(trialsDocument(trials));
    else print(trialsText(trials, ['spec', 'mutant'], { color: usesColor(process.stdout) }));
    process.exitCode = exitCodeOfTrials(trials);
  });
}

async function runMutants(nameOrPath: string, flags: MutateFlags): Promise<readonly Trial[]> {
  const spec = await loadSpec(nameOrPath);
  const { name, mutants = {} } = spec.definition;
  const trials: Trial[] = [];
  for (const [mutant, { breaks, steps }] of Object.entries(mutants)) {
    const system = bindWithin(flags.stepTimeout, spec, { mutant });
    const run = startCheck(system, { limits: limitsOf(flags) });
    const result = await runToEnd(run, { stepTimeoutMs: flags.stepTimeout });
    trials.push({ name, variant: mutant, expected: { result: 'violation', breaks, steps }, result });
  }
  if (trials.length === 0) throw new BivalentError('spec/no-mutants', `${name} has no mutants`);
  return trials;
}
