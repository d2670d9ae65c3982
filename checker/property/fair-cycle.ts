/**
 * Finds a fair cycle: a strongly connected set of nodes of the product of a state graph and an automaton, in which the
 * automaton accepts and no fairness condition is broken.
 *
 * A node is a state of the graph with a state of the automaton. A depth-first search keeps the strongly connected parts
 * of what it has found as a stack: an edge back into the stack merges all parts above its target. Each part knows which
 * marks of the automaton and which conditions of fairness its steps satisfy, and which conditions are enabled in all of
 * its states. As soon as a part has all marks, and satisfies each condition that is enabled all over it, it holds a cycle
 * that is accepted and weakly fair. A strong condition that a complete part does not satisfy can be kept only by never
 * enabling it: the states where it is enabled are removed, and what remains is searched again.
 *
 * The loop's invariant: the nodes on the stack of live nodes are those that reach the node at hand or are reached from
 * it and are not known to be in a complete part; the entries of the stack of parts divide them.
 *
 * Couvreur, Duret-Lutz and Poitrenaud, "On-the-fly emptiness checks for generalized Büchi automata" (2005); for strong
 * fairness Emerson and Lei, "Modalities for model checking" (1987).
 *
 * Cost: the steps of each node once, and again for each removal; a few words a node. Nothing recurses.
 */
import { IntList } from '../transition/index.ts';
import type { Automaton, Transition } from './automaton.ts';
import type { FairSteps } from './fair-steps.ts';
import { NodeTable } from './node-table.ts';

const dead = -1;

/** After so many edges the search pauses, so that its caller can show progress or stop it. */
const movesBetweenPauses = 1024;

/** A set of nodes that holds a fair cycle. */
export interface FairSet {
  readonly nodes: Int32Array;
}

/** Lists of words: one list for each word of a set of conditions. */
class Words {
  readonly lists: IntList[] = [];

  /** Sees to it that there are lists for so many words; new ones hold zeros. */
  reserve(words: number, length: number): void {
    while (this.lists.length < words) {
      const list = new IntList();
      while (list.length < length) list.push(0);
      this.lists.push(list);
    }
  }

  push(from: Int32Array, start: number): void {
    for (let w = 0; w < this.lists.length; w++) this.lists[w]!.push(from[start + w] ?? 0);
  }

  truncate(length: number): void {
    for (const list of this.lists) list.length = length;
  }
}

export class CycleSearch {
  readonly #steps: FairSteps;
  readonly #letters: Int32Array;
  readonly #states: number;
  /** The place of each node among the live ones plus one, or `dead`. */
  readonly #order: NodeTable;
  /** The last restricted search that a node took part in; searches are numbered from 1. */
  readonly #region: NodeTable;
  #restrictedTo = 0;
  /** Nodes that are still to be searched, each list on its own. */
  readonly #open: Int32Array[] = [];

  readonly #live = new IntList();
  /** The path at hand: nodes, and where their pending edges begin. */
  readonly #path = new IntList();
  readonly #pathEdges = new IntList();
  /** Edges that are still to be followed: target, marks, satisfied conditions. */
  readonly #targets = new IntList();
  readonly #targetMarks = new IntList();
  readonly #targetSatisfied = new Words();
  /** The parts: the place of the first node, whether there is an edge inside, marks, conditions; and the edge that led there. */
  readonly #roots = new IntList();
  readonly #cyclic = new IntList();
  readonly #marks = new IntList();
  readonly #enabled = new Words();
  readonly #satisfied = new Words();
  readonly #edgeMarks = new IntList();
  readonly #edgeSatisfied = new Words();
  /** The conditions that the edge at hand satisfies. */
  #edge = new Int32Array(1);
  #found: FairSet | undefined;
  #moves = 0;

  /**
   * @param letters - of each state of the graph, the atoms that are true of it
   */
  constructor(steps: FairSteps, letters: Int32Array) {
    this.#steps = steps;
    this.#letters = letters;
    this.#states = steps.graph.count;
    this.#order = new NodeTable(this.#states);
    this.#region = new NodeTable(this.#states);
  }

  /** Bytes of all tables. */
  get bytes(): number {
    const lists = [this.#live, this.#path, this.#pathEdges, this.#targets, this.#targetMarks];
    return lists.reduce((sum, { bytes }) => sum + bytes, this.#order.bytes + this.#region.bytes);
  }

  /** Searches, and pauses now and then; what it found is in {@link found}. */
  *search(): Generator<void, void> {
    yield* this.#searchFromStart();
    while (this.#found === undefined && this.#open.length > 0) yield* this.#searchAgain(this.#open.pop()!);
  }

  /** A set of nodes that holds a fair cycle and can be reached; undefined where there is none, or none yet. */
  get found(): FairSet | undefined {
    return this.#found;
  }

  *#searchFromStart(): Generator<void, void> {
    const { graph, automaton } = this.#steps;
    if (!waitsAnywhere(automaton)) {
      for (let state = 0; state < graph.initialCount; state++) yield* this.#searchFrom(state, 0);
      return;
    }
    // The automaton can wait in its first state wherever the behaviour goes, and no cycle there is accepted: every state
    // of the graph is reached with it.
    for (let state = 0; state < graph.count && this.#found === undefined; state++) yield* this.#searchOnwardFrom(state);
  }

  /** Searches from what the first state of the automaton leads to, from a state of the graph. */
  *#searchOnwardFrom(state: number): Generator<void, void> {
    const steps = this.#steps;
    const { automaton } = steps;
    const letter = this.#letters[state] as number;
    for (const transition of automaton.transitions[0]!) {
      const { to } = transition;
      if (to === 0 || !admits(transition, letter)) continue;
      if (staysOn(automaton, transition)) {
        // To stutter is one of the steps that it may be taken with, and after it all others still can be.
        yield* this.#searchFrom(state, to);
        continue;
      }
      steps.look(state);
      const targets: number[] = [];
      for (let k = 0; k < steps.count; k++) {
        if (admitsStep(transition, steps.atoms[k] as number)) targets.push(steps.targets[k] as number);
      }
      for (const target of targets) yield* this.#searchFrom(target, to);
    }
  }

  /** Searches some nodes alone, among which no node of the rest is met. */
  *#searchAgain(nodes: Int32Array): Generator<void, void> {
    this.#restrictedTo++;
    for (const node of nodes) {
      this.#region.set(node, this.#restrictedTo);
      this.#order.set(node, 0);
    }
    for (const node of nodes) {
      const automatonState = this.#automatonState(node);
      yield* this.#searchFrom(node - automatonState * this.#states, automatonState);
    }
  }

  #automatonState(node: number): number {
    return Math.floor(node / this.#states);
  }

  *#searchFrom(state: number, automatonState: number): Generator<void, void> {
    if (this.#found !== undefined || this.#order.column(automatonState)[state] !== 0) return;
    this.#enter(automatonState, state, 0, this.#edge.fill(0), 0);
    while (this.#path.length > 0 && this.#found === undefined) {
      const top = this.#path.length - 1;
      if (this.#targets.length > this.#pathEdges.at(top)) this.#follow();
      else this.#leave();
      if (++this.#moves % movesBetweenPauses === 0) yield;
    }
  }

  /** Follows the last of the pending edges. */
  #follow(): void {
    const edge = --this.#targets.length;
    this.#targetMarks.length = edge;
    const node = this.#targets.items[edge] as number;
    const marks = this.#targetMarks.items[edge] as number;
    const satisfied = this.#edge;
    this.#targetSatisfied.lists.forEach((list, w) => (satisfied[w] = list.items[edge] as number));
    this.#targetSatisfied.truncate(edge);
    const automatonState = this.#automatonState(node);
    const state = node - automatonState * this.#states;
    const order = this.#order.column(automatonState)[state] as number;
    if (order === 0) this.#enter(automatonState, state, marks, satisfied, 0);
    else if (order !== dead) this.#merge(order, marks, satisfied, 0);
  }

  /** Puts a node on the path and looks at its edges. */
  #enter(automatonState: number, state: number, marks: number, satisfied: Int32Array, at: number): void {
    const steps = this.#steps;
    steps.look(state);
    this.#reserve(steps.words);
    const node = automatonState * this.#states + state;
    const order = this.#live.push(node) + 1;
    this.#order.column(automatonState)[state] = order;
    this.#roots.push(order);
    this.#cyclic.push(0);
    this.#marks.push(0);
    this.#enabled.push(steps.enabled, 0);
    this.#satisfied.push(emptyWords, 0);
    this.#edgeMarks.push(marks);
    this.#edgeSatisfied.push(satisfied, at);
    this.#path.push(node);
    this.#pathEdges.push(this.#targets.length);
    const letter = this.#letters[state] as number;
    for (const transition of steps.automaton.transitions[automatonState]!) {
      if (admits(transition, letter)) this.#addEdges(transition);
      if (this.#found !== undefined) return;
    }
  }

  /** Merges along the edges of a transition that lead to live nodes, and notes those that lead to new ones. */
  #addEdges(transition: Transition): void {
    const { to, marks } = transition;
    const steps = this.#steps;
    const onward = steps.automaton.transitions[to]!;
    const orders = this.#order.column(to);
    const region = this.#restrictedTo === 0 ? undefined : this.#region.column(to);
    // The last that is noted is followed first: stuttering, whose steps are at hand.
    for (let k = steps.count - 1; k >= 0; k--) {
      if (!admitsStep(transition, steps.atoms[k] as number)) continue;
      const target = steps.targets[k] as number;
      if (region !== undefined && region[target] !== this.#restrictedTo) continue;
      const order = orders[target] as number;
      if (order === 0) {
        // A node from which the automaton cannot go on is no part of a cycle.
        const letter = this.#letters[target] as number;
        if (!onward.some((next) => admits(next, letter))) continue;
        this.#targets.push(to * this.#states + target);
        this.#targetMarks.push(marks);
        this.#targetSatisfied.push(steps.satisfied, k * steps.words);
      } else if (order !== dead) {
        this.#merge(order, marks, steps.satisfied, k * steps.words);
        if (this.#found !== undefined) return;
      }
    }
  }

  #reserve(words: number): void {
    if (this.#enabled.lists.length >= words) return;
    const edge = this.#edge;
    this.#edge = new Int32Array(words);
    this.#edge.set(edge);
    this.#enabled.reserve(words, this.#roots.length);
    this.#satisfied.reserve(words, this.#roots.length);
    this.#edgeSatisfied.reserve(words, this.#roots.length);
    this.#targetSatisfied.reserve(words, this.#targets.length);
  }

  /** Makes all parts above a live node one with its part: an edge leads there from the last node of the path. */
  #merge(order: number, marks: number, satisfied: Int32Array, at: number): void {
    let top = this.#roots.length - 1;
    let all = marks;
    while (this.#roots.at(top) > order) {
      all |= this.#marks.at(top) | this.#edgeMarks.at(top);
      for (let w = 0; w < this.#enabled.lists.length; w++) {
        const [enabled, taken] = [this.#enabled.lists[w]!.items, this.#satisfied.lists[w]!.items];
        enabled[top - 1]! &= enabled[top] as number;
        taken[top - 1]! |= (taken[top] as number) | this.#edgeSatisfied.lists[w]!.at(top);
      }
      top--;
    }
    this.#truncateParts(top + 1);
    this.#marks.items[top]! |= all;
    this.#cyclic.items[top] = 1;
    for (let w = 0; w < this.#satisfied.lists.length; w++) {
      this.#satisfied.lists[w]!.items[top]! |= satisfied[at + w] ?? 0;
    }
    if (!this.#steps.fairness.hasStrong && this.#isWeaklyFair(top)) {
      this.#found = { nodes: this.#live.items.slice(this.#roots.at(top) - 1, this.#live.length) };
    }
  }

  #truncateParts(length: number): void {
    for (const list of [this.#roots, this.#cyclic, this.#marks, this.#edgeMarks]) list.length = length;
    for (const words of [this.#enabled, this.#satisfied, this.#edgeSatisfied]) words.truncate(length);
  }

  /** Whether a part is accepted, and each condition that is enabled in all of its states satisfied by one of its steps. */
  #isWeaklyFair(part: number): boolean {
    const { allMarks } = this.#steps.automaton;
    if (this.#cyclic.at(part) === 0 || (this.#marks.at(part) & allMarks) !== allMarks) return false;
    return this.#enabled.lists.every((list, w) => (list.at(part) & ~this.#satisfied.lists[w]!.at(part)) === 0);
  }

  /** Takes the last node from the path; where it is the first of its part, the part is complete. */
  #leave(): void {
    const node = this.#path.items[--this.#path.length] as number;
    this.#pathEdges.length = this.#path.length;
    const order = this.#order.get(node);
    const top = this.#roots.length - 1;
    if (this.#roots.at(top) !== order) return;
    if (this.#steps.fairness.hasStrong && this.#isWeaklyFair(top)) {
      this.#judgeStrongly(this.#live.items.slice(order - 1, this.#live.length), top);
    }
    for (let i = order - 1; i < this.#live.length; i++) this.#order.set(this.#live.at(i), dead);
    this.#live.length = order - 1;
    this.#truncateParts(top);
  }

  /** Judges a complete part, weakly fair, by the strong conditions. */
  #judgeStrongly(nodes: Int32Array, part: number): void {
    const steps = this.#steps;
    const words = this.#satisfied.lists.length;
    const strong = steps.fairness.strong();
    const broken = new Int32Array(words);
    this.#forEachEnabled(nodes, (enabled) => {
      for (let w = 0; w < words; w++) broken[w]! |= enabled[w] ?? 0;
    });
    let isBroken = false;
    for (let w = 0; w < words; w++) {
      broken[w]! &= strong[w] ?? 0;
      broken[w]! &= ~this.#satisfied.lists[w]!.at(part);
      if (broken[w] !== 0) isBroken = true;
    }
    if (!isBroken) {
      this.#found = { nodes };
      return;
    }
    const rest: number[] = [];
    this.#forEachEnabled(nodes, (enabled, node) => {
      if (broken.every((bits, w) => (bits & (enabled[w] ?? 0)) === 0)) rest.push(node);
    });
    if (rest.length > 0) this.#open.push(Int32Array.from(rest));
  }

  #forEachEnabled(nodes: Int32Array, visit: (enabled: Int32Array, node: number) => void): void {
    for (const node of nodes) {
      this.#steps.look(node % this.#states);
      visit(this.#steps.enabled, node);
    }
  }
}

const emptyWords = new Int32Array(0);

/** Whether a transition may be taken in a state with some atoms. */
function admits({ trueInState, falseInState }: Transition, letter: number): boolean {
  return (letter & trueInState) === trueInState && (letter & falseInState) === 0;
}

/** Whether a transition may be taken with a step with some atoms. */
function admitsStep({ trueOfStep, falseOfStep }: Transition, atoms: number): boolean {
  return (atoms & trueOfStep) === trueOfStep && (atoms & falseOfStep) === 0;
}

/** Whether, where a transition may be taken, it may be taken with a stuttering step, and its target then stays as it is. */
function staysOn({ transitions }: Automaton, { trueInState, falseInState, trueOfStep, to }: Transition): boolean {
  if (trueOfStep !== 0) return false;
  return transitions[to]!.some(
    (loop) =>
      loop.to === to &&
      (loop.trueInState & ~trueInState) === 0 &&
      (loop.falseInState & ~falseInState) === 0 &&
      (loop.trueOfStep | loop.falseOfStep) === 0,
  );
}

/** Whether an automaton can stay in its first state wherever a behaviour goes, and is not accepting there. */
function waitsAnywhere({ transitions, mayAccept }: Automaton): boolean {
  const stays = transitions[0]!.some(
    ({ to, trueInState, falseInState, trueOfStep, falseOfStep }) =>
      to === 0 && (trueInState | falseInState | trueOfStep | falseOfStep) === 0,
  );
  return stays && !mayAccept[0];
}
