/**
 * The formats of black-box checkers of transactions: DBCop's binary and its rendering as JSON lines, Cobra's binary
 * and rendering, and the text of PolySI and IsoVista.
 *
 * They record sessions, not times: what is known is the order of the transactions of a session.
 */
import type { MicroOperation, Stored, Transaction } from '../../checker/consistency/index.ts';
import { jsonObjects } from './jepsen.ts';
import { excerpt, LogError } from './log-error.ts';

/** What such a file holds. */
export interface TransactionLog {
  readonly transactions: readonly Transaction[];
  /** The values that stand for the initial one. */
  readonly initial: readonly Stored[];
}

/** Cobra's names for the initial version and for no version. */
const cobraInitial = ['bebeebee', 'deadbeef'];

interface TransactionLine {
  readonly session: number;
  readonly committed: boolean;
  readonly ops: readonly (readonly [string, string | number, string | number, string?])[];
}

/** Reads JSON lines `{"session", "committed", "ops": [["r", key, value], …]}`, of DBCop or Cobra. */
export function readTransactionLines(text: string, file: string): TransactionLog {
  const transactions: Transaction[] = [];
  for (const { value, line } of jsonObjects(text, file)) {
    if (typeof value === 'object' && value !== null && 'header' in value) continue;
    if (!isTransactionLine(value))
      throw new LogError('log/event', { file, line }, 'a transaction has session, committed and ops.');
    const operations = value.ops
      .filter((op) => op[3] !== 'failed')
      .map((op) => microOperation(op[0], op[1], op[2], { file, line }));
    transactions.push({ session: value.session, outcome: value.committed ? 'committed' : 'aborted', operations, line });
  }
  return { transactions, initial: [0, ...cobraInitial] };
}

function isTransactionLine(value: unknown): value is TransactionLine {
  if (typeof value !== 'object' || value === null) return false;
  const { session, committed, ops } = value as Record<string, unknown>;
  return (
    typeof session === 'number' && typeof committed === 'boolean' && Array.isArray(ops) && ops.every(Array.isArray)
  );
}

function microOperation(
  f: string,
  key: string | number,
  value: Stored,
  place: { file: string; line: number },
): MicroOperation {
  if (f === 'r' || f === 'w') return [f, key, value];
  throw new LogError('log/event', place, `an operation of a transaction is r or w, not ${excerpt(f)}.`);
}

/**
 * Reads DBCop's binary: little-endian, lengths and numbers of 64 bits; five numbers, three texts, then sessions of
 * transactions of events (write?, variable, value, success?).
 *
 * @throws LogError where it ends early or goes on
 */
export function readDbcop(bytes: Uint8Array, file: string): TransactionLog {
  const reader = new BinaryReader(bytes, file, true);
  for (let i = 0; i < 5; i += 1) reader.integer();
  for (let i = 0; i < 3; i += 1) reader.skip(reader.length(1));
  const transactions: Transaction[] = [];
  const sessions = reader.length(8);
  for (let session = 0; session < sessions; session += 1) {
    for (let left = reader.length(9); left > 0; left -= 1) {
      const operations: MicroOperation[] = [];
      for (let events = reader.length(18); events > 0; events -= 1) {
        const f = reader.byte() === 1 ? 'w' : 'r';
        const operation: MicroOperation = [f, reader.integer(), reader.integer()];
        if (reader.byte() === 1) operations.push(operation);
      }
      const outcome = reader.byte() === 1 ? 'committed' : 'aborted';
      transactions.push({ session, outcome, operations });
    }
  }
  reader.end();
  return { transactions, initial: [0] };
}

/**
 * Reads one thread's file of Cobra: big-endian records `S`tart, `R`ead, `W`rite, `C`ommit.
 *
 * @throws LogError where a record is unknown or cut short
 */
export function readCobra(bytes: Uint8Array, file: string, session: number): TransactionLog {
  const reader = new BinaryReader(bytes, file, false);
  const transactions: Transaction[] = [];
  let operations: MicroOperation[] = [];
  let isOpen = false;
  while (!reader.isAtEnd) {
    const kind = String.fromCharCode(reader.byte());
    if (kind === 'S') {
      if (isOpen) transactions.push({ session, outcome: 'aborted', operations });
      reader.hex();
      [operations, isOpen] = [[], true];
    } else if (kind === 'R') {
      reader.hex();
      const write = reader.hex();
      operations.push(['r', reader.hex(), write]);
      reader.hex();
    } else if (kind === 'W') {
      const write = reader.hex();
      operations.push(['w', reader.hex(), write]);
      reader.hex();
    } else if (kind === 'C') {
      reader.hex();
      transactions.push({ session, outcome: 'committed', operations });
      isOpen = false;
    } else throw reader.error(`a record begins with S, R, W or C, not ${excerpt(kind)}.`);
  }
  if (isOpen) transactions.push({ session, outcome: 'unknown', operations });
  return { transactions, initial: cobraInitial };
}

const polysiLine = /^([rw])\((-?\d+),(-?\d+),(-?\d+),(-?\d+)\)$/;

/**
 * Reads the text of PolySI and IsoVista: one operation a line, `r(key,value,session,transaction)`, those of a
 * transaction one after another.
 */
export function readPolysi(text: string, file: string): TransactionLog {
  const byName = new Map<string, { session: number; operations: MicroOperation[]; line: number }>();
  for (const [index, content] of text.split('\n').entries()) {
    const line = index + 1;
    if (content.trim() === '') continue;
    const match = polysiLine.exec(content.trim());
    if (match === null)
      throw new LogError(
        'log/event',
        { file, line },
        `an operation is r(key,value,session,transaction), not ${excerpt(content)}`,
      );
    const [, f, key, value, session, transaction] = match as unknown as [
      string,
      'r' | 'w',
      string,
      string,
      string,
      string,
    ];
    const name = `${session},${transaction}`;
    const entry = byName.get(name) ?? { session: Number(session), operations: [], line };
    entry.operations.push([f, Number(key), Number(value)]);
    byName.set(name, entry);
  }
  const transactions = [...byName.values()].map((entry) => ({ ...entry, outcome: 'committed' as const }));
  return { transactions, initial: [0] };
}

/** Reads numbers off bytes, and says where they end too early. */
class BinaryReader {
  readonly #view: DataView;
  readonly #file: string;
  readonly #little: boolean;
  #at = 0;

  constructor(bytes: Uint8Array, file: string, little: boolean) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#file = file;
    this.#little = little;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#view.byteLength;
  }

  byte(): number {
    return this.#view.getUint8(this.#advance(1));
  }

  /** 64 bits, as a number where that is exact. */
  integer(): number | bigint {
    const value = this.#view.getBigUint64(this.#advance(8), this.#little);
    return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
  }

  hex(): string {
    return this.#view.getBigUint64(this.#advance(8), this.#little).toString(16);
  }

  /** A number of things of at least `size` bytes each, which must fit in what is left. */
  length(size: number): number {
    const count = this.integer();
    if (typeof count === 'bigint' || count * size > this.#view.byteLength - this.#at)
      throw this.error('the file is cut short, or not of this format.');
    return count;
  }

  skip(bytes: number): void {
    this.#advance(bytes);
  }

  end(): void {
    if (!this.isAtEnd) throw this.error('there is more in the file than its lengths say.');
  }

  error(problem: string): LogError {
    return new LogError('log/syntax', { file: this.#file }, `at byte ${this.#at}: ${problem}`);
  }

  #advance(bytes: number): number {
    const at = this.#at;
    if (at + bytes > this.#view.byteLength) throw this.error('the file is cut short, or not of this format.');
    this.#at += bytes;
    return at;
  }
}
