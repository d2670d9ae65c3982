import { describe, expect, test } from 'vitest';

import { bind, defineSpec, type System } from '../spec/index.ts';
import dieHard from '../../specs/die-hard/die-hard.ts';
import peterson from '../../specs/peterson/peterson.ts';
import twoPhaseCommit from '../../specs/two-phase-commit/two-phase-commit.ts';
import { exploreStateGraph, type StateGraph } from './index.ts';
import { check } from '../property/index.ts';

function graphOf(system: System, maxStates = 1000): StateGraph {
  const exploration = exploreStateGraph(system, maxStates);
  for (;;) {
    const { done, value } = exploration.next();
    if (done === true) return value;
  }
}

describe('the state graph of a system', () => {
  test.each([
    ['Peterson', bind(peterson)],
    ['two-phase commit', bind(twoPhaseCommit, { model: 'small' })],
    ['Die Hard with jugs that cannot do it', bind(dieHard, { model: 'unsolvable' })],
  ])('has the states, steps and levels that a check counts: %s', (_, system) => {
    const { states, steps } = graphOf(system);
    const { distinctStates, generatedStates, depth, levels } = check(system);
    expect(states).toHaveLength(distinctStates);
    expect(steps).toHaveLength(generatedStates - system.initialCount);
    expect(Array.from({ length: depth }, (_, i) => states.filter(({ level }) => level === i + 1).length)).toEqual(
      levels,
    );
  });

  test('goes on beyond a violation, and says which states break what', () => {
    const { states } = graphOf(bind(dieHard));
    const broken = states.filter((state) => state.broken.length > 0);
    expect(broken.map(({ state }) => state)).toEqual([
      { big: 4, small: 3 },
      { big: 4, small: 0 },
    ]);
    expect(states).toHaveLength(16);
  });

  const counter = defineSpec({
    name: 'Counter',
    init: () => [{ x: 0 }, { x: 5 }],
    actions: {
      grow(s) {
        s.x += 1;
      },
    },
    invariants: { small: (s) => s.x < 3 },
    transitionInvariants: { slow: (before, after) => after.x - before.x < 1 || before.x !== 1 },
    constraint: (s) => s.x < 3,
  });

  test('has states beyond the constraint, which are not left, and marks the steps to them', () => {
    const { states, steps } = graphOf(bind(counter));
    expect(states.map(({ state, level, broken, isBeyond }) => [state['x'], level, broken, isBeyond])).toEqual([
      [0, 1, [], false],
      [5, 1, ['small'], true],
      [1, 2, [], false],
      [2, 3, [], false],
      [3, 4, ['small'], true],
    ]);
    expect(steps.map(({ from, to, broken, isBeyond }) => [from, to, broken, isBeyond])).toEqual([
      [0, 2, [], false],
      [2, 3, ['slow'], false],
      [3, 4, [], true],
    ]);
  });

  test('names a deadlock where a check finds one', () => {
    const stuck = defineSpec({
      name: 'Stuck',
      init: () => ({ x: 0 }),
      actions: { never: (_, { pick }) => void pick({ x: [] }) },
    });
    expect(graphOf(bind(stuck)).states[0]!.broken).toEqual(['deadlock']);
    expect(graphOf(bind(stuck, { deadlock: false })).states[0]!.broken).toEqual([]);
  });

  test('is refused where it is larger than allowed', () => {
    expect(() => graphOf(bind(peterson), 41)).toThrow('the state graph of Peterson has more than 41 states');
    expect(graphOf(bind(peterson), 42).states).toHaveLength(42);
  });
});
