/**
 * The answer to a query about the whole of a *spread* collection, folded over the groups that hold its entries.
 *
 * For each tuple of a group, what it contributes to the answer (a sub-collection, or a number) is worked out once. Equal
 * contributions of a group are one *class*. The classes of all groups, side by side in the bits of one small integer, are
 * the *signature* of a state: states with the same one get the same answer. So what follows from an answer can be kept in
 * a table by signature, and finding it costs a look-up a group, and no hashing.
 */
import { grown } from './int-tables.ts';

/** Signatures have at most so many bits: tables by signature stay small. */
const mostBits = 14;

let generations = 0;

/** What one group contributes. */
interface Part {
  readonly group: number;
  /** For each tuple, its class plus one; 0 where it is not worked out. */
  classes: Int32Array<ArrayBuffer>;
  /** For each class, what it contributes; and the class of each contribution, plus one. */
  readonly contributions: number[];
  readonly classOf: Map<number, number>;
  /** Where the class stands in a signature, and in how many bits. */
  shift: number;
  bits: number;
}

export class Fold {
  /** Another number whenever signatures mean something else; no two folds have the same one. */
  generation = ++generations;
  readonly #parts: readonly Part[];
  readonly #contribution: (group: number, tuple: number) => number;
  #isWide = false;
  /** For each signature, the answer plus one; 0 where it is not known. */
  #answers: Int32Array<ArrayBuffer> = new Int32Array(1);

  /**
   * @param groups - those that hold entries that matter
   * @param contribution - works out what a tuple of one of them contributes
   */
  constructor(groups: readonly number[], contribution: (group: number, tuple: number) => number) {
    this.#contribution = contribution;
    this.#parts = groups.map((group) => ({
      group,
      classes: new Int32Array(16),
      contributions: [],
      classOf: new Map(),
      shift: 0,
      bits: 0,
    }));
  }

  /** The signature of a state with these group numbers; -1 where there are too many different contributions. */
  signature(ids: Int32Array): number {
    if (this.#isWide) return -1;
    const parts = this.#parts;
    let signature = 0;
    for (let i = 0; i < parts.length; i++) {
      const part = parts[i] as Part;
      const id = ids[part.group] as number;
      let kind = id < part.classes.length ? (part.classes[id] as number) : 0;
      if (kind === 0) {
        const { generation } = this;
        kind = this.#classify(part, id);
        if (generation !== this.generation) return this.signature(ids);
      }
      signature |= (kind - 1) << part.shift;
    }
    return signature;
  }

  /** Whether there are too many different contributions for signatures. */
  get isWide(): boolean {
    return this.#isWide;
  }

  /**
   * The groups that contribute, for each of their tuples the class of what it does, plus one, and where classes stand in
   * signatures of this generation.
   */
  get parts(): readonly Pick<Part, 'group' | 'classes' | 'shift'>[] {
    return this.#parts;
  }

  /** The class of what the group at a position contributes in a state with these group numbers, plus one. */
  classOf(position: number, ids: Int32Array): number {
    const part = this.#parts[position] as Part;
    const id = ids[part.group] as number;
    const known = id < part.classes.length ? (part.classes[id] as number) : 0;
    return known === 0 ? this.#classify(part, id) : known;
  }

  /** The answer that goes with a signature, or -1. */
  answer(signature: number): number {
    return signature < this.#answers.length ? (this.#answers[signature] as number) - 1 : -1;
  }

  /** Keeps the answer that goes with a signature. */
  keep(signature: number, answer: number): void {
    if (signature >= this.#answers.length) this.#answers = grown(this.#answers, signature + 1);
    this.#answers[signature] = answer + 1;
  }

  /** The group that alone contributes; undefined where none does, or several do. */
  get onlyGroup(): number | undefined {
    return this.#parts.length === 1 ? this.#parts[0]!.group : undefined;
  }

  /** How many groups contribute. */
  get size(): number {
    return this.#parts.length;
  }

  /** What the group at a position contributes in a state with these group numbers. */
  contribution(position: number, ids: Int32Array): number {
    const part = this.#parts[position] as Part;
    return part.contributions[this.classOf(position, ids) - 1] as number;
  }

  get bytes(): number {
    return this.#parts.reduce((sum, { classes }) => sum + classes.byteLength, this.#answers.byteLength);
  }

  /** Finds the class of a tuple, plus one. */
  #classify(part: Part, tuple: number): number {
    const contribution = this.#contribution(part.group, tuple);
    const kind = part.classOf.get(contribution) ?? part.contributions.push(contribution);
    part.classOf.set(contribution, kind);
    if (tuple >= part.classes.length) part.classes = grown(part.classes, tuple + 1);
    part.classes[tuple] = kind;
    if (kind > 1 << part.bits) this.#widen();
    return kind;
  }

  /** Gives every class of a group a number of its own in signatures. */
  #widen(): void {
    let shift = 0;
    for (const part of this.#parts) {
      part.shift = shift;
      part.bits = 32 - Math.clz32(part.contributions.length - 1);
      shift += part.bits;
    }
    this.#isWide ||= shift > mostBits;
    this.generation = ++generations;
    this.#answers = new Int32Array(1);
  }
}
