/**
 * Contests: programs that do the same work, side by side.
 *
 * How fast a machine is changes from hour to hour, so times are only ever compared with times of the same run: in each
 * round every contestant runs once, in a process of its own, in an order that is reversed from round to round. What is
 * reported is the median, and the median of the rounds' ratios to the first contestant.
 */

/** What one run of a contestant took and gave; what a program does not tell is left out. */
export interface Measurement {
  /** Of the search alone: starting the program, loading the spec and compiling are left out. */
  readonly seconds: number;
  /** Of the processors, in all threads of the process: what else the machine does matters less to it. */
  readonly cpuSeconds?: number;
  /** Left out of walks: it is chance how many they come by. */
  readonly distinct?: number;
  /** Initial states and every successor, repeats included. */
  readonly generated: number;
  /** Of all tables when they were largest, for each distinct state. */
  readonly bytesPerState?: number;
  /** Calls of the spec's own code: actions and properties. */
  readonly userCalls?: number;
}

export interface Contestant {
  readonly name: string;
  /** Why it cannot run here (a program is not installed), or `undefined` where it can. */
  readonly absent?: () => string | undefined;
  readonly run: () => Promise<Measurement>;
}

export interface Contest {
  readonly title: string;
  /** How many distinct states every contestant must find; left out where they do not explore the same graph to its end. */
  readonly distinct?: number;
  /** The first is the one that the others are compared with. */
  readonly contestants: readonly Contestant[];
}

/** What a contestant did in all rounds. */
export interface Standing {
  readonly name: string;
  /** Why it did not run, if it did not. */
  readonly absent?: string;
  readonly rounds: readonly Measurement[];
  /** Seconds: the median of the rounds. */
  readonly median?: number;
  /** The median of its seconds over those of the first contestant in the same round. */
  readonly ratio?: number;
  /** The same of the seconds of the processors, where all rounds tell them. */
  readonly cpuMedian?: number;
  readonly cpuRatio?: number;
}

/** How a contest ended. */
export interface Outcome {
  readonly title: string;
  readonly standings: readonly Standing[];
}

/**
 * Runs a contest.
 *
 * @param rounds - how often each contestant runs; at least 1
 * @param report - told of each run as it ends
 * @throws Error where a contestant finds another number of states than the contest says
 */
export async function hold(contest: Contest, rounds: number, report: (line: string) => void): Promise<Outcome> {
  const absent = contest.contestants.map((contestant) => contestant.absent?.());
  const runs: Measurement[][] = contest.contestants.map(() => []);
  const order = [...contest.contestants.keys()].filter((i) => absent[i] === undefined);
  for (let round = 0; round < rounds; round++) {
    for (const i of round % 2 === 0 ? order : order.toReversed()) {
      const contestant = contest.contestants[i]!;
      const measurement = await contestant.run();
      requireStates(contest, contestant, measurement);
      runs[i]!.push(measurement);
      report(`${contest.title}, ${contestant.name}: ${measurement.seconds.toFixed(2)} s`);
    }
  }
  return {
    title: contest.title,
    standings: contest.contestants.map(({ name }, i) => standing(name, absent[i], runs[i]!, runs[0]!)),
  };
}

function requireStates({ title, distinct }: Contest, { name }: Contestant, found: Measurement): void {
  if (distinct === undefined || found.distinct === distinct) return;
  throw new Error(`${title}: ${name} found ${found.distinct} states, not ${distinct}: it does other work`);
}

function standing(
  name: string,
  absent: string | undefined,
  rounds: readonly Measurement[],
  first: readonly Measurement[],
): Standing {
  if (absent !== undefined) return { name, absent, rounds };
  const { median, ratio } = comparison(rounds, first, ({ seconds }) => seconds);
  const { median: cpuMedian, ratio: cpuRatio } = comparison(rounds, first, ({ cpuSeconds }) => cpuSeconds);
  return {
    name,
    rounds,
    ...(median !== undefined && { median }),
    ...(ratio !== undefined && { ratio }),
    ...(cpuMedian !== undefined && { cpuMedian }),
    ...(cpuRatio !== undefined && { cpuRatio }),
  };
}

/** The median of a figure, and of its ratios to that of the first contestant in the same round; only where all rounds tell it. */
function comparison(
  rounds: readonly Measurement[],
  first: readonly Measurement[],
  figure: (round: Measurement) => number | undefined,
): { readonly median?: number; readonly ratio?: number } {
  const figures = rounds.map(figure).filter((one) => one !== undefined);
  if (figures.length < rounds.length) return {};
  const median = medianOf(figures);
  const references = first.map(figure).filter((one) => one !== undefined);
  if (references.length < rounds.length) return { median };
  return { median, ratio: medianOf(figures.map((one, i) => one / references[i]!)) };
}

/** The middle number; of an even count, the mean of the two in the middle. */
export function medianOf(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
