/**
 * Anomalies of transaction histories, named as in the literature, and the isolation levels that each one rules out.
 *
 * Adya, "Weak consistency" (1999): G0, G1a, G1b, G1c, G-single (PL-2+), G2-item. Cerone and Gotsman, "Analysing
 * snapshot isolation" (2016): cycles by how their anti-dependencies are placed. Kingsbury and Alvaro, "Elle" (2020):
 * what is found without a cycle.
 */

/** How two transactions of a cycle depend on each other. */
export type DependencyKind = 'ww' | 'wr' | 'rw' | 'session' | 'realtime';

/** One step of a cycle: `to` must come after `from`, for the reason given in words. */
export interface Dependency {
  /** Indices into the transactions of the history. */
  readonly from: number;
  readonly to: number;
  readonly kind: DependencyKind;
  readonly because: string;
}

/** The names that anomalies have here. */
export type AnomalyName =
  | 'G0'
  | 'G1a'
  | 'G1b'
  | 'G1c'
  | 'G-single'
  | 'G-nonadjacent'
  | 'G2-item'
  | `${'G0' | 'G1c' | 'G-single' | 'G-nonadjacent' | 'G2-item'}-${'session' | 'realtime'}`
  | 'lost update'
  | 'long fork'
  | 'write skew'
  | 'non-repeatable read'
  | 'internal'
  | 'incompatible order'
  | 'duplicate elements'
  | 'unwritten read'
  | 'unexplainable';

/** Something that a transaction history shows, and that some isolation levels do not allow. */
export interface Anomaly {
  readonly name: AnomalyName;
  /** The transactions concerned, as indices; for a cycle, in its order. */
  readonly transactions: readonly number[];
  /** The steps of the cycle, the last of which returns to the first transaction; empty where there is no cycle. */
  readonly cycle: readonly Dependency[];
  /** What happened, in words. */
  readonly explanation: string;
}

/** Isolation levels from the weakest to the strongest; each implies those before it. */
export const isolationLevels = [
  'read-uncommitted',
  'read-committed',
  'parallel-snapshot-isolation',
  'snapshot-isolation',
  'serializable',
  'strict-serializable',
] as const;

export type IsolationLevel = (typeof isolationLevels)[number];

const weakest: Readonly<Record<string, IsolationLevel>> = {
  G0: 'read-uncommitted',
  'duplicate elements': 'read-uncommitted',
  // Of two lists that cannot come after each other one was dirty, as in Elle; that is no cycle of writes.
  'incompatible order': 'read-committed',
  G1a: 'read-committed',
  G1b: 'read-committed',
  G1c: 'read-committed',
  'unwritten read': 'read-committed',
  internal: 'parallel-snapshot-isolation',
  'non-repeatable read': 'parallel-snapshot-isolation',
  'G-single': 'parallel-snapshot-isolation',
  'lost update': 'parallel-snapshot-isolation',
  'G-nonadjacent': 'snapshot-isolation',
  'long fork': 'snapshot-isolation',
  'G2-item': 'serializable',
  'write skew': 'serializable',
};

/**
 * The weakest level that an anomaly rules out; every stronger one is ruled out with it.
 *
 * A cycle that needs the order of sessions or real time is named with that suffix; `-session` cycles count like the
 * others (they are only looked for where the history asks for session order), `-realtime` ones against strict
 * serializability alone.
 */
export function weakestRuledOut(name: AnomalyName): IsolationLevel {
  if (name.endsWith('-realtime')) return 'strict-serializable';
  return weakest[name.replace('-session', '')] ?? 'serializable';
}
