import { expect, test } from 'vitest';

import type { CheckResult, Violation } from '../explore/index.ts';
import { check } from '../property/index.ts';
import { bind, defineSpec, when, type Spec, type System } from '../spec/index.ts';
import { distinctSearch, distinctSentence, type Distinct, type DistinctBy } from './distinct.ts';
import { resultWith, violation as mutexViolation } from './result.test-support.ts';
import { checkReport } from './report.ts';
import { savedReport } from './saved.ts';
import { schemaErrors } from './schema.test-support.ts';
import { plainReport } from './text.ts';
import { writerFor } from './writers.ts';

/** Three ways to ten: in one step, in two, or by a fault; and a property of something else. */
const spec = defineSpec({
  name: 'Ways',
  init: () => ({ n: 0, odd: false }),
  actions: {
    jump(s) {
      s.n = 10;
    },
    half(s) {
      when(s.n === 0);
      s.n = 5;
    },
    rest(s) {
      when(s.n === 5);
      s.n = 10;
    },
    fall(s) {
      s.n = 10;
      s.odd = true;
    },
  },
  faults: { fall: () => true },
  invariants: { small: (s) => s.n < 10, even: (s) => !s.odd },
  transitionInvariants: { slow: (before, after) => after.n - before.n <= 5 },
  deadlock: false,
}) as unknown as Spec;

function all(system: System, by: DistinctBy): readonly Violation[] {
  const first = check(system).violation!;
  const search = distinctSearch(system, first, by);
  const found = [first];
  for (let next = search.next(); next !== undefined; next = search.next()) {
    const { violation }: CheckResult = check(next);
    if (search.found(violation)) found.push(violation!);
  }
  return found;
}

const actionsOf = ({ trace }: Violation): string =>
  trace
    .slice(1)
    .map(({ action }) => action)
    .join(' ');

test('counterexamples differ in their property, until no other fails', () => {
  expect(all(bind(spec), 'property').map(({ name }) => name)).toEqual(['small', 'slow', 'even']);
});

test('counterexamples differ in their actions, until each that is left has all of one', () => {
  expect(all(bind(spec), 'actions').map(actionsOf)).toEqual(['jump', 'fall', 'half rest']);
});

test('counterexamples differ in their faults: one without any is enough', () => {
  expect(all(bind(spec), 'faults').map(actionsOf)).toEqual(['jump']);
});

test('an action that is forbidden says nothing of a deadlock', () => {
  expect(() => distinctSearch(bind(spec), { ...mutexViolation, kind: 'deadlock' }, 'actions')).toThrowError(
    'counterexamples that differ in their actions are for invariants: a deadlock without some actions says nothing of the spec',
  );
});

test('how many there are is said, and what is known of more', () => {
  expect(distinctSentence('property', 2, 'enough')).toBe('2 other counterexamples, each of another property');
  expect(distinctSentence('property', 0, 'none left')).toBe(
    'No other counterexample was found; no other property fails',
  );
  expect(distinctSentence('actions', 1, 'none left')).toBe(
    'One other counterexample, with other actions; every counterexample of this property has all the actions of one of them or of the first',
  );
  expect(distinctSentence('faults', 1, 'incomplete')).toBe(
    'One other counterexample, with other faults; a limit ended the search for more',
  );
});

test('other counterexamples are written below the first, and saved with it', async () => {
  const sentence = distinctSentence('property', 1, 'none left');
  const distinct: Distinct = {
    by: 'property',
    sentence,
    counterexamples: [{ violation: { ...mutexViolation, name: 'other' } }],
  };
  const report = checkReport(resultWith({ result: 'violation', violation: mutexViolation }), { distinct });
  const text = plainReport(report);
  expect(text.split('\n').filter((line) => /^[✗O]/.test(line))).toEqual([
    '✗ Mutex violates mutualExclusion after 2 steps',
    `${sentence}.`,
    '✗ Mutex violates other after 2 steps',
  ]);
  expect(await writerFor('x.md')(report, {})).toContain('\n# Mutex violates other after 2 steps\n');
  expect(schemaErrors(report.document)).toBeNull();
  expect(plainReport(savedReport(JSON.parse(JSON.stringify(report.document))))).toBe(text);
});
