/**
 * Further counterexamples, which differ from those that are known in a stated way.
 *
 * By `property` each is of another property: those that are known to fail are left out, and the spec is checked again. By
 * `actions` (or `faults`) each has another set of actions (of faults): for each that is known, at least one of its actions is
 * forbidden. All ways to forbid are tried, fewest first. So when no way is left, every counterexample of the property has
 * all actions of one that was found. (This is the tree of hitting sets of Reiter, 1987.)
 *
 * Each is a shortest one of what was left to it.
 */
import { BivalentError } from '../core/index.ts';
import type { Violation } from '../explore/index.ts';
import type { System } from '../spec/index.ts';
import type { Explanation } from './explanation.ts';

/** In what counterexamples differ. */
export type DistinctBy = 'property' | 'actions' | 'faults';

/** Counterexamples beside the first. */
export interface Distinct {
  readonly by: DistinctBy;
  /** How many more there are, as a sentence. */
  readonly sentence: string;
  readonly counterexamples: readonly {
    readonly violation: Violation;
    readonly explanation?: Explanation;
  }[];
}

/** A search for further counterexamples: asked for a system to be checked next, and told what that gave. */
export interface DistinctSearch {
  /** The system to check next; `undefined` where there is none left. */
  next(): System | undefined;
  /** Takes the violation that the last system has, if it has one; returns whether it is a further one. */
  found(violation: Violation | undefined): boolean;
}

/**
 * Begins a search for counterexamples beside the first.
 *
 * @throws BivalentError `usage/distinct` by actions or faults of a deadlock or a property of whole behaviours: what is not
 *   reached where an action is forbidden says nothing of the spec
 */
export function distinctSearch(system: System, first: Violation, by: DistinctBy): DistinctSearch {
  if (by === 'property') return new ByProperty(system, first);
  if (first.kind === 'invariant' || first.kind === 'transition') return new BySteps(system, first, by);
  throw new BivalentError(
    'usage/distinct',
    `counterexamples that differ in their ${by} are for invariants: a ${first.kind === 'deadlock' ? 'deadlock' : 'behaviour'} without some actions says nothing of the spec`,
  );
}

class ByProperty implements DistinctSearch {
  readonly #system: System;
  readonly #known = new Set<string>();
  #isOver = false;

  constructor(system: System, first: Violation) {
    this.#system = system;
    this.#known.add(keyOf(first));
  }

  next(): System | undefined {
    const { invariants, transitionInvariants, temporal, refinements, reachable, checksDeadlock } = this.#system;
    const isLeft =
      (kind: Violation['kind']) =>
      ({ name }: { readonly name: string }) =>
        !this.#known.has(keyOf({ kind, name }));
    if (this.#isOver) return undefined;
    return {
      ...this.#system,
      invariants: invariants.filter(isLeft('invariant')),
      transitionInvariants: transitionInvariants.filter(isLeft('transition')),
      temporal: temporal.filter(isLeft('temporal')),
      refinements: refinements.filter(isLeft('refinement')),
      reachable: reachable.filter(isLeft('reachability')),
      checksDeadlock: checksDeadlock && isLeft('deadlock')({ name: 'deadlock' }),
    };
  }

  found(violation: Violation | undefined): boolean {
    this.#isOver = violation === undefined;
    if (violation !== undefined) this.#known.add(keyOf(violation));
    return violation !== undefined;
  }
}

function keyOf({ kind, name }: Pick<Violation, 'kind' | 'name'>): string {
  return `${kind} ${name}`;
}

class BySteps implements DistinctSearch {
  readonly #system: System;
  readonly #by: 'actions' | 'faults';
  readonly #known = new Set<string>();
  /** Sets of actions to forbid, fewest first; and all that ever were among them. */
  readonly #waiting: (readonly string[])[] = [];
  readonly #seen = new Set<string>();
  #forbidden: readonly string[] = [];

  constructor(system: System, first: Violation, by: 'actions' | 'faults') {
    const only = <T extends { readonly name: string }>(all: readonly T[]): readonly T[] =>
      all.filter(({ name }) => name === first.name);
    this.#system = {
      ...system,
      invariants: first.kind === 'invariant' ? only(system.invariants) : [],
      transitionInvariants: first.kind === 'transition' ? only(system.transitionInvariants) : [],
      temporal: [],
      refinements: [],
      reachable: [],
      checksDeadlock: false,
    };
    this.#by = by;
    this.found(first);
  }

  next(): System | undefined {
    const forbidden = this.#waiting.shift();
    if (forbidden === undefined) return undefined;
    this.#forbidden = forbidden;
    const { actions, faults } = this.#system;
    return {
      ...this.#system,
      actions: actions.filter(({ name }) => !forbidden.includes(name)),
      faults: faults.filter((name) => !forbidden.includes(name)),
    };
  }

  found(violation: Violation | undefined): boolean {
    if (violation === undefined) return false;
    const used = this.#usedBy(violation);
    for (const action of used) this.#forbid([...this.#forbidden, action].toSorted());
    const key = JSON.stringify(used);
    const isNew = !this.#known.has(key);
    this.#known.add(key);
    return isNew;
  }

  #forbid(actions: readonly string[]): void {
    const key = JSON.stringify(actions);
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    this.#waiting.push(actions);
  }

  /** The actions, or the faults, that a counterexample has, each once and in order. */
  #usedBy({ trace }: Violation): readonly string[] {
    const all = new Set(trace.map(({ action }) => action).filter((action) => action !== null));
    return [...all].filter((action) => this.#by === 'actions' || this.#system.faults.includes(action)).toSorted();
  }
}

/**
 * What is known of counterexamples beside those that were found.
 *
 * @param end - why no more were looked for: there are as many as were asked for, none is left, or a check was not complete
 */
export function distinctSentence(by: DistinctBy, count: number, end: 'enough' | 'none left' | 'incomplete'): string {
  const difference = by === 'property' ? 'of another property' : `with other ${by}`;
  const several =
    count === 1 ? `One other counterexample, ${difference}` : `${count} other counterexamples, each ${difference}`;
  const found = count === 0 ? 'No other counterexample was found' : several;
  if (end === 'enough') return found;
  if (end === 'incomplete') return `${found}; a limit ended the search for more`;
  if (by === 'property') return `${found}; no other property fails`;
  return `${found}; every counterexample of this property has all the ${by} of one of them or of the first`;
}
