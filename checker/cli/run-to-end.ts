/** Runs a check or a simulation to its end: in slices, so that it can be watched, stopped, and ended if it hangs. */
import { setImmediate as nextTurn } from 'node:timers/promises';

import { BivalentError, leaveUserCode, runningUserCode } from '../core/index.ts';
import type { CheckResult, CheckRun, Progress } from '../explore/index.ts';
import { describeProgress, ProgressLine } from './progress-line.ts';
import type { Statistics } from './statistics.ts';
import { callWithin, timedOut } from './time-limit.ts';

const sliceMs = 50;

/** How a run is watched. */
export interface RunOptions {
  /** How long one call of user code may take before it counts as endless, in milliseconds. */
  readonly stepTimeoutMs: number;
  /** Ends the run: the user pressed Ctrl-C. */
  readonly interrupted: AbortSignal;
  /** Says where the run stands, for the line of progress. */
  readonly describe?: (progress: Progress) => string;
  /** Notes where the run stands, in a file. */
  readonly statistics?: Statistics | undefined;
}

/**
 * Runs to the end, or until the user interrupts it, which makes the result `incomplete`.
 *
 * @throws BivalentError `spec/endless` where user code does not return
 */
export async function runToEnd(
  run: CheckRun,
  { stepTimeoutMs, interrupted, describe = describeProgress, statistics }: RunOptions,
): Promise<CheckResult> {
  const line = new ProgressLine();
  try {
    while (!withinLimit(stepTimeoutMs, () => run.advance(sliceMs), ownWorkMs(run)) && !interrupted.aborted) {
      line.show(() => describe(run.progress()));
      statistics?.note(run.progress());
      await nextTurn();
    }
    if (interrupted.aborted) run.pause?.();
    statistics?.end(run.progress());
    return withNote(run.result('stopped by Ctrl-C'), statistics?.failure);
  } catch (error) {
    const state = error instanceof BivalentError && error.code === 'spec/endless' ? run.runningIn?.() : undefined;
    throw state === undefined ? error : (error as BivalentError).withDetails({ state });
  } finally {
    line.clear();
  }
}

function withNote(result: CheckResult, note: string | undefined): CheckResult {
  return note === undefined ? result : { ...result, notes: [...(result.notes ?? []), note] };
}

/**
 * How long the engine's own work in one slice may take: tables that grow are copied, checkpoints written, files merged. That takes
 * some seconds a gigabyte, and ten times as long on a machine with other things to do.
 */
function ownWorkMs(run: CheckRun): number {
  const msPerMegabyte = 100;
  const { memoryBytes, diskBytes = 0 } = run.progress();
  return ((memoryBytes + diskBytes) / 1e6) * msPerMegabyte;
}

/**
 * Calls a function that calls user code.
 *
 * @param moreMs - time that it may need for other things
 * @throws BivalentError `spec/endless` where it does not return in time, with the name of the user code that ran
 */
export function withinLimit<T>(limitMs: number, f: () => T, moreMs = 0): T {
  const result = callWithin(Math.ceil(limitMs + moreMs), f);
  if (result !== timedOut) return result;
  const culprit = runningUserCode();
  // What was running was ended without a chance to say so.
  leaveUserCode(undefined);
  const advice = 'a loop that never ends? --step-timeout allows more time';
  const message = `${culprit?.describe() ?? 'the check'} did not return within ${limitMs / 1000} s: ${advice}`;
  throw new BivalentError('spec/endless', message, culprit && { action: culprit.name, parameters: culprit.picked });
}
