/**
 * Evidence from lists that are appended to and read whole.
 *
 * A list that is read contains every version of its key up to the one read, in order; so the longest list that was
 * read is the version order, of which every other must be a prefix. Appends that nobody read come after it, since a
 * transaction that took effect before would be in it.
 *
 * Kingsbury and Alvaro, "Elle: inferring isolation anomalies from experimental observations" (VLDB 2020), section 4.
 */
import { showPlain } from '../operation.ts';
import { HistoryError } from '../pairing.ts';
import { EvidenceBuilder, initialWrite, noWrite, type Evidence } from './evidence.ts';
import type { Key, MicroOperation, Stored, TransactionHistory } from './transaction.ts';

type List = readonly Stored[];

/**
 * Reads a list-append history.
 *
 * Cost: linear in all elements of all lists read.
 *
 * @throws HistoryError where a value is appended to the same key twice, or an operation is not of this kind
 */
export function listAppendEvidence(history: TransactionHistory): Evidence {
  const builder = new EvidenceBuilder(history);
  const lists = externalLists(builder);
  const longest: List[] = builder.writes.keys.map(() => []);
  for (let i = 0; i < lists.whole.length; i += 1) {
    if (lists.whole[i]!.length > longest[lists.key[i]!]!.length) longest[lists.key[i]!] = lists.whole[i]!;
  }
  const orders = longest.map((list, key) => orderOf(builder, list, key));
  // Whoever appended an element that somebody read took effect, even where its client was not told.
  for (const order of orders) {
    for (const write of order) {
      const writer = builder.writes.transaction[write]!;
      if (history.transactions[writer]!.outcome === 'unknown') builder.present[writer] = 1;
    }
  }
  const aborted = orders.map((order) => order.filter((write) => builder.isAborted(write)));
  for (let i = 0; i < lists.list.length; i += 1) {
    const [reader, key, list] = [lists.reader[i]!, lists.key[i]!, lists.list[i]!];
    const last = list.at(-1);
    const write = last === undefined ? initialWrite : builder.writes.find(key, last);
    if (write === noWrite) continue;
    builder.sees(reader, key, write, last ?? null, lists.isContradiction[i]);
    for (const other of aborted[key]!) {
      // That of the last element is found with the version that was read.
      if (other !== write && list.includes(builder.writes.value[other]!)) builder.seesAborted(reader, other);
    }
    checkPrefix(builder, reader, key, lists.whole[i]!, longest[key]!);
  }
  return builder.finish(orders);
}

interface Lists {
  readonly reader: number[];
  readonly key: number[];
  /** What was read without what the reader had appended before: what others had written. */
  readonly list: List[];
  /** What was read. */
  readonly whole: List[];
  /** Whether it does not end with what the reader had appended before. */
  readonly isContradiction: boolean[];
}

/** The lists that transactions read. */
function externalLists(builder: EvidenceBuilder): Lists {
  const lists: Lists = { reader: [], key: [], list: [], whole: [], isContradiction: [] };
  for (const [reader, { operations, outcome, line }] of builder.history.transactions.entries()) {
    for (const [index, [f, name, value]] of operations.entries()) {
      if (f === 'w')
        throw new HistoryError(`a list-append history has no 'w'; its operations are 'append' and 'r'.`, line);
      if (f !== 'r' || outcome !== 'committed' || value === undefined) continue;
      const list = value === null ? [] : value;
      if (!Array.isArray(list)) throw new HistoryError(`a list is read, not ${showPlain(value)}.`, line);
      const own = ownBefore(operations, index);
      const isContradiction = !endsWith(list as List, own);
      if (isContradiction)
        internal(builder, reader, name, list as List, 'does not end with what it had appended itself');
      else checkRepeatable(builder, reader, operations, index, list as List);
      lists.reader.push(reader);
      lists.key.push(builder.writes.keyNumber(name));
      lists.list.push(withoutLast(list as List, own));
      lists.whole.push(list as List);
      lists.isContradiction.push(isContradiction);
    }
  }
  return lists;
}

/** What the transaction itself had appended to the key before a read of it. */
function ownBefore(operations: readonly MicroOperation[], index: number): List {
  const name = operations[index]![1];
  const own: Stored[] = [];
  for (let i = 0; i < index; i += 1) {
    const [f, key, value] = operations[i]!;
    if (f === 'append' && key === name) own.push(value);
  }
  return own;
}

/** What was there before its reader's own elements: all up to the last element of somebody else. */
function withoutLast(list: List, own: List): List {
  if (own.length === 0) return list;
  let end = list.length;
  while (end > 0 && own.includes(list[end - 1]!)) end -= 1;
  return list.slice(0, end);
}

/** What is before the reader's own elements must be what it read the time before, or the transaction contradicts itself. */
function checkRepeatable(
  builder: EvidenceBuilder,
  reader: number,
  operations: readonly MicroOperation[],
  index: number,
  list: List,
): void {
  const name = operations[index]![1];
  const last = operations
    .slice(0, index)
    .findLast(([f, key, value]) => f === 'r' && key === name && value !== undefined);
  if (last === undefined) return;
  const before = (last[2] ?? []) as List;
  if (!startsWith(list, before)) {
    internal(builder, reader, name, list, `does not begin with ${showPlain(before)}, which it had read before`);
  } else if (list.length > before.length + ownSince(operations, index)) {
    internal(
      builder,
      reader,
      name,
      list,
      `has elements of others that were not in ${showPlain(before)}, which it had read before`,
    );
  }
}

/** How many elements the transaction appended to the key since it last read it. */
function ownSince(operations: readonly MicroOperation[], index: number): number {
  const name = operations[index]![1];
  let count = 0;
  for (let i = index - 1; i >= 0; i -= 1) {
    const [f, key] = operations[i]!;
    if (key !== name) continue;
    if (f === 'r') break;
    count += 1;
  }
  return count;
}

function endsWith(list: List, end: List): boolean {
  const from = list.length - end.length;
  return from >= 0 && end.every((value, i) => list[from + i] === value);
}

function startsWith(list: List, prefix: List): boolean {
  if (prefix.length > list.length) return false;
  for (let i = 0; i < prefix.length; i += 1) if (list[i] !== prefix[i]) return false;
  return true;
}

function internal(builder: EvidenceBuilder, reader: number, name: Key, list: List, why: string): void {
  builder.found(
    'internal',
    [reader],
    `${builder.name(reader)} read ${showPlain(name)} = ${showPlain(list)}, which ${why}.`,
  );
}

/** The writes of a list, in order. */
function orderOf(builder: EvidenceBuilder, list: List, key: number): number[] {
  const order: number[] = [];
  const seen = new Set<number>();
  for (const value of list) {
    const write = builder.writes.find(key, value);
    const name = `${showPlain(builder.writes.keys[key])} = ${showPlain(list)}`;
    if (write === noWrite) {
      builder.found('unwritten read', [], `${name} was read, but no transaction appended ${showPlain(value)}.`);
    } else if (seen.has(write)) {
      builder.found('duplicate elements', [], `${name} was read, which has ${showPlain(value)} twice.`);
    } else {
      const before = builder.writes.before(write);
      if (before !== noWrite && !seen.has(before)) {
        const missing = showPlain(builder.writes.value[before]);
        const writer = builder.writes.transaction[write]!;
        const explanation = `${name} was read, which has ${showPlain(value)} but not before it ${missing}, although ${builder.name(writer)} appended that first.`;
        builder.found('incompatible order', [writer], explanation);
      }
      seen.add(write);
      order.push(write);
    }
  }
  return order;
}

function checkPrefix(builder: EvidenceBuilder, reader: number, key: number, list: List, longest: List): void {
  if (startsWith(longest, list)) return;
  builder.found(
    'incompatible order',
    [reader],
    `${builder.name(reader)} read ${showPlain(builder.writes.keys[key])} = ${showPlain(list)}, but ${showPlain(longest)} was read too: neither is a prefix of the other.`,
  );
}
