import { describe, expect, test } from 'vitest';

import { bagOf, canonical, mapValueOf, type RecordValue, type Value } from '../../value/index.ts';
import type { ReportStep } from '../report.ts';
import { conditionOf, isCut } from './conditions.ts';
import { fateOf, hasParts, partsOf } from './parts.ts';
import { found, searchText } from './step-search.ts';
import { stepWords } from './step-words.ts';

/** Each part as its label, or its key where it has none, and what became of it. */
function fates(value: unknown, before: unknown): readonly string[] {
  return partsOf(canonical(value), canonical(before)).map((part) => `${part.label || part.key} ${fateOf(part)}`);
}

describe('the parts of a value', () => {
  test('of a record are its fields, those that are gone last', () => {
    expect(fates({ a: 1, b: 2, d: 4 }, { a: 1, b: 3, c: 3 })).toEqual(['a same', 'b changed', 'd added', 'c removed']);
  });

  test('of a map are its entries, of a set its elements, of an array its items', () => {
    expect(fates(mapValueOf([[{ k: 1 }, 1]]), mapValueOf([[{ k: 2 }, 1]]))).toEqual(['{k: 1} added', '{k: 2} removed']);
    expect(fates(new Set([1, 2]), new Set([2, 3]))).toEqual(['1 added', '2 same', '3 removed']);
    expect(fates([1, 2], [1, 3, 4])).toEqual(['0 same', '1 changed', '2 removed']);
  });

  test('of a bag are its elements, with how many there are and were', () => {
    const parts = partsOf(canonical(bagOf(['a', 'a', 'b'])), canonical(bagOf(['a', 'c'])));
    expect(parts.map((part) => [part.key, part.count, fateOf(part)])).toEqual([
      ["'a'", [2, 1], 'changed'],
      ["'b'", [1, 0], 'added'],
      ["'c'", [0, 1], 'removed'],
    ]);
  });

  test('are all as they are where there was something of another kind, or nothing', () => {
    expect(fates({ a: 1 }, [1])).toEqual(['a same']);
    expect(partsOf(canonical([7]), undefined).map(fateOf)).toEqual(['same']);
  });

  test('are not there of what has none', () => {
    for (const value of ['text', 1, 2n, true, null] as Value[]) expect(hasParts(value)).toBe(false);
  });
});

describe('a step in words', () => {
  test('is what arrives where, for a delivery', () => {
    const parameters = { to: 's2', message: { from: 's1', granted: true } };
    expect(stepWords('vote', parameters, '…')).toEqual({ title: 'vote', route: 's1 → s2', detail: '{granted: true}' });
  });

  test('is what befalls which message, for a fault', () => {
    const parameters = { to: 's2', type: 'vote', message: { from: 's1' } };
    expect(stepWords('loss', parameters, '…')).toEqual({ title: 'loss vote', route: 's1 → s2' });
    const queued = { to: 's2', from: 's1', position: 0, message: { from: 's1', type: 'vote', n: 1 } };
    expect(stepWords('loss', queued, '…')).toEqual({ title: 'loss vote', route: 's1 → s2', detail: '{n: 1}' });
  });

  test('names what else was picked', () => {
    const parameters = { to: 's2', message: { from: 's1' }, value: 3 };
    expect(stepWords('write', parameters, '…').detail).toBe('(value=3)');
  });

  test('is the call, for all else', () => {
    expect(stepWords('timeout', { at: 's1' }, 'timeout(at=s1)')).toEqual({ title: 'timeout(at=s1)' });
    expect(stepWords(null, {}, 'initial state')).toEqual({ title: 'initial state' });
    expect(stepWords('act', { to: 's1', message: 'hello' }, 'act(…)')).toEqual({ title: 'act(…)' });
  });
});

function step(index: number, name: string, state: RecordValue): ReportStep {
  return { index, name, state, action: 'act', parameters: {}, sent: [], received: [], lost: [] };
}

describe('a search', () => {
  const steps = [
    step(0, 'initial state', { role: 'follower', term: 0 }),
    step(1, 'timeout(at=s1)', { role: 'candidate', term: 0 }),
    step(2, 'wait', { role: 'candidate', term: 0 }),
  ];
  const texts = steps.map((one, i) => searchText(one, steps[i - 1]));

  test('finds steps by their names and by what they change, not by what stays as it was', () => {
    expect([...found(texts, 'Timeout')!]).toEqual([1]);
    expect([...found(texts, 'follower')!]).toEqual([0, 1]);
    expect([...found(texts, 'role candidate')!]).toEqual([1]);
    expect([...found(texts, 'term')!]).toEqual([0]);
  });

  test('without words asks for nothing', () => {
    expect(found(texts, '  ')).toBeUndefined();
  });
});

test('the lines of a diagram are as the nodes and links are', () => {
  const state = { status: { n1: 'up', n2: 'down', n3: 'gone', n4: 'paused' }, cut: canonical(new Set([1])) } as const;
  expect(['n1', 'n2', 'n3', 'n4', 'n5'].map((node) => conditionOf(state, node))).toEqual([
    'up',
    'down',
    'down',
    'paused',
    'up',
  ]);
  expect([isCut(state), isCut({ cut: canonical(new Set()) }), isCut({ cut: 1 }), isCut({})]).toEqual([
    true,
    false,
    false,
    false,
  ]);
  expect(conditionOf({ status: 'down' }, 'n1')).toBe('up');
});
