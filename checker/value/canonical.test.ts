import { describe, expect, test } from 'vitest';

import { Bag, canonical, maxNesting, setOf, show } from './index.ts';

class Account {
  balance = 0;
}

const cyclic: { name: string; self?: unknown } = { name: 'a' };
cyclic.self = { inside: [cyclic] };

function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let i = 0; i < depth; i++) value = [value];
  return value;
}

describe('what is no value is refused with the place, what was found and what would be right', () => {
  const refused: readonly (readonly [name: string, x: unknown, message: string])[] = [
    ['NaN', { a: { b: [1, NaN] } }, 'at a.b[1]: NaN is not a value: a number is finite; use null for "none"'],
    ['Infinity', -Infinity, '-Infinity is not a value: a number is finite; use null for "none"'],
    ['undefined', { a: undefined }, 'at a: undefined is not a value: use null, or leave the field out'],
    ['a function', { f() {} }, 'at f: the function f is not a value: a state holds data only'],
    ['an arrow', [() => 1], 'at [0]: a function is not a value: a state holds data only'],
    ['a symbol', Symbol('x'), 'a symbol is not a value: use a string'],
    ['a Date', { now: new Date(0) }, 'at now: a Date is not a value: keep time as a number'],
    ['a promise', Promise.resolve(1), 'a promise is not a value: actions are synchronous'],
    [
      'an instance of a class',
      { 'odd key': new Account() },
      "at ['odd key']: an instance of Account is not a value: use a plain record, an array, a Set, a Map or a Bag",
    ],
    [
      'an instance of a native class',
      new Uint8Array(2),
      'an instance of Uint8Array is not a value: use a plain record, an array, a Set, a Map or a Bag',
    ],
    [
      'a cycle',
      cyclic,
      'at self.inside[0]: an object that contains itself is not a value: a value is a tree; refer to other parts by a name or index',
    ],
    ['a hole', Array(2), 'an array with holes is not a value: fill them'],
    [
      'a named property of an array',
      Object.assign([1], { name: 2 }),
      'an array with named properties is not a value: use a record',
    ],
    [
      'a getter',
      {
        get x() {
          return 1;
        },
      },
      'at x: a getter or setter is not a value: a state holds data only',
    ],
    ['a symbol key', { [Symbol('s')]: 1 }, 'a record with the symbol key Symbol(s) is not a value: keys are strings'],
    [
      'a hidden property',
      Object.defineProperty({}, 'x', { value: 1 }),
      'at x: a property that is not enumerable is not a value: use a plain field',
    ],
    [
      'the key __proto__',
      JSON.parse('{"a":{"__proto__":1}}'),
      'at a: a record with the key __proto__ is not a value: choose another name',
    ],
    [
      'something inside a set',
      { votes: new Set([{ by: NaN }]) },
      'at votes: in an element of the set: at by: NaN is not a value: a number is finite; use null for "none"',
    ],
    [
      'something inside a key',
      new Map([[[undefined], 1]]),
      'in a key of the map: at [0]: undefined is not a value: use null, or leave the field out',
    ],
    [
      'something inside an entry',
      { m: new Map([['k', { x: NaN }]]) },
      `at m.get('k').x: NaN is not a value: a number is finite; use null for "none"`,
    ],
    [
      'too deep a nesting',
      nested(maxNesting + 1),
      `at ${'[0]'.repeat(maxNesting)}: something nested more than 500 deep is not a value: use an array in place of a linked list`,
    ],
  ];

  test.each(refused)('%s', (_, x, message) => {
    expect(() => canonical(x)).toThrow(expect.objectContaining({ code: 'value/refused', message }));
  });

  test('frozen or not', () => {
    expect(() => canonical(Object.freeze({ a: Object.freeze([undefined]) }))).toThrow(
      'at a[0]: undefined is not a value: use null, or leave the field out',
    );
  });
});

describe('what is a value', () => {
  test('nests as deep as the limit', () => {
    expect(show(canonical(nested(maxNesting)))).toHaveLength(2 * maxNesting + 1);
  });

  test('may occur in several places', () => {
    const shared = { x: 1 };
    expect(canonical({ a: shared, b: [shared, shared] })).toEqual({ a: { x: 1 }, b: [{ x: 1 }, { x: 1 }] });
  });

  test('may be a record without a prototype', () => {
    const record: unknown = Object.assign(Object.create(null), { b: 1, a: 2 });
    expect(Object.getPrototypeOf(canonical(record))).toBe(Object.prototype);
  });
});

describe('canonical form', () => {
  test('sorts keys as JavaScript lists them: array indices by size, then the others', () => {
    const keys = Object.keys(canonical({ b: 1, a: 1, '01': 1, 10: 1, 9: 1, B: 1, '-1': 1 }) as object);
    expect(keys).toEqual(['9', '10', '-1', '01', 'B', 'a', 'b']);
  });

  test('makes native sets and maps, and drafts of them, into sets and maps by value', () => {
    const native = new Set([
      { x: 1, y: 2 },
      { y: 2, x: 1 },
    ]);
    expect(show(canonical([native, new Map([[{ a: 1 }, 'x']]), new Bag(['b', 'a', 'b']), setOf([2, 1])]))).toBe(
      "[Set{{x: 1, y: 2}}, Map{{a: 1} => 'x'}, Bag{'a', 'b' ×2}, Set{1, 2}]",
    );
  });

  test('lets the later of two equal keys of a map count', () => {
    const map = new Map([
      [{ k: 1 }, 'first'],
      [{ k: 1 }, 'second'],
    ]);
    expect(show(canonical(map))).toBe("Map{{k: 1} => 'second'}");
  });

  test('texts are shown with their marks of the direction of writing escaped, which would make them look like others', () => {
    expect(show(canonical('a\u202eb\u200f\u2066\ufeff'))).toBe(String.raw`'a\u202eb\u200f\u2066\ufeff'`);
  });

  test('does not freeze or change what it was given', () => {
    const given = { b: [new Set([1])], a: setOf([2]) };
    canonical(given);
    given.b.push(new Set([3]));
    given.a.add(3);
    expect([given.b.length, given.a.size]).toEqual([2, 2]);
  });
});
