/**
 * The representative of a state's class, on packed rows: the state with its names in canonical order.
 *
 * Names are sorted by their signatures, each set by itself. Where signatures are equal, every order of those names is
 * tried, and the least state is the representative: least by the values of its parts, in an order that does not depend
 * on how rows are packed. So two states are given the same representative exactly when one is a renaming of the other.
 * Names that can be exchanged without changing the state need not be tried in different orders, and mostly they can.
 *
 * Clarke, Enders, Filkorn and Jha, "Exploiting symmetry in temporal logic model checking" (1996); the sorting is that of
 * Bošnački, Dams and Holenderski, "Symmetric SPIN" (2002).
 *
 * Cost: a table look-up for each group and name, and for a state whose names are not in order a walk through its atoms
 * for each exchange; for names that are tied and cannot be exchanged n! orders.
 */
import type { Batch, CanonicalForm, Compiled, Layout, Shape, ValueTable } from '../transition/index.ts';
import { hashRow, mix } from '../transition/index.ts';
import { Viewpoint } from './signatures.ts';
import { Swap, type NameSet } from './swaps.ts';

/** How exact representatives are: `exact` gives one for each class, `fast` may give several where names are tied. */
export type Precision = 'exact' | 'fast';

/** An order of the names of one set: at place `i` the name, by its number in the set, that becomes name `i`. */
type Ordering = readonly number[];

/** The exchanges of the names of some sets, and how states look from each name: they serve one layout after the other. */
export class Renamings {
  readonly sets: readonly NameSet[];
  readonly precision: Precision;
  readonly #swaps = new WeakMap<ValueTable, Map<string, Swap>>();
  readonly #viewpoints: readonly (readonly Viewpoint[])[];

  constructor(sets: readonly NameSet[], precision: Precision) {
    this.sets = sets;
    this.precision = precision;
    this.#viewpoints = sets.map(({ names }) => names.map((name) => new Viewpoint(name, sets)));
  }

  /** The exchange of two names of a set, given by their numbers. */
  swap(set: number, a: number, b: number, { shape, values }: Layout): Swap {
    const key = `${set}:${Math.min(a, b)}:${Math.max(a, b)}`;
    let swaps = this.#swaps.get(values);
    if (swaps === undefined) this.#swaps.set(values, (swaps = new Map()));
    let swap = swaps.get(key);
    if (swap === undefined) {
      const { names } = this.sets[set]!;
      swap = new Swap({ set: this.sets[set]!, a: names[a]!, b: names[b]! }, shape, values);
      swaps.set(key, swap);
    }
    return swap;
  }

  /** Calls `visit` with every exchange of two names that stand side by side: all others are made of these. */
  forEachSwap(layout: Layout, visit: (swap: Swap) => void): void {
    this.sets.forEach(({ names }, set) => {
      for (let name = 1; name < names.length; name++) visit(this.swap(set, name - 1, name, layout));
    });
  }

  viewpoint(set: number, name: number): Viewpoint {
    return this.#viewpoints[set]![name]!;
  }
}

export class CanonicalRows implements CanonicalForm {
  readonly #renamings: Renamings;
  readonly #layout: Layout;
  #version = -1;
  /** Of each atom: slot, key, group, place in the group's tuples, and whether it holds a count rather than a value. */
  #slots = new Int32Array(0);
  #keys = new Int32Array(0);
  #groups = new Int32Array(0);
  #places = new Int32Array(0);
  #counts = new Uint8Array(0);
  /** The atoms of each group, in the order of its tuples. */
  #atomsOf: readonly Int32Array[] = [];
  /** The atoms in an order that does not depend on the layout. */
  #order = new Int32Array(0);
  /** For each exchange, by name, the atom that each atom becomes. */
  readonly #atomSwaps = new Map<Swap, Int32Array>();
  /** For each set and name, what each tuple of each group adds to its signature; and whether that is known. */
  #signatures: { readonly sums: Int32Array[]; readonly known: Uint8Array[] }[][] = [];
  /** For each set and name, the hash of each slot's path. */
  readonly #slotHashes: readonly (readonly Int32Array[])[];
  #ids: Int32Array;
  #atoms = new Int32Array(0);
  #least = new Int32Array(0);
  #candidate = new Int32Array(0);
  #scratch = new Int32Array(0);
  readonly #tuple = new Int32Array(4096);

  constructor(renamings: Renamings, { layout }: Compiled) {
    this.#renamings = renamings;
    this.#layout = layout;
    this.#ids = layout.newIds();
    this.#slotHashes = renamings.sets.map(({ names }, set) =>
      names.map((_, name) => {
        const hashes = new Int32Array(layout.shape.slots.length);
        hashSlots(layout.shape.root, renamings.viewpoint(set, name), 0, hashes);
        return hashes;
      }),
    );
  }

  replace(batch: Batch, first: number): void {
    const { words } = this.#layout;
    for (let k = first; k < batch.count; k++) {
      this.#layout.unpack(batch.rows, k * words, this.#ids);
      if (!this.canonicalise(this.#ids)) continue;
      this.#layout.write(this.#ids, batch.rows, k * words);
      batch.hashes[k] = hashRow(batch.rows, k * words, words);
    }
  }

  /**
   * Replaces a state, given by its group numbers, by its representative; returns whether that is another state.
   *
   * @throws RowsOutgrown where the rows have no room for it
   */
  canonicalise(ids: Int32Array): boolean {
    if (this.#version !== this.#layout.version) this.#refresh();
    const orderings = this.#orderings(ids);
    if (orderings.length === 1 && orderings[0]!.every(isIdentity)) return false;
    this.#read(ids, this.#atoms);
    const choices = this.#renamings.precision === 'fast' ? orderings.slice(0, 1) : orderings;
    choices.forEach((ordering, i) => {
      this.#candidate.set(this.#atoms);
      this.#rename(ordering, this.#candidate);
      if (i === 0 || this.#isLess(this.#candidate, this.#least)) this.#least.set(this.#candidate);
    });
    return this.#write(this.#least, ids);
  }

  /** The orders of all sets together that must be tried. */
  #orderings(ids: Int32Array): (readonly Ordering[])[] {
    let all: (readonly Ordering[])[] = [[]];
    this.#renamings.sets.forEach(({ names }, set) => {
      const signatures = names.map((_, name) => this.#signature(set, name, ids));
      const own = this.#ordersOf(set, signatures, ids);
      all = all.flatMap((before) => own.map((ordering) => [...before, ordering]));
    });
    return all;
  }

  /** The orders of one set's names: by signature, and of names that are tied in every order that may matter. */
  #ordersOf(set: number, signatures: readonly number[], ids: Int32Array): Ordering[] {
    const sorted = signatures.map((_, name) => name).sort((a, b) => signatures[a]! - signatures[b]! || a - b);
    const cells: number[][] = [];
    for (const name of sorted) {
      const last = cells.at(-1);
      if (last !== undefined && signatures[last[0]!] === signatures[name]) last.push(name);
      else cells.push([name]);
    }
    return cells.reduce<number[][]>(
      (orders, cell) => {
        const ways = cell.length === 1 || this.#isInterchangeable(set, cell, ids) ? [cell] : permutations(cell);
        return orders.flatMap((order) => ways.map((way) => [...order, ...way]));
      },
      [[]],
    );
  }

  /** Whether each two neighbours among some names can be exchanged without changing the state. */
  #isInterchangeable(set: number, names: readonly number[], ids: Int32Array): boolean {
    this.#read(ids, this.#atoms);
    return names.every((name, i) => {
      if (i === 0) return true;
      this.#candidate.set(this.#atoms);
      this.#exchange(this.#renamings.swap(set, names[i - 1]!, name, this.#layout), this.#candidate);
      return this.#atoms.every((value, atom) => value === this.#candidate[atom]);
    });
  }

  #signature(set: number, name: number, ids: Int32Array): number {
    const { sums, known } = this.#signatures[set]![name]!;
    let signature = 0;
    for (let group = 0; group < sums.length; group++) {
      const id = ids[group] as number;
      if (id >= known[group]!.length || known[group]![id] === 0) this.#work(set, name, group, id);
      signature = (signature + (sums[group]![id] as number)) | 0;
    }
    return signature;
  }

  /** Works out what one tuple of a group adds to the signature of a name. */
  #work(set: number, name: number, group: number, id: number): void {
    const table = this.#signatures[set]![name]!;
    if (id >= table.sums[group]!.length) {
      const length = Math.max(64, 2 * id);
      const [sums, known] = [new Int32Array(length), new Uint8Array(length)];
      sums.set(table.sums[group]!);
      known.set(table.known[group]!);
      table.sums[group] = sums;
      table.known[group] = known;
    }
    const viewpoint = this.#renamings.viewpoint(set, name);
    const { values, groups, members, shape } = this.#layout;
    const { items, width } = groups[group]!;
    let sum = 0;
    members[group]!.forEach(([slot, key], place) => {
      const held = items[id * width + place] as number;
      if (held === 0) return;
      const isCount = key !== 0 && shape.slots[slot]!.kind !== 'map';
      const keyHash = key === 0 ? 0 : viewpoint.value(values.value(key));
      const heldHash = isCount ? held : viewpoint.value(values.value(held));
      sum = (sum + mix(mix(this.#slotHashes[set]![name]![slot] as number, keyHash), heldHash)) | 0;
    });
    table.sums[group]![id] = sum;
    table.known[group]![id] = 1;
  }

  // --- atoms -----------------------------------------------------------------------------------------------------

  /** Finds the atoms of the present version of the layout. */
  #refresh(): void {
    this.#close();
    const { groups, members, shape, atomCount } = this.#layout;
    this.#version = this.#layout.version;
    [this.#slots, this.#keys, this.#groups, this.#places] = [0, 0, 0, 0].map(() => new Int32Array(atomCount)) as [
      Int32Array<ArrayBuffer>,
      Int32Array<ArrayBuffer>,
      Int32Array<ArrayBuffer>,
      Int32Array<ArrayBuffer>,
    ];
    this.#counts = new Uint8Array(atomCount);
    members.forEach((atoms, group) => {
      atoms.forEach(([slot, key], place) => {
        const atom = this.#layout.atom(slot, key);
        this.#slots[atom] = slot;
        this.#keys[atom] = key;
        this.#groups[atom] = group;
        this.#places[atom] = place;
        this.#counts[atom] = key !== 0 && shape.slots[slot]!.kind !== 'map' ? 1 : 0;
      });
    });
    this.#atomsOf = members.map((atoms) => Int32Array.from(atoms, ([slot, key]) => this.#layout.atom(slot, key)));
    this.#order = Int32Array.from({ length: atomCount }, (_, atom) => atom).sort(
      (a, b) => this.#slots[a]! - this.#slots[b]! || this.#keys[a]! - this.#keys[b]!,
    );
    this.#atomSwaps.clear();
    this.#signatures = this.#renamings.sets.map(({ names }) =>
      names.map(() => ({ sums: groups.map(() => new Int32Array(0)), known: groups.map(() => new Uint8Array(0)) })),
    );
    if (this.#ids.length < groups.length) this.#ids = this.#layout.newIds();
    this.#atoms = new Int32Array(atomCount);
    this.#candidate = new Int32Array(atomCount);
    this.#least = new Int32Array(atomCount);
    this.#scratch = new Int32Array(atomCount);
  }

  /**
   * Sees to it that there is an atom for what each exchange makes of each atom.
   *
   * @throws RowsOutgrown where the rows have no room for one
   */
  #close(): void {
    const layout = this.#layout;
    const all: [number, number][] = layout.members.flat();
    for (const [slot, key] of all) {
      if (key === 0) continue;
      this.#renamings.forEachSwap(layout, (swap) => {
        const [other, otherKey] = [swap.slot(slot), swap.value(key)];
        if (layout.atom(other, otherKey) >= 0) return;
        layout.entryAtom(other, otherKey);
        all.push([other, otherKey]);
      });
    }
  }

  #read(ids: Int32Array, atoms: Int32Array): void {
    const { groups } = this.#layout;
    for (let atom = 0; atom < atoms.length; atom++) {
      const group = this.#groups[atom] as number;
      const { items, width } = groups[group]!;
      atoms[atom] = items[(ids[group] as number) * width + (this.#places[atom] as number)] as number;
    }
  }

  /** Writes atoms as group numbers; returns whether any of these changed. */
  #write(atoms: Int32Array, ids: Int32Array): boolean {
    let changed = false;
    for (let group = 0; group < this.#atomsOf.length; group++) {
      const own = this.#atomsOf[group]!;
      for (let place = 0; place < own.length; place++) this.#tuple[place] = atoms[own[place]!] as number;
      const id = this.#layout.internTuple(group, this.#tuple);
      if (id !== ids[group]) changed = true;
      ids[group] = id;
    }
    return changed;
  }

  /** Gives the names of each set the places that an order says. */
  #rename(orderings: readonly Ordering[], atoms: Int32Array): void {
    orderings.forEach((ordering, set) => {
      // The name that is to stand at each place, exchanged with the one that stands there.
      const standing = ordering.map((_, i) => i);
      ordering.forEach((name, place) => {
        const at = standing.indexOf(name);
        if (at === place) return;
        this.#exchange(this.#renamings.swap(set, at, place, this.#layout), atoms);
        [standing[at], standing[place]] = [standing[place]!, standing[at]!];
      });
    });
  }

  #exchange(swap: Swap, atoms: Int32Array): void {
    const swapped = this.#scratch.fill(0);
    const targets = this.#targetsOf(swap);
    for (let atom = 0; atom < atoms.length; atom++) {
      const held = atoms[atom] as number;
      if (held === 0) continue;
      if (targets[atom] === -1) {
        const key = this.#keys[atom] as number;
        targets[atom] = this.#layout.atom(swap.slot(this.#slots[atom] as number), key === 0 ? 0 : swap.value(key));
      }
      swapped[targets[atom] as number] = this.#counts[atom] === 1 ? held : swap.value(held);
    }
    atoms.set(swapped);
  }

  #targetsOf(swap: Swap): Int32Array {
    let targets = this.#atomSwaps.get(swap);
    if (targets === undefined) this.#atomSwaps.set(swap, (targets = new Int32Array(this.#slots.length).fill(-1)));
    return targets;
  }

  /** Whether a state comes before another. */
  #isLess(a: Int32Array, b: Int32Array): boolean {
    for (const atom of this.#order) if (a[atom] !== b[atom]) return (a[atom] as number) < (b[atom] as number);
    return false;
  }
}

function isIdentity(ordering: Ordering): boolean {
  return ordering.every((name, place) => name === place);
}

/** All orders of some numbers. */
function permutations(items: readonly number[]): number[][] {
  if (items.length <= 1) return [[...items]];
  return items.flatMap((item, i) => permutations(items.toSpliced(i, 1)).map((rest) => [item, ...rest]));
}

function hashSlots(shape: Shape, viewpoint: Viewpoint, hash: number, hashes: Int32Array): void {
  if (shape.kind === 'slot') {
    hashes[shape.slot.index] = hash;
    return;
  }
  for (const [key, field] of shape.fields) hashSlots(field, viewpoint, mix(hash, viewpoint.text(key)), hashes);
}
