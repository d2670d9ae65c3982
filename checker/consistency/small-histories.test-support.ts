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

/** Without an answer: what a read returned is not known. */
const unansweredKinds: typeof kinds = [
  { f: 'read', input: null, output: undefined },
  { f: 'write', input: 0, output: undefined },
  { f: 'write', input: 1, output: undefined },
];

/** All words of a length over an alphabet of `size` letters, as arrays that are used again. */
export function words(length: number, size: number): Generator<readonly number[], void, undefined> {
  return mixed(Array.from({ length }, () => size));
}

/** All numbers of mixed radix, as an array that is used again. */
export function* mixed(sizes: readonly number[]): Generator<readonly number[], void, undefined> {
  const digits = sizes.map(() => 0);
  for (;;) {
    yield digits;
    let at = digits.length - 1;
    while (at >= 0 && digits[at] === sizes[at]! - 1) {
      digits[at] = 0;
      at -= 1;
    }
    if (at < 0) return;
    digits[at]! += 1;
  }
}

type Interval = Pick<Operation, 'process' | 'invoked' | 'returned'>;

/**
 * The times of all histories of `count` operations over two processes: every order of calls and answers, with the last
 * operation of a process answered or not. Operations are numbered by their calls.
 *
 * Process 0 begins: the histories in which process 1 does are the same with the names exchanged.
 */
export function* intervals(count: number): Generator<readonly Interval[], void, undefined> {
  yield* continued([], 0);

  function* continued(before: readonly Interval[], position: number): Generator<readonly Interval[], void, undefined> {
    // Whoever is still open when all have been called may stay so.
    if (before.length === count) yield before;
    for (const process of position === 0 ? [0] : [0, 1]) {
      const open = before.findIndex((operation) => operation.process === process && operation.returned === Infinity);
      if (open >= 0) yield* continued(before.with(open, { ...before[open]!, returned: position }), position + 1);
      else if (before.length < count)
        yield* continued([...before, { process, invoked: position, returned: Infinity }], position + 1);
    }
  }
}

/**
 * Histories of which only the order within processes matters: one after another, the last operation of each process
 * answered or not.
 */
export function* sessions(count: number): Generator<readonly Interval[], void, undefined> {
  for (const processes of words(count, 2)) {
    if (processes[0] === 1) continue;
    const last = [0, 1].map((process) => processes.lastIndexOf(process)).filter((at) => at >= 0);
    for (const unanswered of words(last.length, 2)) {
      const open = last.filter((_, i) => unanswered[i] === 1);
      yield processes.map((process, i) => ({
        process,
        invoked: 2 * i,
        returned: open.includes(i) ? Infinity : 2 * i + 1,
      }));
    }
  }
}

/** Every choice of what the operations are. Of one without an answer, what it would have been is nothing to choose. */
export function* fillings(times: readonly Interval[]): Generator<Operation[], void, undefined> {
  const choices = times.map(({ returned }) => (returned === Infinity ? unansweredKinds : kinds));
  for (const word of mixed(choices.map(({ length }) => length))) {
    yield times.map((time, i) => ({ ...time, ...choices[i]![word[i]!]! }));
  }
}

/** What may have become of the operations without an answer: each was never done, or is answered in one of the ways. */
export function completions(operations: readonly Operation[]): Operation[][] {
  return operations.reduce<Operation[][]>(
    (all, operation) => {
      if (operation.returned !== Infinity) return all.map((before) => [...before, operation]);
      const outputs = operation.f === 'read' ? [0, 1] : [null];
      return all.flatMap((before) => [
        before,
        ...outputs.map((output) => [...before, { ...operation, output, returned: Number.MAX_SAFE_INTEGER }]),
      ]);
    },
    [[]],
  );
}

/**
 * Whether some order of the operations is legal for the model and has `a` before `b` wherever `mustPrecede(a, b)`;
 * operations without an answer may be left out. It tries all orders: sets of operations are bits of a number.
 */
export function hasLegalOrder(
  operations: readonly Operation[],
  model: SequentialModel,
  mustPrecede: (a: Operation, b: Operation) => boolean,
): boolean {
  const bitsWhere = (holds: (operation: Operation) => boolean): number =>
    operations.reduce((bits, operation, i) => (holds(operation) ? bits | (1 << i) : bits), 0);
  const before = operations.map((next) => bitsWhere((other) => other !== next && mustPrecede(other, next)));
  const answered = bitsWhere(({ returned }) => returned !== Infinity);
  const extend = (state: unknown, left: number): boolean => {
    if ((left & answered) === 0) return true;
    for (const [i, next] of operations.entries()) {
      if ((left & (1 << i)) === 0 || (left & before[i]!) !== 0) continue;
      const rest = left & ~(1 << i);
      const after = model.step(state, next);
      if (after !== illegal && extend(after, rest)) return true;
      if (next.returned === Infinity && extend(state, rest)) return true;
    }
    return false;
  };
  return extend(model.init, 2 ** operations.length - 1);
}
