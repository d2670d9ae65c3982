/**
 * The direct serialization graph of a transaction history: who must come before whom, and why.
 *
 * Nodes are transactions. An edge is `ww` (its target wrote the next version), `wr` (its target read the version),
 * `rw` (its target overwrote the version that its source read; an anti-dependency), session order, or real time. Edges
 * live in typed arrays; a view of the graph with some kinds only is a mask.
 *
 * Adya, "Weak consistency: a generalized theory and optimistic implementations for distributed transactions" (1999).
 */
import type { DependencyKind } from './anomaly.ts';
import { initialWrite, transactionName, type Evidence } from './evidence.ts';

/** The bit of each kind of edge. */
export const kindBit = { ww: 1, wr: 2, rw: 4, session: 8, realtime: 16 } as const satisfies Record<
  DependencyKind,
  number
>;

/** Edges in the order in which they were added, in arrays that grow. */
export class EdgeList {
  from = new Int32Array(1024);
  to = new Int32Array(1024);
  kind = new Uint8Array(1024);
  /** The write that an edge is about: the one that comes later, or was read; -1 for the other kinds. */
  write = new Int32Array(1024);
  count = 0;

  add(from: number, to: number, kind: number, write: number): void {
    if (from === to) return;
    if (this.count === this.from.length) this.#grow();
    this.from[this.count] = from;
    this.to[this.count] = to;
    this.kind[this.count] = kind;
    this.write[this.count] = write;
    this.count += 1;
  }

  #grow(): void {
    const length = this.count * 2;
    this.from = grown(this.from, new Int32Array(length));
    this.to = grown(this.to, new Int32Array(length));
    this.kind = grown(this.kind, new Uint8Array(length));
    this.write = grown(this.write, new Int32Array(length));
  }
}

function grown<A extends Int32Array | Uint8Array>(from: A, into: A): A {
  into.set(from);
  return into;
}

/** A graph whose edges are grouped by their source: edges of node `n` are `edge[start[n]]` to `edge[start[n + 1] - 1]`. */
export interface DependencyGraph {
  readonly evidence: Evidence;
  readonly nodeCount: number;
  readonly edges: EdgeList;
  readonly start: Int32Array;
  readonly edge: Int32Array;
}

const unordered = -1;
const lastVersion = -2;

/**
 * The edges that evidence proves: between consecutive versions, from versions to their readers, from readers to the
 * next version, and from the last ordered version to those that are later in unknown order.
 *
 * Cost: linear in writes and reads, times the later versions of a key for the reads of its last ordered one.
 */
export function dependencyEdges(evidence: Evidence): EdgeList {
  const edges = new EdgeList();
  const { writes, present, orders, tails, reads, history } = evidence;
  // By write: the next version that another transaction wrote, `lastVersion`, or `unordered`.
  const next = new Int32Array(writes.transaction.length).fill(unordered);
  const installed = orders.map((order) => order.filter((write) => present[writes.transaction[write]!] === 1));
  for (const [key, order] of installed.entries()) {
    for (let index = order.length - 1; index >= 0; index -= 1) {
      const [write, after] = [order[index]!, order[index + 1]];
      if (after === undefined) next[write] = lastVersion;
      else if (writes.transaction[after] === writes.transaction[write]) next[write] = next[after]!;
      else next[write] = after;
      if (after !== undefined) edges.add(writes.transaction[write]!, writes.transaction[after]!, kindBit.ww, after);
    }
    const last = order.at(-1);
    if (last === undefined) continue;
    for (const write of tails[key]!)
      edges.add(writes.transaction[last]!, writes.transaction[write]!, kindBit.ww, write);
  }
  for (let read = 0; read < reads.reader.length; read += 1) {
    const [reader, key, write] = [reads.reader[read]!, reads.key[read]!, reads.write[read]!];
    if (write !== initialWrite) edges.add(writes.transaction[write]!, reader, kindBit.wr, write);
    const after = write === initialWrite ? (installed[key]![0] ?? lastVersion) : next[write]!;
    if (after >= 0) edges.add(reader, writes.transaction[after]!, kindBit.rw, after);
    else if (after === lastVersion) {
      for (const later of tails[key]!) edges.add(reader, writes.transaction[later]!, kindBit.rw, later);
    }
  }
  if (history.sessionOrder) addSessionOrder(edges, evidence);
  return edges;
}

/** An edge from each transaction that took effect to the next one of its session. */
function addSessionOrder(edges: EdgeList, { history, present }: Evidence): void {
  const last = new Map<unknown, number>();
  for (const [index, { session }] of history.transactions.entries()) {
    if (present[index] !== 1) continue;
    const before = last.get(session);
    if (before !== undefined) edges.add(before, index, kindBit.session, -1);
    last.set(session, index);
  }
}

/**
 * Adds the order of real time: an edge where one transaction ended before another began, transitive ones left out.
 *
 * Cost: a sort, and for each transaction the number that end while the latest of its predecessors runs: about as many as
 * are open at once.
 */
export function addRealTime(edges: EdgeList, { history, present }: Evidence): void {
  const { transactions } = history;
  const began = (t: number): number => transactions[t]!.invoked ?? -Infinity;
  const ended = (t: number): number => transactions[t]!.returned ?? Infinity;
  const taking = Array.from(transactions.keys()).filter((t) => present[t] === 1);
  const byBegin = [...taking].sort((a, b) => began(a) - began(b));
  const byEnd = taking.filter((t) => ended(t) !== Infinity).sort((a, b) => ended(a) - ended(b));
  let over = 0;
  let latestBegin = -Infinity;
  // The transactions that ended after `latestBegin` are the ones that no other stands between.
  let frontier: number[] = [];
  for (const t of byBegin) {
    const before = over;
    for (; over < byEnd.length && ended(byEnd[over]!) < began(t); over += 1) {
      latestBegin = Math.max(latestBegin, began(byEnd[over]!));
      frontier.push(byEnd[over]!);
    }
    if (over > before) frontier = frontier.filter((u) => ended(u) >= latestBegin);
    for (const u of frontier) edges.add(u, t, kindBit.realtime, -1);
  }
}

/** Groups edges by their source. */
export function asGraph(evidence: Evidence, edges: EdgeList): DependencyGraph {
  const nodeCount = evidence.history.transactions.length;
  const start = new Int32Array(nodeCount + 1);
  for (let i = 0; i < edges.count; i += 1) start[edges.from[i]! + 1]! += 1;
  for (let n = 0; n < nodeCount; n += 1) start[n + 1]! += start[n]!;
  const next = start.slice();
  const edge = new Int32Array(edges.count);
  for (let i = 0; i < edges.count; i += 1) edge[next[edges.from[i]!]!++] = i;
  return { evidence, nodeCount, edges, start, edge };
}

/** The kind of an edge as it is called. */
export function kindOf({ edges }: DependencyGraph, edge: number): DependencyKind {
  const bit = edges.kind[edge]!;
  for (const [kind, value] of Object.entries(kindBit)) if (value === bit) return kind as DependencyKind;
  throw new Error(`An edge has no kind ${bit}.`);
}

/** Why an edge is there, in words. */
export function because({ evidence, edges }: DependencyGraph, edge: number): string {
  const { history, writes } = evidence;
  const from = transactionName(history, edges.from[edge]!);
  const to = transactionName(history, edges.to[edge]!);
  const write = edges.write[edge]!;
  switch (edges.kind[edge]) {
    case kindBit.ww:
      return `${to} wrote ${writes.show(write)} over what ${from} wrote`;
    case kindBit.wr:
      return `${to} read ${writes.show(write)}, which ${from} wrote`;
    case kindBit.rw:
      return `${from} read an older version than ${writes.show(write)}, which ${to} wrote`;
    case kindBit.session:
      return `${from} came before ${to} in session ${history.transactions[edges.from[edge]!]!.session}`;
    default:
      return `${from} had ended before ${to} began`;
  }
}
