/**
 * Tasks: ranges of rows that are expanded by one thread and committed by another, in shared memory.
 *
 * A task goes round: *free*, then *open* with a range of rows, *taken* by the thread that expands it, *done* with its
 * successors, and free again when these are committed. Only its state is changed by several threads, with Atomics; all
 * else is written before the state is, and read after it.
 */

import type { Arrived } from '../../transition/index.ts';
import { mostBatchRows } from '../row-search.ts';

/** Where a task is on its way. */
export const TaskState = { free: 0, open: 1, taken: 2, done: 3 } as const;

/** Rows of a task, at most. */
export const taskRows = mostBatchRows;

/** What all tasks of a crew have in common. */
export interface TaskShape {
  /** The words of a row, and of a sleep set. */
  readonly words: number;
  readonly sleepWords: number;
  /** Successors that a task has room for. */
  readonly capacity: number;
}

/** Pairs of a leaf and how often it was taken that a task has room for. */
const countCapacity = 1 << 15;

/** The fields of a task's header, by their place. */
const Field = {
  state: 0,
  from: 1,
  to: 2,
  successors: 3,
  unlearned: 4,
  restless: 5,
  counts: 6,
  enabled: 7,
  skipped: 8,
  failed: 9,
  table: 10,
  length: 11,
} as const;

/** The memory that a task needs. */
export function taskBytes({ words, sleepWords, capacity }: TaskShape): number {
  const perRow = taskRows * (sleepWords + 2);
  return 4 * (Field.length + capacity * (words + 6 + sleepWords) + perRow + 2 * countCapacity);
}

/** Memory for a task. */
export function newTask(shape: TaskShape): SharedArrayBuffer {
  return new SharedArrayBuffer(taskBytes(shape));
}

export class Task implements Arrived {
  readonly shape: TaskShape;
  /** The successors that are not stored yet, as in a batch: in the order of their parents. */
  readonly rows: Int32Array;
  readonly hashes: Int32Array;
  readonly parents: Int32Array;
  readonly leaves: Int32Array;
  readonly tails: Int32Array;
  readonly asleep: Int32Array;
  /** What the thread that expanded the rows found out about each successor. */
  readonly known: Int32Array;
  /** For each successor where the look-up ended that did not find it, in the table with the number {@link tableNumber}. */
  readonly ends: Int32Array;
  /** The sleep sets of the rows of the task. */
  readonly sleeping: Int32Array;
  /** Those rows of the task in which standing still may fail a transition invariant. */
  readonly restless: Int32Array;
  /** Those rows that could not be expanded from what is known: who commits the task expands them. */
  readonly unlearned: Int32Array;
  /** The leaves of the steps that were taken, each with how often. */
  readonly counts: Int32Array;
  readonly #header: Int32Array;

  constructor(buffer: SharedArrayBuffer, shape: TaskShape) {
    this.shape = shape;
    const { words, sleepWords, capacity } = shape;
    let at = 0;
    const part = (length: number): Int32Array => {
      const array = new Int32Array(buffer, 4 * at, length);
      at += length;
      return array;
    };
    this.#header = part(Field.length);
    this.rows = part(capacity * words);
    this.hashes = part(capacity);
    this.parents = part(capacity);
    this.leaves = part(capacity);
    this.tails = part(capacity);
    this.asleep = part(capacity * sleepWords);
    this.known = part(capacity);
    this.ends = part(capacity);
    this.sleeping = part(taskRows * sleepWords);
    this.restless = part(taskRows);
    this.unlearned = part(taskRows);
    this.counts = part(2 * countCapacity);
  }

  get state(): number {
    return Atomics.load(this.#header, Field.state);
  }

  set state(state: number) {
    Atomics.store(this.#header, Field.state, state);
  }

  get words(): number {
    return this.shape.words;
  }

  get capacity(): number {
    return this.shape.capacity;
  }

  /** Takes the task if it is open; whether that went well. */
  take(): boolean {
    return Atomics.compareExchange(this.#header, Field.state, TaskState.open, TaskState.taken) === TaskState.open;
  }

  get from(): number {
    return this.#header[Field.from] as number;
  }

  get to(): number {
    return this.#header[Field.to] as number;
  }

  /** How many successors, unlearned rows, restless rows and pairs of counts there are. */
  get count(): number {
    return this.#header[Field.successors] as number;
  }

  set count(count: number) {
    this.#header[Field.successors] = count;
  }

  get unlearnedCount(): number {
    return this.#header[Field.unlearned] as number;
  }

  get restlessCount(): number {
    return this.#header[Field.restless] as number;
  }

  get countPairs(): number {
    return this.#header[Field.counts] as number;
  }

  /** Steps that were enabled, and those of them that were not followed because they slept. */
  get enabled(): number {
    return this.#header[Field.enabled] as number;
  }

  set enabled(count: number) {
    this.#header[Field.enabled] = count;
  }

  get skipped(): number {
    return this.#header[Field.skipped] as number;
  }

  set skipped(count: number) {
    this.#header[Field.skipped] = count;
  }

  get tableNumber(): number {
    return this.#header[Field.table] as number;
  }

  set tableNumber(number: number) {
    this.#header[Field.table] = number;
  }

  /** Whether nothing in the task can be used: it had too many successors, or one of its steps fails a property. */
  get failed(): boolean {
    return this.#header[Field.failed] !== 0;
  }

  /** Gives the task a range of rows, and clears what it held. */
  begin(from: number, to: number): void {
    this.#header.fill(0, Field.from);
    this.#header[Field.from] = from;
    this.#header[Field.to] = to;
  }

  fail(): void {
    this.#header[Field.failed] = 1;
  }

  addUnlearned(row: number): void {
    this.unlearned[this.#header[Field.unlearned]!++] = row;
  }

  addRestless(row: number): void {
    this.restless[this.#header[Field.restless]!++] = row;
  }

  /** Notes how often a leaf was taken; whether there was room. */
  addCount(leaf: number, times: number): boolean {
    const pair = this.countPairs;
    if (pair === countCapacity) return false;
    this.counts[2 * pair] = leaf;
    this.counts[2 * pair + 1] = times;
    this.#header[Field.counts] = pair + 1;
    return true;
  }
}

/** What all threads of a crew look at beside the tasks. */
export class Board {
  readonly buffer: SharedArrayBuffer;
  readonly #words: Int32Array;

  constructor(buffer = new SharedArrayBuffer(64)) {
    this.buffer = buffer;
    this.#words = new Int32Array(buffer);
  }

  /** How many rows of the store are written. */
  get visible(): number {
    return Atomics.load(this.#words, 0);
  }

  set visible(rows: number) {
    Atomics.store(this.#words, 0, rows);
  }

  /** The first row that is not left to the thread that commits, as long as there are others. */
  get firstRow(): number {
    return Atomics.load(this.#words, 6);
  }

  set firstRow(row: number) {
    Atomics.store(this.#words, 6, row);
  }

  /** Goes up when tasks are opened, or something else is to be looked at. */
  get calls(): number {
    return Atomics.load(this.#words, 1);
  }

  /** Whether a worker could not go on. */
  get hasFailed(): boolean {
    return Atomics.load(this.#words, 5) !== 0;
  }

  /** Says that a worker cannot go on, and wakes whoever waits for it. */
  fail(): void {
    Atomics.store(this.#words, 5, 1);
    this.tellEnd();
  }

  /** Goes up when a task is done. */
  get ends(): number {
    return Atomics.load(this.#words, 2);
  }

  /** Wakes the workers that wait. */
  call(): void {
    Atomics.add(this.#words, 1, 1);
    // Waking costs some microseconds. Who begins to wait after this look sees that there was a call.
    if (Atomics.load(this.#words, 3) > 0) Atomics.notify(this.#words, 1);
  }

  /** Wakes whoever waits for the end of a task. */
  tellEnd(): void {
    Atomics.add(this.#words, 2, 1);
    if (Atomics.load(this.#words, 4) > 0) Atomics.notify(this.#words, 2);
  }

  /** Waits until there is a call after those that were seen. */
  awaitCall(seen: number): void {
    Atomics.add(this.#words, 3, 1);
    Atomics.wait(this.#words, 1, seen);
    Atomics.sub(this.#words, 3, 1);
  }

  /** Waits until a task ends after those that were seen, but not for long. */
  awaitEnd(seen: number, timeoutMs: number): void {
    Atomics.store(this.#words, 4, 1);
    Atomics.wait(this.#words, 2, seen, timeoutMs);
    Atomics.store(this.#words, 4, 0);
  }
}
