/**
 * The steps of a state as temporal properties see them.
 *
 * Steps to the same state are one, which is a step of every action that leads there. The state may also stutter: a step
 * to itself that is a step of no action. What is enabled counts steps beyond a constraint, too, though no behaviour that
 * is looked at takes them.
 *
 * Where nothing is asked of what a step is not, equal steps may as well be followed one by one: what one of them satisfies
 * a cycle through both satisfies. They are then not looked for.
 */
import { beyond, Steps, type StepGraph, type StepLabel, type StepOrder } from '../explore/index.ts';
import type { FormulaNode } from '../spec/index.ts';
import { grown } from '../transition/index.ts';
import { equal } from '../value/index.ts';
import { FairnessTable } from './fairness.ts';

type Taken = Extract<FormulaNode, { op: 'taken' }>;

/** What is asked of steps beside their targets. */
export interface Asked {
  /** The steps that atoms speak of. */
  readonly taken?: readonly Taken[];
  /** The atoms of steps that are true of a step between two states, where that does not follow from its action. */
  readonly atomsBetween?: (from: number, to: number) => number;
  /** In which order they come: that of the spec where nothing is said. */
  readonly order?: StepOrder;
}

/** The steps of one state after the other, with what each satisfies. */
export class FairSteps {
  readonly graph: StepGraph;
  readonly fairness: FairnessTable;

  /** The state whose steps are at hand; -1 at first. */
  #state = -1;
  /** How many steps it has, stuttering included, which is the first. */
  count = 0;
  targets = new Int32Array(64);
  /** Of each step, the atoms of steps that are true of it. */
  atoms = new Int32Array(64);
  /** Of each step, where in {@link satisfied} its {@link words} words begin: the conditions that it satisfies. */
  rows = new Int32Array(64);
  satisfied = new Int32Array(64);
  /** The conditions that are enabled in the state. */
  enabled = new Int32Array(1);
  words = 1;

  readonly #steps = new Steps();
  readonly #stepAt = (label: number): StepLabel => this.graph.stepAt(label);
  readonly #asked: Asked;
  readonly #taken: readonly Taken[];
  readonly #atomsBetween: ((from: number, to: number) => number) | undefined;
  /** Where in the list the step to a state is, where it is in the list at all; undefined where equal steps stay apart. */
  readonly #place: Int32Array | undefined;
  /** How many labels are known, and of each the atoms of steps that are true of it. */
  #labels = 0;
  readonly #atomsOfLabel: number[] = [];
  /** Words of conditions: first those of stuttering, which satisfies none, then those of each label. */
  #ofLabels = new Int32Array(64);

  constructor(graph: StepGraph, fairness: FairnessTable, asked: Asked = {}) {
    const { taken = [], atomsBetween } = asked;
    this.graph = graph;
    this.fairness = fairness;
    this.#asked = asked;
    this.#taken = taken;
    this.#atomsBetween = atomsBetween;
    this.#place = taken.length > 0 || atomsBetween !== undefined ? new Int32Array(graph.count) : undefined;
  }

  /** The same steps, in the order of the spec. */
  inOrder(): FairSteps {
    return new FairSteps(this.graph, this.fairness, { ...this.#asked, order: 'of the spec' });
  }

  /** Bytes of its tables. */
  get bytes(): number {
    return this.#place?.byteLength ?? 0;
  }

  /** Brings the steps of a state to hand. Cost: nothing where they are; its successors from tables otherwise. */
  look(state: number): void {
    if (this.#state === state) return;
    this.#state = state;
    const steps = this.#steps;
    this.graph.steps(state, steps, this.#asked.order);
    const { count, labels } = steps;
    for (let k = 0; k < count; k++) if ((labels[k] as number) >= this.#labels) this.#meet(labels[k] as number);
    this.#reserve(count + 1);
    this.#lookEnabled(count, labels);
    this.targets[0] = state;
    if (this.#place === undefined) this.#list(steps);
    else this.#merge(state, steps, this.#place);
  }

  #lookEnabled(count: number, labels: Int32Array): void {
    const { enabled, words } = this;
    const ofLabels = this.#ofLabels;
    for (let w = 0; w < words; w++) {
      let bits = 0;
      for (let k = 0; k < count; k++) bits |= ofLabels[((labels[k] as number) + 1) * words + w] as number;
      enabled[w] = bits;
    }
  }

  /** Lists the steps as they are. */
  #list({ count, targets: found, labels }: Steps): void {
    const { targets, rows, words } = this;
    this.satisfied = this.#ofLabels;
    rows[0] = 0;
    let at = 1;
    for (let k = 0; k < count; k++) {
      const target = found[k] as number;
      if (target === beyond) continue;
      targets[at] = target;
      rows[at++] = ((labels[k] as number) + 1) * words;
    }
    this.count = at;
  }

  /** Lists the steps, those to the same state as one. */
  #merge(state: number, { count, targets: found, labels }: Steps, place: Int32Array): void {
    const { targets, atoms, rows, satisfied, words } = this;
    const ofLabels = this.#ofLabels;
    atoms[0] = 0;
    rows[0] = 0;
    place[state] = 0;
    satisfied.fill(0, 0, (count + 1) * words);
    let end = 1;
    for (let k = 0; k < count; k++) {
      const target = found[k] as number;
      const label = labels[k] as number;
      if (target === beyond) continue;
      let at = place[target] as number;
      if (at >= end || targets[at] !== target) {
        at = end++;
        place[target] = at;
        targets[at] = target;
        atoms[at] = 0;
        rows[at] = at * words;
      }
      atoms[at]! |= this.#atomsBetween?.(state, target) ?? this.#atomsOfLabel[label]!;
      for (let w = 0; w < words; w++) satisfied[at * words + w]! |= ofLabels[(label + 1) * words + w] as number;
    }
    this.count = end;
  }

  /** Works out what the labels up to one are. */
  #meet(label: number): void {
    const { fairness } = this;
    const first = this.#labels;
    for (let met = first; met <= label; met++) {
      fairness.satisfiedBy(met, this.#stepAt);
      this.#atomsOfLabel[met] = this.#atomsOf(met);
    }
    this.#labels = label + 1;
    if (fairness.words === this.words) this.#layOut(first);
  }

  /** Writes the words of the labels from one on. */
  #layOut(first: number): void {
    const { fairness, words } = this;
    const needed = (this.#labels + 1) * words;
    if (needed > this.#ofLabels.length) this.#ofLabels = grown(this.#ofLabels, needed);
    for (let label = first; label < this.#labels; label++) {
      const at = (label + 1) * words;
      this.#ofLabels.fill(0, at, at + words);
      for (const i of fairness.satisfiedBy(label, this.#stepAt)) this.#ofLabels[at + (i >>> 5)]! |= 1 << (i & 31);
    }
  }

  #reserve(count: number): void {
    if (this.fairness.words > this.words) {
      this.words = this.fairness.words;
      this.enabled = new Int32Array(this.words);
      this.#ofLabels.fill(0);
      this.#layOut(0);
    }
    if (count > this.targets.length) {
      this.targets = new Int32Array(2 * count);
      this.atoms = new Int32Array(2 * count);
      this.rows = new Int32Array(2 * count);
    }
    const needed = this.targets.length * this.words;
    if (this.#place !== undefined && this.satisfied.length < needed) this.satisfied = new Int32Array(needed);
  }

  /** The atoms of steps that are true of a step. */
  #atomsOf(label: number): number {
    const { action, parameters } = this.#stepAt(label);
    let bits = 0;
    this.#taken.forEach((atom, i) => {
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
export function* lettersOf(graph: StepGraph, predicates: readonly number[]): Generator<void, Int32Array<ArrayBuffer>> {
  const letters = new Int32Array(graph.count);
  for (let state = 0; state < graph.count; state++) {
    letters[state] = graph.letter(predicates, state);
    if (state % 1024 === 1023) yield;
  }
  return letters;
}
