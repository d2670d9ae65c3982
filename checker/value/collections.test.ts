/** Sets, maps and bags: by value, in order, and complete beside the native ones. */
import { describe, expect, test } from 'vitest';

import { bagOf, Bag, canonical, MapApi, mapValueOf, SetApi, setOf, show } from './index.ts';
import type { MapValue, SetValue, Value } from './index.ts';

const vote = (by: string, granted = true): { type: 'vote'; by: string; granted: boolean } => ({
  type: 'vote',
  by,
  granted,
});

describe('a set', () => {
  test('compares its elements by value', () => {
    const set = setOf([vote('b'), vote('a')]);
    set.add({ granted: true, by: 'a', type: 'vote' });
    expect([set.size, set.has(vote('a')), set.has(vote('a', false))]).toEqual([2, true, false]);
    set.delete(vote('a'));
    set.delete(vote('z'));
    expect(show(canonical(set))).toBe("Set{{by: 'b', granted: true, type: 'vote'}}");
    set.clear();
    expect(set.size).toBe(0);
  });

  test('is iterated in canonical order, however it is iterated', () => {
    const set = setOf([3, 1, 2]);
    const visited: number[] = [];
    set.forEach((x) => visited.push(x));
    expect(visited).toEqual([1, 2, 3]);
    for (const elements of [[...set], [...set.values()], [...set.keys()], set.toArray()])
      expect(elements).toEqual([1, 2, 3]);
    expect([...set.entries()]).toEqual([
      [1, 1],
      [2, 2],
      [3, 3],
    ]);
  });

  test('finds the elements that match a query', () => {
    const set = setOf([vote('a'), vote('b', false), vote('c')]);
    expect(set.where({ granted: true }).map(({ by }) => by)).toEqual(['a', 'c']);
    expect(set.where({ granted: true, by: 'b' }).size).toBe(0);
    expect(setOf([1, 2]).where(2).toArray()).toEqual([2]);
    expect(
      setOf<unknown>([[1], { 0: 1 }])
        .where({ 0: 1 })
        .toArray(),
    ).toEqual([{ 0: 1 }]);
  });

  test('has the methods of arrays that sets need', () => {
    const set = setOf([1, 2, 3]);
    expect([set.some((x) => x > 2), set.every((x) => x > 2), set.find((x) => x > 1)]).toEqual([true, false, 2]);
    expect([set.filter((x) => x > 1).toArray(), set.map((x) => x * 2)]).toEqual([
      [2, 3],
      [2, 4, 6],
    ]);
  });

  test('has the operations of sets, on any iterable and by value', () => {
    const set = setOf([{ n: 1 }, { n: 2 }]);
    const other = [{ n: 2 }, { n: 3 }];
    const texts = [set.union(other), set.intersection(other), set.difference(other), set.symmetricDifference(other)];
    expect(texts.map((result) => show(canonical(result)))).toEqual([
      'Set{{n: 1}, {n: 2}, {n: 3}}',
      'Set{{n: 2}}',
      'Set{{n: 1}}',
      'Set{{n: 1}, {n: 3}}',
    ]);
    expect([set.isSubsetOf(other), set.isSubsetOf([...other, { n: 1 }])]).toEqual([false, true]);
    expect([set.isSupersetOf(other), set.isSupersetOf(new Set([{ n: 2 }]))]).toEqual([false, true]);
    expect([set.isDisjointFrom(other), set.isDisjointFrom([{ n: 3 }])]).toEqual([false, true]);
  });
});

describe('a map', () => {
  test('compares its keys by value', () => {
    const map = mapValueOf([[{ from: 'a', to: 'b' }, 1]]);
    map.set({ to: 'b', from: 'a' }, 2);
    map.update({ from: 'b', to: 'a' }, (n) => (n ?? 10) + 1);
    expect(show(canonical(map))).toBe("Map{{from: 'a', to: 'b'} => 2, {from: 'b', to: 'a'} => 11}");
    map.delete({ from: 'a', to: 'b' });
    expect([map.size, map.has({ from: 'a', to: 'b' }), map.get({ from: 'a', to: 'b' })]).toEqual([1, false, undefined]);
    map.clear();
    expect([...map]).toEqual([]);
  });

  test('is iterated in canonical order of its keys', () => {
    const map = mapValueOf([
      ['b', 1],
      ['a', 2],
    ]);
    const visited: unknown[] = [];
    map.forEach((value, key) => visited.push([key, value]));
    for (const entries of [[...map], [...map.entries()], visited])
      expect(entries).toEqual([
        ['a', 2],
        ['b', 1],
      ]);
    expect([[...map.keys()], [...map.values()]]).toEqual([
      ['a', 'b'],
      [2, 1],
    ]);
  });
});

describe('a bag', () => {
  test('counts equal elements', () => {
    const bag = bagOf([{ n: 1 }, { n: 2 }, { n: 1 }]);
    bag.add({ n: 2 }, 3);
    bag.delete({ n: 1 });
    expect([bag.count({ n: 1 }), bag.count({ n: 2 }), bag.count({ n: 3 })]).toEqual([1, 4, 0]);
    expect([bag.size, bag.distinct, bag.has({ n: 1 }), bag.has({ n: 3 })]).toEqual([5, 2, true, false]);
    bag.delete({ n: 2 }, 9);
    bag.add({ n: 7 }, 0);
    expect(show(canonical(bag))).toBe('Bag{{n: 1}}');
    bag.clear();
    expect(bag.size).toBe(0);
  });

  test('is iterated in canonical order, each different element once', () => {
    const bag = new Bag(['b', 'a', 'b']);
    const visited: unknown[] = [];
    bag.forEach((element, count) => visited.push([element, count]));
    for (const elements of [[...bag], [...bag.values()], bag.toArray()]) expect(elements).toEqual(['a', 'b']);
    for (const counts of [[...bag.entries()], visited])
      expect(counts).toEqual([
        ['a', 1],
        ['b', 2],
      ]);
    expect([bag.some((_, n) => n > 1), bag.every((_, n) => n > 1)]).toEqual([true, false]);
    expect(show(canonical(bagOf([vote('a'), vote('a'), vote('b')]).where({ by: 'a' })))).toBe(
      "Bag{{by: 'a', granted: true, type: 'vote'} ×2}",
    );
  });

  test('counts in whole numbers only', () => {
    const message = 'a bag counts in whole numbers from 0: -1 is none';
    expect(() => bagOf([1]).delete(1, -1)).toThrow(expect.objectContaining({ code: 'value/count', message }));
  });
});

describe('what is in a state', () => {
  test('cannot be changed through a set, map or bag', () => {
    const advice =
      "may only be read: it is part of a state, or of a value that was put into one; change it in an action, through the action's own state";
    const set = canonical(setOf([1])) as SetValue<Value>;
    const map = canonical(mapValueOf([[1, 2]])) as MapValue<Value, Value>;
    const bag = canonical(bagOf([1])) as Bag<Value>;
    for (const change of [() => set.add(1), () => set.delete(2), () => set.clear()]) {
      expect(change).toThrow(expect.objectContaining({ code: 'value/frozen', message: `this set ${advice}` }));
    }
    for (const change of [() => map.set(1, 2), () => map.delete(2), () => map.clear()])
      expect(change).toThrow(`this map ${advice}`);
    for (const change of [() => bag.add(1), () => bag.delete(2), () => bag.clear()])
      expect(change).toThrow(`this bag ${advice}`);
  });

  test('hands out frozen elements', () => {
    const given = { n: 1 };
    const set = setOf([given]);
    given.n = 2;
    expect([set.toArray(), Object.isFrozen(set.toArray()[0])]).toEqual([[{ n: 1 }], true]);
  });
});

describe('beside the native classes', () => {
  /** What the native classes have and these do not, and why. */
  const deliberate: Readonly<Record<string, string>> = {
    getOrInsert: 'update does it',
    getOrInsertComputed: 'update does it',
  };

  test.each([
    ['Set', Set.prototype, SetApi.prototype],
    ['Map', Map.prototype, MapApi.prototype],
  ])('%s has no member that is missing', (_, native, ours) => {
    const abstracts = ['has', 'get', 'set', 'add', 'delete', 'clear'];
    const missing = Reflect.ownKeys(native).filter(
      (key) => !(key in ours) && !abstracts.includes(String(key)) && !(String(key) in deliberate),
    );
    expect(missing).toEqual([]);
  });

  test('every abstract member is there in the end', () => {
    for (const key of ['has', 'add', 'delete', 'clear']) expect(setOf()).toHaveProperty(key);
    for (const key of ['has', 'get', 'set', 'delete', 'clear']) expect(mapValueOf()).toHaveProperty(key);
  });

  test('they are written as JSON and by console.log as values are', () => {
    const set = setOf([{ n: 1 }, 'a']);
    const inspect = Symbol.for('nodejs.util.inspect.custom');
    expect([JSON.stringify(set), JSON.stringify(mapValueOf([[1, 2]])), JSON.stringify(bagOf([1, 1]))]).toEqual([
      '{"#set":["a",{"n":1}]}',
      '{"#map":[[1,2]]}',
      '{"#bag":[[1,2]]}',
    ]);
    expect((set as unknown as Record<symbol, () => string>)[inspect]?.()).toBe("Set{'a', {n: 1}}");
    expect(Object.prototype.toString.call(set)).toBe('[object Set]');
  });
});
