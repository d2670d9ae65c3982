import { describe, expect, test } from 'vitest';

import { bind, defineSpec, each, nodes, oneOf, when, type BindOptions, type Logic, type Spec } from '../spec/index.ts';
import { check } from './index.ts';

const run = <C, I>(spec: Spec<C, I>, options: BindOptions = {}, limits = {}) => check(bind(spec, options), { limits });

/** Two processes that want a lock again and again. */
const lock = defineSpec({
  name: 'Lock',
  constants: { P: nodes('p', 2), fairness: oneOf('each', 'none', 'whole', 'weakEach') },
  init: () => ({ holder: 'none', waiting: new Set<string>() }),
  actions: {
    ask(s, { P, pick }) {
      const { p } = pick({ p: P });
      when(s.holder !== p && !s.waiting.has(p));
      s.waiting.add(p);
    },
    acquire(s, { P, pick }) {
      const { p } = pick({ p: P });
      when(s.holder === 'none' && s.waiting.has(p));
      s.holder = p;
      s.waiting.delete(p);
    },
    release(s) {
      when(s.holder !== 'none');
      s.holder = 'none';
    },
  },
  fairness: ({ fairness }) =>
    ({
      none: {},
      whole: { weak: ['release'], strong: ['acquire'] },
      weakEach: { weak: ['release', each('acquire', 'p')] },
      each: { weak: ['release'], strong: [each('acquire', 'p')] },
    })[fairness],
  temporal: ({ leadsTo, infinitelyOften, taken, implies, eventuallyAlways, not, and }, { P }) => ({
    everyoneIsServed: and(
      ...P.map((p) =>
        leadsTo(
          (s) => s.waiting.has(p),
          (s) => s.holder === p,
        ),
      ),
    ),
    isReleased: leadsTo(
      (s) => s.holder !== 'none',
      (s) => s.holder === 'none',
    ),
    acquiredForever: implies(not(eventuallyAlways((s) => s.holder === 'none')), infinitelyOften(taken('acquire'))),
  }),
  reachable: { bothWait: (s) => s.waiting.size === 2 },
});

const count = (progress: boolean) =>
  defineSpec({
    name: 'Count',
    init: () => ({ n: 0 }),
    actions: { up: (s) => (when(s.n < 3), void (s.n += 1)) },
    deadlock: false,
    progress,
    temporal: ({ eventually }) => ({ arrives: eventually((s) => s.n === 3) }),
  });

describe('temporal properties', () => {
  test('hold under strong fairness of each process', () => {
    expect(run(lock)).toMatchObject({ result: 'ok', distinctStates: 8 });
  });

  test.each([
    ['no fairness: the first who asks waits forever', 'none', [['ask', 'p1']]],
    ['fairness of the action as a whole: one of two is served again and again', 'whole', undefined],
    ['weak fairness of each: the lock is taken before the other gets it', 'weakEach', undefined],
  ])('fail with %s', (_, fairness, steps) => {
    const { result, violation } = run(lock, { constants: { fairness } });
    expect(result).toBe('violation');
    expect(violation).toMatchObject({ kind: 'temporal', name: 'everyoneIsServed' });
    const { trace, loopsTo } = violation!;
    expect(trace.at(-1)!.state).toEqual(trace[loopsTo!]!.state);
    const taken = trace.slice(1).map(({ action, parameters }) => [action, ...Object.values(parameters)]);
    if (steps === undefined) {
      const cycle = trace.slice(loopsTo! + 1).map(({ action }) => action);
      expect(new Set(cycle)).toEqual(new Set(['acquire', 'release', 'ask']));
    } else expect({ taken, loopsTo }).toEqual({ taken: steps, loopsTo: 1 });
  });

  test('know each pick of an action that also picks where there is one choice only', () => {
    const knock = defineSpec({
      name: 'Knock',
      constants: { Door: nodes('d', 2), Guest: nodes('g', 1) },
      init: () => ({ at: 'none', isIn: false }),
      actions: {
        knock(s, { Guest, Door, pick }) {
          const { guest, door } = pick({ guest: Guest, door: Door });
          when(!s.isIn && s.at === 'none');
          if (door === 'd2') s.isIn = true;
          else s.at = `${guest} at ${door}`;
        },
        leave(s) {
          when(s.at !== 'none');
          s.at = 'none';
        },
      },
      fairness: { weak: ['leave'], strong: [each('knock')] },
      temporal: ({ eventually, implies, infinitelyOften, taken }) => ({
        isLetIn: eventually((s) => s.isIn),
        knocksThere: implies(
          infinitelyOften(taken('knock', { guest: 'g1' })),
          eventually((s) => s.isIn),
        ),
      }),
      deadlock: false,
    });
    expect(run(knock)).toMatchObject({ result: 'ok', distinctStates: 3 });
  });

  test.each([[['far', 'near']], [['near', 'far']]])('show the nearest stop, whatever is tried first: %s', (order) => {
    const ways = {
      far(s: { at: number }) {
        when(s.at >= 0 && s.at < 5);
        s.at += 1;
      },
      near(s: { at: number }) {
        when(s.at === 0);
        s.at = -1;
      },
    };
    const walk = defineSpec({
      name: 'Walk',
      init: () => ({ at: 0 }),
      actions: Object.fromEntries(order.map((name) => [name, ways[name as 'far' | 'near']])),
      fairness: { weak: ['far', 'near'] },
      temporal: ({ eventually }) => ({ comesHome: eventually((s) => s.at === 9) }),
      deadlock: false,
    });
    expect(run(walk).violation?.trace.map(({ state }) => state)).toEqual([{ at: 0 }, { at: -1 }]);
  });

  test('say of a lasso what could be taken and never is', () => {
    const notesOf = (fairness: string): unknown => run(lock, { constants: { fairness } }).notes;
    expect(notesOf('none')).toEqual(['could be taken there and never is, since no fairness asks for it: ask, acquire']);
    expect(run(count(false)).notes).toEqual(['could be taken there and never is, since no fairness asks for it: up']);
  });

  test('that hold only because their premise never does say so', () => {
    const never = defineSpec({
      name: 'Never',
      init: () => ({ n: 0 }),
      actions: { flip: (s) => void (s.n = 1 - s.n) },
      temporal: ({ leadsTo }) => ({
        served: leadsTo(
          (s) => s.n > 1,
          (s) => s.n === 0,
        ),
      }),
    });
    expect(run(never)).toMatchObject({
      result: 'ok',
      notes: ['served holds only because what it begins with is true of no reachable state'],
    });
  });

  test('of which some parts hold only because their premises never do say how many, once', () => {
    const some = defineSpec({
      name: 'Some',
      init: () => ({ n: 0 }),
      actions: { flip: (s) => void (s.n = 1 - s.n) },
      temporal: ({ and, leadsTo }) => ({
        served: and(
          ...[1, 2, 3].map((n) =>
            leadsTo(
              (s) => s.n === n,
              (s) => s.n === 0,
            ),
          ),
        ),
      }),
      fairness: { weak: ['flip'] },
    });
    expect(run(some)).toMatchObject({
      result: 'ok',
      notes: ['served: 2 of its 3 parts hold only because what they begin with is true of no reachable state'],
    });
  });

  test('that can tell stuttering apart say so', () => {
    const flip = defineSpec({
      name: 'Flip',
      init: () => ({ n: 0 }),
      actions: { flip: (s) => void (s.n = 1 - s.n) },
      progress: true,
      temporal: ({ always, implies, next }) => ({
        alternates: always(
          implies(
            (s) => s.n === 0,
            next((s) => s.n === 1),
          ),
        ),
      }),
    });
    const { result, notes, violation } = run(flip);
    expect({ result, notes }).toEqual({
      result: 'violation',
      notes: [
        'temporal properties were judged of behaviours that stop nowhere where a step is possible: progress',
        'alternates can tell a behaviour from the same one with steps added that change nothing: it uses next, or taken outside eventually and always',
      ],
    });
    // Some steps stutter, which progress does not forbid, and are shown.
    expect(violation!.trace.slice(1).map(({ action }) => action)).toContain(null);
  });

  test('progress lets no behaviour stop where a step is enabled', () => {
    expect(run(count(true))).toMatchObject({
      result: 'ok',
      notes: ['temporal properties were judged of behaviours that stop nowhere where a step is possible: progress'],
    });
    expect(run(count(false)).violation).toMatchObject({ name: 'arrives', loopsTo: 0 });
  });
});

/** The result for the lock with other parts. */
const asking = (parts: object) => run({ ...lock, definition: { ...lock.definition, ...parts } });

describe('picks that no step makes', () => {
  test('are named where fairness asks for each of them', () => {
    const { notes } = asking({ fairness: { weak: ['release'], strong: [each('acquire', 'P')] } });
    expect(notes).toContain(
      'fairness: no step of acquire picks P; did you mean p?; they pick p, so what is asked is weaker than fairness for each',
    );
  });

  test('are named where a property speaks of them', () => {
    const { result, notes } = asking({
      temporal: ({ always, not, taken }: Logic<unknown, unknown>) => ({
        never: always(not(taken('release', { p: 'p1' }))),
      }),
    });
    expect({ result, notes }).toEqual({
      result: 'ok',
      notes: ['never: no step of release picks p; they pick nothing, so no step is the one that it speaks of'],
    });
  });
});

/** The result for a spec that counts from 0 or 1 to 2, under constraints. */
const within = (
  constraint: (s: { n: number }) => boolean,
  actionConstraint = (_: object, s: { n: number }) => s.n < 9,
) =>
  run(
    defineSpec({
      name: 'Within',
      init: () => [{ n: 0 }, { n: 1 }],
      actions: { up: (s) => (when(s.n < 2), void (s.n += 1)) },
      deadlock: false,
      constraint,
      actionConstraint,
      fairness: { weak: ['up'] },
      temporal: ({ eventually }) => ({ arrives: eventually((s) => s.n > 0) }),
    }),
  ).result;

describe('what is not judged', () => {
  test('is named where a limit ended the search', () => {
    expect(run(lock, {}, { maxStates: 3 })).toMatchObject({
      result: 'incomplete',
      notes: [
        'not judged, since not every state was explored and found safe: bothWait, everyoneIsServed, isReleased, acquiredForever',
      ],
    });
  });

  test('is named where behaviours leave the constraint: ok is never said of them', () => {
    const bounded = defineSpec({
      name: 'Bounded',
      init: () => ({ n: 0 }),
      actions: { up: (s) => void (s.n += 1) },
      constraint: (s) => s.n < 3,
      fairness: { weak: ['up'] },
      temporal: ({ eventually }) => ({ arrives: eventually((s) => s.n === 2) }),
    });
    expect(run(bounded)).toMatchObject({
      result: 'incomplete',
      reason:
        'temporal properties and refinements were judged on the behaviours that stay within the constraint: others were not followed',
    });
  });

  test('is nothing where a constraint leaves out no behaviour', () => {
    expect(within((s) => s.n < 3)).toBe('ok');
    expect(within((s) => s.n < 2)).toBe('incomplete');
    expect(within((s) => s.n > 0)).toBe('incomplete');
    expect(
      within(
        () => true,
        (_, s) => s.n < 2,
      ),
    ).toBe('incomplete');
  });

  test('fairness still knows of steps that leave the constraint', () => {
    const bounded = defineSpec({
      name: 'Bounded',
      init: () => ({ n: 0 }),
      actions: { up: (s) => void (s.n += 1) },
      constraint: (s) => s.n < 3,
      fairness: { weak: ['up'] },
      temporal: ({ eventually }) => ({ never: eventually((s) => s.n === 9) }),
    });
    // No behaviour within the constraint is fair: `up` is enabled forever.
    expect(run(bounded).result).toBe('incomplete');
  });
});

describe('reachability', () => {
  test('fails where no reachable state is as it should be possible', () => {
    const stuck = defineSpec({
      name: 'Stuck',
      init: () => ({ n: 0 }),
      actions: { up: (s) => (when(s.n < 2), void (s.n += 1)) },
      deadlock: false,
      reachable: { two: (s) => s.n === 2, three: (s) => s.n === 3 },
    });
    expect(run(stuck)).toMatchObject({
      result: 'violation',
      violation: { kind: 'reachability', name: 'three', trace: [] },
    });
  });
});

const clock = defineSpec({
  name: 'Clock',
  constants: { hours: 12 },
  init: () => ({ hour: 0 }),
  actions: { tick: (s, { hours }) => void (s.hour = (s.hour + 1) % hours) },
  fairness: { weak: ['tick'] },
});

/** Hours and minutes; `skips` jumps over an hour, `stops` never ends one. */
const minutes = defineSpec({
  name: 'Minutes',
  constants: { hours: 3, mode: oneOf('right', 'late', 'skips', 'stops') },
  init: ({ mode }) => ({ hour: mode === 'late' ? 1 : 0, minute: 0 }),
  actions: {
    minute(s) {
      when(s.minute < 2);
      s.minute += 1;
    },
    hour(s, { hours, mode }) {
      when(s.minute === 2);
      s.minute = 0;
      s.hour = (s.hour + (mode === 'skips' && s.hour === 1 ? 2 : 1)) % hours;
    },
    turnBack(s, { mode }) {
      when(mode === 'stops' && s.minute === 2);
      s.minute = 0;
    },
  },
  fairness: { weak: ['minute', 'hour'] },
  refinements: (refines, { hours }) => ({
    clock: refines(clock, (s) => ({ hour: s.hour }), { hours }),
  }),
});

describe('refinement', () => {
  test('holds where every step is one of the abstract spec or none, and fair behaviours are fair', () => {
    expect(run(minutes)).toMatchObject({ result: 'ok' });
  });

  test('fails at a step that the abstract spec does not have, and shows both sides', () => {
    const { violation } = run(minutes, { constants: { mode: 'skips' } });
    expect(violation).toMatchObject({ kind: 'refinement', name: 'clock' });
    expect(violation!.abstract).toEqual([0, 0, 0, 1, 1, 1, 0].map((hour) => ({ hour })));
    expect(violation!.trace.at(-1)).toMatchObject({ action: 'hour', state: { hour: 0, minute: 0 } });
  });

  test('fails at an initial state that the abstract spec does not have', () => {
    const { violation } = run(minutes, { constants: { mode: 'late' } });
    expect(violation).toMatchObject({ kind: 'refinement', abstract: [{ hour: 1 }] });
  });

  test('fails with a fair behaviour that breaks the fairness of the abstract spec', () => {
    const { violation, notes } = run(minutes, { constants: { mode: 'stops' } });
    expect(violation).toMatchObject({ kind: 'refinement', name: 'clock' });
    expect(violation!.loopsTo).toBeDefined();
    expect(notes).toEqual(['clock: the behaviour breaks weak fairness of tick of the abstract spec']);
  });

  test('says that progress was taken for granted, where the abstract spec is fair', () => {
    const { fairness: _, ...unfair } = minutes.definition;
    expect(run(defineSpec({ ...unfair, progress: true }))).toMatchObject({
      result: 'ok',
      notes: ['refinements were judged of behaviours that stop nowhere where a step is possible: progress'],
    });
  });

  test('names what a mapping gives that is no state of the abstract spec', () => {
    const wrong = defineSpec({
      name: 'Wrong',
      init: () => ({ n: 0 }),
      actions: { stay: () => undefined },
      refinements: (refines) => ({ clock: refines(clock, (s) => ({ hours: s.n }) as never) }),
    });
    expect(() => run(wrong)).toThrow(
      'the mapping of refinement clock gives {hours: 0}: an abstract state has the variables hour',
    );
  });
});

describe('what is wrong in the temporal parts of a spec', () => {
  const base = { name: 'Wrong', init: () => ({ n: 0 }), actions: { up: (s: { n: number }) => void (s.n = 1) } };
  const untyped = (parts: object) => () => bind(defineSpec({ ...base, ...parts } as never) as unknown as Spec);

  test.each([
    [
      { fairness: { weak: ['upp'] } },
      "fairness names 'upp', and Wrong has no such action; did you mean up?; its actions are up",
    ],
    [
      { fairness: ['up'] },
      'fairness is ["up"]: it has two parts, weak and strong, each an array of names of actions or of each(action, …picks)',
    ],
    [{ temporal: { p: true } }, 'temporal is a function: temporal: ({ leadsTo }) => ({ … })'],
    [
      { temporal: () => ({ p: () => true }) },
      'temporal property p is not a formula: begin with one of always, eventually, leadsTo, until, release, next, infinitelyOften, eventuallyAlways, not, and, or, implies, taken',
    ],
    [
      { temporal: (logic: { always(x: unknown): unknown }) => ({ p: logic.always(3) }) },
      'temporal: a part of a temporal property is a number: write a predicate, (state) => …, or a formula',
    ],
    [{ refinements: () => ({ r: 1 }) }, 'refinement r is not what refines(spec, mapping) gives'],
  ])('%j is an error that says what would be right', (parts, message) => {
    expect(untyped(parts)).toThrow(message);
  });
});
