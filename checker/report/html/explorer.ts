/**
 * What can happen in a state, found by running the spec: what a reader asks who leaves a counterexample.
 *
 * It is the reference semantics, so it does what the checker's reports say, on plain states. Nothing is remembered but
 * the answers for states that were asked about.
 *
 * Limit: code of the spec that does not return hangs whoever asks.
 */
import { BivalentError, guardGlobals } from '../../core/index.ts';
import { bind, evaluate, successors, type Routine, type Spec, type Step, type System } from '../../spec/index.ts';
import { equal, fromJson, show, showCall, type RecordValue } from '../../value/index.ts';
import type { SpecChoice } from './page-data.ts';

/** A step that is enabled in a state. */
export interface Choice extends Step {
  /** Its number among the steps that are enabled there: it names the step in a link. */
  readonly index: number;
  /** `rmPrepare(rm=rm2)` */
  readonly name: string;
  readonly isFault: boolean;
  /** The properties that the step, or the state that it leads to, breaks. */
  readonly broken: readonly string[];
  readonly changesNothing: boolean;
  /** Whether a constraint of the spec keeps a check from following it. */
  readonly isBeyond: boolean;
}

/** What a property says of a state, or of the step to it. */
export interface Claim {
  /** With the choices for which it does not hold. */
  readonly name: string;
  readonly holds: boolean;
}

/** Answers, or the error of the spec's code that kept them from being found. */
export type Answer<T> = { readonly found: T } | { readonly error: BivalentError };

/** A spec that can be asked. */
export class Explorer {
  readonly system: System;
  readonly #choices = new Map<string, Answer<readonly Choice[]>>();

  constructor(system: System) {
    this.system = system;
  }

  /**
   * Binds a spec as a page says.
   *
   * @throws BivalentError where it cannot be bound so
   */
  static of(spec: Spec, { model, mutant, constants, deadlock }: SpecChoice): Explorer {
    return new Explorer(
      bind(spec, {
        ...(model !== undefined && { model }),
        ...(mutant !== undefined && { mutant }),
        ...(constants !== undefined && { constants: fromJson(constants) as RecordValue }),
        ...(deadlock !== undefined && { deadlock }),
      }),
    );
  }

  /** The steps that are enabled in a state, in the order of the spec. */
  choicesIn(state: RecordValue): Answer<readonly Choice[]> {
    const key = show(state);
    let answer = this.#choices.get(key);
    if (answer === undefined) {
      answer = answered(() => successors(this.system, state).map((step, index) => this.#choice(state, step, index)));
      this.#choices.set(key, answer);
    }
    return answer;
  }

  /** What every invariant says of a state, and every transition invariant of the step to it, where there is one. */
  claimsOn(state: RecordValue, before?: RecordValue): Answer<readonly Claim[]> {
    return answered(() => this.#claims(state, before));
  }

  #claims(state: RecordValue, before?: RecordValue): readonly Claim[] {
    const { invariants, transitionInvariants } = this.system;
    return [
      ...invariants.map((invariant) => claim(invariant, state)),
      ...(before === undefined ? [] : transitionInvariants.map((invariant) => claim(invariant, before, state))),
    ];
  }

  #choice(state: RecordValue, step: Step, index: number): Choice {
    const { constraint, actionConstraint, faults } = this.system;
    const isWithin =
      (constraint === undefined || evaluate(constraint, step.state).holds) &&
      (actionConstraint === undefined || evaluate(actionConstraint, state, step.state).holds);
    return {
      ...step,
      index,
      name: showCall(step.action, step.parameters),
      isFault: faults.includes(step.action),
      broken: this.#claims(step.state, state)
        .filter(({ holds }) => !holds)
        .map(({ name }) => name),
      changesNothing: equal(state, step.state),
      isBeyond: !isWithin,
    };
  }
}

function claim(property: Routine, state: RecordValue, after?: RecordValue): Claim {
  const { holds, parameters } = evaluate(property, state, after);
  return { name: showCall(property.name, parameters), holds };
}

/** Runs the spec's code; what is wrong with it is an answer, too. */
function answered<T>(find: () => T): Answer<T> {
  const release = guardGlobals();
  try {
    return { found: find() };
  } catch (error) {
    if (error instanceof BivalentError) return { error };
    throw error;
  } finally {
    release();
  }
}
