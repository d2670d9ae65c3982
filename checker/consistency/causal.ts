/**
 * Causal consistency (CC), causal memory (CM), causal convergence (CCv), and PRAM.
 *
 * A history with a known reads-from relation satisfies a level exactly when it has none of that level's *bad patterns*:
 * small shapes in the causal order, the transitive closure of process order and reads-from. Bouajjani, Enea, Guerraoui
 * and Hamza, "On verifying causal consistency" (POPL 2017). PRAM is CM without causality between processes: each
 * process explains its own reads by an order of its own that keeps every process's order of writes.
 */
import { showOperation } from './operation.ts';
import type { Operation } from './operation.ts';
import { assignments, initialValue, memoryHistory, thinAirRead, type MemoryHistory, type ReadsFrom } from './memory.ts';
import { Reachability } from './reachability.ts';

/** The models of this file, from weak to strong, except that CM and CCv are not comparable. */
export const causalModels = ['pram', 'causal', 'causal-memory', 'causal-convergence'] as const;

export type CausalModel = (typeof causalModels)[number];

/** What a test for one of these models found. */
export interface CausalResult {
  readonly verdict: 'consistent' | 'violation' | 'inconclusive';
  /** For a violation where values are unique: the bad pattern, and the operations that show it. */
  readonly pattern?: BadPattern;
  readonly reason?: string;
}

/** A shape that a causal model does not allow. */
export interface BadPattern {
  readonly name:
    | 'thin-air read'
    | 'cyclic causal order'
    | 'overwritten read'
    | 'overwritten initial read'
    | 'cyclic conflict order'
    | 'cyclic order of a process';
  readonly operations: readonly Operation[];
  readonly explanation: string;
}

/** How much a test may cost. */
export interface CausalLimits {
  /** The closure needs n²/8 bytes for n operations. Default 20,000. */
  readonly maxOperations?: number;
  /** Where values repeat: how many assignments of writes to reads are tried. Default 100,000. */
  readonly maxAssignments?: number;
}

/**
 * Tests a history of reads and writes against a causal model.
 *
 * Values that repeat are allowed: the history then satisfies the model if some assignment of writes to reads does.
 *
 * @param initial - the value before any write; `null` is always taken for it
 * @throws HistoryError for operations that are neither reads nor writes
 *
 * Cost: for unique values polynomial, in practice n³/32; otherwise that times the assignments.
 */
export function checkCausal(
  operations: readonly Operation[],
  model: CausalModel,
  initial: unknown = null,
  limits: CausalLimits = {},
): CausalResult {
  const history = memoryHistory(operations, initial);
  if (history.accesses.length > (limits.maxOperations ?? 20_000)) {
    return {
      verdict: 'inconclusive',
      reason: `${history.accesses.length} operations are too many for the causal order.`,
    };
  }
  const thin = thinAirRead(history);
  if (thin !== undefined) {
    const { operation } = thin;
    const explanation = `${showOperation(operation)} by process ${operation.process} returns a value that nobody wrote.`;
    return { verdict: 'violation', pattern: { name: 'thin-air read', operations: [operation], explanation } };
  }
  let tried = 0;
  let pattern: BadPattern | undefined;
  for (const readsFrom of assignments(history)) {
    const found = badPattern(history, readsFrom, model);
    if (found === undefined) return { verdict: 'consistent' };
    pattern ??= found;
    tried += 1;
    if (tried >= (limits.maxAssignments ?? 100_000)) {
      return {
        verdict: 'inconclusive',
        reason: `no reads-from relation among the first ${tried} satisfies the model.`,
      };
    }
  }
  return tried === 1 && pattern !== undefined ? { verdict: 'violation', pattern } : { verdict: 'violation' };
}

function badPattern(history: MemoryHistory, readsFrom: ReadsFrom, model: CausalModel): BadPattern | undefined {
  if (model === 'pram') return processPattern(history, readsFrom, undefined);
  const order = new Reachability(history.accesses.length);
  addProcessOrder(history, order);
  const cyclic = addReadsFrom(history, readsFrom, order, allReads(history));
  if (cyclic !== undefined) return cyclic;
  const overwritten = overwrittenRead(history, readsFrom, order, allReads(history));
  if (overwritten !== undefined || model === 'causal') return overwritten;
  return model === 'causal-memory'
    ? processPattern(history, readsFrom, order)
    : conflictPattern(history, readsFrom, order);
}

function allReads({ accesses }: MemoryHistory): number[] {
  return Array.from(accesses.keys()).filter((access) => accesses[access]!.kind === 'read');
}

function addProcessOrder(history: MemoryHistory, order: Reachability): void {
  for (const own of history.processes) {
    for (let i = own.length - 1; i > 0; i -= 1) order.add(own[i - 1]!, own[i]!);
  }
}

function addReadsFrom(
  history: MemoryHistory,
  readsFrom: ReadsFrom,
  order: Reachability,
  reads: readonly number[],
): BadPattern | undefined {
  for (const read of reads) {
    const write = readsFrom[read]!;
    if (write === initialValue || order.add(write, read)) continue;
    return pattern(
      history,
      'cyclic causal order',
      [read, write],
      'the read comes before the write that it saw, in the order of processes and reads-from',
    );
  }
  return undefined;
}

/** A read between which and the write it saw another write to the key comes, in the given order. */
function overwrittenRead(
  history: MemoryHistory,
  readsFrom: ReadsFrom,
  order: Reachability,
  reads: readonly number[],
): BadPattern | undefined {
  for (const read of reads) {
    const write = readsFrom[read]!;
    for (const other of history.writes.get(history.accesses[read]!.key) ?? []) {
      if (other === write || !order.reaches(other, read)) continue;
      if (write === initialValue) {
        return pattern(
          history,
          'overwritten initial read',
          [other, read],
          'the write comes before the read, which still returns the initial value',
        );
      }
      if (order.reaches(write, other)) {
        return pattern(
          history,
          'overwritten read',
          [write, other, read],
          'the second write comes between the first and the read, which still returns the first',
        );
      }
    }
  }
  return undefined;
}

/** Causal convergence: all writes to a key are in one order, which whoever read a write agrees with. */
function conflictPattern(
  history: MemoryHistory,
  readsFrom: ReadsFrom,
  causalOrder: Reachability,
): BadPattern | undefined {
  const order = new Reachability(history.accesses.length);
  addProcessOrder(history, order);
  addReadsFrom(history, readsFrom, order, allReads(history));
  for (const read of allReads(history)) {
    const write = readsFrom[read]!;
    if (write === initialValue) continue;
    for (const other of history.writes.get(history.accesses[read]!.key) ?? []) {
      if (other === write || !causalOrder.reaches(other, read) || order.add(other, write)) continue;
      return pattern(
        history,
        'cyclic conflict order',
        [other, write, read],
        'the read knows both writes and says that the second is later; others say the opposite',
      );
    }
  }
  return undefined;
}

/**
 * Whether some process cannot explain its own reads by one order.
 *
 * A write that comes before a read of the process, to the same key, must come before the write that it saw: this rule
 * is applied until nothing changes. From `base`, the causal order, that is causal memory; from the order of each process
 * and what this one read, it is PRAM.
 */
function processPattern(
  history: MemoryHistory,
  readsFrom: ReadsFrom,
  base: Reachability | undefined,
): BadPattern | undefined {
  for (const own of history.processes) {
    const reads = own.filter((access) => history.accesses[access]!.kind === 'read');
    const order = new Reachability(history.accesses.length);
    addProcessOrder(history, order);
    const cyclic = addReadsFrom(history, readsFrom, order, base === undefined ? reads : allReads(history));
    if (cyclic !== undefined) return cyclic;
    for (let before = -1; before !== order.mark;) {
      before = order.mark;
      for (const read of reads) {
        const write = readsFrom[read]!;
        if (write === initialValue) continue;
        for (const other of history.writes.get(history.accesses[read]!.key) ?? []) {
          if (other === write || !order.reaches(other, read) || order.add(other, write)) continue;
          return pattern(
            history,
            'cyclic order of a process',
            [other, write, read],
            `process ${history.accesses[read]!.operation.process} must put the first write before the second, and after it`,
          );
        }
      }
    }
    const overwritten = overwrittenRead(history, readsFrom, order, reads);
    if (overwritten !== undefined) return overwritten;
  }
  return undefined;
}

function pattern(
  history: MemoryHistory,
  name: BadPattern['name'],
  accesses: readonly number[],
  why: string,
): BadPattern {
  const operations = accesses.map((access) => history.accesses[access]!.operation);
  const shown = operations.map((operation) => `${showOperation(operation)} by process ${operation.process}`).join(', ');
  return { name, operations, explanation: `${shown}: ${why}.` };
}
