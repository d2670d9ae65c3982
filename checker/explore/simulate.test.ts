import { describe, expect, test } from 'vitest';
import { bind, defineSpec, range, when } from '../spec/index.ts';
import { expectReal } from './counterexample.test-support.ts';
import { withoutTimes } from './engines.test-support.ts';
import { simulate, startSimulation } from './index.ts';

/** A robot on a strip without end, with a lamp that has nothing to do with where it is. */
const strip = {
  name: 'Strip',
  init: () => ({ at: 0, lamp: false }),
  actions: {
    left: (s: { at: number; lamp: boolean }) => void (s.at -= 1),
    right: (s: { at: number; lamp: boolean }) => void (s.at += 1),
    toggle: (s: { at: number; lamp: boolean }) => void (s.lamp = !s.lamp),
  },
};

/** Initial states in which the robot is anywhere from 0 to 999. */
const anywhere = () => range(0, 999).map((at) => ({ at, lamp: false }));

const few = { walks: 20, depth: 30, seed: 7 };

describe('random walks', () => {
  test('that find nothing are a sample, never ok', () => {
    const result = simulate(bind(defineSpec(strip)), few);
    expect(result.result).toBe('sampled');
    expect(result.reason).toBe('20 random walks of at most 30 states (seed 7)');
    expect(result.seed).toBe(7);
    expect(result.violation).toBeUndefined();
    expect(result.generatedStates).toBe(20 * 30);
    expect(result.depth).toBe(30);
  });

  test('with the same seed are the same; with another one they are not', () => {
    const system = bind(defineSpec(strip));
    const once = withoutTimes(simulate(system, few));
    expect(withoutTimes(simulate(system, few))).toEqual(once);
    expect(withoutTimes(simulate(system, { ...few, seed: 8 })).actions).not.toEqual(once.actions);
  });

  test('in slices are the same as at once', () => {
    const system = bind(defineSpec({ ...strip, invariants: { near: (s) => Math.abs(s.at) < 4 } }));
    const run = startSimulation(system, few);
    while (!run.advance(0));
    expect(withoutTimes(run.result(''))).toEqual(withoutTimes(simulate(system, few)));
  });

  test('of one state look at initial states only', () => {
    const spec = defineSpec({ ...strip, init: () => [0, 1, 2, 3].map((at) => ({ at, lamp: false })) });
    const result = simulate(bind(spec), { walks: 50, depth: 1, seed: 1 });
    expect(result).toMatchObject({ result: 'sampled', distinctStates: 4, generatedStates: 50, depth: 1 });
    expect(result.actions).toEqual({
      left: { taken: 0, distinct: 0 },
      right: { taken: 0, distinct: 0 },
      toggle: { taken: 0, distinct: 0 },
    });
  });

  test('count each different state once', () => {
    const spec = defineSpec({
      name: 'Clock',
      init: () => ({ n: 0 }),
      actions: { tick: (s) => void (s.n = (s.n + 1) % 12) },
    });
    const result = simulate(bind(spec), { walks: 2, depth: 100, seed: 1 });
    expect(result).toMatchObject({ distinctStates: 12, generatedStates: 200 });
    expect(result.actions).toEqual({ tick: { taken: 198, distinct: 11 } });
  });

  test('take an action with one step as often as one with a hundred', () => {
    const spec = defineSpec({
      name: 'Uneven',
      init: () => ({ n: 0 }),
      actions: {
        one: (s) => void (s.n = 0),
        hundred: (s, { pick }) => void (s.n = pick({ n: range(1, 100) }).n),
      },
    });
    const { one, hundred } = simulate(bind(spec), { walks: 1, depth: 401, seed: 1 }).actions;
    expect(one!.taken + hundred!.taken).toBe(400);
    expect(Math.abs(one!.taken - hundred!.taken)).toBeLessThan(40);
  });

  test('neither cross the constraint nor spare what is beyond it', () => {
    const near = defineSpec({ ...strip, constraint: (s) => s.at === 0 });
    const result = simulate(bind(near), few);
    expect(result).toMatchObject({ result: 'sampled', distinctStates: 2, depth: 30 });
    const refused = defineSpec({ ...strip, actionConstraint: (before, after) => before.at === after.at });
    expect(simulate(bind(refused), few)).toMatchObject({ result: 'sampled', distinctStates: 2, depth: 30 });
    const judged = simulate(bind(defineSpec({ ...near.definition, invariants: { home: (s) => s.at === 0 } })), few);
    expect(judged.violation).toMatchObject({ kind: 'invariant', name: 'home', trace: [{ action: null }, {}] });
  });

  test('end where every step leads beyond the constraint, which is no deadlock', () => {
    const spec = defineSpec({
      name: 'Growing',
      init: () => ({ n: 0 }),
      actions: { grow: (s) => void (s.n += 1) },
      constraint: (s) => s.n < 5,
    });
    const result = simulate(bind(spec), { walks: 3, depth: 100, seed: 1 });
    expect(result).toMatchObject({ result: 'sampled', distinctStates: 5, generatedStates: 18, depth: 5 });
  });
});

describe('a violation that a random walk finds', () => {
  test('is shrunk to what it takes, and says how it was found', () => {
    const system = bind(defineSpec({ ...strip, invariants: { near: (s) => Math.abs(s.at) < 4 } }));
    const result = simulate(system, { walks: 100, depth: 200, seed: 42 });
    expect(result.result).toBe('violation');
    expect(result.reason).toBe('found on random walk 1 of 100 (seed 42) after 26 steps, shrunk to 4');
    expect(result.violation!.trace.map(({ action, state }) => [action, state['at'], state['lamp']])).toEqual([
      [null, 0, false],
      ['left', -1, false],
      ['left', -2, false],
      ['left', -3, false],
      ['left', -4, false],
    ]);
    expectReal(system, result.violation!);
  });

  test('starts with the first initial state from which its steps will do', () => {
    const system = bind(defineSpec({ ...strip, init: anywhere, invariants: { dark: (s) => !s.lamp } }));
    const { reason, violation } = simulate(system, { walks: 10, depth: 100, seed: 3 });
    expect(reason).toBe('found on random walk 1 of 10 (seed 3) after 3 steps, shrunk to 1');
    expect(violation!.trace.map(({ action, state }) => [action, state['at']])).toEqual([
      [null, 0],
      ['toggle', 0],
    ]);
  });

  test('may be a step', () => {
    const system = bind(
      defineSpec({ ...strip, transitionInvariants: { steady: (before, after) => !(before.lamp && after.at > 2) } }),
    );
    const { violation } = simulate(system, { walks: 10, depth: 100, seed: 3 });
    expect(violation).toMatchObject({ kind: 'transition', name: 'steady' });
    const actions = violation!.trace.map(({ action }) => action);
    expect(actions.filter((action) => action === 'right')).toHaveLength(3);
    expect(actions.filter((action) => action === 'toggle')).toHaveLength(1);
    expect(actions).toHaveLength(5);
    expectReal(system, violation!);
  });

  test('may be a deadlock, unless the spec or the options say that there is none', () => {
    const spec = defineSpec({
      name: 'Stuck',
      init: () => ({ n: 0, lamp: false }),
      actions: {
        grow(s) {
          when(s.n < 3);
          s.n += 1;
        },
        toggle(s) {
          when(s.n < 3);
          s.lamp = !s.lamp;
        },
      },
    });
    const system = bind(spec);
    const { violation } = simulate(system, few);
    expect(violation).toMatchObject({ kind: 'deadlock', name: 'deadlock' });
    expect(violation!.trace.map(({ action }) => action)).toEqual([null, 'grow', 'grow', 'grow']);
    expectReal(system, violation!);
    expect(simulate(system, { ...few, deadlock: false }).result).toBe('sampled');
    expect(simulate(bind(defineSpec({ ...spec.definition, terminated: (s) => s.n === 3 })), few).result).toBe(
      'sampled',
    );
  });

  test('is known before it is shrunk', () => {
    const system = bind(defineSpec({ ...strip, invariants: { near: (s) => Math.abs(s.at) < 4 } }));
    const run = startSimulation(system, { walks: 100, depth: 200, seed: 42 });
    while (run.result('interrupted').violation === undefined) run.advance(0);
    const { result, reason, violation } = run.result('interrupted');
    expect(result).toBe('violation');
    expect(reason).toBe('found on random walk 1 of 100 (seed 42) after 26 steps');
    expect(violation!.trace).toHaveLength(27);
  });
});

describe('a simulation that is cut short', () => {
  test('by time or memory is incomplete and says how far it got', () => {
    const system = bind(defineSpec(strip));
    const many = { walks: 1e9, depth: 100, seed: 1 };
    const late = simulate(system, { ...many, limits: { timeMs: 0 } });
    expect(late.result).toBe('incomplete');
    expect(late.reason).toBe('stopped after 0 s (--time-limit 0s) after 0 of 1,000,000,000 random walks');
    const far = bind(defineSpec({ ...strip, init: anywhere }));
    const large = simulate(far, { ...many, limits: { memoryBytes: 64 * 1024 } });
    expect(large.result).toBe('incomplete');
    expect(large.reason).toMatch(
      /^stopped at 64 KiB of tables \(--memory-limit 64k\) after \d+ of 1,000,000,000 random walks$/,
    );
  });

  test('by its caller is incomplete for the reason given', () => {
    const run = startSimulation(bind(defineSpec(strip)), few);
    for (let i = 0; i < 100; i++) run.advance(0);
    expect(run.progress()).toMatchObject({ walks: 3, frontier: 0, generatedStates: run.result('').generatedStates });
    expect(run.result('interrupted')).toMatchObject({ result: 'incomplete', reason: 'interrupted' });
  });
});
