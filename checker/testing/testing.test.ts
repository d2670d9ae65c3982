import { describe, expect, test } from 'vitest';

import { defineSpec } from '../spec/index.ts';
import { checkSpec, maskFigures, matchers } from './index.ts';

expect.extend(matchers);

const counter = defineSpec({
  name: 'Counter',
  constants: { limit: 3 },
  init: () => ({ n: 0 }),
  actions: {
    add(s, { limit }) {
      s.n = (s.n + 1) % limit;
    },
  },
  invariants: { small: (s) => s.n < 3 },
  models: { small: { expected: { result: 'ok', distinct: 3, generated: 4, depth: 3 } } },
  mutants: { 'no limit': { constants: { limit: 10 }, breaks: 'small', steps: 3 } },
});

/** The message of a failing expectation, its figures masked. */
function failureOf(expectation: () => void): string {
  try {
    expectation();
  } catch (error) {
    return maskFigures((error as Error).message);
  }
  return 'it does not fail';
}

/** What it says before the report. */
function headingOf(expectation: () => void): string {
  return failureOf(expectation).split('\n\n')[0]!;
}

describe('the matchers', () => {
  test('accept what is so', () => {
    expect(checkSpec(counter)).toHold();
    expect(checkSpec(counter, { model: 'small' })).toBeAsExpected(counter.definition.models!['small']!.expected);
    expect(checkSpec(counter, { mutant: 'no limit' })).toViolate('small', { steps: 3 });
    expect(checkSpec(counter, { mutant: 'no limit' })).toViolate('small');
    expect(checkSpec(counter, { mutant: 'no limit' })).not.toHold();
  });

  test('show the counterexample where a spec does not hold', () => {
    expect(failureOf(() => expect(checkSpec(counter, { constants: { limit: 4 } })).toHold()))
      .toBe(`result: violation, not the ok expected

✗ Counter violates small after 3 steps

  0  initial state
       n  0
  1  add
       n  0 → 1
  2  add
       n  1 → 2
  3  add
       n  2 → 3

  small is false in state 3, where it read
    n  3

  4 distinct states, 4 generated, depth 4
  (time and memory)
  limit = 4

  action  taken  new states
  add         3           3
`);
  });

  test('say what else came out', () => {
    expect(headingOf(() => expect(checkSpec(counter)).toViolate('small'))).toBe(
      'result: ok, not the violation expected\nviolated property: none, not the small expected',
    );
    expect(headingOf(() => expect(checkSpec(counter, { mutant: 'no limit' })).toViolate('small', { steps: 4 }))).toBe(
      'steps: 3, not the 4 expected',
    );
    expect(headingOf(() => expect(checkSpec(counter)).not.toHold())).toBe('this was not to happen');
  });

  test('do not take an incomplete result for one that holds', () => {
    const result = checkSpec(counter, { limits: { maxStates: 2 } });
    expect(result).not.toHold();
    expect(result.result).toBe('incomplete');
  });
});

describe('the mask', () => {
  test('hides times and rates, and nothing else', () => {
    const figures = '  3 distinct states, 4 generated, depth 3\n';
    const times = '  0.01 s, 300 states/s, 1,234 bytes a state, 3 calls of actions, 1 of properties\n';
    expect(maskFigures(figures + times)).toBe(`${figures}  (time and memory)\n`);
  });

  test('hides the times of a table, however wide their column is', () => {
    const tables = [
      '  spec  depth   time\n✓ a         3  0.01 s\n',
      '  spec  depth     time\n✓ a         3  100.01 s\n',
    ];
    expect(tables.map(maskFigures)).toEqual(Array(2).fill('  spec  depth  time\n✓ a         3  …\n'));
  });
});
