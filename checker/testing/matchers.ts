/** What vitest's (or jest's) `expect` can say about a result. */
import type { CheckResult } from '../explore/index.ts';
import { textReport, unexpected } from '../report/index.ts';
import type { Expected } from '../spec/index.ts';

/** What `expect.extend` wants of a matcher. */
export interface MatcherResult {
  readonly pass: boolean;
  readonly message: () => string;
}

/**
 * Matchers for results; hand them to `expect.extend`.
 *
 * A failing one shows the whole report: the counterexample, where there is one.
 *
 * ```ts
 * import { expect, test } from 'vitest';
 * import { checkSpec, matchers } from 'bivalent/testing';
 * import mutex from './mutex.ts';
 *
 * expect.extend(matchers);
 *
 * test('the mutex is safe', () => {
 *   expect(checkSpec(mutex, { constants: { P: 2 } })).toHold();
 * });
 * test('without the flags it is not', () => {
 *   expect(checkSpec(mutex, { mutant: 'no flags' })).toViolate('mutualExclusion', { steps: 4 });
 * });
 * ```
 */
export const matchers = {
  /** Every reachable state was checked, and every property held. */
  toHold(result: CheckResult): MatcherResult {
    return matched(result, { result: 'ok' });
  },

  /** The named property is violated; `steps` is the length of the shortest counterexample. */
  toViolate(result: CheckResult, property: string, { steps }: { readonly steps?: number } = {}): MatcherResult {
    return matched(result, { result: 'violation', breaks: property, ...(steps !== undefined && { steps }) });
  },

  /** The result is what a model of the spec says: verdict, property, steps, counts. */
  toBeAsExpected(result: CheckResult, expected: Expected): MatcherResult {
    return matched(result, expected);
  },
};

/** The types of the matchers, for `expect`. */
export interface BivalentMatchers<R = void> {
  /** Every reachable state was checked, and every property held. */
  toHold(): R;
  /** The named property is violated; `steps` is the length of the shortest counterexample. */
  toViolate(property: string, options?: { readonly steps?: number }): R;
  /** The result is what a model of the spec says: verdict, property, steps, counts. */
  toBeAsExpected(expected: Expected): R;
}

function matched(result: CheckResult, expected: Expected): MatcherResult {
  const differences = unexpected(result, expected);
  const pass = differences.length === 0;
  const heading = pass ? ['this was not to happen'] : differences;
  return { pass, message: () => `${heading.join('\n')}\n\n${textReport(result)}` };
}
