import { expect, test } from 'vitest';

import { hold, medianOf, type Contestant, type Measurement } from './contest.ts';
import { standingsTable } from './standings-table.ts';

/** A contestant that takes these seconds, one after the other, and writes down that it ran. */
function contestant(name: string, seconds: readonly number[], diary: string[] = [], distinct = 10): Contestant {
  let round = 0;
  return {
    name,
    run: () => {
      diary.push(name);
      const measurement: Measurement = { seconds: seconds[round++]!, distinct, generated: 100, userCalls: 7 };
      return Promise.resolve(measurement);
    },
  };
}

/** A contestant that also tells these seconds of the processors. */
function busy({ run, ...contestant }: Contestant, cpuSeconds: readonly number[]): Contestant {
  const left = [...cpuSeconds];
  return { ...contestant, run: async () => ({ ...(await run()), cpuSeconds: left.shift()! }) };
}

test('contestants take turns, in an order that is reversed from round to round', async () => {
  const diary: string[] = [];
  const reports: string[] = [];
  const contestants = [contestant('a', [1, 1, 1], diary), contestant('b', [2, 2, 2], diary)];
  await hold({ title: 'Race', contestants }, 3, (line) => reports.push(line));
  expect(diary).toEqual(['a', 'b', 'b', 'a', 'a', 'b']);
  expect(reports.slice(0, 2)).toEqual(['Race, a: 1.00 s', 'Race, b: 2.00 s']);
});

test('a standing is the median, and the median of the ratios of the same round', async () => {
  const contestants = [contestant('a', [1, 2, 4]), contestant('b', [3, 4, 4])];
  const { standings } = await hold({ title: 'Race', contestants }, 3, () => {});
  expect(standings.map(({ name, median, ratio }) => ({ name, median, ratio }))).toEqual([
    { name: 'a', median: 2, ratio: 1 },
    { name: 'b', median: 4, ratio: 2 },
  ]);
});

test('seconds of the processors are compared in the same way, where all rounds tell them', async () => {
  const contestants = [
    busy(contestant('a', [9, 9]), [1, 2]),
    busy(contestant('b', [9, 9]), [2, 6]),
    contestant('c', [9, 9]),
  ];
  const { standings } = await hold({ title: 'Race', contestants }, 2, () => {});
  expect(standings.map(({ name, cpuMedian, cpuRatio }) => ({ name, cpuMedian, cpuRatio }))).toEqual([
    { name: 'a', cpuMedian: 1.5, cpuRatio: 1 },
    { name: 'b', cpuMedian: 4, cpuRatio: 2.5 },
    { name: 'c', cpuMedian: undefined, cpuRatio: undefined },
  ]);
});

test('a contestant that did other work ends the contest', async () => {
  const contest = { title: 'Race', distinct: 10, contestants: [contestant('a', [1], [], 11)] };
  await expect(hold(contest, 1, () => {})).rejects.toThrow(
    new Error('Race: a found 11 states, not 10: it does other work'),
  );
});

test('the table has a row for each contestant, and says which did not run', async () => {
  const missing: Contestant = { ...contestant('c', []), absent: () => 'it is not installed' };
  const contestants = [busy(contestant('a', [1, 1.5, 2]), [0.5, 0.5, 0.5]), missing];
  expect(standingsTable(await hold({ title: 'Race', contestants }, 3, () => {}))).toBe(`### Race

|     | states | generated |          seconds | ratio | CPU seconds |    ns/state | bytes/state | calls of user code |
| --- | -----: | --------: | ---------------: | ----: | ----------: | ----------: | ----------: | -----------------: |
| a   |     10 |       100 | 1.50 (1.00–2.00) |  1.00 |  0.50 ×1.00 | 150,000,000 |           – |                  7 |
| c   |      – |         – |                – |     – |           – |           – |           – |                  – |

c did not run: it is not installed`);
});

test('the median of an even count is the mean of the two in the middle', () => {
  expect([medianOf([3, 1, 2]), medianOf([4, 1, 2, 3]), medianOf([5])]).toEqual([2, 2.5, 5]);
});
