/** Layouts: whatever goes with what, a row stands for one state, also after entries were added. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Bag, canonical, equal, show, type RecordValue } from '../value/index.ts';
import { Layout, RowsOutgrown, type Plan } from './layout.ts';
import { StateShape } from './shape.ts';
import { ValueTable } from './value-table.ts';

const small = fc.nat({ max: 9 });

/** States of one shape, with a part of every kind. */
const states: fc.Arbitrary<RecordValue> = fc
  .record({
    n: small,
    at: fc.record({ x: small, on: fc.boolean() }),
    set: fc.uniqueArray(small, { maxLength: 6 }),
    map: fc.uniqueArray(fc.tuple(small, small), { maxLength: 4, selector: ([key]) => key }),
    bag: fc.array(small, { maxLength: 6 }),
  })
  .map(({ set, map, bag, ...rest }) => {
    return canonical({ ...rest, set: new Set(set), map: new Map(map), bag: new Bag(bag) }) as RecordValue;
  });

/** A plan: which collections are spread, and a group for each atom; entries of the numbers up to 4 are planned. */
function planOf(shape: StateShape, values: ValueTable, spreads: readonly boolean[], choices: readonly number[]): Plan {
  const collections = shape.slots.filter(({ kind }) => kind !== 'value').map(({ index }) => index);
  const spread = new Set(collections.filter((_, i) => spreads[i]));
  const planned = [0, 1, 2, 3, 4].map((n) => values.id(n));
  const atoms = shape.slots.flatMap(({ index }): [number, number][] =>
    spread.has(index) ? planned.map((key) => [index, key]) : [[index, 0]],
  );
  const groups: [number, number][][] = [];
  for (const [i, atom] of atoms.entries()) {
    const group = groups[(choices[i % choices.length] ?? 0) % (groups.length + 1)];
    if (group === undefined) groups.push([atom]);
    else group.push(atom);
  }
  return { spread, groups };
}

/** The group numbers of a state; the rows are packed anew where they have no room. */
function encoded(layout: Layout, state: RecordValue): Int32Array {
  const ids = new Int32Array(256);
  for (;;) {
    try {
      layout.encode(state, ids);
      return ids;
    } catch (error) {
      if (!(error instanceof RowsOutgrown)) throw error;
      layout.pack(1);
    }
  }
}

function rowOf(layout: Layout, ids: Int32Array): number[] {
  const row = new Int32Array(layout.words);
  layout.write(ids, row, 0);
  return Array.from(row);
}

test('a row stands for one state, and a state has one row', () => {
  const cases = fc.tuple(
    fc.array(states, { minLength: 1, maxLength: 40, size: 'max' }),
    fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }),
    fc.array(fc.nat({ max: 20 }), { minLength: 1, maxLength: 20 }),
  );
  fc.assert(
    fc.property(cases, ([list, spreads, choices]) => {
      const values = new ValueTable();
      const shape = new StateShape(list.slice(0, 1), new Set());
      const layout = new Layout(shape, values, planOf(shape, values, spreads, choices));
      const numbers = list.map((state) => encoded(layout, state));
      // All of them, after the last entry was added and the rows were packed for the last time.
      const rows = numbers.map((ids) => rowOf(layout, ids));
      const texts = new Map(rows.map((row, i) => [row.join(), show(list[i]!)]));
      expect(texts.size).toBe(new Set(list.map(show)).size);
      for (const [i, state] of list.entries()) {
        const ids = new Int32Array(256);
        layout.unpack(Int32Array.from([99, ...rows[i]!]), 1, ids);
        const decoded = layout.decode(ids);
        expect(show(decoded)).toBe(show(state));
        expect([equal(decoded, state), Object.isFrozen(decoded)]).toEqual([true, true]);
        expect(rowOf(layout, encoded(layout, state))).toEqual(rows[i]);
      }
    }),
    { numRuns: 150 },
  );
});

describe('the entries of a spread set', () => {
  const values = new ValueTable();
  const shape = new StateShape([canonical({ n: 0, set: new Set() }) as RecordValue], new Set());
  const [n, set] = shape.slots.map(({ index }) => index);
  const key = (i: number): number => values.id(i);
  const begin = (): Layout => new Layout(shape, values, { spread: new Set([set!]), groups: [[[n!, 0]]] });

  test('have no atom before they are written, and are absent in the rows from before', () => {
    const layout = begin();
    const ids = encoded(layout, canonical({ n: 3, set: new Set() }) as RecordValue);
    expect(layout.atom(set!, key(7))).toBe(-1);
    const { version } = layout;
    const atom = layout.entryAtom(set!, key(7));
    expect([layout.entryAtom(set!, key(7)), layout.version]).toEqual([atom, version + 1]);
    expect(layout.atomValue(atom, ids)).toBe(0);
    expect(show(layout.decode(ids))).toBe('{n: 3, set: Set{}}');
  });

  test('join one group while it has few tuples, and begin a new one after 64', () => {
    const layout = begin();
    layout.pack(2);
    for (let i = 0; i < 130; i++) {
      try {
        layout.entryAtom(set!, key(i));
      } catch (error) {
        expect(error).toBeInstanceOf(RowsOutgrown);
        layout.pack(2);
      }
    }
    expect(layout.groups.map(({ width }) => width)).toEqual([1, 64, 64, 2]);
  });

  test('begin a new group where the last has many tuples', () => {
    const layout = begin();
    const add = (i: number): number => layout.groupOfAtom(layout.entryAtom(set!, key(i)));
    layout.pack(9);
    expect([add(0), add(1), add(2)]).toEqual([1, 1, 1]);
    // 65 tuples: those of seven entries, and the one of zeros is among them.
    for (let i = 3; i < 7; i++) add(i);
    layout.pack(9);
    for (let i = 0; i < 65; i++) {
      layout.internTuple(
        1,
        Int32Array.from({ length: 7 }, (_, bit) => (i >> bit) & 1),
      );
    }
    expect(add(7)).toBe(2);
  });

  test('get a field of the row while it has room, without any row being written anew', () => {
    const layout = begin();
    const before = canonical({ n: 3, set: new Set() }) as RecordValue;
    const ids = encoded(layout, before);
    const row = Int32Array.from(rowOf(layout, ids));
    layout.entryAtom(set!, key(0));
    expect([layout.words, layout.fieldWord.length, layout.groups.length]).toEqual([1, 2, 2]);
    const again = new Int32Array(256);
    layout.unpack(row, 0, again);
    expect(show(layout.decode(again))).toBe(show(before));
  });

  test('take high bits that another group does not use, where the row has no room', () => {
    const layout = begin();
    const before = canonical({ n: 3, set: new Set() }) as RecordValue;
    const ids = encoded(layout, before);
    // Thirty bits are taken by the only other group.
    layout.pack(29);
    const row = Int32Array.from(rowOf(layout, ids));
    layout.entryAtom(set!, key(0));
    expect([...layout.fieldWord, ...layout.fieldShift, ...layout.fieldMax]).toEqual([0, 0, 0, 23, 2 ** 23 - 1, 127]);
    const again = new Int32Array(256);
    layout.unpack(row, 0, again);
    expect(show(layout.decode(again))).toBe(show(before));
  });

  test('ask for rows to be packed anew where there are no bits at all', () => {
    const flags = Object.fromEntries(Array.from({ length: 26 }, (_, i) => [`flag${i}`, 0]));
    const full = new StateShape([canonical({ ...flags, set: new Set() }) as RecordValue], new Set());
    const slots = full.slots.filter(({ kind }) => kind === 'value').map(({ index }) => [[index, 0] as const]);
    const { index } = full.slots.find(({ kind }) => kind === 'set')!;
    const layout = new Layout(full, values, { spread: new Set([index]), groups: slots });
    layout.pack(0);
    expect(() => layout.entryAtom(index, key(0))).toThrow(RowsOutgrown);
    layout.pack();
    expect([layout.atom(index, key(0)) >= 0, layout.fieldWord.length]).toEqual([true, 27]);
  });
});

const counted = (n: number): RecordValue => canonical({ a: n, b: n % 2, c: 0 }) as RecordValue;

test('a group that outgrows its field asks for rows to be packed anew', () => {
  const values = new ValueTable();
  const shape = new StateShape([canonical({ a: 0, b: 0, c: 0 }) as RecordValue], new Set());
  const groups = shape.slots.map(({ index }) => [[index, 0] as const]);
  const layout = new Layout(shape, values, { spread: new Set(), groups });
  const ids = new Int32Array(3);
  expect(() => {
    for (let n = 0; n < 2000; n++) layout.encode(counted(n), ids);
  }).toThrow(RowsOutgrown);
  layout.pack(12);
  for (let n = 0; n < 2000; n++) layout.encode(counted(n), ids);
  expect(show(layout.decode(ids))).toBe('{a: 1999, b: 1, c: 0}');
});
