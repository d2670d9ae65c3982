/**
 * Every small history, and testers that decide them by definition: slow, short, and written from the definitions
 * alone, so that what agrees with them is right.
 */
import { illegal, type SequentialModel } from './model.ts';
import type { Operation } from './operation.ts';

/** What an operation can be: reads and writes of two values, the first of which is initial. */
export const kinds: readonly Pick<Operation, 'f' | 'input' | 'output'>[] = [
  { f: 'read', input: null, output: 0 },
  { f: 'read', input: null, output: 1 },
  { f: 'write', input: 0, output: null },
  { f: 'write', input: 1, output: null },
];

/** All words of a length over an alphabet of `size` letters, as arrays that are used again. */
export function* words(length: number, size: number): Generator<readonly number[], void, undefined> {
  const word = Array.from({ length }, () => 0);
  for (;;) {
    yield word;
    let at = length - 1;
    while (at >= 0 && word[at] === size - 1) {
      word[at] = 0;
      at -= 1;
    }
    if (at < 0) return;
    word[at]! += 1;
  }
}

/**
 * All histories of `count` operations over two processes: who does each event, and whether the last operation of a
 * process is answered. Operations are numbered by their calls.
 */
export function* intervals(
  count: number,
): Generator<readonly Omit<Operation, 'f' | 'input' | 'output'>[], void, undefined> {
  for (let first = 0; first <= count; first += 1) {
    const events = [2 * first, 2 * (count - first)];
    for (const turns of words(2 * count, 2)) {
      if (turns.filter((process) => process === 0).length !== events[0]) continue;
      // Process 0 begins: the histories in which process 1 does are the same with the names exchanged.
      if (turns[0] === 1) continue;
      for (let unanswered = 0; unanswered < 4; unanswered += 1) yield spread(turns, unanswered);
    }
  }
}

function spread(turns: readonly number[], unanswered: number): Omit<Operation, 'f' | 'input' | 'output'>[] {
  const operations: { process: number; invoked: number; returned: number }[] = [];
  const open: (number | undefined)[] = [undefined, undefined];
  for (const [position, process] of turns.entries()) {
    const index = open[process];
    if (index === undefined) {
      open[process] = operations.length;
      operations.push({ process, invoked: position, returned: Infinity });
    } else {
      operations[index]!.returned = position;
      open[process] = undefined;
    }
  }
  for (const process of [0, 1]) {
    const last = operations.findLast((operation) => operation.process === process);
    if ((unanswered & (1 << process)) !== 0 && last !== undefined) last.returned = Infinity;
  }
  return operations;
}

/**
 * Whether some order of the operations is legal for the model, where `mayPrecede(a, b)` says that `a` need not come
 * after `b`; operations without an answer may be left out.
 */
export function hasLegalOrder(
  operations: readonly Operation[],
  model: SequentialModel,
  mustPrecede: (a: Operation, b: Operation) => boolean,
): boolean {
  const extend = (state: unknown, left: readonly Operation[]): boolean => {
    if (left.every(({ returned }) => returned === Infinity)) return true;
    return left.some((next) => {
      if (left.some((other) => other !== next && mustPrecede(other, next))) return false;
      const rest = left.filter((other) => other !== next);
      const after = model.step(state, next);
      if (after !== illegal && extend(after, rest)) return true;
      return next.returned === Infinity && extend(state, rest);
    });
  };
  return extend(model.init, operations);
}
