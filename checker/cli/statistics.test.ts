import { appendFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../temporary-folder.test-support.ts';
import { requireStatistics, Statistics } from './statistics.ts';

const folder = temporaryFolder();

const at = (seconds: number, distinctStates: number) => ({
  seconds,
  distinctStates,
  generatedStates: 3 * distinctStates,
  level: 4,
  frontier: 5,
  memoryBytes: 600,
});

/** What a run writes. */
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
    'seconds,distinctStates,generatedStates,level,frontier,statesPerSecond,memoryBytes,diskBytes\n' +
      '0.05,10,30,4,5,200,600,0\n1.2,125,375,4,5,100,600,0\n1.4,225,675,4,5,500,600,0\n',
  );
});

test('an .ndjson file has the same as objects', () => {
  expect(written('run.ndjson').split('\n')[1]).toBe(
    '{"seconds":1.2,"distinctStates":125,"generatedStates":375,"level":4,"frontier":5,"statesPerSecond":100,"memoryBytes":600,"diskBytes":0}',
  );
});

test('another kind of file is refused', () => {
  expect(() => requireStatistics('run.xlsx')).toThrow(
    '--stats writes tables: name a file that ends in .csv or .ndjson',
  );
});

test.each(['csv', 'ndjson'])('a run that goes on with another has the lines of both in its .%s file', (kind) => {
  const file = join(folder, `both.${kind}`);
  const whole = written(`both.${kind}`);
  // It was kept after 1.3 s; then it was killed while it wrote a line.
  appendFileSync(file, whole.split('\n').at(-2)!.slice(0, 7));
  const statistics = new Statistics(file, true);
  statistics.note(at(1.35, 175));
  statistics.end(at(2, 370));
  const lines = readFileSync(file, 'utf8').split('\n');
  const texts = whole.split('\n');
  expect(lines.slice(0, -3)).toEqual(
    texts.slice(
      0,
      texts.findIndex((line) => line.includes('1.4')),
    ),
  );
  expect(lines.slice(-3)).toEqual(
    kind === 'csv'
      ? ['1.35,175,525,4,5,333,600,0', '2,370,1110,4,5,300,600,0', '']
      : [
          '{"seconds":1.35,"distinctStates":175,"generatedStates":525,"level":4,"frontier":5,"statesPerSecond":333,"memoryBytes":600,"diskBytes":0}',
          '{"seconds":2,"distinctStates":370,"generatedStates":1110,"level":4,"frontier":5,"statesPerSecond":300,"memoryBytes":600,"diskBytes":0}',
          '',
        ],
  );
});

test('a file that holds something else is not gone on with', () => {
  for (const name of ['thesis.csv', 'thesis.ndjson']) {
    const file = join(folder, name);
    writeFileSync(file, 'chapter 1\n');
    expect(() => new Statistics(file, true)).toThrow(`${file} holds no statistics that could go on: name another file`);
    expect(readFileSync(file, 'utf8')).toBe('chapter 1\n');
  }
});

test('a file that cannot be written is refused at first, and later does not end the run', () => {
  const place = join(folder, 'gone');
  mkdirSync(place);
  const statistics = new Statistics(join(place, 'run.csv'));
  rmSync(place, { recursive: true });
  statistics.note(at(1, 10));
  const failure = `cannot write ${place}/run.csv: ENOENT: no such file or directory, open '${place}/run.csv'`;
  expect(statistics.failure).toBe(failure);
  mkdirSync(join(place, 'run.csv'), { recursive: true });
  expect(() => new Statistics(join(place, 'run.csv'))).toThrow(
    `cannot write ${place}/run.csv: EISDIR: illegal operation on a directory, open '${place}/run.csv'`,
  );
});
