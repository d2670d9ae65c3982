import { describe, expect, test } from 'vitest';

import { bind, defineSpec } from '../../spec/index.ts';
import { Explorer, type Choice } from './explorer.ts';
import { addressOf, comeBack, select, sessionAt, take, traceOf, undo, type Session } from './session.ts';

/** Two counters of which one may be raised at a time; `a` must stay small. */
const counters = defineSpec({
  name: 'Counters',
  init: () => ({ a: 0, b: 0 }),
  actions: {
    raise(s, { pick }) {
      const { which } = pick({ which: ['a', 'b'] });
      s[which] += 1;
    },
    wait() {},
    explode(s) {
      if (s.b > 1) throw new RangeError('too much');
    },
  },
  invariants: { small: (s) => s.a < 3 },
  transitionInvariants: { steady: (before, after) => after.b - before.b < 1 || before.b < 1 },
  constraint: (s) => s.a < 5,
});

const explorer = new Explorer(bind(counters));
const initial = { action: null, parameters: {}, state: { a: 0, b: 0 } };
const raised = (a: number) => ({ action: 'raise', parameters: { which: 'a' }, state: { a, b: 0 } });
/** The counterexample: `a` is raised three times. */
const start: Session = { behaviour: [initial, raised(1), raised(2), raised(3)], selected: 0 };

function choices(session: Session): readonly Choice[] {
  const answer = explorer.choicesIn(traceOf(session)[session.selected]!.state);
  if ('error' in answer) throw answer.error;
  return answer.found;
}

function takeNamed(session: Session, name: string): Session {
  return take(
    session,
    choices(session).find((choice) => choice.name === name)!,
  );
}

describe('what can happen in a state', () => {
  test('is every enabled step, in the order of the spec, with what it breaks', () => {
    expect(choices(select(start, 2))).toEqual([
      {
        action: 'raise',
        parameters: { which: 'a' },
        state: { a: 3, b: 0 },
        index: 0,
        name: 'raise(which=a)',
        isFault: false,
        broken: ['small'],
        changesNothing: false,
        isBeyond: false,
      },
      expect.objectContaining({ index: 1, name: 'raise(which=b)', broken: [] }),
      expect.objectContaining({ index: 2, name: 'wait', changesNothing: true }),
      expect.objectContaining({ index: 3, name: 'explode', changesNothing: true }),
    ]);
  });

  test('names steps beyond a constraint', () => {
    const answer = explorer.choicesIn({ a: 4, b: 0 });
    expect('found' in answer && answer.found.map(({ isBeyond }) => isBeyond)).toEqual([true, false, false, false]);
  });

  test('is judged by every invariant, and by transition invariants where there was a step', () => {
    expect(explorer.claimsOn({ a: 3, b: 0 })).toEqual({ found: [{ name: 'small', holds: false }] });
    expect(explorer.claimsOn({ a: 0, b: 2 }, { a: 0, b: 1 })).toEqual({
      found: [
        { name: 'small', holds: true },
        { name: 'steady', holds: false },
      ],
    });
  });

  test("is not known where the spec's code is wrong, and what is wrong is", () => {
    const answer = explorer.choicesIn({ a: 0, b: 2 });
    expect('error' in answer && answer.error.message).toBe('action explode threw RangeError: too much');
  });
});

describe('a session', () => {
  test('shows the nearest state that there is', () => {
    expect(select(start, 99).selected).toBe(3);
    expect(select(start, -1).selected).toBe(0);
  });

  test('stays on the behaviour where the reader does what it does', () => {
    expect(takeNamed(start, 'raise(which=a)')).toEqual({ ...start, selected: 1 });
  });

  test('leaves the behaviour with a step of the reader, and goes on from there', () => {
    const away = takeNamed(takeNamed(select(start, 1), 'raise(which=b)'), 'raise(which=a)');
    expect(traceOf(away).map(({ state }) => state)).toEqual([
      { a: 0, b: 0 },
      { a: 1, b: 0 },
      { a: 1, b: 1 },
      { a: 2, b: 1 },
    ]);
    expect(addressOf(away)).toBe('#step=3&left=1&took=1.0');
  });

  test('forgets what came after a state from which other steps are taken', () => {
    const away = takeNamed(takeNamed(select(start, 1), 'raise(which=b)'), 'raise(which=a)');
    expect(addressOf(takeNamed(select(away, 2), 'wait'))).toBe('#step=3&left=1&took=1.2');
    expect(addressOf(takeNamed(select(away, 0), 'raise(which=b)'))).toBe('#step=1&left=0&took=1');
  });

  test('can be undone step by step, and left at once', () => {
    const away = takeNamed(takeNamed(select(start, 1), 'raise(which=b)'), 'raise(which=a)');
    expect(addressOf(undo(away))).toBe('#step=2&left=1&took=1');
    expect(undo(undo(away))).toEqual(select(start, 1));
    expect(undo(start)).toBe(start);
    expect(comeBack(away)).toEqual(select(start, 1));
  });

  test('is found again by its address', () => {
    const away = takeNamed(takeNamed(select(start, 1), 'raise(which=b)'), 'raise(which=a)');
    for (const session of [start, select(start, 2), away, select(away, 1)]) {
      expect(sessionAt(start.behaviour, addressOf(session), explorer)).toEqual(session);
    }
  });

  test('goes as far as an address can be followed', () => {
    expect(sessionAt(start.behaviour, '#step=9&left=1&took=1.77.0', explorer)).toEqual(
      takeNamed(select(start, 1), 'raise(which=b)'),
    );
    expect(sessionAt(start.behaviour, '#step=2&left=1&took=1')).toEqual(select(start, 2));
    expect(sessionAt(start.behaviour, '#step=x&left=-1', explorer)).toEqual(start);
  });
});
