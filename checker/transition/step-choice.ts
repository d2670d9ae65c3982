/**
 * Choices of steps: from some states a search need not follow every step.
 *
 * Declared here for the engines, which know nothing of why some steps are enough; a partial-order reduction is why.
 */
import type { IntList } from './int-tables.ts';
import type { Relation } from './relation.ts';

/** Sets of steps that are enough, each by itself, to be followed from a state. */
export interface StepChoice {
  /**
   * Some of the enabled steps, that may stand for all: only if one of their successors is yet to be expanded, so that no
   * step is put off for ever.
   *
   * @param leaves - of all enabled steps
   * @param ids - the group numbers of the state
   */
  candidates(leaves: IntList, ids: Int32Array, relation: Relation): Iterable<IntList>;
  /** Whether something was learned since the last call that makes choices that were made wrong: the search begins again. */
  isOutgrown(): boolean;
  /** Why no steps are left out, in words; undefined where some may be. */
  readonly refusal: string | undefined;
}
