/** Learned steps are those of the reference semantics: whatever picks are given, and however often all is forgotten. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { randomSpec } from '../../checker/explore/random-spec.test-support.ts';
import { bind, defineSpec, when, type System } from '../../checker/spec/index.ts';
import { compare, show, type RecordValue, type Value } from '../../checker/value/index.ts';
import { LearnedSteps } from './learned-steps.ts';
import { holds } from './observation.ts';
import { ReferenceSteps, type GivenPicks, type KeyedStep } from './spec-steps.ts';

const mostStates = 40;

/** A step in words, and the state that it leads to. */
const shown = ({ action, parameters, to }: KeyedStep): string => `${action} ${show(parameters)} ${show(to.value)}`;

/** What a log may say of the picks of a step: nothing, all, some, a test, or something that cannot be. */
function questions(parameters: RecordValue): readonly GivenPicks[] {
  const picks = Object.entries(parameters);
  const tested = picks.map(([name, value]) => [name, holds<Value>('is not', (x) => compare(x, value) !== 0)] as const);
  return [
    {},
    parameters,
    Object.fromEntries(picks.slice(0, 1)),
    Object.fromEntries(picks.slice(1)),
    Object.fromEntries(tested),
    Object.fromEntries(picks.map(([name]) => [name, 'no such element'])),
    { nobodyPicksThis: 1, ...parameters },
  ];
}

function expectSameSteps(system: System, learned: LearnedSteps): void {
  const reference = new ReferenceSteps(system);
  const seen = new Set<string>();
  const pending = reference.initialStates.map((state, i) => ({ state, twin: learned.initialStates[i]! }));
  for (let next = pending.pop(); next !== undefined && seen.size < mostStates; next = pending.pop()) {
    const { state, twin } = next;
    if (seen.has(state.key)) continue;
    seen.add(state.key);
    expect(show(twin.value)).toBe(show(state.value));
    for (const action of reference.actions) {
      const steps = reference.stepsOf(state, action, {});
      const twins = learned.stepsOf(twin, action, {});
      const asked = steps.flatMap(({ parameters }) => questions(parameters));
      for (const picks of asked) {
        const expected = reference.stepsOf(state, action, picks).map(shown);
        expect(learned.stepsOf(twin, action, picks).map(shown)).toEqual(expected);
      }
      for (const [i, step] of steps.entries()) pending.push({ state: step.to, twin: twins[i]!.to });
    }
  }
}

describe('learned steps', () => {
  test.each([
    ['those of the reference semantics', Infinity],
    ['the same when what was learned is forgotten before each', 0],
  ])('are %s', (_, mostLearned) => {
    fc.assert(
      fc.property(randomSpec(), ({ spec }) => {
        const system = bind(spec);
        expectSameSteps(system, new LearnedSteps(system, mostLearned));
      }),
      { numRuns: mostLearned === 0 ? 20 : 80 },
    );
  });

  test('are right where a choice has only one element, and the log says another', () => {
    const spec = defineSpec({
      name: 'One',
      init: () => ({ queue: ['a', 'b'] }),
      actions: {
        take(s, { pick }) {
          const { first } = pick({ first: s.queue.slice(0, 1) });
          when(s.queue[0] === first);
          s.queue.shift();
        },
      },
    });
    const system = bind(spec);
    const learned = new LearnedSteps(system);
    const [initial] = learned.initialStates;
    expect(learned.stepsOf(initial!, 'take', { first: 'a' }).map(shown)).toEqual(["take {first: 'a'} {queue: ['b']}"]);
    expect(learned.stepsOf(initial!, 'take', { first: 'b' })).toEqual([]);
    expectSameSteps(system, learned);
  });

  test('are right where records change their shape', () => {
    const spec = defineSpec({
      name: 'Shapes',
      init: () => ({ part: null as null | { n: number }, other: { k: 0 } }),
      actions: {
        make(s, { pick }) {
          const { n } = pick({ n: [1, 2] });
          s.part = { n };
          s.other.k = (s.other.k + 1) % 3;
        },
        drop: (s) => void (s.part = null),
      },
    });
    expectSameSteps(bind(spec), new LearnedSteps(bind(spec)));
  });
});
