import { describe, expect, test } from 'vitest';
import { check } from '../property/index.ts';
import { bind, defineSpec, when } from '../spec/index.ts';
import { expectReal } from './counterexample.test-support.ts';
import { startSwarm, swarm } from './index.ts';
import type { CheckResult } from './result.ts';

/** Counters that each go up to a limit; wrong where the first is at its limit and all others have not begun. */
const lopsided = bind(
  defineSpec({
    name: 'Lopsided',
    init: () => ({ counts: { a: 0, b: 0, c: 0, d: 0, e: 0 } }),
    actions: {
      a: (s) => up(s.counts, 'a'),
      b: (s) => up(s.counts, 'b'),
      c: (s) => up(s.counts, 'c'),
      d: (s) => up(s.counts, 'd'),
      e: (s) => up(s.counts, 'e'),
    },
    invariants: { even: ({ counts: { a, b, c, d, e } }) => a < 30 || b + c + d + e > 3 },
    deadlock: false,
  }),
);

function up(counts: Record<string, number>, name: string): void {
  when(counts[name]! < 30);
  counts[name]! += 1;
}

/** One way to go, and nothing wrong: every search comes to its end. */
const line = defineSpec({
  name: 'Line',
  constants: { length: 200 },
  init: () => ({ x: 0 }),
  actions: {
    on(s, { length }) {
      when(s.x < length);
      s.x += 1;
    },
  },
  deadlock: false,
});

function withoutTimes({ seconds: _seconds, statesPerSecond: _rate, ...result }: CheckResult): unknown {
  return result;
}

describe('a swarm', () => {
  const limits = { maxStates: 24_000 };

  test('finds what lies deeper than a search level by level gets with as many states', () => {
    expect(check(lopsided, { limits })).toMatchObject({ result: 'incomplete', distinctStates: 24_000 });
    const found = swarm(lopsided, { searches: 12, seed: 5, limits });
    expect(found.result).toBe('violation');
    expect(found.distinctStates).toBeLessThan(24_000);
    expectReal(lopsided, found.violation!);
    expect(found.violation!.trace).toHaveLength(31);
    expect(found.reason).toBe(
      'found by search 9 of 12 (depth-first, seed 13; --swarm 1 --seed 13 repeats it alone) after 30 steps',
    );
    expect(found.swarm).toMatchObject({
      searches: 12,
      ended: 8,
      found: { search: 9, kind: 'depth-first', seed: 13 },
    });
  });

  test('has searches that find alone what they find in it', () => {
    const together = swarm(lopsided, { searches: 12, seed: 5, limits });
    const alone = swarm(lopsided, { searches: 1, seed: 13, limits: { maxStates: 2000 } });
    expect(alone.violation).toEqual(together.violation);
  });

  test('gives the same result for the same seed, and another for another', () => {
    const options = { searches: 4, seed: 5, limits: { maxStates: 2000 } };
    const first = swarm(lopsided, options);
    expect(withoutTimes(swarm(lopsided, options))).toEqual(withoutTimes(first));
    expect(swarm(lopsided, { ...options, seed: 9 }).actions).not.toEqual(first.actions);
  });

  test('is never ok', () => {
    expect(swarm(lopsided, { searches: 4, seed: 5, limits: { maxStates: 1000 } })).toMatchObject({
      result: 'incomplete',
      reason: 'a sample by 4 searches (seeds 5 to 8)',
      swarm: { searches: 4, ended: 4, isExact: true },
    });
  });

  test('ends where one of its searches saw everything', () => {
    expect(swarm(bind(line), { searches: 9, seed: 3 })).toMatchObject({
      result: 'incomplete',
      reason: 'a sample, though search 1 of 9 (seed 3) saw every state that it could reach: check without --swarm',
      distinctStates: 201,
      depth: 201,
      swarm: { searches: 9, ended: 1, visited: 201, isExact: true },
    });
  });

  test('looks no deeper than it is told', () => {
    const { depth, distinctStates } = swarm(bind(line), { searches: 1, seed: 3, limits: { maxDepth: 20 } });
    expect({ depth, distinctStates }).toEqual({ depth: 20, distinctStates: 20 });
  });

  test('stops at a limit on time, and says how far it came', () => {
    const run = startSwarm(lopsided, { searches: 100, seed: 2, limits: { timeMs: 30 } });
    while (!run.advance(1));
    expect(run.result('').reason).toMatch(
      /^a sample, stopped after 0\.03 s \(--time-limit 0\.03s\) in search \d+ of 100 \(seeds? 2( to \d+)?\)$/,
    );
  });

  test('that is stopped says by whom', () => {
    const run = startSwarm(bind(line), { searches: 3, seed: 2 });
    run.advance(0);
    expect(run.result('stopped by Ctrl-C')).toMatchObject({
      result: 'incomplete',
      reason: 'a sample, stopped by Ctrl-C in search 1 of 3 (seed 2)',
    });
  });

  test('counts states exactly as long as its memory lasts, and says so where it did not', () => {
    const rich = swarm(lopsided, { searches: 6, seed: 4, limits: { maxStates: 60_000 } });
    const limits = { maxStates: 60_000, memoryBytes: Math.floor(rich.peakMemoryBytes / 2) };
    const poor = swarm(lopsided, { searches: 6, seed: 4, limits });
    expect(rich).toMatchObject({ swarm: { isExact: true } });
    expect(rich.notes).toBeUndefined();
    expect(poor).toMatchObject({ swarm: { isExact: false } });
    expect(poor.distinctStates).toBeLessThan(rich.distinctStates);
    expect(poor.notes).toContain(
      'distinct states are a lower bound: the table of states was dropped between searches, to save memory',
    );
  });

  test('refuses a limit on memory within which it cannot begin', () => {
    expect(() => swarm(lopsided, { searches: 1, seed: 1, limits: { memoryBytes: 1000 } })).toThrow(
      /^--memory-limit 1000 is too small to begin: the tables of this spec take \d+ KiB before the first step$/,
    );
  });

  test('finds deadlocks, and initial states that are wrong', () => {
    const stuck = { ...bind(line), checksDeadlock: true };
    const { violation, reason } = swarm(stuck, { searches: 1, seed: 3 });
    expect(violation).toMatchObject({ kind: 'deadlock' });
    expect(violation!.trace).toHaveLength(201);
    expect(reason).toBe('found by search 1 of 1 (depth-first, seed 3) after 200 steps');
    const wrong = bind(defineSpec({ ...line.definition, invariants: { positive: (s) => s.x > 0 } }));
    const found = swarm(wrong, { searches: 2, seed: 1 });
    expect(found.violation!.trace).toHaveLength(1);
    expect(found.reason).toBeUndefined();
  });

  test('begins again where a record changes its shape', () => {
    const spec = defineSpec({
      name: 'Shapes',
      init: () => ({ part: { a: 1 } as Record<string, number>, n: 0 }),
      actions: {
        on: (s) => void (s.n = (s.n + 1) % 50),
        change: (s) => void (s.part = s.n % 2 === 0 ? { b: s.n } : { a: 1, c: 2 }),
      },
    });
    const { distinctStates } = check(bind(spec));
    expect(swarm(bind(spec), { searches: 1, seed: 5 })).toMatchObject({ result: 'incomplete', distinctStates });
  });
});
