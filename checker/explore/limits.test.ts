import { describe, expect, test } from 'vitest';
import { exhausted, tooDeep, tooLittleMemory, tooManyStates } from './limits.ts';

const unused = { milliseconds: 0, memoryBytes: 0 };

describe('limits', () => {
  test('nothing stops a search without limits', () => {
    expect(exhausted({}, { milliseconds: 1e12, memoryBytes: 1e12 })).toBeUndefined();
    expect(tooManyStates({}, 1e12)).toBeUndefined();
    expect(tooDeep({}, 1e6, 1e6)).toBeUndefined();
  });

  test('time is named in seconds', () => {
    expect(exhausted({ timeMs: 60_000 }, { ...unused, milliseconds: 59_999 })).toBeUndefined();
    expect(exhausted({ timeMs: 60_000 }, { ...unused, milliseconds: 60_000 })).toBe(
      'stopped after 60 s (--time-limit 60s)',
    );
    expect(exhausted({ timeMs: 1500 }, { ...unused, milliseconds: 1501 })).toBe(
      'stopped after 1.5 s (--time-limit 1.5s)',
    );
  });

  test.each([
    [4 * 1024 ** 3, 'stopped at 4 GiB of tables (--memory-limit 4g)'],
    [500 * 1024 ** 2, 'stopped at 500 MiB of tables (--memory-limit 500m)'],
    [64 * 1024, 'stopped at 64 KiB of tables (--memory-limit 64k)'],
    [1_000_000, 'stopped at 1,000,000 bytes of tables (--memory-limit 1000000)'],
  ])('a memory limit of %d bytes is named in its largest whole unit', (memoryBytes, reason) => {
    expect(exhausted({ memoryBytes }, { ...unused, memoryBytes: memoryBytes - 1 })).toBeUndefined();
    expect(exhausted({ memoryBytes }, { ...unused, memoryBytes })).toBe(reason);
  });

  test('as many states as allowed are no reason to stop, one more is', () => {
    expect(tooManyStates({ maxStates: 1000 }, 999)).toBeUndefined();
    expect(tooManyStates({ maxStates: 1000 }, 1000)).toBe('stopped at 1,000 states (--max-states 1000)');
    expect(tooManyStates({ maxStates: 1 }, 1)).toBe('stopped at 1 state (--max-states 1)');
    expect(tooManyStates({ maxStates: 1 }, 2)).toBe('stopped, as there are more states than --max-states 1 allows');
  });

  test('the last level allowed is not expanded, unless it is empty', () => {
    expect(tooDeep({ maxDepth: 12 }, 11, 5321)).toBeUndefined();
    expect(tooDeep({ maxDepth: 12 }, 12, 0)).toBeUndefined();
    expect(tooDeep({ maxDepth: 12 }, 12, 5321)).toBe(
      'stopped at depth 12 (--max-depth 12) with 5,321 states left to expand',
    );
  });
});

test('a table that would outgrow the limit when it grows ends the search before it does', () => {
  const used = { milliseconds: 0, memoryBytes: 3 * 1024 ** 3, growthBytes: 2 * 1024 ** 3 };
  expect(exhausted({ memoryBytes: 4 * 1024 ** 3 }, used)).toBe(
    'stopped before the tables outgrow 4 GiB (--memory-limit 4g)',
  );
  expect(exhausted({ memoryBytes: 6 * 1024 ** 3 }, used)).toBeUndefined();
});

test('a limit that is too small for the first state is an error that says what is needed', () => {
  expect(tooLittleMemory(1024, 116_000).message).toBe(
    '--memory-limit 1k is too small to begin: the tables of this spec take 114 KiB before the first step',
  );
});
