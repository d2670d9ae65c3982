/**
 * Sequential consistency: whether all operations can be put into one order that keeps the order of each process and in
 * which every answer is that of the sequential model (Lamport, 1979). Real time does not matter.
 *
 * Depth-first search over how far each process has got, with a memory of the configurations visited. It is not
 * compositional: a history whose every key is sequentially consistent need not be so itself, hence no partitioning.
 */
import { Automaton, noState } from './automaton.ts';
import { guarded, limitReached, type LimitReached, type SearchLimits } from './limits.ts';
import type { SequentialModel } from './model.ts';
import type { Operation, ProcessId } from './operation.ts';
import { RowTable } from './row-table.ts';

/** What a search for a sequential order found. */
export interface SequentialResult {
  readonly verdict: 'consistent' | 'violation' | 'inconclusive';
  /** All operations that took effect, in such an order; where there is none, the longest order that was found. */
  readonly order: readonly Operation[];
  readonly configurations: number;
  readonly limit?: LimitReached;
}

/**
 * Decides whether a history is sequentially consistent with respect to a model.
 *
 * @throws HistoryError where the model does not have an operation
 *
 * Cost: exponential in the number of processes in the worst case. Deciding it is NP-complete (Taylor, 1983).
 */
export function checkSequential<S>(
  operations: readonly Operation[],
  model: SequentialModel<S>,
  limits: SearchLimits = {},
): SequentialResult {
  const search = new SequentialSearch(operations, model, limits);
  return guarded(limits, () => search.run()) ?? { ...search.result('inconclusive'), limit: 'stopped' };
}

/** The operations of each process, in the order of their calls. */
export function byProcess(operations: readonly Operation[]): Operation[][] {
  const processes = new Map<ProcessId, Operation[]>();
  for (const operation of [...operations].sort((a, b) => a.invoked - b.invoked)) {
    const own = processes.get(operation.process);
    if (own === undefined) processes.set(operation.process, [operation]);
    else own.push(operation);
  }
  return [...processes.values()];
}

class SequentialSearch {
  readonly #processes: readonly (readonly Operation[])[];
  readonly #letters: readonly Int32Array[];
  readonly #automaton: Automaton;
  readonly #limits: SearchLimits;
  /** A configuration: the state, and for each process how many of its operations are done. */
  readonly #row: Int32Array;
  readonly #visited: RowTable;
  readonly #stack: { configuration: number; moves: readonly Move[]; next: number }[] = [];
  readonly #parent: number[] = [];
  readonly #took: (Operation | undefined)[] = [];
  #most = -1;
  #mostAt = 0;

  constructor(operations: readonly Operation[], model: SequentialModel, limits: SearchLimits) {
    this.#processes = byProcess(operations);
    this.#automaton = new Automaton(model, operations);
    this.#letters = this.#processes.map((own) =>
      Int32Array.from(own, (operation) => this.#automaton.letterOf(operation)),
    );
    this.#limits = limits;
    this.#row = new Int32Array(1 + this.#processes.length);
    this.#visited = new RowTable(this.#row.length);
  }

  run(): SequentialResult {
    if (this.#enter(-1, undefined)) return this.result('consistent');
    while (this.#stack.length > 0) {
      const limit = limitReached(this.#limits, this.#visited.size, this.#visited.bytes);
      if (limit !== undefined) return { ...this.result('inconclusive'), limit };
      const top = this.#stack.at(-1)!;
      const move = top.moves[top.next];
      if (move === undefined) {
        this.#stack.pop();
        continue;
      }
      top.next += 1;
      this.#visited.read(top.configuration, this.#row);
      this.#row[0] = move.state;
      this.#row[1 + move.process]! += 1;
      if (this.#enter(top.configuration, move.operation)) return this.result('consistent');
    }
    return this.result('violation');
  }

  /** What was found so far. */
  result(verdict: SequentialResult['verdict']): SequentialResult {
    const order: Operation[] = [];
    for (let at = this.#mostAt; at > 0; at = this.#parent[at]!) {
      const operation = this.#took[at];
      if (operation !== undefined) order.push(operation);
    }
    return { verdict, order: order.reverse(), configurations: this.#visited.size };
  }

  #enter(from: number, took: Operation | undefined): boolean {
    const configuration = this.#visited.add(this.#row);
    if (configuration < 0) return false;
    this.#parent.push(from);
    this.#took.push(took);
    let done = 0;
    let isDone = true;
    for (const [process, own] of this.#processes.entries()) {
      done += this.#row[1 + process]!;
      isDone &&= this.#row[1 + process] === own.length;
    }
    if (done > this.#most) [this.#most, this.#mostAt] = [done, configuration];
    if (!isDone) this.#stack.push({ configuration, moves: this.#moves(), next: 0 });
    return isDone;
  }

  /** What may come next; a read that is legal may come at once, and an unanswered operation may be passed over. */
  #moves(): Move[] {
    const moves: Move[] = [];
    const state = this.#row[0]!;
    for (const [process, own] of this.#processes.entries()) {
      const operation = own[this.#row[1 + process]!];
      if (operation === undefined) continue;
      const letter = this.#letters[process]![this.#row[1 + process]!]!;
      const next = this.#automaton.next(state, letter);
      if (operation.returned === Infinity) moves.push({ process, operation: undefined, state });
      if (next === noState) continue;
      if (this.#automaton.isRead(letter)) return [{ process, operation, state }];
      moves.push({ process, operation, state: next });
    }
    return moves;
  }
}

/** One step of the search: a process does its next operation, or passes over one that was not answered. */
interface Move {
  readonly process: number;
  readonly operation: Operation | undefined;
  readonly state: number;
}
