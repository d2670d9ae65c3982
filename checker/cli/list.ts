/** `bivalent list`: shows the specs of the library. */
import type { Command } from 'commander';

import { schemaVersion, specsText, type ListedSpec } from '../report/index.ts';
import { jsonOption } from './check-options.ts';
import { aliasesOf, libraryNames } from './library.ts';
import { loadLibrarySpec } from './load-spec.ts';
import { print, printJson, usesColor } from './output.ts';

const examples = `
Examples:
  $ bivalent list
  $ bivalent check two-phase-commit --model medium`;

/** Adds the command to the program. */
export function registerList(program: Command): void {
  program
    .command('list')
    .summary('show the specs of the library')
    .description('Shows the specs of the library, with their models and how many mutants they have.')
    .addOption(jsonOption())
    .addHelpText('after', examples)
    .action(async ({ json }: { readonly json?: true }) => {
      const specs = await Promise.all(libraryNames().map(describe));
      if (json) printJson({ schemaVersion, specs });
      else print(specsText(specs, { color: usesColor(process.stdout) }));
    });
}

async function describe(name: string): Promise<ListedSpec> {
  const { definition } = await loadLibrarySpec(name);
  const { models = {}, mutants = {} } = definition;
  return {
    name,
    aliases: aliasesOf(name),
    title: definition.name,
    models: Object.fromEntries(Object.entries(models).map(([model, { expected }]) => [model, expected])),
    mutants: Object.fromEntries(
      Object.entries(mutants).map(([mutant, { breaks, steps }]) => [mutant, { breaks, steps }]),
    ),
  };
}
