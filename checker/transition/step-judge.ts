/**
 * Judging steps by the transition invariants.
 *
 * A transition invariant that reads nothing of what a step wrote says of the step what it says of standing still in its
 * first state. That it was found to allow, unless the state is *restless*; so only those invariants are walked that the
 * step can break. A step need not be followed to be judged: its two states are known from tables.
 */
import { idOf, isLeaf } from './code.ts';
import type { IntList } from './int-tables.ts';
import type { Relation } from './relation.ts';
import type { Watch } from './watch.ts';

/** A step that fails a transition invariant. */
export interface FailedStep {
  readonly routine: number;
  readonly parent: number;
  /** The leaf of its action, or -1 minus the number of an action that is called directly. */
  readonly leaf: number;
  /** The group numbers of the state that it leads to. */
  readonly ids: Int32Array;
}

export class StepJudge {
  readonly failedSteps: FailedStep[] = [];
  /** Rows of states in which a transition invariant does not allow to stand still, or may not. */
  readonly restless = new Set<number>();
  readonly #relation: Relation;
  readonly #watch: Watch;

  /**
   * @param watch - the transition invariants
   */
  constructor(relation: Relation, watch: Watch) {
    this.#relation = relation;
    this.#watch = watch;
  }

  /**
   * Judges the steps with the leaves behind some codes from the state at hand, `relation.before`.
   *
   * `relation.after` must be equal to it, and is so again afterwards.
   */
  judge(codes: IntList, parent: number): void {
    const watch = this.#watch;
    const { before, layout, lists } = this.#relation;
    const isRestful = !this.restless.has(parent);
    for (let i = 0; i < codes.length; i++) {
      const code = codes.at(i);
      const at = idOf(code);
      const known = isRestful && watch.isCurrent(layout.version);
      if (isLeaf(code)) {
        if (!known || watch.mayBreak(at, before)) this.#judgeStep(at, parent, isRestful);
      } else if (!known || watch.mayBreakOne(at, lists, before)) {
        for (let j = at + 2, end = j + (lists[at] as number); j < end; j++) {
          const leaf = lists[j] as number;
          if (!known || watch.mayBreak(leaf, before)) this.#judgeStep(leaf, parent, isRestful);
        }
      }
    }
  }

  /** Judges the step from `relation.before` to `relation.after` by all transition invariants. */
  judgeCompleted(leaf: number, parent: number): void {
    this.#note(leaf, parent, false);
  }

  #judgeStep(leaf: number, parent: number, isRestful: boolean): void {
    const { effects, before, after, layout } = this.#relation;
    const known = isRestful && this.#watch.isCurrent(layout.version);
    const from = effects.startOf(leaf, this.#relation.leaf(leaf).effects);
    const moves = effects.apply(from, after);
    if (moves || !known) this.#note(leaf, parent, known);
    effects.unapply(from, before, after);
  }

  /**
   * Notes the step at hand if it fails a transition invariant.
   *
   * @param known - whether only those are walked that a step with this leaf can break
   */
  #note(leaf: number, parent: number, known: boolean): void {
    const relation = this.#relation;
    const watch = this.#watch;
    let failed: number;
    try {
      watch.refresh(relation.layout.version, relation);
      failed = (known ? watch.after(leaf, relation.leaf(leaf)) : watch.all).failure();
    } catch (error) {
      failed = watch.failureDespite(error, relation);
    }
    if (failed === 0) return;
    const { routine } = relation.leaf(failed);
    this.failedSteps.push({ routine, parent, leaf, ids: relation.after.slice() });
  }
}
