/// <reference types="vitest" preserve="true" />
/**
 * For the tests of users: check a spec in a test, say what is expected of it, and compare output with documentation.
 *
 * This is the door `bivalent/testing`.
 */
import type { BivalentMatchers } from './matchers.ts';

export { checkSpec } from './check-spec.ts';
export type { CheckSpecOptions } from './check-spec.ts';
export { maskFigures } from './mask.ts';
export { matchers } from './matchers.ts';
export type { BivalentMatchers, MatcherResult } from './matchers.ts';
export { replaySpec } from './replay-spec.ts';
export type { SavedViolation } from './replay-spec.ts';
export type { Replay } from '../report/index.ts';

declare module 'vitest' {
  // The parameter must be named and defaulted as vitest declares it.
  // oxlint-disable-next-line typescript/no-explicit-any
  interface Matchers<T = any> extends BivalentMatchers<T> {}
}
