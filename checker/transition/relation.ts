/**
 * The learned transition relation, compiled for one layout: rows in, rows out.
 *
 * A node of the forest becomes a *step* of the group that its query asks, with a table from the group's tuple to where
 * the walk goes on: the first node that asks another group, a leaf, or a list of such (a choice). The walk through the
 * reads inside one group is thus done once for each of its tuples. For each group, the actions whose first query asks
 * it are listed once for each tuple: those that it disables are not in the list and cost nothing afterwards.
 *
 * A table's empty place is filled when it is met: by walking the forest or, where the forest ends, by running user code
 * on the state at hand.
 */
import { idOf, isLeaf, isPlace, leafCode, nothing, placeCode, unknown } from './code.ts';
import { EffectTables } from './effect-tables.ts';
import type { Forest, Leaf } from './forest.ts';
import { grown, PairMap, type TupleTable } from './int-tables.ts';
import type { Layout } from './layout.ts';
import type { Learner } from './learner.ts';
import { Outcomes } from './outcomes.ts';
import { Answers } from './answers.ts';
import type { Fold } from './fold.ts';
import { Ask, type Query, type QueryTable } from './query.ts';
import { StepCompiler, type FirstPlace } from './step-compiler.ts';
import { noGroup, StepTables } from './step-tables.ts';

/** Where the walk goes on behind a step that several groups answer. */
interface Behind {
  readonly fold: Fold;
  readonly side: 0 | 1;
  /** The generation of the fold for which `codes` holds, by signature; and the version of the layout for which the fold does. */
  readonly generation: number;
  version: number;
  codes: Int32Array<ArrayBuffer>;
}

/** Places that ask the same group are joined where it has at most so many tuples. */
const mostTuples = 1 << 12;

export class Relation {
  readonly layout: Layout;
  readonly forest: Forest;
  readonly queries: QueryTable;
  readonly learner: Learner;
  readonly answers: Answers;
  readonly effects: EffectTables;

  /** Answers about the state before the step, by query, and for which state at hand they were found. */
  #answers = new Int32Array(64);
  #answeredFor = new Int32Array(64);
  #stateAtHand = 0;
  #before: Int32Array;
  #after: Int32Array;

  readonly #steps = new StepTables();
  readonly #compiler: StepCompiler;
  /** For steps that several groups answer: where the walk goes on by what these contribute; and by `(step, answer)`. */
  readonly #behind: (Behind | undefined)[] = [];
  readonly #byAnswer = new PairMap();
  readonly #outcomes: Outcomes;

  constructor(layout: Layout, learner: Learner) {
    this.layout = layout;
    this.learner = learner;
    this.forest = learner.forest;
    this.queries = learner.queries;
    this.answers = new Answers(layout, learner.queries);
    this.effects = new EffectTables(layout);
    this.#before = new Int32Array(layout.groups.length);
    this.#after = this.#before;
    const steps = this.#steps;
    this.#outcomes = new Outcomes({
      joinKey: (step) => this.#joinKey(step),
      newJoint: (step) => steps.add(steps.nodes.at(step), steps.groups.at(step), steps.sides.at(step)),
    });
    steps.add(0, noGroup, 0);
    const ground = { layout, answers: this.answers, steps, outcomes: this.#outcomes, atHand: this };
    this.#compiler = new StepCompiler(learner, ground);
  }

  /** The group numbers of the states that routines are run on: before the step, and after it. */
  get before(): Int32Array {
    return this.#before;
  }

  get after(): Int32Array {
    return this.#after;
  }

  /** Says on which states routines are run. To be called whenever what is in `before` changes. */
  lookAt(before: Int32Array, after: Int32Array): void {
    this.#before = before;
    this.#after = after;
    this.#stateAtHand = (this.#stateAtHand + 1) | 0;
  }

  /** The first places of a routine: one for each group that a first query asks, `noGroup` for those that ask none. */
  rootsOf(routine: number): FirstPlace[] {
    const root = this.forest.roots[routine] as number;
    const places: FirstPlace[] = [];
    this.#compiler.plant(root === unknown ? this.learner.learnRoot(routine, this.before, this.after) : root, places);
    return places;
  }

  /** The group that alone tells where a step leads, or `noGroup`. It holds for the present version of the layout. */
  groupOfStep(step: number): number {
    const group = this.#steps.groups.at(step);
    if (group !== noGroup || !this.#asksState(step)) return group;
    return this.answers.foldOf(this.#queryOf(step)).onlyGroup ?? noGroup;
  }

  /**
   * What tells where a step leads: the number of a group, or a fold over several; undefined where it is the same in every
   * state. It holds for the present version of the layout.
   */
  sourceOf(step: number): number | Fold | undefined {
    const group = this.#steps.groups.at(step);
    if (group !== noGroup) return group;
    return this.#asksState(step) ? this.answers.foldOf(this.#queryOf(step)) : undefined;
  }

  /** Where a step that has such a source leads, as far as it is known: by tuple of the group, or by signature of the fold. */
  tableOf(step: number): Int32Array | undefined {
    return this.#steps.groups.at(step) === noGroup ? this.#behind[step]?.codes : this.#steps.tableOf(step);
  }

  /** Whether a step asks the state before (0) or after (1). */
  sideOfStep(step: number): number {
    return this.#steps.sides.at(step);
  }

  /** Where the walk goes from a place, for the states at hand. */
  stepFrom(step: number): number {
    const group = this.#steps.groups.at(step);
    if (group === noGroup) return this.#fromSeveral(step);
    const ids = this.#steps.sides.at(step) === 0 ? this.before : this.after;
    const id = ids[group] as number;
    const code = this.#steps.at(step, id);
    return code === unknown ? this.#fill(step, id) : code;
  }

  /** Walks from a code to its leaves for the states at hand, and calls `visit` with each. */
  walk(code: number, visit: (leaf: number) => void): void {
    let at = code;
    while (isPlace(at)) at = this.stepFrom(idOf(at));
    if (at === nothing) return;
    if (isLeaf(at)) {
      visit(idOf(at));
      return;
    }
    const offset = idOf(at);
    const { lists } = this.#outcomes;
    const places = offset + 2 + lists.at(offset);
    for (let i = offset + 2; i < places; i++) visit(lists.at(i));
    for (let i = places; i < places + lists.at(offset + 1); i++) this.walk(lists.at(i), visit);
  }

  /** The first leaf that a property's code leads to for the states at hand, or 0 where it holds. */
  failure(code: number): number {
    let at = code;
    while (isPlace(at)) at = this.stepFrom(idOf(at));
    if (at === nothing) return 0;
    if (isLeaf(at)) return idOf(at);
    const offset = idOf(at);
    const { lists } = this.#outcomes;
    const places = offset + 2;
    if (lists.at(offset) > 0) return lists.at(places);
    for (let i = places, end = places + lists.at(offset + 1); i < end; i++) {
      const leaf = this.failure(lists.at(i));
      if (leaf !== 0) return leaf;
    }
    return 0;
  }

  /**
   * Whether a property's code, not `unknown`, comes to nothing in the state of a row, as far as single groups tell it and
   * it is known. As {@link failure} otherwise, which looks at the states at hand.
   */
  holdsIn(code: number, rows: Int32Array, start: number): boolean {
    let at = code;
    while (isPlace(at)) {
      const step = idOf(at);
      const group = this.#steps.groups.at(step);
      if (group === noGroup) return false;
      at = this.#steps.at(step, this.layout.idIn(rows, start, group));
      if (at === unknown) return false;
    }
    if (at === nothing) return true;
    if (isLeaf(at)) return false;
    const { lists } = this;
    const offset = idOf(at);
    if ((lists[offset] as number) > 0) return false;
    for (let i = offset + 2, end = i + (lists[offset + 1] as number); i < end; i++) {
      if (!this.holdsIn(lists[i] as number, rows, start)) return false;
    }
    return true;
  }

  /** The lists behind list codes: see {@link Outcomes.lists}. */
  get lists(): Int32Array {
    return this.#outcomes.lists.items;
  }

  /** What a place does for one tuple of the group that alone tells it, whatever the rest of the state; one at hand holds it. */
  outcome(step: number, id: number): number {
    if (this.#steps.groups.at(step) === noGroup) return this.#fromSeveral(step);
    const code = this.#steps.at(step, id);
    return code === unknown ? this.#fill(step, id) : code;
  }

  /** One code for several: those that are `nothing` are left out, and lists are taken apart. */
  listOf(codes: readonly number[]): number {
    return this.#outcomes.of(codes);
  }

  /**
   * The codes that some codes come to before any state is asked: choices and entries that no state has held yet are
   * followed, lists taken apart. It holds for the present version of the layout.
   */
  settled(codes: Iterable<number>): number[] {
    const { leaves, places } = this.#outcomes.apart(codes);
    const settled = leaves.map(leafCode);
    for (const place of places) {
      const next = this.#asksState(idOf(place)) ? place : this.stepFrom(idOf(place));
      if (next === place) settled.push(place);
      else settled.push(...this.settled([next]));
    }
    return settled;
  }

  /** Whether where a step leads depends on the state at hand. */
  #asksState(step: number): boolean {
    if (this.#steps.groups.at(step) !== noGroup) return true;
    const { ask } = this.queries.at(this.forest.queryOf(this.#steps.nodes.at(step)));
    return ask !== Ask.choice && ask !== Ask.fork && ask !== Ask.entry;
  }

  /** Steps with the same key can be joined: those of one group and side, and those of one query that several groups answer. */
  #joinKey(step: number): number | undefined {
    const group = this.#steps.groups.at(step);
    if (group === noGroup) return this.#asksState(step) ? -1 - this.#queryOf(step) : undefined;
    const isLarge = (this.layout.groups[group] as TupleTable).count > mostTuples;
    return isLarge ? undefined : 2 * group + this.#steps.sides.at(step);
  }

  #queryOf(step: number): number {
    return this.forest.queryOf(this.#steps.nodes.at(step));
  }

  leaf(id: number): Leaf {
    return this.forest.leaves[id] as Leaf;
  }

  get bytes(): number {
    const { lists } = this.#outcomes;
    return this.#steps.bytes + lists.bytes + this.#byAnswer.bytes + this.effects.bytes + this.answers.bytes;
  }

  // --- filling empty places --------------------------------------------------------------------------------------

  /** Computes and remembers where a step leads for one tuple of its group. */
  #fill(step: number, id: number): number {
    const parts = this.#outcomes.partsOf(step);
    const code =
      parts === undefined
        ? this.#compiler.outcomeOf(step, id)
        : this.listOf(parts.map((part) => this.outcome(part, id)));
    this.#steps.set(step, id, code);
    return code;
  }

  /** Where the walk goes from a step that no single group answers. */
  #fromSeveral(step: number): number {
    const behind = this.#behind[step];
    if (behind === undefined || behind.version !== this.layout.version) return this.#fromFold(step);
    const signature = behind.fold.signature(behind.side === 0 ? this.before : this.after);
    if (behind.generation !== behind.fold.generation) return this.#fromFold(step);
    const { codes } = behind;
    const code = signature >= 0 && signature < codes.length ? (codes[signature] as number) : unknown;
    return code === unknown ? this.#fromFold(step) : code;
  }

  /** As {@link #fromSeveral}, where it is not known yet. */
  #fromFold(step: number): number {
    const id = this.#queryOf(step);
    const query = this.queries.at(id);
    if (!this.#asksState(step)) return this.#fromSteady(step, query);
    const fold = this.answers.foldOf(id);
    const signature = fold.signature(query.side === 0 ? this.before : this.after);
    const code = this.#fromAnswer(step, id, query);
    let behind = this.#behind[step];
    if (behind?.fold !== fold || behind.generation !== fold.generation) {
      const { generation } = fold;
      behind = this.#behind[step] = { version: 0, fold, generation, side: query.side, codes: new Int32Array(2) };
    }
    behind.version = this.layout.version;
    if (signature < 0) return code;
    if (signature >= behind.codes.length) behind.codes = this.#steps.longer(behind.codes, signature + 1);
    behind.codes[signature] = code;
    return code;
  }

  /** Where the walk goes from a step, by the answer to its query. */
  #fromAnswer(step: number, id: number, query: Query): number {
    const answer = query.side === 0 ? this.#answerBefore(id) : this.answers.answer(id, this.before, this.after);
    const known = this.#byAnswer.get(step, answer);
    if (known !== 0) return known;
    const parts = this.#outcomes.partsOf(step);
    const code =
      parts === undefined
        ? this.#compiler.resolve(this.#compiler.childOf(this.#steps.nodes.at(step), answer), noGroup, query.side)
        : this.listOf(parts.map((part) => this.#fromSeveral(part)));
    this.#byAnswer.set(step, answer, code);
    return code;
  }

  /**
   * Where the walk goes from a choice, or from an entry that had no atom. What does not depend on the state is kept in the
   * step's table, for the version of the layout for which it holds: the code, and the version plus one.
   */
  #fromSteady(step: number, query: Query): number {
    const table = this.#steps.tableOf(step);
    const { version } = this.layout;
    if (table[1] === version + 1) return table[0] as number;
    const group = query.ask === Ask.entry ? this.#compiler.groupOf(query) : noGroup;
    if (group !== noGroup) {
      // The entry has an atom by now: from here on this is a step of that atom's group.
      this.#steps.settle(step, group);
      return placeCode(step);
    }
    table[0] = this.#compiler.steady(this.#steps.nodes.at(step), query);
    table[1] = version + 1;
    return table[0];
  }

  /** The answer to a query about the state before the step, which many steps may ask. */
  #answerBefore(id: number): number {
    if (id < this.#answers.length && this.#answeredFor[id] === this.#stateAtHand) return this.#answers[id] as number;
    const answer = this.answers.answer(id, this.before, this.after);
    if (id >= this.#answers.length) {
      this.#answers = grown(this.#answers, id + 1);
      this.#answeredFor = grown(this.#answeredFor, id + 1);
    }
    this.#answers[id] = answer;
    this.#answeredFor[id] = this.#stateAtHand;
    return answer;
  }
}
