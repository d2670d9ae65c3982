/**
 * Histories of shared memory: reads and writes of keys, with the write that each read saw.
 *
 * Causal consistency and its relatives are about which write a read saw. Where values are unique for their key the
 * history tells; otherwise every assignment of writes to reads is tried, up to a limit.
 */
import { keyOf } from './canonical-key.ts';
import { HistoryError } from './pairing.ts';
import type { Operation } from './operation.ts';
import { byProcess } from './sequential.ts';

/** Stands for the write of the initial value. */
export const initialValue = -1;

/** One read or write, numbered by its place in {@link MemoryHistory.accesses}. */
export interface Access {
  readonly operation: Operation;
  readonly kind: 'read' | 'write';
  /** Canonical texts. */
  readonly key: string;
  readonly value: string;
  readonly process: number;
}

/** A history of reads and writes. */
export interface MemoryHistory {
  /** Process after process, each in its own order. */
  readonly accesses: readonly Access[];
  /** By process: the numbers of its accesses, in order. */
  readonly processes: readonly (readonly number[])[];
  /** By key: the numbers of its writes. */
  readonly writes: ReadonlyMap<string, readonly number[]>;
  /** By access: for a read, the writes that it can have seen; empty for writes. */
  readonly candidates: readonly (readonly number[])[];
}

/**
 * Takes a history for one of shared memory: `read`/`write` of one register, `get`/`put` of `{ key, value }`.
 *
 * Reads without an answer say nothing and are left out. A write without an answer is kept: it may have been seen.
 *
 * @param initial - the value before any write; `null` is always taken for it
 * @throws HistoryError for any other operation
 */
export function memoryHistory(operations: readonly Operation[], initial: unknown = null): MemoryHistory {
  const accesses: Access[] = [];
  const processes = byProcess(operations).map((own, process) => {
    const numbers: number[] = [];
    for (const operation of own) {
      const access = asAccess(operation, process);
      if (access === undefined) continue;
      numbers.push(accesses.length);
      accesses.push(access);
    }
    return numbers;
  });
  const writes = new Map<string, number[]>();
  for (const [number, { kind, key }] of accesses.entries()) {
    if (kind !== 'write') continue;
    const others = writes.get(key);
    if (others === undefined) writes.set(key, [number]);
    else others.push(number);
  }
  const initials = new Set([keyOf(initial), keyOf(null)]);
  const candidates = accesses.map(({ kind, key, value }) => {
    if (kind === 'write') return [];
    const seen = (writes.get(key) ?? []).filter((write) => accesses[write]!.value === value);
    return initials.has(value) ? [initialValue, ...seen] : seen;
  });
  return { accesses, processes, writes, candidates };
}

function asAccess(operation: Operation, process: number): Access | undefined {
  const { f, input, output } = operation;
  const isKeyed = f === 'get' || f === 'put';
  const { key, value } = isKeyed ? (input as { key: unknown; value?: unknown }) : { key: null, value: input };
  if (f === 'write' || f === 'put') return { operation, kind: 'write', key: keyOf(key), value: keyOf(value), process };
  if (f !== 'read' && f !== 'get') {
    throw new HistoryError(`causal consistency is about reads and writes; '${f}' is neither.`, operation.line);
  }
  if (output === undefined) return undefined;
  return { operation, kind: 'read', key: keyOf(key), value: keyOf(output), process };
}

/** For each access, the write that it saw ({@link initialValue} for the initial value, which writes have too). */
export type ReadsFrom = readonly number[];

/**
 * Every assignment of writes to reads; one where values are unique.
 *
 * None is produced where a read has no write that it can have seen.
 */
export function* assignments({ candidates }: MemoryHistory): Generator<ReadsFrom, void, undefined> {
  const choices = candidates.map((writes) => (writes.length === 0 ? [initialValue] : writes));
  const at = choices.map(() => 0);
  for (;;) {
    yield choices.map((writes, access) => writes[at[access]!]!);
    let access = at.length - 1;
    while (access >= 0 && at[access] === choices[access]!.length - 1) {
      at[access] = 0;
      access -= 1;
    }
    if (access < 0) return;
    at[access]! += 1;
  }
}

/** A read whose value nobody wrote, if there is one. */
export function thinAirRead({ accesses, candidates }: MemoryHistory): Access | undefined {
  return accesses.find(({ kind }, number) => kind === 'read' && candidates[number]!.length === 0);
}
