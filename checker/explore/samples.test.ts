import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { bind } from '../spec/index.ts';
import twoPhaseCommit from '../../specs/two-phase-commit/two-phase-commit.ts';
import { BreadthFirst } from './breadth-first.ts';
import { MemoryCheckpoints } from './memory-checkpoints.test-support.ts';
import { Samples, type Sample } from './samples.ts';

const at = (seconds: number): Sample => ({
  seconds,
  distinctStates: Math.round(100 * seconds),
  generatedStates: Math.round(300 * seconds),
  level: 4,
  frontier: 5,
  memoryBytes: 600,
});

/** Samples of a run that asks so often whether it is time to take one. */
function taken(endMs: number, everyMs: number, samples = new Samples(), from = 0): Samples {
  for (let time = from; time < endMs; time += everyMs) samples.note(time, () => at(time / 1000));
  return samples;
}

const secondsOf = (samples: readonly Sample[]): number[] => samples.map(({ seconds }) => seconds);

/** The longest time between two samples, over the shortest but for the last. */
function unevenness(seconds: readonly number[]): number {
  const gaps = seconds.slice(1).map((time, i) => time - seconds[i]!);
  return Math.max(...gaps) / Math.min(...gaps.slice(0, -1));
}

test('a run of seconds has a sample for each tenth of a second, and its end', () => {
  const { samples = [] } = taken(1250, 20).until(at(1.25));
  expect(secondsOf(samples)).toEqual([0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.1, 1.2, 1.25]);
  expect(samples.at(-1)).toEqual(at(1.25));
});

test('a run of less than a second has none', () => {
  expect(taken(990, 20).until(at(0.99))).toEqual({});
});

test('however long a run takes, its samples are few, and evenly spread', () => {
  fc.assert(
    fc.property(fc.integer({ min: 20_000, max: 100_000_000 }), fc.integer({ min: 250, max: 3000 }), (end, asked) => {
      const { samples = [] } = taken(end, end / asked).until(at(end / 1000));
      expect(samples.length).toBeGreaterThan(90);
      expect(samples.length).toBeLessThanOrEqual(200);
      expect(samples.at(-1)!.seconds).toBe(end / 1000);
      expect(unevenness(secondsOf(samples))).toBeLessThan(4);
    }),
  );
});

test('a run that goes on with another has the samples of both', () => {
  const first = taken(300_000, 250);
  const both = taken(500_000, 250, new Samples(first.kept), 300_000);
  expect(both.kept).toEqual(taken(500_000, 250).kept);
});

test('a search that is resumed from a checkpoint keeps the samples that were taken before', () => {
  const system = bind(twoPhaseCommit, { constants: { RM: 6 } });
  const target = new MemoryCheckpoints();
  const run = new BreadthFirst(system, { checkpoints: { target, everyMs: 0 } });
  while (!run.advance(Infinity));
  const kept = target.kept.at(-1)!;
  const { samples } = JSON.parse(kept.facts!) as { samples: readonly Sample[] };
  expect(samples.length).toBeGreaterThan(0);
  const resumed = new BreadthFirst(system, { checkpoints: { target, everyMs: 0 }, resume: kept });
  while (!resumed.advance(Infinity));
  const after = JSON.parse(target.kept.at(-1)!.facts!) as { samples: readonly Sample[] };
  expect(after.samples.slice(0, samples.length)).toEqual(samples);
});
