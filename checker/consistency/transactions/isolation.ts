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
import { findCycles, findRealTimeCycles, nonAdjacentCycle } from './cycles.ts';
import {
  addRealTime,
  asGraph,
  because,
  dependencyEdges,
  EdgeList,
  kindBit,
  kindOf,
  type DependencyGraph,
} from './dependency-graph.ts';
import { guarded } from '../limits.ts';
import { transactionName, type Evidence } from './evidence.ts';
import {
  solveVersionOrder,
  stoppedReason,
  type OrderedLevel,
  type SolverLimits,
  type SolverResult,
} from './version-order-solver.ts';

export type LevelVerdict = 'holds' | 'violated' | 'undecided';

/** How a history is judged. */
export interface IsolationOptions extends SolverLimits {
  /**
   * What parallel snapshot isolation does not allow: any cycle with one anti-dependency (`cycles`; Cerone and Gotsman,
   * the default), or of those lost updates only (`lost-updates`; so Elle, whose taxonomy rules it out by G0, G1,
   * contradictions within a transaction and lost updates).
   */
  readonly parallelSnapshotIsolation?: 'cycles' | 'lost-updates';
}

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
export function judgeIsolation(evidence: Evidence, options: IsolationOptions = {}): IsolationResult {
  const isElle = options.parallelSnapshotIsolation === 'lost-updates';
  const edges = dependencyEdges(evidence);
  const graph = asGraph(evidence, edges);
  const cycles = findCycles(graph);
  const anomalies = [...evidence.anomalies, ...cycles.anomalies];
  const notes = [...evidence.notes];
  const levels = new Map<IsolationLevel, LevelVerdict>();
  const violate = (weakest: IsolationLevel): void => {
    for (const level of isolationLevels.slice(isolationLevels.indexOf(weakest))) levels.set(level, 'violated');
  };
  const singles = isElle ? 'snapshot-isolation' : 'parallel-snapshot-isolation';
  for (const { name } of anomalies)
    violate(name.startsWith('G-single') && !name.endsWith('-realtime') ? singles : weakestRuledOut(name));
  if (cycles.single === true) violate(singles);
  if (cycles.withoutAdjacent) violate('snapshot-isolation');
  if (cycles.any) violate('serializable');
  if (!isElle && cycles.single === undefined && !levels.has('parallel-snapshot-isolation')) {
    levels.set('parallel-snapshot-isolation', 'undecided');
    notes.push('parallel-snapshot-isolation: a component of the graph is too large to search all its cycles.');
  }

  const isOrdered = areTailsHarmless(evidence, cycles.components);
  for (const level of ['serializable', 'snapshot-isolation', 'parallel-snapshot-isolation'] as const) {
    if (levels.has(level)) continue;
    // What Elle holds against parallel snapshot isolation does not depend on the order of versions.
    const isFound = isElle && level === 'parallel-snapshot-isolation';
    if (isOrdered || isFound || levels.get(stronger[level]) === 'holds') {
      levels.set(level, 'holds');
      continue;
    }
    const solved = solve(evidence, edges, level, options);
    levels.set(level, solved.verdict);
    if (solved.reason !== undefined) notes.push(`${level}: ${solved.reason}`);
    if (solved.verdict === 'violated') {
      violate(level);
      anomalies.push(...explainContradiction(evidence, edges.count, solved, level));
    }
  }
  judgeStrict(evidence, edges, levels, anomalies, notes, options);
  const verdicts = isolationLevels.map((level) => [level, levels.get(level) ?? 'holds'] as const);
  return { levels: Object.fromEntries(verdicts) as Record<IsolationLevel, LevelVerdict>, anomalies, notes };
}

function solve(evidence: Evidence, edges: EdgeList, level: OrderedLevel, limits: SolverLimits): SolverResult {
  const stopped = { verdict: 'undecided', reason: stoppedReason } as const;
  return guarded(limits, () => solveVersionOrder(evidence, edges, level, limits)) ?? stopped;
}

const stronger = {
  serializable: 'strict-serializable',
  'snapshot-isolation': 'serializable',
  'parallel-snapshot-isolation': 'snapshot-isolation',
} as const;

/**
 * Whether versions without an order can be put into one that adds no cycle.
 *
 * Nobody read them, so that an order brings no anti-dependencies with it; where the writers of a key are in different
 * components, the order of the components will do.
 */
function areTailsHarmless(
  { tails, reads, writes, present }: Evidence,
  components: readonly (readonly number[])[],
): boolean {
  const isOpen = tails.map((tail) => tail.length > 1);
  if (!isOpen.includes(true)) return true;
  const isTail = new Uint8Array(writes.transaction.length);
  for (const write of tails.flat()) isTail[write] = 1;
  if (reads.write.some((write, read) => isTail[write] === 1 && isOpen[reads.key[read]!] === true)) return false;
  const component = new Int32Array(present.length);
  for (const [index, members] of components.entries()) for (const member of members) component[member] = index + 1;
  return tails.every((tail) => {
    const cyclic = tail.map((write) => component[writes.transaction[write]!]!).filter((number) => number > 0);
    return new Set(cyclic).size === cyclic.length;
  });
}

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
  } else if (areTailsHarmless(evidence, [])) {
    levels.set(level, levels.get('serializable') ?? 'holds');
  } else {
    const solved = solve(evidence, edges, level, limits);
    levels.set(level, solved.verdict);
    if (solved.reason !== undefined) notes.push(`${level}: ${solved.reason}`);
    if (solved.verdict === 'violated') anomalies.push(...explainContradiction(evidence, edges.count, solved, level));
  }
}

/** The cycle that certain edges close, of which the first `known` were so from the start; or that every choice closes one. */
function explainContradiction(evidence: Evidence, known: number, solved: SolverResult, level: OrderedLevel): Anomaly[] {
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
  const steps = cycle.map((e) => stepOf(graph, e, e >= known));
  const path = [...steps, steps[0]!].map(({ from }) => transactionName(evidence.history, from)).join(' → ');
  const explanation = `Under ${level}, ${path}: ${steps.map((step) => step.because).join('; ')}. Each must come before the next, and none can be first.`;
  return [{ name: 'unexplainable', transactions: steps.map(({ from }) => from), cycle: steps, explanation }];
}

function stepOf(graph: DependencyGraph, edge: number, isInferred: boolean): Dependency {
  const { edges } = graph;
  const reason = because(graph, edge);
  return {
    from: edges.from[edge]!,
    to: edges.to[edge]!,
    kind: kindOf(graph, edge),
    because: isInferred ? `${reason} (inferred: the other order closes a cycle too)` : reason,
  };
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
