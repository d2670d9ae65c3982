/**
 * From the forest to the steps of a relation: which step a node becomes, and where it leads for a tuple of its group.
 *
 * The walk goes on through all reads that the same tuple answers. Where the forest ends, user code is run on the states at
 * hand.
 */
import type { Answers } from './answers.ts';
import { idOf, isLeaf, isPlace, nothing, placeCode, unknown } from './code.ts';
import type { Forest } from './forest.ts';
import type { TupleTable } from './int-tables.ts';
import type { Layout } from './layout.ts';
import type { Learner } from './learner.ts';
import type { Outcomes } from './outcomes.ts';
import { Ask, type Query, type QueryTable } from './query.ts';
import { noGroup, type StepTables } from './step-tables.ts';

/** Where a routine begins: `node` of the forest (0 where it asks nothing), the group that it asks, and its code. */
export interface FirstPlace {
  readonly node: number;
  readonly group: number;
  readonly code: number;
}

/** The group numbers of the states that routines are run on: before the step, and after it. */
export interface StatesAtHand {
  readonly before: Int32Array;
  readonly after: Int32Array;
}

/** What a compiler works on; all of it belongs to one relation. */
interface CompilerGround {
  readonly layout: Layout;
  readonly answers: Answers;
  readonly steps: StepTables;
  readonly outcomes: Outcomes;
  readonly atHand: StatesAtHand;
}

/** Compiles nodes as they are met; it keeps nothing but what it adds to the steps and the outcomes. */
export class StepCompiler {
  readonly #layout: Layout;
  readonly #learner: Learner;
  readonly #forest: Forest;
  readonly #queries: QueryTable;
  readonly #answers: Answers;
  readonly #steps: StepTables;
  readonly #outcomes: Outcomes;
  readonly #atHand: StatesAtHand;

  constructor(learner: Learner, { layout, answers, steps, outcomes, atHand }: CompilerGround) {
    this.#layout = layout;
    this.#learner = learner;
    this.#forest = learner.forest;
    this.#queries = learner.queries;
    this.#answers = answers;
    this.#steps = steps;
    this.#outcomes = outcomes;
    this.#atHand = atHand;
  }

  /** Adds the first places behind the code of a root. */
  plant(code: number, places: FirstPlace[]): void {
    if (code === nothing) return;
    if (isLeaf(code)) {
      places.push({ node: 0, group: noGroup, code });
      return;
    }
    const node = idOf(code);
    const query = this.#queries.at(this.#forest.queryOf(node));
    if (query.ask === Ask.choice) {
      for (const element of this.#learner.domainOf(query)) this.plant(this.childOf(node, element), places);
      return;
    }
    if (query.ask === Ask.fork && this.#layout.spread.has(query.slot)) {
      for (const group of this.#layout.groupsOfSlot[query.slot] as number[]) {
        places.push({ node, group, code: placeCode(this.#steps.ofPart(node, group, query.side)) });
      }
      return;
    }
    const step = this.#stepOf(node);
    places.push({ node, group: this.#steps.groups.at(step), code: placeCode(step) });
  }

  /** The child of a node for an answer, learned on the states at hand if need be. */
  childOf(node: number, answer: number): number {
    const child = this.#forest.child(node, answer);
    if (child !== unknown) return child;
    this.#learner.learnAt(node, answer, this.#atHand.before, this.#atHand.after);
    return this.#forest.child(node, answer);
  }

  #stepOf(node: number): number {
    const known = this.#steps.ofNode(node);
    if (known !== 0) return known;
    const query = this.#queries.at(this.#forest.queryOf(node));
    return this.#steps.addOfNode(node, this.groupOf(query), query.side);
  }

  /** The group that alone answers a query, or `noGroup`. */
  groupOf({ slot, ask, argument }: Query): number {
    if (ask === Ask.choice) return noGroup;
    const layout = this.#layout;
    if (!layout.spread.has(slot)) return layout.groupOfAtom(layout.atom(slot, 0));
    const atom = ask === Ask.entry ? layout.atom(slot, argument) : -1;
    return atom < 0 ? noGroup : layout.groupOfAtom(atom);
  }

  /** Where a step leads for one tuple of its group; the states at hand have it. */
  outcomeOf(step: number, id: number): number {
    const node = this.#steps.nodes.at(step);
    const group = this.#steps.groups.at(step);
    const side = this.#steps.sides.at(step);
    const query = this.#queries.at(this.#forest.queryOf(node));
    const spread = query.ask === Ask.fork && this.#layout.spread.has(query.slot);
    return spread ? this.#forkPart(node, query, group, id) : this.resolve(placeCode(node), group, side);
  }

  /** Walks from a code of the forest as far as the tuple of one group answers, and compiles where it stops. */
  resolve(start: number, group: number, side: number): number {
    let code = start;
    while (isPlace(code)) {
      const node = idOf(code);
      const id = this.#forest.queryOf(node);
      const query = this.#queries.at(id);
      if (query.ask === Ask.choice) return this.#branches(node, this.#learner.domainOf(query), group, side);
      if (query.side !== side || group === noGroup || this.groupOf(query) !== group) {
        return placeCode(this.#stepOf(node));
      }
      const { before, after } = this.#atHand;
      if (query.ask === Ask.fork) {
        return this.#branches(node, this.#answers.elements(query, before, after), group, side);
      }
      code = this.childOf(node, this.#answers.answer(id, before, after));
    }
    return code;
  }

  #branches(node: number, answers: readonly number[], group: number, side: number): number {
    return this.#outcomes.of(answers.map((answer) => this.resolve(this.childOf(node, answer), group, side)));
  }

  /** The outcomes of a choice among the entries of a spread slot that one group holds. */
  #forkPart(node: number, query: Query, group: number, id: number): number {
    const table = this.#layout.groups[group] as TupleTable;
    const members = this.#layout.members[group] as [number, number][];
    const present = members.filter(([slot], i) => slot === query.slot && table.items[id * table.width + i] !== 0);
    return this.#branches(
      node,
      present.map(([, key]) => key),
      group,
      query.side,
    );
  }

  /** Where the walk goes from a choice, or from an entry that no state has held yet, whatever the state. */
  steady(node: number, query: Query): number {
    if (query.ask === Ask.choice) return this.#branches(node, this.#learner.domainOf(query), noGroup, query.side);
    if (query.ask === Ask.fork) {
      const groups = this.#layout.groupsOfSlot[query.slot] as number[];
      return this.#outcomes.of(groups.map((group) => placeCode(this.#steps.ofPart(node, group, query.side))));
    }
    return this.resolve(this.childOf(node, 0), noGroup, query.side);
  }
}
