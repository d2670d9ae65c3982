/** Interned values: equal exactly when their numbers are. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { rawValues, rearranged } from '../value/arbitrary-value.test-support.ts';
import { canonical, equal } from '../value/index.ts';
import { ValueTable } from './value-table.ts';

test('two values have the same number exactly when they are equal', () => {
  fc.assert(
    fc.property(rawValues, rawValues, (a, b) => {
      const table = new ValueTable();
      const x = canonical(a);
      const y = canonical(b);
      expect(table.id(x) === table.id(y)).toBe(equal(x, y));
      expect(table.id(canonical(rearranged(a)))).toBe(table.id(x));
    }),
    { numRuns: 300 },
  );
});

test('numbers count from 1, and stand for one object each, the value that was seen first', () => {
  fc.assert(
    fc.property(fc.array(rawValues, { maxLength: 60, size: 'max' }), (raws) => {
      const table = new ValueTable();
      const ids = raws.map((raw) => table.id(canonical(raw)));
      expect([...new Set(ids)].toSorted((a, b) => a - b)).toEqual(Array.from({ length: table.size }, (_, i) => i + 1));
      for (const [i, raw] of raws.entries()) {
        const value = table.value(ids[i]!);
        expect(equal(value, canonical(raw))).toBe(true);
        expect(table.id(value)).toBe(ids[i]);
        expect(table.value(table.id(canonical(rearranged(raw))))).toBe(value);
      }
    }),
    { numRuns: 50 },
  );
});

test('thousands of values keep their numbers as the table grows', () => {
  const table = new ValueTable();
  const ids = Array.from({ length: 5000 }, (_, n) => table.id(canonical({ n, text: 'x'.repeat(n % 40) })));
  expect(ids).toEqual(Array.from({ length: 5000 }, (_, n) => n + 1));
  expect(ids.map((id) => (table.value(id) as { n: number }).n)).toEqual(ids.map((id) => id - 1));
  expect(table.id(canonical({ text: 'x'.repeat(7), n: 4007 }))).toBe(4008);
});

test('0 and -0 are one value, and 1 and 1n are two', () => {
  const table = new ValueTable();
  expect(table.id(0)).toBe(table.id(canonical(-0)));
  expect(table.id(1)).not.toBe(table.id(1n));
});
