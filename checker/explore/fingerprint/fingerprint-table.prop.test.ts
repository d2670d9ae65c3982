import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../core/index.ts';
import { FingerprintTable } from './fingerprint-table.ts';

/** A fingerprint as one integer. */
const asNumber = (high: number, low: number): bigint => (BigInt(high) << 32n) + BigInt(low);

/** Halves that are often equal to others, and often close together. */
const half = fc.oneof(
  fc.integer({ min: -3, max: 3 }),
  fc.integer(),
  fc.integer({ min: 0x1234_0000, max: 0x1234_00ff }),
);
const fingerprints = fc
  .uniqueArray(fc.tuple(half, half), { selector: ([high, low]) => `${high},${low}`, maxLength: 400 })
  .map((all) => all.filter(([high, low]) => high !== 0 || low !== 0));

describe('a table of fingerprints', () => {
  test('has those that were added, and no others', () => {
    fc.assert(
      fc.property(fingerprints, fc.nat(), (all, at) => {
        const table = new FingerprintTable();
        const added = all.slice(0, at % (all.length + 1));
        for (const [high, low] of added) table.add(high, low);
        expect(all.map(([high, low]) => table.has(high, low))).toEqual(all.map((_, i) => i < added.length));
      }),
    );
  });

  test('finds the smallest distance between two of them', () => {
    fc.assert(
      fc.property(fingerprints, (all) => {
        const table = new FingerprintTable();
        for (const [high, low] of all) table.add(high, low);
        const numbers = all.map(([high, low]) => asNumber(high, low)).sort((a, b) => (a < b ? -1 : 1));
        const distances = numbers.slice(1).map((n, i) => Number(n - numbers[i]!));
        expect(table.smallestDistance()).toBe(Math.min(...distances));
      }),
    );
  });

  test('grows in small steps, and stays nearly full', () => {
    const table = new FingerprintTable();
    const random = seededRandom(1);
    const draw = (): number => random.below(2 ** 32) | 0;
    const added = Array.from({ length: 300_000 }, () => [draw(), draw()] as const);
    for (const [high, low] of added) table.add(high, low);
    expect(added.every(([high, low]) => table.has(high, low))).toBe(true);
    expect(table.has(added[0]![0], added[0]![1] ^ 1)).toBe(false);
    expect(table.bytes / added.length).toBeLessThan(12.5);
  });
});
