import { expect, test } from 'vitest';

import { searchGuard } from './search-guard.ts';

function endless(): never {
  for (let turns = 0; ; turns += 1) if (turns < 0) break;
  throw new Error('It ended.');
}

test('a search that ends by itself is not stopped', () => {
  const { guard, shouldStop } = searchGuard();
  let found = 0;
  guard(() => (found = 42));
  expect({ found, stopped: shouldStop() }).toEqual({ found: 42, stopped: false });
});

test('Ctrl-C ends the innermost search, and says so to those around it', () => {
  const { guard, shouldStop, whyStopped } = searchGuard();
  const seen: string[] = [];
  guard(() => {
    guard(() => {
      process.kill(process.pid, 'SIGINT');
      endless();
    });
    seen.push(`the outer one goes on: ${shouldStop()}, since ${whyStopped()}`);
  });
  expect(seen).toEqual(['the outer one goes on: true, since it was stopped by Ctrl-C']);
});

test('a search that does not heed the time limit is ended', () => {
  const { guard, shouldStop, whyStopped } = searchGuard(10);
  guard(endless);
  expect({ stopped: shouldStop(), why: whyStopped() }).toEqual({ stopped: true, why: 'the time limit was reached' });
});

test('an error of the search passes through', () => {
  const error = new RangeError('mine');
  const { guard } = searchGuard();
  expect(() =>
    guard(() => {
      throw error;
    }),
  ).toThrow(error);
});
