/**
 * Agreement with the axioms of Cerone, Bernardi and Gotsman, "A framework for transactional consistency models with
 * atomic visibility" (CONCUR 2015): a history is allowed by a level when some arbitration order and visibility relation
 * explain every read. They know nothing of dependency graphs, so that what agrees with them is right.
 */
import { expect, test } from 'vitest';

import { words } from '../small-histories.test-support.ts';
import type { IsolationLevel } from './anomaly.ts';
import { judgeIsolation } from './isolation.ts';
import { listAppendEvidence } from './list-append.ts';
import { registerEvidence } from './registers.ts';
import type { MicroOperation, Stored, Transaction } from './transaction.ts';

type AxiomaticLevel = Extract<IsolationLevel, 'parallel-snapshot-isolation' | 'snapshot-isolation' | 'serializable'>;
const levels: readonly AxiomaticLevel[] = ['parallel-snapshot-isolation', 'snapshot-isolation', 'serializable'];

/** A transaction without values: `r0`, `w1` and so on. */
type Shape = readonly (readonly ['r' | 'w', 0 | 1])[];

const steps: Shape = [
  ['r', 0],
  ['r', 1],
  ['w', 0],
  ['w', 1],
];
const shapes: readonly Shape[] = [
  ...steps.map((step) => [step]),
  ...steps.flatMap((first) => steps.map((second) => [first, second])),
];

/** Three transactions of at most two operations each, with every value that their reads may return. */
function* registerHistories(areAlike: boolean): Generator<Transaction[], void, undefined> {
  for (const word of words(3, shapes.length)) {
    // Without sessions, transactions are interchangeable.
    if (areAlike && (word[0]! > word[1]! || word[1]! > word[2]!)) continue;
    yield* withReads(word.map((shape) => shapes[shape]!));
  }
}

function* withReads(three: readonly Shape[]): Generator<Transaction[], void, undefined> {
  const written: Stored[][] = [[], []];
  let value = 0;
  const numbered = three.map((shape) =>
    shape.map(([f, key]) => {
      if (f === 'w') written[key]!.push((value += 1));
      return { f, key, value };
    }),
  );
  const reads = numbered.flat().filter(({ f }) => f === 'r');
  const choices = reads.map(({ key }) => [null, ...written[key]!]);
  for (const pick of mixed(choices.map((all) => all.length))) {
    const read = new Map(reads.map((operation, i) => [operation, choices[i]![pick[i]!]!]));
    yield numbered.map((operations, session) => ({
      session,
      outcome: 'committed',
      operations: operations.map((operation): MicroOperation =>
        operation.f === 'w' ? ['w', operation.key, operation.value] : ['r', operation.key, read.get(operation) ?? null],
      ),
    }));
  }
}

/** All numbers of mixed radix. */
function* mixed(sizes: readonly number[]): Generator<readonly number[], void, undefined> {
  const digits = sizes.map(() => 0);
  for (;;) {
    yield digits;
    let at = digits.length - 1;
    while (at >= 0 && digits[at] === sizes[at]! - 1) {
      digits[at] = 0;
      at -= 1;
    }
    if (at < 0) return;
    digits[at]! += 1;
  }
}

const orders = [
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
];

/** Whether some arbitration and visibility explain the history: EXT, INT, NOCONFLICT, TRANSVIS, PREFIX, TOTALVIS, SESSION. */
function isAllowed(transactions: readonly Transaction[], level: AxiomaticLevel, hasSessions: boolean): boolean {
  return orders.some((order) => {
    const pairs = [
      [0, 1],
      [0, 2],
      [1, 2],
    ] as const;
    return [0, 1, 2, 3, 4, 5, 6, 7].some((mask) => {
      const sees = (a: number, b: number): boolean =>
        pairs.some(([i, j], bit) => order[i] === a && order[j] === b && (mask & (1 << bit)) !== 0);
      if (level === 'serializable' && mask !== 7) return false;
      // TRANSVIS: of first before second before third. PREFIX: what is arbitrated before something visible is visible.
      const [first, second, third] = order as [number, number, number];
      if (sees(first, second) && sees(second, third) && !sees(first, third)) return false;
      if (level === 'snapshot-isolation' && sees(second, third) && !sees(first, third)) return false;
      const isRelated = pairs.every(([i, j]) => {
        const [a, b] = [order[i]!, order[j]!];
        if (hasSessions && transactions[a]!.session === transactions[b]!.session && (a > b || !sees(a, b)))
          return false;
        return sees(a, b) || ![0, 1].some((key) => writes(transactions[a]!, key) && writes(transactions[b]!, key));
      });
      return (
        isRelated &&
        order.every((reader) =>
          explains(
            transactions,
            reader,
            order.filter((other) => sees(other, reader)),
          ),
        )
      );
    });
  });
}

function writes({ operations }: Transaction, key: number): boolean {
  return operations.some(([f, name]) => f !== 'r' && name === key);
}

/** Whether a transaction's reads are what it sees, in order, with its own writes on top. */
function explains(transactions: readonly Transaction[], reader: number, seen: readonly number[]): boolean {
  const state: [unknown, unknown][] = [];
  const values = new Map<unknown, unknown>(state);
  const run = ({ operations }: Transaction, isReader: boolean): boolean =>
    operations.every(([f, key, value]) => {
      if (f === 'w') values.set(key, value);
      else if (f === 'append') values.set(key, [...((values.get(key) ?? []) as unknown[]), value]);
      else if (isReader)
        return JSON.stringify(values.get(key) ?? (Array.isArray(value) ? [] : null)) === JSON.stringify(value);
      return true;
    });
  for (const other of seen) run(transactions[other]!, false);
  return run(transactions[reader]!, true);
}

/** The levels at which the judge and the axioms differ, with the history. */
function differences(
  transactions: Transaction[],
  found: Readonly<Record<string, string>>,
  hasSessions: boolean,
): unknown[] {
  return levels
    .filter(
      (level) =>
        (found[level] === 'holds') !== isAllowed(transactions, level, hasSessions) || found[level] === 'undecided',
    )
    .map((level) => ({ level, found: found[level], operations: transactions.map(({ operations }) => operations) }));
}

test('isolation levels agree with their axioms on all histories of registers with 3 transactions over two keys', () => {
  const wrong: unknown[] = [];
  for (const transactions of registerHistories(true)) {
    if (wrong.length > 3) break;
    const history = { transactions, sessionOrder: false, timed: false, unwrittenReads: 'anomaly' } as const;
    wrong.push(...differences(transactions, judgeIsolation(registerEvidence(history)).levels, false));
  }
  expect(wrong).toEqual([]);
}, 600_000);

test('so they do where two transactions are of one session', () => {
  const wrong: unknown[] = [];
  // The shapes come in every order, so that it does not matter which two are of one session.
  for (const shape of registerHistories(false)) {
    if (wrong.length > 3) break;
    const transactions = shape.map((transaction, i) => ({ ...transaction, session: i === 2 ? 1 : 0 }));
    const history = { transactions, sessionOrder: true, timed: false, unwrittenReads: 'anomaly' } as const;
    wrong.push(...differences(transactions, judgeIsolation(registerEvidence(history)).levels, true));
  }
  expect(wrong).toEqual([]);
}, 600_000);

/** Lists: every read returns some of the elements that were appended, in some order; all of that is too many. */
function* listHistories(samples: number, next: () => number): Generator<Transaction[], void, undefined> {
  for (let sample = 0; sample < samples; sample += 1) {
    const three = [0, 1, 2].map(() => shapes[Math.floor(next() * shapes.length)]!);
    const appended: number[][] = [[], []];
    let value = 0;
    const numbered = three.map((shape) =>
      shape.map(([f, key]) => {
        if (f === 'w') appended[key]!.push((value += 1));
        return { f, key, value };
      }),
    );
    // One order for each key, cut anywhere, and sometimes shuffled: mostly histories that make sense.
    yield numbered.map((operations, session) => ({
      session,
      outcome: 'committed',
      operations: operations.map(({ f, key, value }): MicroOperation => {
        if (f === 'w') return ['append', key, value];
        const list = [...appended[key]!];
        if (next() < 0.3) list.sort(() => next() - 0.5);
        return ['r', key, list.slice(0, Math.floor(next() * (list.length + 1)))];
      }),
    }));
  }
}

test('isolation levels agree with their axioms on a sample of list-append histories', () => {
  let seed = 1;
  const next = (): number => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7f_ff_ff_ff;
    return seed / 0x80_00_00_00;
  };
  const wrong: unknown[] = [];
  for (const transactions of listHistories(30_000, next)) {
    if (wrong.length > 3) break;
    const history = { transactions, sessionOrder: false, timed: false, unwrittenReads: 'anomaly' } as const;
    wrong.push(...differences(transactions, judgeIsolation(listAppendEvidence(history)).levels, false));
  }
  expect(wrong).toEqual([]);
}, 600_000);
