/**
 * Session guarantees (Terry et al., 1994) and eventual convergence.
 *
 * Each guarantee says of two operations of one process on one key in which order the versions that they are about must
 * be; it holds when the versions of every key can be put into an order that says so. The writes of a process are taken
 * to be in version order, except for monotonic writes, which is that claim: what tells the order there is what others
 * read one after the other. What one process does on different keys is the matter of causal consistency.
 */
import { assignments, initialValue, memoryHistory, thinAirRead, type MemoryHistory, type ReadsFrom } from './memory.ts';
import { showOperation, type Operation } from './operation.ts';
import { Reachability } from './reachability.ts';

/** The guarantees. */
export const sessionGuarantees = [
  'read-your-writes',
  'monotonic-reads',
  'monotonic-writes',
  'writes-follow-reads',
] as const;

export type SessionGuarantee = (typeof sessionGuarantees)[number];

/** What a test found. */
export interface SessionResult {
  readonly verdict: 'consistent' | 'violation' | 'inconclusive';
  /** Where values are unique: the two operations of one process that break the guarantee. */
  readonly operations?: readonly Operation[];
  readonly explanation?: string;
}

const maxAssignments = 100_000;

/**
 * Tests a history of reads and writes for a session guarantee.
 *
 * @param initial - the value before any write; `null` is always taken for it
 * @throws HistoryError for operations that are neither reads nor writes
 */
export function checkSession(
  operations: readonly Operation[],
  guarantee: SessionGuarantee,
  initial: unknown = null,
): SessionResult {
  const history = memoryHistory(operations, initial);
  const thin = thinAirRead(history);
  if (thin !== undefined) {
    return {
      verdict: 'violation',
      operations: [thin.operation],
      explanation: `${showOperation(thin.operation)} returns a value that nobody wrote.`,
    };
  }
  let tried = 0;
  let first: readonly [number, number] | undefined;
  for (const readsFrom of assignments(history)) {
    const broken = brokenPair(history, readsFrom, guarantee);
    if (broken === undefined) return { verdict: 'consistent' };
    first ??= broken;
    tried += 1;
    if (tried >= maxAssignments) return { verdict: 'inconclusive' };
  }
  if (tried !== 1 || first === undefined) return { verdict: 'violation' };
  const pair = first.map((access) => history.accesses[access]!.operation);
  const explanation = `${pair.map(showOperation).join(' and then ')}, both by process ${pair[0]!.process}, break ${guarantee}.`;
  return { verdict: 'violation', operations: pair, explanation };
}

/** Two accesses of a process whose versions cannot be ordered as the guarantee says. */
function brokenPair(
  history: MemoryHistory,
  readsFrom: ReadsFrom,
  guarantee: SessionGuarantee,
): readonly [number, number] | undefined {
  const order = new Reachability(history.accesses.length);
  const version = (access: number): number => {
    return history.accesses[access]!.kind === 'write' ? access : readsFrom[access]!;
  };
  // What tells the order of versions beside the guarantee itself: the writes of a process; for those, what others read.
  const known = guarantee === 'monotonic-writes' ? 'monotonic-reads' : 'monotonic-writes';
  for (const [earlier, later] of pairs(history, known)) {
    if (version(earlier) !== initialValue && version(later) !== initialValue)
      order.add(version(earlier), version(later));
  }
  for (const pair of pairs(history, guarantee)) {
    const [older, newer] = [version(pair[0]), version(pair[1])];
    // The initial version is the first: nothing comes before it.
    if (older === newer || older === initialValue) continue;
    if (newer === initialValue || !order.add(older, newer)) return pair;
  }
  return undefined;
}

/** The pairs of accesses that a guarantee is about: for each second one, the nearest first one, same process and key. */
function pairs(history: MemoryHistory, guarantee: SessionGuarantee): (readonly [number, number])[] {
  const [before, after] = kinds[guarantee];
  const found: (readonly [number, number])[] = [];
  for (const own of history.processes) {
    const last = new Map<string, number>();
    for (const access of own) {
      const { key, kind } = history.accesses[access]!;
      const earlier = last.get(key);
      if (kind === after && earlier !== undefined) found.push([earlier, access]);
      if (kind === before) last.set(key, access);
    }
  }
  return found;
}

const kinds = {
  'read-your-writes': ['write', 'read'],
  'monotonic-reads': ['read', 'read'],
  'monotonic-writes': ['write', 'write'],
  'writes-follow-reads': ['read', 'write'],
} as const;

/**
 * Tests eventual convergence: once all writes to a key are answered, the last reads of all processes agree.
 *
 * Writes without an answer may still arrive, so that a key with one is not judged; neither is one without such reads.
 */
export function checkConvergence(operations: readonly Operation[], initial: unknown = null): SessionResult {
  const { accesses, processes, writes } = memoryHistory(operations, initial);
  const last = new Map<string, { value: string; operation: Operation }>();
  for (const own of processes) {
    const finals = new Map(
      own.filter((a) => accesses[a]!.kind === 'read').map((a) => [accesses[a]!.key, accesses[a]!]),
    );
    for (const { key, value, operation } of finals.values()) {
      const quiet = Math.max(-Infinity, ...(writes.get(key) ?? []).map((write) => accesses[write]!.operation.returned));
      if (operation.invoked < quiet) continue;
      const other = last.get(key);
      if (other === undefined) last.set(key, { value, operation });
      else if (other.value !== value) {
        const explanation = `after all writes were answered, process ${other.operation.process} last read ${other.value} and process ${operation.process} last read ${value}.`;
        return { verdict: 'violation', operations: [other.operation, operation], explanation };
      }
    }
  }
  return { verdict: 'consistent' };
}
