/** From the events of a Jepsen history to transactions. */
import {
  HistoryError,
  type ClientEvent,
  type MicroOperation,
  type Stored,
  type Transaction,
  type TransactionHistory,
} from '../../checker/consistency/index.ts';

/**
 * The transactions of a history whose operations are lists of micro-operations.
 *
 * What committed is known from the answer; a transaction that failed or was not answered has the writes it was asked
 * to do, and reads of which nothing is known. Without calls in the file, nothing is known of times and sessions.
 */
export function transactionHistory(
  events: readonly ClientEvent[],
  unwrittenReads: TransactionHistory['unwrittenReads'],
): TransactionHistory {
  const timed = events.some(({ type }) => type === 'invoke');
  const transactions = timed ? pairTransactions(events) : events.map((event) => asTransaction(event, event, undefined));
  return { transactions, sessionOrder: false, timed, unwrittenReads };
}

function pairTransactions(events: readonly ClientEvent[]): Transaction[] {
  const open = new Map<unknown, { event: ClientEvent; position: number; index: number }>();
  const transactions: Transaction[] = [];
  for (const [position, event] of events.entries()) {
    const call = open.get(event.process);
    if (event.type === 'invoke') {
      if (call !== undefined) {
        throw new HistoryError(
          `process ${event.process} begins a transaction while the one of line ${call.event.line} is open.`,
          event.line,
        );
      }
      open.set(event.process, { event, position, index: transactions.length });
      transactions.push(asTransaction(event, { ...event, type: 'info' }, [position, Infinity]));
      continue;
    }
    if (call === undefined) {
      throw new HistoryError(
        `process ${event.process} ends a transaction (${event.type}) that it has not begun.`,
        event.line,
      );
    }
    open.delete(event.process);
    const returned = event.type === 'info' ? Infinity : position;
    transactions[call.index] = asTransaction(call.event, event, [call.position, returned]);
  }
  return transactions;
}

function asTransaction(call: ClientEvent, end: ClientEvent, times: [number, number] | undefined): Transaction {
  const outcome = ({ ok: 'committed', fail: 'aborted', info: 'unknown', invoke: 'unknown' } as const)[end.type];
  const value = outcome === 'committed' ? end.value : call.value;
  if (!Array.isArray(value))
    throw new HistoryError('a transaction is a list of operations such as [:r key nil].', call.line);
  return {
    session: call.process,
    outcome,
    operations: value.map((operation) => microOperation(operation, outcome === 'committed', call.line)),
    ...(times === undefined ? {} : { invoked: times[0], returned: times[1] }),
    ...(call.line === undefined ? {} : { line: call.line }),
  };
}

const names: Readonly<Record<string, 'r' | 'w' | 'append'>> = {
  r: 'r',
  read: 'r',
  w: 'w',
  write: 'w',
  append: 'append',
};

function microOperation(operation: unknown, isKnown: boolean, line: number | undefined): MicroOperation {
  const [name, key, value] = Array.isArray(operation) ? (operation as unknown[]) : [];
  const f = typeof name === 'string' ? names[name] : undefined;
  if (f === undefined || (typeof key !== 'string' && typeof key !== 'number' && typeof key !== 'bigint')) {
    throw new HistoryError(
      'an operation of a transaction is [:r key value], [:w key value] or [:append key value].',
      line,
    );
  }
  if (f === 'r') return ['r', key, isKnown ? (value as Stored | readonly Stored[]) : undefined];
  return [f, key, value as Stored];
}
