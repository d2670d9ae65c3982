import { describe, expect, test } from 'vitest';

import type { Behaviour, ReportStep } from '../report.ts';
import { moved, nextHit, shownSteps, type View } from './browsing.ts';
import type { Session } from './session.ts';

function step(index: number, lane?: string, messages: Partial<Pick<ReportStep, 'sent' | 'received'>> = {}): ReportStep {
  const none = { sent: [], received: [], lost: [] };
  return {
    index,
    action: index === 0 ? null : 'act',
    parameters: {},
    state: { index },
    name: 'act',
    ...none,
    ...messages,
    ...(lane !== undefined && { lane }),
  };
}

/** `a` sends to `b`, which receives it; `c` does something of its own; somebody does something. */
const behaviour: Behaviour = {
  lanes: ['a', 'b', 'c'],
  messages: [{ from: 'a', to: 'b', type: 'm', fields: {}, sent: 1, ended: 2, end: 'received' }],
  steps: [step(0), step(1, 'a', { sent: [0] }), step(2, 'b', { received: [0] }), step(3, 'c'), step(4)],
};
const all: View = { query: '', onlyFound: false, hidden: new Set() };

describe('the steps that are listed', () => {
  test('are all of them, unless the reader leaves some out', () => {
    expect(shownSteps(behaviour, all, undefined)).toEqual([0, 1, 2, 3, 4]);
    expect(shownSteps(behaviour, all, new Set([2]))).toEqual([0, 1, 2, 3, 4]);
    expect(shownSteps(behaviour, { ...all, onlyFound: true }, new Set([2]))).toEqual([2]);
    expect(shownSteps(behaviour, { ...all, onlyFound: true }, undefined)).toEqual([0, 1, 2, 3, 4]);
  });

  test('are, of nodes that are hidden, those that deal with messages of others', () => {
    expect(shownSteps(behaviour, { ...all, hidden: new Set(['c']) }, undefined)).toEqual([0, 1, 2, 4]);
    expect(shownSteps(behaviour, { ...all, hidden: new Set(['a']) }, undefined)).toEqual([0, 1, 2, 3, 4]);
    expect(shownSteps(behaviour, { ...all, hidden: new Set(['a', 'b']) }, undefined)).toEqual([0, 3, 4]);
  });
});

/** Where one comes from a step by moving over so many of those that are listed. */
function from(selected: number, by: number, shown: readonly number[], loopsTo?: number): number {
  const session: Session = { behaviour: behaviour.steps, selected };
  return moved(session, by, shown, loopsTo).selected;
}

describe('moving', () => {
  test('goes along the steps that are listed, and stays at their ends', () => {
    expect(from(1, 1, [0, 1, 3])).toBe(3);
    expect(from(3, -1, [0, 1, 3])).toBe(1);
    expect(from(3, 1, [0, 1, 3])).toBe(3);
    expect(from(0, -10, [0, 1, 3])).toBe(0);
    expect(from(0, 10, [0, 1, 3])).toBe(3);
  });

  test('from a step that is not listed goes to the next one that is', () => {
    expect(from(2, 1, [0, 1, 3])).toBe(3);
    expect(from(2, -1, [0, 1, 3])).toBe(1);
    expect(from(4, 1, [0, 1, 3])).toBe(3);
    expect(from(2, 1, [])).toBe(2);
  });

  test('goes round a lasso', () => {
    expect(from(4, 1, [0, 1, 2, 3, 4], 2)).toBe(2);
    expect(from(4, -1, [0, 1, 2, 3, 4], 2)).toBe(3);
  });

  test('from one step that is found goes to the next, and round', () => {
    const hits = new Set([1, 3]);
    expect([nextHit(hits, 1, 1), nextHit(hits, 3, 1), nextHit(hits, 3, -1), nextHit(hits, 1, -1)]).toEqual([
      3, 1, 1, 3,
    ]);
    expect(nextHit(undefined, 1, 1)).toBeUndefined();
  });
});
