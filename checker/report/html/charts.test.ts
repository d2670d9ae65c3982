import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { samples } from '../result.test-support.ts';
import { axesOfLevels, chartsOf, ratesOf, unitFor, type Chart } from './charts.ts';

/** What each chart plots. */
const labels = (charts: readonly Chart[]): readonly string[] => charts.map(({ x, y }) => `${y.label} over ${x.label}`);

describe('the charts of a run', () => {
  test('plot states, rate and memory over time, in units that suit the run', () => {
    const longer = samples.map((sample) => ({ ...sample, seconds: 3600 * sample.seconds }));
    expect(labels(chartsOf(samples))).toEqual([
      'states over time (s)',
      'new states a second over time (s)',
      'memory of all tables (MiB) over time (s)',
    ]);
    expect(labels(chartsOf(longer))[0]).toBe('states over time (h)');
    expect(chartsOf(longer)[0]!.lines[0]!.points.at(-1)).toEqual([3, 1_000_000]);
  });

  test('have axes that reach as far as the values, in few round steps', () => {
    const times = fc.array(fc.integer({ min: 100, max: 1e9 }), { minLength: 2, maxLength: 20 });
    fc.assert(
      fc.property(times, fc.integer({ max: 1e10, min: 0 }), (milliseconds, most) => {
        const ordered = milliseconds.toSorted((a, b) => a - b);
        const run = ordered.map((ms, i) => ({
          seconds: ms / 1000,
          distinctStates: 1 + Math.round((most * i) / ordered.length),
          generatedStates: most,
          level: i,
          frontier: most % (i + 1),
          memoryBytes: most,
        }));
        for (const { x, y, lines } of chartsOf(run)) {
          for (const { points } of lines) {
            expect(points.length).toBe(run.length);
            for (const [a, b] of points) expect(0 <= a && a <= x.end && 0 <= b && b <= y.end).toBe(true);
          }
          expect(y.ticks.length).toBeGreaterThan(1);
          expect(y.ticks.length).toBeLessThan(8);
          expect([y.ticks[0], y.ticks.at(-1)]).toEqual([0, y.end]);
        }
      }),
    );
  });
});

test('the rate at a moment is that of the last fortieth of the run', () => {
  expect(ratesOf(samples).map(Math.round)).toEqual([400, 444_400, 500_000, 100_000]);
  const even = Array.from({ length: 100 }, (_, i) => ({ ...samples[0]!, seconds: i, distinctStates: 7 * i }));
  expect(ratesOf(even).slice(1)).toEqual(Array(99).fill(7));
});

test('levels are marked by whole numbers', () => {
  expect(axesOfLevels([1, 2, 3]).x).toEqual({ label: 'level', end: 3.5, ticks: [1, 2, 3] });
  expect(axesOfLevels(Array(26).fill(9)).x.ticks).toEqual([10, 20, 30]);
});

test('a quantity is in the largest unit of which there are three', () => {
  expect([2, 179, 181, 20_000].map((seconds) => unitFor(seconds, 'time').name)).toEqual(['s', 's', 'min', 'h']);
  expect([5, 2 ** 21, 2 ** 22, 2 ** 32].map((bytes) => unitFor(bytes, 'memory').name)).toEqual([
    'KiB',
    'KiB',
    'MiB',
    'GiB',
  ]);
});
