/** What user code asks and changes is recorded, no more than that and no less. */
import { describe, expect, test } from 'vitest';
import { when } from '../spec/index.ts';
import { equal, setOf } from '../value/index.ts';
import {
  expectRecorded,
  initial,
  recorded,
  successorsByReference,
  systemOf,
  type Case,
  type Choosing,
  type State,
} from './recorded.test-support.ts';

const cases = (rows: readonly Case[]): Case[] => [...rows];

describe('of records', () => {
  test.each(
    cases([
      ['assigning a field asks nothing', (s) => void (s.n = 2), [], ['n = 2']],
      ['reading a field asks for that field', (s) => void (s.on = s.n === 1), ['n'], ['on = true']],
      ['counting up asks', (s) => void (s.n += 1), ['n'], ['n = 2']],
      ['a field that is read twice is asked for once', (s) => void (s.on = s.n + s.n > 1), ['n'], ['on = true']],
      [
        'what the run wrote is not asked for',
        (s) => {
          s.n = 7;
          s.on = s.n === 7;
        },
        [],
        ['n = 7', 'on = true'],
      ],
      ['a nested field is one question', (s) => void (s.on = s.node.b.role === 'busy'), ['node.b.role'], ['on = true']],
      ['reading a record without its fields asks nothing', (s) => void (s.on = 'role' in s.node.a), [], ['on = true']],
      [
        'writing beside a field does not ask for its neighbours',
        (s) => void (s.node.a.voted = s.node.b.voted),
        ['node.b.voted'],
        ["node.a.voted = 'a'"],
      ],
      [
        'a record copied to another is read whole',
        (s) => void (s.node.a = s.node.b),
        ['node.b.role', 'node.b.voted'],
        ["node.a.role = 'busy'", "node.a.voted = 'a'"],
      ],
      [
        'a spread reads what it spreads',
        (s) => void (s.node.a = { ...s.node.b, voted: null }),
        ['node.b.role', 'node.b.voted'],
        ["node.a.role = 'busy'", 'node.a.voted = null'],
      ],
      [
        'destructuring asks for what it names',
        ({ node: { a }, ...rest }) => void (a.voted = `${rest.n}`),
        ['log', 'n', 'on'],
        ["node.a.voted = '1'"],
      ],
      [
        'JSON.stringify reads everything that it writes',
        (s) => void (s.on = JSON.stringify(s.node.a) === '{"role":"idle","voted":null}'),
        ['node.a.role', 'node.a.voted'],
        ['on = true'],
      ],
      ['the keys of a record of records ask nothing', (s) => void (s.n = Object.keys(s.node).length), [], ['n = 2']],
      [
        'the values of a record of records ask for what is read of them',
        (s) => void (s.on = Object.values(s.node).some(({ role }) => role === 'busy')),
        ['node.a.role', 'node.b.role'],
        ['on = true'],
      ],
      [
        'for … in visits every key',
        (s) => {
          for (const key in s.node) s.node[key as 'a'].voted = key;
        },
        [],
        ["node.a.voted = 'a'", "node.b.voted = 'b'"],
      ],
      [
        'Object.assign writes what it is given',
        (s) => void Object.assign(s.node.a, { voted: 'b', role: 'x' }),
        [],
        ["node.a.role = 'x'", "node.a.voted = 'b'"],
      ],
      [
        'equal reads both',
        (s) => void (s.on = equal(s.node.a, s.node.b)),
        ['node.a.role', 'node.a.voted', 'node.b.role', 'node.b.voted'],
        ['on = false'],
      ],
      [
        'a record that was replaced goes on as a copy that belongs to nobody',
        (s) => {
          const old = s.node.a;
          s.node = { a: s.node.b, b: s.node.a };
          old.role = 'lost';
          s.node.a.voted = old.role;
        },
        ['node.b.role', 'node.b.voted', 'node.a.role', 'node.a.voted'],
        ["node.a.role = 'busy'", "node.a.voted = 'lost'", "node.b.role = 'idle'", 'node.b.voted = null'],
      ],
      ['an assignment that changes nothing is a change', (s) => void (s.n = 1), [], ['n = 1']],
    ]),
  )('%s', (...row) => expectRecorded(row));
});

describe('of arrays', () => {
  test.each(
    cases([
      ['any question reads all', (s) => void (s.n = s.log.length), ['log'], ['n = 2']],
      ['an element is edited in place', (s) => void (s.log[0]!.term = 9), ['log'], ['log = [{term: 9}, {term: 2}]']],
      ['push reads', (s) => void s.log.push({ term: 3 }), ['log'], ['log = [{term: 1}, {term: 2}, {term: 3}]']],
      ['assigning a whole one asks nothing', (s) => void (s.log = []), [], ['log = []']],
      [
        'one that was assigned is edited without a question',
        (s) => {
          s.log = [];
          s.log.push({ term: 4 });
        },
        [],
        ['log = [{term: 4}]'],
      ],
      [
        'methods see what there is',
        (s) => void (s.n = s.log.filter(({ term }) => term > 1).length + (s.log.at(-1)?.term ?? 0)),
        ['log'],
        ['n = 3'],
      ],
      [
        'spread sees what there is',
        (s) => void (s.n = Math.max(...[...s.log].map(({ term }) => term))),
        ['log'],
        ['n = 2'],
      ],
      ['edits that come to nothing are no change', (s) => void s.log.splice(0, 0), ['log'], []],
    ]),
  )('%s', (...row) => expectRecorded(row));
});

/** What each run of an action with choices asks and changes; the runs lead where the reference semantics leads. */
function runsOf(code: (s: State, c: Choosing) => void): { asks: readonly string[]; changes: readonly string[] }[] {
  const system = systemOf(initial, code as never);
  const runs = recorded(system);
  expect(runs.map(({ next }) => next)).toEqual(successorsByReference(system));
  return runs.map(({ asks, changes }) => ({ asks, changes }));
}

describe('of choices', () => {
  test('a pick from a set of the state asks only for the element that is picked', () => {
    const runs = runsOf((s, { pick }) => {
      const { v } = pick({ v: s.votes });
      s.on = s.votes.has(v);
      s.votes.delete(v);
    });
    expect(runs).toEqual([
      { asks: ['pick votes'], changes: ['on = true', "votes - 'a'"] },
      { asks: ['pick votes'], changes: ['on = true', "votes - 'b'"] },
    ]);
  });

  test('a pick from a bag of the state tells nothing of how often the element is there', () => {
    const runs = runsOf((s, { pick }) => {
      const { x } = pick({ x: s.bag });
      s.n = s.bag.count(x);
    });
    expect(runs).toEqual([
      { asks: ['pick bag', "entry bag 'x'"], changes: ['n = 2'] },
      { asks: ['pick bag', "entry bag 'y'"], changes: ['n = 1'] },
    ]);
  });

  test('a pick from a set that was written finds what is there after the writes', () => {
    const runs = runsOf((s, { pick }) => {
      s.votes.delete('a');
      s.votes.add('c');
      const { v } = pick({ v: s.votes });
      s.on = v === 'c';
    });
    expect(runs).toEqual([
      { asks: ['votes', "pick ['b', 'c']"], changes: ['on = false', "votes - 'a'", "votes + 'c'"] },
      { asks: ['votes', "pick ['b', 'c']"], changes: ['on = true', "votes - 'a'", "votes + 'c'"] },
    ]);
  });

  test('a pick from one that was assigned asks nothing of the state', () => {
    const runs = runsOf((s, { pick }) => {
      s.votes = setOf(['q', 'p']);
      s.n = pick({ v: s.votes }).v === 'p' ? 1 : 2;
    });
    expect(runs.map(({ asks }) => asks)).toEqual([["pick ['p', 'q']"], ["pick ['p', 'q']"]]);
  });

  test('a pick among the elements that match asks for those', () => {
    const runs = runsOf((s, { pick }) => {
      const { m } = pick({ m: s.sent.where({ to: 'b' }) });
      s.sent.delete(m);
    });
    expect(runs).toEqual([{ asks: ["where sent {to: 'b'}"], changes: ["sent - {k: 2, to: 'b'}"] }]);
  });

  test('a pick from a map reads it', () => {
    const runs = runsOf((s, { pick }) => {
      const { entry } = pick({ entry: s.table }) as unknown as { entry: readonly [string, number] };
      s.n = entry[1] + 5;
    });
    expect(runs).toEqual([
      { asks: ['table', "pick [['k', 1], ['l', 2]]"], changes: ['n = 6'] },
      { asks: ['table', "pick [['k', 1], ['l', 2]]"], changes: ['n = 7'] },
    ]);
  });

  test('a pick of one among one is no choice', () => {
    expect(runsOf((s, { pick }) => void (s.n = pick({ x: [8, 8] }).x))).toEqual([{ asks: [], changes: ['n = 8'] }]);
  });

  test('a pick from nothing, and a guard that fails, disable the action', () => {
    expect(runsOf((s, { pick }) => void pick({ x: s.sent.where({ to: 'z' }) }))).toEqual([]);
    expect(runsOf((s, { pick }) => when(pick({ x: s.votes }).x === 'z'))).toEqual([]);
  });

  test('each choice goes on with its own questions', () => {
    const runs = runsOf((s, { pick }) => {
      const { which } = pick({ which: ['log', 'n'] });
      s.on = which === 'n' ? s.n > 0 : s.log.length > 0;
    });
    expect(runs.map(({ asks }) => asks)).toEqual([
      ["pick ['log', 'n']", 'log'],
      ["pick ['log', 'n']", 'n'],
    ]);
  });
});

describe('a draft', () => {
  test.each([
    ['record', (s: State) => s.node.a],
    ['set', (s: State) => s.votes],
    ['map', (s: State) => s.table],
    ['bag', (s: State) => s.bag],
    ['array', (s: State) => s.log],
  ])('of a %s cannot be cloned by structuredClone', (_, part) => {
    const system = systemOf(initial, (s) => void structuredClone(part(s)));
    expect(() => recorded(system)).toThrow('could not be cloned');
  });

  test('of a set, map or bag takes no properties', () => {
    const system = systemOf(initial, (s) => void Object.assign(s.votes, { extra: 1 }));
    const message = 'action act threw TypeError: a set, map or bag has elements only: votes';
    expect(() => recorded(system)).toThrow(expect.objectContaining({ code: 'spec/threw', message }));
  });

  test('of a bag counts in whole numbers only', () => {
    const system = systemOf(initial, (s) => s.bag.delete('x', -1));
    const message = 'action act: a bag counts in whole numbers from 0: -1 is none';
    expect(() => recorded(system)).toThrow(expect.objectContaining({ code: 'value/count', message }));
  });

  /** What is asked when a member of a native class is used on a collection or an array of the state. */
  const deliberate: Readonly<Record<string, string>> = {
    getOrInsert: 'update does it',
    getOrInsertComputed: 'update does it',
  };

  test.each([
    ['a set', Set.prototype, (s: State) => s.votes],
    ['a map', Map.prototype, (s: State) => s.table],
    ['an array', Array.prototype, (s: State) => s.log],
  ])('of %s has every member of the native class, and reads what it is asked', (_, native, part) => {
    for (const key of Reflect.ownKeys(native)) {
      if (String(key) in deliberate || key === 'constructor') continue;
      const system = systemOf(initial, (s) => {
        const draft = part(s) as unknown as Record<string | symbol, unknown>;
        expect(key in draft, String(key)).toBe(true);
        const member = draft[key];
        const found: unknown =
          typeof member === 'function' ? Reflect.apply(member, draft, argumentsOf(String(key))) : member;
        s.on = textOf(found).length % 2 === 0;
        s.n = textOf(found).length;
      });
      expect(
        recorded(system).map(({ next }) => next),
        String(key),
      ).toEqual(successorsByReference(system));
    }
  });
});

/** Arguments that make sense to a method of sets, maps or arrays. */
function argumentsOf(key: string): readonly unknown[] {
  if (/^(?:union|intersection|difference|symmetricDifference|is.*Of|isDisjointFrom|concat)$/.test(key))
    return [['a', 'z']];
  if (/^(?:has|get|delete|includes|indexOf|lastIndexOf|add|at)$/.test(key)) return [key === 'at' ? 1 : 'a'];
  if (key === 'set') return ['k', 5];
  if (/^(?:push|unshift|fill)$/.test(key)) return [{ term: 7 }];
  if (/^(?:slice|splice|copyWithin|with)$/.test(key)) return [0, 1];
  if (key === 'toSpliced') return [0, 1];
  if (key === 'join') return ['-'];
  if (/^(?:flat)$/.test(key)) return [1];
  if (/^(?:sort|toSorted)$/.test(key)) return [(a: { term: number }, b: { term: number }) => b.term - a.term];
  if (key.startsWith('reduce')) return [(sum: number, { term }: { term: number }) => sum + term, 0];
  if (/^(?:pop|shift|reverse|keys|entries|values|toReversed)$/.test(key)) return [];
  return [(x: unknown) => textOf(x) !== ''];
}

/** What came out, as text: elements where it can be iterated. */
function textOf(found: unknown): string {
  if (typeof found === 'object' && found !== null && Symbol.iterator in found)
    return `[${[...(found as never)].map(textOf).join()}]`;
  return typeof found === 'symbol' ? found.toString() : (JSON.stringify(found) ?? 'undefined');
}
