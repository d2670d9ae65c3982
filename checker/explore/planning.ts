/**
 * When rows are planned anew: on the evidence of what was explored so far, and not too often.
 *
 * A first plan is made when some states are known, a second one with more of them, whatever the first gave. Later ones
 * are made where the states have become many times more and groups have grown out of proportion.
 */
import { makePlan, sampleSize, type Layout, type LearnedSystem } from '../transition/index.ts';
import type { RowSearch } from './row-search.ts';

/** When a search decides how its states are stored. */
export interface PlanSchedule {
  /** After so many states it is planned. */
  readonly first: number;
  /** With so many states it is planned once more, whatever the first plan gave. */
  readonly second: number;
  /** Later plans are considered when there are this many times more states than at the last. */
  readonly growth: number;
  /** From how many states on rows are expanded by the compiled loop, if not from the usual number on. */
  readonly compiledFrom?: number;
}

export const usualSchedule: PlanSchedule = { first: 1500, second: 12_000, growth: 4 };

/** A group with more tuples than this, and than one for so many rows, is out of proportion. */
const mostTuples = 4096;
const rowsPerTuple = 32;
/** With so many groups, a better plan is looked for in any case. */
const manyGroups = 64;

export class Planning {
  /** The number of states for which the rows were planned last; 0 where they were not yet. */
  planned = 0;
  readonly #schedule: PlanSchedule;

  constructor(schedule: PlanSchedule = usualSchedule) {
    this.#schedule = schedule;
  }

  /** The first plan, once there are enough states for it. */
  first(learned: LearnedSystem, search: RowSearch): Layout | undefined {
    if (this.planned > 0 || search.count < this.#schedule.first) return undefined;
    this.planned = search.count;
    return planOf(learned, search);
  }

  /** A later plan, where it is time for one and the rows need it. */
  later(learned: LearnedSystem, search: RowSearch): Layout | undefined {
    const { count } = search;
    if (this.planned === 0 || count <= this.#schedule.growth * this.planned) return undefined;
    const early = this.planned < this.#schedule.second;
    if (early && count < this.#schedule.second) return undefined;
    this.planned = count;
    const limit = Math.max(mostTuples, Math.floor(count / rowsPerTuple));
    const { groups } = search.layout;
    const grown = groups.some((group) => group.width > 1 && group.count > limit);
    if (!early && !grown && groups.length < manyGroups) return undefined;
    return planOf(learned, search);
  }
}

function planOf(learned: LearnedSystem, search: RowSearch): Layout {
  const plan = makePlan({
    layout: search.layout,
    forest: learned.learner.forest,
    queries: learned.learner.queries,
    sample: search.sample(sampleSize),
    taken: search.taken.leaves,
    states: search.count,
  });
  return learned.planned(plan);
}
