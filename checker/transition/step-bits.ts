/**
 * Which steps have a bit in the masks of sleep sets.
 *
 * A step is an action with its picks; of each, one leaf at most is enabled in a state. Steps that are known from an
 * earlier search get their bits first, those that were taken most before the others; steps that are met later get what
 * is left. A step without a bit never sleeps, which is sound.
 */
import type { Leaf } from './forest.ts';
import type { Learner } from './learner.ts';

/** The 32-bit words of a sleep set, at most. */
const mostWords = 4;

/** Which steps have a bit, for a copy in another thread or process. */
export interface SleepOutline {
  /** The 32-bit words of a sleep set. */
  readonly words: number;
  /** A leaf of each step that has a bit, in the order of the bits. */
  readonly examples: readonly number[];
}

/** Gives bits to steps, for good. */
export class StepBits {
  /** The 32-bit words of a sleep set. */
  readonly words: number;
  /** A leaf of each step that has a bit, in the order of the bits. */
  readonly examples: number[] = [];
  readonly #learner: Learner;
  readonly #actions: number;
  readonly #bitOf = new Map<string, number>();

  /**
   * @param actions - how many actions there are; they are the first routines
   * @param plan - how often each leaf was taken so far: the steps that are taken most get bits first. Or the outline of
   *   sleep sets over the same leaves: each step gets the bit that it has there
   */
  constructor(learner: Learner, actions: number, plan: ArrayLike<number> | SleepOutline) {
    this.#learner = learner;
    this.#actions = actions;
    const isCopy = 'examples' in plan;
    const known = isCopy ? plan.examples.map((leaf) => ({ key: learner.stepOf(leaf), leaf })) : this.#knownSteps(plan);
    // Some steps are only enabled late: half as many again as are known.
    this.words = isCopy ? plan.words : Math.min(mostWords, Math.max(1, Math.ceil((1.5 * known.length) / 32)));
    for (const { key, leaf } of known) this.#give(key, leaf);
  }

  /** What a copy needs to give each step the same bit. */
  get outline(): SleepOutline {
    return { words: this.words, examples: this.examples };
  }

  /** The bit of the step of a leaf, given now if there is one left; -1 where it has none, or where the leaf is of no action. */
  of(leaf: number): number {
    return this.#isAction(leaf) ? this.#give(this.#learner.stepOf(leaf), leaf) : -1;
  }

  /** Whether the step that has a bit comes before that of a leaf, in the order in which steps are taken. */
  isBefore(bit: number, leaf: number): boolean {
    return this.#isAction(leaf) && this.#learner.order(this.examples[bit] as number, leaf) < 0;
  }

  /** The steps of the leaves that were learned so far, those that were taken most first. */
  #knownSteps(taken: ArrayLike<number>): { readonly key: string; readonly leaf: number; readonly taken: number }[] {
    const steps = new Map<string, { key: string; leaf: number; taken: number }>();
    this.#learner.forest.leaves.forEach((_, leaf) => {
      if (!this.#isAction(leaf)) return;
      const key = this.#learner.stepOf(leaf);
      const step = steps.get(key);
      if (step === undefined) steps.set(key, { key, leaf, taken: taken[leaf] ?? 0 });
      else step.taken += taken[leaf] ?? 0;
    });
    return [...steps.values()].sort((a, b) => b.taken - a.taken || this.#learner.order(a.leaf, b.leaf));
  }

  #isAction(leaf: number): boolean {
    const { routine } = this.#learner.forest.leaves[leaf] as Leaf;
    return routine >= 0 && routine < this.#actions;
  }

  #give(key: string, leaf: number): number {
    const known = this.#bitOf.get(key);
    if (known !== undefined) return known;
    const bit = this.examples.length;
    if (bit === 32 * this.words) return -1;
    this.#bitOf.set(key, bit);
    this.examples.push(leaf);
    return bit;
  }
}
