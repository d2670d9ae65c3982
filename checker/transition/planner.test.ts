/** Plans: what a few states and runs show about how states should be stored. */
import { describe, expect, test } from 'vitest';
import { bind, defineSpec, type System } from '../spec/index.ts';
import { canonical, show, type RecordValue } from '../value/index.ts';
import { LearnedSystem } from './learned-system.ts';
import { makePlan } from './planner.ts';

/** What is planned for some states of a system whose code was run on each of them: spread slots and groups, as text. */
function planned(system: System, states: readonly RecordValue[]): { spread: string[]; groups: string[][] } {
  const learned = new LearnedSystem(system, new Set());
  const layout = learned.firstLayout();
  layout.pack(16);
  const { relation } = learned.compile(layout);
  const sample = states.map((state) => {
    const ids = new Int32Array(layout.groups.length);
    layout.encode(state, ids);
    relation.lookAt(ids, ids);
    for (const routine of learned.learner.routines.keys()) {
      for (const { code } of relation.rootsOf(routine)) relation.walk(code, () => undefined);
    }
    return ids;
  });
  const { forest, queries } = learned.learner;
  const plan = makePlan({ layout, forest, queries, sample, taken: [], states: states.length });
  const { slots } = learned.shape;
  const text = ([slot, key]: readonly [number, number]): string =>
    `${slots[slot]!.path}${key === 0 ? '' : ` ${show(learned.values.value(key))}`}`;
  return {
    spread: slots.filter(({ index }) => plan.spread.has(index)).map(({ path }) => path),
    groups: plan.groups.map((group) => group.map(text).sort()).sort((a, b) => (a.join() < b.join() ? -1 : 1)),
  };
}

const subsets = (n: number): number[][] =>
  Array.from({ length: 2 ** n }, (_, bits) => Array.from({ length: n }, (_, i) => i).filter((i) => (bits >> i) & 1));

/** A system with one set, and an action that reads it. */
const seen = (read: (s: { seen: Iterable<number> & { has(x: number): boolean; size: number } }) => boolean) =>
  bind(
    defineSpec({
      name: 'Seen',
      init: () => ({ seen: new Set<number>(), n: 0 }),
      actions: {
        look(s) {
          if (read(s)) s.n = 1;
        },
      },
    }),
  );
/** A state of it. */
const state = (elements: readonly number[]): RecordValue => canonical({ seen: new Set(elements), n: 0 }) as RecordValue;

describe('a collection', () => {
  test('is kept as entries where nearly every state has one of its own', () => {
    expect(
      planned(
        seen((s) => s.seen.size > 3),
        subsets(8).map(state),
      ).spread,
    ).toEqual(['seen']);
  });

  test('is kept as entries where it is small and only asked for entries', () => {
    expect(
      planned(
        seen((s) => s.seen.has(1)),
        subsets(3).map(state),
      ).spread,
    ).toEqual(['seen']);
  });

  test('is kept as one value where few are different and it is asked for as a whole', () => {
    const few = Array.from({ length: 300 }, (_, i) => state(subsets(3)[i % 8]!));
    expect(
      planned(
        seen((s) => s.seen.size > 3),
        few,
      ).spread,
    ).toEqual([]);
  });
});

/** All states of four variables with values below `size`. */
const states = (size: number): RecordValue[] =>
  Array.from({ length: size ** 4 }, (_, i) => {
    const digit = (place: number): number => Math.floor(i / size ** place) % size;
    return canonical({ a: digit(0), b: digit(1), c: digit(2), d: digit(3) }) as RecordValue;
  });

describe('a group', () => {
  const system = bind(
    defineSpec({
      name: 'Groups',
      init: () => ({ a: 0, b: 0, c: 0, d: 0 }),
      actions: {
        first(s) {
          if (s.a === 1) s.b = 1;
        },
        second(s) {
          if (s.c === 1) s.d = 1;
        },
      },
    }),
  );
  test('holds what the same runs read and write', () => {
    expect(planned(system, states(5)).groups).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
  });

  test('of many tuples holds what hangs together, and not what is independent', () => {
    const many = Array.from(
      { length: 4000 },
      (_, i) => canonical({ a: i % 200, b: (i % 200) >> 1, c: i % 17, d: (i >> 5) % 19 }) as RecordValue,
    );
    expect(planned(system, many).groups).toEqual([['a', 'b'], ['c'], ['d']]);
  });

  test('holds what is used apart, too, where its tuples stay few', () => {
    expect(planned(system, states(2)).groups).toEqual([['a', 'b', 'c', 'd']]);
  });

  test('is not made where it would have too many tuples', () => {
    const many = Array.from(
      { length: 4000 },
      (_, i) => canonical({ a: i % 63, b: (i * 7) % 61, c: 0, d: 0 }) as RecordValue,
    );
    const { groups } = planned(system, many);
    expect(groups.filter((group) => group.includes('a') && group.includes('b'))).toEqual([]);
  });

  test('has each atom once, and there is none without a group', () => {
    for (const size of [2, 3, 6]) {
      expect(planned(system, states(size)).groups.flat().sort()).toEqual(['a', 'b', 'c', 'd']);
    }
  });
});
