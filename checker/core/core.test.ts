import { afterEach, describe, expect, test } from 'vitest';

import {
  assert,
  BivalentError,
  enterUserCode,
  guardGlobals,
  leaveUserCode,
  locationOf,
  nearest,
  runningUserCode,
  seededRandom,
} from './index.ts';

function asUserCode<T>(f: () => T): T {
  const outer = enterUserCode({ name: 'tick', picked: {}, describe: () => 'action tick' });
  try {
    return f();
  } finally {
    leaveUserCode(outer);
  }
}

describe('an error', () => {
  test('keeps the details that it has when others are added', () => {
    const cause = new Error('inner');
    const error = new BivalentError('spec/threw', 'it failed', { action: 'tick' }, { cause });
    const located = error.withDetails({ action: 'tock', line: 3 });
    expect(located).toMatchObject({ name: 'BivalentError', code: 'spec/threw', message: 'it failed', cause });
    expect([located.details, located.stack]).toEqual([{ action: 'tick', line: 3 }, error.stack]);
  });

  test('that says that this package has a bug is no error of the user', () => {
    expect(() => assert(false, 'one is two')).toThrow('bug in bivalent: this should hold, and does not: one is two');
    expect(() => assert(true, 'one is one')).not.toThrow();
  });
});

describe('the place of an error', () => {
  test('is the innermost frame of user code', () => {
    const error = new Error('x');
    error.stack = [
      'Error: x',
      `    at SetValue.add (${new URL('../value/set-value.ts', import.meta.url).href}:10:3)`,
      '    at Array.map (<anonymous>)',
      '    at node:internal/process:1:1',
      '    at library (/home/me/node_modules/library/index.js:1:1)',
      '    at receive (file:///home/me/my%20spec.ts:12:7)',
      '    at file:///home/me/other.ts:1:1',
    ].join('\n');
    expect(locationOf(error)).toEqual({ file: 'file:///home/me/my%20spec.ts', line: 12, column: 7 });
  });

  test('is unknown where there is none', () => {
    expect([locationOf('text'), locationOf(Object.assign(new Error('x'), { stack: 'Error: x' }))]).toEqual([{}, {}]);
  });

  test('is in this file for an error made here', () => {
    expect(locationOf(new Error('here')).file).toBe(import.meta.url.replace('file://', ''));
  });
});

describe('the nearest name', () => {
  test.each([
    ['RN', ['RM', 'quorum'], 'RM'],
    ['quorm', ['RM', 'quorum'], 'quorum'],
    ['qourum', ['RM', 'quorum'], 'quorum'],
    ['RAFT', ['paxos', 'raft'], 'raft'],
    ['two-phase-comit', ['two-phase-commit', 'transaction-commit'], 'two-phase-commit'],
    ['zzz', ['raft', 'paxos'], undefined],
    ['x', [], undefined],
  ])('of %s among %j is %s', (name, names, expected) => {
    expect(nearest(name, names)).toBe(expected);
  });
});

function numbers(seed: number): number[] {
  const random = seededRandom(seed);
  return Array.from({ length: 5 }, () => random.below(1000));
}

describe('random numbers', () => {
  test('are the same for the same seed, and others for another', () => {
    expect(numbers(7)).toEqual(numbers(7));
    const streams = [0, 1, -1, 2 ** 32, 2 ** 32 + 1, 2 ** 40].map((seed) => numbers(seed).join());
    expect(new Set(streams).size).toBe(streams.length);
  });

  test('lie below their bound and reach every number there', () => {
    const random = seededRandom(1);
    const counts = [0, 0, 0, 0, 0];
    for (let i = 0; i < 5000; i++) counts[random.below(5)]! += 1;
    expect(Math.min(...counts)).toBeGreaterThan(900);
    expect(random.next()).toBeLessThan(1);
  });
});

describe('impure globals', () => {
  const release: (() => void)[] = [];
  afterEach(() => release.splice(0).forEach((end) => end()));

  const impure: readonly (readonly [name: string, call: () => unknown, advice: string])[] = [
    ['Math.random()', () => Math.random(), 'use pick for what may go either way'],
    ['crypto.randomUUID()', () => crypto.randomUUID(), 'use pick for what may go either way'],
    [
      'crypto.getRandomValues()',
      () => crypto.getRandomValues(new Uint8Array(1)),
      'use pick for what may go either way',
    ],
    ['Date.now()', () => Date.now(), 'keep time in the state, as a number'],
    ['new Date()', () => new Date(), 'keep time in the state, as a number'],
    ['Date()', () => Date(), 'keep time in the state, as a number'],
    ['performance.now()', () => performance.now(), 'keep time in the state, as a number'],
    ['process.hrtime()', () => process.hrtime(), 'keep time in the state, as a number'],
    ['process.hrtime()', () => process.hrtime.bigint(), 'keep time in the state, as a number'],
    [
      'setTimeout()',
      () => setTimeout(() => undefined, 0),
      'actions are instantaneous: what happens later is another action',
    ],
    [
      'setInterval()',
      () => setInterval(() => undefined, 1),
      'actions are instantaneous: what happens later is another action',
    ],
    [
      'setImmediate()',
      () => setImmediate(() => undefined),
      'actions are instantaneous: what happens later is another action',
    ],
    [
      'queueMicrotask()',
      () => queueMicrotask(() => undefined),
      'actions are instantaneous: what happens later is another action',
    ],
    [
      'process.nextTick()',
      () => process.nextTick(() => undefined),
      'actions are instantaneous: what happens later is another action',
    ],
    ['fetch()', () => fetch('data:,'), 'a spec has no environment but its state'],
  ];

  test.each(impure)('%s throws in user code', (name, call, advice) => {
    release.push(guardGlobals());
    const message = `${name} is not allowed in a spec, which must be pure: ${advice}`;
    expect(() => asUserCode(call)).toThrow(expect.objectContaining({ code: 'spec/impure', message }));
  });

  test('work outside of user code, and as before once released', () => {
    const before = [Math.random, Date, globalThis.setTimeout, Date.now];
    const end = guardGlobals();
    const inner = guardGlobals();
    expect(typeof (Math.random() + Date.now() + new Date().getTime() + performance.now())).toBe('number');
    expect(new Date(0)).toBeInstanceOf(Date);
    inner();
    inner();
    expect(() => asUserCode(() => Math.random())).toThrow(BivalentError);
    end();
    expect([Math.random, Date, globalThis.setTimeout, Date.now]).toEqual(before);
    expect(asUserCode(() => Math.random())).toBeLessThan(1);
  });

  test('that have arguments which make them pure are allowed', () => {
    release.push(guardGlobals());
    expect(asUserCode(() => new Date(5).getTime())).toBe(5);
    expect(asUserCode(() => Date.UTC(1970, 0))).toBe(0);
  });

  test('the code that is running is known, also when it runs inside other', () => {
    const seen: (string | undefined)[] = [];
    asUserCode(() => {
      const outer = enterUserCode({ name: 'inner', picked: {}, describe: () => 'inner' });
      seen.push(runningUserCode()?.describe());
      leaveUserCode(outer);
      seen.push(runningUserCode()?.describe());
    });
    expect([...seen, runningUserCode()]).toEqual(['inner', 'action tick', undefined]);
  });
});
