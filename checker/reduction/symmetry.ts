/**
 * Symmetry: states that differ only in the names of nodes count as one, where user code is found to treat them alike.
 *
 * That a set of names is symmetric is declared, and checked, not believed. Whenever something was learned from a run of
 * user code, the same code is run on the state with two names exchanged, for each two names that stand side by side, and
 * must do the same with the names exchanged. What was learned is a function of what was read, so this holds in every
 * state in which the same is read: for code that is learned the check is complete. Code that is called directly is
 * checked in a sample of the states.
 *
 * Ip and Dill, "Better verification through symmetry" (1996). TLA+: SYMMETRY, which TLC believes.
 */
import { BivalentError } from '../core/index.ts';
import { evaluate, stepsOf, type Routine, type System } from '../spec/index.ts';
import type { CanonicalForm, Classes, Compiled } from '../transition/index.ts';
import { compare, equal, show, type RecordValue } from '../value/index.ts';
import { CanonicalRows, Renamings, type Precision } from './canonical-rows.ts';
import { renamed, swapOf, type NameSet, type Pair } from './swaps.ts';

/**
 * The classes of states that differ only in the names of some sets.
 *
 * @param precision - `exact`: one representative for each class; `fast`: sometimes more
 * @throws BivalentError `symmetry/initial` where the initial states are not symmetric
 */
export function symmetryOf(system: System, sets: readonly NameSet[], precision: Precision): Classes {
  const symmetry = new SymmetryOfSystem(system, sets, precision);
  symmetry.verifyInitialStates();
  return symmetry;
}

/**
 * Those of some sets of names under whose exchange user code is found to treat some states alike.
 *
 * @param states - where to look: a few are enough to suggest, none to prove
 */
export function seeminglySymmetric(
  system: System,
  sets: readonly NameSet[],
  states: readonly RecordValue[],
): readonly NameSet[] {
  return sets.filter((set) => {
    try {
      const symmetry = new SymmetryOfSystem(system, [set], 'exact');
      symmetry.verifyInitialStates();
      for (const state of states) symmetry.verify(state);
      return true;
    } catch (error) {
      if (error instanceof BivalentError) return false;
      throw error;
    }
  });
}

/** Something that was learned: a run of a routine on a state, or on a step. */
interface Lesson {
  readonly routine: Routine;
  readonly before: RecordValue;
  readonly after: RecordValue;
}

class SymmetryOfSystem implements Classes {
  readonly #system: System;
  readonly #pairs: readonly Pair[];
  readonly #renamings: Renamings;
  #lessons: Lesson[] = [];

  constructor(system: System, sets: readonly NameSet[], precision: Precision) {
    this.#system = system;
    this.#renamings = new Renamings(sets, precision);
    this.#pairs = sets.flatMap((set) =>
      set.names.slice(1).map((b, i): Pair => ({ set, a: set.names[i] as string, b })),
    );
  }

  formOf(compiled: Compiled): CanonicalForm {
    return new CanonicalRows(this.#renamings, compiled);
  }

  alike(path: string): readonly string[] {
    const paths = new Set([path]);
    for (const known of paths) {
      // A part of a path is the name of a field, or stands in brackets.
      for (const pair of this.#pairs) paths.add(known.replaceAll(/[^.[\]"']+/g, swapOf(pair)));
    }
    return [...paths];
  }

  learned(routine: Routine, before: RecordValue, after: RecordValue): void {
    const last = this.#lessons.at(-1);
    if (last?.routine === routine && equal(last.before, before) && equal(last.after, after)) return;
    this.#lessons.push({ routine, before, after });
  }

  verify(state: RecordValue | undefined): void {
    const lessons = this.#lessons;
    this.#lessons = [];
    for (const { routine, before, after } of lessons) this.#verifyRoutine(routine, before, after);
    if (state === undefined) return;
    const { actions, invariants, predicates, reachable, constraint, terminated } = this.#system;
    // Those of temporal properties are not judged under symmetry, and may speak of one node each.
    const possible = reachable.map(({ predicate }) => predicates[predicate]);
    const optional = [constraint, terminated, ...possible].filter((routine) => routine !== undefined);
    for (const routine of [...actions, ...invariants, ...optional]) {
      this.#verifyRoutine(routine, state, state);
    }
  }

  /** @throws BivalentError `symmetry/initial` */
  verifyInitialStates(): void {
    const { initialStates } = this.#system;
    for (const pair of this.#pairs) {
      const other = initialStates.map((state) => exchanged(pair, state)).toSorted(compare);
      const odd = other.find((state, i) => !equal(state, initialStates[i] as RecordValue));
      if (odd === undefined) continue;
      throw new BivalentError(
        'symmetry/initial',
        `${pair.set.constant} is not symmetric: with ${pair.a} and ${pair.b} exchanged, an initial state becomes one that is not: ${show(odd)}`,
      );
    }
  }

  #verifyRoutine(routine: Routine, before: RecordValue, after: RecordValue): void {
    for (const pair of this.#pairs) {
      const [other, otherAfter] = [exchanged(pair, before), exchanged(pair, after)];
      if (equal(other, before) && equal(otherAfter, after)) continue;
      switch (routine.kind) {
        case 'action':
          this.#verifyAction(routine, pair, before, other);
          break;
        case 'afterEach':
          for (const action of this.#system.actions) this.#verifyAction(action, pair, before, other);
          break;
        case 'transitionInvariant':
        case 'actionConstraint':
          this.#verifyProperty(routine, pair, [before, after], [other, otherAfter]);
          break;
        default:
          this.#verifyProperty(routine, pair, [before], [other]);
      }
    }
  }

  #verifyAction(action: Routine, pair: Pair, state: RecordValue, other: RecordValue): void {
    const expected = stepsOf(this.#system, action, state).map((step) => exchanged(pair, step.state));
    const found = this.#run(action, pair, other, () => stepsOf(this.#system, action, other).map((step) => step.state));
    const [a, b] = [expected.toSorted(compare), found.toSorted(compare)];
    const odd = a.findIndex((each, i) => b[i] === undefined || !equal(each, b[i]));
    if (odd < 0 && a.length === b.length) return;
    const missing = a.find((each) => !b.some((one) => equal(one, each)));
    const extra = b.find((each) => !a.some((one) => equal(one, each)));
    const difference =
      missing !== undefined
        ? `does not lead to ${show(missing)}`
        : extra !== undefined
          ? `leads to ${show(extra)} as well`
          : `leads to the same states ${String(b.length)} times, not ${String(a.length)} times`;
    throw broken(pair, `action ${action.name}`, state, `in the state with the names exchanged it ${difference}`);
  }

  #verifyProperty(property: Routine, pair: Pair, states: readonly RecordValue[], others: readonly RecordValue[]): void {
    const [state, after] = states as [RecordValue, RecordValue?];
    const [other, otherAfter] = others as [RecordValue, RecordValue?];
    const expected = evaluate(property, state, after).holds;
    const found = this.#run(property, pair, other, () => evaluate(property, other, otherAfter).holds);
    if (found === expected) return;
    throw broken(
      pair,
      property.name,
      state,
      `it is ${String(expected)} there, and ${String(found)} with the names exchanged`,
    );
  }

  /** Runs user code on a state that no run may have met: where it fails there it treats the names differently. */
  #run<T>(routine: Routine, pair: Pair, other: RecordValue, run: () => T): T {
    try {
      return run();
    } catch (error) {
      if (!(error instanceof BivalentError)) throw error;
      throw broken(pair, routine.name, other, `with the names exchanged it fails: ${error.message}`);
    }
  }
}

function exchanged(pair: Pair, state: RecordValue): RecordValue {
  return renamed(state, swapOf(pair)) as RecordValue;
}

function broken({ set, a, b }: Pair, what: string, state: RecordValue, difference: string): BivalentError {
  return new BivalentError(
    'symmetry/broken',
    `${set.constant} is not symmetric: ${what} tells ${a} from ${b}; ${difference}. The state: ${show(state)}`,
    { state },
  );
}
