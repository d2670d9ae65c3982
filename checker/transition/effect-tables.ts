/**
 * What the leaves do to a row: for each leaf, a few *deltas*; for each delta, a table from a group's tuple to the next.
 *
 * A delta is what one leaf does to one group. Deltas are shared between leaves that do the same, and their tables fill
 * as they are used: `(tuple, delta) → tuple` is computed once, by changing the atoms of the tuple and interning it.
 */
import { grown, IntList, type TupleTable } from './int-tables.ts';
import type { Layout } from './layout.ts';
import { applyToEntry, collectionOf, entriesOf, type Collection, type Effect } from './query.ts';
import type { Slot } from './shape.ts';

/** A change of one atom of a group: to `value`, or by an effect on one entry of the collection that it holds. */
interface AtomChange {
  readonly position: number;
  readonly slot: Slot;
  readonly effect: Effect;
}

export class EffectTables {
  readonly layout: Layout;
  /** For each compiled leaf, where its deltas begin in {@link pool}: their number, then the deltas. 0: not compiled. */
  starts = new Int32Array(256);
  readonly pool = new IntList();
  /** The group of each delta, and where its table lies in {@link cells}: where it begins, and how long it is. */
  readonly groups = new IntList();
  readonly bases = new IntList();
  readonly lengths = new IntList();
  /** The tables of all deltas: the number of the next tuple plus one, 0 where it is not known. */
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
    if (known !== 0) return known;
    const { version, spread } = this.layout;
    const assigned = this.#assigning.get(leaf);
    if (assigned !== undefined && assigned.version === version) return assigned.start;
    const deltas = this.#deltasOf(effects);
    const start = this.pool.push(deltas.length);
    for (const delta of deltas) this.pool.push(delta);
    if (effects.some(({ slot, key }) => key === 0 && spread.has(slot))) {
      this.#assigning.set(leaf, { version: this.layout.version, start });
      return start;
    }
    if (leaf >= this.starts.length) this.starts = grown(this.starts, leaf + 1);
    this.starts[leaf] = start;
    return start;
  }

  /** Computes and remembers what a delta makes of a tuple. */
  next(delta: number, id: number): number {
    const group = this.groups.at(delta);
    const next = this.#changed(group, id, this.#changes[delta] as AtomChange[]);
    if (id >= this.lengths.at(delta)) this.#lengthen(delta, id + 1);
    this.cells[this.bases.at(delta) + id] = next + 1;
    return next;
  }

  /** Moves the table of a delta to the end of the cells, where it gets at least so many. */
  #lengthen(delta: number, least: number): void {
    const old = this.bases.at(delta);
    const length = this.lengths.at(delta);
    const longer = Math.max(least, 2 * length, 8);
    if (this.#usedCells + longer > this.cells.length) this.cells = grown(this.cells, this.#usedCells + longer);
    this.cells.copyWithin(this.#usedCells, old, old + length);
    this.bases.items[delta] = this.#usedCells;
    this.lengths.items[delta] = longer;
    this.#usedCells += longer;
  }

  /** The next tuple's number, from the table of a delta or computed. */
  after(delta: number, id: number): number {
    const known = id < this.lengths.at(delta) ? (this.cells[this.bases.at(delta) + id] as number) : 0;
    return known === 0 ? this.next(delta, id) : known - 1;
  }

  /** Applies effects that belong to no leaf to a state's group numbers, in place. */
  applyOnce(effects: readonly Effect[], ids: Int32Array): void {
    for (const [group, changes] of this.#byGroup(effects))
      ids[group] = this.#changed(group, ids[group] as number, changes);
  }

  get bytes(): number {
    return this.pool.bytes + this.cells.byteLength;
  }

  #deltasOf(effects: readonly Effect[]): number[] {
    return [...this.#byGroup(effects)].map(([group, changes]) => {
      const id = `${group}:${changes
        .map(({ position, effect: e }) => `${position},${e.key},${e.relative ? 1 : 0},${e.value},${e.floor}`)
        .join(';')}`;
      const known = this.#deltaIds.get(id);
      if (known !== undefined) return known;
      const delta = this.groups.push(group);
      this.#changes.push(changes);
      this.bases.push(0);
      this.lengths.push(0);
      this.#deltaIds.set(id, delta);
      return delta;
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
    const entries = new Map(entriesOf(values.value(atom) as Collection, values));
    entries.set(effect.key, applyToEntry(effect, entries.get(effect.key) ?? 0));
    return values.id(collectionOf(slot.kind, entries, values));
  }
}
