/** Whether a check may follow some steps only, and what its result says of it. */
import type { CheckResult } from '../explore/index.ts';
import { ampleSets, partialOrderRefusal } from '../reduction/index.ts';
import type { System } from '../spec/index.ts';
import type { LearnedSystem, StepChoice } from '../transition/index.ts';

export class PartialOrder {
  /** Why every step is followed, whatever is learned. */
  readonly refusal: string | undefined;
  #choice: StepChoice | undefined;

  /** @param isSymmetric - whether states count as one, besides */
  constructor(system: System, isSymmetric: boolean) {
    this.refusal = isSymmetric
      ? '--symmetry stores other states than those that steps lead to'
      : partialOrderRefusal(system);
  }

  /** Chooses the steps to be followed. */
  readonly choose = (learned: LearnedSystem): StepChoice => (this.#choice = ampleSets(learned));

  /** Whether steps may have been left out. */
  get isUsed(): boolean {
    return this.refusal === undefined && this.#choice?.refusal === undefined;
  }

  /** A result, with what its reader should know. */
  withNote(result: CheckResult): CheckResult {
    const refusal = this.refusal ?? this.#choice?.refusal;
    const note =
      refusal === undefined
        ? 'states that only the order of independent steps leads to were left out (--partial-order)'
        : `--partial-order left nothing out: ${refusal}`;
    return { ...result, notes: [...(result.notes ?? []), note] };
  }
}
