/**
 * From a set of nodes that holds a fair cycle to a lasso: a shortest path to the set, and a cycle in it that meets
 * every mark of the automaton and breaks no condition of fairness.
 *
 * The cycle goes to the nearest step that satisfies something that is still wanting, again and again, and back. It is
 * short, not always shortest. Where a behaviour may stop (stutter forever), be it in the set or before it, that is the
 * whole cycle; where it may in the set, no lasso that ends in a stop is shorter.
 *
 * Cost: breadth-first searches through the product, one to the set and one in it for each mark and condition.
 */
import { IntList } from '../transition/index.ts';
import { admits, admitsStep, type Automaton } from './automaton.ts';
import type { FairSet, Product } from './fair-cycle.ts';
import type { FairSteps } from './fair-steps.ts';
import { NodeTable } from './node-table.ts';

/** A behaviour: states of the graph, from an initial one; the last is the one at `loopsTo` again. */
export interface Lasso {
  readonly states: readonly number[];
  readonly loopsTo: number;
}

/** A step of the product: where it leads, and what it satisfies. */
interface Edge {
  readonly to: number;
  readonly marks: number;
  /** The conditions of fairness that it satisfies, as words. */
  readonly satisfied: Int32Array;
}

/** What is still wanting in a cycle. */
interface Wanting {
  marks: number;
  /** Conditions that need a step, or a state in which they are not enabled. */
  readonly weak: Set<number>;
  /** Conditions that need a step. */
  readonly strong: Set<number>;
}

/**
 * Finds a lasso.
 *
 * @param keepsStuttering - whether steps that change nothing are shown: they matter where a formula uses `next`
 */
export function lassoTo(product: Product, set: FairSet, keepsStuttering: boolean): Lasso {
  return new LassoSearch(product, set, keepsStuttering).lasso();
}

class LassoSearch {
  readonly #steps: FairSteps;
  readonly #automaton: Automaton;
  readonly #letters: Int32Array;
  readonly #nodes: Int32Array;
  /** Of each node of the set 1. */
  readonly #inSet: NodeTable;
  readonly #keepsStuttering: boolean;
  readonly #states: number;

  constructor({ steps, automaton, letters }: Product, { nodes }: FairSet, keepsStuttering: boolean) {
    this.#steps = steps;
    this.#automaton = automaton;
    this.#letters = letters;
    this.#keepsStuttering = keepsStuttering;
    this.#states = steps.graph.count;
    this.#nodes = nodes;
    this.#inSet = new NodeTable(this.#states);
    for (const node of nodes) this.#inSet.set(node, 1);
  }

  lasso(): Lasso {
    const mayRestInSet = this.#nodes.some((node) => this.#mayRest(node));
    const initial = Array.from({ length: this.#steps.graph.initialCount }, (_, state) => state);
    const prefix = this.#path(initial, (node) => this.#mayRest(node) || (!mayRestInSet && this.#inSet.get(node) === 1));
    const start = prefix.at(-1) as number;
    const before = this.#visible(prefix);
    if (this.#mayRest(start)) return { states: before, loopsTo: before.length - 1 };
    const cycle = this.#visible([start, ...this.#cycle(start)]);
    return { states: [...before, ...cycle.slice(1)], loopsTo: before.length - 1 };
  }

  /** The states of some nodes in a row, without those that only stutter where stuttering is not shown. */
  #visible(nodes: readonly number[]): number[] {
    const states = nodes.map((node) => node % this.#states);
    return this.#keepsStuttering ? states : states.filter((state, i) => i === 0 || state !== states[i - 1]);
  }

  /** Whether a behaviour may stutter in a node forever: no condition is enabled there, and it is accepted. */
  #mayRest(node: number): boolean {
    const { allMarks, mayAccept } = this.#automaton;
    if (!mayAccept[Math.floor(node / this.#states)]) return false;
    if (this.#enabledIn(node).some((bits) => bits !== 0)) return false;
    return this.#edges(node).some(({ to, marks }) => to === node && (marks & allMarks) === allMarks);
  }

  /** The cycle from a node back to it, without its first node. */
  #cycle(start: number): number[] {
    const wanting = this.#wantingOf(this.#nodes);
    const cycle: number[] = [];
    let at = start;
    this.#arrive(at, wanting);
    while (wanting.marks !== 0 || wanting.weak.size > 0 || wanting.strong.size > 0) {
      const path = this.#pathInside([at], () => false, wanting);
      for (const node of path.slice(1)) {
        this.#take(at, node, wanting);
        cycle.push(node);
        at = node;
        this.#arrive(at, wanting);
      }
    }
    // A cycle has at least one step, even where its first node satisfies all.
    if (at === start && cycle.length > 0) return cycle;
    const first = this.#edges(at)
      .map(({ to }) => to)
      .filter((to) => this.#inSet.get(to) === 1);
    const back = first.includes(start) ? [start] : this.#pathInside(first, (node) => node === start);
    return [...cycle, ...back];
  }

  /** What a cycle through all of some nodes must satisfy, where no step of it does so yet. */
  #wantingOf(nodes: Iterable<number>): Wanting {
    const { fairness } = this.#steps;
    const weak = new Set<number>();
    const strong = new Set<number>();
    const enabledInSome = new Int32Array(fairness.words);
    for (const node of nodes) {
      const enabled = this.#enabledIn(node);
      for (let w = 0; w < enabled.length; w++) enabledInSome[w]! |= enabled[w] as number;
    }
    const strongBits = fairness.strong();
    for (let i = 0; i < fairness.count; i++) {
      if (hasBit(strongBits, i)) {
        if (hasBit(enabledInSome, i)) strong.add(i);
      } else if (hasBit(enabledInSome, i)) weak.add(i);
    }
    return { marks: this.#automaton.allMarks, weak, strong };
  }

  #enabledIn(node: number): Int32Array {
    this.#steps.look(node % this.#states);
    return this.#steps.enabled;
  }

  /** Weak conditions that are not enabled in a node are kept by a cycle through it. */
  #arrive(node: number, { weak }: Wanting): void {
    const enabled = this.#enabledIn(node);
    for (const i of weak) if (!hasBit(enabled, i)) weak.delete(i);
  }

  /** Takes a step of the path: the edge between its nodes that satisfies something wanting, if there is one. */
  #take(from: number, to: number, wanting: Wanting): void {
    const edges = this.#edges(from).filter((edge) => edge.to === to);
    const taken = edges.find((candidate) => isUseful(candidate, wanting)) ?? edges[0];
    if (taken === undefined) return;
    wanting.marks &= ~taken.marks;
    // Equal steps are one, which satisfies what each of them does.
    for (const { satisfied } of edges.filter(({ marks }) => marks === taken.marks)) {
      for (const conditions of [wanting.weak, wanting.strong])
        for (const i of conditions) if (hasBit(satisfied, i)) conditions.delete(i);
    }
  }

  /** A shortest path inside the set; see {@link #path}. */
  #pathInside(from: readonly number[], isGoal: (node: number) => boolean, wanting?: Wanting): number[] {
    return this.#path(from, isGoal, this.#inSet, wanting);
  }

  /**
   * A shortest path from one of some nodes to a goal; or to the end of the first step that satisfies something wanting,
   * or a node where a weak condition that is wanting is not enabled.
   *
   * @param within - where given, the path stays at its nodes
   */
  #path(from: readonly number[], isGoal: (node: number) => boolean, within?: NodeTable, wanting?: Wanting): number[] {
    // The node before each node on the path, plus one; its own number plus one for those where paths begin.
    const cameFrom = new NodeTable(this.#states);
    const trace = (last: number): number[] => {
      const path = [last];
      for (let node = last; cameFrom.get(node) - 1 !== node; path.push(node)) node = cameFrom.get(node) - 1;
      return path.reverse();
    };
    const queue = new IntList();
    for (const node of from) {
      cameFrom.set(node, node + 1);
      queue.push(node);
    }
    for (let head = 0; head < queue.length; head++) {
      const node = queue.at(head);
      if (isGoal(node)) return trace(node);
      if (wanting !== undefined && head > 0) {
        const enabled = this.#enabledIn(node);
        if ([...wanting.weak].some((i) => !hasBit(enabled, i))) return trace(node);
      }
      for (const edge of this.#edges(node)) {
        if (within !== undefined && within.get(edge.to) !== 1) continue;
        if (wanting !== undefined && isUseful(edge, wanting)) return [...trace(node), edge.to];
        if (cameFrom.get(edge.to) !== 0) continue;
        cameFrom.set(edge.to, node + 1);
        queue.push(edge.to);
      }
    }
    throw new Error('the set of nodes holds no fair cycle, or cannot be reached');
  }

  /** The edges of a node in the product. */
  #edges(node: number): Edge[] {
    const steps = this.#steps;
    const automatonState = Math.floor(node / this.#states);
    const state = node - automatonState * this.#states;
    const letter = this.#letters[state] as number;
    steps.look(state);
    return this.#automaton.transitions[automatonState]!.flatMap((transition) => {
      if (!admits(transition, letter)) return [];
      const { to, marks } = transition;
      const edges: Edge[] = [];
      for (let k = 0; k < steps.count; k++) {
        if (!admitsStep(transition, steps.atoms[k] as number)) continue;
        const row = steps.rows[k] as number;
        const satisfied = steps.satisfied.slice(row, row + steps.words);
        edges.push({ to: to * this.#states + (steps.targets[k] as number), marks, satisfied });
      }
      return edges;
    });
  }
}

function isUseful({ marks, satisfied }: Edge, wanting: Wanting): boolean {
  if ((marks & wanting.marks) !== 0) return true;
  return [wanting.weak, wanting.strong].some((conditions) => [...conditions].some((i) => hasBit(satisfied, i)));
}

function hasBit(words: Int32Array | undefined, i: number): boolean {
  return words !== undefined && ((words[i >>> 5] ?? 0) & (1 << (i & 31))) !== 0;
}
