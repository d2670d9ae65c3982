import { expect, test } from 'vitest';

import type { Standing } from './contest.ts';
import { readResults, trendTables, type Results } from './results.ts';

const machine = { processor: 'Abacus', cores: 2, memoryGib: 1, system: 'Linux 6', node: 'v20.20.0', load: 0.5 };

function results(date: string, standings: Readonly<Record<string, readonly Standing[]>>): Results {
  const outcomes = Object.entries(standings).map(([title, all]) => ({ title, standings: all }));
  return { date, machine, loadAtEnd: 1, rounds: 3, outcomes, phases: [] };
}

const took = (name: string, median: number, ratio: number): Standing => ({ name, rounds: [], median, ratio });

test('the trend has a table for each contest, with a column for each day on which it was held', () => {
  const kept = [
    results('2026-01-01', { Race: [took('hare', 2, 1), took('tortoise', 5, 2.5)], Jump: [took('hare', 1, 1)] }),
    results('2026-02-01', { Race: [took('hare', 1, 1), { name: 'snail', rounds: [], absent: 'it sleeps' }] }),
  ];
  expect(trendTables(kept)).toBe(`- 2026-01-01: Abacus, 2 cores, 1 GiB, Linux 6, Node v20.20.0, load 0.5
- 2026-02-01: Abacus, 2 cores, 1 GiB, Linux 6, Node v20.20.0, load 0.5

### Race

|  | 2026-01-01 | 2026-02-01 |
| --- | --: | --: |
| hare | 2.00 s ×1.00 | 1.00 s ×1.00 |
| snail | – | – |
| tortoise | 5.00 s ×2.50 | – |

### Jump

|  | 2026-01-01 |
| --- | --: |
| hare | 1.00 s ×1.00 |`);
});

test('the results that are kept can be read, the oldest first', () => {
  const dates = readResults().map(({ date }) => date);
  expect(dates.length).toBeGreaterThan(1);
  expect(dates).toEqual(dates.toSorted());
});
