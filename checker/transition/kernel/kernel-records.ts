/**
 * The records of the compiled loop: places, leaves, lists, agendas and deltas, as `assembly/places.ts` lays them out.
 *
 * A record is made when its code is met first. It then says little more than what it stands for; the rest the loop asks.
 */
import type { Agenda } from '../agenda.ts';
import { idOf, isLeaf, isPlace, nothing } from '../code.ts';
import type { Relation } from '../relation.ts';
import * as at from './assembly/places.ts';
import type { KernelMemory } from './kernel-memory.ts';

export class KernelRecords {
  /** The addresses of the records, by the numbers of steps and leaves, and by the offsets of lists. */
  readonly places: number[] = [];
  readonly leaves: number[] = [];
  readonly lists = new Map<number, number>();
  readonly #deltas: number[] = [];
  readonly #agendas: Agenda[] = [];
  readonly #agendaOf = new Map<Agenda, number>();
  readonly #relation: Relation;
  readonly #memory: KernelMemory;
  readonly #before: number;
  readonly #after: number;

  /**
   * @param before - where the loop keeps the group numbers of the state before a step
   * @param after - and those of the state after it
   */
  constructor(relation: Relation, memory: KernelMemory, before: number, after: number) {
    this.#relation = relation;
    this.#memory = memory;
    this.#before = before;
    this.#after = after;
  }

  /** The integer at an address. */
  get(address: number): number {
    return this.#memory.words[address >> 2] as number;
  }

  set(address: number, value: number): void {
    this.#memory.words[address >> 2] = value;
  }

  /** Room for a record, which is zero; its address. */
  record(bytes: number): number {
    return this.#memory.allocate(bytes >> 2);
  }

  /**
   * Sets a cell of a table that grows, of which the address and the length stand one after the other.
   *
   * @param known - cells that are known: all are copied when the table begins
   * @param translated - what stands here for a cell there
   */
  setCell(
    table: number,
    id: number,
    value: number,
    known?: Int32Array,
    translated: (cell: number) => number = (cell) => cell,
  ): void {
    const length = this.get(table + 4);
    if (length === 0 && known !== undefined) {
      const address = this.record(4 * known.length);
      this.set(table, address);
      this.set(table + 4, known.length);
      known.forEach((cell, i) => {
        if (cell !== 0) this.set(address + 4 * i, translated(cell));
      });
    }
    this.#lengthen(table, id);
    this.set(this.get(table) + 4 * id, value);
  }

  /** Gives a table room for a number. */
  #lengthen(table: number, id: number): void {
    const length = this.get(table + 4);
    if (id < length) return;
    const longer = Math.max(8, id + 1, 2 * length);
    const address = this.record(4 * longer);
    const from = this.get(table) >> 2;
    this.#memory.words.copyWithin(address >> 2, from, from + length);
    this.set(table, address);
    this.set(table + 4, longer);
  }

  /** Where the loop keeps the number of a group. */
  source(group: number, side: number): number {
    return (side === 0 ? this.#before : this.#after) + 4 * group;
  }

  /** The loop's code for one of the relation. */
  code(code: number): number {
    if (code === nothing) return nothing;
    if (isPlace(code)) return this.#place(idOf(code));
    return isLeaf(code) ? this.#leaf(idOf(code)) | 1 : this.#list(idOf(code)) | 2;
  }

  #place(step: number): number {
    const known = this.places[step];
    if (known !== undefined) return known;
    const place = this.record(at.placeSize);
    this.set(place + at.placeStep, step);
    return (this.places[step] = place);
  }

  #leaf(number: number): number {
    const known = this.leaves[number];
    if (known !== undefined) return known;
    const leaf = this.record(at.leafSize);
    this.set(leaf + at.leafNumber, number);
    return (this.leaves[number] = leaf);
  }

  #list(offset: number): number {
    const known = this.lists.get(offset);
    if (known !== undefined) return known;
    const { lists } = this.#relation;
    const leaves = lists[offset] as number;
    const places = lists[offset + 1] as number;
    const list = this.record(at.listItems + 4 * (leaves + places));
    this.lists.set(offset, list);
    this.set(list + at.listOffset, offset);
    this.set(list + at.listLeaves, leaves);
    this.set(list + at.listPlaces, places);
    for (let i = 0; i < leaves + places; i++) {
      const item = lists[offset + 2 + i] as number;
      this.set(list + at.listItems + 4 * i, i < leaves ? this.#leaf(item) : this.code(item));
    }
    return list;
  }

  /** The numbers of the leaves of a list. */
  leavesOf(list: number): Int32Array {
    const offset = this.get(list + at.listOffset);
    return this.#relation.lists.subarray(offset + 2, offset + 2 + this.get(list + at.listLeaves));
  }

  /** The record of an agenda. */
  agenda(agenda: Agenda): number {
    const known = this.#agendaOf.get(agenda);
    if (known !== undefined) return known;
    const { groups, sides, always } = agenda;
    const address = this.record(at.agendaEntries + at.entrySize * groups.length + 4 * always.length);
    this.#agendaOf.set(agenda, address);
    this.set(address + at.agendaNumber, this.#agendas.push(agenda) - 1);
    this.set(address + at.agendaIsOpen, always.length > 0 || sides.some((side) => side !== 0) ? 1 : 0);
    this.set(address + at.agendaGroups, groups.length);
    this.set(address + at.agendaAlways, always.length);
    let entry = address + at.agendaEntries;
    for (let i = 0; i < groups.length; i++, entry += at.entrySize) {
      this.set(entry + at.entrySource, this.source(groups[i] as number, sides[i] as number));
    }
    always.forEach((code, i) => this.set(entry + 4 * i, this.code(code)));
    return address;
  }

  /** The agenda of a record. */
  agendaAt(address: number): Agenda {
    return this.#agendas[this.get(address + at.agendaNumber)] as Agenda;
  }

  /** The record of a delta, which changes a group. */
  delta(number: number, group: number): number {
    const known = this.#deltas[number];
    if (known !== undefined) return known;
    const { layout } = this.#relation;
    const delta = this.record(at.deltaSize);
    this.set(delta + at.deltaSource, this.source(group, 0));
    this.set(delta + at.deltaWord, 4 * (layout.fieldWord[group] as number));
    this.set(delta + at.deltaShift, layout.fieldShift[group] as number);
    this.set(delta + at.deltaNumber, number);
    this.set(delta + at.deltaGroup, group);
    return (this.#deltas[number] = delta);
  }

  /** Reads a count of 64 bits, which is zero afterwards. */
  collect(count: number): number {
    const times = (this.get(count) >>> 0) + 2 ** 32 * this.get(count + 4);
    this.set(count, 0);
    this.set(count + 4, 0);
    return times;
  }
}
