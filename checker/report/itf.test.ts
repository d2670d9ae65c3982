import { existsSync, readdirSync, readFileSync } from 'node:fs';

import { describe, expect, test } from 'vitest';

import { isItf, itfTraceReport } from './itf.ts';
import type { Report } from './report.ts';
import { plainReport } from './text.ts';
import { writerFor } from './writers.ts';

function read(text: string): Report {
  const document: unknown = JSON.parse(text);
  if (!isItf(document)) throw new Error('not ITF');
  return itfTraceReport(document, 'trace');
}

describe('a trace of another tool', () => {
  const trace = {
    '#meta': { format: 'ITF', source: 'MC.tla', description: 'Created by Apalache' },
    vars: ['n', 'action_taken'],
    loop: 1,
    states: [
      { '#meta': { index: 0 }, n: { '#bigint': '1' }, action_taken: 'init' },
      { '#meta': { index: 1 }, n: { '#bigint': '123456789012345678901' }, action_taken: 'grow' },
      { '#meta': { index: 2 }, n: { '#tup': [1, { '#set': ['a'] }] }, action_taken: 'pair' },
    ],
  };

  test('is shown with the names of its actions, its integers as numbers where they fit', () => {
    expect(plainReport(read(JSON.stringify(trace)))).toBe(`? trace: a trace of 3 states

  0  initial state
       action_taken  'init'
       n             1
  1  grow
       action_taken  'init' → 'grow'
       n             1 → 123456789012345678901n
  2  pair
       action_taken  'grow' → 'pair'
       n             123456789012345678901n → [1, Set{'a'}]
  which is state 1 again, and so on for ever

  3 states

  Created by Apalache
`);
  });
});

const shared = new URL('../../../shared/traces/itf-json/', import.meta.url);

describe.skipIf(!existsSync(shared))('the traces of Apalache, Modelator and Quint', () => {
  const names = existsSync(shared) ? readdirSync(shared, { recursive: true, encoding: 'utf8' }) : [];
  const traces = names.filter((name) => name.endsWith('.itf.json'));

  test.each(traces)('%s is shown, and written in every format', async (name) => {
    const report = read(readFileSync(new URL(name, shared), 'utf8'));
    const states = plainReport(report).split('\n').slice(1);
    for (const format of ['md', 'txt', 'itf.json', 'mmd', 'dot', 'svg', 'tla', 'junit.xml']) {
      const text = (await writerFor(`trace.${format}`)(report, {}))!;
      if (format === 'itf.json') expect(plainReport(read(text)).split('\n').slice(1)).toEqual(states);
      expect(text).toMatch(/\n$/);
    }
  });
});
