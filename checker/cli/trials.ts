/** Runs checks of which the result is known beforehand, one after another, and prints one table of them. */
import type { CheckRun } from '../explore/index.ts';
import { allAsExpected, trialsDocument, trialsText, type Trial } from '../report/index.ts';
import { exitCode, type ExitCode } from './exit-code.ts';
import { interruptible } from './interruption.ts';
import { print, printJson, usesColor } from './output.ts';
import { runToEnd } from './run-to-end.ts';

/** A trial that is still to be run. */
export interface PlannedTrial extends Omit<Trial, 'result'> {
  readonly start: () => CheckRun;
}

export interface TrialFlags {
  readonly stepTimeout: number;
  readonly json?: true;
}

/**
 * Runs the trials in order and prints them, up to the one that Ctrl-C ended.
 *
 * @param headings - what the first two columns of the table hold
 */
export async function runTrials(
  planned: readonly PlannedTrial[],
  headings: readonly [name: string, variant: string],
  { stepTimeout, json }: TrialFlags,
): Promise<ExitCode> {
  const trials: Trial[] = [];
  await interruptible(async (interrupted) => {
    for (const { start, ...trial } of planned) {
      const result = await runToEnd(start(), { stepTimeoutMs: stepTimeout, interrupted });
      trials.push({ ...trial, result });
      if (interrupted.aborted && result.result === 'incomplete') return;
    }
  });
  if (json) printJson(trialsDocument(trials));
  else print(trialsText(trials, headings, { color: usesColor(process.stdout) }));
  return exitCodeOf(trials);
}

/** 0 where all went as expected; 3 where nothing but a limit or Ctrl-C is to blame that they did not. */
function exitCodeOf(trials: readonly Trial[]): ExitCode {
  if (allAsExpected(trials)) return exitCode.holds;
  const finished = trials.filter(({ result }) => result.result !== 'incomplete');
  return allAsExpected(finished) ? exitCode.incomplete : exitCode.violated;
}
