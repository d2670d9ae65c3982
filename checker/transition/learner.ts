/**
 * The learner: runs user code where the forest ends, and enters what it did.
 *
 * A run is forced down a path of the forest by the state at hand, which gives the answers, and by the choices on the
 * way to the place that is not known. Routines for which this does not pay, since what they read is almost always new,
 * are called directly on every state instead.
 */
import { BivalentError } from '../core/index.ts';
import { domainElements, noChoice, type Choose, type Routine } from '../spec/index.ts';
import { compare, type ByteReader, type ByteWriter, type RecordValue, type Value } from '../value/index.ts';
import type { Answers } from './answers.ts';
import { Forest, Inconsistent, type Asked, type Leaf } from './forest.ts';
import type { GrowthMark } from './growth.ts';
import { Ask, QueryTable, type Effect, type Query } from './query.ts';
import { Recording, type StateSource } from './recording.ts';
import { forkable } from './recording-collections.ts';
import { RecordingState } from './recording-draft.ts';
import type { StateShape } from './shape.ts';
import { unlearned, type ValueTable } from './value-table.ts';

/** A routine that is called on every state. */
export interface DirectRoutine {
  readonly routine: number;
  /** Of a predicate: the leaf of the forest that stands for its failure. */
  readonly failure: number;
}

/** What one run of user code gave. */
interface Run {
  readonly recording: Recording;
  /** Whether the action is enabled, or the property holds. */
  readonly outcome: boolean;
  readonly effects: readonly Effect[];
}

/** In so many states it is tried how often a routine runs where it is called directly. */
const mostTried = 8;

/** Calls of user code: to learn, and directly. */
export interface Calls {
  readonly actions: number;
  readonly properties: number;
}

export class Learner implements StateSource {
  readonly forest: Forest;
  readonly queries = new QueryTable();
  readonly routines: readonly Routine[];
  readonly #shape: StateShape;
  readonly #values: ValueTable;
  /** The leaves in the order of their steps, and for each leaf a number that grows in that order. */
  readonly #sorted: number[] = [];
  readonly #rank: number[] = [];
  readonly #domains = new Map<number, number[]>();
  readonly #calls: number[];
  readonly #reviewed: number[];
  readonly #direct = new Map<number, DirectRoutine>();
  #answers: Answers | undefined;
  /** Told of every run of user code from which something was learned. */
  onLearned: ((routine: number, before: Int32Array, after: Int32Array) => void) | undefined;
  #before = new Int32Array(0);
  #after = new Int32Array(0);

  constructor(routines: readonly Routine[], shape: StateShape, values: ValueTable) {
    this.routines = routines;
    this.#shape = shape;
    this.#values = values;
    this.forest = new Forest(routines.length);
    this.#calls = routines.map(() => 0);
    this.#reviewed = routines.map(() => 0);
  }

  /** Says how the states at hand are stored from now on. */
  answerWith(answers: Answers): void {
    this.#answers = answers;
  }

  get calls(): Calls {
    let actions = 0;
    let properties = 0;
    this.routines.forEach(({ kind }, i) => {
      if (kind === 'action' || kind === 'afterEach') actions += this.#calls[i] as number;
      else properties += this.#calls[i] as number;
    });
    return { actions, properties };
  }

  answer(query: number): number {
    return (this.#answers as Answers).answer(query, this.#before, this.#after);
  }

  elements(side: 0 | 1, slot: number): readonly number[] {
    return (this.#answers as Answers).elements({ side, slot, ask: Ask.fork, argument: 0 }, this.#before, this.#after);
  }

  /** The elements of a choice that asks no state. */
  domainOf({ argument }: Query): readonly number[] {
    return this.domain(argument);
  }

  domain(array: number): readonly number[] {
    const known = this.#domains.get(array);
    if (known !== undefined) return known;
    const elements = (this.#values.value(array) as readonly Value[]).map((element) => this.#values.id(element));
    this.#domains.set(array, elements);
    return elements;
  }

  /** Learns the first run of a routine, on the states at hand; returns its root. */
  learnRoot(routine: number, before: Int32Array, after: Int32Array): number {
    this.#learn(routine, [], before, after);
    return this.forest.roots[routine] as number;
  }

  /** Learns what lies behind an answer at a node, on the states at hand, which lead there and give that answer. */
  learnAt(node: number, answer: number, before: Int32Array, after: Int32Array): void {
    const prefix: number[] = [];
    let at = node;
    let taken = answer;
    while (at !== 0) {
      const { ask } = this.queries.at(this.forest.queryOf(at));
      if (ask === Ask.choice || ask === Ask.fork) prefix.push(taken);
      taken = this.forest.answerTo(at);
      at = this.forest.parentOf(at);
    }
    this.#learn(this.forest.routineOf(node), prefix.reverse(), before, after);
  }

  #learn(routine: number, prefix: readonly number[], before: Int32Array, after: Int32Array): void {
    const { recording, outcome, effects } = this.#run(routine, prefix, before, after);
    const isAction = this.#isAction(routine);
    const entered = isAction ? (outcome ? effects : undefined) : outcome ? undefined : [];
    try {
      this.forest.enter(routine, recording.asked, recording.stoppedAt, entered);
    } catch (error) {
      if (error instanceof Inconsistent) throw this.#inconsistent(routine);
      throw error;
    }
    this.onLearned?.(routine, before, after);
  }

  #isAction(routine: number): boolean {
    const { kind } = this.routines[routine] as Routine;
    return kind === 'action' || kind === 'afterEach';
  }

  #inconsistent(routine: number): BivalentError {
    const { kind, name } = this.routines[routine] as Routine;
    return new BivalentError(
      'spec/impure',
      `${kind} ${name} is not a function of the state: it did different things when it read the same values; ` +
        'it reads or changes something outside the state',
      kind === 'action' ? { action: name } : {},
    );
  }

  /** Runs a routine once on the states at hand. */
  #run(routine: number, prefix: readonly number[], before: Int32Array, after: Int32Array): Run {
    if (this.#values.frozen) throw unlearned;
    this.#before = before as Int32Array<ArrayBuffer>;
    this.#after = after as Int32Array<ArrayBuffer>;
    this.#calls[routine] = (this.#calls[routine] as number) + 1;
    const recording = new Recording(this.queries, this.#values, this, prefix);
    const target = this.routines[routine] as Routine;
    const state = (side: 0 | 1, writable: boolean): RecordingState =>
      new RecordingState(this.#shape, recording, side, writable);
    const choose: Choose = (name, domain) => {
      const element = chooseFrom(recording, name, domain);
      if (element === undefined) return noChoice;
      recording.picked[name] = element;
      return element;
    };
    try {
      const run = this.#call(target, recording, choose, state);
      if (recording.shapeChanged === undefined) return run;
    } catch (error) {
      if (recording.shapeChanged === undefined) throw error;
    }
    // User code may have caught or wrapped what a draft threw to say that the shape is not what it seemed.
    throw recording.shapeChanged;
  }

  #call(
    target: Routine,
    recording: Recording,
    choose: Choose,
    state: (side: 0 | 1, writable: boolean) => RecordingState,
  ): Run {
    switch (target.kind) {
      case 'action': {
        const draft = state(0, true);
        const outcome = target.run(choose, draft.root);
        return { recording, outcome, effects: outcome ? draft.effects() : [] };
      }
      case 'afterEach': {
        const draft = state(1, true);
        const outcome = target.run(choose, draft.root, state(0, false).root);
        return { recording, outcome, effects: outcome ? draft.effects() : [] };
      }
      case 'transitionInvariant':
      case 'actionConstraint':
        return { recording, outcome: target.run(choose, state(0, false).root, state(1, false).root), effects: [] };
      default:
        return { recording, outcome: target.run(choose, state(0, false).root), effects: [] };
    }
  }

  // --- copies ----------------------------------------------------------------------------------------------------

  /** Whether anything was learned since a mark. */
  hasGrown(mark: GrowthMark): boolean {
    if (this.queries.all.length > mark.queries || this.#direct.size > mark.directs) return true;
    return this.forest.hasGrown(mark);
  }

  /** Writes what was learned since a mark, which moves to where this stands. */
  write(writer: ByteWriter, mark: GrowthMark): void {
    this.queries.write(writer, mark.queries);
    mark.queries = this.queries.all.length;
    this.forest.write(writer, mark);
    const directs = [...this.#direct.values()].slice(mark.directs);
    writer.varint(directs.length);
    for (const { routine, failure } of directs) for (const n of [routine, failure]) writer.varint(n);
    mark.directs = this.#direct.size;
  }

  /**
   * Takes over what another learner of the same system wrote, and had learned since this one stood where it does.
   *
   * @returns whether routines are called directly that were not before
   */
  read(reader: ByteReader): boolean {
    this.queries.read(reader);
    this.forest.read(reader);
    const directs = reader.varint();
    for (let left = directs; left > 0; left--) {
      const routine = reader.varint();
      this.#direct.set(routine, { routine, failure: reader.varint() });
    }
    return directs > 0;
  }

  // --- routines that are called directly -------------------------------------------------------------------------

  /** The direct form of a routine for which learning does not pay; undefined for one that is learned. */
  direct(routine: number): DirectRoutine | undefined {
    return this.#direct.get(routine);
  }

  /**
   * Decides which actions and state predicates to call directly from now on: those for which half of the runs that these
   * would have taken were made to learn, too.
   *
   * @param states - on how many states each routine was needed since the last review
   * @param sample - gives at most so many of these states, by their group numbers
   * @returns whether one was added
   */
  review(states: number, sample: (most: number) => readonly Int32Array[]): boolean {
    let changed = false;
    this.routines.forEach((_, i) => {
      const runs = (this.#calls[i] as number) - (this.#reviewed[i] as number);
      if (this.#mayBeDirect(i) && runs >= states / 2 && this.#wouldTakeFew(i, (2 * runs) / states, sample(mostTried))) {
        this.#makeDirect(i);
        changed = true;
      }
      this.#reviewed[i] = this.#calls[i] as number;
    });
    return changed;
  }

  /** Calls every action and state predicate directly from now on: the measure of what learning brings. */
  callDirectly(): void {
    this.routines.forEach((_, i) => {
      if (this.#mayBeDirect(i)) this.#makeDirect(i);
    });
  }

  #mayBeDirect(routine: number): boolean {
    const { kind } = this.routines[routine] as Routine;
    const isKind = kind === 'action' || kind === 'invariant' || kind === 'constraint' || kind === 'predicate';
    return isKind && !this.#direct.has(routine);
  }

  #makeDirect(routine: number): void {
    const failure = this.#isAction(routine) ? 0 : this.forest.failureOf(routine);
    this.#direct.set(routine, { routine, failure });
  }

  /**
   * Whether a routine takes at most so many runs a state, one for each sequence of choices. An action with a hundred such
   * sequences, some of which are new in most states, is learned much faster than it is called.
   */
  #wouldTakeFew(routine: number, most: number, sample: readonly Int32Array[]): boolean {
    let left = most * sample.length;
    for (const ids of sample) {
      for (let prefix: number[] | undefined = []; prefix !== undefined; left--) {
        if (left < 1) return false;
        prefix = nextPrefix(this.#run(routine, prefix, ids, ids).recording);
      }
    }
    return true;
  }

  /** Runs an action for every sequence of choices and calls `visit` with the effects of each enabled step. */
  runDirect({ routine }: DirectRoutine, ids: Int32Array, visit: (effects: readonly Effect[]) => void): void {
    for (let prefix: number[] | undefined = []; prefix !== undefined;) {
      const run: Run = this.#run(routine, prefix, ids, ids);
      if (run.outcome) visit(run.effects);
      prefix = nextPrefix(run.recording);
    }
  }

  /** Whether a state predicate holds, found by calling user code for every sequence of choices. */
  holdsDirectly({ routine }: DirectRoutine, ids: Int32Array): boolean {
    return this.failingRun(routine, ids, ids) === undefined;
  }

  /**
   * The order of two steps from one state, given their leaves: by action, then by the elements chosen in value order.
   */
  order(a: number, b: number): number {
    const { leaves } = this.forest;
    while (this.#rank.length < leaves.length) this.#enterRank(this.#rank.length);
    return (this.#rank[a] as number) - (this.#rank[b] as number);
  }

  /** Gives a new leaf a rank between those of its neighbours. */
  #enterRank(leaf: number): void {
    const sorted = this.#sorted;
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#compareLeaves(sorted[middle] as number, leaf) <= 0) low = middle + 1;
      else high = middle;
    }
    sorted.splice(low, 0, leaf);
    const before = low === 0 ? 0 : (this.#rank[sorted[low - 1] as number] as number);
    const after = low + 1 === sorted.length ? before + 2 : (this.#rank[sorted[low + 1] as number] as number);
    const rank = (before + after) / 2;
    this.#rank.push(rank);
    // Where no number is left between two neighbours, all ranks are given anew.
    if (rank === before || rank === after) sorted.forEach((other, i) => (this.#rank[other] = i + 1));
  }

  #compareLeaves(a: number, b: number): number {
    const x = this.forest.leaves[a] as Leaf;
    const y = this.forest.leaves[b] as Leaf;
    if (x.routine !== y.routine) return x.routine - y.routine;
    const chosen = this.#chosen(a);
    const other = this.#chosen(b);
    for (let i = 0; i < chosen.length && i < other.length; i++) {
      if (chosen[i] === other[i]) continue;
      return compare(this.#values.value(chosen[i] as number), this.#values.value(other[i] as number));
    }
    // Steps from one state never come here; but a list can only be sorted by an order that is one for all of it.
    return chosen.length - other.length;
  }

  /** What is chosen on the path to a leaf, in order: not what was picked as the only element that there was. */
  chosenOnPath(leaf: number): readonly Value[] {
    return this.#chosen(leaf).map((id) => this.#values.value(id));
  }

  /**
   * What the step of a leaf picks, by name. Names, and picks of the only element that there is, are not on its path: its
   * code is run again.
   *
   * @param ids - a state in which the step is taken
   */
  picksOf(leaf: number, ids: Int32Array): RecordValue {
    const { routine } = this.forest.leaves[leaf] as Leaf;
    return Object.freeze(this.#run(routine, this.#chosen(leaf), ids, ids).recording.picked);
  }

  /**
   * The step of a leaf: its action and what it picked, as text. Of the leaves of one step, at most one is enabled in a
   * state.
   */
  stepOf(leaf: number): string {
    return [(this.forest.leaves[leaf] as Leaf).routine, ...this.#chosen(leaf)].join();
  }

  /** What was asked on the way to a leaf, and the answers, first asked first. */
  readsOf(leaf: number): { readonly query: Query; readonly answer: number }[] {
    return this.forest.pathTo(leaf).map(({ query, answer }) => ({ query: this.queries.at(query), answer }));
  }

  /** The elements chosen on the way to a leaf. */
  #chosen(leaf: number): readonly number[] {
    return this.readsOf(leaf)
      .filter(({ query: { ask } }) => ask === Ask.choice || ask === Ask.fork)
      .map(({ answer }) => answer);
  }

  /** The queries of the first run for which a property fails, and their answers, in order; undefined where it holds. */
  failingRun(routine: number, before: Int32Array, after: Int32Array): readonly Asked[] | undefined {
    for (let prefix: number[] | undefined = []; prefix !== undefined;) {
      const run: Run = this.#run(routine, prefix, before, after);
      if (!run.outcome) return run.recording.asked;
      prefix = nextPrefix(run.recording);
    }
    return undefined;
  }
}

/** The choices of the next run in depth-first order; undefined after the last. */
function nextPrefix({ choices }: Recording): number[] | undefined {
  for (let last = choices.length - 1; last >= 0; last--) {
    const point = choices[last] as (typeof choices)[number];
    if (point.index + 1 >= point.elements.length) continue;
    const before = choices.slice(0, last).map(({ elements, index }) => elements[index] as number);
    return [...before, point.elements[point.index + 1] as number];
  }
  return undefined;
}

/** Chooses from a domain: a collection of the state forks on its elements, anything else on what it holds. */
function chooseFrom(recording: Recording, name: string, domain: Iterable<unknown>): Value | undefined {
  const place = forkable(domain);
  if (place !== undefined) return recording.fork(place.side, place.slot.index, place.slot.kind === 'set');
  return recording.choose(domainElements(name, domain));
}
