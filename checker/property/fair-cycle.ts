/**
 * Finds a fair cycle: a strongly connected set of nodes of the product of a state graph and an automaton, in which the
 * automaton accepts and no fairness condition is broken.
 *
 * A node is a state of the graph with a state of the automaton. A depth-first search keeps the strongly connected parts
 * of what it has found as a stack ({@link LiveParts}). As soon as a part has all marks of the automaton, and satisfies each
 * condition of fairness that is enabled all over it, it holds a cycle that is accepted and weakly fair. A strong condition that a complete part does not satisfy can be kept only by never
 * enabling it: the states where it is enabled are removed, and what remains is searched again.
 *
 * Couvreur, Duret-Lutz and Poitrenaud, "On-the-fly emptiness checks for generalized Büchi automata" (2005); for strong
 * fairness Emerson and Lei, "Modalities for model checking" (1987).
 *
 * Cost: the steps of each node once, and again for each removal; a few words a node. Nothing recurses.
 */
import { BivalentError } from '../core/index.ts';
import { IntList } from '../transition/index.ts';
import { admits, admitsStep, type Automaton, type Transition } from './automaton.ts';
import type { FairSteps } from './fair-steps.ts';
import { LiveParts, Words } from './live-parts.ts';
import { NodeTable } from './node-table.ts';

const dead = -1;

/** The mark of a part with an edge inside: the marks of automata leave this bit free. */
const cyclic = 1 << 30;

/** Nodes are numbered by 32-bit integers. */
const mostNodes = 0x7fffffff;

/** After so many edges the search pauses, so that its caller can show progress or stop it. */
const movesBetweenPauses = 1024;

/** A set of nodes that holds a fair cycle. */
export interface FairSet {
  readonly nodes: Int32Array;
}

/** A transition that leaves the first state of the automaton, and whether stuttering is enough to take it. */
interface Onward {
  readonly transition: Transition;
  readonly staysOn: boolean;
}

/** What a search needs to know of the product. */
export interface Product {
  readonly steps: FairSteps;
  readonly automaton: Automaton;
  /** Of each state of the graph, the atoms that are true of it. */
  readonly letters: Int32Array;
  /**
   * Where given: of each state of the graph, from which states of the automaton a fair cycle may be reached, as bits from
   * `firstBit` on. The search leaves out the others.
   */
  readonly futures?: { readonly bits: Int32Array; readonly firstBit: number };
}

export class CycleSearch {
  readonly #product: Product;
  readonly #steps: FairSteps;
  readonly #automaton: Automaton;
  readonly #letters: Int32Array;
  readonly #states: number;
  /** The place of each node among the live ones plus one, or `dead`. */
  readonly #order: NodeTable;
  /** The last restricted search that a node took part in; searches are numbered from 1. */
  readonly #region: NodeTable;
  #restrictedTo = 0;
  /** Nodes that are still to be searched, each list on its own. */
  readonly #open: Int32Array[] = [];

  readonly #parts = new LiveParts();
  /** The path at hand: nodes, and where their pending edges begin. */
  readonly #path = new IntList();
  readonly #pathEdges = new IntList();
  /** Edges that are still to be followed: target, marks, satisfied conditions. */
  readonly #targets = new IntList();
  readonly #targetMarks = new IntList();
  readonly #targetSatisfied = new Words();
  /** The conditions that the edge at hand satisfies. */
  #edge = new Int32Array(1);
  #found: FairSet | undefined;
  #moves = 0;

  /** @throws BivalentError `limit/product` where the product has more nodes than can be numbered */
  constructor(product: Product) {
    const { steps, automaton, letters } = product;
    this.#product = product;
    this.#steps = steps;
    this.#automaton = automaton;
    this.#letters = letters;
    this.#states = letters.length;
    const nodes = this.#states * automaton.transitions.length;
    if (nodes > mostNodes) {
      throw new BivalentError(
        'limit/product',
        `a temporal property makes ${nodes} nodes of ${this.#states} states, and there can be ${mostNodes}: check a smaller model, or write it as several properties`,
      );
    }
    this.#order = new NodeTable(this.#states);
    this.#region = new NodeTable(this.#states);
  }

  /** Bytes of all tables. */
  get bytes(): number {
    const lists = [this.#path, this.#pathEdges, this.#targets, this.#targetMarks, this.#targetSatisfied, this.#parts];
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
    const { graph } = this.#steps;
    if (!waitsAnywhere(this.#automaton)) {
      for (let state = 0; state < graph.initialCount; state++) yield* this.#searchFrom(state, 0);
      return;
    }
    // The automaton can wait in its first state wherever the behaviour goes, and no cycle there is accepted: every state
    // of the graph is reached with it.
    const onward = this.#automaton.transitions[0]!.filter(({ to }) => to !== 0).map((transition) => ({
      transition,
      staysOn: staysOn(this.#automaton, transition),
    }));
    for (let state = 0; state < graph.count && this.#found === undefined; state++) {
      // Most states lead on nowhere: they get no generator of their own.
      for (let i = 0; i < onward.length; i++) {
        if (this.#mayLeadOn(onward[i]!, state)) yield* this.#searchOnwardFrom(state, onward[i]!);
      }
    }
  }

  /** Whether there may be something to search behind a transition from the first state of the automaton. */
  #mayLeadOn({ transition, staysOn }: Onward, state: number): boolean {
    if (!admits(transition, this.#letters[state] as number)) return false;
    return !staysOn || (this.#order.column(transition.to)[state] === 0 && this.#leadsOn(transition.to, state));
  }

  /** Searches from what the first state of the automaton leads to by a transition, from a state of the graph. */
  *#searchOnwardFrom(state: number, { transition, staysOn }: Onward): Generator<void, void> {
    const { to } = transition;
    if (staysOn) {
      // To stutter is one of the steps that it may be taken with, and after it all others still can be.
      yield* this.#searchFrom(state, to);
      return;
    }
    const steps = this.#steps;
    steps.look(state);
    const targets: number[] = [];
    for (let k = 0; k < steps.count; k++) {
      if (admitsStep(transition, steps.atoms[k] as number)) targets.push(steps.targets[k] as number);
    }
    for (const target of targets) if (this.#leadsOn(to, target)) yield* this.#searchFrom(target, to);
  }

  /** Whether a fair cycle may be reached from a node: not where the automaton cannot go on. */
  #leadsOn(automatonState: number, state: number): boolean {
    const { futures } = this.#product;
    if (futures !== undefined)
      return (((futures.bits[state] as number) >>> (futures.firstBit + automatonState)) & 1) === 1;
    const letter = this.#letters[state] as number;
    const onward = this.#automaton.transitions[automatonState]!;
    for (let i = 0; i < onward.length; i++) if (admits(onward[i]!, letter)) return true;
    return false;
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
    this.#enter(automatonState, state, 0, this.#edge.fill(0));
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
    const node = this.#targets.at(edge);
    const automatonState = this.#automatonState(node);
    const state = node - automatonState * this.#states;
    const marks = this.#targetMarks.at(edge);
    const { lists } = this.#targetSatisfied;
    for (let w = 0; w < lists.length; w++) this.#edge[w] = lists[w]!.at(edge);
    this.#targetSatisfied.truncate(edge);
    const order = this.#order.column(automatonState)[state] as number;
    if (order === 0) this.#enter(automatonState, state, marks, this.#edge);
    else if (order !== dead) this.#merge(order, marks, this.#edge, 0);
  }

  /** Puts a node on the path and looks at its edges. */
  #enter(automatonState: number, state: number, marks: number, satisfied: Int32Array): void {
    const steps = this.#steps;
    steps.look(state);
    this.#reserve(steps.words);
    const node = automatonState * this.#states + state;
    this.#order.column(automatonState)[state] = this.#parts.begin(node, steps.enabled, marks, satisfied, 0);
    this.#path.push(node);
    this.#pathEdges.push(this.#targets.length);
    const letter = this.#letters[state] as number;
    const transitions = this.#automaton.transitions[automatonState]!;
    for (let i = 0; i < transitions.length; i++) {
      const transition = transitions[i]!;
      if (admits(transition, letter)) this.#addEdges(transition);
      if (this.#found !== undefined) return;
    }
  }

  /** Merges along the edges of a transition that lead to live nodes, and notes those that lead to new ones. */
  #addEdges(transition: Transition): void {
    const { to, marks } = transition;
    const steps = this.#steps;
    const { targets, atoms, satisfied, rows } = steps;
    const orders = this.#order.column(to);
    const region = this.#restrictedTo === 0 ? undefined : this.#region.column(to);
    // The last that is noted is followed first: stuttering, whose steps are at hand.
    for (let k = steps.count - 1; k >= 0; k--) {
      if (!admitsStep(transition, atoms[k] as number)) continue;
      const target = targets[k] as number;
      if (region !== undefined && region[target] !== this.#restrictedTo) continue;
      const order = orders[target] as number;
      if (order === 0) {
        if (!this.#leadsOn(to, target)) continue;
        this.#targets.push(to * this.#states + target);
        this.#targetMarks.push(marks);
        this.#targetSatisfied.push(satisfied, rows[k] as number);
      } else if (order !== dead) {
        this.#merge(order, marks, satisfied, rows[k] as number);
        if (this.#found !== undefined) return;
      }
    }
  }

  #reserve(words: number): void {
    if (this.#targetSatisfied.lists.length >= words) return;
    const edge = this.#edge;
    this.#edge = new Int32Array(words);
    this.#edge.set(edge.subarray(0, words));
    this.#parts.reserve(words);
    this.#targetSatisfied.reserve(words, this.#targets.length);
  }

  /** Makes all parts above a live node one with its part: an edge leads there from the last node of the path. */
  #merge(order: number, marks: number, satisfied: Int32Array, at: number): void {
    const parts = this.#parts;
    parts.merge(order, marks | cyclic, satisfied, at);
    const top = parts.count - 1;
    if (!this.#steps.fairness.hasStrong && this.#isWeaklyFair(top)) {
      this.#found = { nodes: parts.nodes.items.slice(parts.root(top) - 1, parts.nodes.length) };
    }
  }

  /** Whether a part is accepted, and each condition that is enabled in all of its states satisfied by one of its steps. */
  #isWeaklyFair(part: number): boolean {
    return this.#parts.isFair(part, this.#automaton.allMarks | cyclic);
  }

  /** Takes the last node from the path; where it is the first of its part, the part is complete. */
  #leave(): void {
    const node = this.#path.items[--this.#path.length] as number;
    this.#pathEdges.length = this.#path.length;
    const parts = this.#parts;
    const order = this.#order.get(node);
    const top = parts.count - 1;
    if (parts.root(top) !== order) return;
    if (this.#steps.fairness.hasStrong && this.#isWeaklyFair(top)) {
      this.#judgeStrongly(parts.nodes.items.slice(order - 1, parts.nodes.length), top);
    }
    for (let i = order - 1; i < parts.nodes.length; i++) this.#order.set(parts.nodes.at(i), dead);
    parts.end();
  }

  /** Judges a complete part, weakly fair, by the strong conditions. */
  #judgeStrongly(nodes: Int32Array, part: number): void {
    const steps = this.#steps;
    const { words } = steps;
    const strong = steps.fairness.strong();
    const broken = new Int32Array(words);
    this.#forEachEnabled(nodes, (enabled) => {
      for (let w = 0; w < words; w++) broken[w]! |= enabled[w] ?? 0;
    });
    let isBroken = false;
    for (let w = 0; w < words; w++) {
      broken[w]! &= strong[w] ?? 0;
      broken[w]! &= ~this.#parts.satisfied(part, w);
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
export function waitsAnywhere({ transitions, mayAccept }: Automaton): boolean {
  const stays = transitions[0]!.some(
    ({ to, trueInState, falseInState, trueOfStep, falseOfStep }) =>
      to === 0 && (trueInState | falseInState | trueOfStep | falseOfStep) === 0,
  );
  return stays && !mayAccept[0];
}
