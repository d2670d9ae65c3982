/** Checks the small model of every spec of the library. */
import { startCheck } from '../property/index.ts';
import { checkOptionsOf, type CheckFlags } from './check-options.ts';
import { bindWithin } from './configure.ts';
import type { ExitCode } from './exit-code.ts';
import { libraryNames } from './library.ts';
import { loadLibrarySpec } from './load-spec.ts';
import { runTrials, type PlannedTrial } from './trials.ts';

const model = 'small';

/** Checks every spec of the library that has a small model, and prints one table of the results. */
export async function checkLibrary(flags: CheckFlags): Promise<ExitCode> {
  const planned = await Promise.all(libraryNames().map((name) => plan(name, flags)));
  return runTrials(planned.flat(), ['spec', 'model'], flags);
}

async function plan(name: string, flags: CheckFlags): Promise<readonly PlannedTrial[]> {
  const spec = await loadLibrarySpec(name);
  const expected = spec.definition.models?.[model]?.expected;
  if (expected === undefined) return [];
  const { stepTimeout, deadlock } = flags;
  const start: PlannedTrial['start'] = () =>
    startCheck(bindWithin(stepTimeout, spec, { model, deadlock }), checkOptionsOf(flags));
  return [{ name, variant: model, expected, start }];
}
