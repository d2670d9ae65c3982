/**
 * Binds what a spec says of whole behaviours: temporal properties, fairness, reachability, refinement.
 *
 * Each state predicate of a formula becomes a routine, since engines learn predicates as they learn actions; the
 * formula then speaks of them by number.
 */
import { BivalentError } from '../core/index.ts';
import { canonical, isRecord, show, type RecordValue } from '../value/index.ts';
import { claimOf, refines, type FairAction, type Fairness, type Spec, type SpecDefinition } from './define-spec.ts';
import { isFormula, logic, nodeOf, takenIn, withPredicates } from './formula.ts';
import { listOf, suggestion } from './override.ts';
import { notTaken, UserCode, type UserFunction } from './routine.ts';
import { noChoice } from './system.ts';
import type { BoundRefinement, FairnessCondition, Routine, System, TemporalProperty } from './system.ts';

/** What binding needs of its caller. */
export interface Binder {
  readonly constants: RecordValue;
  /** Makes a routine of a state predicate. */
  predicate(name: string, f: unknown): Routine;
  /** Binds another spec. */
  bind(spec: Spec, constants: Readonly<Record<string, unknown>>): System;
}

type Definition = SpecDefinition<unknown, unknown>;
type TemporalParts = Pick<System, 'predicates' | 'temporal' | 'fairness' | 'reachable' | 'refinements'>;

/**
 * Binds the temporal parts of a spec.
 *
 * @param actions - the names of all actions of the spec, and of those that the constants leave out
 * @throws BivalentError where one is not what it should be, or names an action that is not there
 */
export function temporalParts(
  definition: Definition,
  fairness: unknown,
  actions: { readonly all: readonly string[]; readonly present: readonly string[] },
  binder: Binder,
): TemporalParts {
  const predicates: Routine[] = [];
  const add = (name: string, f: unknown): number => predicates.push(binder.predicate(name, f)) - 1;
  const requireAction = (action: string, where: string): void => {
    if (actions.all.includes(action)) return;
    const known = listOf('its actions are', 'it has none', actions.all);
    const message = `${where} names ${show(action)}, and ${definition.name} has no such action${suggestion(action, actions.all)}; ${known}`;
    throw new BivalentError('spec/unknown-action', message);
  };
  const temporal = Object.entries(called(definition, 'temporal', [logic, binder.constants])).map(
    ([name, formula]): TemporalProperty => {
      if (!isFormula(formula)) {
        const words = Object.keys(logic).join(', ');
        throw new BivalentError(
          'spec/formula',
          `temporal property ${name} is not a formula: begin with one of ${words}`,
        );
      }
      const numbered = withPredicates(nodeOf(formula), (f) => ({ op: 'state', predicate: add(name, f) }));
      for (const { action } of takenIn(numbered)) requireAction(action, `temporal property ${name}`);
      return { name, formula: numbered };
    },
  );
  const reachable = Object.entries(definition.reachable ?? {}).map(([name, f]) => ({ name, predicate: add(name, f) }));
  const conditions = fairnessOf(definition, fairness, binder.constants, (action) => requireAction(action, 'fairness'));
  const present = conditions.filter(({ action }) => action === undefined || actions.present.includes(action));
  return {
    predicates: Object.freeze(predicates),
    temporal: Object.freeze(temporal),
    fairness: Object.freeze(present),
    reachable: Object.freeze(reachable),
    refinements: Object.freeze(refinementsOf(definition, binder)),
  };
}

/** What a part of the spec that is a function gives; an empty record where the spec has no such part. */
function called(definition: Definition, part: 'temporal' | 'refinements', args: readonly unknown[]): object {
  const f = definition[part] as unknown;
  if (f === undefined) return {};
  if (typeof f !== 'function') {
    const shape = part === 'temporal' ? '({ leadsTo }) => ({ … })' : '(refines) => ({ … })';
    throw new BivalentError('spec/not-a-function', `${part} is a function: ${part}: ${shape}`);
  }
  const result: unknown = new UserCode('init', part, f as UserFunction, () => ({})).run(() => noChoice, ...args);
  if (typeof result === 'object' && result !== null && !Array.isArray(result)) return result;
  throw new BivalentError('spec/result', `${part} gives a record of properties by name, not ${typeof result}`);
}

function fairnessOf(
  { progress }: Definition,
  declared: unknown,
  constants: RecordValue,
  requireAction: (action: string) => void,
): FairnessCondition[] {
  const fairness = (typeof declared === 'function' ? (declared as UserFunction)(constants) : declared) ?? {};
  if (typeof fairness !== 'object') throw wrongFairness(fairness);
  const conditions: FairnessCondition[] = [];
  for (const [strength, items] of Object.entries(fairness as Fairness)) {
    if ((strength !== 'weak' && strength !== 'strong') || !Array.isArray(items)) throw wrongFairness(fairness);
    for (const item of items as readonly FairAction[]) {
      const { action, each } = typeof item === 'string' ? { action: item, each: [] } : item;
      if (typeof action !== 'string' || !Array.isArray(each)) throw wrongFairness(fairness);
      requireAction(action);
      const choices = typeof item === 'string' ? [] : each.length === 0 ? 'all' : each;
      conditions.push(Object.freeze({ strength, action, each: choices }));
    }
  }
  if (progress === true) conditions.push(Object.freeze({ strength: 'weak', action: undefined, each: [] }));
  return conditions;
}

function wrongFairness(found: unknown): BivalentError {
  const shown = typeof found === 'object' ? JSON.stringify(found) : `a ${typeof found}`;
  return new BivalentError(
    'spec/fairness',
    `fairness is ${shown}: it has two parts, weak and strong, each an array of names of actions or of each(action, …picks)`,
  );
}

function refinementsOf(definition: Definition, binder: Binder): BoundRefinement[] {
  return Object.entries(called(definition, 'refinements', [refines, binder.constants])).map(([name, given]) => {
    const claim = claimOf(given);
    if (claim === undefined) {
      throw new BivalentError('spec/refinement', `refinement ${name} is not what refines(spec, mapping) gives`);
    }
    if (typeof claim.mapping !== 'function') {
      throw new BivalentError('spec/not-a-function', `the mapping of refinement ${name} is not a function`);
    }
    const abstract = binder.bind(claim.abstract, claim.constants);
    const variables = Object.keys(abstract.initialStates[0] as RecordValue).sort();
    const code = new UserCode('init', `the mapping of refinement ${name}`, claim.mapping as UserFunction, (forAll) => ({
      ...binder.constants,
      forAll,
    }));
    return Object.freeze({ name, abstract, map: (state: RecordValue) => mapped(code, state, variables) });
  });
}

function mapped(code: UserCode, state: RecordValue, variables: readonly string[]): RecordValue {
  const result = code.run(() => noChoice, state);
  const value = result === notTaken ? undefined : canonical(result);
  if (value !== undefined && isRecord(value) && Object.keys(value).sort().join() === variables.join()) return value;
  throw new BivalentError(
    'spec/refinement',
    `${code.name} gives ${value === undefined ? 'nothing' : show(value)}: an abstract state has the variables ${variables.join(', ')}`,
    { state },
  );
}
