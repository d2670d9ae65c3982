/**
 * Agendas: places of the relation to walk on from, filed under the group that each asks first.
 *
 * For each tuple of a group, what its places do is worked out once and kept as one code: those that come to nothing are
 * left out. So a disabled action, or a property that this part of the state cannot break, costs nothing.
 */
import { idOf, isPlace, nothing, unknown } from './code.ts';
import { grown } from './int-tables.ts';
import type { Relation } from './relation.ts';
import { noGroup } from './step-tables.ts';

export class Agenda {
  readonly relation: Relation;
  /** The groups that are asked first. */
  readonly groups: number[] = [];
  /** For each of the groups, whether it is asked in the state before a step (0) or after it (1). */
  readonly sides: number[] = [];
  /** Places that ask no group, or several. */
  readonly always: number[] = [];
  /** For each of the groups, the code of what each of its tuples leaves open; `unknown` where not worked out yet. */
  readonly tables: Int32Array<ArrayBuffer>[] = [];
  readonly #roots: number[][] = [];

  constructor(relation: Relation, codes: Iterable<number>) {
    this.relation = relation;
    for (const code of relation.settled(codes)) {
      const group = isPlace(code) ? relation.groupOfStep(idOf(code)) : noGroup;
      const side = isPlace(code) ? relation.sideOfStep(idOf(code)) : 0;
      const known = this.groups.findIndex((other, i) => other === group && this.sides[i] === side);
      if (group === noGroup) this.always.push(code);
      else if (known >= 0) (this.#roots[known] as number[]).push(code);
      else {
        this.groups.push(group);
        this.sides.push(side);
        this.#roots.push([code]);
        this.tables.push(new Int32Array(16));
      }
    }
  }

  /** Works out what a tuple leaves open; the states at hand hold it. */
  workOut(i: number, id: number): number {
    const { relation } = this;
    const code = relation.listOf((this.#roots[i] as number[]).map((root) => relation.outcome(idOf(root), id)));
    let table = this.tables[i] as Int32Array<ArrayBuffer>;
    if (id >= table.length) this.tables[i] = table = grown(table, id + 1);
    table[id] = code;
    return code;
  }

  /** What a tuple leaves open; the states at hand hold it. */
  codeOf(i: number, id: number): number {
    const table = this.tables[i] as Int32Array;
    const code = id < table.length ? (table[id] as number) : unknown;
    return code === unknown ? this.workOut(i, id) : code;
  }

  /** The first failing leaf of properties, for the states at hand; 0 if all hold. */
  failure(): number {
    const { groups, sides, relation, always } = this;
    const { before, after } = relation;
    for (let i = 0; i < groups.length; i++) {
      const code = this.codeOf(i, (sides[i] === 0 ? before : after)[groups[i] as number] as number);
      if (code === nothing) continue;
      const leaf = relation.failure(code);
      if (leaf !== 0) return leaf;
    }
    for (let i = 0; i < always.length; i++) {
      const leaf = relation.failure(always[i] as number);
      if (leaf !== 0) return leaf;
    }
    return 0;
  }

  /** Whether the state before a step does not settle all places: what was worked out leaves some open, or is not yet. */
  isOpen(before: Int32Array): boolean {
    const { groups, sides, tables } = this;
    for (let i = 0; i < groups.length; i++) {
      if (sides[i] !== 0) return true;
      const id = before[groups[i] as number] as number;
      const table = tables[i] as Int32Array;
      if (id >= table.length || table[id] !== nothing) return true;
    }
    return this.always.length > 0;
  }

  /**
   * Whether no property fails at these places in the state of a row, as far as that is worked out and a single group each
   * tells. Cost: a look-up for each group that is asked, whatever else the state holds.
   */
  holdsIn(rows: Int32Array, start: number): boolean {
    const { groups, tables, relation } = this;
    const { layout } = relation;
    for (let i = 0; i < groups.length; i++) {
      const id = layout.idIn(rows, start, groups[i] as number);
      const table = tables[i] as Int32Array;
      const code = id < table.length ? (table[id] as number) : unknown;
      if (code !== nothing && (code === unknown || !relation.holdsIn(code, rows, start))) return false;
    }
    return this.always.length === 0;
  }

  get isEmpty(): boolean {
    return this.groups.length === 0 && this.always.length === 0;
  }
}
