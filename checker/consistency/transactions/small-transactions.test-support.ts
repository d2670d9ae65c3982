/**
 * Every history of three small transactions over two keys: what they may do, how they may end, and what their reads may
 * return.
 */
import { mixed, words } from '../small-histories.test-support.ts';
import type { MicroOperation, Stored, Transaction } from './transaction.ts';

/** What a transaction does, without values: `r0`, `w1` and so on. */
type Shape = readonly (readonly ['r' | 'w', 0 | 1])[];

const steps: Shape = [
  ['r', 0],
  ['r', 1],
  ['w', 0],
  ['w', 1],
];
/** One or two operations. */
const shapes: readonly Shape[] = [
  ...steps.map((step) => [step]),
  ...steps.flatMap((first) => steps.map((second) => [first, second])),
];

type Outcome = Transaction['outcome'];

/** What is enumerated. */
export interface SmallTransactions {
  readonly kind: 'registers' | 'lists';
  readonly outcomes: readonly Outcome[];
  /** Whether the first two transactions are of one session; otherwise each has its own, and they are interchangeable. */
  readonly hasSession: boolean;
}

/**
 * All histories of three transactions of at most two operations, up to the names of keys and of transactions.
 *
 * A read of a register returns any value written to its key, or none; a read of a list any arrangement of any elements
 * appended to it. Every value is written once. What a transaction that is not committed read is not known.
 */
export function* smallTransactions(options: SmallTransactions): Generator<Transaction[], void, undefined> {
  const { kind, outcomes, hasSession } = options;
  const letters = outcomes.flatMap((outcome) => shapes.map((shape) => ({ shape, outcome })));
  const mirrored = letters.map((_, letter) => mirror(letter));
  for (const word of words(3, letters.length)) {
    const [a, b, c] = word as [number, number, number];
    if (!hasSession && (a > b || b > c)) continue;
    const other = [mirrored[a]!, mirrored[b]!, mirrored[c]!];
    if (!hasSession) other.sort((x, y) => x - y);
    if (isBefore(other, word)) continue;
    const three = word.map((letter) => letters[letter]!);
    const histories = kind === 'registers' ? withReads(three, registerValues) : withReads(three, listValues);
    for (const history of histories) yield hasSession ? inOneSession(history) : history;
  }
}

/** The letter of the same transaction with the keys exchanged. */
function mirror(letter: number): number {
  const shape = shapes[letter % shapes.length]!.map(([f, key]) => `${f}${1 - key}`).join();
  const index = shapes.findIndex((other) => other.map(([f, key]) => `${f}${key}`).join() === shape);
  return letter - (letter % shapes.length) + index;
}

function isBefore(a: readonly number[], b: readonly number[]): boolean {
  const at = a.findIndex((letter, i) => letter !== b[i]);
  return at >= 0 && a[at]! < b[at]!;
}

function inOneSession(history: Transaction[]): Transaction[] {
  return history.map((transaction, i) => ({ ...transaction, session: i === 2 ? 1 : 0 }));
}

type Read = Stored | readonly Stored[];

function* withReads(
  three: readonly { readonly shape: Shape; readonly outcome: Outcome }[],
  valuesOf: (written: readonly Stored[]) => { readonly write: 'w' | 'append'; readonly reads: readonly Read[] },
): Generator<Transaction[], void, undefined> {
  const written: number[][] = [[], []];
  let value = 0;
  const numbered = three.map(({ shape, outcome }) =>
    shape.map(([f, key]) => {
      if (f === 'w') written[key]!.push((value += 1));
      return { f, key, value, isKnown: outcome === 'committed' };
    }),
  );
  const values = written.map(valuesOf);
  const reads = numbered.flat().filter(({ f, isKnown }) => f === 'r' && isKnown);
  for (const pick of mixed(reads.map(({ key }) => values[key]!.reads.length))) {
    const read = new Map(reads.map((operation, i) => [operation, values[operation.key]!.reads[pick[i]!]!]));
    yield numbered.map((operations, session) => ({
      session,
      outcome: three[session]!.outcome,
      operations: operations.map((operation): MicroOperation => {
        const { f, key } = operation;
        return f === 'w' ? [values[key]!.write, key, operation.value] : ['r', key, read.get(operation)];
      }),
    }));
  }
}

function registerValues(written: readonly Stored[]): { write: 'w'; reads: Read[] } {
  return { write: 'w', reads: [null, ...written] };
}

function listValues(written: readonly Stored[]): { write: 'append'; reads: Read[] } {
  return { write: 'append', reads: arrangements(written) };
}

/** Every arrangement of some of the elements, the empty one first. */
function arrangements<T>(elements: readonly T[]): T[][] {
  return [
    [],
    ...elements.flatMap((first) =>
      arrangements(elements.filter((other) => other !== first)).map((rest) => [first, ...rest]),
    ),
  ];
}

/** All arrangements of all of the elements. */
export function permutations<T>(elements: readonly T[]): T[][] {
  return arrangements(elements).filter(({ length }) => length === elements.length);
}

/**
 * What may have become of the transactions of which nobody knows: every choice between committed and aborted. Those
 * that committed have their place in the history; those that aborted are `undefined`.
 */
export function resolutions(transactions: readonly Transaction[]): (readonly (Transaction | undefined)[])[] {
  return transactions.reduce<(Transaction | undefined)[][]>(
    (all, transaction) =>
      all.flatMap((before) => {
        const without = [...before, undefined];
        const within = [...before, transaction];
        if (transaction.outcome === 'unknown') return [without, within];
        return [transaction.outcome === 'aborted' ? without : within];
      }),
    [[]],
  );
}
