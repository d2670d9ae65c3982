/**
 * Checkpoints of a breadth-first search: what must be kept so that it can go on where it was, in another process.
 *
 * Rows, parents and what was learned are appended to what was kept before; only a few facts are written anew. The
 * visited table and the compiled tables are left out: they are made again from the rows and from what was learned. When the rows take another form (they were packed or planned anew), all of it is written
 * again. A search is kept between two batches, where every successor of the rows before the cursor is stored. It may be
 * in the middle of a level.
 *
 * Where the bytes go is not known here: see {@link CheckpointTarget}.
 */
import { GrowthMark, growthSince, type SleepOutline } from '../transition/index.ts';
import { BivalentError } from '../core/index.ts';
import { coverageOf } from './coverage.ts';
import type { RowSearch } from './row-search.ts';
import type { Sample } from './samples.ts';

/** The parts of a checkpoint to which bytes are appended. */
export const checkpointParts = ['rows', 'parents', 'learned', 'restless', 'asleep'] as const;
export type CheckpointPart = (typeof checkpointParts)[number];

/** Takes the bytes of a checkpoint. Every method throws a BivalentError where they cannot be written. */
export interface CheckpointTarget {
  /** Begins all parts anew. The last checkpoint stays what it is until the next is complete. */
  restart(): void;
  append(part: CheckpointPart, bytes: Uint8Array): void;
  /** Completes a checkpoint: what was appended so far, and these facts, a JSON document. */
  commit(facts: string): void;
  /** Gives back the room of what was appended since the last checkpoint, which could not be completed. Never throws. */
  abandon(): void;
}

/** Gives back what a target took. */
export interface CheckpointSource {
  /** The facts of the checkpoint; undefined where the run had not come so far. */
  readonly facts: string | undefined;
  /** How many bytes a part has. */
  size(part: CheckpointPart): number;
  /** Reads a part from its beginning into an array of that size. */
  read(part: CheckpointPart, into: Uint8Array): void;
}

/** When and where a check keeps what it has done. */
export interface Checkpoints {
  readonly target: CheckpointTarget;
  readonly everyMs: number;
}

/** What is kept of a search beside its rows. */
export interface Facts {
  /** As `Levels.ends`. */
  readonly ends: readonly number[];
  readonly levelEnd: number;
  readonly cursor: number;
  readonly rows: number;
  readonly words: number;
  readonly generated: number;
  readonly skipped: number;
  /** The number of states for which the layout was planned last. */
  readonly planned: number;
  readonly milliseconds: number;
  /** Paths that are known to change shape, and the slots whose collections are spread. */
  readonly leaves: readonly string[];
  readonly spread: readonly number[];
  /** Which steps may sleep; undefined where all are followed. */
  readonly sleep?: SleepOutline | undefined;
  /** Steps taken and new states, by action. */
  readonly taken: readonly number[];
  readonly fresh: readonly number[];
  readonly calls: { readonly actions: number; readonly properties: number };
  readonly audited: number;
  readonly samples: readonly Sample[];
}

/** The facts that the search itself knows. */
export function factsOf(
  search: RowSearch,
): Omit<Facts, 'ends' | 'planned' | 'milliseconds' | 'leaves' | 'calls' | 'audited' | 'samples'> {
  const coverage = Object.values(coverageOf(search));
  return {
    levelEnd: search.levelEnd,
    cursor: search.cursor,
    rows: search.store.count,
    words: search.store.words,
    generated: search.generated,
    skipped: search.skipped,
    sleep: search.kept.sleepOutline,
    spread: [...search.layout.spread],
    taken: coverage.map(({ taken }) => taken),
    fresh: coverage.map(({ distinct }) => distinct),
  };
}

/** Keeps a search at intervals. */
export class Keeper {
  /** Why the last attempt failed, in a sentence for the result; undefined where it did not. */
  failure: string | undefined;
  readonly #target: CheckpointTarget;
  readonly #everyMs: number;
  #last = 0;
  #form: unknown;
  #rows = 0;
  #parentBytes = 0;
  #restless = 0;
  #mark = new GrowthMark();

  constructor({ target, everyMs }: Checkpoints) {
    this.#target = target;
    this.#everyMs = everyMs;
  }

  /** Whether it is time to keep the search again. */
  isDue(milliseconds: number): boolean {
    return milliseconds - this.#last >= this.#everyMs;
  }

  /** Says that so much time of the run is behind it already: it was resumed. */
  begin(milliseconds: number): void {
    this.#last = milliseconds;
  }

  /** Keeps the search; where that fails, says so in {@link failure}, and begins anew the next time. */
  keep(search: RowSearch, facts: Facts): void {
    this.#last = facts.milliseconds;
    try {
      if (this.#form !== search.form) this.#restart(search);
      this.#append(search);
      this.#target.commit(JSON.stringify(facts));
      this.failure = undefined;
    } catch (error) {
      if (!(error instanceof BivalentError)) throw error;
      this.#form = undefined;
      this.#target.abandon();
      this.failure = error.message;
    }
  }

  #restart(search: RowSearch): void {
    this.#target.restart();
    this.#form = search.form;
    this.#rows = 0;
    this.#parentBytes = 0;
    this.#restless = 0;
    this.#mark = new GrowthMark();
  }

  #append(search: RowSearch): void {
    const { store, compiled, restless } = search;
    const target = this.#target;
    const { words, count } = store;
    target.append('rows', bytesOf(store.rows.subarray(this.#rows * words, count * words)));
    target.append('asleep', bytesOf(search.kept.sleepSetsOf(this.#rows, count)));
    this.#rows = count;
    const { stream } = store.parents;
    target.append('parents', stream.subarray(this.#parentBytes));
    this.#parentBytes = stream.length;
    const growth = growthSince(compiled, this.#mark);
    target.append('learned', bytesOf(Int32Array.of(growth.length)));
    target.append('learned', growth);
    if (restless.size === this.#restless) return;
    // A set lists its elements in the order in which they came.
    target.append('restless', bytesOf(Int32Array.from([...restless].slice(this.#restless))));
    this.#restless = restless.size;
  }
}

/** What was learned, checkpoint by checkpoint. */
export function* growthsIn(source: CheckpointSource): Generator<Uint8Array> {
  const bytes = readPart(source, 'learned');
  const view = new DataView(bytes.buffer);
  for (let at = 0; at < bytes.length;) {
    const length = view.getInt32(at, true);
    yield bytes.subarray(at + 4, at + 4 + length);
    at += 4 + length;
  }
}

/** A whole part. */
export function readPart(source: CheckpointSource, part: CheckpointPart): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(source.size(part));
  source.read(part, bytes);
  return bytes;
}

/** The bytes of integers, low ones first, as every processor that Node runs on today has them in memory. */
export function bytesOf(integers: Int32Array): Uint8Array {
  return new Uint8Array(integers.buffer, integers.byteOffset, integers.byteLength);
}
