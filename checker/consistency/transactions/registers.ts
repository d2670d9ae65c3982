/**
 * Evidence from registers that are written and read.
 *
 * A value that is read names the write it came from, and says nothing of the order of versions. That order may be
 * given from outside (a database's log); without it, {@link solve} looks for one.
 */
import { showPlain } from '../operation.ts';
import { HistoryError } from '../pairing.ts';
import { EvidenceBuilder, initialWrite, type Evidence } from './evidence.ts';
import type { Key, MicroOperation, Stored, TransactionHistory } from './transaction.ts';

/** The values that each key had, in order, as a database's own log has them; keys and values as texts. */
export type VersionOrder = ReadonlyMap<string, readonly string[]>;

/**
 * Reads a history of registers.
 *
 * @param initial - the values that stand for the initial one, besides `null`; none by default
 * @throws HistoryError where a value is written to the same key twice, or an operation is not of this kind
 */
export function registerEvidence(
  history: TransactionHistory,
  versions?: VersionOrder,
  initial: readonly Stored[] = [],
): Evidence {
  const builder = new EvidenceBuilder(history);
  const isInitial = new Set<Stored>([null, ...initial]);
  for (const [reader, { operations, outcome, line }] of history.transactions.entries()) {
    for (const [index, [f, name, value]] of operations.entries()) {
      if (f === 'append')
        throw new HistoryError(`a register is not appended to; its operations are 'w' and 'r'.`, line);
      if (f !== 'r' || outcome !== 'committed' || value === undefined) continue;
      if (typeof value === 'object' && value !== null)
        throw new HistoryError(`a register holds one value, not ${showPlain(value)}.`, line);
      const read = value;
      const own = ownWriteBefore(operations, index);
      if (own !== undefined && own === read) continue;
      if (own !== undefined) contradiction(builder, reader, name, read, own);
      const key = builder.writes.keyNumber(name);
      const write = builder.writes.find(key, read);
      // A written value is never taken for the initial one, so that a history may write its initial values itself.
      builder.sees(reader, key, write < 0 && isInitial.has(read) ? initialWrite : write, read, own !== undefined);
      if (own === undefined) checkRepeatable(builder, reader, operations, index, read);
    }
  }
  return builder.finish(givenOrders(builder, versions));
}

/** What the transaction itself had written to the key before a read of it, which must then return that. */
function ownWriteBefore(operations: readonly MicroOperation[], index: number): Stored | undefined {
  const name = operations[index]![1];
  const write = operations.slice(0, index).findLast(([f, key]) => f === 'w' && key === name);
  return write?.[2] as Stored | undefined;
}

function contradiction(builder: EvidenceBuilder, reader: number, name: Key, read: Stored, own: Stored): void {
  const what = `${showPlain(name)} = ${showPlain(read)}`;
  builder.found('internal', [reader], `${builder.name(reader)} read ${what} after it had written ${showPlain(own)}.`);
}

/** Two reads of others' writes to one key in one transaction must agree. */
function checkRepeatable(
  builder: EvidenceBuilder,
  reader: number,
  operations: readonly MicroOperation[],
  index: number,
  read: Stored,
): void {
  const name = operations[index]![1];
  const before = operations
    .slice(0, index)
    .findLast(([f, key, value]) => f === 'r' && key === name && value !== undefined);
  if (before === undefined || before[2] === read) return;
  builder.found(
    'non-repeatable read',
    [reader],
    `${builder.name(reader)} read ${showPlain(name)} twice, first as ${showPlain(before[2])} and then as ${showPlain(read)}.`,
  );
}

/** The writes of each key in the order that was given; all of a key's writes are looked up by the text of their value. */
function givenOrders(builder: EvidenceBuilder, versions: VersionOrder | undefined): number[][] {
  const { keys, key, value, transaction } = builder.writes;
  if (versions === undefined) return keys.map(() => []);
  const byText: Map<string, number>[] = keys.map(() => new Map());
  for (let write = 0; write < key.length; write += 1) byText[key[write]!]!.set(String(value[write]), write);
  const orders = keys.map((name, number) =>
    (versions.get(String(name)) ?? []).map((text) => byText[number]!.get(text)).filter((write) => write !== undefined),
  );
  // A database's log has only what took effect, even where the client was not told.
  for (const write of orders.flat()) {
    const writer = transaction[write]!;
    if (builder.history.transactions[writer]!.outcome === 'unknown') builder.present[writer] = 1;
  }
  return orders;
}
