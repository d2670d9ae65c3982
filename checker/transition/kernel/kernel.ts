/**
 * The compiled loop: successors of many rows at once, by the tables, in WebAssembly.
 *
 * It gives what `Successors.expand` gives, row by row, and a test compares the two. It knows nothing at first: what it
 * needs it asks for, and it goes on where it was when that is answered. So whatever is learned is learned in the same
 * order and from the same rows as without it. Rows that it cannot expand it leaves to `Successors.expand`.
 *
 * The loop stands in `assembly/expand.ts`; why it is worth having is told in decision 0009.
 */
import { BivalentError } from '../../core/index.ts';
import type { Agenda } from '../agenda.ts';
import { Batch, type BatchArrays } from '../batch.ts';
import { RowsOutgrown, spareGroups } from '../layout.ts';
import { ShapeChanged } from '../shape.ts';
import type { Successors } from '../successors.ts';
import { Unlearned } from '../value-table.ts';
import type { Watch } from '../watch.ts';
import * as at from './assembly/places.ts';
import { KernelFull, KernelMemory } from './kernel-memory.ts';
import { KernelTables, type KernelGround } from './kernel-tables.ts';
import { newLoop, type Loop } from './loop.ts';

/** Rows that can be expanded at once, at most. */
export const mostKernelRows = 1024;
/** Enabled steps of a row, at most: a row with more is left. */
const mostLeaves = 1 << 14;

/** What states and steps are judged by. */
export interface Watches {
  readonly invariants: Watch;
  /** The transition invariants. */
  readonly standingStill: Watch;
}

/** Whether an error says why something is not known. */
function isAnswer(error: unknown): boolean {
  return [BivalentError, KernelFull, RowsOutgrown, ShapeChanged, Unlearned].some((kind) => error instanceof kind);
}

export class Kernel {
  /** Where successors go. Its arrays lie in the memory of the loop. */
  readonly batch: Batch;
  /** Rows that were expanded last, those of them without steps, and how many steps the rows had. */
  expanded = 0;
  stuck: readonly number[] = [];
  enabled = 0;

  readonly #successors: Successors;
  readonly #watch: Watch | undefined;
  readonly #invariants: Watch;
  readonly #loop: Loop;
  readonly #memory: KernelMemory;
  #tables: KernelTables | undefined;
  #version = -1;
  /** Whether there is no room for what the loop has to know. */
  #isFull = false;
  /** Of how many successors in the batch it is noted whether the loop appended them. */
  #noted = 0;
  /** How many rows were given. */
  #given = 0;
  /** What was handed out of the memory before the batch, and with it. */
  readonly #behindLists: number;
  #behindBatch = 0;
  /** For so many groups there is room. */
  #groupRoom = 0;

  private constructor(loop: Loop, successors: Successors, { standingStill, invariants }: Watches, capacity: number) {
    this.#loop = loop;
    this.#watch = successors.judge && standingStill;
    this.#invariants = invariants;
    const { relation, sleep } = successors;
    this.#successors = successors;
    const { words } = relation.layout;
    this.#memory = new KernelMemory(this.#loop.memory, at.headerEnd);
    this.#reserveLists(words, sleep?.words ?? 0);
    this.#behindLists = this.#memory.mark;
    this.batch = new Batch(words, capacity, sleep, (room, old) => this.#roomFor(room, old));
    this.batch.judge = (positions, count) => this.judge(positions, count);
    this.#memory.onMoved = () => Object.assign(this.batch, this.#arrays());
  }

  /**
   * A loop for rows of the present form; undefined where there is no WebAssembly.
   *
   * @param capacity - successors for which there is room at first
   */
  static start(successors: Successors, watches: Watches, capacity: number): Kernel | undefined {
    const loop = newLoop();
    return loop && new Kernel(loop, successors, watches, capacity);
  }

  get bytes(): number {
    return this.#memory.bytes;
  }

  /** Where the rows go that are to be expanded next, and their sleep sets; at most {@link mostKernelRows}. */
  inputFor(rows: number): { readonly rows: Int32Array; readonly asleep: Int32Array } {
    this.#given = rows;
    const view = (field: number, bytes: number): Int32Array =>
      this.#memory.view(this.#get(field), rows * (this.#get(bytes) >> 2));
    return { rows: view(at.inputRows, at.rowBytes), asleep: view(at.inputAsleep, at.sleepBytes) };
  }

  /**
   * Expands the rows that were given, until one has to be left, or user code fails; says in {@link expanded} how many were.
   *
   * @param first - the number of the first of them
   * @throws what {@link Successors.expand} throws, of the first row that was not expanded
   */
  expand(first: number): void {
    const { batch } = this;
    this.#set(at.inputCount, this.#given);
    this.#set(at.firstRow, first);
    for (const field of [at.row, at.stuckCount, at.enabled, at.skipped]) this.#set(field, 0);
    this.#set(at.batchCount, batch.count);
    this.#noteOthers();
    try {
      while (this.#isReady() && this.#goOn());
    } catch (error) {
      if (!(error instanceof KernelFull)) throw error;
      this.#isFull = true;
    } finally {
      this.#given = 0;
      this.#noted = batch.count = this.#get(at.batchCount);
      this.expanded = this.#get(at.row);
      this.enabled = this.#get(at.enabled);
      this.#successors.skipped += this.#get(at.skipped);
      this.stuck = this.#list(at.stuck, this.#get(at.stuckCount));
    }
  }

  /**
   * Judges successors, all others being stored: what is known to hold in each of them goes to `known` of the batch.
   *
   * @param positions - where they are in the batch
   */
  judge(positions: Int32Array, count: number): void {
    this.#noteOthers();
    this.#noted = 0;
    this.#memory.words.set(positions.subarray(0, count), this.#get(at.candidates) >> 2);
    this.#set(at.candidateCount, count);
    for (let i = 0; i < count;) {
      this.#set(at.candidate, i);
      try {
        while (this.#isReady() && this.#invariants.isCurrent(this.#version) && this.#judgeOn());
      } catch (error) {
        // It is found again by who judges what is not known to hold.
        if (!isAnswer(error)) throw error;
      }
      i = this.#get(at.candidate);
      if (i < count) (this.batch.known as Int32Array)[positions[i++] as number] = 0;
    }
  }

  /** Judges on; returns whether the loop is to be called again. */
  #judgeOn(): boolean {
    const question = this.#loop.judgeStates();
    if (question === at.done || question === at.leaveRow) return false;
    (this.#tables as KernelTables).answer(question);
    return true;
  }

  /** Notes of which successors the loop knows nothing: those that were appended elsewhere. */
  #noteOthers(): void {
    const records = this.#get(at.batchRecords) >> 2;
    this.#memory.words.fill(0, records + this.#noted, records + this.batch.count);
    this.#noted = this.batch.count;
  }

  /** Adds how often each step was taken to what the successors count. */
  harvest(): void {
    this.#tables?.harvest((leaf, times) => this.#successors.addTaken(leaf, times));
  }

  /** Forgets the successors of late: some were not stored. */
  forget(): void {
    const parents = this.#get(at.recentParents) >> 2;
    if (parents === 0) return;
    this.#memory.words.fill(-1, parents, parents + at.recentCount);
  }

  /** Lets the loop go on; returns whether it is to be called again. */
  #goOn(): boolean {
    const question = this.#loop.expand();
    if (question === at.done || question === at.leaveRow) return false;
    if (question === at.askRoom) {
      const least = this.#get(at.batchCount) + this.#get(at.subject);
      while (this.batch.capacity <= least) this.batch.grow();
    } else (this.#tables as KernelTables).answer(question);
    return true;
  }

  /** Whether what the loop knows is of the present version of the layout; that it is not, `Successors.expand` changes. */
  #isReady(): boolean {
    const { relation, agenda } = this.#successors;
    const { version } = relation.layout;
    if (this.#isFull || agenda === undefined) return false;
    if (this.#watch !== undefined && !this.#watch.isCurrent(version)) return false;
    if (this.#tables !== undefined && this.#version === version) return true;
    const { layout } = relation;
    if (this.#tables === undefined || layout.groups.length > this.#groupRoom) this.#begin(agenda);
    else this.#tables.renew(this.#ground(agenda));
    this.#version = version;
    this.#set(at.groupCount, layout.fieldWord.length);
    layout.fieldWord.forEach((word, g) => {
      const field = [4 * word, layout.fieldShift[g] as number, layout.fieldMax[g] as number];
      this.#memory.words.set(field, (this.#get(at.fields) + at.fieldSize * g) >> 2);
    });
    this.#set(at.actions, this.#tables!.actions);
    return true;
  }

  #ground(agenda: Agenda): KernelGround {
    const { relation, sleep } = this.#successors;
    return { relation, agenda, sleep, watch: this.#watch, invariants: this.#invariants };
  }

  // --- memory ----------------------------------------------------------------------------------------------------

  #get(field: number): number {
    return this.#memory.words[field >> 2] as number;
  }

  #set(field: number, value: number): void {
    this.#memory.words[field >> 2] = value;
  }

  #list(field: number, length: number): number[] {
    return [...this.#memory.view(this.#get(field), length)];
  }

  /** Hands out room for some integers, and says in the header where it is. */
  #reserve(field: number, length: number): void {
    this.#set(field, this.#memory.allocate(length));
  }

  /** Hands out what has the same size as long as rows have. */
  #reserveLists(words: number, asleep: number): void {
    this.#set(at.rowBytes, 4 * words);
    this.#set(at.sleepBytes, 4 * asleep);
    this.#set(at.judges, this.#watch === undefined ? 0 : 1);
    this.#set(at.listRoom, mostLeaves);
    this.#reserve(at.inputRows, mostKernelRows * words);
    this.#reserve(at.inputAsleep, mostKernelRows * asleep);
    this.#reserve(at.stuck, mostKernelRows);
    for (const list of [at.codeList, at.leafList]) this.#reserve(list, mostLeaves);
    this.#reserve(at.asleep, asleep);
    this.#reserve(at.awake, asleep);
    this.#reserve(at.leafOfStep, 32 * asleep);
    if (asleep > 0) return;
    // Where steps sleep, hardly any successor is repeated.
    this.#reserve(at.recentRows, at.recentCount * words);
    this.#reserve(at.recentParents, at.recentCount);
    this.forget();
  }

  /** The arrays of the batch, with more room than before. What the loop knows lies behind them, and is lost. */
  #roomFor(capacity: number, old: BatchArrays | undefined): BatchArrays {
    const kept = old && Object.values(old).map((array: Int32Array) => array.slice());
    const { words, sleep } = { words: this.#get(at.rowBytes) >> 2, sleep: this.#get(at.sleepBytes) >> 2 };
    this.harvest();
    this.#tables = undefined;
    this.#memory.release(this.#behindLists);
    this.#reserve(at.batchRows, capacity * words);
    for (const field of [at.batchHashes, at.batchParents, at.batchLeaves, at.batchTails])
      this.#reserve(field, capacity);
    for (const field of [at.batchKnown, at.batchRecords, at.candidates]) this.#reserve(field, capacity);
    this.#noted = 0;
    this.#reserve(at.batchAsleep, capacity * sleep);
    this.#set(at.batchRoom, capacity);
    this.#behindBatch = this.#memory.mark;
    const arrays = this.#arrays();
    Object.values(arrays).forEach((array: Int32Array, i) => kept && array.set(kept[i] as Int32Array));
    return arrays;
  }

  /** The arrays of the batch, where they lie now. */
  #arrays(): BatchArrays {
    const capacity = this.#get(at.batchRoom);
    const view = (field: number, words: number): Int32Array => this.#memory.view(this.#get(field), capacity * words);
    return {
      rows: view(at.batchRows, this.#get(at.rowBytes) >> 2),
      hashes: view(at.batchHashes, 1),
      parents: view(at.batchParents, 1),
      leaves: view(at.batchLeaves, 1),
      tails: view(at.batchTails, 1),
      asleep: view(at.batchAsleep, this.#get(at.sleepBytes) >> 2),
      known: view(at.batchKnown, 1),
    };
  }

  /** Begins without knowing anything. */
  #begin(agenda: Agenda): void {
    this.harvest();
    this.#noted = 0;
    this.#noteOthers();
    this.#memory.release(this.#behindBatch);
    this.#groupRoom = this.#successors.relation.layout.groups.length + spareGroups;
    this.#reserve(at.fields, 3 * this.#groupRoom);
    this.#reserve(at.before, 2 * this.#groupRoom);
    this.#set(at.afterDistance, 4 * this.#groupRoom);
    const before = this.#get(at.before);
    this.#tables = new KernelTables(this.#ground(agenda), this.#memory, before, before + 4 * this.#groupRoom);
  }
}
