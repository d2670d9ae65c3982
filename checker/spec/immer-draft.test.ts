/** Drafts have the methods of arrays, and the methods that write keep the semantics of values. */
import { describe, expect, test } from 'vitest';

import { canonical, show } from '../value/index.ts';
import { openDraft } from './immer-draft.ts';

interface Entry {
  term: number;
}

/** Edits a draft of an array of records; gives the array afterwards, and what the edit returned. */
function edited(edit: (log: Entry[]) => unknown): unknown[] {
  const open = openDraft(canonical({ log: [{ term: 3 }, { term: 1 }, { term: 2 }] }));
  const result = edit((open.draft as { log: Entry[] }).log);
  const shown = result === undefined ? undefined : show(canonical(result));
  return [show(open.finish()), shown];
}

describe('the methods of arrays on a draft', () => {
  /** What each does to an array of three entries, and what it returns. */
  const writers: Readonly<Record<string, readonly [(log: Entry[]) => unknown, string, string | undefined]>> = {
    push: [(log) => log.push({ term: 9 }), '{log: [{term: 3}, {term: 1}, {term: 2}, {term: 9}]}', '4'],
    pop: [(log) => log.pop(), '{log: [{term: 3}, {term: 1}]}', '{term: 2}'],
    shift: [(log) => log.shift(), '{log: [{term: 1}, {term: 2}]}', '{term: 3}'],
    unshift: [(log) => log.unshift({ term: 9 }), '{log: [{term: 9}, {term: 3}, {term: 1}, {term: 2}]}', '4'],
    splice: [
      (log) => log.splice(1, 1, { term: 8 }, { term: 9 }),
      '{log: [{term: 3}, {term: 8}, {term: 9}, {term: 2}]}',
      '[{term: 1}]',
    ],
    reverse: [(log) => log.reverse(), '{log: [{term: 2}, {term: 1}, {term: 3}]}', '[{term: 2}, {term: 1}, {term: 3}]'],
    sort: [
      (log) => log.sort((a, b) => a.term - b.term),
      '{log: [{term: 1}, {term: 2}, {term: 3}]}',
      '[{term: 1}, {term: 2}, {term: 3}]',
    ],
    fill: [
      // That every place gets a copy of its own is what is tested.
      // oxlint-disable-next-line unicorn/no-array-fill-with-reference-type
      (log) => log.fill({ term: 7 }, 1),
      '{log: [{term: 3}, {term: 7}, {term: 7}]}',
      '[{term: 3}, {term: 7}, {term: 7}]',
    ],
    copyWithin: [
      (log) => log.copyWithin(0, 1),
      '{log: [{term: 1}, {term: 2}, {term: 2}]}',
      '[{term: 1}, {term: 2}, {term: 2}]',
    ],
  };

  test.each(Object.entries(writers))('%s writes', (_, [edit, after, result]) => {
    expect(edited(edit)).toEqual([after, result]);
  });

  /** These only read: they are the native ones, and see drafts. */
  const readers =
    'at concat entries every filter find findIndex findLast findLastIndex flat flatMap forEach includes indexOf join keys lastIndexOf map reduce reduceRight slice some toLocaleString toReversed toSorted toSpliced toString values with';

  test('are all known: a new one must be looked at', () => {
    const known = new Set(['constructor', 'length', ...readers.split(' '), ...Object.keys(writers)]);
    const names = Reflect.ownKeys(Array.prototype).filter((key) => typeof key === 'string');
    expect(names.filter((name) => !known.has(name))).toEqual([]);
  });

  test('that read see what was written', () => {
    const [, result] = edited((log) => {
      log[1]!.term = 5;
      log.push({ term: 6 });
      return [
        log.at(-1),
        log.slice(1, 2),
        log.map(({ term }) => term),
        log.findLast(({ term }) => term > 4),
        log.with(0, { term: 0 }).length,
      ];
    });
    expect(result).toBe('[{term: 6}, [{term: 5}], [3, 5, 2, 6], {term: 6}, 4]');
  });

  test('find an element that was taken from the array', () => {
    const [, result] = edited((log) => [log.indexOf(log[1]!), log.includes(log[2]!), log.indexOf({ term: 3 })]);
    expect(result).toBe('[1, true, -1]');
  });
});

describe('what is assigned is copied', () => {
  test('so that two places never change together', () => {
    const open = openDraft(canonical({ a: { n: 1 }, b: { n: 2 } }));
    const s = open.draft as { a: { n: number }; b: { n: number } };
    s.a = s.b;
    s.a.n = 5;
    s.b.n += 1;
    expect(show(open.finish())).toBe('{a: {n: 5}, b: {n: 3}}');
  });

  test('so that two places can be swapped', () => {
    const open = openDraft(canonical({ a: { n: 1 }, b: { n: 2 } }));
    const s = open.draft as { a: { n: number }; b: { n: number } };
    [s.a, s.b] = [s.b, s.a];
    expect(show(open.finish())).toBe('{a: {n: 2}, b: {n: 1}}');
  });

  test('so that what the caller still holds does not change with it', () => {
    const open = openDraft(canonical({ log: [0] }));
    const s = open.draft as { log: number[] };
    const mine = [1];
    s.log = mine;
    mine.push(2);
    s.log.push(3);
    expect([mine, show(open.finish())]).toEqual([[1, 2], '{log: [1, 3]}']);
  });

  test('and a part that was replaced is no longer part of the state', () => {
    const open = openDraft(canonical({ a: { n: 1 } }));
    const s = open.draft as { a: { n: number } };
    const old = s.a;
    s.a = { n: 2 };
    old.n = 3;
    expect([old.n, show(open.finish())]).toEqual([3, '{a: {n: 2}}']);
  });

  test('while elements that an array moves stay parts of it', () => {
    const open = openDraft(canonical({ log: [{ n: 1 }, { n: 2 }] }));
    const s = open.draft as { log: { n: number }[] };
    const second = s.log[1]!;
    const first = s.log.shift()!;
    second.n = 5;
    first.n = 6;
    s.log.push(first);
    expect(show(open.finish())).toBe('{log: [{n: 5}, {n: 6}]}');
  });

  test('and native sets and maps become sets and maps by value', () => {
    const open = openDraft(canonical({ s: new Set([1]), m: null }));
    const s = open.draft as { s: unknown; m: unknown };
    s.s = new Set([{ a: 1 }, { a: 1 }]);
    s.m = new Map([[{ k: 1 }, new Set([2])]]);
    (s.s as Set<unknown>).add({ a: 2 });
    expect(show(open.finish())).toBe('{m: Map{{k: 1} => Set{2}}, s: Set{{a: 1}, {a: 2}}}');
  });
});

describe('a draft', () => {
  test('of a value without parts is that value', () => {
    const open = openDraft(5);
    expect([open.draft, open.finish()]).toEqual([5, 5]);
  });

  test('may be of a set, a map or a bag', () => {
    const open = openDraft(canonical(new Set([1])));
    (open.draft as Set<number>).add(2);
    expect(show(open.finish())).toBe('Set{1, 2}');
  });

  test('looks like the record or array that it is of', () => {
    const { draft } = openDraft(canonical({ b: 1, a: [1, { c: 2 }], s: new Set([1]) }));
    const s = draft as { a: unknown[] };
    expect([Object.keys(s), 'a' in s, Object.hasOwn(s, 'z'), Array.isArray(s.a)]).toEqual([
      ['a', 'b', 's'],
      true,
      false,
      true,
    ]);
    expect(JSON.stringify(s)).toBe('{"a":[1,{"c":2}],"b":1,"s":{"#set":[1]}}');
    expect({ ...s }).toMatchObject({ b: 1 });
    expect(Object.entries(s.a)).toEqual([
      ['0', 1],
      ['1', { c: 2 }],
    ]);
    expect(s.a === s.a).toBe(true);
  });
});
