/**
 * What a worker does: it takes open tasks, lowest rows first, and expands them with a copy of what was learned.
 *
 * Messages are read before each task. Whatever a task needs was sent before the task was opened.
 */
import { grow, type Compiled, type Layout, type SleepOutline } from '../../transition/index.ts';
import { FingerprintLookup, type SharedFingerprints } from '../fingerprint/fingerprint-lookup.ts';
import { StateStore, type SharedStore } from '../state-store.ts';
import { learnedCopy, type SystemOutline } from './copy.ts';
import { Expander } from './expander.ts';
import { Board, Task, TaskState, type TaskShape } from './task.ts';

/** Where states are looked up: among rows, or among fingerprints. */
export type SharedStates = SharedStore | SharedFingerprints;

/** Everything, from the beginning: rows have another form from now on. */
export interface Beginning {
  readonly kind: 'beginning';
  readonly outline: SystemOutline;
  readonly spread: readonly number[];
  /** What was learned so far, and the layout. */
  readonly growth: Uint8Array;
  readonly sleep: SleepOutline | undefined;
  readonly needsSteps: boolean;
  readonly store: SharedStates;
  readonly tasks: readonly SharedArrayBuffer[];
  readonly shape: TaskShape;
}

/** What the thread that commits tells the workers. */
export type Message =
  | Beginning
  /** Another search begins, on another board. */
  | { readonly kind: 'board'; readonly board: SharedArrayBuffer }
  /** The search has ended: its memory can be let go. */
  | { readonly kind: 'rest' }
  | { readonly kind: 'growth'; readonly growth: Uint8Array }
  | { readonly kind: 'store'; readonly store: SharedStates };

/**
 * An open task, taken: the one with the lowest rows from one on, or else the one with the highest rows; undefined where
 * there is none.
 */
function takeFrom(row: number, tasks: readonly Task[]): Task | undefined {
  for (;;) {
    let best: Task | undefined;
    for (const task of tasks) {
      if (task.state === TaskState.open && (best === undefined || isBetter(row, task, best))) best = task;
    }
    if (best === undefined || best.take()) return best;
  }
}

function isBetter(row: number, { from }: Task, { from: other }: Task): boolean {
  return from > other ? other < row : from >= row;
}

export class Member {
  #board: Board;
  /** The next message; undefined where there is none. */
  readonly #receive: () => Message | undefined;
  #store: StateStore | FingerprintLookup = new StateStore(1, 1);
  #compiled: Compiled | undefined;
  #expander: Expander | undefined;
  #tasks: Task[] = [];

  constructor(board: Board, receive: () => Message | undefined) {
    this.#board = board;
    this.#receive = receive;
  }

  /** Says on the board that this worker cannot go on. */
  fail(): void {
    this.#board.fail();
  }

  /** Works for ever: the thread ends with its program. */
  work(): never {
    for (;;) {
      const board = this.#board;
      const { calls } = board;
      this.#readMessages();
      const task = takeFrom(this.#firstRow, this.#tasks);
      if (task !== undefined) this.#expand(task);
      else if (board === this.#board) board.awaitCall(calls);
    }
  }

  /** Rows from this one on are best expanded next: not those that are left to the thread that commits. */
  get #firstRow(): number {
    return Math.max(this.#board.firstRow, this.#expander?.nextRow ?? 0);
  }

  #expand(task: Task): void {
    if (this.#store instanceof StateStore) this.#store.visible = this.#board.visible;
    this.#readMessages();
    (this.#expander as Expander).expand(task);
    task.state = TaskState.done;
    this.#board.tellEnd();
  }

  #readMessages(): void {
    for (let message = this.#receive(); message !== undefined; message = this.#receive()) {
      this.#read(message);
    }
  }

  #read(message: Message): void {
    switch (message.kind) {
      case 'beginning':
        this.#begin(message);
        return;
      case 'store':
        this.#attach(message.store);
        return;
      case 'growth':
        this.#grow((this.#compiled as Compiled).layout, message.growth);
        return;
      case 'board':
        this.#board = new Board(message.board);
        return;
      case 'rest':
        this.#store = new StateStore(1, 1);
        this.#tasks = [];
        this.#compiled = undefined;
        this.#expander = undefined;
    }
  }

  #begin({ outline, spread, growth, sleep, needsSteps, store, tasks, shape }: Beginning): void {
    const learned = learnedCopy(outline);
    const layout = learned.emptyLayout(new Set(spread));
    this.#compiled = learned.compile(layout);
    this.#grow(layout, growth);
    this.#compiled = learned.compile(layout);
    this.#compiled.successors.sleep = sleep && learned.sleepSets(sleep);
    this.#store = 'form' in store ? new FingerprintLookup(layout, store.form) : new StateStore(1, 1);
    this.#attach(store);
    this.#expander = new Expander(this.#compiled, this.#store, needsSteps);
    this.#tasks = tasks.map((buffer) => new Task(buffer, shape));
  }

  #attach(store: SharedStates): void {
    if ('form' in store) (this.#store as FingerprintLookup).attach(store);
    else (this.#store as StateStore).attach(store);
  }

  #grow(layout: Layout, bytes: Uint8Array): void {
    const { learned } = this.#compiled as Compiled;
    learned.values.frozen = false;
    grow(learned, layout, bytes);
    learned.values.frozen = true;
  }
}
