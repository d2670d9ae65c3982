import { expect, test } from 'vitest';
import { statesToCome } from './remaining.ts';

/** The ends of levels of these sizes. */
function endsOf(sizes: readonly number[]): number[] {
  return sizes.map((_, level) => sizes.slice(0, level + 1).reduce((sum, n) => sum + n, 0));
}

/** For each level from which on something is said: what is said, over what is true. */
function ratios(sizes: readonly number[]): readonly number[] {
  return sizes.slice(0, -1).flatMap((_, level) => {
    const said = statesToCome(endsOf(sizes.slice(0, level + 1)));
    const rest = sizes.slice(level + 1).reduce((sum, n) => sum + n, 0);
    return said === undefined ? [] : [Number((said / rest).toFixed(2))];
  });
}

test('nothing is said of levels that grow, or begin to shrink more slowly, or hardly shrink', () => {
  expect(statesToCome([])).toBeUndefined();
  expect(statesToCome(endsOf([1, 4]))).toBeUndefined();
  expect(statesToCome(endsOf([1, 4, 12, 15, 16]))).toBeUndefined();
  expect(statesToCome(endsOf([9, 100, 100, 20, 10]))).toBeUndefined();
  const slow = Array.from({ length: 6 }, (_, i) => Math.round(1e12 * 0.9999 ** i));
  expect(statesToCome(endsOf(slow))).toBeUndefined();
});

test('of levels that shrink by the same factor it is the rest of a geometric series', () => {
  expect(statesToCome(endsOf([9, 800, 400, 200, 100]))).toBe(99);
});

test('of levels that shrink faster and faster it is somewhat more than what is true', () => {
  expect(ratios([1, 9, 36, 84, 126, 126, 84, 36, 9, 1])).toEqual([1.96, 2.1, 2]);
  // Two-phase commit with 9 managers, from level 13 on.
  const levels = [
    980_772, 1_221_942, 1_364_688, 1_362_444, 1_213_527, 962_226, 677_089, 420_885, 229_617, 108_972, 44_472, 15_390,
    4446, 1053, 198, 27, 2,
  ];
  const said = ratios(levels);
  expect([said.length > 10, Math.min(...said) > 1, Math.max(...said) < 3]).toEqual([true, true, true]);
});
