/**
 * Refinement: whether every behaviour of a system, seen through a mapping of its states, is one of an abstract system.
 *
 * Each state is mapped once, and each pair of different abstract states that a step joins is looked up once among the
 * steps of the abstract system; a step that maps to no change is always allowed. Where the abstract system has fairness,
 * each of its conditions must hold of every fair behaviour: it is judged as a temporal property over the mapped steps.
 *
 * Abadi and Lamport, "The existence of refinement mappings" (1991).
 *
 * Cost: a call of the mapping for each state, a run of the abstract actions for each abstract state, and one look at
 * each step; with fairness what the temporal properties cost.
 */
import { beyond, Steps, type StepGraph } from '../explore/index.ts';
import { everAfter, negated, sometime, successors } from '../spec/index.ts';
import type { BoundRefinement, FairnessCondition, FormulaNode, System } from '../spec/index.ts';
import { ValueTable } from '../transition/index.ts';
import type { RecordValue } from '../value/index.ts';
import { automatonOf } from './automaton.ts';
import { CycleSearch } from './fair-cycle.ts';
import { FairSteps } from './fair-steps.ts';
import { FairnessTable } from './fairness.ts';
import { lassoTo, type Lasso } from './lasso.ts';

/** How a refinement fails. */
export interface RefinementFailure {
  /** States of the graph, from an initial one; the last step, or the only state, is what the abstract system does not do. */
  readonly states: readonly number[];
  /** Where the abstract fairness is broken: the place in `states` to which the behaviour returns. */
  readonly loopsTo: number | undefined;
  /** The abstract fairness that is broken, in words. */
  readonly unfair: string | undefined;
  /** The abstract state of each of `states`. */
  readonly abstract: readonly RecordValue[];
}

/**
 * Judges a refinement; pauses now and then.
 *
 * @returns the failure with the shortest path to it, or the first unfair lasso; undefined where the refinement holds
 * @throws BivalentError from the mapping or from the abstract spec
 */
export function* judgeRefinement(
  graph: StepGraph,
  fairness: readonly FairnessCondition[],
  { abstract, map }: BoundRefinement,
): Generator<void, RefinementFailure | undefined> {
  const image = new Image(abstract);
  const imageOf = new Int32Array(graph.count);
  const failure = (states: readonly number[], lasso?: Lasso, unfair?: string): RefinementFailure => ({
    states,
    loopsTo: lasso?.loopsTo,
    unfair,
    abstract: states.map((state) => image.state(imageOf[state] as number)),
  });
  for (let state = 0; state < graph.count; state++) {
    imageOf[state] = image.number(map(graph.stateAt(state)));
    if (state < graph.initialCount && !image.isInitial(imageOf[state] as number)) return failure([state]);
    if (state % 256 === 255) yield;
  }
  const steps = new Steps();
  for (let state = 0; state < graph.count; state++) {
    graph.steps(state, steps);
    for (let k = 0; k < steps.count; k++) {
      const target = steps.targets[k] as number;
      if (target === beyond || image.isStep(imageOf[state] as number, imageOf[target] as number)) continue;
      return failure([...pathTo(graph, state), target]);
    }
    if (state % 256 === 255) yield;
  }
  for (const { condition, description } of image.conditions(imageOf)) {
    const formula = unfairness(condition.strength);
    const isOf = image.stepsOf(condition);
    const fairSteps = new FairSteps(graph, new FairnessTable(fairness), {
      atomsBetween: (from, to) => (isOf.joins(imageOf[from] as number, imageOf[to] as number) ? 1 : 0),
    });
    const letters = imageOf.map((number) => (isOf.isEnabledIn(number) ? 1 : 0));
    const product = { steps: fairSteps, automaton: automatonOf(formula, true), letters };
    const cycles = new CycleSearch(product);
    yield* cycles.search();
    if (cycles.found === undefined) continue;
    const lasso = lassoTo(product, cycles.found, false);
    return failure(lasso.states, lasso, description);
  }
  return undefined;
}

/** The path by which a state was first reached, initial state first. */
export function pathTo(graph: StepGraph, state: number): number[] {
  const path: number[] = [];
  for (let at = state; at >= 0; at = graph.parentOf(at)) path.push(at);
  return path.reverse();
}

/** That a condition of fairness is broken: of state atom 0, its action is enabled, and step atom 0, it is taken. */
function unfairness(strength: 'weak' | 'strong'): FormulaNode {
  const enabled: FormulaNode = { op: 'state', predicate: 0 };
  const notTaken = negated({ op: 'taken', action: 'A', parameters: {} });
  if (strength === 'weak') return sometime(everAfter({ op: 'and', parts: [enabled, notTaken] }));
  return { op: 'and', parts: [everAfter(sometime(enabled)), sometime(everAfter(notTaken))] };
}

/** One condition of the abstract fairness: for each choice that it distinguishes there is one. */
interface AbstractCondition {
  readonly condition: { readonly strength: 'weak' | 'strong'; readonly number: number };
  readonly description: string;
}

/** The steps of one abstract condition. */
interface ConditionSteps {
  isEnabledIn(state: number): boolean;
  joins(from: number, to: number): boolean;
}

/** What is known of an abstract state: the states its steps lead to, and the conditions of fairness that each is a step of. */
type AbstractSteps = ReadonlyMap<number, readonly number[]>;

/** The part of the abstract system that the states of a system map to. Abstract states are numbers. */
class Image {
  readonly #system: System;
  readonly #values = new ValueTable();
  readonly #initial: ReadonlySet<number>;
  readonly #steps = new Map<number, AbstractSteps>();
  readonly #fairness: FairnessTable;
  /** Of each kind of abstract step, a number: the fairness table knows steps by number. */
  readonly #labels: { readonly action: string; readonly parameters: RecordValue }[] = [];

  constructor(system: System) {
    this.#system = system;
    this.#initial = new Set(system.initialStates.map((state) => this.#values.id(state)));
    this.#fairness = new FairnessTable(system.fairness);
  }

  number(state: RecordValue): number {
    return this.#values.id(state);
  }

  state(number: number): RecordValue {
    return this.#values.value(number) as RecordValue;
  }

  isInitial(number: number): boolean {
    return this.#initial.has(number);
  }

  isStep(from: number, to: number): boolean {
    return from === to || this.#stepsFrom(from).has(to);
  }

  #stepsFrom(number: number): AbstractSteps {
    const known = this.#steps.get(number);
    if (known !== undefined) return known;
    const steps = new Map<number, readonly number[]>();
    for (const { action, parameters, state } of successors(this.#system, this.state(number))) {
      const to = this.#values.id(state);
      const label = this.#labels.push({ action, parameters }) - 1;
      const satisfied = to === number ? [] : this.#fairness.satisfiedBy(label, (l) => this.#labels[l]!);
      steps.set(to, [...(steps.get(to) ?? []), ...satisfied]);
    }
    this.#steps.set(number, steps);
    return steps;
  }

  /** The conditions of the abstract fairness that are enabled in some of the abstract states given. */
  conditions(states: Int32Array): AbstractCondition[] {
    if (this.#system.fairness.length === 0) return [];
    for (const state of new Set(states)) this.#stepsFrom(state);
    return Array.from({ length: this.#fairness.count }, (_, number) => ({
      condition: { strength: this.#fairness.isStrong(number) ? ('strong' as const) : ('weak' as const), number },
      description: this.#fairness.describe(number),
    }));
  }

  stepsOf({ number }: AbstractCondition['condition']): ConditionSteps {
    const isOf = (conditions: readonly number[] | undefined): boolean => conditions?.includes(number) === true;
    return {
      isEnabledIn: (state) => [...this.#stepsFrom(state)].some(([to, conditions]) => to !== state && isOf(conditions)),
      joins: (from, to) => from !== to && isOf(this.#stepsFrom(from).get(to)),
    };
  }
}
