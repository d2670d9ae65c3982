import { expect, test } from 'vitest';

import { dependencies } from './dependencies.test-support.ts';
import { dependencyLines } from './dependencies-text.ts';
import { paintFor } from './paint.ts';

const plain = paintFor(false);

test('each action has a row and each variable a column; what is not known is a question mark', () => {
  expect(dependencyLines(dependencies, 'ok', plain)).toEqual([
    '  what actions read (R) and write (W)',
    '  action  inside.*  sent  the "lock"',
    '  enter   RW        W     R',
    '  leave   ·         R     W',
    '  guess   ?         ?     ?',
    '  not learned, since the code of the spec was called on every state: guess',
  ]);
});

test('a check that was not complete says so of its matrix', () => {
  expect(dependencyLines(dependencies, 'violation', plain)[0]).toBe(
    '  what actions read (R) and write (W), in the states that were explored',
  );
});

test('a matrix that is too wide is written in parts', () => {
  const names = Array.from({ length: 5 }, (_, i) => `variable${i}`.padEnd(20, '-'));
  const wide = {
    variables: Object.fromEntries(names.map((name) => [name, [name]])),
    actions: [{ action: 'act', learned: true, reads: [names[0]!], writes: [names[4]!] }],
    influences: [],
  };
  expect(dependencyLines(wide, 'ok', plain)).toEqual([
    '  what actions read (R) and write (W)',
    '  action  variable0-----------  variable1-----------  variable2-----------',
    '  act     R                     ·                     ·',
    '',
    '  action  variable3-----------  variable4-----------',
    '  act     ·                     W',
  ]);
});

test('there is no matrix of a spec without actions', () => {
  expect(dependencyLines({ variables: { x: ['x'] }, actions: [], influences: [] }, 'ok', plain)).toEqual([]);
});
