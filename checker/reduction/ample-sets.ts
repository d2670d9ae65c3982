/**
 * Partial-order reduction: of steps that do not interfere, one order is followed, and states in between are left out.
 *
 * From a state, the steps of one process are enough where nothing that others do before can interfere with them: it reads
 * and writes its own state alone, takes what stands at the heads of its queues, and appends to queues that it alone
 * writes; and each queue that leads to it holds something, or it takes nothing from it now whatever comes, so that nobody
 * else can enable another of its steps. That
 * this is all that its steps touch is known from how a protocol calls its author's functions, and checked on what every
 * run of them was seen to read and write.
 *
 * Three more conditions make this sound. The steps must not write what properties read: then a state that is left out
 * differs from one that is kept only in what no property looks at, and since a property is a function of what it reads, it
 * says the same of both. What properties read is learned as the search goes on; where they turn out to read more, the
 * search begins again. A successor must be yet to be expanded, so that in no cycle the steps of others are put off for
 * ever. And a state's deadlock is judged on all of its enabled steps.
 *
 * Peled, "All from one, one for all: on model checking using representatives" (1993); the condition on cycles for
 * breadth-first search is that of Bošnački and Holzmann, "Improving Spin's partial-order reduction for breadth-first
 * search" (2005).
 *
 * Cost: a look at each enabled step, and for the steps that are chosen a look-up of their successors of their own.
 */
import type { PartPath, Process, Processes, Routine, System } from '../spec/index.ts';
import {
  idOf,
  IntList,
  isPlace,
  unknown,
  type LearnedSystem,
  type Relation,
  type Shape,
  type StepChoice,
} from '../transition/index.ts';

/** What a process may touch, by the slots of the state. */
interface Footing {
  readonly process: Process;
  readonly own: ReadonlySet<number>;
  readonly out: ReadonlySet<number>;
  /** The queues in which something must wait; undefined where they are not parts of their own. */
  readonly incoming: readonly number[] | undefined;
}

/** The answer to a query, in the state at hand. */
type AnswerAt = (query: number) => number;

/** Of a leaf: the process that takes the step, or -1; and whether it may be among the steps that are chosen. */
interface LeafInfo {
  readonly process: number;
  readonly isLocal: boolean;
}

/** Why a system's steps cannot be left out, whatever its states; undefined where they may be. */
export function partialOrderRefusal(system: System): string | undefined {
  const { processes, transitionInvariants, constraint, actionConstraint, afterEach } = system;
  if (typeof processes === 'string') return processes;
  if (transitionInvariants.length > 0) return 'transition invariants speak of every step';
  if (constraint !== undefined || actionConstraint !== undefined) return 'a constraint leaves out states of its own';
  if (afterEach !== undefined) return 'afterEach makes every step touch what it writes';
  const foreign = system.actions.find(({ name }) => !Object.hasOwn(processes.takers, name));
  return foreign && `the action ${foreign.name} is not of one process`;
}

/** The choice of steps for a system of which {@link partialOrderRefusal} says nothing. */
export function ampleSets(learned: LearnedSystem): StepChoice {
  return new AmpleSets(learned);
}

class AmpleSets implements StepChoice {
  refusal: string | undefined;
  readonly #learned: LearnedSystem;
  readonly #takers: Processes['takers'];
  readonly #footings: readonly Footing[];
  /** The slots that some process may touch. */
  readonly #touched: ReadonlySet<number>;
  /** The slots that properties read. */
  readonly #visible = new Set<number>();
  /** How many nodes of the forest were looked at. */
  #nodes = 0;
  #used = false;
  #leaves: (LeafInfo | undefined)[] = [];
  readonly #lists: readonly IntList[];
  readonly #isLocal: boolean[];
  readonly #empty: number;

  constructor(learned: LearnedSystem) {
    this.#learned = learned;
    const { processes } = learned.system;
    const { takers, all } = typeof processes === 'string' ? { takers: {}, all: [] } : processes;
    this.#takers = takers;
    this.#footings = all.map((process) => footingOf(learned, process));
    this.#touched = new Set(this.#footings.flatMap(({ own, out }) => [...own, ...out]));
    this.#lists = this.#footings.map(() => new IntList());
    this.#isLocal = this.#footings.map(() => true);
    this.#empty = learned.values.id([]);
  }

  *candidates(leaves: IntList, ids: Int32Array, { layout, answers }: Relation): Generator<IntList> {
    if (this.refusal !== undefined || leaves.length < 2) return;
    this.#footings.forEach((_, process) => {
      this.#lists[process]!.length = 0;
      this.#isLocal[process] = true;
    });
    for (let i = 0; i < leaves.length; i++) {
      const leaf = leaves.at(i);
      const { process, isLocal } = (this.#leaves[leaf] ??= this.#infoOf(leaf));
      this.#lists[process]!.push(leaf);
      if (!isLocal) this.#isLocal[process] = false;
    }
    for (const [process, footing] of this.#footings.entries()) {
      const own = this.#lists[process]!;
      if (own.length === 0 || own.length === leaves.length || !this.#isLocal[process]) continue;
      const isEmpty = (queue: number): boolean => layout.atomValue(layout.atom(queue, 0), ids) === this.#empty;
      if (footing.incoming === undefined) continue;
      const ask = (query: number): number => answers.answer(query, ids, ids);
      if (footing.incoming.some(isEmpty) && !this.#looksAtNoEmptyQueue(footing, isEmpty, ask)) continue;
      this.#used = true;
      yield own;
    }
  }

  /**
   * Whether nothing that others send can enable another step of a process now: each of its actions ends, in this state,
   * before it looks at a queue that is empty. It looked at nothing but what the process owns, so it ends there whatever
   * arrives.
   */
  #looksAtNoEmptyQueue(
    { process, own, out, incoming = [] }: Footing,
    isEmpty: (queue: number) => boolean,
    ask: AnswerAt,
  ): boolean {
    const { learner, values, numbers } = this.#learned;
    const { forest, queries } = learner;
    const endsBefore = (code: number): boolean => {
      if (!isPlace(code)) return true;
      if (code === unknown) return false;
      const node = idOf(code);
      const id = forest.queryOf(node);
      const query = queries.at(id);
      if (query.slot < 0) return learner.domainOf(query).every((element) => endsBefore(forest.child(node, element)));
      if (!own.has(query.slot) && !out.has(query.slot)) return false;
      if (incoming.includes(query.slot)) return !isEmpty(query.slot);
      return endsBefore(forest.child(node, ask(id)));
    };
    const name = values.id(process.name);
    return numbers.actions.every((routine) => {
      const takers = this.#takersOf(routine);
      if (!takers.includes(process.name)) return true;
      const root = forest.roots[routine] as number;
      if (root === unknown) return false;
      return endsBefore(takers.length === 1 ? root : forest.child(idOf(root), name));
    });
  }

  isOutgrown(): boolean {
    const { learner } = this.#learned;
    const { forest, queries, routines } = learner;
    let grew = false;
    while (this.#nodes < forest.size) {
      const node = ++this.#nodes;
      const { slot } = queries.at(forest.queryOf(node));
      const { kind, name } = routines[forest.routineOf(node)] as Routine;
      if (slot < 0) continue;
      if (kind !== 'action') {
        if (!this.#visible.has(slot)) grew = true;
        this.#visible.add(slot);
      } else if (!this.#touched.has(slot)) {
        grew = true;
        this.refusal = `${name} reads ${this.#learned.shape.slots[slot]!.path}, which all share`;
      }
    }
    const unlearned = routines.find((_, routine) => learner.direct(routine) !== undefined);
    if (unlearned !== undefined && this.refusal === undefined) {
      grew = true;
      this.refusal = `what ${unlearned.name} reads is not known, since it is called on every state`;
    }
    if (!grew) return false;
    this.#leaves = [];
    const wasUsed = this.#used;
    this.#used = false;
    return wasUsed;
  }

  #infoOf(leaf: number): LeafInfo {
    const { learner } = this.#learned;
    const { forest, queries } = learner;
    const { routine, parent, effects } = forest.leaves[leaf]!;
    const [only, ...others] = this.#takersOf(routine);
    const name = others.length === 0 ? only : learner.chosenOnPath(leaf)[0];
    const process = this.#footings.findIndex((footing) => footing.process.name === name);
    const { own, out } = this.#footings[process]!;
    const reads: number[] = [];
    for (let node = parent; node !== 0; node = forest.parentOf(node)) reads.push(queries.at(forest.queryOf(node)).slot);
    const writes = effects.map(({ slot }) => slot);
    const isLocal =
      reads.every((slot) => slot < 0 || own.has(slot) || out.has(slot)) &&
      writes.every((slot) => (own.has(slot) || out.has(slot)) && !this.#visible.has(slot));
    return { process, isLocal };
  }

  #takersOf(routine: number): readonly string[] {
    return this.#takers[this.#learned.learner.routines[routine]!.name]!;
  }
}

function footingOf({ shape }: LearnedSystem, process: Process): Footing {
  const slots = (paths: readonly PartPath[]): number[] => paths.flatMap((path) => slotsAt(shape.root, path));
  const out = new Set(slots(process.outQueues));
  const queues = process.inQueues.map((path) => slotsAt(shape.root, path));
  const isWhole = queues.every(({ length }) => length === 1);
  return {
    process,
    own: new Set(slots(process.own)),
    out,
    incoming: isWhole ? queues.flat().filter((queue) => !out.has(queue)) : undefined,
  };
}

/** The slots of a part of the state; none where it is inside a slot, with other parts. */
function slotsAt(shape: Shape, [key, ...rest]: PartPath): number[] {
  if (shape.kind === 'slot') return key === undefined ? [shape.slot.index] : [];
  if (key === undefined) return [...shape.fields.values()].flatMap((field) => slotsAt(field, []));
  const field = shape.fields.get(key);
  return field === undefined ? [] : slotsAt(field, rest);
}
