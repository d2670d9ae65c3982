/**
 * What the compiled loop knows: copies of what the relation, the effects, the sleep sets and the watch of the transition
 * invariants tell, filled as the loop asks for it.
 *
 * A copy holds as long as its original. One version of the layout has one set of copies; within it, what may change is
 * dropped here as soon as it does, and asked for again: where signatures of a fold mean something else, where leaves have
 * to be compared with new ones, where a step may break more than was known.
 */
import type { Agenda } from '../agenda.ts';
import { nothing } from '../code.ts';
import { Fold } from '../fold.ts';
import type { Relation } from '../relation.ts';
import type { SleepSets } from '../sleep-sets.ts';
import type { Watch } from '../watch.ts';
import * as at from './assembly/places.ts';
import type { KernelMemory } from './kernel-memory.ts';
import { KernelRecords } from './kernel-records.ts';

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
  readonly side: number;
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
  readonly #records: KernelRecords;
  readonly #folds: FoldCopy[] = [];
  #members = 0;
  #watchVersion = 0;
  #invariantsVersion = 0;

  /**
   * @param beforeAt - where the loop keeps the group numbers of the state before a step
   * @param afterAt - and those of the state after it
   */
  constructor(ground: KernelGround, memory: KernelMemory, beforeAt: number, afterAt: number) {
    this.#ground = ground;
    this.#memory = memory;
    this.#before = ground.relation.layout.newIds();
    this.#after = ground.relation.layout.newIds();
    this.#beforeAt = beforeAt;
    this.#records = new KernelRecords(ground.relation, memory, beforeAt, afterAt);
    this.#drop();
  }

  /** Goes on with a layout to which atoms or groups were added: most of what is known holds still. */
  renew(ground: KernelGround): void {
    this.#ground = ground;
    this.#folds.length = 0;
    for (const place of this.#records.places) {
      if (place === undefined || this.#records.get(place + at.placeKind) === at.byGroup) continue;
      this.#records.set(place + at.placeKind, at.unresolved);
      this.#records.set(place + at.placeLength, 0);
    }
    const { effects } = ground.relation;
    this.#records.leaves.forEach((leaf, number) => {
      if (!effects.isSteady(number)) this.#records.set(leaf + at.leafDeltas, 0);
    });
    this.#drop();
  }

  /** The address of the agenda of the actions. */
  get actions(): number {
    return this.#records.agenda(this.#ground.agenda);
  }

  /**
   * Answers a question of the loop.
   *
   * @throws RowsOutgrown, Unlearned, and what user code throws
   */
  answer(question: number): void {
    this.#look();
    const subject = this.#records.get(at.subject);
    const detail = this.#records.get(at.detail);
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
    for (const leaf of this.#records.leaves) {
      const times = leaf === undefined ? 0 : this.#records.collect(leaf + at.leafTaken);
      if (times > 0) add(this.#records.get(leaf + at.leafNumber), times);
    }
    for (const list of this.#records.lists.values()) {
      const times = this.#records.collect(list + at.listMet);
      if (times > 0) for (const leaf of this.#records.leavesOf(list)) add(leaf, times);
    }
  }

  /** Makes the states of the row at hand, and of the step that is judged, those of the relation. */
  #look(): void {
    const { relation } = this.#ground;
    const { length } = relation.layout.groups;
    const before = this.#beforeAt >> 2;
    this.#before.set(this.#memory.words.subarray(before, before + length));
    this.#after.set(this.#before);
    relation.lookAt(this.#before, this.#after);
    const judged = this.#records.get(at.judged);
    if (judged !== 0) relation.effects.apply(this.#startOf(this.#records.get(judged + at.leafNumber)), this.#after);
  }

  /** Drops what has become wrong, or incomplete, by what was learned. */
  #drop(): void {
    const { sleep, watch, invariants } = this.#ground;
    for (const copy of this.#folds) if (copy.generation !== copy.fold.generation) this.#renew(copy);
    if (sleep !== undefined && sleep.memberCount !== this.#members) {
      this.#members = sleep.memberCount;
      for (const leaf of this.#records.leaves) {
        const sleeper = leaf === undefined ? 0 : this.#records.get(leaf + at.leafSleeper);
        if (sleeper !== 0) this.#records.set(sleeper + at.sleeperIsCompared, 0);
      }
    }
    if (watch !== undefined && watch.version !== this.#watchVersion) {
      this.#watchVersion = watch.version;
      for (const leaf of this.#records.leaves) if (leaf !== undefined) this.#records.set(leaf + at.leafWatch, 0);
      for (const list of this.#records.lists.values()) this.#records.set(list + at.listWatch, 0);
    }
    if (invariants.version !== this.#invariantsVersion) {
      this.#invariantsVersion = invariants.version;
      for (const leaf of this.#records.leaves) if (leaf !== undefined) this.#records.set(leaf + at.leafInvariants, 0);
    }
  }

  #idsOf(side: number): Int32Array {
    return side === 0 ? this.#before : this.#after;
  }

  // --- questions -------------------------------------------------------------------------------------------------

  #askAgenda(address: number, i: number): void {
    const agenda = this.#records.agendaAt(address);
    const id = this.#idsOf(agenda.sides[i] as number)[agenda.groups[i] as number] as number;
    const code = this.#records.code(agenda.codeOf(i, id));
    const table = address + at.agendaEntries + at.entrySize * i + at.entryTable;
    this.#records.setCell(table, id, code, agenda.tables[i], (known) => this.#records.code(known));
  }

  #askPlace(place: number): void {
    const { relation } = this.#ground;
    const step = this.#records.get(place + at.placeStep);
    const side = relation.sideOfStep(step);
    const code = relation.sourceOf(step) === undefined ? relation.stepFrom(step) : nothing;
    // To look where it leads may have shown that a group tells.
    const source = relation.sourceOf(step);
    if (source === undefined) {
      this.#records.set(place + at.placeSource, this.#records.code(code));
      this.#records.set(place + at.placeKind, at.steady);
    } else if (source instanceof Fold) {
      const copy = this.#fold(source, side);
      copy.places.push(place);
      this.#records.set(place + at.placeSource, copy.address);
      this.#records.set(place + at.placeKind, source.isWide ? at.opaque : at.byFold);
    } else {
      this.#records.set(place + at.placeSource, this.#records.source(source, side));
      this.#records.set(place + at.placeKind, at.byGroup);
    }
  }

  #askCell(place: number): void {
    const { relation } = this.#ground;
    const step = this.#records.get(place + at.placeStep);
    const ids = this.#idsOf(relation.sideOfStep(step));
    const code = this.#records.code(relation.stepFrom(step));
    const source = relation.sourceOf(step);
    const key = source instanceof Fold ? source.signature(ids) : (ids[source as number] as number);
    // What was kept by signatures of another generation is wrong.
    this.#drop();
    if (key < 0) return;
    this.#records.setCell(place + at.placeTable, key, code, relation.tableOf(step), (known) =>
      this.#records.code(known),
    );
  }

  #askClass(address: number, i: number): void {
    const { fold, side } = this.#folds[this.#records.get(address + at.foldNumber)] as FoldCopy;
    const ids = this.#idsOf(side);
    const kind = fold.classOf(i, ids);
    const part = address + at.foldParts + at.partSize * i;
    const { group, classes } = fold.parts[i]!;
    this.#records.setCell(part + at.partTable, ids[group] as number, kind, classes);
  }

  #fold(fold: Fold, side: number): FoldCopy {
    const known = this.#folds.find((copy) => copy.fold === fold && copy.side === side);
    if (known !== undefined) return known;
    const { parts, generation } = fold;
    const address = this.#records.record(at.foldParts + at.partSize * parts.length);
    const copy: FoldCopy = { fold, side, address, places: [], generation };
    this.#records.set(address + at.foldCount, parts.length);
    this.#records.set(address + at.foldNumber, this.#folds.push(copy) - 1);
    parts.forEach(({ group }, i) => {
      this.#records.set(address + at.foldParts + at.partSize * i + at.partSource, this.#records.source(group, side));
    });
    this.#renew(copy);
    return copy;
  }

  /** Says what the signatures of a fold mean by now; forgets what was kept by others. */
  #renew(copy: FoldCopy): void {
    const { fold, address, places } = copy;
    copy.generation = fold.generation;
    fold.parts.forEach(({ shift }, i) => {
      this.#records.set(address + at.foldParts + at.partSize * i + at.partShift, shift);
    });
    for (const place of places) {
      this.#records.set(place + at.placeLength, 0);
      if (fold.isWide) this.#records.set(place + at.placeKind, at.opaque);
    }
  }

  #startOf(leaf: number): number {
    const { relation } = this.#ground;
    return relation.effects.startOf(leaf, relation.leaf(leaf).effects);
  }

  #askDeltas(leaf: number): void {
    const { effects } = this.#ground.relation;
    const start = this.#startOf(this.#records.get(leaf + at.leafNumber));
    const count = effects.pool.at(start);
    const deltas = this.#records.record(4 * Math.max(1, count));
    for (let i = 0; i < count; i++) {
      const delta = this.#records.delta(effects.pool.at(start + 1 + 2 * i), effects.pool.at(start + 2 + 2 * i));
      this.#records.set(deltas + 4 * i, delta);
    }
    this.#records.set(leaf + at.leafDeltaCount, count);
    this.#records.set(leaf + at.leafDeltas, deltas);
  }

  #askDelta(delta: number): void {
    const group = this.#records.get(delta + at.deltaGroup);
    const id = this.#before[group] as number;
    const { effects } = this.#ground.relation;
    const number = this.#records.get(delta + at.deltaNumber);
    const cell = effects.cellOf(number, group, id);
    this.#records.setCell(delta + at.deltaTable, id, cell, effects.tableOf(number));
  }

  #askSleeper(leaf: number): void {
    const sleep = this.#ground.sleep as SleepSets;
    const number = this.#records.get(leaf + at.leafNumber);
    const sleeper = this.#records.record(at.sleeperMasks + 16 * sleep.words);
    const bit = sleep.bitOf(number);
    this.#records.set(sleeper + at.sleeperBit, bit);
    if (bit >= 0) this.#records.set(sleeper + at.sleeperMember, sleep.memberOf(number));
    this.#records.set(leaf + at.leafSleeper, sleeper);
  }

  #askComparison(leaf: number): void {
    const sleeper = this.#records.get(leaf + at.leafSleeper);
    const number = this.#records.get(leaf + at.leafNumber);
    (this.#ground.sleep as SleepSets).copyMasks(number, this.#memory.words, (sleeper + at.sleeperMasks) >> 2);
    this.#records.set(sleeper + at.sleeperIsCompared, 1);
  }

  #askPair(leaf: number, other: number): void {
    const sleep = this.#ground.sleep as SleepSets;
    const sleeper = this.#records.get(leaf + at.leafSleeper);
    if (this.#records.get(sleeper + at.sleeperPairs) === 0)
      this.#records.set(sleeper + at.sleeperPairs, this.#records.record(pairBytes));
    const [a, b] = [leaf, other].map((address) => this.#records.get(address + at.leafNumber)) as [number, number];
    const byte =
      this.#records.get(sleeper + at.sleeperPairs) +
      this.#records.get(this.#records.get(other + at.leafSleeper) + at.sleeperMember);
    const word = byte & ~3;
    this.#records.set(word, this.#records.get(word) | ((sleep.commute(a, b) ? 1 : 2) << (8 * (byte & 3))));
  }

  #askMask(list: number): void {
    const mask = (this.#ground.sleep as SleepSets).maskOf(this.#records.leavesOf(list));
    if (mask === undefined) {
      this.#records.set(list + at.listMask, -1);
      return;
    }
    const address = this.#records.record(4 * mask.length);
    mask.forEach((word, w) => this.#records.set(address + 4 * w, word));
    this.#records.set(list + at.listMask, address);
  }

  #askWatch(field: number, leaf: number, watch: Watch): void {
    this.#records.set(field, this.#records.agenda(this.#agendaAfter(this.#records.get(leaf + at.leafNumber), watch)));
  }

  #agendaAfter(leaf: number, watch: Watch): Agenda {
    return watch.after(leaf, this.#ground.relation.leaf(leaf));
  }

  #askListWatch(list: number): void {
    const watch = this.#ground.watch as Watch;
    const agendas = [...new Set([...this.#records.leavesOf(list)].map((leaf) => this.#agendaAfter(leaf, watch)))];
    const address = this.#records.record(4 + 4 * agendas.length);
    this.#records.set(address, agendas.length);
    agendas.forEach((agenda, i) => this.#records.set(address + 4 + 4 * i, this.#records.agenda(agenda)));
    this.#records.set(list + at.listWatch, address);
  }
}
