/** What a property that was found false by the reference semantics read, for engines that learn nothing. */
import type { System } from '../spec/index.ts';
import { LearnedSystem, readsOf, ShapeChanged } from '../transition/index.ts';
import type { ReadOfState, Violation } from './result.ts';

/** Parts of a state that change shape are found one by one. */
const mostShapes = 100;

/**
 * The reads of the failing run of an invariant or a transition invariant; none of other violations.
 *
 * Cost: runs of user code for the property's choices, in the last state or step.
 */
export function failingReads(system: System, { kind, name, trace }: Omit<Violation, 'read'>): readonly ReadOfState[] {
  if (kind !== 'invariant' && kind !== 'transition') return [];
  const properties = kind === 'invariant' ? system.invariants : system.transitionInvariants;
  const index = properties.findIndex((property) => property.name === name);
  const leaves = new Set<string>();
  while (leaves.size < mostShapes) {
    try {
      const { numbers } = new LearnedSystem(system, leaves);
      const routine = (kind === 'invariant' ? numbers.invariants : numbers.transitionInvariants)[index];
      const states = trace.slice(-2).map(({ state }) => state);
      return routine === undefined ? [] : readsOf(system, leaves, routine, states);
    } catch (error) {
      if (!(error instanceof ShapeChanged) || error.path === '') throw error;
      leaves.add(error.path);
    }
  }
  return [];
}
