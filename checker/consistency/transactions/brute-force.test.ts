/** Agreement of the judge with the definitions of the isolation levels, on every small history. */
import { expect, test } from 'vitest';

import { isolationLevels } from './anomaly.ts';
import { allowedLevels, axiomaticLevels } from './axioms.test-support.ts';
import { judgeIsolation } from './isolation.ts';
import { listAppendEvidence } from './list-append.ts';
import { portableLevels } from './portable-levels.test-support.ts';
import { registerEvidence } from './registers.ts';
import { smallTransactions, type SmallTransactions } from './small-transactions.test-support.ts';
import type { Transaction } from './transaction.ts';

const judged = isolationLevels.filter((level) => level !== 'strict-serializable');

/** The levels at which the judge and the definitions differ, or the judge does not know, with the history. */
function differences(transactions: Transaction[], { kind, hasSession }: SmallTransactions): unknown[] {
  const history = { transactions, sessionOrder: hasSession, timed: false, unwrittenReads: 'anomaly' } as const;
  const evidence = kind === 'registers' ? registerEvidence(history) : listAppendEvidence(history);
  const { levels } = judgeIsolation(evidence);
  const portable = portableLevels(transactions, hasSession);
  const axiomatic = allowedLevels(transactions, hasSession);
  const wrong: unknown[] = [];
  for (const level of judged) {
    const isAxiomatic = (axiomaticLevels as readonly string[]).includes(level);
    const isAllowed = isAxiomatic ? axiomatic.has(level as never) : portable.has(level as never);
    if (levels[level] === (isAllowed ? 'holds' : 'violated')) continue;
    wrong.push({ level, found: levels[level], isAllowed, transactions: transactions.map(shown) });
  }
  return wrong;
}

function shown({ outcome, operations }: Transaction): string {
  return `${outcome} ${operations.map(([f, key, value]) => `${f}${key}=${JSON.stringify(value)}`).join(' ')}`;
}

const all = ['committed', 'aborted', 'unknown'] as const;
const cases: readonly (readonly [count: number, of: string, SmallTransactions])[] = [
  [49_822, 'registers', { kind: 'registers', outcomes: all, hasSession: false }],
  [
    34_312,
    'registers where two transactions are of one session',
    { kind: 'registers', outcomes: ['committed'], hasSession: true },
  ],
  [239_038, 'lists that are appended to', { kind: 'lists', outcomes: all, hasSession: false }],
];

test.each(cases)(
  'isolation levels agree with their definitions on all %i histories of 3 transactions over two keys: %s',
  (count, _, options) => {
    const wrong: unknown[] = [];
    let seen = 0;
    for (const transactions of smallTransactions(options)) {
      seen += 1;
      if (wrong.length < 4) wrong.push(...differences(transactions, options));
    }
    expect({ wrong, seen }).toEqual({ wrong: [], seen: count });
  },
  600_000,
);
