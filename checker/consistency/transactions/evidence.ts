/**
 * What a transaction history says: which write each read saw, and in which order the versions of a key came.
 *
 * Both kinds of history end here. A list that is read tells the order of all its versions (Elle's insight), a register
 * tells one version. What is wrong without any cycle (reads of aborted, intermediate or unwritten values, a transaction
 * that contradicts itself) is found on the way.
 */
import { showPlain } from '../operation.ts';
import { HistoryError } from '../pairing.ts';
import type { Anomaly, AnomalyName } from './anomaly.ts';
import type { Key, Stored, TransactionHistory } from './transaction.ts';

/** Stands for the write of the initial value. */
export const initialWrite = -1;
/** Stands for the write of a value that nobody in the history wrote. */
export const noWrite = -2;

/** All writes of a history, numbered; and the keys, numbered. */
export class WriteTable {
  readonly keys: Key[] = [];
  /** By write: the transaction that did it, the key's number, the value, and whether it was its last on that key. */
  readonly transaction: number[] = [];
  readonly key: number[] = [];
  readonly value: Stored[] = [];
  readonly isFinal: boolean[] = [];
  readonly #keyNumber = new Map<Key, number>();
  readonly #writeOf: Map<Stored, number>[] = [];

  /** The number of a key, given on first use. */
  keyNumber(key: Key): number {
    const known = this.#keyNumber.get(key);
    if (known !== undefined) return known;
    const number = this.keys.length;
    this.keys.push(key);
    this.#keyNumber.set(key, number);
    this.#writeOf.push(new Map());
    return number;
  }

  /** The write of a value to a key, or {@link noWrite}. */
  find(key: number, value: Stored): number {
    return this.#writeOf[key]!.get(value) ?? noWrite;
  }

  /** @returns whether the value had not been written to the key before */
  add(transaction: number, key: number, value: Stored, isFinal: boolean): boolean {
    const writes = this.#writeOf[key]!;
    if (writes.has(value)) return false;
    writes.set(value, this.transaction.length);
    this.transaction.push(transaction);
    this.key.push(key);
    this.value.push(value);
    this.isFinal.push(isFinal);
    return true;
  }

  /** The write to the same key that the same transaction did before this one, or {@link noWrite}. */
  before(write: number): number {
    for (let other = write - 1; this.transaction[other] === this.transaction[write]; other -= 1) {
      if (this.key[other] === this.key[write]) return other;
    }
    return noWrite;
  }

  show(write: number): string {
    return `${showPlain(this.keys[this.key[write]!])} = ${showPlain(this.value[write])}`;
  }
}

/** What a history says, as numbers. */
export interface Evidence {
  readonly history: TransactionHistory;
  readonly writes: WriteTable;
  /** By transaction: 1 where it took effect (it committed, or somebody saw what it wrote). */
  readonly present: Uint8Array;
  /** What transactions read that others wrote: by read, the reader, the key and the write. */
  readonly reads: { readonly reader: number[]; readonly key: number[]; readonly write: number[] };
  /** By key: its writes in version order, as far as known; those of aborted transactions are in it. */
  readonly orders: readonly (readonly number[])[];
  /** By key: final writes of transactions that took effect which are later than those in order, in unknown order. */
  readonly tails: readonly (readonly number[])[];
  /** What is wrong without a cycle. */
  readonly anomalies: readonly Anomaly[];
  /** Remarks for the reader of a verdict: what was left out, and why. */
  readonly notes: readonly string[];
}

/** Collects evidence while a history is read. */
export class EvidenceBuilder {
  readonly history: TransactionHistory;
  readonly writes = new WriteTable();
  readonly present: Uint8Array;
  readonly reads = { reader: [] as number[], key: [] as number[], write: [] as number[] };
  readonly anomalies: Anomaly[] = [];
  /** Reads that contradict what the reader had written before, as indices into `reads`. */
  readonly #contradictions = new Set<number>();
  #ignoredReads = 0;

  constructor(history: TransactionHistory) {
    this.history = history;
    this.present = Uint8Array.from(history.transactions, ({ outcome }) => Number(outcome === 'committed'));
    for (const transaction of history.transactions.keys()) this.#addWrites(transaction);
  }

  /**
   * Records that `reader` saw what `write` wrote, and what is wrong with that by itself.
   *
   * @param isContradiction - whether the reader had written the key before, so that it should have seen its own write
   */
  sees(reader: number, key: number, write: number, value: Stored, isContradiction = false): void {
    if (write === noWrite) {
      this.#unwritten(reader, key, value);
      return;
    }
    if (write !== initialWrite) {
      const writer = this.writes.transaction[write]!;
      if (writer === reader) {
        this.found('internal', [reader], `${this.name(reader)} read ${this.writes.show(write)} before it wrote that.`);
        return;
      }
      this.#judge(reader, write, writer);
      if (this.history.transactions[writer]!.outcome !== 'aborted') this.present[writer] = 1;
    }
    if (isContradiction) this.#contradictions.add(this.reads.reader.length);
    this.reads.reader.push(reader);
    this.reads.key.push(key);
    this.reads.write.push(write);
  }

  /** Whether the transaction of a write is known not to have taken effect. */
  isAborted(write: number): boolean {
    return this.history.transactions[this.writes.transaction[write]!]!.outcome === 'aborted';
  }

  /** Records that `reader` saw what an aborted transaction wrote. */
  seesAborted(reader: number, write: number): void {
    const writer = this.writes.transaction[write]!;
    const wrote = `${this.name(writer)} wrote ${this.writes.show(write)}`;
    this.found('G1a', [writer, reader], `${wrote} and aborted, but ${this.name(reader)} read it.`);
  }

  found(name: AnomalyName, transactions: readonly number[], explanation: string): void {
    this.anomalies.push({ name, transactions, cycle: [], explanation });
  }

  finish(orders: readonly (readonly number[])[]): Evidence {
    const { history, writes, present, reads, anomalies } = this;
    const ordered = new Uint8Array(writes.transaction.length);
    for (const order of orders) for (const write of order) ordered[write] = 1;
    this.#lostUpdates();
    const tails: number[][] = writes.keys.map(() => []);
    for (let write = 0; write < ordered.length; write += 1) {
      const late = ordered[write] === 0 && writes.isFinal[write] === true;
      if (late && present[writes.transaction[write]!] === 1) tails[writes.key[write]!]!.push(write);
    }
    const notes =
      this.#ignoredReads === 0
        ? []
        : [`${this.#ignoredReads} read(s) of values that no transaction of the history wrote were left out.`];
    return { history, writes, present, reads, orders, tails, anomalies, notes };
  }

  /** `T3 (line 12)`: how explanations call a transaction. */
  name(transaction: number): string {
    return transactionName(this.history, transaction);
  }

  /** Two transactions that read the same version of a key and both wrote it: whichever came first, its write is lost. */
  #lostUpdates(): void {
    const { reader, key, write } = this.reads;
    const updaters = new Map<number, number>();
    for (let read = 0; read < reader.length; read += 1) {
      const second = reader[read]!;
      if (this.#contradictions.has(read) || !this.#writesKey(second, key[read]!)) continue;
      // Versions and keys are numbered: each pair is one number, and the initial version counts as write 0.
      const version = key[read]! * (this.writes.transaction.length + 1) + write[read]! + 1;
      const first = updaters.get(version);
      if (first === undefined) updaters.set(version, second);
      else if (first !== second) {
        const what =
          write[read] === initialWrite
            ? `the initial ${showPlain(this.writes.keys[key[read]!])}`
            : this.writes.show(write[read]!);
        this.found(
          'lost update',
          [first, second],
          `${this.name(first)} and ${this.name(second)} both read ${what}, and then both wrote that key.`,
        );
      }
    }
  }

  #writesKey(transaction: number, key: number): boolean {
    const name = this.writes.keys[key];
    return this.history.transactions[transaction]!.operations.some(([f, other]) => f !== 'r' && other === name);
  }

  #addWrites(transaction: number): void {
    const { operations, line } = this.history.transactions[transaction]!;
    for (const [index, [f, name, value]] of operations.entries()) {
      const key = this.writes.keyNumber(name);
      if (f === 'r') continue;
      const isFinal = !operations.some(([g, other], later) => later > index && g !== 'r' && other === name);
      if (this.writes.add(transaction, key, value, isFinal)) continue;
      const first = this.writes.transaction[this.writes.find(key, value)]!;
      throw new HistoryError(
        `${showPlain(value)} is written to ${showPlain(name)} twice, first by ${this.name(first)}. Values must be unique for their key: they are how a read names a write.`,
        line,
      );
    }
  }

  #judge(reader: number, write: number, writer: number): void {
    if (this.isAborted(write)) {
      this.seesAborted(reader, write);
    } else if (this.writes.isFinal[write] !== true) {
      const wrote = `${this.name(writer)} wrote ${this.writes.show(write)}`;
      this.found('G1b', [writer, reader], `${wrote} and then over it, but ${this.name(reader)} read the first.`);
    }
  }

  #unwritten(reader: number, key: number, value: Stored): void {
    if (this.history.unwrittenReads === 'ignored') {
      this.#ignoredReads += 1;
      return;
    }
    const what = `${showPlain(this.writes.keys[key])} = ${showPlain(value)}`;
    this.found('unwritten read', [reader], `${this.name(reader)} read ${what}, which no transaction wrote.`);
  }
}

/** `T3 (line 12)`: how explanations call a transaction; counted from 0, in the order of the history. */
export function transactionName({ transactions }: TransactionHistory, transaction: number): string {
  const { line } = transactions[transaction]!;
  return line === undefined ? `T${transaction}` : `T${transaction} (line ${line})`;
}
