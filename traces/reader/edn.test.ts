import { describe, expect, test } from 'vitest';

import { parseEdn, splitEdnMaps } from './edn.ts';

function values(text: string): unknown[] {
  return [...splitEdnMaps(text, 'history.edn')].map((form) => parseEdn(form, 'history.edn'));
}

function failure(text: string): string {
  try {
    values(text);
  } catch (error) {
    return (error as Error).message;
  }
  return 'no error';
}

describe('EDN', () => {
  test('reads all forms of a file, and the elements of one vector or list', () => {
    expect(values('{:a 1}\n{:a 2}')).toEqual([{ a: 1 }, { a: 2 }]);
    expect(values('[{:a 1} {:a 2}]')).toEqual([{ a: 1 }, { a: 2 }]);
    expect(values('({:a 1}, {:a 2})')).toEqual([{ a: 1 }, { a: 2 }]);
  });

  test('knows the line of each form', () => {
    const lines = [...splitEdnMaps('; a comment\n{:a\n 1}\n\n{:a "x\ny"}\n{:b 2}', 'f')].map(({ line }) => line);
    expect(lines).toEqual([2, 5, 7]);
  });

  test('keeps integers beyond 2^53 exact, and leaves texts that look like them alone', () => {
    expect(values('{:t 9007199254740993, :s "9007199254740993", :n -12345678901234567}')).toEqual([
      { t: 9_007_199_254_740_993n, s: '9007199254740993', n: -12_345_678_901_234_567n },
    ]);
  });

  test('makes plain data of keywords, symbols, sets and maps', () => {
    expect(values('{:type :ok, :value [[:r :x nil] #{1 2} {0 100} foo]}')).toEqual([
      { type: 'ok', value: [['r', 'x', null], new Set([1, 2]), { 0: 100 }, 'foo'] },
    ]);
  });

  test('is not misled by brackets in texts, comments and characters', () => {
    expect(values('{:a "}]" ; ]\n :b \\} :c 1}')).toEqual([{ a: '}]', b: '}', c: 1 }]);
  });

  test.each([
    ['{:a 1', "history.edn:1: '{' is not closed."],
    ['{:a [1}', "history.edn:1: '}' does not close the '[' of line 1."],
    ['{:a 1}\n}', "history.edn:2: '}' closes nothing."],
    ['{:a\n "x}', 'history.edn:2: a text is not closed.'],
    ['{:a 1}\nINFO log', 'history.edn:2: an operation is a map such as {:process 0, :type :invoke, …}, not INFO log'],
    ['[{:a 1} 2]', 'history.edn:1: an operation is a map such as {:process 0, :type :invoke, …}, not 2]'],
    [`{:a ${'['.repeat(300)}`, 'history.edn:1: brackets are nested more than 200 deep.'],
  ])('says where %j is wrong', (text, message) => {
    expect(failure(text)).toBe(message);
  });
});
