/** The tables of integers behave as plain maps and arrays do. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { IntList, PairMap, TupleTable } from './int-tables.ts';

/** Few enough that pairs and tuples come again, with the extremes. */
const integers = fc.oneof(fc.integer({ min: -3, max: 12 }), fc.constantFrom(2 ** 31 - 1, -(2 ** 31), 65536));
const naturals = fc.oneof(fc.nat({ max: 12 }), fc.constantFrom(2 ** 31 - 1, 65536));

describe('a list', () => {
  test('holds what was pushed, in order', () => {
    fc.assert(
      fc.property(fc.array(integers, { maxLength: 300, size: 'max' }), (items) => {
        const list = new IntList();
        expect(items.map((item) => list.push(item))).toEqual(items.map((_, i) => i));
        expect([list.length, items.map((_, i) => list.at(i))]).toEqual([items.length, items]);
      }),
    );
  });
});

describe('a map of pairs', () => {
  const writes = fc.array(fc.tuple(naturals, integers, fc.integer({ min: 1, max: 5 })), {
    maxLength: 600,
    size: 'max',
  });

  test('gives what was set last, and 0 for what was never set', () => {
    fc.assert(
      fc.property(writes, fc.array(fc.tuple(naturals, integers)), (entries, absent) => {
        const map = new PairMap();
        const plain = new Map<string, number>();
        for (const [a, b, value] of entries) {
          map.set(a, b, value);
          plain.set(`${a},${b}`, value);
        }
        expect(map.size).toBe(plain.size);
        for (const [a, b] of [...entries, ...absent]) expect(map.get(a, b)).toBe(plain.get(`${a},${b}`) ?? 0);
      }),
      { numRuns: 50 },
    );
  });
});

describe('a table of tuples', () => {
  const tuples = fc
    .integer({ min: 0, max: 5 })
    .chain((width) =>
      fc.array(fc.array(integers, { minLength: width, maxLength: width }), { maxLength: 300, size: 'max' }),
    );

  test('gives equal tuples the same number, and different tuples different ones, counted from 0', () => {
    fc.assert(
      fc.property(tuples, (list) => {
        const table = new TupleTable(list[0]?.length ?? 1);
        const plain = new Map<string, number>();
        for (const tuple of list) {
          const known = plain.get(tuple.join()) ?? plain.size;
          plain.set(tuple.join(), known);
          expect(table.intern(Int32Array.from([9, ...tuple]), 1)).toBe(known);
        }
        expect(table.count).toBe(plain.size);
      }),
      { numRuns: 50 },
    );
  });

  test('keeps the numbers of its tuples, which end in zeros, as it widens', () => {
    fc.assert(
      fc.property(tuples, fc.integer({ min: 1, max: 4 }), (list, columns) => {
        const table = new TupleTable(list[0]?.length ?? 1);
        const numbers = list.map((tuple) => table.intern(Int32Array.from(tuple)));
        for (let i = 0; i < columns; i++) table.widen();
        const zeros = Array.from({ length: columns }, () => 0);
        const { width, count } = table;
        for (const [i, tuple] of list.entries()) {
          const id = numbers[i]!;
          expect(Array.from(table.items.subarray(id * width, (id + 1) * width))).toEqual([...tuple, ...zeros]);
          expect(table.intern(Int32Array.from([...tuple, ...zeros]))).toBe(id);
        }
        // What differs only in a new column is another tuple.
        const others = list.map((tuple) => table.intern(Int32Array.from([...tuple, ...zeros.slice(1), 1])));
        expect(others.every((id) => id >= count)).toBe(true);
        expect(table.count).toBe(2 * count);
      }),
      { numRuns: 50 },
    );
  });
});
