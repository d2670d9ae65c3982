/**
 * The search for a behaviour of the spec that explains a log.
 *
 * A node of the search is a cut of the log (how far it is explained) with a state of the spec. Each is visited once:
 * one that leads nowhere is a dead end for every behaviour that comes to it. Depth first finds a behaviour soon where
 * there are many; breadth first, on request, holds the possible states of one cut size at a time.
 *
 * Memory: what is pending, and what was visited at cuts not smaller than the smallest pending one (and a few before,
 * for the diagnosis). Where the log leaves one state possible at a time, that does not grow with the log.
 */
import type { RecordValue } from '../../checker/value/index.ts';
import type { HiddenSteps } from './binding.ts';
import type { BoundEvent, Expectation } from './expectation.ts';
import type { Cut, LogOrder } from './log-order.ts';
import { passesAll, type Check } from './observation.ts';
import type { KeyedState, KeyedStep, StepSource } from './spec-steps.ts';

/** A cut with a possible state, and (where behaviours are kept) how it was reached. */
export interface SearchNode {
  readonly cut: Cut;
  readonly state: KeyedState;
  /** Hidden steps since the last event. */
  readonly hidden: number;
  readonly from?: SearchNode;
  readonly step?: KeyedStep;
  /** The event that the step explains; none for a hidden step. */
  readonly event?: BoundEvent;
}

/** How a search goes, and what bounds it. */
export interface SearchOptions {
  readonly strategy: 'depth-first' | 'breadth-first';
  /** Nodes that may be held: what was visited and may still be asked for. Bounds memory, not the length of the log. */
  readonly maxNodes: number;
  readonly timeMs: number;
  /** Whether each node remembers how it was reached. */
  readonly keepBehaviour: boolean;
}

/** How a search ended. */
export interface SearchEnd {
  readonly result: 'valid' | 'invalid' | 'inconclusive';
  readonly reason?: string;
  /** The node at the end of the log. */
  readonly end?: SearchNode;
  readonly visited: number;
  /** The largest number of events that were explained together. */
  readonly deepest: number;
}

/** How many cut sizes before the smallest pending one are kept for the diagnosis. */
export const keptSizes = 16;

/** A search, and what it has seen. */
export class Search {
  readonly #steps: StepSource;
  readonly #order: LogOrder;
  readonly #hidden: HiddenSteps;
  readonly #options: SearchOptions;
  /** By cut size: the nodes that were visited, by cut and state. */
  readonly #visited = new Map<number, Map<string, SearchNode>>();
  #oldestKept = 0;
  #count = 0;
  #held = 0;
  #deepest = 0;

  constructor(steps: StepSource, order: LogOrder, hidden: HiddenSteps, options: SearchOptions) {
    this.#steps = steps;
    this.#order = order;
    this.#hidden = hidden;
    this.#options = options;
  }

  /** Searches from the initial states that pass the checks. */
  async run(initial: readonly Check[]): Promise<SearchEnd> {
    const started = performance.now();
    let pending: SearchNode[] = this.#steps.initialStates
      .filter((state) => passesAll(initial, state.value))
      .map((state) => ({ cut: this.#order.start, state, hidden: 0 }))
      .toReversed();
    const breadthFirst = this.#options.strategy === 'breadth-first';
    // The level that breadth-first search builds, and the smallest cut of the one that it works off.
    let next: SearchNode[] = [];
    let smallest = 0;
    for (;;) {
      const node = pending.pop();
      if (node === undefined) {
        if (next.length === 0) return this.#ended('invalid');
        pending = next.toReversed();
        next = [];
        smallest = pending.reduce((least, { cut }) => Math.min(least, this.#order.size(cut)), Infinity);
        continue;
      }
      const loading = this.#order.load(node.cut);
      if (loading !== undefined) await loading;
      if (!this.#visit(node)) continue;
      if (this.#order.isEnd(node.cut)) return { ...this.#ended('valid'), end: node };
      const exceeded = this.#limit(started);
      if (exceeded !== undefined) return { ...this.#ended('inconclusive'), reason: exceeded };
      const target = breadthFirst ? next : pending;
      for (const successor of this.#successors(node)) target.push(successor);
      // Depth first, cuts grow from the bottom of the stack to its top.
      const [bottom] = pending;
      this.#forgetBefore(breadthFirst ? smallest : this.#order.size((bottom ?? node).cut));
    }
  }

  /** The nodes that were visited with so many events explained, as far as they are still kept. */
  visitedAt(size: number): readonly SearchNode[] {
    return [...(this.#visited.get(size)?.values() ?? [])];
  }

  #ended(result: SearchEnd['result']): SearchEnd {
    return { result, visited: this.#count, deepest: this.#deepest };
  }

  #limit(started: number): string | undefined {
    const { maxNodes, timeMs } = this.#options;
    if (this.#held >= maxNodes) return `stopped when ${maxNodes.toLocaleString('en-US')} states were held`;
    // Looking at the clock costs as much as a small step.
    if (this.#count % 256 === 0 && performance.now() - started > timeMs) return `stopped after ${timeMs / 1000} s`;
    return undefined;
  }

  /** Notes a node; `false` where it was visited before, with at most as many hidden steps. */
  #visit(node: SearchNode): boolean {
    const size = this.#order.size(node.cut);
    let known = this.#visited.get(size);
    if (known === undefined) this.#visited.set(size, (known = new Map()));
    const key = this.#order.key(node.cut) + node.state.key;
    const before = known.get(key);
    if (before !== undefined && before.hidden <= node.hidden) return false;
    if (before === undefined) this.#held += 1;
    known.set(key, node);
    this.#count += 1;
    if (size > this.#deepest) this.#deepest = size;
    return true;
  }

  /** Those to be tried first come last. */
  #successors(node: SearchNode): SearchNode[] {
    const successors: SearchNode[] = [];
    for (const { bound, next } of this.#order.ready(node.cut)) {
      for (const { step, state } of explainedSteps(this.#steps, node.state, bound.expectations)) {
        successors.push(this.#node({ cut: next, state, hidden: 0 }, node, step, bound));
      }
    }
    if (node.hidden < this.#hidden.atMost) {
      for (const action of this.#hidden.actions) {
        for (const step of this.#steps.stepsOf(node.state, action, {})) {
          const reached = { cut: node.cut, state: step.to, hidden: node.hidden + 1 };
          if (step.to.key !== node.state.key) successors.push(this.#node(reached, node, step, undefined));
        }
      }
    }
    return successors.reverse();
  }

  #node(reached: SearchNode, from: SearchNode, step: KeyedStep | undefined, event: BoundEvent | undefined): SearchNode {
    if (!this.#options.keepBehaviour) return reached;
    return { ...reached, from, ...(step !== undefined && { step }), ...(event !== undefined && { event }) };
  }

  #forgetBefore(size: number): void {
    const oldest = size - keptSizes;
    for (; this.#oldestKept < oldest; this.#oldestKept += 1) {
      this.#held -= this.#visited.get(this.#oldestKept)?.size ?? 0;
      this.#visited.delete(this.#oldestKept);
    }
    if (oldest > 0) this.#order.forgetBefore(oldest);
  }
}

/** A step (none for an event that reports none) that agrees with an expectation, and the state after it. */
export interface ExplainedStep {
  readonly step: KeyedStep | undefined;
  readonly state: KeyedState;
}

/** All ways in which one of the expectations explains an event in a state. */
export function* explainedSteps(
  steps: StepSource,
  state: KeyedState,
  expectations: readonly Expectation[],
): Generator<ExplainedStep> {
  for (const expectation of expectations) {
    if (!passesAll(expectation.before, state.value)) continue;
    const after = afterChecks(expectation, state.value);
    if (expectation.actions.length === 0 && passesAll(after, state.value)) yield { step: undefined, state };
    for (const action of expectation.actions) {
      for (const step of steps.stepsOf(state, action, expectation.picks)) {
        if (passesAll(after, step.to.value)) yield { step, state: step.to };
      }
    }
  }
}

/** What an expectation requires of the state after a step from this one. */
export function afterChecks({ after }: Expectation, before: RecordValue): readonly Check[] {
  return typeof after === 'function' ? after(before) : after;
}
