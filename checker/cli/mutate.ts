/** `bivalent mutate`: checks that a spec's properties catch its deliberate mistakes. */
import type { Command } from 'commander';

import { BivalentError } from '../core/index.ts';
import { startCheck } from '../property/index.ts';
import type { Spec } from '../spec/index.ts';
import { jsonOption, limitOptions, limitsOf, stepTimeoutOption, type LimitFlags } from './check-options.ts';
import { bindWithin } from './configure.ts';
import { loadSpec } from './load-spec.ts';
import { runTrials, type PlannedTrial } from './trials.ts';

interface MutateFlags extends LimitFlags {
  readonly stepTimeout: number;
  readonly json?: true;
}

const examples = `
Examples:
  $ bivalent mutate two-phase-commit
  $ bivalent mutate ./my-spec.ts --json

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
    const planned = mutantsOf(await loadSpec(nameOrPath), flags);
    process.exitCode = await runTrials(planned, ['spec', 'mutant'], flags);
  });
}

function mutantsOf(spec: Spec, flags: MutateFlags): readonly PlannedTrial[] {
  const { name, mutants = {} } = spec.definition;
  const planned = Object.entries(mutants).map(([mutant, { breaks, steps }]): PlannedTrial => {
    const start: PlannedTrial['start'] = () =>
      startCheck(bindWithin(flags.stepTimeout, spec, { mutant }), { limits: limitsOf(flags) });
    return { name, variant: mutant, expected: { result: 'violation', breaks, steps }, start };
  });
  if (planned.length === 0) throw new BivalentError('spec/no-mutants', `${name} has no mutants`);
  return planned;
}
