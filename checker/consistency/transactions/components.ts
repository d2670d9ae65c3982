/**
 * Strongly connected components, and shortest cycles within them.
 *
 * Tarjan's algorithm (1972) over typed arrays with a stack of its own: histories have millions of transactions, and
 * recursion would overflow.
 */

/** A directed graph as adjacency arrays, of which only edges that `follows` accepts are seen. */
export interface Digraph {
  readonly nodeCount: number;
  readonly start: Int32Array;
  /** By position: an edge. */
  readonly edge: Int32Array;
  readonly target: (edge: number) => number;
  readonly follows: (edge: number) => boolean;
}

/**
 * The strongly connected components of two nodes or more.
 *
 * Complexity: O(nodes + edges).
 */
export function cyclicComponents(graph: Digraph): number[][] {
  const { nodeCount, start, edge } = graph;
  const order = new Int32Array(nodeCount);
  const low = new Int32Array(nodeCount);
  const cursor = start.slice(0, nodeCount);
  const onStack = new Uint8Array(nodeCount);
  const stack: number[] = [];
  const calls: number[] = [];
  const components: number[][] = [];
  let visited = 0;
  const enter = (node: number): void => {
    visited += 1;
    order[node] = low[node] = visited;
    onStack[node] = 1;
    stack.push(node);
    calls.push(node);
  };
  for (let root = 0; root < nodeCount; root += 1) {
    if (order[root] !== 0) continue;
    enter(root);
    while (calls.length > 0) {
      const node = calls.at(-1)!;
      if (cursor[node]! < start[node + 1]!) {
        const next = edge[cursor[node]!++]!;
        if (!graph.follows(next)) continue;
        const target = graph.target(next);
        if (order[target] === 0) enter(target);
        else if (onStack[target] === 1) low[node] = Math.min(low[node]!, order[target]!);
        continue;
      }
      calls.pop();
      const parent = calls.at(-1);
      if (parent !== undefined) low[parent] = Math.min(low[parent]!, low[node]!);
      if (low[node] !== order[node]) continue;
      const component = stack.splice(stack.lastIndexOf(node));
      for (const member of component) onStack[member] = 0;
      if (component.length > 1) components.push(component);
    }
  }
  return components;
}

/** Breadth-first search for shortest paths, whose memory is used again from one search to the next. */
export class PathFinder {
  readonly #graph: Digraph;
  readonly #seen: Int32Array;
  readonly #arrivedBy: Int32Array;
  readonly #source: (edge: number) => number;
  #search = 0;
  /** Edges looked at so far, over all searches: the cost, for callers with a budget. */
  work = 0;

  constructor(graph: Digraph, source: (edge: number) => number) {
    this.#graph = graph;
    this.#source = source;
    this.#seen = new Int32Array(graph.nodeCount);
    this.#arrivedBy = new Int32Array(graph.nodeCount);
  }

  /**
   * The edges of a shortest path between two nodes; `undefined` where there is none.
   *
   * @param follows - which edges this search may use, beside what the graph allows
   */
  find(from: number, to: number, follows: (edge: number) => boolean): number[] | undefined {
    const { start, edge, target } = this.#graph;
    this.#search += 1;
    this.#seen[from] = this.#search;
    const queue = [from];
    for (let head = 0; head < queue.length; head += 1) {
      const node = queue[head]!;
      for (let i = start[node]!; i < start[node + 1]!; i += 1) {
        this.work += 1;
        const next = edge[i]!;
        if (!follows(next)) continue;
        const reached = target(next);
        if (this.#seen[reached] === this.#search) continue;
        this.#seen[reached] = this.#search;
        this.#arrivedBy[reached] = next;
        if (reached === to) return this.#path(from, to);
        queue.push(reached);
      }
    }
    return undefined;
  }

  #path(from: number, to: number): number[] {
    const path: number[] = [];
    for (let at = to; path.length === 0 || at !== from; at = this.#source(path.at(-1)!))
      path.push(this.#arrivedBy[at]!);
    return path.reverse();
  }
}
