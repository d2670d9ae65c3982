import { describe, expect, test } from 'vitest';

import { unexpected } from './expectation.ts';
import { resultWith, violation } from './result.test-support.ts';
import { allAsExpected, trialsText, type Trial } from './trials.ts';

const good: Trial = {
  name: 'mutex',
  variant: 'small',
  expected: { result: 'ok', distinct: 1234, generated: 56789, depth: 12 },
  result: resultWith(),
};
const caught: Trial = {
  name: 'mutex',
  variant: 'without a lock',
  expected: { result: 'violation', breaks: 'mutualExclusion', steps: 2 },
  result: resultWith({ result: 'violation', violation, seconds: 12.345 }),
};
const missed: Trial = { ...caught, result: resultWith({ result: 'incomplete', reason: 'stopped' }) };

describe('what is expected of a result', () => {
  test('is met by equal figures, and by any where none is stated', () => {
    expect(unexpected(good.result, good.expected)).toEqual([]);
    expect(unexpected(good.result, { result: 'ok' })).toEqual([]);
    expect(unexpected(caught.result, caught.expected)).toEqual([]);
  });

  test('is compared figure by figure', () => {
    const expected = { result: 'ok', distinct: 1, generated: 2, depth: 3 } as const;
    expect(unexpected(caught.result, expected)).toEqual([
      'result: violation, not the ok expected',
      'distinct states: 1,234, not the 1 expected',
      'generated states: 56,789, not the 2 expected',
      'depth: 12, not the 3 expected',
    ]);
    expect(unexpected(good.result, caught.expected)).toEqual([
      'result: ok, not the violation expected',
      'violated property: none, not the mutualExclusion expected',
      'steps: none, not the 2 expected',
    ]);
  });
});

describe('the table of trials', () => {
  test('has a line for each, and says that all went as expected', () => {
    expect(allAsExpected([good, caught])).toBe(true);
    expect(trialsText([good, caught], ['spec', 'variant'])).toBe(
      `  spec   variant         result                            distinct  generated  depth     time
✓ mutex  small           holds                                1,234     56,789     12   0.50 s
✓ mutex  without a lock  mutualExclusion fails in 2 steps     1,234     56,789     12  12.35 s

All 2 as expected
`,
    );
  });

  test('says under a trial that went otherwise how it did', () => {
    expect(allAsExpected([good, missed])).toBe(false);
    expect(trialsText([good, missed], ['spec', 'variant'])).toBe(
      `  spec   variant         result      distinct  generated  depth    time
✓ mutex  small           holds          1,234     56,789     12  0.50 s
✗ mutex  without a lock  incomplete     1,234     56,789     12  0.50 s
    result: incomplete, not the violation expected
    violated property: none, not the mutualExclusion expected
    steps: none, not the 2 expected

1 of 2 not as expected
`,
    );
  });
});
