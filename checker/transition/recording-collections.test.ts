/** What user code asks of sets, maps and bags is as narrow as its question; what it writes asks nothing. */
import { describe, test } from 'vitest';
import { equal, setOf } from '../value/index.ts';
import { expectRecorded, type Case } from './recorded.test-support.ts';

const cases = (rows: readonly Case[]): Case[] => [...rows];

describe('of sets', () => {
  test.each(
    cases([
      ['has asks for one entry', (s) => void (s.on = s.votes.has('a')), ["entry votes 'a'"], ['on = true']],
      [
        'has asks for the entry that is not there, too',
        (s) => void (s.on = s.votes.has('z')),
        ["entry votes 'z'"],
        ['on = false'],
      ],
      ['add asks nothing', (s) => s.votes.add('c'), [], ["votes + 'c'"]],
      ['delete asks nothing', (s) => s.votes.delete('a'), [], ["votes - 'a'"]],
      [
        'the last of several writes of an element counts',
        (s) => {
          s.votes.add('c');
          s.votes.delete('c');
          s.votes.delete('a');
          s.votes.add('a');
        },
        [],
        ["votes + 'a'", "votes - 'c'"],
      ],
      [
        'has after its own write asks nothing',
        (s) => {
          s.votes.add('c');
          s.votes.delete('a');
          s.on = s.votes.has('c') && !s.votes.has('a');
        },
        [],
        ['on = true', "votes - 'a'", "votes + 'c'"],
      ],
      [
        'where asks for what matches',
        (s) => void (s.n = s.sent.where({ to: 'a' }).size),
        ["where sent {to: 'a'}"],
        ['n = 1'],
      ],
      [
        'where sees what the run wrote',
        (s) => {
          s.sent.add({ to: 'a', k: 3 });
          s.sent.add({ to: 'b', k: 3 });
          s.sent.delete({ k: 1, to: 'a' });
          s.on = equal(s.sent.where({ to: 'a' }), setOf([{ to: 'a', k: 3 }]));
        },
        ["where sent {to: 'a'}"],
        ['on = true', "sent - {k: 1, to: 'a'}", "sent + {k: 3, to: 'a'}", "sent + {k: 3, to: 'b'}"],
      ],
      ['size asks for the size', (s) => void (s.n = s.votes.size), ['size votes'], ['n = 2']],
      ['iteration asks for all', (s) => void (s.n = [...s.votes].length), ['votes'], ['n = 2']],
      [
        'after that, nothing more is asked',
        (s) => {
          const all = [...s.votes];
          s.on = all.every((x) => s.votes.has(x)) && s.votes.size === 2 && s.votes.where('a').size === 1;
        },
        ['votes'],
        ['on = true'],
      ],
      [
        'the size after a write asks for all',
        (s) => {
          s.votes.add('b');
          s.n = s.votes.size;
        },
        ['votes'],
        ['n = 2', "votes + 'b'"],
      ],
      ['clear asks nothing', (s) => s.votes.clear(), [], ['votes = Set{}']],
      [
        'after clear, only what was added is there',
        (s) => {
          s.votes.clear();
          s.votes.add('z');
          s.n = s.votes.size;
        },
        [],
        ['n = 1', "votes = Set{'z'}"],
      ],
      ['a native set can be assigned', (s) => void (s.votes = new Set(['q']) as never), [], ["votes = Set{'q'}"]],
      [
        'one set assigned to another is a copy',
        (s) => {
          const copy = { votes: s.votes };
          s.votes = new Set(['q']) as never;
          copy.votes.add('lost');
          s.n = s.votes.size;
        },
        [],
        ['n = 1', "votes = Set{'q'}"],
      ],
      [
        'JSON.stringify writes the elements',
        (s) => void (s.on = JSON.stringify(s.votes) === '{"#set":["a","b"]}'),
        ['votes'],
        ['on = true'],
      ],
      ['it shows no properties', (s) => void (s.n = Object.keys(s.votes).length), [], ['n = 0']],
    ]),
  )('%s', (...row) => expectRecorded(row));
});

describe('of bags', () => {
  test.each(
    cases([
      ['count asks for one entry', (s) => void (s.n = s.bag.count('x')), ["entry bag 'x'"], ['n = 2']],
      ['has asks for one entry', (s) => void (s.on = s.bag.has('y')), ["entry bag 'y'"], ['on = true']],
      ['add asks nothing', (s) => s.bag.add('x'), [], ["bag 'x' +1, at least 1"]],
      ['delete asks nothing', (s) => s.bag.delete('y', 2), [], ["bag 'y' -2, at least 0"]],
      [
        'what is removed beyond what there is does not come back',
        (s) => {
          s.bag.delete('y', 2);
          s.bag.add('y', 1);
        },
        [],
        ["bag 'y' -1, at least 1"],
      ],
      [
        'the count after a write asks for what was there',
        (s) => {
          s.bag.add('x', 2);
          s.n = s.bag.count('x');
        },
        ["entry bag 'x'"],
        ["bag 'x' +2, at least 2", 'n = 4'],
      ],
      ['size asks for the size', (s) => void (s.n = s.bag.size), ['size bag'], ['n = 3']],
      [
        'distinct asks for the number of different elements',
        (s) => void (s.n = s.bag.distinct),
        ['distinct bag'],
        ['n = 2'],
      ],
      ['where asks for what matches', (s) => void (s.n = s.bag.where('x').size), ["where bag 'x'"], ['n = 2']],
      ['iteration asks for all', (s) => void (s.n = [...s.bag].length), ['bag'], ['n = 2']],
      ['clear asks nothing', (s) => s.bag.clear(), [], ['bag = Bag{}']],
      [
        'JSON.stringify writes the elements and their counts',
        (s) => void (s.on = JSON.stringify(s.bag) === '{"#bag":[["x",2],["y",1]]}'),
        ['bag'],
        ['on = true'],
      ],
    ]),
  )('%s', (...row) => expectRecorded(row));
});

describe('of maps', () => {
  test.each(
    cases([
      ['get asks for one entry', (s) => void (s.n = s.table.get('l') ?? 0), ["entry table 'l'"], ['n = 2']],
      ['has asks for one entry', (s) => void (s.on = s.table.has('z')), ["entry table 'z'"], ['on = false']],
      ['set asks nothing', (s) => s.table.set('z', 3), [], ["table 'z' => 3"]],
      ['delete asks nothing', (s) => s.table.delete('k'), [], ["table 'k' => none"]],
      [
        'update asks for the entry that it changes',
        (s) => s.table.update('k', (n) => (n ?? 0) + 4),
        ["entry table 'k'"],
        ["table 'k' => 5"],
      ],
      [
        'an entry after its own write asks nothing',
        (s) => {
          s.table.set('k', 8);
          s.table.delete('l');
          s.n = s.table.get('k')! + (s.table.has('l') ? 1 : 0);
        },
        [],
        ['n = 8', "table 'k' => 8", "table 'l' => none"],
      ],
      ['size asks for the size', (s) => void (s.n = s.table.size), ['size table'], ['n = 2']],
      [
        'iteration asks for all, and sees what the run wrote',
        (s) => {
          s.table.set('z', 7);
          s.table.delete('k');
          s.on = equal(
            [...s.table],
            [
              ['l', 2],
              ['z', 7],
            ],
          );
        },
        ['table'],
        ['on = true', "table 'k' => none", "table 'z' => 7"],
      ],
      [
        'JSON.stringify writes the entries',
        (s) => void (s.on = JSON.stringify(s.table) === '{"#map":[["k",1],["l",2]]}'),
        ['table'],
        ['on = true'],
      ],
      ['clear asks nothing', (s) => s.table.clear(), [], ['table = Map{}']],
    ]),
  )('%s', (...row) => expectRecorded(row));
});
