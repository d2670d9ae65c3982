import { expect, test } from 'vitest';
import { statesToCome } from './remaining.ts';

/** The ends of levels of these sizes. */
function endsOf(sizes: readonly number[]): number[] {
  return sizes.map((_, level) => sizes.slice(0, level + 1).reduce((sum, n) => sum + n, 0));
}

test('nothing is said of levels that grow, or begin to shrink more slowly', () => {
  expect(statesToCome([])).toBeUndefined();
  expect(statesToCome(endsOf([1, 4]))).toBeUndefined();
  expect(statesToCome(endsOf([1, 4, 12, 15]))).toBeUndefined();
  expect(statesToCome(endsOf([9, 100, 20, 10]))).toBeUndefined();
});

test('of levels that shrink faster and faster it is the rest of a geometric series, so an upper bound', () => {
  expect(statesToCome(endsOf([9, 100, 90, 45]))).toBe(45);
  const bell = [1, 9, 36, 84, 126, 126, 84, 36, 9, 1];
  for (let known = 7; known < bell.length; known++) {
    const rest = bell.slice(known).reduce((sum, n) => sum + n, 0);
    expect(statesToCome(endsOf(bell.slice(0, known)))).toBeGreaterThanOrEqual(rest);
  }
});
