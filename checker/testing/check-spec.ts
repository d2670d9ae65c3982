/** One call that checks a spec, for tests. */
import { type CheckOptions, type CheckResult } from '../explore/index.ts';
import { check } from '../property/index.ts';
import { bind, type BindOptions, type Spec } from '../spec/index.ts';

/** What is checked of the spec, and how far. */
export interface CheckSpecOptions extends BindOptions, Omit<CheckOptions, 'deadlock'> {}

/**
 * Checks a spec in the process of the test.
 *
 * Keep the configuration small: nothing else runs until it has ended. A limit that is reached makes the result
 * `incomplete`, which is not `toHold`.
 *
 * @param spec - what `defineSpec` gave
 * @param options - `model`, `mutant`, `constants`, `deadlock`; `limits`, `audit`, `seed`
 * @throws BivalentError where the spec is wrong or its code fails
 */
export function checkSpec<C, I>(spec: Spec<C, I>, options: CheckSpecOptions = {}): CheckResult {
  const { limits, audit, seed, ...binding } = options;
  return check(bind(spec, binding), {
    ...(limits && { limits }),
    ...(audit && { audit }),
    ...(seed !== undefined && { seed }),
  });
}
