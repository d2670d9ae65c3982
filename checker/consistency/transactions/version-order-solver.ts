/**
 * Looks for version orders under which a history satisfies an isolation level, where the history does not tell them.
 *
 * For two writers of a key one came first, and each choice brings edges with it: from the first writer to the second,
 * and from everyone who read the first one's version to the second. The solver keeps the transitive closure of what is
 * certain; a choice of which one edge would close a cycle is impossible, so the other is certain. What that leaves is
 * searched depth first. It is exact: a history is accepted exactly when some choice of all orders has no forbidden
 * cycle.
 *
 * What is forbidden differs between levels only in what an edge means:
 * - serializability: a transaction is one point, every edge orders two points;
 * - snapshot isolation: a transaction is a start and a commit. Dependencies lead from commit to start, anti-dependencies
 *   from start to commit; cycles are then those without two adjacent anti-dependencies;
 * - parallel snapshot isolation: dependencies order points, and an anti-dependency forbids a path of dependencies back.
 *
 * Papadimitriou (1979) for polygraphs; Tan et al., "Cobra" (OSDI 2020) for pruning by reachability; Cerone and Gotsman
 * (2016) for the characterisation of the levels; Huang et al., "PolySI" (VLDB 2023).
 */
import { kindBit, type EdgeList } from './dependency-graph.ts';
import { initialWrite, type Evidence } from './evidence.ts';
import { Reachability } from '../reachability.ts';

/** The levels that depend on the order of versions. */
export type OrderedLevel =
  'parallel-snapshot-isolation' | 'snapshot-isolation' | 'serializable' | 'strict-serializable';

/** How much a search for version orders may cost. */
export interface SolverLimits {
  /** Transactions that took effect; more are not tried, since the closure needs n²/8 bytes. Default 20,000. */
  readonly maxTransactions?: number;
  /** Choices that the search may take back. Default 20,000. */
  readonly maxConflicts?: number;
  readonly shouldStop?: () => boolean;
  /** As in `SearchLimits`. */
  readonly guard?: (search: () => void) => void;
}

/** What the solver found. */
export interface SolverResult {
  readonly verdict: 'holds' | 'violated' | 'undecided';
  /** Where it is violated already by what is certain: edges that are certain, as (from, to, kind, write). */
  readonly certain?: readonly Edge[];
  /** The certain edge that cannot be, since it closes a cycle with the others. */
  readonly closing?: Edge;
  readonly reason?: string;
}

/** An edge between transactions. */
export interface Edge {
  readonly from: number;
  readonly to: number;
  readonly kind: number;
  readonly write: number;
}

/** Two writes of one key whose order is open. */
interface Choice {
  readonly first: number;
  readonly second: number;
}

const maxChoices = 4_000_000;

/** Why a level is undecided where the search was ended from outside. */
export const stoppedReason = 'the search for a version order was ended.';

/**
 * Looks for version orders under which `evidence` satisfies `level`.
 *
 * @param known - the edges that are certain from the start
 */
export function solveVersionOrder(
  evidence: Evidence,
  known: EdgeList,
  level: OrderedLevel,
  limits: SolverLimits = {},
): SolverResult {
  const present = evidence.present.reduce((sum, one) => sum + one, 0);
  if (present > (limits.maxTransactions ?? 20_000)) {
    return { verdict: 'undecided', reason: `${present} transactions are too many to search version orders for.` };
  }
  const choices = openChoices(evidence);
  if (choices === undefined)
    return { verdict: 'undecided', reason: 'there are too many pairs of writes without an order.' };
  return new VersionOrderSolver(evidence, level, limits).solve(known, choices);
}

/** All pairs of writes to one key, by different transactions, of which the order is not known. */
function openChoices({ tails, writes }: Evidence): Choice[] | undefined {
  const choices: Choice[] = [];
  for (const tail of tails) {
    if (choices.length + (tail.length * tail.length) / 2 > maxChoices) return undefined;
    for (const [index, first] of tail.entries()) {
      for (let other = index + 1; other < tail.length; other += 1) {
        const second = tail[other]!;
        if (writes.transaction[first] !== writes.transaction[second]) choices.push({ first, second });
      }
    }
  }
  return choices;
}

class VersionOrderSolver {
  readonly #evidence: Evidence;
  readonly #level: OrderedLevel;
  readonly #limits: SolverLimits;
  readonly #closure: Reachability;
  /** By transaction: its first node. */
  readonly #node: Int32Array;
  /** By write: who read it. */
  readonly #readers: number[][];
  /** Under parallel snapshot isolation: pairs (from, to) between which no path may be. */
  readonly #forbidden: [number, number][] = [];
  /** Edges added so far, for explanations; cut back with the search. */
  readonly #added: Edge[] = [];
  #closing: Edge | undefined;

  constructor(evidence: Evidence, level: OrderedLevel, limits: SolverLimits) {
    this.#evidence = evidence;
    this.#level = level;
    this.#limits = limits;
    this.#node = new Int32Array(evidence.present.length);
    const width = level === 'snapshot-isolation' ? 2 : 1;
    let nodes = 0;
    for (const [transaction, isPresent] of evidence.present.entries()) {
      this.#node[transaction] = nodes;
      if (isPresent === 1) nodes += width;
    }
    this.#closure = new Reachability(nodes);
    this.#readers = evidence.writes.transaction.map(() => []);
    const { reader, write } = evidence.reads;
    for (let read = 0; read < reader.length; read += 1) {
      if (write[read] !== initialWrite) this.#readers[write[read]!]!.push(reader[read]!);
    }
    if (width === 2) for (let start = 0; start < nodes; start += 2) this.#closure.add(start, start + 1);
  }

  solve(known: EdgeList, choices: readonly Choice[]): SolverResult {
    for (let i = 0; i < known.count; i += 1) {
      const edge = { from: known.from[i]!, to: known.to[i]!, kind: known.kind[i]!, write: known.write[i]! };
      if (!this.#addEdge(edge)) return this.#contradiction();
    }
    const open = this.#propagate(choices);
    if (open === undefined) return this.#contradiction();
    return this.#search(open);
  }

  #contradiction(): SolverResult {
    const certain = [...this.#added];
    return { verdict: 'violated', certain, ...(this.#closing === undefined ? {} : { closing: this.#closing }) };
  }

  /** Depth first over the open choices; a stack of what to undo and which second branch to take. */
  #search(open: readonly Choice[]): SolverResult {
    const stack: { mark: number; forbidden: number; added: number; rest: readonly Choice[] }[] = [];
    let rest = open;
    let conflicts = 0;
    while (rest.length > 0) {
      const choice = rest[0]!;
      stack.push({ mark: this.#closure.mark, forbidden: this.#forbidden.length, added: this.#added.length, rest });
      let next = this.#choose(choice.first, choice.second) ? this.#propagate(rest.slice(1)) : undefined;
      while (next === undefined) {
        const back = stack.pop();
        if (back === undefined) return { verdict: 'violated', reason: 'every order of the versions closes a cycle.' };
        conflicts += 1;
        if (this.#limits.shouldStop?.() === true) return { verdict: 'undecided', reason: stoppedReason };
        if (conflicts > (this.#limits.maxConflicts ?? 20_000)) {
          return {
            verdict: 'undecided',
            reason: `the search for a version order gave up after ${conflicts} conflicts.`,
          };
        }
        this.#closure.undoTo(back.mark);
        this.#forbidden.length = back.forbidden;
        this.#added.length = back.added;
        const { first, second } = back.rest[0]!;
        // The first branch failed: the second is now certain in what is left of the stack.
        next = this.#choose(second, first) ? this.#propagate(back.rest.slice(1)) : undefined;
      }
      rest = next;
    }
    return { verdict: 'holds' };
  }

  /** Takes all choices of which one side is impossible; returns those left, or `undefined` where one has no side. */
  #propagate(choices: readonly Choice[]): readonly Choice[] | undefined {
    let open = choices;
    for (;;) {
      const left: Choice[] = [];
      for (const choice of open) {
        const forward = this.#possible(choice.first, choice.second);
        const backward = this.#possible(choice.second, choice.first);
        if (forward && backward) {
          left.push(choice);
          continue;
        }
        const [first, second] = forward ? [choice.first, choice.second] : [choice.second, choice.first];
        if (!this.#choose(first, second)) return undefined;
      }
      if (left.length === open.length) return left;
      open = left;
    }
  }

  /** Whether no single edge of "`first` before `second`" closes a cycle with what is certain. */
  #possible(first: number, second: number): boolean {
    const [a, b] = [this.#writer(first), this.#writer(second)];
    if (this.#contradicts(a, b, kindBit.ww)) return false;
    return !this.#readers[first]!.some((reader) => reader !== b && this.#contradicts(reader, b, kindBit.rw));
  }

  /** Takes "`first` before `second`"; returns whether that is possible. */
  #choose(first: number, second: number): boolean {
    const [a, b] = [this.#writer(first), this.#writer(second)];
    if (!this.#addEdge({ from: a, to: b, kind: kindBit.ww, write: second })) return false;
    return this.#readers[first]!.every(
      (reader) => reader === b || this.#addEdge({ from: reader, to: b, kind: kindBit.rw, write: second }),
    );
  }

  #writer(write: number): number {
    return this.#evidence.writes.transaction[write]!;
  }

  /** The nodes that an edge orders, under the level. */
  #ends(from: number, to: number, kind: number): [number, number] {
    const [a, b] = [this.#node[from]!, this.#node[to]!];
    if (this.#level !== 'snapshot-isolation') return [a, b];
    return kind === kindBit.rw ? [a, b + 1] : [a + 1, b];
  }

  #contradicts(from: number, to: number, kind: number): boolean {
    const [a, b] = this.#ends(from, to, kind);
    return this.#closure.reaches(b, a);
  }

  #addEdge(edge: Edge): boolean {
    if (edge.from === edge.to) return true;
    this.#closing = edge;
    const [a, b] = this.#ends(edge.from, edge.to, edge.kind);
    if (this.#level === 'parallel-snapshot-isolation') {
      if (edge.kind === kindBit.rw) {
        if (this.#closure.reaches(b, a)) return false;
        this.#forbidden.push([b, a]);
      } else {
        if (!this.#closure.add(a, b)) return false;
        if (this.#forbidden.some(([from, to]) => this.#closure.reaches(from, to))) return false;
      }
    } else if (!this.#closure.add(a, b)) return false;
    this.#added.push(edge);
    return true;
  }
}
