/**
 * The steps of one action from one state, where some of its picks are given: for logs, which say who did what.
 *
 * The forest is walked node by node. At a choice only the elements that are allowed are followed, so that nothing is learned
 * of the others; `Relation` would work out all of them, which pays where all are wanted. Picks have names here: the names of
 * the choices on a path are noted when user code makes them.
 */
import { domainElements, type Choose, type Routine, type System } from '../spec/index.ts';
import type { RecordValue, Value } from '../value/index.ts';
import { idOf, isLeaf, isPlace, nothing, unknown } from './code.ts';
import { LearnedSystem, type Compiled } from './learned-system.ts';
import { RowsOutgrown } from './layout.ts';
import { Ask, type Query } from './query.ts';
import { forkable } from './recording-collections.ts';

/** What is given of a pick: its value, or a test that it passes. */
export type PickRule = { readonly value: Value } | { readonly passes: (element: Value) => boolean };

/** The rules of picks, by their names. Those of names that an action does not pick say nothing. */
export type PickRules = Readonly<Record<string, PickRule>>;

/** A step: what it picks, and the group numbers of the state after it. */
export interface PickedStep {
  readonly parameters: RecordValue;
  readonly ids: Int32Array;
}

/** A pick as user code made it; `isAsked` where the forest has a choice for it: one among several, or from the state. */
interface NotedPick {
  readonly name: string;
  readonly value: Value;
  readonly isAsked: boolean;
}

/**
 * A system that learns the steps it is asked for.
 *
 * States are group numbers, each slot of the state being a group: equal states have equal numbers. All that was learned is
 * kept; who asks for ever new states has to begin with a new one from time to time.
 */
export class PickedSteps {
  readonly #learned: LearnedSystem;
  readonly #compiled: Compiled;
  readonly #actions: ReadonlyMap<string, number>;
  /** What the run of user code at hand picked so far. */
  #noted: NotedPick[] = [];
  /** The names of the choices of the forest, by node, and what the steps of its leaves pick. */
  readonly #names = new Map<number, string>();
  readonly #parameters = new Map<number, RecordValue>();

  /**
   * @param leaves - paths of records and collections that are known to change shape; see `ShapeChanged`
   */
  constructor(system: System, leaves: ReadonlySet<string>) {
    this.#learned = new LearnedSystem(
      { ...system, actions: system.actions.map((action) => this.#noting(action)) },
      leaves,
    );
    this.#compiled = this.#learned.compile(this.#learned.firstLayout());
    this.#actions = new Map(system.actions.map(({ name }, i) => [name, this.#learned.numbers.actions[i] as number]));
  }

  /**
   * The group numbers of a state.
   *
   * @throws ShapeChanged
   */
  encode(state: RecordValue): Int32Array {
    const ids = new Int32Array(this.#compiled.layout.groups.length);
    this.#roomy(() => this.#compiled.layout.encode(state, ids));
    return ids;
  }

  decode(ids: Int32Array): RecordValue {
    return this.#compiled.decode(ids);
  }

  /**
   * The steps of an action from a state, in the order of what they pick.
   *
   * @throws ShapeChanged
   * @throws BivalentError where user code fails
   */
  stepsOf(ids: Int32Array, action: string, rules: PickRules): readonly PickedStep[] {
    const routine = this.#actions.get(action);
    if (routine === undefined) return [];
    const steps: PickedStep[] = [];
    this.#walk(this.#root(routine, ids), 0, ids, rules, (leaf) => {
      const parameters = this.#parameters.get(leaf) as RecordValue;
      if (!this.#allowsAll(rules, parameters)) return;
      steps.push({ parameters, ids: this.#after(leaf, ids) });
    });
    return steps;
  }

  /** Bytes of what was learned, roughly: with what the tables do not count, the objects beside them. */
  get bytes(): number {
    const { learner, values } = this.#learned;
    const { forest } = learner;
    return this.#compiled.bytes + 128 * (forest.size + values.size) + 1024 * forest.leaves.length;
  }

  /** The action, noting what it picks. */
  #noting(action: Routine): Routine {
    const { kind, name } = action;
    return {
      kind,
      name,
      run: (choose, state, other) => {
        this.#noted = [];
        const noting: Choose = (pick, domain) => {
          // A domain may be an iterator, which can be gone through only once.
          const isFork = forkable(domain) !== undefined;
          const elements = isFork ? domain : domainElements(pick, domain);
          const isAsked = isFork || (elements as readonly Value[]).length > 1;
          const value = choose(pick, elements);
          if (typeof value !== 'symbol') this.#noted.push({ name: pick, value, isAsked });
          return value;
        };
        return action.run(noting, state, other);
      },
    };
  }

  #root(routine: number, ids: Int32Array): number {
    const { learner } = this.#learned;
    const known = learner.forest.roots[routine] as number;
    if (known !== unknown) return known;
    const root = learner.learnRoot(routine, ids, ids);
    this.#enter(root, 0, ids);
    return root;
  }

  #child(node: number, answer: number, choices: number, ids: Int32Array): number {
    const { learner } = this.#learned;
    const known = learner.forest.child(node, answer);
    if (known !== unknown) return known;
    learner.learnAt(node, answer, ids, ids);
    const child = learner.forest.child(node, answer);
    this.#enter(child, choices, ids);
    return child;
  }

  /** Notes the names of the choices that the run at hand made from here on, and what the step at its end picks. */
  #enter(start: number, choicesBefore: number, ids: Int32Array): void {
    const { learner, values } = this.#learned;
    const asked = this.#noted.filter(({ isAsked }) => isAsked);
    let choices = choicesBefore;
    let code = start;
    while (isPlace(code) && code !== unknown) {
      const node = idOf(code);
      const query = learner.queries.at(learner.forest.queryOf(node));
      const pick = isChoice(query) ? asked[choices++] : undefined;
      // A choice among nothing is where the run ended.
      if (isChoice(query) && pick === undefined) return;
      if (pick !== undefined) this.#names.set(node, pick.name);
      const answer = pick === undefined ? this.#answer(node, ids) : values.id(pick.value);
      code = learner.forest.child(node, answer);
    }
    if (!isLeaf(code)) return;
    this.#parameters.set(
      idOf(code),
      Object.freeze(Object.fromEntries(this.#noted.map(({ name, value }) => [name, value]))),
    );
  }

  #answer(node: number, ids: Int32Array): number {
    return this.#compiled.relation.answers.answer(this.#learned.learner.forest.queryOf(node), ids, ids);
  }

  #walk(start: number, choicesBefore: number, ids: Int32Array, rules: PickRules, visit: (leaf: number) => void): void {
    const { forest, queries } = this.#learned.learner;
    let code = start;
    while (isPlace(code)) {
      const node = idOf(code);
      const query = queries.at(forest.queryOf(node));
      if (isChoice(query)) {
        for (const element of this.#allowed(node, query, ids, rules)) {
          this.#walk(this.#child(node, element, choicesBefore + 1, ids), choicesBefore + 1, ids, rules, visit);
        }
        return;
      }
      code = this.#child(node, this.#answer(node, ids), choicesBefore, ids);
    }
    if (code !== nothing) visit(idOf(code));
  }

  /** The elements of a choice that may be picked. */
  #allowed(node: number, query: Query, ids: Int32Array, rules: PickRules): readonly number[] {
    const { learner, values } = this.#learned;
    const { answers } = this.#compiled.relation;
    const elements = query.ask === Ask.choice ? learner.domainOf(query) : answers.elements(query, ids, ids);
    const name = this.#names.get(node);
    const rule = name !== undefined && Object.hasOwn(rules, name) ? rules[name] : undefined;
    if (rule === undefined) return elements;
    if ('passes' in rule) return elements.filter((element) => rule.passes(values.value(element)));
    const given = values.id(rule.value);
    return elements.includes(given) ? [given] : [];
  }

  /** Whether everything that a step picks is allowed: choices that offer one element only are not in the forest. */
  #allowsAll(rules: PickRules, parameters: RecordValue): boolean {
    const { values } = this.#learned;
    return Object.entries(rules).every(([name, rule]) => {
      const picked = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
      if (picked === undefined) return true;
      return 'passes' in rule ? rule.passes(picked) : values.id(rule.value) === values.id(picked);
    });
  }

  /** The state after the step of a leaf, completed by `afterEach`. */
  #after(leaf: number, ids: Int32Array): Int32Array {
    const { relation } = this.#compiled;
    const { afterEach } = this.#learned.numbers;
    const after = this.#applied(leaf, ids);
    if (afterEach === undefined) return after;
    relation.lookAt(ids, after);
    let tail = 0;
    for (const { code } of relation.rootsOf(afterEach)) {
      relation.walk(code, (id) => {
        tail = id;
      });
    }
    return tail === 0 ? after : this.#applied(tail, after);
  }

  /** What a leaf makes of a state. Tables of what it makes of each would grow with the square of a log's length. */
  #applied(leaf: number, ids: Int32Array): Int32Array {
    const { relation } = this.#compiled;
    let after = ids;
    this.#roomy(() => {
      after = ids.slice();
      relation.effects.applyOnce(relation.leaf(leaf).effects, after);
    });
    return after;
  }

  /** Does something, again where a number did not fit: rows are not stored here, and can always be widened. */
  #roomy(work: () => void): void {
    for (;;) {
      try {
        return work();
      } catch (error) {
        if (!(error instanceof RowsOutgrown)) throw error;
        this.#compiled.layout.pack(8);
      }
    }
  }
}

const isChoice = ({ ask }: Query): boolean => ask === Ask.choice || ask === Ask.fork;
