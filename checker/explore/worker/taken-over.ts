/**
 * The successors that a task holds, read in order by the search that commits it.
 *
 * A row of the task that has to be expanded by the search may make all rows to be packed anew. From then on, the
 * successors of the task are packed anew, too.
 */
import { refusedStep, type Batch, type Layout } from '../../transition/index.ts';
import type { Task } from './task.ts';

export class TakenOver {
  readonly #task: Task;
  /** Where the fields of the rows of the task lie. */
  readonly #fields: Layout['fields'];
  #next = 0;

  constructor(task: Task, layout: Layout) {
    this.#task = task;
    this.#fields = layout.fields;
  }

  /** Appends to a batch the next successors, those of rows before one. */
  appendUntil(row: number, batch: Batch, layout: Layout): void {
    const task = this.#task;
    const isSame = this.#isPackedAs(layout);
    for (; this.#next < task.count && parentOf(task, this.#next) < row; this.#next++) {
      if (isSame) batch.copy(task, this.#next);
      else this.#appendPacked(batch, layout);
    }
  }

  /** Whether rows of the task are rows of the layout: fields may have been added, but those that were there stayed. */
  #isPackedAs({ words, fieldWord, fieldShift }: Layout): boolean {
    const fields = this.#fields;
    return (
      words === fields.words &&
      fields.fieldWord.every((word, group) => word === fieldWord[group]) &&
      fields.fieldShift.every((shift, group) => shift === fieldShift[group])
    );
  }

  #appendPacked(batch: Batch, layout: Layout): void {
    const task = this.#task;
    const i = this.#next;
    const { words, fieldWord, fieldShift, fieldMax } = this.#fields;
    const ids = layout.newIds();
    for (let group = 0; group < fieldWord.length; group++) {
      const word = task.rows[i * words + (fieldWord[group] as number)] as number;
      ids[group] = (word >>> (fieldShift[group] as number)) & (fieldMax[group] as number);
    }
    const k = batch.count;
    layout.write(ids, batch.rows, k * layout.words);
    batch.add(task.parents[i] as number, task.leaves[i] as number, task.tails[i] as number);
    const asleep = task.shape.sleepWords;
    for (let w = 0; w < asleep; w++) batch.asleep[k * asleep + w] = task.asleep[i * asleep + w] as number;
  }
}

/** The row from which a successor was reached, whether its step is refused or not. */
function parentOf(task: Task, i: number): number {
  const parent = task.parents[i] as number;
  return parent <= refusedStep ? refusedStep - parent : parent;
}
