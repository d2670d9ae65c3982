import { describe, expect, test } from 'vitest';

import { checkSession } from './session.ts';
import { checkBank, checkLongFork, checkSetFull } from './observations.ts';
import { checkLinearizable } from './linearizable.ts';
import { illegal, powerset, type SequentialModel } from './model.ts';
import { appendList, counter, mutex, queue, set, stack } from './models/collection.ts';
import { keyValue } from './models/key-value.ts';
import { multiRegister, register } from './models/register.ts';
import type { Operation } from './operation.ts';
import { bind, defineSpec } from '../spec/index.ts';
import { specModel } from './spec-model.ts';

type Step = readonly [f: string, input?: unknown, output?: unknown];

/** Operations one after another, by one process. */
function inTurn(...steps: readonly Step[]): Operation[] {
  return steps.map(([f, input = null, output = null], i) => ({
    process: 0,
    f,
    input,
    output,
    invoked: 2 * i,
    returned: 2 * i + 1,
  }));
}

function verdict(model: unknown, ...steps: readonly Step[]): string {
  return checkLinearizable(inTurn(...steps), model as SequentialModel).verdict;
}

describe('each model allows what its object does, and not the next thing', () => {
  test.each<readonly [string, unknown, readonly Step[], Step]>([
    [
      'register',
      register(),
      [
        ['write', 1],
        ['read', null, 1],
        ['cas', [1, 2]],
        ['cas', [1, 3], false],
      ],
      ['read', null, 1],
    ],
    ['register that starts absent', register({ nullReads: 'absent' }), [['read'], ['write', 1]], ['read']],
    [
      'multi-register',
      multiRegister(),
      [
        [
          'txn',
          [
            ['w', 'x', 1],
            ['r', 'y', null],
          ],
          [
            ['w', 'x', 1],
            ['r', 'y', null],
          ],
        ],
      ],
      ['txn', [['r', 'x', null]], [['r', 'x', 2]]],
    ],
    [
      'kv',
      keyValue(),
      [
        ['get', { key: 'a' }, ''],
        ['put', { key: 'a', value: 'x' }],
        ['append', { key: 'a', value: 'y' }],
        ['get', { key: 'a' }, 'xy'],
        ['delete', { key: 'a' }],
      ],
      ['get', { key: 'a' }, 'xy'],
    ],
    [
      'counter',
      counter,
      [
        ['add', 2],
        ['dec', 1],
      ],
      ['read', null, 2],
    ],
    [
      'set',
      set,
      [
        ['add', 1],
        ['add', [2]],
        ['add', [2]],
        ['read', null, [[2], 1]],
        ['remove', 1],
      ],
      ['read', null, [1]],
    ],
    [
      'queue',
      queue,
      [['enqueue', 'a'], ['enqueue', 'b'], ['dequeue', null, 'a'], ['dequeue', null, 'b'], ['dequeue']],
      ['dequeue', null, 'a'],
    ],
    [
      'stack',
      stack,
      [['push', 'a'], ['push', 'b'], ['pop', null, 'b'], ['pop', null, 'a'], ['pop']],
      ['pop', null, 'b'],
    ],
    [
      'append-list',
      appendList,
      [
        ['append', 1],
        ['append', 2],
        ['read', null, [1, 2]],
      ],
      ['read', null, [2, 1]],
    ],
    ['mutex', mutex, [['acquire'], ['release'], ['acquire']], ['acquire']],
  ])('%s', (_, model, allowed, forbidden) => {
    expect(verdict(model, ...allowed)).toBe('consistent');
    expect(verdict(model, ...allowed, forbidden)).toBe('violation');
  });

  test('a model that may go to several states is run on all of them', () => {
    const die = powerset<number>({
      name: 'die',
      init: [0],
      step: (face, { f, output }) => (f === 'roll' ? [1, 2] : output === face ? [face] : []),
    });
    expect(verdict(die, ['roll'], ['see', null, 2], ['see', null, 2])).toBe('consistent');
    expect(verdict(die, ['roll'], ['see', null, 2], ['see', null, 1])).toBe('violation');
  });

  test('ten lines are a model', () => {
    const latch: SequentialModel<boolean> = {
      name: 'latch',
      init: false,
      step: (isSet, { f, output }) => (f === 'set' ? true : output === isSet ? isSet : illegal),
    };
    expect(verdict(latch, ['test', null, false], ['set'], ['test', null, true])).toBe('consistent');
    expect(verdict(latch, ['set'], ['test', null, false])).toBe('violation');
  });

  test('a spec is a model: its actions are the operations', () => {
    const spec = defineSpec({
      name: 'Register',
      init: () => ({ value: 0 }),
      actions: {
        write(s, { pick }) {
          s.value = pick({ input: [0, 1, 2] }).input;
        },
        read(s, { pick }) {
          pick({ output: [s.value] });
        },
      },
    });
    const model = specModel(bind(spec));
    expect(verdict(model, ['read', null, 0], ['write', 2], ['read', null, 2])).toBe('consistent');
    expect(verdict(model, ['write', 2], ['read', null, 1])).toBe('violation');
  });
});

const bankFindings = (output: unknown): string[] =>
  checkBank(inTurn(['read', null, { a: 5, b: 5 }], ['read', null, output])).findings.map(({ name }) => name);

const forkOf = (a: unknown, b: unknown): string =>
  checkLongFork(
    inTurn(
      [
        'read',
        [],
        [
          ['r', 0, a],
          ['r', 1, null],
        ],
      ],
      [
        'read',
        [],
        [
          ['r', 0, null],
          ['r', 1, b],
        ],
      ],
    ),
  ).verdict;

const setFindings = (...reads: unknown[][]): string[] =>
  checkSetFull(inTurn(['add', 1], ...reads.map((read) => ['read', null, read] as const))).findings.map(
    ({ name }) => name,
  );

const write = (process: number, at: number, input: number): Operation => ({
  process,
  f: 'write',
  input,
  output: null,
  invoked: at,
  returned: at + 1,
});
const read = (process: number, at: number, output: number): Operation => ({
  process,
  f: 'read',
  input: null,
  output,
  invoked: at,
  returned: at + 1,
});

describe('observations', () => {
  test('a bank keeps its total, and no account is below zero', () => {
    expect(bankFindings({ a: 7, b: 3 })).toEqual([]);
    expect(bankFindings({ a: 7, b: 4 })).toEqual(['wrong total']);
    expect(bankFindings({ a: 11, b: -1 })).toEqual(['negative balance']);
  });

  test('two reads that each saw a write which the other did not are a long fork', () => {
    expect(forkOf(1, 1)).toBe('violation');
    expect(forkOf(1, null)).toBe('consistent');
  });

  test('an element that no later read returns is lost, one that a later read returns is stale', () => {
    expect(setFindings([1])).toEqual([]);
    expect(setFindings([1], [])).toEqual(['lost element']);
    expect(setFindings([], [1])).toEqual(['stale read']);
    expect(setFindings([1, 2])).toEqual(['unexpected element']);
  });
});

describe('session guarantees', () => {
  test('read-your-writes: a process does not read what is older than its own write', () => {
    expect(checkSession([write(0, 0, 1), read(0, 2, 0)], 'read-your-writes', 0).verdict).toBe('violation');
    expect(checkSession([write(0, 0, 1), write(1, 0, 2), read(0, 2, 2)], 'read-your-writes', 0).verdict).toBe(
      'consistent',
    );
  });

  test('monotonic-reads: a process does not go back', () => {
    const writes = [write(0, 0, 1), write(0, 2, 2)];
    expect(checkSession([...writes, read(1, 4, 2), read(1, 6, 1)], 'monotonic-reads', 0).verdict).toBe('violation');
    expect(checkSession([...writes, read(1, 4, 1), read(1, 6, 2)], 'monotonic-reads', 0).verdict).toBe('consistent');
  });

  test('monotonic-writes: nobody reads the writes of a process in the other order', () => {
    const writes = [write(0, 0, 1), write(0, 2, 2)];
    expect(checkSession([...writes, read(1, 4, 2), read(1, 6, 1)], 'monotonic-writes', 0).verdict).toBe('violation');
    expect(checkSession([...writes, read(1, 4, 1), read(1, 6, 2)], 'monotonic-writes', 0).verdict).toBe('consistent');
  });

  test('writes-follow-reads: a write comes after what its process had read', () => {
    const both = [write(0, 0, 1), read(1, 2, 1), write(1, 4, 2), read(2, 6, 2), write(2, 8, 3)];
    expect(checkSession(both, 'writes-follow-reads', 0).verdict).toBe('consistent');
    const crossed = [
      write(0, 0, 1),
      write(1, 0, 2),
      read(0, 2, 2),
      write(0, 4, 3),
      read(1, 2, 3),
      write(1, 6, 4),
      read(2, 8, 4),
      write(2, 9, 5),
    ];
    expect(checkSession(crossed, 'writes-follow-reads', 0).verdict).toBe('consistent');
    const cyclic = [read(0, 0, 2), write(0, 2, 1), read(1, 0, 1), write(1, 2, 2)];
    expect(checkSession(cyclic, 'writes-follow-reads', 0).verdict).toBe('violation');
  });
});
