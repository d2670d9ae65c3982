/**
 * How a state is stored: slots become atoms, atoms form groups, and a row packs one number for each group.
 *
 * An *atom* is a small part of a state: the whole value of a slot or, for a collection that is kept element by element
 * (its slot is *spread*), the entry of one key. Atoms that belong together form a *group*; each different tuple of their
 * values is interned, and the row holds the tuple's number in as many bits as the group needs. Rows are exact: equal
 * rows are equal states.
 *
 * Entries of keys that no state has held yet have no atom. They get one when a step first writes them; the tuples that
 * exist already hold 0 there, which means absent. So a group of entries only starts with the tuple of zeros, number 0.
 */
import { IntList, PairMap, TupleTable } from './int-tables.ts';
import { entriesOf, collectionOf, type Collection } from './query.ts';
import type { Slot, StateShape } from './shape.ts';
import type { RecordValue, Value } from '../value/index.ts';
import { unlearned, type ValueTable } from './value-table.ts';

/** The rows must be packed anew: a group has outgrown its field, or a group was added. */
export class RowsOutgrown extends Error {}

const rowsOutgrown = new RowsOutgrown('the rows must be packed anew');

/** Which slots are spread into entries, and which atoms go together. An atom is `[slot, key]`; key 0 is the slot. */
export interface Plan {
  readonly spread: ReadonlySet<number>;
  readonly groups: readonly (readonly (readonly [slot: number, key: number])[])[];
}

/** Where the field of each group lies in a row. */
export interface Fields {
  readonly words: number;
  /** Bits that are left in the last word. */
  readonly freeBits: number;
  readonly fieldWord: Int32Array<ArrayBuffer>;
  readonly fieldShift: Int32Array<ArrayBuffer>;
  readonly fieldMax: Int32Array<ArrayBuffer>;
}

/** Entries of a spread slot join a group while it has at most this many tuples; then a new group begins. */
const nurseryTuples = 64;
/** Bits that a new group of entries gets where the row has room for them. */
const nurseryBits = 7;

/** Room for groups that are added while a state is looked at; their entries are absent, number 0, in that state. */
export const spareGroups = 64;

export class Layout {
  readonly shape: StateShape;
  readonly values: ValueTable;
  readonly spread: ReadonlySet<number>;
  /** The tuples of each group. */
  readonly groups: TupleTable[] = [];
  /** The atoms of each group, in the order of its tuples. */
  readonly members: [slot: number, key: number][][] = [];
  /** For each spread slot, the groups that hold entries of it. */
  readonly groupsOfSlot: number[][];
  /** Grows whenever an atom or a group is added. */
  version = 0;

  /** The 32-bit words of a row. */
  words = 1;
  /** For each group, its field in the row: word, shift, and the largest number it can hold. */
  fieldWord = new Int32Array(0);
  fieldShift = new Int32Array(0);
  fieldMax = new Int32Array(0);

  readonly #groupOf = new PairMap();
  readonly #position = new IntList();
  readonly #atomGroup = new IntList();
  readonly #scratch = new Int32Array(4096);
  #freeBits = 0;

  constructor(shape: StateShape, values: ValueTable, plan: Plan) {
    this.shape = shape;
    this.values = values;
    this.spread = plan.spread;
    this.groupsOfSlot = shape.slots.map(() => []);
    for (const atoms of plan.groups) {
      const group = this.#newGroup();
      for (const [slot, key] of atoms) this.#join(group, slot, key);
      if (atoms.every(([, key]) => key !== 0)) this.#zeroTuple(group);
    }
    this.pack();
  }

  /** The number of an atom, or -1 where there is none. */
  atom(slot: number, key: number): number {
    return this.#groupOf.get(slot, key) - 1;
  }

  groupOfAtom(atom: number): number {
    return this.#atomGroup.at(atom);
  }

  positionOfAtom(atom: number): number {
    return this.#position.at(atom);
  }

  /** The value of an atom in a state given by its group numbers. */
  atomValue(atom: number, ids: Int32Array): number {
    const group = this.#atomGroup.at(atom);
    const table = this.groups[group] as TupleTable;
    return table.items[(ids[group] as number) * table.width + this.#position.at(atom)] as number;
  }

  /** How many atoms there are; they are numbered from zero. */
  get atomCount(): number {
    return this.#atomGroup.length;
  }

  /** Adds the atom that comes next in another layout with the same plan, in the group in which it is there. */
  addAtom(group: number, slot: number, key: number): void {
    this.version++;
    if (group === this.groups.length) this.#newGroup();
    const table = this.groups[group] as TupleTable;
    if (table.count === 0) this.#join(group, slot, key);
    else {
      table.widen();
      this.#register(group, slot, key, table.width - 1);
    }
  }

  /** Where the fields lie; set where rows are those of another layout with the same atoms. */
  get fields(): Fields {
    const { words, fieldWord, fieldShift, fieldMax } = this;
    return { words, freeBits: this.#freeBits, fieldWord, fieldShift, fieldMax };
  }

  set fields({ words, freeBits, fieldWord, fieldShift, fieldMax }: Fields) {
    Object.assign(this, { words, fieldWord, fieldShift, fieldMax });
    this.#freeBits = freeBits;
  }

  /**
   * The atom of an entry, made if there is none yet.
   *
   * @throws RowsOutgrown where the rows have no room for the group that it needs
   */
  entryAtom(slot: number, key: number): number {
    const known = this.atom(slot, key);
    if (known >= 0) return known;
    if (this.values.frozen) throw unlearned;
    this.version++;
    const last = this.groupsOfSlot[slot]?.at(-1);
    const nursery = last === undefined ? undefined : (this.groups[last] as TupleTable);
    if (last !== undefined && nursery !== undefined && nursery.width < 64 && nursery.count <= nurseryTuples) {
      nursery.widen();
      return this.#register(last, slot, key, nursery.width - 1);
    }
    const group = this.#newGroup();
    const atom = this.#join(group, slot, key);
    this.#zeroTuple(group);
    if (!this.#addField(group)) throw rowsOutgrown;
    return atom;
  }

  /**
   * The number of a group's tuple, interned if it is new.
   *
   * @throws RowsOutgrown where the number does not fit its field; Unlearned where it is new and nothing may be learned
   */
  internTuple(group: number, tuple: Int32Array): number {
    const table = this.groups[group] as TupleTable;
    if (this.values.frozen && table.find(tuple) < 0) throw unlearned;
    const id = table.intern(tuple);
    if (id > (this.fieldMax[group] as number)) throw rowsOutgrown;
    return id;
  }

  /**
   * Finds the group numbers of a state.
   *
   * @param ids - receives them
   * @throws ShapeChanged, RowsOutgrown
   */
  encode(state: RecordValue, ids: Int32Array): void {
    const atoms = new Map<number, number>();
    this.shape.split(state, (slot, value) => {
      if (!this.spread.has(slot.index)) {
        atoms.set(this.atom(slot.index, 0), this.values.id(value));
        return;
      }
      for (const [key, entry] of entriesOf(value as Collection, this.values)) {
        atoms.set(this.entryAtom(slot.index, key), entry);
      }
    });
    for (let group = 0; group < this.groups.length; group++) {
      const members = this.members[group] as [number, number][];
      members.forEach(([slot, key], i) => {
        this.#scratch[i] = atoms.get(this.atom(slot, key)) ?? 0;
      });
      ids[group] = this.internTuple(group, this.#scratch);
    }
  }

  /** Room for the group numbers of a state, and for those of groups that may be added while it is looked at. */
  newIds(): Int32Array {
    return new Int32Array(this.groups.length + spareGroups);
  }

  /** The state with these group numbers. Cost: a few microseconds. */
  decode(ids: Int32Array): RecordValue {
    return this.shape.join((slot) => this.slotValue(slot, ids));
  }

  /** The value of a slot in a state given by its group numbers. */
  slotValue(slot: Slot, ids: Int32Array): ReturnType<ValueTable['value']> {
    if (!this.spread.has(slot.index)) return this.values.value(this.atomValue(this.atom(slot.index, 0), ids));
    return collectionOf(slot.kind, this.entries(slot.index, ids), this.values);
  }

  /** The entries of a spread slot, those that are absent left out. */
  *entries(slot: number, ids: Int32Array): Generator<[key: number, entry: number]> {
    for (const group of this.groupsOfSlot[slot] as number[]) {
      const table = this.groups[group] as TupleTable;
      const start = (ids[group] as number) * table.width;
      const members = this.members[group] as [number, number][];
      for (let i = 0; i < members.length; i++) {
        const [owner, key] = members[i] as [number, number];
        const entry = table.items[start + i] as number;
        if (owner === slot && entry !== 0) yield [key, entry];
      }
    }
  }

  /** The keys of a collection, as numbers of the value table. */
  keysOf(collection: Value): number[] {
    return [...entriesOf(collection as Collection, this.values)].map(([key]) => key);
  }

  /** Reads the number of one group of a row. */
  idIn(rows: Int32Array, start: number, group: number): number {
    const word = rows[start + (this.fieldWord[group] as number)] as number;
    return (word >>> (this.fieldShift[group] as number)) & (this.fieldMax[group] as number);
  }

  /** Reads the group numbers of a row. */
  unpack(rows: Int32Array, start: number, ids: Int32Array): void {
    const { fieldWord, fieldShift, fieldMax } = this;
    for (let g = 0; g < fieldWord.length; g++) {
      ids[g] =
        ((rows[start + (fieldWord[g] as number)] as number) >>> (fieldShift[g] as number)) & (fieldMax[g] as number);
    }
  }

  /** Writes group numbers as a row. */
  write(ids: Int32Array, rows: Int32Array, start: number): void {
    for (let w = 0; w < this.words; w++) rows[start + w] = 0;
    for (let g = 0; g < this.fieldWord.length; g++) {
      const at = start + (this.fieldWord[g] as number);
      rows[at] = (rows[at] as number) | ((ids[g] as number) << (this.fieldShift[g] as number));
    }
  }

  /**
   * Gives every group a field that holds its numbers, and `headroom` bits beyond where the group may grow; one fewer
   * where that saves a word.
   *
   * Fields are placed largest first in the first word that has room; what is left over goes to the largest groups.
   */
  pack(headroom = 2): void {
    const count = this.groups.length;
    const [roomy, tight] = [this.#placed(headroom), this.#placed(headroom - 1)];
    const { bits, order, used, word } = roomy.used.length > tight.used.length ? tight : roomy;
    shareSpareBits(
      bits,
      order.filter((g) => (this.groups[g] as TupleTable).count >= 4),
      word,
      used,
    );
    const filled = used.map(() => 0);
    this.words = Math.max(1, used.length);
    this.fieldWord = word;
    this.fieldShift = new Int32Array(count);
    this.fieldMax = new Int32Array(count);
    for (const g of order) {
      const w = word[g] as number;
      this.fieldShift[g] = filled[w] as number;
      this.fieldMax[g] = 2 ** (bits[g] as number) - 1;
      filled[w] = (filled[w] as number) + (bits[g] as number);
    }
    this.#freeBits = 32 - (used.at(-1) ?? 0);
  }

  /** Places a field for every group, with so many bits beyond those that its numbers take. */
  #placed(headroom: number): { bits: number[]; order: number[]; used: number[]; word: Int32Array<ArrayBuffer> } {
    const bits = this.groups.map((table) => Math.min(31, bitsFor(table.count) + (table.width === 0 ? 0 : headroom)));
    const order = bits.map((_, g) => g).sort((a, b) => (bits[b] as number) - (bits[a] as number) || a - b);
    const used: number[] = [];
    const word = new Int32Array(bits.length);
    for (const g of order) {
      const need = bits[g] as number;
      let w = used.findIndex((n) => n + need <= 32);
      if (w < 0) w = used.push(0) - 1;
      word[g] = w;
      used[w] = (used[w] as number) + need;
    }
    return { bits, order, used, word };
  }

  get bytes(): number {
    return this.groups.reduce((sum, table) => sum + table.bytes, 0);
  }

  #newGroup(): number {
    this.members.push([]);
    return this.groups.push(new TupleTable(0)) - 1;
  }

  /** The tuple of zeros, which every row holds that was stored before the group began, is number 0. */
  #zeroTuple(group: number): void {
    const table = this.groups[group] as TupleTable;
    table.intern(new Int32Array(table.width));
  }

  /** Adds an atom to a group that has no tuples yet. */
  #join(group: number, slot: number, key: number): number {
    const table = this.groups[group] as TupleTable;
    table.width++;
    return this.#register(group, slot, key, table.width - 1);
  }

  #register(group: number, slot: number, key: number, position: number): number {
    const atom = this.#atomGroup.push(group);
    this.#position.push(position);
    this.#groupOf.set(slot, key, atom + 1);
    (this.members[group] as [number, number][]).push([slot, key]);
    const groups = this.groupsOfSlot[slot] as number[];
    if (key !== 0 && !groups.includes(group)) groups.push(group);
    return atom;
  }

  /**
   * Places the field of a new group in bits that are 0 in all rows: at the end of the last word, or where another group
   * has high bits to spare. Returns whether there are such bits.
   */
  #addField(group: number): boolean {
    if (this.#freeBits >= nurseryBits) {
      this.#appendField(this.words - 1, 32 - this.#freeBits, nurseryBits);
      this.#freeBits -= nurseryBits;
    } else {
      let donor = -1;
      let most = 1;
      for (let g = 0; g < group && g < this.fieldWord.length; g++) {
        const spare = this.#widthOf(g) - bitsFor((this.groups[g] as TupleTable).count);
        if (spare > most) [donor, most] = [g, spare];
      }
      if (donor < 0) return false;
      const given = Math.min(nurseryBits, most >> 1);
      const width = this.#widthOf(donor) - given;
      this.fieldMax[donor] = 2 ** width - 1;
      this.#appendField(this.fieldWord[donor] as number, (this.fieldShift[donor] as number) + width, given);
    }
    return this.fieldWord.length === group + 1;
  }

  #widthOf(group: number): number {
    return 32 - Math.clz32(this.fieldMax[group] as number);
  }

  #appendField(word: number, shift: number, width: number): void {
    this.fieldWord = appended(this.fieldWord, word);
    this.fieldShift = appended(this.fieldShift, shift);
    this.fieldMax = appended(this.fieldMax, 2 ** width - 1);
  }
}

/**
 * Gives the bits that are left over in each word to its groups, in turn, so that they can grow for a long time before
 * all rows must be packed anew. The last word keeps room for a group of entries.
 */
function shareSpareBits(bits: number[], groups: readonly number[], word: Int32Array, used: number[]): void {
  for (let gave = true; gave;) {
    gave = false;
    for (const g of groups) {
      const w = word[g] as number;
      const room = 32 - (used[w] as number) - (w === used.length - 1 ? nurseryBits : 0);
      if (room <= 0 || (bits[g] as number) >= 24) continue;
      bits[g] = (bits[g] as number) + 1;
      used[w] = (used[w] as number) + 1;
      gave = true;
    }
  }
}

/** The bits that hold the numbers below `count`. */
function bitsFor(count: number): number {
  return count <= 1 ? 1 : 32 - Math.clz32(count - 1);
}

function appended(array: Int32Array, value: number): Int32Array<ArrayBuffer> {
  const longer = new Int32Array(array.length + 1);
  longer.set(array);
  longer[array.length] = value;
  return longer;
}
