/**
 * The isolation levels by their axioms: Cerone, Bernardi and Gotsman, "A framework for transactional consistency models
 * with atomic visibility" (CONCUR 2015). A history is allowed where some arbitration order and visibility relation explain
 * every read. They know nothing of dependency graphs, so that what agrees with them is right.
 */
import { permutations, resolutions } from './small-transactions.test-support.ts';
import type { IsolationLevel } from './anomaly.ts';
import type { Transaction } from './transaction.ts';

/** The levels that have axioms. */
export const axiomaticLevels = ['parallel-snapshot-isolation', 'snapshot-isolation', 'serializable'] as const;

export type AxiomaticLevel = Extract<IsolationLevel, (typeof axiomaticLevels)[number]>;

/** The levels at which a history of at most three transactions is allowed. */
export function allowedLevels(transactions: readonly Transaction[], hasSessions: boolean): Set<AxiomaticLevel> {
  const allowed = new Set<AxiomaticLevel>();
  for (const resolution of resolutions(transactions)) {
    for (const level of levelsOf(
      resolution.filter((transaction) => transaction !== undefined),
      hasSessions,
    ))
      allowed.add(level);
  }
  return allowed;
}

function levelsOf(committed: readonly Transaction[], hasSessions: boolean): Set<AxiomaticLevel> {
  const allowed = new Set<AxiomaticLevel>();
  const explained = new Map<string, boolean>();
  // EXT and INT, once for each reader and each sequence of transactions that it sees.
  const isExplained = (reader: number, seen: readonly number[]): boolean => {
    const key = `${reader} ${seen.join()}`;
    const known = explained.get(key);
    if (known !== undefined) return known;
    const found = explains(
      committed[reader]!,
      seen.map((other) => committed[other]!),
    );
    explained.set(key, found);
    return found;
  };
  for (const order of permutations([...committed.keys()])) {
    for (const isVisible of visibilities(order.length)) {
      const levels = levelsOfVisibility(order.length, isVisible);
      if (levels.every((level) => allowed.has(level)) || !keepsConflicts(committed, order, isVisible, hasSessions))
        continue;
      const isRight = order.every((reader, at) =>
        isExplained(
          reader,
          order.filter((_, before) => before < at && isVisible(before, at)),
        ),
      );
      if (isRight) for (const level of levels) allowed.add(level);
    }
  }
  return allowed;
}

/** By the places of two transactions in the arbitration order, the first before the second. */
type Visibility = (before: number, after: number) => boolean;

function visibilities(count: number): Visibility[] {
  const pairs = (count * (count - 1)) / 2;
  return Array.from({ length: 2 ** pairs }, (_, mask) => (before, after) => {
    const pair = (after * (after - 1)) / 2 + before;
    return (mask & (1 << pair)) !== 0;
  });
}

/** TRANSVIS for all; PREFIX for snapshot isolation; TOTALVIS for serializability. */
function levelsOfVisibility(count: number, isVisible: Visibility): readonly AxiomaticLevel[] {
  let [isTransitive, hasPrefixes, isTotal] = [true, true, true];
  for (let after = 0; after < count; after += 1) {
    for (let middle = 0; middle < after; middle += 1) {
      isTotal &&= isVisible(middle, after);
      for (let before = 0; before < middle; before += 1) {
        if (!isVisible(middle, after) || isVisible(before, after)) continue;
        hasPrefixes = false;
        isTransitive &&= !isVisible(before, middle);
      }
    }
  }
  if (!isTransitive) return [];
  return axiomaticLevels.filter(
    (level) => (level !== 'serializable' || isTotal) && (level === 'parallel-snapshot-isolation' || hasPrefixes),
  );
}

/** NOCONFLICT, and SESSION where asked for. */
function keepsConflicts(
  committed: readonly Transaction[],
  order: readonly number[],
  isVisible: Visibility,
  hasSessions: boolean,
): boolean {
  return order.every((second, after) =>
    order.slice(0, after).every((first, before) => {
      const [a, b] = [committed[first]!, committed[second]!];
      if (hasSessions && a.session === b.session && (first > second || !isVisible(before, after))) return false;
      return isVisible(before, after) || ![0, 1].some((key) => writes(a, key) && writes(b, key));
    }),
  );
}

function writes({ operations }: Transaction, key: number): boolean {
  return operations.some(([f, name]) => f !== 'r' && name === key);
}

/** Whether a transaction's reads are what it sees, in order, with its own writes on top. */
function explains(reader: Transaction, seen: readonly Transaction[]): boolean {
  const values = new Map<unknown, unknown>();
  const run = ({ operations }: Transaction, isReader: boolean): boolean =>
    operations.every(([f, key, value]) => {
      if (f === 'w') values.set(key, value);
      else if (f === 'append') values.set(key, [...((values.get(key) ?? []) as unknown[]), value]);
      else if (isReader && value !== undefined)
        return JSON.stringify(values.get(key) ?? (Array.isArray(value) ? [] : null)) === JSON.stringify(value);
      return true;
    });
  for (const other of seen) run(other, false);
  return run(reader, true);
}
