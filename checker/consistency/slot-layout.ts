/**
 * Numbers the operations of a history for a search over sets of them.
 *
 * Completed operations are numbered by their answers, unanswered ones follow by their calls. Operations that are open
 * at the same moment get different slots, and a slot is used again once its operation is answered, so that there are
 * as many slots as operations were ever open at once.
 */
import type { Operation } from './operation.ts';

/** A history, numbered. */
export interface Layout {
  /** By number: completed ones by their answers, then the unanswered by their calls. */
  readonly operations: readonly Operation[];
  /** How many are completed: the numbers below are. */
  readonly completed: number;
  /** By number: the letter of each operation. */
  readonly letters: Int32Array;
  /** By number: the slot of each operation. */
  readonly slots: Int32Array;
  readonly slotCount: number;
  /** The operations called by the time completed operation `number` is answered, and not answered before: itself first. */
  openAt(number: number): Int32Array;
}

/**
 * Lays a history out.
 *
 * Cost: a sort, and memory for each operation times the number that are open when it is answered; unanswered ones are
 * shared, not repeated.
 */
export function layOut(history: readonly Operation[], letterOf: (operation: Operation) => number): Layout {
  const completed = history.filter((operation) => operation.returned !== Infinity);
  completed.sort((a, b) => a.returned - b.returned);
  const unanswered = history.filter((operation) => operation.returned === Infinity);
  unanswered.sort((a, b) => a.invoked - b.invoked);
  const operations = [...completed, ...unanswered];
  const { slots, slotCount } = assignSlots(operations, completed.length);
  const open = openCompleted(completed);
  return {
    operations,
    completed: completed.length,
    letters: Int32Array.from(operations, letterOf),
    slots,
    slotCount,
    openAt(number) {
      const { returned } = completed[number]!;
      const pending = countUntil(unanswered, returned);
      const all = new Int32Array(open[number]!.length + pending);
      all.set(open[number]!);
      for (let i = 0; i < pending; i += 1) all[open[number]!.length + i] = completed.length + i;
      return all;
    },
  };
}

/** Colours the intervals greedily in the order of their calls: optimal, since it never uses more than are open. */
function assignSlots(operations: readonly Operation[], completed: number): { slots: Int32Array; slotCount: number } {
  const byCall = Array.from(operations.keys()).sort((a, b) => operations[a]!.invoked - operations[b]!.invoked);
  const slots = new Int32Array(operations.length);
  const free: number[] = [];
  let slotCount = 0;
  let answered = 0;
  for (const number of byCall) {
    while (answered < completed && operations[answered]!.returned < operations[number]!.invoked) {
      free.push(slots[answered]!);
      answered += 1;
    }
    slots[number] = free.pop() ?? slotCount++;
  }
  return { slots, slotCount };
}

/** For each completed operation, those that are open when it is answered, by their answers; itself is the first. */
function openCompleted(completed: readonly Operation[]): Int32Array[] {
  const byCall = Array.from(completed.keys()).sort((a, b) => completed[a]!.invoked - completed[b]!.invoked);
  const open = new Set<number>();
  let called = 0;
  return completed.map(({ returned }, number) => {
    while (called < byCall.length && completed[byCall[called]!]!.invoked <= returned) {
      open.add(byCall[called]!);
      called += 1;
    }
    const now = Int32Array.from(open).sort();
    open.delete(number);
    return now;
  });
}

/** How many of the operations, which are in the order of their calls, were called by `time`. */
function countUntil(operations: readonly Operation[], time: number): number {
  let low = 0;
  let high = operations.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (operations[middle]!.invoked <= time) low = middle + 1;
    else high = middle;
  }
  return low;
}
