/** The verdict of a check in words. */
import type { CheckResult, Violation } from '../explore/index.ts';

type Judged = Pick<CheckResult, 'result' | 'reason' | 'violation' | 'fingerprints'>;

/** What came out, to be put after the name of the spec: ` violates agreement after 6 steps`, `: incomplete, …`. */
export function verdictPhrase({ result, reason, violation, fingerprints }: Judged): string {
  if (violation !== undefined) return ` ${violationPhrase(violation)}${after(violation)}`;
  const unless = fingerprints === undefined ? '' : ', unless two states have the same fingerprint';
  if (result === 'ok') return ` holds in every reachable state${unless}`;
  return `: ${result === 'error' ? 'cannot be checked' : result}, ${reason}; no violation found`;
}

/** What a violation is: `violates agreement`, `deadlocks`, `never reaches commit`. */
export function violationPhrase({ kind, name }: Violation): string {
  if (kind === 'reachability') return `never reaches ${name}`;
  return kind === 'deadlock' ? 'deadlocks' : `violates ${name}`;
}

/** When a violation happens: ` after 6 steps`; of a lasso how long it is. */
export function after({ trace, loopsTo }: Violation): string {
  if (trace.length === 0) return '';
  const steps = trace.length - 1;
  if (steps === 0) return ' in an initial state';
  if (loopsTo !== undefined) return ` in a lasso of ${steps === 1 ? '1 step' : `${steps} steps`}`;
  return ` after ${steps === 1 ? '1 step' : `${steps} steps`}`;
}
