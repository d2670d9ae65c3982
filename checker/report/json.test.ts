import { describe, expect, test } from 'vitest';

import { BivalentError } from '../core/index.ts';
import { checkDocument, errorDocument } from './json.ts';
import { dependencies } from './dependencies.test-support.ts';
import { resultWith, samples, state, violation } from './result.test-support.ts';
import { schemaErrors } from './schema.test-support.ts';
import { trialsDocument } from './trials.ts';

describe('the document of a result', () => {
  test('holds every figure, and values in their JSON form', () => {
    const sent = new Set([{ from: 'p1' }]);
    const step = { action: 'send', parameters: state({ from: 'p1' }), state: state({ sent }) };
    const found = { ...violation, trace: [{ ...step, action: null, parameters: {} }, step], loopsTo: 1 };
    expect(checkDocument(resultWith({ result: 'violation', violation: found, seed: 7 }))).toEqual({
      schemaVersion: 1,
      spec: 'Mutex',
      constants: { processes: ['p1', 'p2'], rounds: 2 },
      result: 'violation',
      distinctStates: 1234,
      generatedStates: 56789,
      skipped: 0,
      depth: 12,
      violation: {
        kind: 'invariant',
        name: 'mutualExclusion',
        parameters: { a: 'p1', b: 'p2' },
        read: [
          { path: 'inside.p1', value: true },
          { path: 'inside.p2', value: true },
        ],
        trace: [
          { action: null, parameters: {}, state: { sent: { '#set': [{ from: 'p1' }] } } },
          { action: 'send', parameters: { from: 'p1' }, state: { sent: { '#set': [{ from: 'p1' }] } } },
        ],
        loopsTo: 1,
      },
      actions: { enter: { taken: 1000, distinct: 900 }, leave: { taken: 20, distinct: 3 } },
      faults: {},
      learning: { actionCalls: 45, invariantCalls: 6, audited: 0 },
      seed: 7,
      seconds: 0.5,
      statesPerSecond: 2468,
      bytesPerState: 31.4,
      peakMemoryBytes: 40_000,
    });
  });

  test('is what the schema describes', () => {
    expect(schemaErrors(checkDocument(resultWith()))).toBeNull();
    expect(schemaErrors(checkDocument(resultWith({ result: 'violation', violation })))).toBeNull();
    expect(schemaErrors(checkDocument(resultWith({ dependencies })))).toBeNull();
    expect(schemaErrors(checkDocument(resultWith({ samples })))).toBeNull();
    expect(
      schemaErrors(checkDocument(resultWith({ disk: { states: 1234, bytes: 30_000, peakBytes: 40_000 } }))),
    ).toBeNull();
    expect(schemaErrors(checkDocument(resultWith({ result: 'incomplete', reason: 'stopped by Ctrl-C' })))).toBeNull();
  });

  test('would not be taken for a whole one by a reader of the schema if a part were missing', () => {
    const { depth: _, ...rest } = checkDocument(resultWith());
    expect(schemaErrors(rest)).not.toBeNull();
    expect(schemaErrors({ ...checkDocument(resultWith()), extra: 1 })).not.toBeNull();
    expect(schemaErrors(checkDocument(resultWith({ result: 'violation' })))).not.toBeNull();
  });
});

describe('the document of an error', () => {
  test('says what is known of the place', () => {
    const details = {
      file: '/spec.ts',
      line: 3,
      column: 5,
      action: 'grow',
      parameters: { n: 'n1' },
      state: state({ seen: new Set([1]) }),
    };
    const document = errorDocument(new BivalentError('spec/threw', 'action grow threw Error: no', details));
    expect(document).toEqual({
      schemaVersion: 1,
      result: 'error',
      error: {
        code: 'spec/threw',
        message: 'action grow threw Error: no',
        file: '/spec.ts',
        line: 3,
        column: 5,
        action: 'grow',
        parameters: { n: 'n1' },
        state: { seen: { '#set': [1] } },
      },
    });
    expect(schemaErrors(document)).toBeNull();
  });

  test('is whole where nothing is known of the place', () => {
    const document = errorDocument(new BivalentError('file/missing', 'there is no file spec.ts'));
    expect(document).toEqual({
      schemaVersion: 1,
      result: 'error',
      error: { code: 'file/missing', message: 'there is no file spec.ts' },
    });
    expect(schemaErrors(document)).toBeNull();
  });
});

test('the document of trials is what the schema describes', () => {
  const trial = {
    name: 'mutex',
    variant: 'small',
    expected: { result: 'ok', distinct: 1000 },
    result: resultWith(),
  } as const;
  const document = trialsDocument([trial]);
  expect(document).toEqual({
    schemaVersion: 1,
    result: 'violation',
    trials: [
      {
        name: 'mutex',
        variant: 'small',
        expected: { result: 'ok', distinct: 1000 },
        differences: ['distinct states: 1,234, not the 1,000 expected'],
        check: checkDocument(resultWith()),
      },
    ],
  });
  expect(schemaErrors(document)).toBeNull();
});
