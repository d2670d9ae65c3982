/** Records and collections need not keep the shape that they have at first: the engine finds out, and starts again. */
import { describe, expect, test } from 'vitest';
import { defineSpec, when } from '../spec/index.ts';
import { Bag } from '../value/index.ts';
import { expectSame, learned } from './learned.test-support.ts';

/** A part of the state that takes these values in turn. */
const cycle = <T>(values: readonly [T, ...T[]]) =>
  defineSpec({
    name: 'Shapes',
    init: () => ({ at: { part: values[0], n: 0 }, k: 0 }),
    actions: {
      next(s) {
        s.k = (s.k + 1) % values.length;
        (s.at as { part: unknown }).part = values[s.k];
      },
      count: (s) => void (s.at.n = (s.at.n + 1) % 3),
    },
    invariants: { sound: (s) => JSON.stringify(s.at.part) !== '' },
  });

describe('a record that changes its shape', () => {
  test.each<[string, [unknown, ...unknown[]]]>([
    ['gets and loses keys', [{ a: 1 }, { a: 1, b: 2 }, {}, { b: 2 }]],
    ['is null at times', [null, { term: 1 }]],
    ['is a tagged union', [{ type: 'idle' }, { type: 'busy', job: 3 }, { type: 'done', job: 3, result: 'x' }]],
    ['is a set, then null', [new Set([1]), null]],
    ['is a record, then a set, then a map, then a bag', [{ a: 1 }, new Set([1]), new Map([[1, 2]]), new Bag([1])]],
    ['nests what changes', [{ inner: { deep: { a: 1 } } }, { inner: { deep: { b: 1 } } }, { inner: null }]],
    ['is an array, then a record', [[1], { 0: 1 }]],
  ])('that %s is stored as one value', (_, values) => {
    expect(expectSame(cycle(values)).distinctStates).toBe(values.length * 3);
  });

  test('by adding and deleting keys in place', () => {
    const spec = defineSpec({
      name: 'Keys',
      init: () => ({ part: { a: 1 } as Record<string, number>, n: 0 }),
      actions: {
        add(s, { pick }) {
          const { key } = pick({ key: ['a', 'b', 'c'] });
          s.part[key] = (s.part[key] ?? 0) + 1;
          when(s.part[key] < 3);
        },
        remove(s, { pick }) {
          const { key } = pick({ key: Object.keys(s.part) });
          delete s.part[key];
        },
      },
    });
    expect(expectSame(spec).distinctStates).toBe(27);
  });

  test('even where the code catches whatever it throws', () => {
    const spec = defineSpec({
      name: 'Caught',
      init: () => ({ part: { a: 1 } as Record<string, number>, n: 0 }),
      actions: {
        change(s) {
          try {
            s.part = { b: 1 };
          } catch {
            s.n = 1;
          }
        },
      },
    });
    expect(expectSame(spec).distinctStates).toBe(2);
  });

  test('unless it is the state itself', () => {
    const spec = defineSpec({
      name: 'Variables',
      init: (): Record<string, number> => ({ n: 0 }),
      actions: { add: (s) => void (s['m'] = 1) },
    });
    const message = 'an action adds or removes a variable: every state has the same ones';
    expect(() => learned(spec)).toThrow(expect.objectContaining({ code: 'spec/variables', message }));
  });

  test('whatever its variables and fields are called', () => {
    const spec = defineSpec({
      name: 'Names',
      init: () => ({ '': { '': 0, a: 1 }, 'a.b': { x: 1 } as Record<string, number>, a: { b: { x: 0 } } }),
      actions: {
        empty: (s) => void (s[''][''] = (s[''][''] + 1) % 3),
        dotted: (s) => void (s['a.b'] = { y: 1 }),
        plain: (s) => void (s.a.b.x = 1),
      },
    });
    expect(expectSame(spec).distinctStates).toBe(12);
  });
});
