/**
 * The steps of a state as temporal properties see them.
 *
 * Steps to the same state are one, which is a step of every action that leads there. The state may also stutter: a step
 * to itself that is a step of no action. What is enabled counts steps beyond a constraint, too, though no behaviour that
 * is looked at takes them.
 */
import { beyond, Steps, type StepGraph } from '../explore/index.ts';
import { equal } from '../value/index.ts';
import type { Automaton } from './automaton.ts';
import { FairnessTable } from './fairness.ts';

/** Which states and steps the atoms of an automaton are true of, and which conditions of fairness steps satisfy. */
export class FairSteps {
  readonly graph: StepGraph;
  readonly fairness: FairnessTable;
  readonly automaton: Automaton;

  /** The state whose steps are at hand; -1 at first. */
  #state = -1;
  /** How many steps it has, stuttering included, which is the first. */
  count = 0;
  targets = new Int32Array(64);
  /** Of each step, the atoms of steps that are true of it. */
  atoms = new Int32Array(64);
  /** Of each step, {@link words} words of conditions that it satisfies. */
  satisfied = new Int32Array(64);
  /** The conditions that are enabled in the state. */
  enabled = new Int32Array(1);
  words = 1;

  readonly #steps = new Steps();
  /** Where in the list the step to a state is, where it is in the list at all. */
  readonly #place: Int32Array;
  readonly #atomsBetween: ((from: number, to: number) => number) | undefined;
  /** How many labels are known, and of each the atoms of steps and the words of conditions that are true of it. */
  #labels = 0;
  readonly #atomsOfLabel: number[] = [];
  #satisfiedByLabel = new Int32Array(0);

  /**
   * @param atomsBetween - the atoms of steps that are true of a step between two states, where that does not follow from
   *   its action
   */
  constructor(
    graph: StepGraph,
    fairness: FairnessTable,
    automaton: Automaton,
    atomsBetween?: (from: number, to: number) => number,
  ) {
    this.#atomsBetween = atomsBetween;
    this.graph = graph;
    this.fairness = fairness;
    this.automaton = automaton;
    this.#place = new Int32Array(graph.count);
  }

  /** Brings the steps of a state to hand. Cost: nothing where they are; its successors from tables otherwise. */
  look(state: number): void {
    if (this.#state === state) return;
    this.#state = state;
    const { graph, fairness } = this;
    const steps = this.#steps;
    graph.steps(state, steps);
    for (let k = 0; k < steps.count; k++) this.#meet(steps.labels[k] as number);
    this.#reserve(steps.count + 1, fairness.words);
    const { targets, atoms, satisfied, enabled, words } = this;
    const ofLabel = this.#satisfiedByLabel;
    const atomsOfLabel = this.#atomsOfLabel;
    const place = this.#place;
    targets[0] = state;
    atoms[0] = 0;
    place[state] = 0;
    satisfied.fill(0, 0, (steps.count + 1) * words);
    enabled.fill(0);
    let count = 1;
    for (let k = 0; k < steps.count; k++) {
      const target = steps.targets[k] as number;
      const label = steps.labels[k] as number;
      for (let w = 0; w < words; w++) enabled[w]! |= ofLabel[label * words + w] as number;
      if (target === beyond) continue;
      let at = place[target] as number;
      if (at >= count || targets[at] !== target) {
        at = count++;
        place[target] = at;
        targets[at] = target;
        atoms[at] = 0;
      }
      atoms[at]! |= this.#atomsBetween?.(state, target) ?? atomsOfLabel[label]!;
      for (let w = 0; w < words; w++) satisfied[at * words + w]! |= ofLabel[label * words + w] as number;
    }
    this.count = count;
  }

  /** Works out what a label is, where that is not known. */
  #meet(label: number): void {
    if (label < this.#labels) return;
    const { graph, fairness } = this;
    for (let met = this.#labels; met <= label; met++) {
      fairness.satisfiedBy(met, (l) => graph.stepAt(l));
      this.#atomsOfLabel[met] = this.#atomsOf(met);
    }
    this.#labels = label + 1;
    const { words } = fairness;
    this.#satisfiedByLabel = new Int32Array(2 * this.#labels * words);
    for (let met = 0; met < this.#labels; met++) {
      for (const i of fairness.satisfiedBy(met, (l) => graph.stepAt(l))) {
        this.#satisfiedByLabel[met * words + (i >>> 5)]! |= 1 << (i & 31);
      }
    }
  }

  #reserve(count: number, words: number): void {
    if (words > this.words) {
      this.words = words;
      this.enabled = new Int32Array(words);
    }
    if (count > this.targets.length) {
      this.targets = new Int32Array(2 * count);
      this.atoms = new Int32Array(2 * count);
    }
    if (this.satisfied.length < this.targets.length * this.words) {
      this.satisfied = new Int32Array(this.targets.length * this.words);
    }
  }

  /** The atoms of steps that are true of a step. */
  #atomsOf(label: number): number {
    const { action, parameters } = this.graph.stepAt(label);
    let bits = 0;
    this.automaton.taken.forEach((atom, i) => {
      const agrees = Object.entries(atom.parameters).every(([name, value]) => {
        const picked = parameters[name];
        return picked !== undefined && equal(picked, value);
      });
      if (atom.action === action && agrees) bits |= 1 << i;
    });
    return bits;
  }
}

/**
 * Works out, for each state, the atoms of states that are true of it, as bits; pauses now and then.
 *
 * Cost: a walk through each predicate a state.
 */
export function* lettersOf(graph: StepGraph, predicates: readonly number[]): Generator<void, Int32Array> {
  const letters = new Int32Array(graph.count);
  for (let state = 0; state < graph.count; state++) {
    letters[state] = graph.letter(predicates, state);
    if (state % 1024 === 1023) yield;
  }
  return letters;
}
