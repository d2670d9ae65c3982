/** The charts of a run: what is plotted over what, in which units, and a sentence for those who do not see it. */
import type { Sample } from '../../explore/index.ts';
import { number } from '../number-text.ts';

/** What a chart measures in one direction, from 0 on. */
export interface Axis {
  /** What and in which unit: `memory of tables (MiB)`. */
  readonly label: string;
  /** The largest value, in that unit. */
  readonly end: number;
  /** Values that are marked, 0 first. */
  readonly ticks: readonly number[];
}

/** A chart of lines. */
export interface Chart {
  readonly title: string;
  readonly summary: string;
  readonly x: Axis;
  readonly y: Axis;
  /** All lines have a point for each sample, from left to right. */
  readonly lines: readonly { readonly name: string; readonly points: readonly Point[] }[];
}

/** A point in the units of the axes. */
export type Point = readonly [x: number, y: number];

/** A unit in which a quantity is shown, and how large it is. */
interface Unit {
  readonly name: string;
  readonly size: number;
}

const timeUnits: readonly Unit[] = [
  { name: 's', size: 1 },
  { name: 'min', size: 60 },
  { name: 'h', size: 3600 },
];

const memoryUnits: readonly Unit[] = [
  { name: 'KiB', size: 1024 },
  { name: 'MiB', size: 1024 ** 2 },
  { name: 'GiB', size: 1024 ** 3 },
];

/** The largest unit of which there are at least three, so that ticks are not all fractions; else the smallest. */
export function unitFor(most: number, units: 'time' | 'memory'): Unit {
  const choice = units === 'time' ? timeUnits : memoryUnits;
  return choice.findLast(({ size }) => most >= 3 * size) ?? choice[0]!;
}

/**
 * New states a second up to each sample: since the last one that is a fortieth of the run before it. Over shorter times one
 * would see how a batch of work happens to lie rather than how fast the search is.
 */
export function ratesOf(samples: readonly Sample[]): readonly number[] {
  const start = { seconds: 0, distinctStates: 0 };
  const window = (samples.at(-1)?.seconds ?? 0) / 40;
  return samples.map(({ seconds, distinctStates }) => {
    const before = samples.findLast((sample) => sample.seconds <= seconds - window) ?? start;
    const duration = seconds - before.seconds;
    return duration > 0 ? (distinctStates - before.distinctStates) / duration : 0;
  });
}

/** The axes of a chart of how many states each level has. */
export function axesOfLevels(levels: readonly number[]): { readonly x: Axis; readonly y: Axis } {
  const { label, ticks } = axis('level', levels.length, 1);
  // Bars reach half a number to each side.
  const x = { label, ticks: ticks.filter((level) => level > 0), end: levels.length + 0.5 };
  return { x, y: axis('states', Math.max(...levels)) };
}

/** The charts of a run over time: states, rate and memory. */
export function chartsOf(samples: readonly Sample[]): readonly Chart[] {
  const { seconds, distinctStates } = samples.at(-1)!;
  const time = unitFor(seconds, 'time');
  const x: Axis = { ...axis(`time (${time.name})`, seconds / time.size), end: seconds / time.size };
  const at = (values: readonly number[]): readonly Point[] =>
    values.map((value, i) => [samples[i]!.seconds / time.size, value]);

  const rates = ratesOf(samples);
  const frontiers = samples.map(({ frontier }) => frontier);
  const widest = Math.max(...frontiers);
  const memory = samples.map(({ memoryBytes }) => memoryBytes);
  const largest = Math.max(...memory);
  const unit = unitFor(largest, 'memory');
  const took = `${number(seconds)} s`;
  return [
    {
      title: 'States',
      summary: `${number(distinctStates)} distinct states after ${took}; at most ${number(widest)} wait to be expanded`,
      x,
      y: axis('states', distinctStates),
      lines: [
        { name: 'distinct', points: at(samples.map((sample) => sample.distinctStates)) },
        { name: 'frontier', points: at(frontiers) },
      ],
    },
    {
      title: 'Rate',
      summary: `${number(distinctStates / seconds)} new states a second on average, at most ${number(Math.max(...rates))}`,
      x,
      y: axis('new states a second', Math.max(...rates)),
      lines: [{ name: 'rate', points: at(rates) }],
    },
    {
      title: 'Memory',
      summary: `All tables take up to ${(largest / unit.size).toFixed(1)} ${unit.name}`,
      x,
      y: axis(`memory of all tables (${unit.name})`, largest / unit.size),
      lines: [{ name: 'memory', points: at(memory.map((bytes) => bytes / unit.size)) }],
    },
  ];
}

/** An axis that ends at the first tick that no value is beyond; it has one beside 0 even where all values are 0. */
function axis(label: string, most: number, leastStep = 0): Axis {
  const step = Math.max(niceStep(most / 5), leastStep);
  const ticks: number[] = [];
  for (let i = 0; i <= 1 || (i - 1) * step < most; i++) ticks.push(Number((i * step).toPrecision(12)));
  return { label, end: ticks.at(-1)!, ticks };
}

/** The least of 1, 2, 2.5, 5, 10, 20, 25 … and of their fractions that is not below a size; 1 where there is none. */
function niceStep(size: number): number {
  if (size <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(size));
  return power * [1, 2, 2.5, 5, 10].find((factor) => factor * power >= size * (1 - 1e-9))!;
}
