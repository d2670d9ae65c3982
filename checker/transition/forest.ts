/**
 * The decision forest: what is known of every routine, one tree each.
 *
 * An inner node is a query, an edge is its answer, a leaf is an outcome. A path from the root to a leaf is one run of
 * user code: purity makes the rest of a run a function of the answers so far, so a path once learned is an answer for
 * every state that gives the same answers. Choices (`pick`, `forAll`) are nodes too, whose edges are all taken.
 *
 * The forest does not depend on how states are stored; `Relation` compiles it to tables for one layout.
 */
import { idOf, isPlace, leafCode, nothing, placeCode, unknown } from './code.ts';
import { IntList, PairMap } from './int-tables.ts';
import type { Effect } from './query.ts';
import type { ByteReader, ByteWriter } from '../value/index.ts';

/** What a run of user code did, beside asking. */
export interface Leaf {
  readonly routine: number;
  /** The node whose answer led here, or 0. */
  readonly parent: number;
  /** That answer. */
  readonly answer: number;
  /** The changes made by an action or an `afterEach`; empty for a property, whose leaves say that it fails. */
  readonly effects: readonly Effect[];
}

/** One query of a run and the answer it got; for a choice, the element chosen. */
export interface Asked {
  readonly query: number;
  readonly answer: number;
}

/** A run asked other things than an earlier run that got the same answers: user code is not a function of the state. */
export class Inconsistent extends Error {}

export class Forest {
  /** The root of each routine, as a code. */
  readonly roots: Int32Array;
  readonly leaves: Leaf[] = [{ routine: -1, parent: 0, answer: 0, effects: [] }];
  readonly #query = new IntList();
  readonly #parent = new IntList();
  readonly #routine = new IntList();
  readonly #answer = new IntList();
  readonly #edges = new PairMap();
  /** Every link that was made, in order: routine, node, answer and code. */
  readonly #links = new IntList();

  constructor(routines: number) {
    this.roots = new Int32Array(routines).fill(unknown);
    this.#newNode(-1, -1, 0, 0);
  }

  /** How many nodes there are. */
  get size(): number {
    return this.#query.length - 1;
  }

  get bytes(): number {
    return 4 * this.#query.bytes + this.#edges.bytes + this.#links.bytes;
  }

  queryOf(node: number): number {
    return this.#query.at(node);
  }

  parentOf(node: number): number {
    return this.#parent.at(node);
  }

  routineOf(node: number): number {
    return this.#routine.at(node);
  }

  /** The answer at the parent of a node that leads to it. */
  answerTo(node: number): number {
    return this.#answer.at(node);
  }

  /** Where an answer at a node leads, or `unknown`. */
  child(node: number, answer: number): number {
    return this.#edges.get(node, answer);
  }

  /**
   * Enters one run of a routine.
   *
   * @param path - what it asked, in order
   * @param last - the query at which the run stopped because its answer offers no choice; -1 where it ran to its end
   * @param effects - what an enabled action changed, or the empty list for a property that fails; undefined for
   *   `nothing`: a disabled action, a property that holds
   * @returns the code of the leaf
   * @throws Inconsistent where an earlier run with the same answers asked something else
   */
  enter(routine: number, path: readonly Asked[], last: number, effects: readonly Effect[] | undefined): number {
    let node = 0;
    let answer = 0;
    let code = this.roots[routine] as number;
    const follow = (query: number): void => {
      if (code === unknown) {
        code = placeCode(this.#newNode(query, routine, node, answer));
        this.#link(routine, node, answer, code);
      }
      if (!isPlace(code) || this.#query.at(idOf(code)) !== query) throw new Inconsistent();
      node = idOf(code);
    };
    for (const asked of path) {
      follow(asked.query);
      answer = asked.answer;
      code = this.#edges.get(node, answer);
    }
    if (last >= 0) {
      follow(last);
      return nothing;
    }
    if (code !== unknown) {
      if (isPlace(code)) throw new Inconsistent();
      return code;
    }
    const leaf =
      effects === undefined ? nothing : leafCode(this.leaves.push({ routine, parent: node, answer, effects }) - 1);
    this.#link(routine, node, answer, leaf);
    return leaf;
  }

  /** A leaf, on no path, that says that a routine fails. */
  failureOf(routine: number): number {
    return this.leaves.push({ routine, parent: 0, answer: 0, effects: [] }) - 1;
  }

  /** The queries on the path to a leaf with their answers, first asked first. */
  pathTo(leaf: number): Asked[] {
    const path: Asked[] = [];
    let { parent: node, answer } = this.leaves[leaf] as Leaf;
    while (node !== 0) {
      path.push({ query: this.queryOf(node), answer });
      answer = this.answerTo(node);
      node = this.parentOf(node);
    }
    return path.reverse();
  }

  #newNode(query: number, routine: number, parent: number, answer: number): number {
    this.#query.push(query);
    this.#routine.push(routine);
    this.#parent.push(parent);
    return this.#answer.push(answer);
  }

  #link(routine: number, node: number, answer: number, code: number): void {
    if (node === 0) this.roots[routine] = code;
    else this.#edges.set(node, answer, code);
    for (const n of [routine, node, answer, code]) this.#links.push(n);
  }

  // --- copies ----------------------------------------------------------------------------------------------------

  /** Whether anything was entered since a mark. */
  hasGrown(mark: { readonly nodes: number; readonly leaves: number; readonly links: number }): boolean {
    return this.size > mark.nodes || this.leaves.length > mark.leaves || this.#links.length > mark.links;
  }

  /** Writes what was entered since a mark, which moves to where the forest stands. */
  write(writer: ByteWriter, mark: { nodes: number; leaves: number; links: number }): void {
    writer.varint(this.size - mark.nodes);
    for (let node = mark.nodes + 1; node <= this.size; node++) {
      for (const part of [this.#query, this.#routine, this.#parent, this.#answer]) writer.varint(part.at(node));
    }
    writer.varint(this.leaves.length - mark.leaves);
    for (const { routine, parent, answer, effects } of this.leaves.slice(mark.leaves)) {
      for (const n of [routine, parent, answer, effects.length]) writer.varint(n);
      for (const effect of effects) writeEffect(writer, effect);
    }
    writer.varint(this.#links.length - mark.links);
    for (let i = mark.links; i < this.#links.length; i++) writer.varint(this.#links.at(i));
    Object.assign(mark, { nodes: this.size, leaves: this.leaves.length, links: this.#links.length });
  }

  /** Enters what another forest wrote, whose first nodes and leaves are those of this one. */
  read(reader: ByteReader): void {
    for (let left = reader.varint(); left > 0; left--) {
      const [query, routine, parent, answer] = [reader.varint(), reader.varint(), reader.varint(), reader.varint()];
      this.#newNode(query, routine, parent, answer);
    }
    for (let left = reader.varint(); left > 0; left--) {
      const [routine, parent, answer] = [reader.varint(), reader.varint(), reader.varint()];
      const effects = Array.from({ length: reader.varint() }, () => readEffect(reader));
      this.leaves.push({ routine, parent, answer, effects });
    }
    for (let left = reader.varint(); left > 0; left -= 4) {
      this.#link(reader.varint(), reader.varint(), reader.varint(), reader.varint());
    }
  }
}

function writeEffect(writer: ByteWriter, { slot, key, relative, value, floor }: Effect): void {
  for (const n of [slot, key, relative ? 1 : 0, Math.abs(value), value < 0 ? 1 : 0, floor]) writer.varint(n);
}

function readEffect(reader: ByteReader): Effect {
  const [slot, key, relative] = [reader.varint(), reader.varint(), reader.varint() === 1];
  const size = reader.varint();
  return { slot, key, relative, value: reader.varint() === 1 ? -size : size, floor: reader.varint() };
}
