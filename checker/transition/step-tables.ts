/**
 * The steps of a relation, and where they lead.
 *
 * A step is a node of the forest. Where one group alone answers its query, the step has a table from the group's tuples to
 * codes. A node may be several steps: one for each group that holds part of what it chooses from.
 */
import { unknown } from './code.ts';
import { grown, IntList } from './int-tables.ts';

/** A step that belongs to no single group: it asks several, or none. */
export const noGroup = -1;

/** Steps by their numbers. Cost: a cell of four bytes for each tuple of the group of each step. */
export class StepTables {
  /** Of each step: its node, the group that alone answers it or `noGroup`, and whether it asks the state before or after. */
  readonly nodes = new IntList();
  readonly groups = new IntList();
  readonly sides = new IntList();
  readonly #tables: Int32Array<ArrayBuffer>[] = [];
  /** How many cells all tables have. */
  #cells = 0;
  #ofNode = new Int32Array(256);
  readonly #ofPart = new Map<string, number>();

  get bytes(): number {
    return 4 * this.#cells;
  }

  /** A new step; returns its number. */
  add(node: number, group: number, side: number): number {
    this.nodes.push(node);
    this.groups.push(group);
    const table = new Int32Array(group === noGroup ? 2 : 8);
    this.#cells += table.length;
    this.#tables.push(table);
    return this.sides.push(side);
  }

  /** The step that a node is as a whole; 0 where there is none yet. */
  ofNode(node: number): number {
    return node < this.#ofNode.length ? (this.#ofNode[node] as number) : 0;
  }

  /** A new step, which a node is as a whole. */
  addOfNode(node: number, group: number, side: number): number {
    const step = this.add(node, group, side);
    if (node >= this.#ofNode.length) this.#ofNode = grown(this.#ofNode, node + 1);
    this.#ofNode[node] = step;
    return step;
  }

  /** The step that a node is for what one group holds. */
  ofPart(node: number, group: number, side: number): number {
    const key = `${node}:${group}`;
    const known = this.#ofPart.get(key);
    if (known !== undefined) return known;
    const step = this.add(node, group, side);
    this.#ofPart.set(key, step);
    return step;
  }

  /** Gives a step that belonged to no group an empty table for one. */
  settle(step: number, group: number): void {
    this.groups.items[step] = group;
    this.#tables[step] = new Int32Array(8);
  }

  /** Where a step leads, by tuple of its group. What a step without a group keeps in its two cells is its own affair. */
  tableOf(step: number): Int32Array {
    return this.#tables[step] as Int32Array;
  }

  /** Where a step leads for one tuple of its group, or `unknown`. */
  at(step: number, id: number): number {
    const table = this.#tables[step] as Int32Array;
    return id < table.length ? (table[id] as number) : unknown;
  }

  /** Keeps where a step leads for one tuple of its group. */
  set(step: number, id: number, code: number): void {
    let table = this.#tables[step] as Int32Array<ArrayBuffer>;
    if (id >= table.length) this.#tables[step] = table = this.longer(table, id + 1);
    table[id] = code;
  }

  /** A longer copy of a table, which counts among the bytes instead of that. */
  longer(table: Int32Array<ArrayBuffer>, length: number): Int32Array<ArrayBuffer> {
    const longer = grown(table, length);
    this.#cells += longer.length - table.length;
    return longer;
  }
}
