/** Ends the search of a command that computes in one go: at a time limit, or when the user presses Ctrl-C. */
import { callInterruptibly, interrupted, timedOut } from './time-limit.ts';

/** Searches stop by themselves soon after the limit; what does not is ended after this long. */
const graceMs = 500;

/** What a search takes to be ended, and why it was. */
export interface SearchGuard {
  /** Whether the time is over, or Ctrl-C was pressed while something was guarded. */
  readonly shouldStop: () => boolean;
  /** Calls a search, and returns when it does or is ended. */
  readonly guard: (search: () => void) => void;
  readonly whyStopped: () => string;
}

/** @param limitMs - from now on; infinite where only Ctrl-C ends the search */
export function searchGuard(limitMs = Infinity): SearchGuard {
  const end = performance.now() + limitMs;
  let isInterrupted = false;
  let isLate = false;
  return {
    shouldStop: () => isInterrupted || isLate || performance.now() > end,
    guard(search) {
      const result = callInterruptibly(end - performance.now() + graceMs, search);
      if (result === timedOut) isLate = true;
      if (result !== interrupted) return;
      isInterrupted = true;
      // npm passes on to its script the signal that the terminal sends to both: the second must not end the report.
      process.once('SIGINT', () => {});
    },
    whyStopped: () => (isInterrupted ? 'it was stopped by Ctrl-C' : 'the time limit was reached'),
  };
}
