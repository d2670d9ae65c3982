import { expect, test } from 'vitest';

import { causalModels, checkCausal, type CausalModel } from './causal.ts';
import { checkLinearizable } from './linearizable.ts';
import { memoryHistory, assignments, initialValue, type MemoryHistory, type ReadsFrom } from './memory.ts';
import { register } from './models/register.ts';
import type { Operation } from './operation.ts';
import { checkSequential } from './sequential.ts';
import { completions, fillings, hasLegalOrder, intervals, kinds, sessions } from './small-histories.test-support.ts';

const model = register({ initial: 0, nullReads: 'absent' });

function* histories(shapes: Iterable<Parameters<typeof fillings>[0]>): Generator<Operation[], void, undefined> {
  for (const times of shapes) yield* fillings(times);
}

const realTime = (a: Operation, b: Operation): boolean => a.returned < b.invoked;
const processOrder = (a: Operation, b: Operation): boolean => a.process === b.process && a.invoked < b.invoked;

/** A random history of `count` operations, from a small generator with a fixed seed. */
function* sampled(count: number, samples: number, next: () => number): Generator<Operation[], void, undefined> {
  for (let sample = 0; sample < samples; sample += 1) {
    const open: (number | undefined)[] = [undefined, undefined];
    const history: { -readonly [K in keyof Operation]: Operation[K] }[] = [];
    for (let position = 0; position < 2 * count; position += 1) {
      const process = Math.floor(next() * 2);
      const index = open[process];
      if (index !== undefined) {
        history[index]!.returned = position;
        open[process] = undefined;
      } else if (history.length < count) {
        open[process] = history.length;
        history.push({ process, ...kinds[Math.floor(next() * kinds.length)]!, invoked: position, returned: Infinity });
      }
    }
    yield history.map((operation) =>
      operation.returned === Infinity ? { ...operation, output: undefined } : operation,
    );
  }
}

/** mulberry32: the sample is the same in every run. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function disagreements(
  all: Iterable<Operation[]>,
  found: (history: Operation[]) => boolean,
  expected: (history: Operation[]) => boolean,
): { wrong: Operation[][]; consistent: number; count: number } {
  const wrong: Operation[][] = [];
  let [consistent, count] = [0, 0];
  for (const history of all) {
    const isRight = expected(history);
    count += 1;
    consistent += Number(isRight);
    if (found(history) !== isRight && wrong.length < 3) wrong.push(history);
  }
  return { wrong, consistent, count };
}

const isLinearizable = (history: Operation[]): boolean => checkLinearizable(history, model).verdict === 'consistent';
const isSequential = (history: Operation[]): boolean => checkSequential(history, model).verdict === 'consistent';

test.each([
  [1, 7],
  [2, 121],
  [3, 1_936],
  [4, 30_976],
  [5, 495_616],
])(
  'linearizability agrees with brute force on all histories of %i operations, %i in number',
  (size, all) => {
    const { wrong, count } = disagreements(histories(intervals(size)), isLinearizable, (h) =>
      hasLegalOrder(h, model, realTime),
    );
    expect({ wrong, count }).toEqual({ wrong: [], count: all });
  },
  600_000,
);

test('linearizability agrees with brute force on a sample of 7 operations', () => {
  const { wrong, consistent } = disagreements(sampled(7, 50_000, generator(7)), isLinearizable, (h) =>
    hasLegalOrder(h, model, realTime),
  );
  expect(wrong).toEqual([]);
  expect(consistent).toBeGreaterThan(1000);
});

test('beginning again with another order of trying changes no answer', () => {
  const { wrong } = disagreements(
    sampled(7, 20_000, generator(6)),
    (history) => checkLinearizable(history, model, { restartAfter: 2 }).verdict === 'consistent',
    (history) => hasLegalOrder(history, model, realTime),
  );
  expect(wrong).toEqual([]);
});

test.each([1, 2, 3, 4, 5])(
  'sequential consistency agrees with brute force on all histories of %i operations',
  (size) => {
    const { wrong } = disagreements(histories(sessions(size)), isSequential, (h) =>
      hasLegalOrder(h, model, processOrder),
    );
    expect(wrong).toEqual([]);
  },
);

test('sequential consistency agrees with brute force on a sample of 7 operations, some without answers', () => {
  const { wrong } = disagreements(sampled(7, 20_000, generator(8)), isSequential, (h) =>
    hasLegalOrder(h, model, processOrder),
  );
  expect(wrong).toEqual([]);
});

/** The causal order of a reads-from relation, by repeated composition; `undefined` where it is cyclic. */
function causalOrder({ accesses, processes }: MemoryHistory, readsFrom: ReadsFrom): boolean[][] | undefined {
  const order = accesses.map(() => accesses.map(() => false));
  for (const own of processes)
    for (const [i, a] of own.entries()) for (const b of own.slice(i + 1)) order[a]![b] = true;
  for (const [read, write] of readsFrom.entries())
    if (accesses[read]!.kind === 'read' && write !== initialValue) order[write]![read] = true;
  for (const via of order.keys()) {
    for (const from of order.keys())
      for (const to of order.keys()) if (order[from]![via] && order[via]![to]) order[from]![to] = true;
  }
  return order.some((row, i) => row[i]) ? undefined : order;
}

/**
 * Whether some order of `members` extends `order` and gives each of `judged` the write that it saw; by definition, over
 * all permutations.
 */
function hasOrderFor(
  history: MemoryHistory,
  readsFrom: ReadsFrom,
  order: boolean[][],
  members: readonly number[],
  judged: readonly number[],
): boolean {
  const extend = (last: ReadonlyMap<string, number>, left: readonly number[]): boolean =>
    left.length === 0 ||
    left.some((next) => {
      if (left.some((other) => other !== next && order[other]![next])) return false;
      const { kind, key } = history.accesses[next]!;
      if (judged.includes(next) && (last.get(key) ?? initialValue) !== readsFrom[next]) return false;
      const then = kind === 'write' ? new Map([...last, [key, next]]) : last;
      return extend(
        then,
        left.filter((other) => other !== next),
      );
    });
  return extend(new Map(), members);
}

function satisfies(history: MemoryHistory, readsFrom: ReadsFrom, causal: CausalModel): boolean {
  const { accesses, processes } = history;
  const all = Array.from(accesses.keys());
  const isRead = (access: number): boolean => accesses[access]!.kind === 'read';
  const none = accesses.map(() => accesses.map(() => false));
  if (causal === 'pram') {
    const order =
      causalOrder(
        history,
        accesses.map(() => initialValue),
      ) ?? none;
    return processes.every((own) => {
      const members = all.filter((access) => !isRead(access) || own.includes(access));
      return hasOrderFor(history, readsFrom, order, members, own.filter(isRead));
    });
  }
  const order = causalOrder(history, readsFrom);
  if (order === undefined) return false;
  const past = (of: number): number[] => all.filter((access) => access === of || order[access]![of]);
  if (causal === 'causal')
    return all.filter(isRead).every((read) => hasOrderFor(history, readsFrom, order, past(read), [read]));
  if (causal === 'causal-memory') {
    return processes.every((own) =>
      own.every((access, i) =>
        hasOrderFor(history, readsFrom, order, past(access), own.slice(0, i + 1).filter(isRead)),
      ),
    );
  }
  // Causal convergence: one order of all, of which every read sees the restriction to its past.
  return permutations(all, order).some((arbitration) =>
    all.filter(isRead).every((read) => {
      const seen = past(read).filter((access) => !isRead(access) && accesses[access]!.key === accesses[read]!.key);
      const last = arbitration.findLast((access) => seen.includes(access)) ?? initialValue;
      return last === readsFrom[read];
    }),
  );
}

function permutations(left: readonly number[], order: boolean[][]): number[][] {
  if (left.length === 0) return [[]];
  return left
    .filter((next) => !left.some((other) => order[other]![next]))
    .flatMap((next) =>
      permutations(
        left.filter((other) => other !== next),
        order,
      ).map((rest) => [next, ...rest]),
    );
}

/** Whether some outcome of what was not answered satisfies the model. */
function bruteForceCausal(operations: readonly Operation[], causal: CausalModel): boolean {
  return completions(operations).some((completed) => satisfiesAnswered(completed, causal));
}

function satisfiesAnswered(operations: readonly Operation[], causal: CausalModel): boolean {
  const history = memoryHistory(operations, 0);
  if (history.accesses.some(({ kind }, i) => kind === 'read' && history.candidates[i]!.length === 0)) return false;
  for (const readsFrom of assignments(history)) if (satisfies(history, readsFrom, causal)) return true;
  return false;
}

const pairs = causalModels.flatMap((causal) => [1, 2, 3, 4, 5].map((count) => [causal, count] as const));

test.each(pairs)('%s agrees with its definition on all histories of %i operations', (causal, size) => {
  const { wrong } = disagreements(
    histories(sessions(size)),
    (history) => checkCausal(history, causal, 0).verdict === 'consistent',
    (history) => bruteForceCausal(history, causal),
  );
  expect(wrong).toEqual([]);
});

test.each(causalModels)('%s agrees with its definition on a sample of 7 operations', (causal) => {
  const { wrong } = disagreements(
    sampled(7, 5000, generator(9)),
    (history) => checkCausal(history, causal, 0).verdict === 'consistent',
    (history) => bruteForceCausal(history, causal),
  );
  expect(wrong).toEqual([]);
});
