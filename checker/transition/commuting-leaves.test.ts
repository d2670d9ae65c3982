/** Which changes commute, and which spoil an answer. */
import { describe, expect, test } from 'vitest';
import { Ask, type Effect, type Query } from './query.ts';
import { changesAnswer, effectsCommute } from './commuting-leaves.ts';
import { ValueTable } from './value-table.ts';

const set = (slot: number, value: number): Effect => ({ slot, key: 0, relative: false, value, floor: 0 });
const put = (key: number, value: number): Effect => ({ slot: 0, key, relative: false, value, floor: 0 });
const count = (key: number, value: number, floor: number): Effect => ({ slot: 0, key, relative: true, value, floor });

const after = (c: Effect, n: number): number => Math.max(n + c.value, c.floor);
const query = (ask: Ask, argument = 0): Query => ({ side: 0, slot: 0, ask, argument });

describe('two changes commute', () => {
  test.each([
    ['of different slots', set(0, 1), set(1, 2), true],
    ['of one slot, to one value', set(0, 1), set(0, 1), true],
    ['of one slot, to different values', set(0, 1), set(0, 2), false],
    ['of different entries', put(3, 1), put(4, 0), true],
    ['that add one element', put(3, 1), put(3, 1), true],
    ['that add and delete one element', put(3, 1), put(3, 0), false],
    ['of a collection and of an entry of it', set(0, 1), put(3, 1), false],
    ['that add copies', count(3, 1, 1), count(3, 2, 2), true],
    ['that take copies', count(3, -1, 0), count(3, -2, 0), true],
    ['that add a copy and take one', count(3, 1, 1), count(3, -1, 0), false],
    ['that take a copy and put it back', count(3, 0, 1), count(3, -1, 0), false],
  ])('%s: %j, %j: %s', (_, a, b, expected) => {
    expect([effectsCommute(a, b), effectsCommute(b, a)]).toEqual([expected, expected]);
  });

  test('exactly where every count gives the same in both orders', () => {
    // What sequences of additions and removals make of a count.
    const changes = [-2, -1, 0, 1, 2].flatMap((value) => [0, 1, 2].map((floor) => count(3, value, floor)));
    for (const a of changes) {
      for (const b of changes) {
        if (!effectsCommute(a, b)) continue;
        for (let n = 0; n < 5; n++) expect(after(a, after(b, n))).toBe(after(b, after(a, n)));
      }
    }
  });
});

describe('an answer', () => {
  const values = new ValueTable();
  const id = (value: unknown): number => values.id(value as never);
  const hello = id({ type: 'hello', to: 1 });
  const bye = id({ type: 'bye', to: 1 });
  test.each([
    ['the whole, by another value', set(0, 2), query(Ask.whole), 1, true],
    ['the whole, by the same value', set(0, 1), query(Ask.whole), 1, false],
    ['an entry, by another entry', put(bye, 1), query(Ask.entry, hello), 0, false],
    ['an entry, by that entry', put(hello, 1), query(Ask.entry, hello), 0, true],
    ['an entry, by what it was', put(hello, 1), query(Ask.entry, hello), 1, false],
    ['an entry, by a whole collection', set(0, 1), query(Ask.entry, hello), 1, true],
    ['the elements that match, by one that does', put(hello, 1), query(Ask.where, id({ type: 'hello' })), 1, true],
    ['the elements that match, by one that does not', put(bye, 1), query(Ask.where, id({ type: 'hello' })), 1, false],
    ['a size, by any element', put(bye, 1), query(Ask.size), 1, true],
    ['a choice, by another element', put(bye, 0), query(Ask.fork), hello, false],
    ['a choice, by the element that was chosen', put(hello, 0), query(Ask.fork), hello, true],
    ['a choice that asks no state', set(0, 1), { ...query(Ask.choice), slot: -1 }, hello, false],
  ])('is spoilt: %s', (_, effect, asked, answer, expected) => {
    expect(changesAnswer(effect, asked, answer, values)).toBe(expected);
  });
});
