/** The store of rows behaves as a plain map from the text of a row to its number. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Batch } from '../transition/index.ts';
import { StateStore } from './state-store.ts';

/** Rows of one length, with words that repeat, so that rows do, and with words of all bits. */
const rowsOf = (words: number, maxLength: number): fc.Arbitrary<number[][]> =>
  fc.array(
    fc.array(fc.oneof(fc.nat({ max: 6 }), fc.constantFrom(-1, 2 ** 31 - 1, -(2 ** 31))), {
      minLength: words,
      maxLength: words,
    }),
    { maxLength, size: 'max' },
  );

function batchOf(words: number, rows: readonly (readonly number[])[], parent: number): Batch {
  const batch = new Batch(words, 4);
  for (const row of rows) {
    batch.rows.set(row, batch.count * words);
    batch.add(parent, 0, 0);
  }
  return batch;
}

/** Stores rows batch by batch, as a search does; gives the number that each row has. */
function storeAll(
  store: StateStore,
  rows: readonly (readonly number[])[],
  batchSize: number,
  firstParent = 0,
): number[] {
  const numbers: number[] = [];
  for (let from = 0; from < rows.length; from += batchSize) {
    const batch = batchOf(store.words, rows.slice(from, from + batchSize), firstParent + from);
    const missing = new Int32Array(batch.capacity);
    const count = store.missing(batch, missing);
    const isMissing = new Set(missing.slice(0, count));
    for (let k = 0; k < batch.count; k++) {
      const found = store.find(batch, k);
      // What is stored is not missing; what is missing may come twice in a batch, and is stored once.
      if (!isMissing.has(k)) expect(found).toBeGreaterThanOrEqual(0);
      numbers.push(found >= 0 ? found : store.insert(batch, k, found));
    }
  }
  return numbers;
}

/** The numbers that a plain map gives to the texts of rows. */
function numbersOf(rows: readonly (readonly number[])[]): { numbers: number[]; distinct: number } {
  const plain = new Map<string, number>();
  const numbers = rows.map((row) => {
    const text = row.join();
    if (!plain.has(text)) plain.set(text, plain.size);
    return plain.get(text)!;
  });
  return { numbers, distinct: plain.size };
}

function rowAt(store: StateStore, row: number): number[] {
  return Array.from(store.rows.subarray(row * store.words, (row + 1) * store.words));
}

describe.each([1, 2, 3, 4])('rows of %d words', (words) => {
  test('are stored once each, in the order in which they come, however the table grows', () => {
    fc.assert(
      fc.property(rowsOf(words, 400), fc.integer({ min: 1, max: 60 }), (rows, batchSize) => {
        const store = new StateStore(words, 4);
        const { numbers, distinct } = numbersOf(rows);
        expect(storeAll(store, rows, batchSize)).toEqual(numbers);
        expect(store.count).toBe(distinct);
        for (const [i, row] of rows.entries()) expect(rowAt(store, numbers[i]!)).toEqual(row);
      }),
      { numRuns: 40 },
    );
  });

  test('keep their numbers and their parents when they are written in another form', () => {
    const cases = fc.tuple(rowsOf(words, 200), fc.integer({ min: 1, max: 4 }));
    fc.assert(
      fc.property(cases, ([rows, wider]) => {
        const store = new StateStore(words, 4);
        const numbers = storeAll(store, rows, 7);
        const parents = Array.from({ length: store.count }, (_, row) => store.parents.at(row));
        const next = words + wider;
        /** The new form: the old row backwards, then zeros. */
        const carried = (row: readonly number[]): number[] => [...row.toReversed(), ...Array<number>(wider).fill(0)];
        store.relayout(next, (old, from, to, at) => {
          to.set(carried(Array.from(old.subarray(from, from + words))), at);
        });
        expect(store.words).toBe(next);
        expect(storeAll(store, rows.map(carried), 5, 1000)).toEqual(numbers);
        expect(Array.from({ length: store.count }, (_, row) => store.parents.at(row))).toEqual(parents);
        const more = rows.map((row) => [...row, ...Array<number>(wider).fill(7)]);
        const all = [...rows.map(carried), ...more];
        expect(storeAll(store, all, 9, 2000)).toEqual(numbersOf(all).numbers);
      }),
      { numRuns: 40 },
    );
  });
});

test('a row is stored with the row that it was first reached from', () => {
  const store = new StateStore(1, 4);
  storeAll(store, [[5], [6], [5], [7], [6], [8]], 2);
  expect(Array.from({ length: store.count }, (_, row) => store.parents.at(row))).toEqual([0, 0, 2, 4]);
});

test('tens of thousands of rows that differ in one bit are told apart', () => {
  const store = new StateStore(2, 16);
  const rows = Array.from({ length: 40_000 }, (_, i) => (i % 2 === 0 ? [i >> 1, 0] : [0, (i >> 1) << 8]));
  const { numbers, distinct } = numbersOf(rows);
  expect(storeAll(store, rows, 4096)).toEqual(numbers);
  expect(store.count).toBe(distinct);
});

test('a look-up goes on where that of another thread ended, and finds rows that this one did not see', () => {
  fc.assert(
    fc.property(
      rowsOf(1, 200),
      rowsOf(1, 200),
      fc.integer({ min: 0, max: 200 }),
      fc.integer({ min: 0, max: 200 }),
      (stored, looked, visible, meanwhile) => {
        const store = new StateStore(1, 4);
        storeAll(store, stored, 7);
        const other = new StateStore(1, 1);
        other.attach(store.share(true)!);
        other.visible = visible;
        const batch = batchOf(1, looked, 1000);
        const missing = new Int32Array(batch.capacity);
        const count = other.missing(batch, missing);
        // What the other thread did not find, and what is stored before that is taken over.
        const handed = Array.from(missing.subarray(0, count), (k) => ({ row: looked[k]!, end: other.ends[k]! }));
        storeAll(store, looked.slice(0, meanwhile), 7, 500);
        const rows = handed.map(({ row }) => row);
        const { tableNumber } = other;
        const arrived = Object.assign(batchOf(1, rows, 1000), {
          ends: Int32Array.from(handed, ({ end }) => end),
          tableNumber,
        });
        const positions = new Int32Array(arrived.capacity);
        const before = store.count;
        const added = store.insertMissing(arrived, positions, store.missing(arrived, positions));
        const { distinct } = numbersOf([...stored, ...looked.slice(0, meanwhile), ...rows]);
        expect(store.count).toBe(distinct);
        expect(before + added).toBe(distinct);
      },
    ),
  );
});
