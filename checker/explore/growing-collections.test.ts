/** Collections that grow for ever: message sets above all, of which nearly every state has one of its own. */
import { describe, expect, test } from 'vitest';
import { defineSpec, mapOf, nodes, when } from '../spec/index.ts';
import { Bag } from '../value/index.ts';
import { expectSame, learned } from './learned.test-support.ts';

describe('a set of messages that only grows', () => {
  interface Message {
    readonly from: string;
    readonly round: number;
  }

  /** Every node sends a message a round, in any order: nearly every state has a message set of its own. */
  const gossip = (size: number, rounds: number, last: boolean) =>
    defineSpec({
      name: 'Gossip',
      constants: { Node: nodes('n', size) },
      init: ({ Node }) => ({
        round: mapOf(Node, () => 0),
        messages: new Set<Message | 'end'>(),
      }),
      actions: {
        send(s, { Node, pick }) {
          const { from } = pick({ from: Node });
          when(s.round[from]! < rounds);
          s.round[from]! += 1;
          s.messages.add({ from, round: s.round[from]! });
        },
        hear(s, { pick }) {
          const { m } = pick({ m: s.messages });
          when(m !== 'end' && m.round === rounds);
        },
        end(s, { Node }) {
          when(last && Node.every((node) => s.round[node] === rounds));
          s.messages.add('end');
        },
        afterTheEnd(s) {
          when(s.messages.has('end'));
          s.messages.clear();
        },
      },
      deadlock: false,
    });

  test('does not keep user code busy, though nearly every state has a set of its own', () => {
    const result = learned(gossip(6, 3, false), {}, { first: 100, second: 1000, growth: 4 });
    expect({ distinct: result.distinctStates, generated: result.generatedStates }).toEqual({
      distinct: 4 ** 6,
      // Of each state, one step for each node that may send, and one for each last message.
      generated: 1 + 4 ** 6 * 6,
    });
    // One run for each round and node, one for each message that is heard, and a few that ask of the end.
    expect(result.learning.actionCalls).toBeLessThan(100);
  });

  test('may get an element that no state had when it was planned', () => {
    const result = expectSame(gossip(4, 2, true));
    expect(result.actions['end']!.taken).toBeGreaterThan(0);
  });

  test('may be replaced after it got elements that it had not when that was learned', () => {
    const spec = defineSpec({
      name: 'Replaced',
      init: () => ({ n: 0, seen: new Set<number>(), kept: new Map<number, number>() }),
      actions: {
        next(s) {
          when(s.n < 12);
          s.seen.add(s.n);
          s.kept.set(s.n, s.n % 2);
          s.n += 1;
        },
        clear: (s) => s.seen.clear(),
        replace: (s) => void (s.kept = new Map([[0, 0]]) as never),
      },
      invariants: { few: (s) => s.n < 20 || s.seen.size + s.kept.size === 0 },
    });
    // After each number of steps, what was seen since either was emptied.
    expect(expectSame(spec).distinctStates).toBeGreaterThan(500);
  });

  test('may get more elements than the groups planned for it have room for', () => {
    const many = defineSpec({
      name: 'Many',
      init: () => ({ n: 0, seen: new Set<number>(), counted: new Bag<number>(), last: new Map<number, number>() }),
      actions: {
        next(s) {
          when(s.n < 150);
          s.seen.add(s.n);
          s.counted.add(s.n % 90, 2);
          s.last.set(s.n % 120, s.n);
          s.n += 1;
        },
        forget(s, { pick }) {
          const { x } = pick({ x: s.seen });
          when(s.n === 150 && x % 50 === 0);
          s.seen.delete(x);
          s.counted.delete(x);
          s.last.delete(x);
        },
      },
      deadlock: false,
    });
    expect(expectSame(many).distinctStates).toBe(151 + 7);
  });

  test('is counted and searched through whole, whatever was added since that was learned', () => {
    const spec = defineSpec({
      name: 'Counted',
      init: () => ({ n: 0, seen: new Set<{ n: number; odd: number }>(), bag: new Bag<number>() }),
      actions: {
        next(s) {
          when(s.n < 220);
          s.seen.add({ n: s.n, odd: s.n % 2 });
          s.bag.add(s.n, 2);
          s.n += 1;
        },
      },
      invariants: {
        all: (s) => s.seen.size === s.n && s.bag.size === 2 * s.n && s.bag.distinct === s.n,
        odd: (s) => s.seen.where({ odd: 1 }).size === Math.floor(s.n / 2),
        listed: (s) => [...s.seen].length === s.n,
      },
      deadlock: false,
    });
    // Planned when there are enough different sets to keep them as entries, with most entries still to come.
    const result = learned(spec, {}, { first: 100, second: 120, growth: 1.1 });
    expect([result.result, result.distinctStates]).toEqual(['ok', 221]);
  });
});
