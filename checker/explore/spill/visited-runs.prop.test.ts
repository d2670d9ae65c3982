/** Rows that gather, and the runs that they make, know what is among them, however they are cut into blocks. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { Batch, hashRow, mix } from '../../transition/index.ts';
import { Gathered } from './gathered.ts';
import { MemoryTapes } from './memory-tapes.test-support.ts';
import { compareRows } from './row-order.ts';
import { Mark, VisitedRuns } from './visited-runs.ts';

const words = 2;

/** Rows of two words: some are equal, and many have the hash of others. */
const row = fc.oneof(
  fc.tuple(fc.integer({ min: 0, max: 12 }), fc.integer({ min: -3, max: 3 })),
  // The second round of the hash takes what the first gave and the second word together.
  fc
    .tuple(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0, max: 2 }))
    .map(([a, b]) => [a, mix(0, a) ^ b] as const),
);
const rows = fc.array(row, { maxLength: 200 });

/** Adds rows to those that gather, each once; returns those that were added, in the order in which they came. */
function gather(gathered: Gathered, some: readonly (readonly [number, number])[]): string[] {
  const batch = new Batch(words, some.length + 1);
  for (const row of some) {
    batch.rows.set(row, batch.count * words);
    batch.add(-1, 0, 0);
  }
  const missing = new Int32Array(some.length);
  const added: string[] = [];
  for (let i = 0, count = gathered.missing(batch, missing); i < count; i++) {
    const k = missing[i] as number;
    const place = gathered.find(batch, k);
    if (place >= 0) continue;
    gathered.insert(batch, k, place);
    added.push(some[k]!.join());
  }
  return added;
}

function rowAt(gathered: Gathered, k: number): string {
  return gathered.items.rows.subarray(k * words, (k + 1) * words).join();
}

test('rows that gather are there once, in the order in which they came, and are given back in that of their hashes', () => {
  fc.assert(
    fc.property(rows, (some) => {
      const gathered = new Gathered(words, 200, undefined);
      const added = gather(gathered, some);
      expect(added).toEqual([...new Set(some.map((row) => row.join()))]);
      expect(added.map((_, k) => rowAt(gathered, k))).toEqual(added);
      const order = [...gathered.sorted()];
      expect(order.toSorted((a, b) => a - b)).toEqual(added.map((_, k) => k));
      const { rows: stored, hashes } = gathered.items;
      for (const [i, k] of order.slice(1).entries()) {
        const before = order[i] as number;
        const difference = (hashes[before]! >>> 0) - (hashes[k]! >>> 0);
        expect(difference || compareRows(stored, before * words, stored, k * words, words)).toBeLessThan(0);
      }
    }),
  );
});

test('many rows gather, and the table grows with them', () => {
  const many = Array.from({ length: 20_000 }, (_, i) => [i, i % 7] as const);
  const gathered = new Gathered(words, many.length, undefined);
  expect(gather(gathered, many).length).toBe(many.length);
  expect(gathered.isFull).toBe(true);
  expect(gather(gathered, many)).toEqual([]);
  const { hashes } = gathered.items;
  const sorted = Array.from(gathered.sorted(), (k) => hashes[k]! >>> 0);
  expect(sorted).toEqual(many.map((row) => hashRow(Int32Array.from(row), 0, words) >>> 0).toSorted((a, b) => a - b));
  gathered.clear();
  expect(gather(gathered, many.slice(0, 5)).length).toBe(5);
});

test('runs know which rows are among them, merged or not', () => {
  fc.assert(
    fc.property(
      fc.array(rows, { maxLength: 12 }),
      fc.constantFrom(1, 2, 6, 64),
      fc.constantFrom(1, 20, 200),
      fc.integer({ min: 2, max: 4 }),
      (parts, blockWords, aheadWords, fanIn) => {
        const tapes = new MemoryTapes();
        const runs = new VisitedRuns(tapes, words, Infinity, { aheadWords, bufferWords: 7, blockWords, fanIn });
        const gathered = new Gathered(words, 200, undefined);
        const seen = new Set<string>();
        for (const part of parts) {
          const added = gather(gathered, part);
          const order = gathered.sorted();
          runs.markKnown(gathered, order);
          for (const [k, row] of added.entries()) {
            expect(gathered.marks[k]).toBe(seen.has(row) ? Mark.known : Mark.new);
            seen.add(row);
          }
          runs.add(gathered, order);
          gathered.clear();
          runs.merge();
        }
        expect(tapes.bytes).toBe(4 * words * seen.size);
      },
    ),
  );
});
