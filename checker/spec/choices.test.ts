import { describe, expect, test } from 'vitest';

import { bagOf, canonical, mapValueOf, setOf } from '../value/index.ts';
import { Choices, domainElements } from './index.ts';
import type { Choose } from './index.ts';
import { noChoice } from './system.ts';

/** Runs a function for every sequence of choices; gives what each run returned, and its parameters. */
function runs(f: (choose: Choose) => unknown): unknown[] {
  const choices = new Choices();
  const results: unknown[] = [];
  do results.push([f(choices.choose), choices.parameters()]);
  while (choices.advance());
  return results;
}

describe('the sequences of choices', () => {
  test('are all of them, in the order of values, the last choice moving fastest', () => {
    const results = runs((choose) => [choose('a', [2, 1]), choose('b', ['y', 'x'])]);
    expect(results).toEqual([
      [[1, 'x'], { a: 1, b: 'x' }],
      [[1, 'y'], { a: 1, b: 'y' }],
      [[2, 'x'], { a: 2, b: 'x' }],
      [[2, 'y'], { a: 2, b: 'y' }],
    ]);
  });

  test('may depend on the choices before', () => {
    const results = runs((choose) => (choose('first', [true, false]) === true ? choose('second', [1, 2]) : 'none'));
    expect(results).toEqual([
      ['none', { first: false }],
      [1, { first: true, second: 1 }],
      [2, { first: true, second: 2 }],
    ]);
  });

  test('are one, empty, where nothing is chosen', () => {
    expect(runs(() => 'done')).toEqual([['done', {}]]);
  });

  test('go on after an empty domain', () => {
    const results = runs((choose) => {
      const n = choose('n', [0, 1]);
      return choose('m', n === 0 ? [] : [5]) === noChoice ? 'empty' : 'full';
    });
    expect(results).toEqual([
      ['empty', { n: 0 }],
      ['full', { n: 1, m: 5 }],
    ]);
  });

  test('list parameters in the order in which they were chosen', () => {
    const choices = new Choices();
    choices.choose('z', [1]);
    choices.choose('a', [2]);
    expect(Object.keys(choices.parameters())).toEqual(['z', 'a']);
  });

  test('must be the same when a function runs again', () => {
    let run = 0;
    const forgetful = (): unknown[] =>
      runs((choose) => {
        run += 1;
        choose('a', run === 1 ? [1, 2] : [1, 2, 3]);
      });
    expect(forgetful).toThrow(
      'after the same choices as before, pick was called for a (3 elements), where it had been called for a (2 elements): this code depends on something beside the state',
    );
  });
});

describe('a domain', () => {
  test('has its different elements, in the order of values', () => {
    expect(domainElements('x', [3, 1, 3, { a: 1 }, { a: 1 }])).toEqual([1, 3, { a: 1 }]);
    expect(domainElements('x', new Set([2, 1]))).toEqual([1, 2]);
    expect(domainElements('x', setOf([2, 1]))).toEqual([1, 2]);
    expect(domainElements('x', bagOf(['b', 'a', 'b']))).toEqual(['a', 'b']);
    expect(domainElements('x', mapValueOf([['k', 1]]))).toEqual([['k', 1]]);
    expect(domainElements('x', new Map([['k', 1]]))).toEqual([['k', 1]]);
  });

  test('that is constant is looked at once', () => {
    const constant = canonical([2, 1]);
    expect(domainElements('x', constant)).toBe(domainElements('x', constant));
  });

  test.each([
    [5, 'nothing can be chosen for x from 5: give an array, a set, a map or a bag'],
    ['abc', "nothing can be chosen for x from 'abc': give an array, a set, a map or a bag"],
    [undefined, 'nothing can be chosen for x from undefined: give an array, a set, a map or a bag'],
    [{ a: 1 }, 'nothing can be chosen for x from a record: for its keys use Object.keys'],
  ])('is not %j', (domain, message) => {
    expect(() => domainElements('x', domain)).toThrow(expect.objectContaining({ code: 'spec/domain', message }));
  });
});
