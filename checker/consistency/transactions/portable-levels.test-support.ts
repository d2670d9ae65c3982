/**
 * Read uncommitted and read committed by the definitions of Adya, "Weak consistency" (1999), PL-1 and PL-2: no G0; no G0
 * and no G1. A history is allowed where *some* version order of every key has no such phenomenon.
 *
 * The longest list that was read begins the version order of its key, as in Elle; at PL-2 all others must agree with it.
 * What a transaction sees of its own writes is no matter of these levels: `internal` counts against the stronger ones.
 */
import { permutations } from './small-transactions.test-support.ts';
import type { MicroOperation, Stored, Transaction } from './transaction.ts';

/** The levels at which a history of small transactions over the keys 0 and 1 is allowed. */
export function portableLevels(
  transactions: readonly Transaction[],
  hasSessions: boolean,
): Set<'read-uncommitted' | 'read-committed'> {
  const history = withSeen(transactions);
  const allowed = new Set<'read-uncommitted' | 'read-committed'>();
  const sessions = hasSessions ? sessionOrder(history) : [];
  const reads = readDependencies(transactions, history);
  const [first, second] = [0, 1].map((key) => ordersOf(history, key));
  for (const a of first!) {
    for (const b of second!) {
      const edges = [...sessions, ...consecutive(a), ...consecutive(b)];
      if (isCyclic(edges)) continue;
      allowed.add('read-uncommitted');
      if (reads === undefined || isCyclic([...edges, ...reads])) continue;
      if ([a, b].every((order, key) => agrees(history, key, order))) return allowed.add('read-committed');
    }
  }
  return allowed;
}

/** Transactions by their places in the history: the second must come after the first. */
type Edge = readonly [from: number, to: number];
/** A version of a key, and the transaction that wrote it. */
interface Version {
  readonly writer: number;
  readonly value: Stored;
}
/** Those that took effect; `undefined` for the others. */
type History = readonly (Transaction | undefined)[];

/** Of the transactions of which nobody knows, those took effect of which something was read. */
function withSeen(transactions: readonly Transaction[]): History {
  const read = new Set(transactions.flatMap(({ operations }) => operations.flatMap(elementsRead)));
  return transactions.map((transaction) => {
    const { outcome, operations } = transaction;
    const isSeen = operations.some(([f, , value]) => f !== 'r' && read.has(value));
    return outcome === 'committed' || (outcome === 'unknown' && isSeen) ? transaction : undefined;
  });
}

function elementsRead([f, , value]: MicroOperation): readonly Stored[] {
  if (f !== 'r' || value === undefined || value === null) return [];
  return typeof value === 'object' ? value : [value];
}

function sessionOrder(history: History): Edge[] {
  return history.flatMap((first, a) =>
    history.flatMap((second, b) =>
      a < b && first !== undefined && second !== undefined && first.session === second.session ? [[a, b] as const] : [],
    ),
  );
}

/** Every version order that a key may have had. */
function ordersOf(history: History, key: number): Version[][] {
  const written = history.flatMap((transaction, writer) =>
    writesOf(transaction, key).map((value) => ({ writer, value })),
  );
  const values = new Set(written.map(({ value }) => value));
  // What was aborted was in the list, and is not in the order.
  const longest = listsRead(history, key)
    .reduce((a, b) => (b.length > a.length ? b : a), [])
    .filter((value) => values.has(value));
  // A write that its own transaction overwrote is a version only where it was seen.
  const versions = written.filter(
    ({ writer, value }) => longest.includes(value) || writesOf(history[writer], key).at(-1) === value,
  );
  return permutations(versions).filter((order) => longest.every((value, i) => order[i]!.value === value));
}

/** Whether every list that was read is what the key once held, and shows the writes of each transaction in order. */
function agrees(history: History, key: number, order: readonly Version[]): boolean {
  const isInOrder = (list: readonly Stored[]): boolean =>
    history.every((writer) => {
      const written = writesOf(writer, key);
      return list.filter((value) => written.includes(value)).every((value, i) => written[i] === value);
    });
  return listsRead(history, key).every(
    (list) => isInOrder(list) && list.every((value, i) => order[i]?.value === value),
  );
}

function writesOf(transaction: Transaction | undefined, key: unknown): Stored[] {
  const writes = (transaction?.operations ?? []).filter(([f, name]) => f !== 'r' && name === key);
  return writes.map(([, , value]) => value as Stored);
}

function listsRead(history: History, key: number): (readonly Stored[])[] {
  const operations = history.flatMap((transaction) => transaction?.operations ?? []);
  return operations.flatMap(([f, name, value]) =>
    f === 'r' && name === key && Array.isArray(value) ? [value as readonly Stored[]] : [],
  );
}

function consecutive(order: readonly Version[]): Edge[] {
  return order.slice(1).map(({ writer }, i) => [order[i]!.writer, writer] as const);
}

/**
 * From each writer to whoever read what it wrote; `undefined` where something aborted (G1a) or intermediate (G1b) was
 * read. A list shows all its elements, and is the version of the last one that its reader did not append itself.
 */
function readDependencies(transactions: readonly Transaction[], history: History): Edge[] | undefined {
  const edges: Edge[] = [];
  for (const [reader, transaction] of history.entries()) {
    for (const operation of transaction?.operations ?? []) {
      const writers = elementsRead(operation).map((value) => ({
        value,
        writer: transactions.findIndex((other) => writesOf(other, operation[1]).includes(value)),
      }));
      if (writers.some(({ writer }) => history[writer] === undefined)) return undefined;
      const version = writers.findLast(({ writer }) => writer !== reader);
      if (version === undefined) continue;
      if (writesOf(transactions[version.writer], operation[1]).at(-1) !== version.value) return undefined;
      edges.push([version.writer, reader]);
    }
  }
  return edges;
}

/** Whether there is a cycle of more than one among three transactions. */
function isCyclic(edges: readonly Edge[]): boolean {
  const all = [0, 1, 2];
  const reaches = all.map((from) => all.map((to) => from !== to && edges.some(([a, b]) => a === from && b === to)));
  for (const via of all)
    for (const from of all) for (const to of all) reaches[from]![to] ||= reaches[from]![via]! && reaches[via]![to]!;
  return reaches.some((row, i) => row[i]);
}
