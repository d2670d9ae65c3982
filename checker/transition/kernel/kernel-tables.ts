/**
 * What the compiled loop knows: copies of what the relation, the effects, the sleep sets and the watch of the transition
 * invariants tell, filled as the loop asks for it.
 *
 * A copy holds as long as its original. One version of the layout has one set of copies; within it, what may change is
 * dropped here as soon as it does, and asked for again: where signatures of a fold mean something else, where leaves have
 * to be compared with new ones, where a step may break more than was known.
 */
import type { Agenda } from '../agenda.ts';
import { idOf, isLeaf, isPlace, nothing } from '../code.ts';
import { Fold } from '../fold.ts';
import type { Relation } from '../relation.ts';
import type { SleepSets } from '../sleep-sets.ts';
import type { Watch } from '../watch.ts';
import * as at from './assembly/places.ts';
import type { KernelMemory } from './kernel-memory.ts';

/** What the loop is to know of. */
export interface KernelGround {
  readonly relation: Relation;
  /** What the actions leave open. */
  readonly agenda: Agenda;
  readonly sleep: SleepSets | undefined;
  /** The transition invariants, if there are any. */
  readonly watch: Watch | undefined;
  readonly invariants: Watch;
}

/** A fold, and the places that it tells where they lead. */
interface FoldCopy {
  readonly fold: Fold;
  readonly side: 0 | 1;
  readonly address: number;
  readonly places: number[];
  generation: number;
}

/** The bytes in which it is kept with which leaves a leaf commutes. */
const pairBytes = 2048;

export class KernelTables {
  #ground: KernelGround;
  readonly #memory: KernelMemory;
  /** The states at hand, before the step and after it. */
  readonly #before: Int32Array;
  readonly #after: Int32Array;
  readonly #beforeAt: number;
  readonly #afterAt: number;

  readonly #placeOf: number[] = [];
  readonly #leafOf: number[] = [];
  readonly #listOf = new Map<number, number>();
  readonly #deltaOf: number[] = [];
  readonly #agendas: Agenda[] = [];
  readonly #agendaOf = new Map<Agenda, number>();
  readonly #folds: FoldCopy[] = [];
  #members = 0;
  #watchVersion = 0;
  #invariantsVersion = 0;

  /** @param beforeAt - where the loop keeps the group numbers of the state before a step, and of that after it */
  constructor(ground: KernelGround, memory: KernelMemory, beforeAt: number, afterAt: number) {
    this.#ground = ground;
    this.#memory = memory;
    this.#before = ground.relation.layout.newIds();
    this.#after = ground.relation.layout.newIds();
    this.#beforeAt = beforeAt;
    this.#afterAt = afterAt;
    this.#drop();
  }

  /** Goes on with a layout to which atoms or groups were added: most of what is known holds still. */
  renew(ground: KernelGround): void {
    this.#ground = ground;
    this.#folds.length = 0;
    for (const place of this.#placeOf) {
      if (place === undefined || this.#get(place + at.placeKind) === at.byGroup) continue;
      this.#set(place + at.placeKind, at.unresolved);
      this.#set(place + at.placeLength, 0);
    }
    const { effects } = ground.relation;
    this.#leafOf.forEach((leaf, number) => {
      if (!effects.isSteady(number)) this.#set(leaf + at.leafDeltas, 0);
    });
    this.#drop();
  }

  /** The address of the agenda of the actions. */
  get actions(): number {
    return this.#agenda(this.#ground.agenda);
  }

  /**
   * Answers a question of the loop.
   *
   * @throws RowsOutgrown, Unlearned, and what user code throws
   */
  answer(question: number): void {
    this.#look();
    const subject = this.#get(at.subject);
    const detail = this.#get(at.detail);
    this.#answer(question, subject, detail);
    this.#drop();
  }

  #answer(question: number, subject: number, detail: number): void {
    switch (question) {
      case at.askAgenda:
        return this.#askAgenda(subject, detail);
      case at.askPlace:
        return this.#askPlace(subject);
      case at.askCell:
        return this.#askCell(subject);
      case at.askClass:
        return this.#askClass(subject, detail);
      case at.askDeltas:
        return this.#askDeltas(subject);
      case at.askDelta:
        return this.#askDelta(subject);
      case at.askSleeper:
        return this.#askSleeper(subject);
      case at.askComparison:
        return this.#askComparison(subject);
      case at.askPair:
        return this.#askPair(subject, detail);
      case at.askMask:
        return this.#askMask(subject);
      case at.askWatch:
        return this.#askWatch(subject + at.leafWatch, subject, this.#ground.watch as Watch);
      case at.askInvariants:
        return this.#askWatch(subject + at.leafInvariants, subject, this.#ground.invariants);
      case at.askListWatch:
        return this.#askListWatch(subject);
      default:
        throw new Error(`the loop asks what it cannot ask: ${question}`);
    }
  }

  /** Adds how often each leaf was taken since this was last done to what a function counts. */
  harvest(add: (leaf: number, times: number) => void): void {
    for (const leaf of this.#leafOf) {
      const times = leaf === undefined ? 0 : this.#collect(leaf + at.leafTaken);
      if (times > 0) add(this.#get(leaf + at.leafNumber), times);
    }
    for (const list of this.#listOf.values()) {
      const times = this.#collect(list + at.listMet);
      if (times > 0) for (const leaf of this.#leavesOf(list)) add(leaf, times);
    }
  }

  /** Reads a count of 64 bits, which is zero afterwards. */
  #collect(count: number): number {
    const times = (this.#get(count) >>> 0) + 2 ** 32 * this.#get(count + 4);
    this.#set(count, 0);
    this.#set(count + 4, 0);
    return times;
  }

  /** Makes the states of the row at hand, and of the step that is judged, those of the relation. */
  #look(): void {
    const { relation } = this.#ground;
    const { length } = relation.layout.groups;
    const before = this.#beforeAt >> 2;
    this.#before.set(this.#memory.words.subarray(before, before + length));
    this.#after.set(this.#before);
    relation.lookAt(this.#before, this.#after);
    const judged = this.#get(at.judged);
    if (judged !== 0) relation.effects.apply(this.#startOf(this.#get(judged + at.leafNumber)), this.#after);
  }

  /** Drops what has become wrong, or incomplete, by what was learned. */
  #drop(): void {
    const { sleep, watch, invariants } = this.#ground;
    for (const copy of this.#folds) if (copy.generation !== copy.fold.generation) this.#renew(copy);
    if (sleep !== undefined && sleep.memberCount !== this.#members) {
      this.#members = sleep.memberCount;
      for (const leaf of this.#leafOf) {
        const sleeper = leaf === undefined ? 0 : this.#get(leaf + at.leafSleeper);
        if (sleeper !== 0) this.#set(sleeper + at.sleeperIsCompared, 0);
      }
    }
    if (watch !== undefined && watch.version !== this.#watchVersion) {
      this.#watchVersion = watch.version;
      for (const leaf of this.#leafOf) if (leaf !== undefined) this.#set(leaf + at.leafWatch, 0);
      for (const list of this.#listOf.values()) this.#set(list + at.listWatch, 0);
    }
    if (invariants.version !== this.#invariantsVersion) {
      this.#invariantsVersion = invariants.version;
      for (const leaf of this.#leafOf) if (leaf !== undefined) this.#set(leaf + at.leafInvariants, 0);
    }
  }

  // --- memory ----------------------------------------------------------------------------------------------------

  #get(address: number): number {
    return this.#memory.words[address >> 2] as number;
  }

  #set(address: number, value: number): void {
    this.#memory.words[address >> 2] = value;
  }

  #record(bytes: number): number {
    return this.#memory.allocate(bytes >> 2);
  }

  /**
   * Sets a cell of a table that grows, of which the address and the length stand one after the other.
   *
   * @param known - cells that are known: all are copied when the table begins
   * @param translated - what stands here for a cell there
   */
  #setCell(
    table: number,
    id: number,
    value: number,
    known?: Int32Array,
    translated: (cell: number) => number = (cell) => cell,
  ): void {
    const length = this.#get(table + 4);
    if (length === 0 && known !== undefined) {
      const address = this.#record(4 * known.length);
      this.#set(table, address);
      this.#set(table + 4, known.length);
      known.forEach((cell, i) => {
        if (cell !== 0) this.#set(address + 4 * i, translated(cell));
      });
    }
    this.#lengthen(table, id);
    this.#set(this.#get(table) + 4 * id, value);
  }

  /** Gives a table room for a number. */
  #lengthen(table: number, id: number): void {
    const length = this.#get(table + 4);
    if (id < length) return;
    const longer = Math.max(8, id + 1, 2 * length);
    const address = this.#record(4 * longer);
    const from = this.#get(table) >> 2;
    this.#memory.words.copyWithin(address >> 2, from, from + length);
    this.#set(table, address);
    this.#set(table + 4, longer);
  }

  /** Where the loop keeps the number of a group. */
  #source(group: number, side: number): number {
    return (side === 0 ? this.#beforeAt : this.#afterAt) + 4 * group;
  }

  #idsOf(side: number): Int32Array {
    return side === 0 ? this.#before : this.#after;
  }

  // --- codes -----------------------------------------------------------------------------------------------------

  /** The loop's code for one of the relation. */
  #code(code: number): number {
    if (code === nothing) return nothing;
    if (isPlace(code)) return this.#place(idOf(code));
    return isLeaf(code) ? this.#leaf(idOf(code)) | 1 : this.#list(idOf(code)) | 2;
  }

  #place(step: number): number {
    const known = this.#placeOf[step];
    if (known !== undefined) return known;
    const place = this.#record(at.placeSize);
    this.#set(place + at.placeStep, step);
    return (this.#placeOf[step] = place);
  }

  #leaf(number: number): number {
    const known = this.#leafOf[number];
    if (known !== undefined) return known;
    const leaf = this.#record(at.leafSize);
    this.#set(leaf + at.leafNumber, number);
    return (this.#leafOf[number] = leaf);
  }

  #list(offset: number): number {
    const known = this.#listOf.get(offset);
    if (known !== undefined) return known;
    const { lists } = this.#ground.relation;
    const leaves = lists[offset] as number;
    const places = lists[offset + 1] as number;
    const list = this.#record(at.listItems + 4 * (leaves + places));
    this.#listOf.set(offset, list);
    this.#set(list + at.listOffset, offset);
    this.#set(list + at.listLeaves, leaves);
    this.#set(list + at.listPlaces, places);
    for (let i = 0; i < leaves + places; i++) {
      const item = lists[offset + 2 + i] as number;
      this.#set(list + at.listItems + 4 * i, i < leaves ? this.#leaf(item) : this.#code(item));
    }
    return list;
  }

  /** The numbers of the leaves of a list. */
  #leavesOf(list: number): Int32Array {
    const offset = this.#get(list + at.listOffset);
    return this.#ground.relation.lists.subarray(offset + 2, offset + 2 + this.#get(list + at.listLeaves));
  }

  #agenda(agenda: Agenda): number {
    const known = this.#agendaOf.get(agenda);
    if (known !== undefined) return known;
    const { groups, sides, always } = agenda;
    const address = this.#record(at.agendaEntries + at.entrySize * groups.length + 4 * always.length);
    this.#agendaOf.set(agenda, address);
    this.#set(address + at.agendaNumber, this.#agendas.push(agenda) - 1);
    this.#set(address + at.agendaIsOpen, always.length > 0 || sides.some((side) => side !== 0) ? 1 : 0);
    this.#set(address + at.agendaGroups, groups.length);
    this.#set(address + at.agendaAlways, always.length);
    let entry = address + at.agendaEntries;
    for (let i = 0; i < groups.length; i++, entry += at.entrySize) {
      this.#set(entry + at.entrySource, this.#source(groups[i] as number, sides[i] as number));
    }
    always.forEach((code, i) => this.#set(entry + 4 * i, this.#code(code)));
    return address;
  }

  // --- questions -------------------------------------------------------------------------------------------------

  #askAgenda(address: number, i: number): void {
    const agenda = this.#agendas[this.#get(address + at.agendaNumber)] as Agenda;
    const id = this.#idsOf(agenda.sides[i] as number)[agenda.groups[i] as number] as number;
    const code = this.#code(agenda.codeOf(i, id));
    const table = address + at.agendaEntries + at.entrySize * i + at.entryTable;
    this.#setCell(table, id, code, agenda.tables[i], (known) => this.#code(known));
  }

  #askPlace(place: number): void {
    const { relation } = this.#ground;
    const step = this.#get(place + at.placeStep);
    const side = relation.sideOfStep(step);
    const code = relation.sourceOf(step) === undefined ? relation.stepFrom(step) : nothing;
    // To look where it leads may have shown that a group tells.
    const source = relation.sourceOf(step);
    if (source === undefined) {
      this.#set(place + at.placeSource, this.#code(code));
      this.#set(place + at.placeKind, at.steady);
    } else if (source instanceof Fold) {
      const copy = this.#fold(source, side === 0 ? 0 : 1);
      copy.places.push(place);
      this.#set(place + at.placeSource, copy.address);
      this.#set(place + at.placeKind, source.isWide ? at.opaque : at.byFold);
    } else {
      this.#set(place + at.placeSource, this.#source(source, side));
      this.#set(place + at.placeKind, at.byGroup);
    }
  }

  #askCell(place: number): void {
    const { relation } = this.#ground;
    const step = this.#get(place + at.placeStep);
    const ids = this.#idsOf(relation.sideOfStep(step));
    const code = this.#code(relation.stepFrom(step));
    const source = relation.sourceOf(step);
    const key = source instanceof Fold ? source.signature(ids) : (ids[source as number] as number);
    // What was kept by signatures of another generation is wrong.
    this.#drop();
    if (key < 0) return;
    this.#setCell(place + at.placeTable, key, code, relation.tableOf(step), (known) => this.#code(known));
  }

  #askClass(address: number, i: number): void {
    const { fold, side } = this.#folds[this.#get(address + at.foldNumber)] as FoldCopy;
    const ids = this.#idsOf(side);
    const kind = fold.classOf(i, ids);
    const part = address + at.foldParts + at.partSize * i;
    const { group, classes } = fold.parts[i]!;
    this.#setCell(part + at.partTable, ids[group] as number, kind, classes);
  }

  #fold(fold: Fold, side: 0 | 1): FoldCopy {
    const known = this.#folds.find((copy) => copy.fold === fold && copy.side === side);
    if (known !== undefined) return known;
    const { parts, generation } = fold;
    const address = this.#record(at.foldParts + at.partSize * parts.length);
    const copy: FoldCopy = { fold, side, address, places: [], generation };
    this.#set(address + at.foldCount, parts.length);
    this.#set(address + at.foldNumber, this.#folds.push(copy) - 1);
    parts.forEach(({ group }, i) => {
      this.#set(address + at.foldParts + at.partSize * i + at.partSource, this.#source(group, side));
    });
    this.#renew(copy);
    return copy;
  }

  /** Says what the signatures of a fold mean by now; forgets what was kept by others. */
  #renew(copy: FoldCopy): void {
    const { fold, address, places } = copy;
    copy.generation = fold.generation;
    fold.parts.forEach(({ shift }, i) => {
      this.#set(address + at.foldParts + at.partSize * i + at.partShift, shift);
    });
    for (const place of places) {
      this.#set(place + at.placeLength, 0);
      if (fold.isWide) this.#set(place + at.placeKind, at.opaque);
    }
  }

  #startOf(leaf: number): number {
    const { relation } = this.#ground;
    return relation.effects.startOf(leaf, relation.leaf(leaf).effects);
  }

  #askDeltas(leaf: number): void {
    const { effects } = this.#ground.relation;
    const start = this.#startOf(this.#get(leaf + at.leafNumber));
    const count = effects.pool.at(start);
    const deltas = this.#record(4 * Math.max(1, count));
    for (let i = 0; i < count; i++) {
      const delta = this.#delta(effects.pool.at(start + 1 + 2 * i), effects.pool.at(start + 2 + 2 * i));
      this.#set(deltas + 4 * i, delta);
    }
    this.#set(leaf + at.leafDeltaCount, count);
    this.#set(leaf + at.leafDeltas, deltas);
  }

  #delta(number: number, group: number): number {
    const known = this.#deltaOf[number];
    if (known !== undefined) return known;
    const { layout } = this.#ground.relation;
    const delta = this.#record(at.deltaSize);
    this.#set(delta + at.deltaSource, this.#source(group, 0));
    this.#set(delta + at.deltaWord, 4 * (layout.fieldWord[group] as number));
    this.#set(delta + at.deltaShift, layout.fieldShift[group] as number);
    this.#set(delta + at.deltaNumber, number);
    this.#set(delta + at.deltaGroup, group);
    return (this.#deltaOf[number] = delta);
  }

  #askDelta(delta: number): void {
    const group = this.#get(delta + at.deltaGroup);
    const id = this.#before[group] as number;
    const { effects } = this.#ground.relation;
    const number = this.#get(delta + at.deltaNumber);
    const cell = effects.cellOf(number, group, id);
    this.#setCell(delta + at.deltaTable, id, cell, effects.tableOf(number));
  }

  #askSleeper(leaf: number): void {
    const sleep = this.#ground.sleep as SleepSets;
    const number = this.#get(leaf + at.leafNumber);
    const sleeper = this.#record(at.sleeperMasks + 16 * sleep.words);
    const bit = sleep.bitOf(number);
    this.#set(sleeper + at.sleeperBit, bit);
    if (bit >= 0) this.#set(sleeper + at.sleeperMember, sleep.memberOf(number));
    this.#set(leaf + at.leafSleeper, sleeper);
  }

  #askComparison(leaf: number): void {
    const sleeper = this.#get(leaf + at.leafSleeper);
    const number = this.#get(leaf + at.leafNumber);
    (this.#ground.sleep as SleepSets).copyMasks(number, this.#memory.words, (sleeper + at.sleeperMasks) >> 2);
    this.#set(sleeper + at.sleeperIsCompared, 1);
  }

  #askPair(leaf: number, other: number): void {
    const sleep = this.#ground.sleep as SleepSets;
    const sleeper = this.#get(leaf + at.leafSleeper);
    if (this.#get(sleeper + at.sleeperPairs) === 0) this.#set(sleeper + at.sleeperPairs, this.#record(pairBytes));
    const [a, b] = [leaf, other].map((address) => this.#get(address + at.leafNumber)) as [number, number];
    const byte = this.#get(sleeper + at.sleeperPairs) + this.#get(this.#get(other + at.leafSleeper) + at.sleeperMember);
    const word = byte & ~3;
    this.#set(word, this.#get(word) | ((sleep.commute(a, b) ? 1 : 2) << (8 * (byte & 3))));
  }

  #askMask(list: number): void {
    const mask = (this.#ground.sleep as SleepSets).maskOf(this.#leavesOf(list));
    if (mask === undefined) {
      this.#set(list + at.listMask, -1);
      return;
    }
    const address = this.#record(4 * mask.length);
    mask.forEach((word, w) => this.#set(address + 4 * w, word));
    this.#set(list + at.listMask, address);
  }

  #askWatch(field: number, leaf: number, watch: Watch): void {
    this.#set(field, this.#agenda(this.#agendaAfter(this.#get(leaf + at.leafNumber), watch)));
  }

  #agendaAfter(leaf: number, watch: Watch): Agenda {
    return watch.after(leaf, this.#ground.relation.leaf(leaf));
  }

  #askListWatch(list: number): void {
    const watch = this.#ground.watch as Watch;
    const agendas = [...new Set([...this.#leavesOf(list)].map((leaf) => this.#agendaAfter(leaf, watch)))];
    const address = this.#record(4 + 4 * agendas.length);
    this.#set(address, agendas.length);
    agendas.forEach((agenda, i) => this.#set(address + 4 + 4 * i, this.#agenda(agenda)));
    this.#set(list + at.listWatch, address);
  }
}
