/**
 * The steps between the states of a finished search: its states are the rows, numbered in breadth-first order.
 *
 * No edge is stored. The steps of a state are computed again from the learned tables whenever they are asked for, and
 * their targets looked up in the visited table.
 */
import { stepsOf, type Routine, type System } from '../spec/index.ts';
import { Batch, type LearnedSystem } from '../transition/index.ts';
import { show, type RecordValue } from '../value/index.ts';
import { isWithin } from './judge.ts';
import type { RowSearch } from './row-search.ts';
import { RowSteps } from './row-steps.ts';
import { beyond, Steps, type StepOrder } from './steps.ts';

/** What a step is. */
export interface StepLabel {
  readonly action: string;
  /** What it picked; empty for an action whose picks were not asked for. */
  readonly parameters: RecordValue;
}

/** All reachable states of a system and the steps between them. */
export interface StepGraph {
  /** States are numbered from 0, those nearer to an initial state first. */
  readonly count: number;
  /** The first states are the initial ones. */
  readonly initialCount: number;
  /**
   * Replaces what `into` holds by the steps of a state that change it; those beyond a constraint lead {@link beyond}.
   *
   * @param order - that of the spec where nothing is said
   */
  steps(state: number, into: Steps, order?: StepOrder): void;
  stepAt(label: number): StepLabel;
  /** What the steps are that were asked for so far. */
  readonly labels: readonly StepLabel[];
  /** Which of some predicates, given as numbers of `System.predicates`, hold in a state: a bit for each, in their order. */
  letter(predicates: readonly number[], state: number): number;
  stateAt(state: number): RecordValue;
  /** The state from which a state was first reached; negative for an initial state. */
  parentOf(state: number): number;
}

/** The state graph of a search over rows that has seen every reachable state. */
export class RowGraph implements StepGraph {
  readonly count: number;
  readonly initialCount: number;
  readonly labels: StepLabel[] = [];
  readonly #system: System;
  readonly #learned: LearnedSystem;
  readonly #search: RowSearch;
  /** The actions whose picks matter. */
  readonly #withPicks: ReadonlySet<string>;
  /** The label of each leaf, plus one. */
  #labelOfLeaf = new Int32Array(1024);
  readonly #labelOfCall = new Map<string, number>();
  readonly #steps: RowSteps;
  /** Where the predicates begin, for one version of the layout. */
  readonly #roots = new Map<number, readonly number[]>();
  #rootsVersion = -1;
  #ids: Int32Array;
  #sinceReview = 0;
  /** The state whose steps are asked for, in which order, and where they go. */
  #expanding = 0;
  #order: StepOrder = 'any';
  #into = new Steps();

  /**
   * @param withPicks - the names of actions of which it matters what they pick
   */
  constructor(system: System, learned: LearnedSystem, search: RowSearch, withPicks: ReadonlySet<string>) {
    this.#system = system;
    this.#learned = learned;
    this.#search = search;
    this.#withPicks = withPicks;
    this.count = search.count;
    // An initial state beyond the constraint is none of the graph's.
    let initial = 0;
    while (initial < Math.min(this.count, system.initialStates.length) && this.parentOf(initial) < 0) initial++;
    this.initialCount = initial;
    this.#steps = new RowSteps(search);
    this.#ids = search.layout.newIds();
  }

  steps(state: number, into: Steps, order: StepOrder = 'of the spec'): void {
    this.#expanding = state;
    this.#order = order;
    this.#into = into;
    this.#search.withRoom(this.#expand);
  }

  /** One function for all states: it is called for each, maybe several times. */
  readonly #expand = (): void => {
    const state = this.#expanding;
    const into = this.#into;
    const steps = this.#steps;
    steps.expand(state, false);
    steps.locate(this.#order);
    into.count = 0;
    const { order, targets, batch } = steps;
    let called: Routine | undefined;
    for (let i = 0; i < batch.count; i++) {
      const k = order[i] as number;
      const leaf = batch.leaves[k] as number;
      if (leaf < 0 && this.#withPicks.has(this.#actionOf(leaf).name)) {
        if (called !== this.#actionOf(leaf)) this.#callSteps((called = this.#actionOf(leaf)), state, into);
        continue;
      }
      const target = targets[k] as number;
      if (target === state) continue;
      const known = leaf > 0 && leaf < this.#labelOfLeaf.length ? (this.#labelOfLeaf[leaf] as number) : 0;
      into.add(target, known === 0 ? this.#labelOf(leaf, state) : known - 1);
    }
  };

  /** The steps of an action that is not learned, where it matters what it picks. */
  #callSteps(action: Routine, state: number, into: Steps): void {
    const before = this.stateAt(state);
    for (const { parameters, state: after } of stepsOf(this.#system, action, before)) {
      const target = isWithin(this.#system, before, after) ? this.#find(after) : beyond;
      if (target !== state) into.add(target, this.#labelOfCallTo(action.name, parameters));
    }
  }

  #find(state: RecordValue): number {
    const { layout, store } = this.#search;
    layout.encode(state, this.#ids);
    const single = new Batch(layout.words, 2);
    layout.write(this.#ids, single.rows, 0);
    single.add(0, 0, 0);
    const found = store.find(single, 0);
    return found < 0 ? beyond : found;
  }

  #actionOf(leaf: number): Routine {
    const routine = leaf < 0 ? -1 - leaf : this.#search.compiled.relation.leaf(leaf).routine;
    return this.#learned.learner.routines[routine] as Routine;
  }

  #labelOf(leaf: number, state: number): number {
    if (leaf < 0) return this.#labelOfCallTo(this.#actionOf(leaf).name, {});
    if (leaf >= this.#labelOfLeaf.length) {
      const labels = this.#labelOfLeaf;
      this.#labelOfLeaf = new Int32Array(2 * leaf);
      this.#labelOfLeaf.set(labels);
    }
    const known = this.#labelOfLeaf[leaf] as number;
    if (known !== 0) return known - 1;
    const action = this.#actionOf(leaf);
    const parameters = this.#withPicks.has(action.name) ? this.#learned.learner.picksOf(leaf, this.#idsOf(state)) : {};
    const label = this.labels.push({ action: action.name, parameters }) - 1;
    this.#labelOfLeaf[leaf] = label + 1;
    return label;
  }

  #labelOfCallTo(action: string, parameters: RecordValue): number {
    const key = JSON.stringify([action, Object.entries(parameters).map(([name, value]) => [name, show(value)])]);
    const known = this.#labelOfCall.get(key);
    if (known !== undefined) return known;
    const label = this.labels.push({ action, parameters }) - 1;
    this.#labelOfCall.set(key, label);
    return label;
  }

  stepAt(label: number): StepLabel {
    return this.labels[label] as StepLabel;
  }

  letter(predicates: readonly number[], state: number): number {
    const { compiled, layout } = this.#search;
    const { learner, numbers } = this.#learned;
    if (this.#sinceReview++ >= 4096) {
      if (learner.review(this.#sinceReview, (most) => this.#search.sample(most))) layout.version++;
      this.#sinceReview = 0;
    }
    compiled.look(this.#idsOf(state));
    let letter = 0;
    for (let i = 0; i < predicates.length; i++) {
      const routine = numbers.predicates[predicates[i] as number] as number;
      const direct = learner.direct(routine);
      const holds = direct === undefined ? this.#holds(routine) : learner.holdsDirectly(direct, this.#ids);
      if (holds) letter |= 1 << i;
    }
    return letter;
  }

  /** The group numbers of a state, in an array that the next call overwrites. */
  #idsOf(state: number): Int32Array {
    const { layout } = this.#search;
    if (this.#ids.length < layout.groups.length) this.#ids = layout.newIds();
    const { rows, start } = this.#search.kept.rows.wordsOf(state);
    layout.unpack(rows, start, this.#ids);
    return this.#ids;
  }

  /** Whether a learned predicate holds in the state that is looked at. */
  #holds(routine: number): boolean {
    const { relation, layout } = this.#search.compiled;
    if (this.#rootsVersion !== layout.version) {
      this.#roots.clear();
      this.#rootsVersion = layout.version;
    }
    let roots = this.#roots.get(routine);
    if (roots === undefined) {
      roots = relation.rootsOf(routine).map(({ code }) => code);
      // Learning the first run of a predicate may have added to the layout.
      if (this.#rootsVersion === layout.version) this.#roots.set(routine, roots);
    }
    for (let i = 0; i < roots.length; i++) if (relation.failure(roots[i] as number) !== 0) return false;
    return true;
  }

  stateAt(state: number): RecordValue {
    return this.#search.stateAt(state);
  }

  parentOf(state: number): number {
    return this.#search.kept.rows.parentOf(state);
  }
}
