/**
 * Judges a transaction history against every isolation level.
 *
 * A level is violated where an anomaly that it does not allow was found, and holds where none can be: the order of all
 * versions is known and the graph has no such cycle, or an order was found under which it has none. Anything else is
 * undecided, never guessed.
 */
import type { Anomaly, Dependency, IsolationLevel } from './anomaly.ts';
import { isolationLevels, weakestRuledOut } from './anomaly.ts';
import { PathFinder } from './components.ts';
import { describeSteps, findCycles, findRealTimeCycles, nonAdjacentCycle } from './cycles.ts';
import { addRealTime, asGraph, because, dependencyEdges, EdgeList, kindBit, kindOf, type DependencyGraph } from './dependency-graph.ts';
import type { Evidence } from './evidence.ts';
import { solveVersionOrder, type OrderedLevel, type SolverLimits, type SolverResult } from './version-order-solver.ts';

export type LevelVerdict = 'holds' | 'violated' | 'undecided';

/** What a transaction history satisfies, and why not more. */
export interface IsolationResult {
  readonly levels: Readonly<Record<IsolationLevel, LevelVerdict>>;
  readonly anomalies: readonly Anomaly[];
  /** What was left out or could not be decided, in words. */
  readonly notes: readonly string[];
}

/**
 * Judges what a history says against every level; strict serializability only where the history is timed.
 *
 * Cost: linear in the history where versions are ordered by the evidence; otherwise that of the solver.
 */
export function judgeIsolation(evidence: Evidence, limits: SolverLimits = {}): IsolationResult {
  const edges = dependencyEdges(evidence);
  const graph = asGraph(evidence, edges);
  const cycles = findCycles(graph);
  const anomalies = [...evidence.anomalies, ...cycles.anomalies];
  const notes = [...evidence.notes];
  const levels = new Map<IsolationLevel, LevelVerdict>();
  const violate = (weakest: IsolationLevel): void => {
    for (const level of isolationLevels.slice(isolationLevels.indexOf(weakest))) levels.set(level, 'violated');
  };
  for (const { name } of anomalies) violate(weakestRuledOut(name));
  if (cycles.single === true) violate('parallel-snapshot-isolation');
  if (cycles.withoutAdjacent) violate('snapshot-isolation');
  if (cycles.any) violate('serializable');
  if (cycles.single === undefined && !levels.has('parallel-snapshot-isolation')) {
    levels.set('parallel-snapshot-isolation', 'undecided');
    notes.push('parallel-snapshot-isolation: a component of the graph is too large to search all its cycles.');
  }

  const isOrdered = evidence.tails.every((tail) => tail.length < 2);
  for (const level of ['serializable', 'snapshot-isolation', 'parallel-snapshot-isolation'] as const) {
    if (levels.has(level)) continue;
    if (isOrdered || levels.get(stronger[level]) === 'holds') {
      levels.set(level, 'holds');
      continue;
    }
    const solved = solveVersionOrder(evidence, edges, level, limits);
    levels.set(level, solved.verdict);
    if (solved.reason !== undefined) notes.push(`${level}: ${solved.reason}`);
    if (solved.verdict === 'violated') {
      violate(level);
      anomalies.push(...explainContradiction(evidence, solved, level));
    }
  }
  judgeStrict(evidence, edges, levels, anomalies, notes, limits);
  const verdicts = isolationLevels.map((level) => [level, levels.get(level) ?? 'holds'] as const);
  return { levels: Object.fromEntries(verdicts) as Record<IsolationLevel, LevelVerdict>, anomalies, notes };
}

const stronger = {
  serializable: 'strict-serializable',
  'snapshot-isolation': 'serializable',
  'parallel-snapshot-isolation': 'snapshot-isolation',
} as const;

function judgeStrict(
  evidence: Evidence,
  edges: EdgeList,
  levels: Map<IsolationLevel, LevelVerdict>,
  anomalies: Anomaly[],
  notes: string[],
  limits: SolverLimits,
): void {
  const level = 'strict-serializable';
  if (levels.has(level)) return;
  if (!evidence.history.timed) {
    levels.set(level, 'undecided');
    notes.push(`${level}: the history does not tell when transactions ran.`);
    return;
  }
  addRealTime(edges, evidence);
  const found = findRealTimeCycles(asGraph(evidence, edges));
  if (found.length > 0) {
    anomalies.push(...found);
    levels.set(level, 'violated');
  } else if (evidence.tails.every((tail) => tail.length < 2)) {
    levels.set(level, levels.get('serializable') ?? 'holds');
  } else {
    const solved = solveVersionOrder(evidence, edges, level, limits);
    levels.set(level, solved.verdict);
    if (solved.reason !== undefined) notes.push(`${level}: ${solved.reason}`);
    if (solved.verdict === 'violated') anomalies.push(...explainContradiction(evidence, solved, level));
  }
}

/** The cycle that certain edges close; or that every choice of version orders closes one. */
function explainContradiction(evidence: Evidence, solved: SolverResult, level: OrderedLevel): Anomaly[] {
  const { certain, closing } = solved;
  if (certain === undefined || closing === undefined) {
    const explanation = `No order in which the versions of each key can have been written satisfies ${level}: every one closes a cycle.`;
    return [{ name: 'unexplainable', transactions: [], cycle: [], explanation }];
  }
  const edges = new EdgeList();
  for (const { from, to, kind, write } of [...certain, closing]) edges.add(from, to, kind, write);
  const graph = asGraph(evidence, edges);
  const cycle = cycleThrough(graph, edges.count - 1, level);
  if (cycle === undefined) return [];
  const steps: Dependency[] = cycle.map((e) => ({
    from: edges.from[e]!,
    to: edges.to[e]!,
    kind: kindOf(graph, e),
    because: because(graph, e),
  }));
  const keys = cycle.map((e) => (edges.write[e]! < 0 ? -1 : evidence.writes.key[edges.write[e]!]!));
  return describeSteps(evidence, steps, keys).slice(0, 1);
}

/** A shortest cycle of the kind that the level forbids; the certain edges have none without `closing`. */
function cycleThrough(graph: DependencyGraph, closing: number, level: OrderedLevel): number[] | undefined {
  const { edges, start, edge, nodeCount } = graph;
  if (level === 'snapshot-isolation') return nonAdjacentCycle(graph, [...graph.evidence.present.keys()]);
  const digraph = { nodeCount, start, edge, target: (e: number) => edges.to[e]!, follows: () => true };
  const finder = new PathFinder(digraph, (e) => edges.from[e]!);
  const isPsi = level === 'parallel-snapshot-isolation';
  if (!isPsi) {
    const path = finder.find(edges.to[closing]!, edges.from[closing]!, () => true);
    return path === undefined ? undefined : [closing, ...path];
  }
  // The closing edge may be a dependency on the path that an anti-dependency forbids, so any of those may be in the cycle.
  for (let e = edges.count - 1; e >= 0; e -= 1) {
    if (e !== closing && edges.kind[e] !== kindBit.rw) continue;
    const path = finder.find(edges.to[e]!, edges.from[e]!, (other) => edges.kind[other] !== kindBit.rw);
    if (path !== undefined) return [e, ...path];
  }
  return undefined;
}
