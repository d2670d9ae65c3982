/**
 * Finds the cycles of a dependency graph, a shortest one of each kind in every strongly connected component, and names
 * them as the literature does.
 */
import type { Anomaly, AnomalyName, Dependency } from './anomaly.ts';
import { cyclicComponents, PathFinder, type Digraph } from './components.ts';
import { because, kindBit, kindOf, type DependencyGraph } from './dependency-graph.ts';
import { transactionName, type Evidence } from './evidence.ts';

/** What a search for cycles found, and which levels it could not finish looking at. */
export interface Cycles {
  readonly anomalies: readonly Anomaly[];
  /** Whether there is any cycle (serializability), or one without adjacent anti-dependencies (snapshot isolation). */
  readonly any: boolean;
  readonly withoutAdjacent: boolean;
  /** Whether there is a cycle with one anti-dependency; `undefined` where the search was cut short. */
  readonly single: boolean | undefined;
  /** The strongly connected components of two transactions or more. */
  readonly components: readonly (readonly number[])[];
}

const dependencies = kindBit.ww | kindBit.wr | kindBit.session;
/** Edges that searches for one component's cycles may look at, so that a huge component cannot take hours. */
const maxWork = 200_000_000;
/** How many edges are tried as the one that a cycle must have, for each kind of cycle and component. */
const maxTries = 200;
/** How many components are explained; the others are of the same kinds and would only make the report longer. */
const maxExplained = 20;

/**
 * The cycles of a graph without real time.
 *
 * Cost: linear in the graph, and a search in each cyclic component for each anti-dependency in it.
 */
export function findCycles(graph: DependencyGraph): Cycles {
  const finder = new CycleFinder(graph);
  const components = cyclicComponents(digraph(graph, dependencies | kindBit.rw));
  const anomalies: Anomaly[] = [];
  let withoutAdjacent = false;
  let single: boolean | undefined = false;
  for (const [index, component] of components.entries()) {
    const found = finder.explain(component);
    if (index < maxExplained) anomalies.push(...found.anomalies);
    withoutAdjacent ||= found.withoutAdjacent;
    if (found.single !== false && single !== true) single = found.single;
  }
  return { anomalies, any: components.length > 0, withoutAdjacent, single, components };
}

/** The cycles that need the order of real time: at least one such edge in each. */
export function findRealTimeCycles(graph: DependencyGraph): readonly Anomaly[] {
  const all = dependencies | kindBit.rw | kindBit.realtime;
  const finder = new CycleFinder(graph);
  return cyclicComponents(digraph(graph, all))
    .slice(0, maxExplained)
    .flatMap((component) => {
      finder.enter(component);
      const cycle = finder.shortest(kindBit.realtime, all);
      return cycle === undefined ? [] : describeCycle(graph, cycle);
    });
}

function digraph(graph: DependencyGraph, mask: number): Digraph {
  const { edges, nodeCount, start, edge } = graph;
  return { nodeCount, start, edge, target: (e) => edges.to[e]!, follows: (e) => (edges.kind[e]! & mask) !== 0 };
}

/** Searches within one component at a time. */
class CycleFinder {
  readonly #graph: DependencyGraph;
  readonly #paths: PathFinder;
  readonly #member: Int32Array;
  #component: readonly number[] = [];
  #stamp = 0;

  constructor(graph: DependencyGraph) {
    this.#graph = graph;
    this.#paths = new PathFinder(digraph(graph, 0xff), (e) => graph.edges.from[e]!);
    this.#member = new Int32Array(graph.nodeCount);
  }

  enter(component: readonly number[]): void {
    this.#component = component;
    this.#stamp += 1;
    for (const node of component) this.#member[node] = this.#stamp;
  }

  /** A shortest cycle of each kind in a component, and what that says about the levels. */
  explain(component: readonly number[]): Omit<Cycles, 'any' | 'components'> {
    this.enter(component);
    const cycles: number[][] = [];
    const add = (cycle: number[] | undefined): void => {
      if (cycle !== undefined) cycles.push(cycle);
    };
    add(this.shortest(kindBit.ww, kindBit.ww));
    add(this.shortest(kindBit.wr, kindBit.ww | kindBit.wr));
    add(this.shortest(kindBit.session, dependencies));
    const before = this.#paths.work;
    const single = this.#shortestSingle(before);
    add(single.cycle);
    const spread = nonAdjacentCycle(this.#graph, component);
    if (spread !== undefined && countKind(this.#graph, spread, kindBit.rw) > 1) add(spread);
    const any = this.shortest(kindBit.rw, dependencies | kindBit.rw);
    if (any !== undefined && countKind(this.#graph, any, kindBit.rw) > 1) add(any);
    const anomalies = new Map(cycles.flatMap((cycle) => describeCycle(this.#graph, cycle)).map((a) => [a.name, a]));
    return {
      anomalies: [...anomalies.values()],
      withoutAdjacent: spread !== undefined,
      single: single.cycle === undefined && !single.complete ? undefined : single.cycle !== undefined,
    };
  }

  /** A shortest cycle that has an edge of kind `through` and otherwise edges of `mask`. */
  shortest(through: number, mask: number): number[] | undefined {
    let best: number[] | undefined;
    let tries = 0;
    for (const e of this.#edges(through)) {
      const path = this.#paths.find(this.#graph.edges.to[e]!, this.#graph.edges.from[e]!, this.#within(mask));
      if (path !== undefined && (best === undefined || path.length + 1 < best.length)) best = [e, ...path];
      tries += 1;
      if (best !== undefined && (best.length === 2 || tries >= maxTries)) return best;
      if (this.#paths.work > maxWork) return best;
    }
    return best;
  }

  /** A shortest cycle with exactly one anti-dependency; complete unless it cost too much. */
  #shortestSingle(before: number): { cycle: number[] | undefined; complete: boolean } {
    let best: number[] | undefined;
    let tries = 0;
    for (const e of this.#edges(kindBit.rw)) {
      const path = this.#paths.find(this.#graph.edges.to[e]!, this.#graph.edges.from[e]!, this.#within(dependencies));
      if (path !== undefined && (best === undefined || path.length + 1 < best.length)) best = [e, ...path];
      tries += 1;
      if (best !== undefined && tries >= maxTries) return { cycle: best, complete: true };
      if (this.#paths.work - before > maxWork) return { cycle: best, complete: false };
    }
    return { cycle: best, complete: true };
  }

  *#edges(mask: number): Generator<number, void, undefined> {
    const { edges, start, edge } = this.#graph;
    for (const node of this.#component) {
      for (let i = start[node]!; i < start[node + 1]!; i += 1) {
        const e = edge[i]!;
        if ((edges.kind[e]! & mask) !== 0 && this.#member[edges.to[e]!] === this.#stamp) yield e;
      }
    }
  }

  #within(mask: number): (edge: number) => boolean {
    const { edges } = this.#graph;
    return (e) => (edges.kind[e]! & mask) !== 0 && this.#member[edges.to[e]!] === this.#stamp;
  }
}

/**
 * A cycle of a component in which no two anti-dependencies follow each other.
 *
 * Every transaction is taken apart into a start and a commit; dependencies lead from commits to starts and
 * anti-dependencies from starts to commits, so that a cycle of the halves is such a cycle of transactions.
 */
export function nonAdjacentCycle(graph: DependencyGraph, component: readonly number[]): number[] | undefined {
  const { edges, start, edge } = graph;
  const half = new Map(component.map((node, index) => [node, index * 2]));
  const out: { edge: number; to: number }[][] = component.flatMap(() => [[], []]);
  for (const node of component) {
    const at = half.get(node)!;
    out[at]!.push({ edge: -1, to: at + 1 });
    for (let i = start[node]!; i < start[node + 1]!; i += 1) {
      const e = edge[i]!;
      const to = half.get(edges.to[e]!);
      if (to === undefined) continue;
      if (edges.kind[e] === kindBit.rw) out[at]!.push({ edge: e, to: to + 1 });
      else if (edges.kind[e] !== kindBit.realtime) out[at + 1]!.push({ edge: e, to });
    }
  }
  const flat = out.flat();
  const source = out.flatMap((list, from) => list.map(() => from));
  const starts = Int32Array.from([0, ...out.map((list) => list.length)]);
  for (let i = 1; i < starts.length; i += 1) starts[i]! += starts[i - 1]!;
  const halves: Digraph = {
    nodeCount: out.length,
    start: starts,
    edge: Int32Array.from(flat.keys()),
    target: (i) => flat[i]!.to,
    follows: () => true,
  };
  const [cyclic] = cyclicComponents(halves);
  if (cyclic === undefined) return undefined;
  const inside = new Set(cyclic);
  const paths = new PathFinder(halves, (i) => source[i]!);
  let best: number[] | undefined;
  for (const [tries, from] of cyclic.entries()) {
    if (best !== undefined && tries >= maxTries) break;
    for (let i = starts[from]!; i < starts[from + 1]!; i += 1) {
      if (!inside.has(flat[i]!.to)) continue;
      const path = paths.find(flat[i]!.to, from, (j) => inside.has(flat[j]!.to));
      if (path === undefined) continue;
      const cycle = [i, ...path].map((j) => flat[j]!.edge).filter((e) => e >= 0);
      if (best === undefined || cycle.length < best.length) best = cycle;
    }
  }
  return best;
}

function countKind({ edges }: DependencyGraph, cycle: readonly number[], kind: number): number {
  return cycle.filter((e) => edges.kind[e] === kind).length;
}

/** The anomaly that a cycle of edges is, and with it the more telling name that some have. */
function describeCycle(graph: DependencyGraph, cycle: readonly number[]): Anomaly[] {
  const steps: Dependency[] = cycle.map((e) => ({
    from: graph.edges.from[e]!,
    to: graph.edges.to[e]!,
    kind: kindOf(graph, e),
    because: because(graph, e),
  }));
  const keys = cycle.map((e) => (graph.edges.write[e]! < 0 ? -1 : graph.evidence.writes.key[graph.edges.write[e]!]!));
  return describeSteps(graph.evidence, steps, keys);
}

/** As {@link describeCycle}, from steps; `keys` are the keys that they are about. */
export function describeSteps(evidence: Evidence, steps: readonly Dependency[], keys: readonly number[]): Anomaly[] {
  const names = [cycleName(steps), ...tellingNames(evidence, steps, keys)];
  const path = [...steps, steps[0]!].map(({ from }) => transactionName(evidence.history, from)).join(' → ');
  const explanation = `${path}: ${steps.map((step) => step.because).join('; ')}. Each must come before the next, and none can be first.`;
  return names.map((name) => ({ name, transactions: steps.map(({ from }) => from), cycle: steps, explanation }));
}

function cycleName(steps: readonly Dependency[]): AnomalyName {
  const kinds = steps.map(({ kind }) => kind);
  const suffix = kinds.includes('realtime') ? '-realtime' : kinds.includes('session') ? '-session' : '';
  const anti = kinds.filter((kind) => kind === 'rw').length;
  const adjacent = kinds.some((kind, i) => kind === 'rw' && kinds[(i + 1) % kinds.length] === 'rw');
  if (anti > 1) return `${adjacent ? 'G2-item' : 'G-nonadjacent'}${suffix}`;
  if (anti === 1) return `G-single${suffix}`;
  return `${kinds.includes('wr') ? 'G1c' : 'G0'}${suffix}`;
}

/** Lost update, long fork and write skew are shapes of cycles that people know by name. */
function tellingNames(evidence: Evidence, steps: readonly Dependency[], keys: readonly number[]): AnomalyName[] {
  const kinds = steps.map(({ kind }) => kind).join(' ');
  const oneKey = new Set(keys).size === 1;
  if (oneKey && (kinds === 'rw ww' || kinds === 'ww rw') && bothRead(evidence, steps, keys[0]!)) return ['lost update'];
  if (kinds === 'rw wr rw wr' || kinds === 'wr rw wr rw') return ['long fork'];
  if (kinds === 'rw rw' && !oneKey) return ['write skew'];
  return [];
}

/** Whether both transactions read the same version of the key before they wrote it. */
function bothRead({ history, writes }: Evidence, steps: readonly Dependency[], key: number): boolean {
  const seen = steps.map(({ from }) =>
    history.transactions[from]!.operations.find(([, name]) => name === writes.keys[key]),
  );
  return seen.every((first) => first !== undefined && first[0] === 'r') && String(seen[0]![2]) === String(seen[1]![2]);
}
