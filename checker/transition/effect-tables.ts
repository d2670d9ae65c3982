/**
 * What the leaves do to a row: for each leaf, a few *deltas*; for each delta, a table from a group's tuple to the next.
 *
 * A delta is what one leaf does to one group. Deltas are shared between leaves that do the same, and their tables fill
 * as they are used: `(tuple, delta) → tuple` is computed once, by changing the atoms of the tuple and interning it. What
 * is kept is the exclusive or of the two numbers, so that a row is changed without looking at what else its word holds.
 */
import { grown, IntList, type TupleTable } from './int-tables.ts';
import type { Layout } from './layout.ts';
import { applyToCollection, applyToEntry, entriesOf, type Collection, type Effect } from './query.ts';
import type { Slot } from './shape.ts';

/** A change of one atom of a group: to `value`, or by an effect on one entry of the collection that it holds. */
interface AtomChange {
  readonly position: number;
  readonly slot: Slot;
  readonly effect: Effect;
}

export class EffectTables {
  readonly layout: Layout;
  /**
   * For each compiled leaf, where its deltas begin in {@link pool}: their number, then each delta with its group.
   * 0: not compiled.
   */
  starts = new Int32Array(256);
  readonly pool = new IntList();
  /** For each delta, where its table lies in {@link cells}: where it begins, and how long it is. */
  readonly tables = new IntList();
  /** The tables of all deltas: the exclusive or of a tuple's number and the next, plus one; 0 where it is not known. */
  cells = new Int32Array(1 << 12);
  #usedCells = 0;
  readonly #changes: AtomChange[][] = [];
  readonly #deltaIds = new Map<string, number>();
  /** Leaves that assign a whole spread collection change every atom of it: what is compiled holds for one version. */
  readonly #assigning = new Map<number, { version: number; start: number }>();
  readonly #tuple = new Int32Array(4096);

  constructor(layout: Layout) {
    this.layout = layout;
    this.pool.push(0);
  }

  /**
   * Where the deltas of a leaf begin in the pool.
   *
   * @throws RowsOutgrown where the rows have no room for an entry that the leaf writes first
   */
  startOf(leaf: number, effects: readonly Effect[]): number {
    const known = leaf < this.starts.length ? (this.starts[leaf] as number) : 0;
    // What follows has closures, whose variables would be allocated each time.
    return known === 0 ? this.#compile(leaf, effects) : known;
  }

  #compile(leaf: number, effects: readonly Effect[]): number {
    const { version, spread } = this.layout;
    const assigned = this.#assigning.get(leaf);
    if (assigned !== undefined && assigned.version === version) return assigned.start;
    const deltas = this.#deltasOf(effects);
    const start = this.pool.push(deltas.length);
    for (const [group, delta] of deltas) {
      this.pool.push(delta);
      this.pool.push(group);
    }
    if (effects.some(({ slot, key }) => key === 0 && spread.has(slot))) {
      this.#assigning.set(leaf, { version: this.layout.version, start });
      return start;
    }
    if (leaf >= this.starts.length) this.starts = grown(this.starts, leaf + 1);
    this.starts[leaf] = start;
    return start;
  }

  /** What a delta makes of a tuple of its group, as {@link cells} keeps it. */
  cellOf(delta: number, group: number, id: number): number {
    const known = id < this.tables.at(2 * delta + 1) ? (this.cells[this.tables.at(2 * delta) + id] as number) : 0;
    return known === 0 ? this.fill(delta, group, id) : known;
  }

  /** The cells of a delta. */
  tableOf(delta: number): Int32Array {
    const start = this.tables.at(2 * delta);
    return this.cells.subarray(start, start + this.tables.at(2 * delta + 1));
  }

  /** Whether the deltas of a leaf stay the same when atoms are added. */
  isSteady(leaf: number): boolean {
    return leaf < this.starts.length && this.starts[leaf] !== 0;
  }

  /** Computes and remembers what a delta makes of a tuple of its group; returns the cell of its table. */
  fill(delta: number, group: number, id: number): number {
    const next = this.#changed(group, id, this.#changes[delta] as AtomChange[]);
    if (id >= this.tables.at(2 * delta + 1)) this.#lengthen(delta, id + 1);
    const cell = (next ^ id) + 1;
    this.cells[this.tables.at(2 * delta) + id] = cell;
    return cell;
  }

  /** Moves the table of a delta to the end of the cells, where it gets at least so many. */
  #lengthen(delta: number, least: number): void {
    const old = this.tables.at(2 * delta);
    const length = this.tables.at(2 * delta + 1);
    const longer = Math.max(least, 2 * length, 8);
    if (this.#usedCells + longer > this.cells.length) this.cells = grown(this.cells, this.#usedCells + longer);
    this.cells.copyWithin(this.#usedCells, old, old + length);
    this.tables.items[2 * delta] = this.#usedCells;
    this.tables.items[2 * delta + 1] = longer;
    this.#usedCells += longer;
  }

  /**
   * Applies a leaf to a state's group numbers, in place.
   *
   * @param start - where the leaf's deltas begin
   * @returns whether anything changes
   */
  apply(start: number, ids: Int32Array): boolean {
    const pool = this.pool.items;
    let changes = 0;
    for (let i = start + 1, end = start + 2 * (pool[start] as number); i < end; i += 2) {
      const delta = pool[i] as number;
      const group = pool[i + 1] as number;
      const id = ids[group] as number;
      const difference = this.cellOf(delta, group, id) - 1;
      changes |= difference;
      ids[group] = id ^ difference;
    }
    return changes !== 0;
  }

  /** Makes the groups that a leaf changes what they are in another state again. */
  unapply(start: number, before: Int32Array, ids: Int32Array): void {
    const pool = this.pool.items;
    for (let i = start + 1, end = start + 2 * (pool[start] as number); i < end; i += 2) {
      const group = pool[i + 1] as number;
      ids[group] = before[group] as number;
    }
  }

  /** Applies effects that belong to no leaf to a state's group numbers, in place. */
  applyOnce(effects: readonly Effect[], ids: Int32Array): void {
    for (const [group, changes] of this.#byGroup(effects))
      ids[group] = this.#changed(group, ids[group] as number, changes);
  }

  get bytes(): number {
    return this.pool.bytes + this.cells.byteLength;
  }

  #deltasOf(effects: readonly Effect[]): [group: number, delta: number][] {
    return [...this.#byGroup(effects)].map(([group, changes]) => {
      const id = `${group}:${changes
        .map(({ position, effect: e }) => `${position},${e.key},${e.relative ? 1 : 0},${e.value},${e.floor}`)
        .join(';')}`;
      const known = this.#deltaIds.get(id);
      if (known !== undefined) return [group, known];
      const delta = this.#changes.push(changes) - 1;
      this.tables.push(0);
      this.tables.push(0);
      this.#deltaIds.set(id, delta);
      return [group, delta];
    });
  }

  /** The changes that effects make, by group. */
  #byGroup(effects: readonly Effect[]): Map<number, AtomChange[]> {
    const { layout } = this;
    const byGroup = new Map<number, AtomChange[]>();
    const put = (atom: number, effect: Effect): void => {
      const group = layout.groupOfAtom(atom);
      const change = {
        position: layout.positionOfAtom(atom),
        slot: layout.shape.slots[effect.slot] as Slot,
        effect,
      };
      const changes = byGroup.get(group);
      if (changes === undefined) byGroup.set(group, [change]);
      else changes.push(change);
    };
    for (const effect of effects) {
      if (!layout.spread.has(effect.slot)) put(layout.atom(effect.slot, 0), effect);
      else if (effect.key !== 0) put(layout.entryAtom(effect.slot, effect.key), effect);
      else for (const entry of this.#assignment(effect)) put(layout.entryAtom(entry.slot, entry.key), entry);
    }
    return byGroup;
  }

  /** The assignment of a whole spread collection, entry by entry; those it does not hold become 0. */
  #assignment({ slot, value }: Effect): Effect[] {
    const { layout } = this;
    const entries = new Map<number, number>();
    for (const group of layout.groupsOfSlot[slot] as number[]) {
      for (const [owner, key] of layout.members[group] as [number, number][]) if (owner === slot) entries.set(key, 0);
    }
    const assigned = layout.values.value(value) as Collection;
    for (const [key, entry] of entriesOf(assigned, layout.values)) entries.set(key, entry);
    return [...entries].map(([key, entry]) => ({ slot, key, relative: false, value: entry, floor: 0 }));
  }

  #changed(group: number, id: number, changes: readonly AtomChange[]): number {
    const table = this.layout.groups[group] as TupleTable;
    const tuple = this.#tuple;
    for (let i = 0; i < table.width; i++) tuple[i] = table.items[id * table.width + i] as number;
    for (const { position, slot, effect } of changes) {
      tuple[position] = this.#changedAtom(tuple[position] as number, slot, effect);
    }
    return this.layout.internTuple(group, tuple);
  }

  #changedAtom(atom: number, slot: Slot, effect: Effect): number {
    const { values, spread } = this.layout;
    if (effect.key === 0) return effect.value;
    if (spread.has(slot.index)) return applyToEntry(effect, atom);
    return values.id(applyToCollection(effect, values.value(atom) as Collection, values));
  }
}
