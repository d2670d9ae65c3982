import { expect, test } from 'vitest';

import { callWithin, timedOut } from './time-limit.ts';

test('a call that ends in time gives its result', () => {
  expect(callWithin(10_000, () => 42)).toBe(42);
});

test('a call that never ends is ended', () => {
  let turns = 0;
  const endless = (): never => {
    for (;;) turns += 1;
  };
  expect(callWithin(20, endless)).toBe(timedOut);
  expect(turns).toBeGreaterThan(0);
});

test('an error passes through, the same object', () => {
  const error = new RangeError('mine');
  const thrower = (): never => {
    throw error;
  };
  expect(() => callWithin(10_000, thrower)).toThrow(error);
});

test('calls may be nested', () => {
  expect(callWithin(10_000, () => callWithin(10_000, () => 'inner'))).toBe('inner');
});
