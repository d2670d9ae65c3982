/** A check in progress: it is run in slices, and can be asked where it stands and what it runs. */
import { describe, expect, test } from 'vitest';
import { bind, defineSpec } from '../spec/index.ts';
import { engines, withoutTimes } from './engines.test-support.ts';
import { finish } from './index.ts';

describe.each(engines)('a run of $name', ({ start, check }) => {
  const square = defineSpec({
    name: 'Square',
    init: () => ({ x: 0, y: 0 }),
    actions: { right: (s) => void (s.x = (s.x + 1) % 4), up: (s) => void (s.y = (s.y + 1) % 4) },
  });

  test('in slices gives the same result as one at once', () => {
    const run = start(bind(square));
    let slices = 1;
    while (!run.advance(0)) slices += 1;
    expect(slices).toBeGreaterThan(1);
    expect(withoutTimes(run.result(''))).toEqual(withoutTimes(check(bind(square))));
  });

  test('that is not finished has a result: incomplete, for the reason given', () => {
    const run = start(bind(square));
    expect(run.result('interrupted')).toMatchObject({
      result: 'incomplete',
      distinctStates: 0,
      generatedStates: 0,
      depth: 0,
    });
    run.advance(0);
    const result = run.result('interrupted');
    expect(result.result).toBe('incomplete');
    expect(result.reason).toBe('interrupted');
  });

  test('that is finished stays so', () => {
    const run = start(bind(square));
    finish(run);
    const result = run.result('interrupted');
    expect(run.advance(Infinity)).toBe(true);
    expect(run.result('interrupted')).toEqual(result);
    expect(result.result).toBe('ok');
  });

  test('tells where it stands', () => {
    const run = start(bind(square));
    finish(run);
    expect(run.progress()).toMatchObject({ distinctStates: 16, generatedStates: 33, frontier: 0, level: 7 });
  });

  test('names the user code that is running', () => {
    let seen: string | undefined;
    const spec = defineSpec({
      name: 'Watched',
      init: () => ({ n: 0 }),
      actions: {
        set(s, { pick }) {
          s.n = pick({ to: [1] }).to;
          seen = run.running();
        },
      },
    });
    const run = start(bind(spec));
    finish(run);
    expect(seen).toBe('action set(to=1)');
    expect(run.running()).toBeUndefined();
  });

  test('leaves the globals as they were, after an error in user code, too', () => {
    const { random } = Math;
    const spec = defineSpec({
      name: 'Impure',
      init: () => ({ n: 0 }),
      actions: { roll: (s) => void (s.n = Math.random()) },
    });
    expect(() => check(bind(spec))).toThrow(/Math\.random\(\)/);
    expect(Math.random).toBe(random);
  });
});
