/**
 * Agendas: places of the relation to walk on from, filed under the group that each asks first.
 *
 * For each tuple of a group, what its places do is worked out once and kept as one code: those that come to nothing are
 * left out. So a disabled action, or a property that this part of the state cannot break, costs nothing.
 */
import { idOf, isPlace, nothing, unknown } from './code.ts';
import { grown } from './int-tables.ts';
import { noGroup, type Relation } from './relation.ts';

export class Agenda {
  readonly relation: Relation;
  /** The groups that are asked first. */
  readonly groups: number[] = [];
  /** Places that ask no group, or several. */
  readonly always: number[] = [];
  /** For each of the groups, the code of what each of its tuples leaves open; `unknown` where not worked out yet. */
  readonly tables: Int32Array<ArrayBuffer>[] = [];
  readonly #roots: number[][] = [];

  constructor(relation: Relation, codes: Iterable<number>) {
    this.relation = relation;
    for (const code of codes) {
      const group = isPlace(code) ? relation.groupOfStep(idOf(code)) : noGroup;
      const known = this.groups.indexOf(group);
      if (group === noGroup) this.always.push(code);
      else if (known >= 0) (this.#roots[known] as number[]).push(code);
      else {
        this.groups.push(group);
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

  /** The first failing leaf of properties, for the state with these group numbers, which is at hand; 0 if all hold. */
  failure(ids: Int32Array): number {
    const { groups, tables, relation, always } = this;
    for (let i = 0; i < groups.length; i++) {
      const id = ids[groups[i] as number] as number;
      const table = tables[i] as Int32Array;
      let code = id < table.length ? (table[id] as number) : unknown;
      if (code === nothing) continue;
      if (code === unknown) code = this.workOut(i, id);
      const leaf = relation.failure(code);
      if (leaf !== 0) return leaf;
    }
    for (let i = 0; i < always.length; i++) {
      const leaf = relation.failure(always[i] as number);
      if (leaf !== 0) return leaf;
    }
    return 0;
  }

  get isEmpty(): boolean {
    return this.groups.length === 0 && this.always.length === 0;
  }
}
