/**
 * Tests of workloads that Jepsen knows by name, of which only a part of the object's behaviour is checked: a bank's
 * total, groups of keys that are written once (long fork), and the elements of a set (set-full).
 */
import { keyOf } from './canonical-key.ts';
import { showPlain, type Operation } from './operation.ts';
import { HistoryError } from './pairing.ts';

/** Something that an observation contradicts. */
export interface ObservationFinding {
  readonly name:
    'wrong total' | 'negative balance' | 'long fork' | 'lost element' | 'stale read' | 'unexpected element';
  readonly operations: readonly Operation[];
  readonly explanation: string;
}

/** What such a test found. */
export interface ObservationResult {
  readonly verdict: 'consistent' | 'violation';
  readonly findings: readonly ObservationFinding[];
}

/**
 * Every read of all accounts of a bank has the same total, and no account is below zero.
 *
 * @param total - the total; that of the first read where it is not given
 */
export function checkBank(operations: readonly Operation[], total?: number): ObservationResult {
  const findings: ObservationFinding[] = [];
  let expected = total;
  for (const operation of operations) {
    if (operation.f === 'transfer') continue;
    if (operation.f !== 'read') throw unknown('bank', operation, 'read and transfer');
    if (operation.output === undefined || operation.output === null) continue;
    const balances = Object.entries(operation.output as Record<string, unknown>);
    const sum = balances.reduce((sum, [, balance]) => sum + Number(balance), 0);
    expected ??= sum;
    const below = balances.filter(([, balance]) => Number(balance) < 0);
    const who = `process ${operation.process} read ${showPlain(operation.output)}`;
    if (sum !== expected)
      findings.push({
        name: 'wrong total',
        operations: [operation],
        explanation: `${who}: the total is ${sum}, not ${expected}.`,
      });
    if (below.length > 0)
      findings.push({
        name: 'negative balance',
        operations: [operation],
        explanation: `${who}: an account is below zero.`,
      });
  }
  return result(findings);
}

/**
 * No two reads of a group disagree on which of two writes came first.
 *
 * Reads are lists `[['r', key, value], …]`, `null` where nothing was written yet; a key is written once.
 */
export function checkLongFork(operations: readonly Operation[]): ObservationResult {
  const groups = new Map<string, { operation: Operation; seen: Map<string, boolean> }[]>();
  for (const operation of operations) {
    const accesses = (operation.output ?? operation.input) as readonly (readonly [string, unknown, unknown])[];
    if (!Array.isArray(accesses)) throw unknown('long-fork', operation, 'lists of [:r key value] and [:w key value]');
    if (operation.output === undefined || accesses.some(([f]) => f !== 'r')) continue;
    const seen = new Map(accesses.map(([, key, value]) => [keyOf(key), value !== null]));
    const group = [...seen.keys()].sort().join();
    groups.set(group, [...(groups.get(group) ?? []), { operation, seen }]);
  }
  const findings: ObservationFinding[] = [];
  for (const reads of groups.values()) {
    for (const [index, a] of reads.entries()) {
      const fork = reads.slice(index + 1).find((b) => sawMore(a.seen, b.seen) && sawMore(b.seen, a.seen));
      if (fork === undefined) continue;
      const explanation = `process ${a.operation.process} read ${showPlain(a.operation.output)}, and process ${fork.operation.process} read ${showPlain(fork.operation.output)}: each saw a write that the other did not.`;
      findings.push({ name: 'long fork', operations: [a.operation, fork.operation], explanation });
    }
  }
  return result(findings);
}

function sawMore(a: ReadonlyMap<string, boolean>, b: ReadonlyMap<string, boolean>): boolean {
  return [...a].some(([key, seen]) => seen && b.get(key) === false);
}

/**
 * Every element that was added, once its `add` is answered or a read has returned it, is in the reads that begin later.
 *
 * An element that is missing from a read and returned by a later one is stale; one that no later read returns is lost.
 * Only lost elements, and those that nobody added, make the history invalid.
 */
export function checkSetFull(operations: readonly Operation[]): ObservationResult {
  const reads: { operation: Operation; has: Set<string> }[] = [];
  const added = new Map<string, { operation: Operation; known: number }>();
  for (const operation of operations) {
    if (operation.f === 'add') added.set(keyOf(operation.input), { operation, known: operation.returned });
    else if (operation.f !== 'read') throw unknown('set-full', operation, 'add and read');
    else if (operation.output !== undefined && operation.output !== null) {
      reads.push({ operation, has: new Set(Array.from(operation.output as Iterable<unknown>, keyOf)) });
    }
  }
  const findings: ObservationFinding[] = [];
  for (const { operation, has } of reads) {
    const alien = [...has].find((element) => !added.has(element));
    if (alien !== undefined)
      findings.push({
        name: 'unexpected element',
        operations: [operation],
        explanation: `process ${operation.process} read ${alien}, which nobody added.`,
      });
    for (const element of has) {
      const entry = added.get(element);
      if (entry !== undefined) entry.known = Math.min(entry.known, operation.returned);
    }
  }
  for (const [element, { operation, known }] of added) {
    const later = reads
      .filter((read) => read.operation.invoked > known)
      .sort((a, b) => a.operation.invoked - b.operation.invoked);
    const missing = later.filter(({ has }) => !has.has(element));
    if (missing.length === 0) continue;
    const isLost = !later.at(-1)!.has.has(element);
    const read = missing[0]!.operation;
    findings.push({
      name: isLost ? 'lost element' : 'stale read',
      operations: [operation, read],
      explanation: `process ${operation.process} added ${element}, and process ${read.process} did not read it afterwards${isLost ? ', nor did anybody later' : ', although it was read later'}.`,
    });
  }
  return result(findings);
}

function result(findings: readonly ObservationFinding[]): ObservationResult {
  const isStaleOnly = findings.every(({ name }) => name === 'stale read');
  return { verdict: isStaleOnly ? 'consistent' : 'violation', findings };
}

function unknown(model: string, { f, line }: Operation, has: string): HistoryError {
  return new HistoryError(`the model ${model} has no operation '${f}'. It has ${has}.`, line);
}
