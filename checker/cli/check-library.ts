/** Checks the small model of every spec of the library. */
import { startCheck } from '../explore/index.ts';
import { allAsExpected, trialsDocument, trialsText, type Trial } from '../report/index.ts';
import { limitsOf, type CheckFlags } from './check-options.ts';
import { bindWithin } from './configure.ts';
import { exitCode, type ExitCode } from './exit-code.ts';
import { libraryNames } from './library.ts';
import { loadLibrarySpec } from './load-spec.ts';
import { print, printJson, usesColor } from './output.ts';
import { runToEnd } from './run-to-end.ts';

const model = 'small';

/** Checks every spec of the library that has a small model, and prints one table of the results. */
export async function checkLibrary(flags: CheckFlags): Promise<ExitCode> {
  const trials: Trial[] = [];
  for (const name of libraryNames()) {
    const spec = await loadLibrarySpec(name);
    const expected = spec.definition.models?.[model]?.expected;
    if (expected === undefined) continue;
    const system = bindWithin(flags.stepTimeout, spec, { model, deadlock: flags.deadlock });
    const run = startCheck(system, {
      limits: limitsOf(flags),
      audit: flags.audit,
      ...(flags.seed === undefined ? {} : { seed: flags.seed }),
    });
    const result = await runToEnd(run, { stepTimeoutMs: flags.stepTimeout });
    trials.push({ name, variant: model, expected, result });
  }
  if (flags.json) printJson(trialsDocument(trials));
  else print(trialsText(trials, ['spec', 'model'], { color: usesColor(process.stdout) }));
  return exitCodeOfTrials(trials);
}

/** Exit code 0 where all went as expected; 3 where nothing but a limit or Ctrl-C is to blame that they did not. */
export function exitCodeOfTrials(trials: readonly Trial[]): ExitCode {
  if (allAsExpected(trials)) return exitCode.holds;
  const finished = trials.filter(({ result }) => result.result !== 'incomplete');
  return allAsExpected(finished) ? exitCode.incomplete : exitCode.violated;
}
