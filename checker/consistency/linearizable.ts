/**
 * Linearizability: whether every operation can be given a moment between its call and its answer at which it takes
 * effect, so that the answers are those of the sequential model.
 *
 * The search is Wing and Gong's with Lowe's memory of configurations ("Testing for linearizability", 2017), depth
 * first over a stack of its own. A configuration is the set of operations that have taken effect and the state of the
 * model. Completed operations are numbered by their answers; all before the *frontier* (the first that has not taken
 * effect) are in the set, and beyond it only some that are open at the frontier's answer can be. Operations that are
 * open together have different *slots*, so the set is the frontier and one bit a slot: short, exact, whatever the
 * length of the history.
 *
 * Four facts keep the search small, and none loses a linearization:
 * - a completed read (an operation that never changes the state) may take effect as soon as it is legal;
 * - of operations that ask and answer the same, the one answered first may go first;
 * - an unanswered operation that leaves the state as it is need never take effect;
 * - nor one after which the next operation does what it would have done without it. A configuration therefore holds the
 *   state before its last operation, where that one was unanswered.
 */
import { Automaton, noState } from './automaton.ts';
import { keyOf } from './canonical-key.ts';
import { guarded, limitReached, type LimitReached, type SearchLimits } from './limits.ts';
import { located, type SequentialModel } from './model.ts';
import type { Operation } from './operation.ts';
import { RowTable } from './row-table.ts';
import { layOut, type Layout } from './slot-layout.ts';

/** What a search found. */
export interface LinearizabilityResult {
  readonly verdict: 'consistent' | 'violation' | 'inconclusive';
  /** For each part of the object that was judged on its own (the whole history where there is one part). */
  readonly parts: readonly PartResult[];
  /** Configurations visited, over all parts. */
  readonly configurations: number;
}

/** What a search found about one part of the object. */
export interface PartResult {
  readonly verdict: 'consistent' | 'violation' | 'inconclusive';
  /** The key that the part has in the model's `partition`; `undefined` for a history judged whole. */
  readonly key: unknown;
  /** The operations on this part, in the order in which they were given. */
  readonly operations: readonly Operation[];
  /**
   * Operations in an order in which they can have taken effect. Where consistent, all answered ones are in it;
   * otherwise those of the longest prefix that can be linearized (as far as the search got).
   */
  readonly linearization: readonly Operation[];
  /** The first answer that cannot be reached: all operations answered before it can be linearized. */
  readonly blocked: Operation | undefined;
  readonly configurations: number;
  /** Why the search gave up, where it is inconclusive. */
  readonly limit?: LimitReached;
}

/**
 * Decides whether a history is linearizable with respect to a model.
 *
 * @param operations - the history, in any order; times are compared, so all must come from one clock
 * @param limits - each part may use up to these
 * @returns a violation where one part is violated, else inconclusive where one part is
 * @throws HistoryError where the model does not have an operation
 *
 * Cost: exponential in the number of operations that are open at the same time, in the worst case; in practice close
 * to linear in the history. Deciding it is NP-complete (Gibbons and Korach, 1997).
 */
export function checkLinearizable<S>(
  operations: readonly Operation[],
  model: SequentialModel<S>,
  limits: SearchLimits = {},
): LinearizabilityResult {
  const parts = partition(operations, model as SequentialModel).map(([key, part]) =>
    searchPart(key, part, model as SequentialModel, limits),
  );
  return {
    verdict: worst(parts.map((part) => part.verdict)),
    parts,
    configurations: parts.reduce((sum, part) => sum + part.configurations, 0),
  };
}

/** A violation outweighs what is not known, which outweighs what holds. */
export function worst(
  verdicts: readonly ('consistent' | 'violation' | 'inconclusive')[],
): 'consistent' | 'violation' | 'inconclusive' {
  if (verdicts.includes('violation')) return 'violation';
  return verdicts.includes('inconclusive') ? 'inconclusive' : 'consistent';
}

/** The operations of each part of the object, parts in the order in which they first occur. */
export function partition(operations: readonly Operation[], model: SequentialModel): [unknown, readonly Operation[]][] {
  if (model.partition === undefined || operations.length === 0) return [[undefined, operations]];
  const parts = new Map<string, [unknown, Operation[]]>();
  for (const operation of operations) {
    const key = located(model, operation, () => model.partition?.(operation));
    if (key === undefined) return [[undefined, operations]];
    const text = keyOf(key);
    const part = parts.get(text);
    if (part === undefined) parts.set(text, [key, [operation]]);
    else part[1].push(operation);
  }
  return [...parts.values()];
}

function searchPart(
  key: unknown,
  operations: readonly Operation[],
  model: SequentialModel,
  limits: SearchLimits,
): PartResult {
  const automaton = new Automaton(model, operations);
  const layout = layOut(operations, (operation) => automaton.letterOf(operation));
  const search = new LinearizationSearch(layout, automaton, limits);
  // What a search that was ended knows is in order: it records a step before it counts on it.
  const verdict = guarded(limits, () => search.run()) ?? 'inconclusive';
  const limit = search.limit ?? (verdict === 'inconclusive' ? 'stopped' : undefined);
  return {
    verdict,
    key,
    operations,
    linearization: search.best().map((number) => layout.operations[number]!),
    blocked: verdict === 'consistent' ? undefined : layout.operations[search.farthest],
    configurations: search.configurations,
    ...(limit === undefined ? {} : { limit }),
  };
}

/** One search: a stack of configurations, and the table of all that were visited. */
class LinearizationSearch {
  readonly #layout: Layout;
  readonly #automaton: Automaton;
  readonly #limits: SearchLimits;
  readonly #firstRound: number;
  /** A configuration: the frontier, the state, the state before an unanswered operation plus one, and a bit for each slot. */
  readonly #row: Int32Array;
  readonly #visited: RowTable;
  readonly #stack: { configuration: number; candidates: Int32Array; next: number }[] = [];
  /** For each configuration: the one from which it was first reached, and the operation that led there. */
  readonly #parent: number[] = [];
  readonly #took: number[] = [];
  /** For each configuration: the round in which it was last entered, or {@link deadEnd}. */
  readonly #entered: number[] = [];
  /** A round that has entered as many configurations as it may is given up for one that tries operations in another order. */
  #round = 1;
  #left: number;
  readonly #seenLetter: Int32Array;
  readonly #isRead: Uint8Array;
  #scan = 0;
  /** The largest frontier that was reached, and the configuration that first did. */
  farthest = -1;
  #farthestConfiguration = 0;
  limit: LimitReached | undefined;

  constructor(layout: Layout, automaton: Automaton, limits: SearchLimits) {
    this.#layout = layout;
    this.#automaton = automaton;
    this.#limits = limits;
    this.#firstRound = limits.restartAfter ?? 50_000;
    this.#left = this.#firstRound;
    this.#row = new Int32Array(bits + Math.ceil(layout.slotCount / 32));
    this.#visited = new RowTable(this.#row.length);
    this.#seenLetter = new Int32Array(automaton.letterCount);
    this.#isRead = Uint8Array.from({ length: automaton.letterCount }, (_, letter) => Number(automaton.isRead(letter)));
  }

  get configurations(): number {
    return this.#visited.size;
  }

  /** The operations that led to the largest frontier, in the order in which they took effect. */
  best(): number[] {
    const path: number[] = [];
    for (let at = this.#farthestConfiguration; this.#took[at] !== -1; at = this.#parent[at]!)
      path.push(this.#took[at]!);
    return path.reverse();
  }

  run(): 'consistent' | 'violation' | 'inconclusive' {
    if (this.#enter(-1, -1)) return 'consistent';
    while (this.#stack.length > 0) {
      this.limit = limitReached(this.#limits, this.#visited.size, this.#visited.bytes);
      if (this.limit !== undefined) return 'inconclusive';
      if (this.#left <= 0) {
        this.#restart();
        continue;
      }
      const top = this.#stack.at(-1)!;
      if (top.next === top.candidates.length) {
        // All that it leads to was entered in this round and left again, or is known to be a dead end.
        this.#entered[top.configuration] = deadEnd;
        this.#stack.pop();
        continue;
      }
      const operation = top.candidates[top.next]!;
      top.next += 1;
      this.#visited.read(top.configuration, this.#row);
      this.#take(operation);
      if (this.#enter(top.configuration, operation)) return 'consistent';
    }
    return 'violation';
  }

  /** Makes `#row` the configuration after `operation` takes effect. */
  #take(operation: number): void {
    const { letters, slots, completed } = this.#layout;
    const row = this.#row;
    row[2] = operation < completed ? 0 : row[1]! + 1;
    row[1] = this.#automaton.next(row[1]!, letters[operation]!);
    setBit(row, slots[operation]!);
    let frontier = row[0]!;
    while (frontier < completed && hasBit(row, slots[frontier]!)) {
      clearBit(row, slots[frontier]!);
      frontier += 1;
    }
    row[0] = frontier;
  }

  /** Pushes the configuration in `#row` unless it was visited before; returns whether it is a linearization of all. */
  #enter(from: number, took: number): boolean {
    const found = this.#visited.add(this.#row);
    const configuration = found < 0 ? ~found : found;
    if (found >= 0) {
      this.#parent.push(from);
      this.#took.push(took);
    } else if (this.#entered[configuration] === this.#round || this.#entered[configuration] === deadEnd) {
      return false;
    }
    this.#entered[configuration] = this.#round;
    this.#left -= 1;
    const frontier = this.#row[0]!;
    const done = frontier === this.#layout.completed;
    this.#stack.push({ configuration, candidates: done ? nothing : this.#candidates(), next: 0 });
    if (frontier > this.farthest) {
      this.farthest = frontier;
      this.#farthestConfiguration = configuration;
    }
    return done;
  }

  /** The operations that may take effect next in the configuration in `#row`. */
  #candidates(): Int32Array {
    const { letters, slots, completed } = this.#layout;
    const [frontier, state, before] = this.#row as unknown as [number, number, number];
    const candidates: number[] = [];
    this.#scan += 1;
    for (const operation of this.#layout.openAt(frontier)) {
      if (hasBit(this.#row, slots[operation]!)) continue;
      const letter = letters[operation]!;
      if (this.#seenLetter[letter] === this.#scan) continue;
      this.#seenLetter[letter] = this.#scan;
      const next = this.#automaton.next(state, letter);
      if (next === noState || (before > 0 && this.#automaton.next(before - 1, letter) === next)) continue;
      if (operation < completed && this.#isRead[letter] === 1) return Int32Array.of(operation);
      if (operation < completed || next !== state) candidates.push(operation);
    }
    return inOrder(candidates, this.#round);
  }

  /** Begins again from the start; dead ends stay known. */
  #restart(): void {
    this.#stack.length = 0;
    this.#round += 1;
    this.#left = this.#firstRound * 2 ** (this.#round - 1);
    this.#row.fill(0);
    this.#enter(-1, -1);
  }
}

/**
 * The order in which a round tries operations: by their answers in the first, then by a different shuffle each.
 *
 * The time of depth-first search has a heavy tail: an early wrong choice may be found out late. Another order finds a way
 * soon where there is one, and as rounds get longer the last one is exhaustive (Gomes, Selman and Kautz, 1998).
 */
function inOrder(candidates: number[], round: number): Int32Array {
  if (round === 1) return Int32Array.from(candidates);
  const key = (operation: number): number => Math.imul(operation + 1, 0x9e3779b1 + 2 * round) >>> 8;
  return Int32Array.from(candidates.sort((a, b) => key(a) - key(b)));
}

const deadEnd = -1;

/** Where the bits of a configuration begin. */
const bits = 3;

const nothing = new Int32Array(0);

function hasBit(row: Int32Array, slot: number): boolean {
  return (row[bits + (slot >>> 5)]! & (1 << (slot & 31))) !== 0;
}

function setBit(row: Int32Array, slot: number): void {
  row[bits + (slot >>> 5)]! |= 1 << (slot & 31);
}

function clearBit(row: Int32Array, slot: number): void {
  row[bits + (slot >>> 5)]! &= ~(1 << (slot & 31));
}
