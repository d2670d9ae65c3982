/**
 * Where a run stood from time to time: the curves of a run, in a number of points that does not grow with it.
 *
 * Time is cut into intervals, and of each there is one sample, the first. When there are too many, the intervals are made
 * twice as long, and those samples dropped that are not the first of theirs any more. So they stay evenly spread however
 * long the run takes, and nothing about it has to be known beforehand.
 */
import type { Progress } from './options.ts';

/** What a sample says, in the order in which it is written. */
export const sampled = [
  'seconds',
  'distinctStates',
  'generatedStates',
  'level',
  'frontier',
  'memoryBytes',
] as const satisfies readonly (keyof Progress)[];

/** Where a run stood at one moment. */
export type Sample = Readonly<Record<(typeof sampled)[number], number>>;

/** There are fewer samples than this; of a run that is long enough, at least about half as many. */
const most = 200;

/** The intervals at first. */
const shortestMs = 100;

/** Of shorter runs there are no samples: they have no curve to speak of. */
const shortestRunMs = 1000;

/** Takes samples of a run. */
export class Samples {
  #kept: Sample[];
  #intervalMs = shortestMs;

  /** @param kept - the samples of the run before this one, where it goes on with one */
  constructor(kept: readonly Sample[] = []) {
    this.#kept = [...kept];
    const lastMs = kept.length === 0 ? 0 : msOf(kept.at(-1)!);
    while (this.#intervalMs * most <= lastMs) this.#intervalMs *= 2;
  }

  /** The samples that were taken. */
  get kept(): readonly Sample[] {
    return this.#kept;
  }

  /** Takes a sample, where there is none in this interval yet. */
  note(milliseconds: number, progress: () => Progress): void {
    if (!this.#isFirst(milliseconds, this.#kept.at(-1))) return;
    this.#kept.push(sampleOf({ ...progress(), seconds: milliseconds / 1000 }));
    while (this.#kept.length >= most) {
      this.#intervalMs *= 2;
      this.#kept = this.#kept.filter((sample, i) => this.#isFirst(msOf(sample), this.#kept[i - 1]));
    }
  }

  /**
   * The samples of a run, where it stands now as the last one.
   *
   * @returns none of runs of less than a second
   */
  until(now: Progress): { readonly samples?: readonly Sample[] } {
    const last = sampleOf(now);
    if (msOf(last) < shortestRunMs) return {};
    return { samples: [...this.#kept.filter((sample) => msOf(sample) < msOf(last)), last] };
  }

  #isFirst(milliseconds: number, before: Sample | undefined): boolean {
    const interval = (time: number): number => Math.floor(time / this.#intervalMs);
    return before === undefined || interval(milliseconds) > interval(msOf(before));
  }
}

function msOf({ seconds }: Sample): number {
  return Math.round(1000 * seconds);
}

function sampleOf(progress: Progress): Sample {
  const sample = Object.fromEntries(sampled.map((name) => [name, progress[name]])) as Sample;
  return { ...sample, seconds: Number(progress.seconds.toFixed(3)) };
}
