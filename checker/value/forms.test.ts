/** Differences, text, paths and JSON. */
import { describe, expect, test } from 'vitest';

import {
  bagOf,
  canonical,
  decode,
  diff,
  encode,
  equal,
  fromJson,
  mapValueOf,
  setOf,
  show,
  showCall,
  showPath,
  toJson,
} from './index.ts';
import type { Change } from './index.ts';

function changes(before: unknown, after: unknown): string[] {
  return diff(canonical(before), canonical(after)).map(describeChange);
}

function describeChange(change: Change): string {
  const path = showPath(change.path);
  if (change.kind !== 'changed') return `${path} ${change.kind} ${show(change.element)} ×${String(change.count)}`;
  const { before, after } = change;
  return `${path}: ${before === undefined ? 'nothing' : show(before)} -> ${after === undefined ? 'nothing' : show(after)}`;
}

describe('a difference', () => {
  test('is as narrow as it can be named', () => {
    const before = {
      a: { x: 1, y: 2 },
      s: setOf([1, 2]),
      b: bagOf(['m', 'm']),
      m: mapValueOf([['k', { n: 1 }]]),
      l: [1, 2],
    };
    const after = {
      a: { x: 1, y: 3 },
      s: setOf([2, 3]),
      b: bagOf(['m', 'n']),
      m: mapValueOf([['k', { n: 2 }]]),
      l: [1, 5],
    };
    expect(changes(before, after)).toEqual([
      'a.y: 2 -> 3',
      "b removed 'm' ×1",
      "b added 'n' ×1",
      'l[1]: 2 -> 5',
      "m.get('k').n: 1 -> 2",
      's removed 1 ×1',
      's added 3 ×1',
    ]);
  });

  test('names fields and entries that came or went', () => {
    expect(changes({ a: 1, c: 1 }, { b: 1, c: 1 })).toEqual(['a: 1 -> nothing', 'b: nothing -> 1']);
    expect(changes(new Map([[1, 2]]), new Map([[2, 2]]))).toEqual(['get(1): 2 -> nothing', 'get(2): nothing -> 2']);
  });

  test('of arrays is by index where one begins with the other, and whole otherwise', () => {
    expect(changes([1], [1, 2, 3])).toEqual(['[1]: nothing -> 2', '[2]: nothing -> 3']);
    expect(changes([1, 2], [1])).toEqual(['[1]: 2 -> nothing']);
    expect(changes([1, 2, 3], [2, 3])).toEqual([': [1, 2, 3] -> [2, 3]']);
    expect(changes({ q: [] }, { q: [1] })).toEqual(['q: [] -> [1]']);
  });

  test('of kinds is whole', () => {
    expect(changes({ x: [1] }, { x: new Set([1]) })).toEqual(['x: [1] -> Set{1}']);
  });
});

describe('text', () => {
  test('is as JavaScript would write it', () => {
    const value = {
      type: 'vote',
      'odd key': "it's",
      n: [-0, 1.5, 2n, null, true],
      e: {},
      quote: '"',
      line: '\n\u2028',
    };
    expect(show(canonical(value))).toBe(
      `{e: {}, line: '\\n\\u2028', n: [0, 1.5, 2n, null, true], 'odd key': 'it\\'s', quote: '"', type: 'vote'}`,
    );
  });

  test('of a step has names without quotes, where that cannot be misread', () => {
    expect(showCall('tick', {})).toBe('tick');
    expect(showCall('send', { from: 'n1', m: { n: 1 }, text: '1', none: null })).toBe(
      "send(from=n1, m={n: 1}, text='1', none=null)",
    );
  });

  test('of a path is as JavaScript would write it', () => {
    expect(showPath(['nodes', 'n1', 'log', 2, 'odd key', { key: { a: 1 } }, 'x'])).toBe(
      "nodes.n1.log[2]['odd key'].get({a: 1}).x",
    );
    expect(showPath([])).toBe('');
  });
});

describe('JSON', () => {
  test('has a form for what JSON lacks', () => {
    const value = canonical({
      s: setOf([1]),
      m: mapValueOf([[[1], 2]]),
      b: bagOf(['x', 'x']),
      n: -5n,
      '#set': [],
      '##': 1,
    });
    expect(JSON.stringify(toJson(value))).toBe(
      '{"###":1,"##set":[],"b":{"#bag":[["x",2]]},"m":{"#map":[[[1],2]]},"n":{"#bigint":"-5"},"s":{"#set":[1]}}',
    );
    expect(show(fromJson(toJson(value)))).toBe(show(value));
  });

  const known =
    'known are {"#set": [...]}, {"#map": [[key, value], ...]}, {"#bag": [[element, count], ...]} and {"#bigint": "12"}';
  test.each([
    ['an unknown form', { '#tuple': [1] }, `the tag "#tuple"`],
    ['a set that is no array', { '#set': 1 }, `"#set" with 1`],
    ['an entry that is no pair', { '#map': [[1]] }, `"#map" with [1] where a pair belongs`],
    ['a count that is no number', { '#bag': [['x', 'y']] }, `a count that is "y"`],
    ['a bigint that is none', { '#bigint': '1.5' }, `"#bigint" with "1.5"`],
    ['a form beside other fields', { '#set': [], a: 1 }, 'the field "#set" beside other fields'],
  ])('%s is refused', (_, json, found) => {
    const message = `not the JSON form of a value: ${found}; ${known}`;
    expect(() => fromJson(json)).toThrow(expect.objectContaining({ code: 'value/json', message }));
  });

  test('that is no value is refused', () => {
    expect(() => fromJson({ a: undefined })).toThrow(
      'at a: undefined is not a value: use null, or leave the field out',
    );
    expect(() => fromJson(JSON.parse('{"__proto__":{"a":1}}'))).toThrow(
      'a record with the key __proto__ is not a value: choose another name',
    );
  });
});

describe('bytes', () => {
  test.each([
    ['nothing', [], 'they end too early'],
    ['cut off', [8, 2, 0], 'they end too early'],
    ['followed by more', [0, 0], 'something follows'],
    ['of no kind', [99], 'there is no kind 99'],
    ['of a number beyond 2⁵³', [3, ...Array<number>(8).fill(255), 1], 'a number is too large'],
    ['of a bigint with other signs', [6, 1, 33], 'a bigint has other signs than digits'],
    [
      'nested without end',
      Array.from({ length: 1200 }, (_, i) => (i % 2 === 0 ? 8 : 1)),
      'values nest more than 500 deep',
    ],
  ])('that are %s are refused', (_, bytes, why) => {
    const message = `these bytes are not the form of a value: ${why}`;
    expect(() => decode(Uint8Array.from(bytes))).toThrow(expect.objectContaining({ code: 'value/bytes', message }));
  });

  test('keep what text encodings lose', () => {
    expect(decode(encode('\ud800\u0000'))).toBe('\ud800\u0000');
  });
});

describe('equal', () => {
  test('compares by value what === compares by identity', () => {
    expect(equal({ a: [1, new Set([{ b: 1 }])] }, { a: [1, setOf([{ b: 1 }])] })).toBe(true);
    expect(equal([1, 2], [2, 1])).toBe(false);
    expect(equal(0, -0)).toBe(true);
    expect(equal('1', 1)).toBe(false);
  });

  test('refuses what is no value', () => {
    expect(() => equal(undefined, 1)).toThrow('undefined is not a value: use null, or leave the field out');
  });
});
