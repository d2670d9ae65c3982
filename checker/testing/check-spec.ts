/** One call that checks a spec, for tests. */
import { type CheckOptions, type CheckResult } from '../explore/index.ts';
import { check as checkSystem } from '../property/index.ts';
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
 * @param options - `model`, `mutant`, `constants`, `deadlock`; and what `check` takes: `limits`, `audit`, `seed`, `symmetry`, `reduction`
 * @throws BivalentError where the spec is wrong or its code fails
 */
export function checkSpec<C, I>(spec: Spec<C, I>, options: CheckSpecOptions = {}): CheckResult {
  const { model, mutant, constants, deadlock, ...check } = options;
  const binding = { model, mutant, constants, deadlock };
  const given = Object.fromEntries(Object.entries(binding).filter(([, value]) => value !== undefined));
  return checkSystem(bind(spec, given as BindOptions), check);
}
