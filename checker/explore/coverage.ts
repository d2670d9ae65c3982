/** Coverage: how often each action was taken, and how many states it found first. */
import type { Routine } from '../spec/index.ts';
import type { ActionCoverage } from './result.ts';
import type { RowSearch } from './row-search.ts';

/** Counts the steps of each action. */
export class Coverage {
  /** In the order of the spec, the actions that are never taken included: those are what coverage is for. */
  readonly #actions: Map<string, { taken: number; distinct: number }>;

  constructor(actions: readonly Routine[]) {
    this.#actions = new Map(actions.map(({ name }) => [name, { taken: 0, distinct: 0 }]));
  }

  /** Counts a step, whether or not it leads beyond a constraint. */
  countStep(action: string): void {
    this.#actions.get(action)!.taken += 1;
  }

  /** Counts a state that the last step of the action was the first to reach. */
  countDistinct(action: string): void {
    this.#actions.get(action)!.distinct += 1;
  }

  table(): Record<string, ActionCoverage> {
    return Object.fromEntries([...this.#actions].map(([name, counts]) => [name, { ...counts }]));
  }
}

/** The coverage of a search over rows. */
export function coverageOf({ taken, fresh, compiled }: RowSearch): Record<string, ActionCoverage> {
  const { system, learner } = compiled.learned;
  const [steps, states] = [taken, fresh].map((counts) =>
    counts.byAction(system.actions.length, (leaf) => learner.forest.leaves[leaf]!.routine),
  );
  return Object.fromEntries(
    system.actions.map(({ name }, i) => [name, { taken: steps![i]!, distinct: states![i]! }] as const),
  );
}
