/**
 * States that count as one: a search stores one of each class.
 *
 * Declared here for the engines, which know nothing of why states are alike; a symmetry is why.
 */
import type { Routine } from '../spec/index.ts';
import type { RecordValue } from '../value/index.ts';
import type { Batch } from './batch.ts';
import type { Compiled } from './learned-system.ts';

/** Replaces states by the representatives of their classes, for one layout. */
export interface CanonicalForm {
  /**
   * Replaces the rows of a batch, from a position on, by those of their representatives.
   *
   * @throws RowsOutgrown where a representative needs rows that are packed anew
   */
  replace(batch: Batch, first: number): void;
  /**
   * Replaces a state, given by its group numbers, by its representative; returns whether that is another state.
   *
   * @throws RowsOutgrown where the rows have no room for it
   */
  canonicalise(ids: Int32Array): boolean;
}

/** Which states count as one. */
export interface Classes {
  /** The representatives, on the rows of one layout. */
  formOf(compiled: Compiled): CanonicalForm;
  /** The paths of the state that must be stored in the same way as one of them. */
  alike(path: string): readonly string[];
  /** Told of every run of user code of which something was learned: of a step also the state after it. */
  learned(routine: Routine, before: RecordValue, after: RecordValue): void;
  /**
   * Makes sure that user code treats the states of a class alike: what was learned since the last call, and all of it in
   * one state.
   *
   * @throws BivalentError where it does not
   */
  verify(state: RecordValue | undefined): void;
}
