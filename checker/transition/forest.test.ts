/** The forest: what runs of user code have in common, and where they differ. */
import { describe, expect, test } from 'vitest';
import { idOf, isLeaf, isPlace, nothing, unknown } from './code.ts';
import { Forest, Inconsistent, type Asked } from './forest.ts';
import type { Effect } from './query.ts';

const ask = (query: number, answer: number): Asked => ({ query, answer });
const effects: readonly Effect[] = [{ slot: 0, key: 0, relative: false, value: 1, floor: 0 }];

describe('a tree', () => {
  test('begins at its first question, and leads from answers to leaves', () => {
    const forest = new Forest(2);
    const leaf = forest.enter(1, [ask(10, 1), ask(11, 5)], -1, effects);
    const root = forest.roots[1]!;
    expect([isPlace(root), forest.queryOf(idOf(root)), isLeaf(leaf)]).toEqual([true, 10, true]);
    const second = forest.child(idOf(root), 1);
    expect([forest.queryOf(idOf(second)), forest.child(idOf(second), 5)]).toEqual([11, leaf]);
    expect([forest.child(idOf(root), 2), forest.child(idOf(second), 6)]).toEqual([unknown, unknown]);
    expect([forest.parentOf(idOf(second)), forest.answerTo(idOf(second)), forest.routineOf(idOf(second))]).toEqual([
      idOf(root),
      1,
      1,
    ]);
    expect(forest.leaves[idOf(leaf)]).toEqual({ routine: 1, parent: idOf(second), answer: 5, effects });
    expect([forest.pathTo(idOf(leaf)).map(({ query }) => query), forest.size]).toEqual([[10, 11], 2]);
  });

  test('shares the beginning of two runs', () => {
    const forest = new Forest(1);
    forest.enter(0, [ask(1, 1), ask(2, 1)], -1, effects);
    forest.enter(0, [ask(1, 1), ask(2, 2), ask(3, 1)], -1, undefined);
    forest.enter(0, [ask(1, 2)], -1, undefined);
    expect(forest.size).toBe(3);
    expect(forest.child(idOf(forest.roots[0]!), 2)).toBe(nothing);
  });

  test('goes on at every element of a choice', () => {
    const forest = new Forest(1);
    const [a, b] = [1, 2].map((element) => forest.enter(0, [ask(7, element)], -1, effects));
    const root = idOf(forest.roots[0]!);
    expect([forest.child(root, 1), forest.child(root, 2)]).toEqual([a, b]);
  });

  test('ends at a choice among nothing, and goes on there for states that offer something', () => {
    const forest = new Forest(1);
    expect(forest.enter(0, [ask(1, 1)], 7, undefined)).toBe(nothing);
    const leaf = forest.enter(0, [ask(1, 1), ask(7, 3)], -1, effects);
    expect(forest.pathTo(idOf(leaf)).map(({ query }) => query)).toEqual([1, 7]);
  });

  test('may ask nothing at all', () => {
    const forest = new Forest(2);
    const leaf = forest.enter(0, [], -1, effects);
    forest.enter(1, [], -1, undefined);
    expect([...forest.roots]).toEqual([leaf, nothing]);
  });
});

describe('a run is inconsistent with an earlier one', () => {
  const entered = (): Forest => {
    const forest = new Forest(1);
    forest.enter(0, [ask(1, 1), ask(2, 1)], -1, effects);
    forest.enter(0, [ask(1, 1), ask(2, 2)], 7, undefined);
    return forest;
  };
  const runs: readonly (readonly [string, readonly Asked[], number])[] = [
    ['asks something else first', [ask(9, 1)], -1],
    ['asks something else after the same answers', [ask(1, 1), ask(9, 1)], -1],
    ['ends where that went on to ask', [ask(1, 1)], -1],
    ['asks where that ended', [ask(1, 1), ask(2, 1), ask(3, 1)], -1],
    ['makes a choice where that asked', [ask(1, 1)], 7],
    ['makes a choice where that ended', [ask(1, 1), ask(2, 1)], 7],
    ['makes another choice', [ask(1, 1), ask(2, 2)], 8],
  ];

  test.each(runs)('that %s', (_, path, last) => {
    expect(() => entered().enter(0, path, last, effects)).toThrow(Inconsistent);
  });

  test('but not where it does the same', () => {
    const forest = entered();
    const { size } = forest;
    forest.enter(0, [ask(1, 1), ask(2, 1)], -1, effects);
    forest.enter(0, [ask(1, 1), ask(2, 2)], 7, undefined);
    expect([forest.size, forest.leaves.length]).toEqual([size, 2]);
  });
});
