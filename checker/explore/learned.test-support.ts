/** The learned engine as tests of it want it: left to itself, and planning as soon as there is something to plan. */
import { bind, type Spec } from '../spec/index.ts';
import { expect } from 'vitest';
import { BreadthFirst } from './breadth-first.ts';
import type { PlanSchedule } from './planning.ts';
import { simpleExplorer } from './engines.test-support.ts';
import type { CheckOptions } from './options.ts';
import type { CheckResult } from './result.ts';

/** Small systems are planned for early, and again. */
const early: PlanSchedule = { first: 4, second: 10, growth: 1.2 };
/** Without a plan every part of a state is stored on its own. */
const never: PlanSchedule = { first: Infinity, second: Infinity, growth: Infinity };

/** A system in which learned answers are not audited unless that is asked for. */
export function learned<C, I>(spec: Spec<C, I>, options: CheckOptions = {}, schedule = early): CheckResult {
  const run = new BreadthFirst(bind(spec), { audit: 'none', ...options }, schedule);
  while (!run.advance(Infinity));
  return run.result('');
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
