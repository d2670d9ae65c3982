/**
 * The strongly connected parts of what a depth-first search has found, as a stack of nodes divided into parts.
 *
 * The nodes on the stack are those that reach the node at hand or are reached from it, and are not known to be in a
 * complete part. An edge back into the stack merges all parts above its target: they are one. Each part knows the marks of
 * its edges, the conditions of fairness that its edges satisfy, and those that are enabled in all of its states; and the
 * same of the edge that led to it from the part below, which becomes one of its own when the two are merged.
 *
 * Couvreur, "On-the-fly verification of linear temporal logic" (1999), whose stack of parts is this.
 *
 * Cost: a few words a node. Merging is amortised: every part is merged once.
 */
import { IntList } from '../transition/index.ts';

/** Lists of words: one list for each word of a set of conditions. */
export class Words {
  readonly lists: IntList[] = [];

  /** Sees to it that there are lists for so many words; new ones hold zeros. */
  reserve(words: number, length: number): void {
    while (this.lists.length < words) {
      const list = new IntList();
      while (list.length < length) list.push(0);
      this.lists.push(list);
    }
  }

  push(from: Int32Array, start: number): void {
    const { lists } = this;
    for (let w = 0; w < lists.length; w++) lists[w]!.push(from[start + w] ?? 0);
  }

  truncate(length: number): void {
    const { lists } = this;
    for (let w = 0; w < lists.length; w++) lists[w]!.length = length;
  }

  get bytes(): number {
    return this.lists.reduce((sum, { bytes }) => sum + bytes, 0);
  }
}

export class LiveParts {
  /** The nodes. */
  readonly nodes = new IntList();
  /** Of each part, the place of its first node plus one. */
  readonly #roots = new IntList();
  readonly #marks = new IntList();
  readonly #enabled = new Words();
  readonly #satisfied = new Words();
  readonly #edgeMarks = new IntList();
  readonly #edgeSatisfied = new Words();

  /** How many parts there are. */
  get count(): number {
    return this.#roots.length;
  }

  get bytes(): number {
    const words = [this.#enabled, this.#satisfied, this.#edgeSatisfied];
    const lists = [this.nodes, this.#roots, this.#marks, this.#edgeMarks];
    return [...words, ...lists].reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** The place of the first node of a part plus one. */
  root(part: number): number {
    return this.#roots.at(part);
  }

  marks(part: number): number {
    return this.#marks.at(part);
  }

  /** Adds marks to the last part. */
  mark(marks: number): void {
    const top = this.#roots.length - 1;
    this.#marks.items[top] = this.#marks.at(top) | marks;
  }

  /** A word of the conditions that some edge of a part satisfies. */
  satisfied(part: number, word: number): number {
    return this.#satisfied.lists[word]!.at(part);
  }

  /** Makes room for words of conditions, of which there may be more than before. */
  reserve(words: number): void {
    if (this.#enabled.lists.length >= words) return;
    for (const list of [this.#enabled, this.#satisfied, this.#edgeSatisfied]) list.reserve(words, this.#roots.length);
  }

  /**
   * Adds a node, as a part of its own.
   *
   * @param enabled - the conditions that are enabled in its state
   * @param marks - of the edge that led there, as `satisfied`, whose words begin at `at`
   * @returns its place plus one
   */
  begin(node: number, enabled: Int32Array, marks: number, satisfied: Int32Array, at: number): number {
    const order = this.nodes.push(node) + 1;
    this.#roots.push(order);
    this.#marks.push(0);
    this.#enabled.push(enabled, 0);
    this.#satisfied.push(none, 0);
    this.#edgeMarks.push(marks);
    this.#edgeSatisfied.push(satisfied, at);
    return order;
  }

  /**
   * Makes all parts above a node one with its part: an edge leads there from the last node of the path.
   *
   * @param order - the place of the node plus one
   */
  merge(order: number, marks: number, satisfied: Int32Array, at: number): void {
    const words = this.#enabled.lists.length;
    let top = this.#roots.length - 1;
    let all = marks;
    if (this.#roots.at(top) > order) {
      while (this.#roots.at(top) > order) {
        all |= this.#marks.at(top) | this.#edgeMarks.at(top);
        for (let w = 0; w < words; w++) {
          const [enabled, taken] = [this.#enabled.lists[w]!.items, this.#satisfied.lists[w]!.items];
          enabled[top - 1]! &= enabled[top] as number;
          taken[top - 1]! |= (taken[top] as number) | this.#edgeSatisfied.lists[w]!.at(top);
        }
        top--;
      }
      this.#truncate(top + 1);
    }
    this.#marks.items[top]! |= all;
    for (let w = 0; w < words; w++) this.#satisfied.lists[w]!.items[top]! |= satisfied[at + w] ?? 0;
  }

  /** Whether a part has all of some marks, and each condition that is enabled in all of its states is satisfied by one of its edges. */
  isFair(part: number, marks: number): boolean {
    if ((this.#marks.at(part) & marks) !== marks) return false;
    const { lists } = this.#enabled;
    for (let w = 0; w < lists.length; w++) {
      if ((lists[w]!.at(part) & ~this.#satisfied.lists[w]!.at(part)) !== 0) return false;
    }
    return true;
  }

  /** Removes the last part and its nodes: it is complete. */
  end(): void {
    const top = this.#roots.length - 1;
    this.nodes.length = this.#roots.at(top) - 1;
    this.#truncate(top);
  }

  #truncate(parts: number): void {
    this.#roots.length = parts;
    this.#marks.length = parts;
    this.#edgeMarks.length = parts;
    this.#enabled.truncate(parts);
    this.#satisfied.truncate(parts);
    this.#edgeSatisfied.truncate(parts);
  }
}

const none = new Int32Array(0);
