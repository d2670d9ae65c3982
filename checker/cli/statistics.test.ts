import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../temporary-folder.test-support.ts';
import { Statistics } from './statistics.ts';

const folder = temporaryFolder();

const at = (seconds: number, distinctStates: number) => ({
  seconds,
  distinctStates,
  generatedStates: 3 * distinctStates,
  level: 4,
  frontier: 5,
  memoryBytes: 600,
});

function written(name: string): string {
  const file = join(folder, name);
  const statistics = new Statistics(file);
  for (const [seconds, states] of [
    [0.05, 10],
    [0.9, 50],
    [1.2, 125],
  ] as const) {
    statistics.note(at(seconds, states));
  }
  statistics.end(at(1.4, 225));
  return readFileSync(file, 'utf8');
}

test('a .csv file has a line for each second, and one at the end, with the rate since the line before', () => {
  expect(written('run.csv')).toBe(
    'seconds,distinctStates,generatedStates,level,frontier,statesPerSecond,memoryBytes\n' +
      '0.05,10,30,4,5,200,600\n1.2,125,375,4,5,100,600\n1.4,225,675,4,5,500,600\n',
  );
});

test('an .ndjson file has the same as objects', () => {
  expect(written('run.ndjson').split('\n')[1]).toBe(
    '{"seconds":1.2,"distinctStates":125,"generatedStates":375,"level":4,"frontier":5,"statesPerSecond":100,"memoryBytes":600}',
  );
});

test('another kind of file is refused', () => {
  expect(() => new Statistics('run.xlsx')).toThrow('--stats writes tables: name a file that ends in .csv or .ndjson');
});
