/** The learned engine as tests of it want it: left to itself, and planning as soon as there is something to plan. */
import { bind, type Spec, type System } from '../spec/index.ts';
import { expect } from 'vitest';
import { BreadthFirst } from './breadth-first.ts';
import type { PlanSchedule } from './planning.ts';
import { simpleExplorer } from './engines.test-support.ts';
import { finish, type CheckOptions, type SearchOptions } from './options.ts';
import type { CheckResult } from './result.ts';

/** Small systems are planned for early, and again. */
export const early: PlanSchedule = { first: 4, second: 10, growth: 1.2, compiledFrom: 6 };
/** Without a plan every part of a state is stored on its own. */
const never: PlanSchedule = { first: Infinity, second: Infinity, growth: Infinity };

/** Checks a system; learned answers are not audited unless that is asked for. */
export function checked(system: System, options: SearchOptions = {}, schedule?: PlanSchedule): CheckResult {
  return finish(new BreadthFirst(system, { audit: 'none', ...options }, schedule));
}

/** A system in which learned answers are not audited unless that is asked for. */
export function learned<C, I>(spec: Spec<C, I>, options: CheckOptions = {}, schedule = early): CheckResult {
  return checked(bind(spec), options, schedule);
}

/** Expects what the simple explorer finds; returns it. */
export function expectSame<C, I>(spec: Spec<C, I>): CheckResult {
  const expected = simpleExplorer.check(bind(spec));
  for (const schedule of [early, never]) expect(found(learned(spec, {}, schedule))).toEqual(found(expected));
  return expected;
}

/** What must not depend on how states are stored and learned. */
export function found({ result, distinctStates, generatedStates, depth, actions, violation }: CheckResult) {
  return {
    result,
    distinctStates,
    generatedStates,
    depth,
    actions,
    violation: violation && { ...violation, read: [] },
  };
}
