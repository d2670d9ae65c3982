/**
 * Several threads on one search, with the result of one.
 *
 * The rows of a level are cut into tasks. The thread that has the search expands the first tasks in line itself, as if it
 * were alone; workers take tasks some way ahead of it, and find out which successors their rows have, which of them are not
 * stored yet, and which satisfy every invariant as far as is known. The thread that has the search *commits* these tasks
 * when it comes to them: it looks the new successors up from where the look-ups of the worker ended, stores them, and
 * judges those of which nothing is known. All is stored in the order of the rows. So rows get the numbers that a single
 * thread would give them, and everything that follows from these (counts, coverage, counterexamples, checkpoints, sleep
 * sets) is the same for every number of workers. What has to be learned is learned by that thread, in the same order too:
 * workers run no user code. They leave rows that need it, which are few as soon as most is known.
 *
 * A look-up by a worker may be stale: a row that was committed meanwhile, or a table that has grown since. Then a
 * successor is handed over in vain, which costs one more look-up; none is lost.
 *
 * Committing is a sixth to a quarter of all work, so more than three or four workers gain little.
 */
import { GrowthMark, growthSince, hasGrown } from '../../transition/index.ts';
import { outlineOf } from './copy.ts';
import type { Message, SharedStates } from './member.ts';
import { Board, newTask, Task, taskBytes, taskRows, TaskState, type TaskShape } from './task.ts';
import type { RowSearch } from '../row-search.ts';

/** A worker, as the thread that commits sees it. */
export interface Hand {
  post(message: Message): void;
  /** Why it cannot go on; undefined where it can. */
  failure(): string | undefined;
  stop(): void;
}

/** Starts a worker that looks at a board. */
export type StartHand = (board: SharedArrayBuffer) => Hand;

/** How many threads work on a check. */
export interface Workers {
  /** All threads, the one that commits included. */
  readonly count: number;
  readonly start: StartHand;
  /** The others work when there are so many states, and are started some time before: most checks never need them. */
  readonly fromStates?: number;
  /** Rows that a thread takes at once; fewer than usual for tests on small systems. */
  readonly rowsPerTask?: number;
}

/** A tenth of a second's work of one thread: less does not pay for telling another what was learned. */
export const usualFromStates = 100_000;
/** Threads are started with this share of these states: that takes them as long as the rest takes the search. */
const startShare = 1 / 4;

/** Successors that a task has room for at first. */
const firstCapacity = 1 << 13;
/** Tasks that may be in line, for each thread. */
const tasksPerThread = 24;
/** So many are opened at once, where there are rows enough: to wake a worker that has run out of tasks takes a while. */
const openedAtOnce = 8;
/**
 * The first tasks in line are left to the thread that commits: it need not hand over what it finds. The workers are so
 * far ahead of it then that it seldom waits for them, and that each thread expands many rows in a row.
 */
const ownTasks = 12;
/** Where more than this share of the rows has to be learned, workers only cost time. */
const mostUnlearned = 0.25;
/** Rows after which that is judged. */
const rowsPerReview = 64 * taskRows;

export class Crew {
  /** Why workers are not used any more, in a sentence for the result; undefined where they are. */
  failure: string | undefined;
  readonly #workers: Workers;
  readonly #board = new Board();
  #hands: readonly Hand[] | undefined;
  #search!: RowSearch;
  #capacity = firstCapacity;
  #shape: TaskShape | undefined;
  #free: Task[] = [];
  /** The tasks that are not committed yet, in the order of their rows. */
  readonly #line: Task[] = [];
  #mark = new GrowthMark();
  #form: object | undefined;
  /** Rows that were committed since the last review, and those of them that had to be learned. */
  #committed = 0;
  #unlearned = 0;
  /** Workers rest until there are so many states. */
  #restUntil: number;

  constructor(workers: Workers) {
    this.#workers = workers;
    this.#restUntil = workers.fromStates ?? usualFromStates;
  }

  /** Memory beside that of the search. Each thread compiles tables of its own: about as large as those of the search. */
  get bytes(): number {
    if (this.#shape === undefined) return 0;
    const tasks = this.#free.length + this.#line.length;
    return tasks * taskBytes(this.#shape) + (this.#workers.count - 1) * this.#search.compiled.bytes;
  }

  /** Expands some rows of the level, or does something else that is useful meanwhile. */
  expand(search: RowSearch): void {
    this.#search = search;
    if (this.#board.hasFailed) this.#noteFailure();
    search.batchRows = this.#workers.rowsPerTask ?? search.batchRows;
    const isSmall = this.#line.length === 0 && search.levelEnd - search.cursor <= search.batchRows;
    if (search.count >= startShare * this.#restUntil && this.failure === undefined) this.#hands ??= this.#start();
    if (this.failure !== undefined || isSmall || search.count < this.#restUntil) {
      this.#quiesce();
      search.expandSome();
      return;
    }
    this.#synchronise();
    this.#open();
    const { ends } = this.#board;
    const first = this.#line[0] as Task;
    if (first.state === TaskState.done) this.#commit(first);
    else if (first.take()) {
      // Nothing is left to be done with the task, even where user code throws.
      this.#release();
      search.expandSome();
    } else this.#board.awaitEnd(ends, 20);
  }

  #noteFailure(): void {
    const reasons = (this.#hands ?? []).map((hand) => hand.failure()).filter((reason) => reason !== undefined);
    this.failure ??= `the check went on with one thread, since another failed: ${reasons.join('; ')}`;
  }

  /** Lets the workers go. */
  stop(): void {
    this.#quiesce();
    for (const hand of this.#hands ?? []) hand.stop();
    this.#hands = undefined;
    this.#form = undefined;
  }

  /** Starts the workers. */
  #start(): readonly Hand[] {
    const { count, start } = this.#workers;
    return Array.from({ length: count - 1 }, () => start(this.#board.buffer));
  }

  /** Tells the workers all that they do not know yet. */
  #synchronise(): void {
    const { kept, compiled, form } = this.#search;
    if (this.#form !== form || this.#capacity !== this.#shape?.capacity) {
      this.#begin();
      return;
    }
    const store = kept.known.share(false);
    if (store !== undefined) this.#tell({ kind: 'store', store });
    if (hasGrown(compiled, this.#mark)) this.#tell({ kind: 'growth', growth: growthSince(compiled, this.#mark) });
    this.#announce();
  }

  /** Says which rows are written, and from which on the workers should begin. */
  #announce(): void {
    const { count, cursor, batchRows } = this.#search;
    this.#board.visible = count;
    this.#board.firstRow = cursor + ownTasks * batchRows;
  }

  /** Makes everything anew, for rows of another form. */
  #begin(): void {
    this.#quiesce();
    const search = this.#search;
    const { compiled } = search;
    const { known } = search.kept;
    const { learned, layout, successors } = compiled;
    const { sleep } = successors;
    const shape = { words: known.words, sleepWords: sleep?.words ?? 0, capacity: this.#capacity };
    const buffers = Array.from({ length: tasksPerThread * this.#workers.count }, () => newTask(shape));
    this.#mark = new GrowthMark();
    this.#tell({
      kind: 'beginning',
      outline: outlineOf(learned),
      spread: [...layout.spread],
      growth: growthSince(compiled, this.#mark),
      sleep: sleep?.outline,
      needsSteps: search.checksDeadlock,
      store: known.share(true) as SharedStates,
      tasks: buffers,
      shape,
    });
    this.#shape = shape;
    this.#form = search.form;
    this.#free = buffers.map((buffer) => new Task(buffer, shape));
    this.#announce();
  }

  #tell(message: Message): void {
    for (const hand of this.#hands ?? []) hand.post(message);
  }

  /** Opens tasks as long as there are rows in the level, and free tasks. */
  #open(): void {
    if (this.#line.length > 0 && this.#free.length < openedAtOnce) return;
    const search = this.#search;
    let from = this.#line.at(-1)?.to ?? search.cursor;
    let opened = false;
    while (from < search.levelEnd && this.#free.length > 0) {
      const task = this.#free.pop() as Task;
      const to = search.endOfBatch(from);
      task.begin(from, to);
      search.expansion.describe(task);
      task.state = TaskState.open;
      this.#line.push(task);
      from = to;
      opened = true;
    }
    if (opened) this.#board.call();
  }

  #commit(task: Task): void {
    const search = this.#search;
    if (task.failed || !search.knowsStandingStill) {
      if (task.count + 4096 > this.#capacity) this.#capacity *= 2;
      search.expandSome();
    } else search.expansion.adopt(task);
    this.#committed += task.to - task.from;
    this.#unlearned += task.unlearnedCount;
    this.#release();
    if (this.#committed >= rowsPerReview) this.#review();
  }

  /** Lets workers rest where most of what they do is done again. */
  #review(): void {
    if (this.#unlearned > mostUnlearned * this.#committed) this.#restUntil = 2 * this.#search.count;
    this.#committed = 0;
    this.#unlearned = 0;
  }

  /** The first task in line is committed. */
  #release(): void {
    const task = this.#line.shift() as Task;
    task.state = TaskState.free;
    this.#free.push(task);
  }

  /** Takes back all tasks that are not committed. */
  #quiesce(): void {
    for (const task of this.#line) {
      while (!task.take() && task.state === TaskState.taken && !this.#board.hasFailed) {
        this.#board.awaitEnd(this.#board.ends, 20);
      }
      task.state = TaskState.free;
    }
    this.#free.push(...this.#line.splice(0));
  }
}
