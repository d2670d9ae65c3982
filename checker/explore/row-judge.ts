/**
 * Judging the states of a search by their rows: invariants and the constraint on what is new, deadlock on what is stuck.
 *
 * A successor is judged where it lies in its batch. Its predecessor satisfies every invariant, so only those are walked
 * that its step can have changed.
 */
import {
  RowsOutgrown,
  Unlearned,
  type Arrived,
  type Compiled,
  type Layout,
  type LearnedSystem,
} from '../transition/index.ts';
import type { RecordValue } from '../value/index.ts';

/** A property that failed, in integers. */
export interface Finding {
  /** The routine that failed; -1 for a deadlock. */
  readonly routine: number;
  /** The row from which the failure was reached (of a deadlock, the row itself), and the leaf of that step. */
  readonly parent: number;
  readonly leaf: number;
  /** The last row of the counterexample; -1 where its last state is not stored. */
  readonly row: number;
  /** The last state, where it is not stored: it lies beyond a constraint, or its step failed. */
  readonly beyond: RecordValue | undefined;
}

export class RowJudge {
  readonly #learned: LearnedSystem;
  #compiled: Compiled;
  #ids: Int32Array;
  /** Whether every predicate is walked in every state: a representative is not what its step led to. */
  readonly #wholly: boolean;

  constructor(learned: LearnedSystem, compiled: Compiled, wholly: boolean) {
    this.#learned = learned;
    this.#wholly = wholly;
    this.#compiled = compiled;
    this.#ids = compiled.layout.newIds();
  }

  get #layout(): Layout {
    return this.#compiled.layout;
  }

  /** Judges by other tables from now on. */
  use(compiled: Compiled): void {
    this.#compiled = compiled;
    this.#ids = compiled.layout.newIds();
  }

  /** The state that was looked at last. */
  get state(): RecordValue {
    return this.#layout.decode(this.#ids);
  }

  /** Whether a row without successors is one in which the spec may end. */
  mayEnd(rows: Int32Array, start: number): boolean {
    const { terminated } = this.#learned.numbers;
    if (terminated === undefined) return false;
    this.#look(rows, start);
    return this.#compiled.holds(terminated);
  }

  /** The leaf of the first invariant that the successor at `k` fails, or 0. */
  failure(batch: Arrived, k: number): number {
    return this.#firstFailure(this.#compiled.invariants, batch, k);
  }

  /** Whether the successor at `k` is known to satisfy every invariant: nothing is learned to find out, and no user code run. */
  isKnownToHold(batch: Arrived, k: number): boolean {
    const { invariants } = this.#compiled;
    if (invariants.direct.length > 0) return false;
    try {
      return this.#firstFailure(invariants, batch, k) === 0;
    } catch (error) {
      return notKnown(error);
    }
  }

  /** Whether the successor at `k` satisfies the state constraint; its predecessor does. */
  satisfiesConstraint(batch: Arrived, k: number): boolean {
    return this.#firstFailure(this.#compiled.constraint, batch, k) === 0;
  }

  /** The state of the successor at `k`. */
  stateOf(batch: Arrived, k: number): RecordValue {
    this.#look(batch.rows, k * batch.words);
    return this.state;
  }

  /** Notes a new row in which standing still may fail a transition invariant, so that its steps are all judged. */
  noteRestless(batch: Arrived, k: number, row: number): void {
    const { judge } = this.#compiled.successors;
    if (judge !== undefined && !this.#mayRest(batch, k, judge.restless)) judge.restless.add(row);
  }

  /** Whether the transition invariants are known to allow to stand still in the successor at `k`, as above. */
  isKnownToRest(batch: Arrived, k: number): boolean {
    const { judge } = this.#compiled.successors;
    if (judge === undefined) return true;
    try {
      return this.#mayRest(batch, k, judge.restless);
    } catch (error) {
      return notKnown(error);
    }
  }

  #mayRest(batch: Arrived, k: number, restless: ReadonlySet<number>): boolean {
    // After a restless state, or a step that `afterEach` completed, everything is looked at again.
    const known = !this.#wholly && !restless.has(batch.parents[k] as number) && batch.tails[k] === 0;
    this.#unpack(batch.rows, k * batch.words);
    return this.#compiled.allowsStandingStill(this.#ids, known ? (batch.leaves[k] as number) : 0);
  }

  /** The first failing leaf of some predicates in the successor at `k`, or 0. */
  #firstFailure(watch: Compiled['invariants'], batch: Arrived, k: number): number {
    const { relation } = this.#compiled;
    const leaf = this.#wholly ? 0 : (batch.leaves[k] as number);
    const tail = this.#wholly ? 0 : (batch.tails[k] as number);
    const { version } = this.#layout;
    const isPlain = leaf > 0 && tail === 0 && watch.isCurrent(version) && watch.direct.length === 0;
    const agenda = isPlain ? watch.after(leaf, relation.leaf(leaf)) : undefined;
    if (agenda?.holdsIn(batch.rows, k * batch.words) === true) return 0;
    try {
      this.#look(batch.rows, k * batch.words);
      if (agenda !== undefined) return agenda.failure();
      let failed = (leaf > 0 ? watch.after(leaf, relation.leaf(leaf)) : watch.all).failure();
      if (failed === 0 && tail !== 0) failed = watch.after(tail, relation.leaf(tail)).failure();
      return failed === 0 ? this.#firstDirectFailure(watch) : failed;
    } catch (error) {
      return watch.failureDespite(error, relation);
    }
  }

  /** As {@link #firstFailure}, for the predicates that are called directly, on the state that was last looked at. */
  #firstDirectFailure(watch: Compiled['invariants']): number {
    const { learner } = this.#learned;
    if (watch.direct.length === 0) return 0;
    return watch.direct.find((routine) => !learner.holdsDirectly(routine, this.#ids))?.failure ?? 0;
  }

  #look(rows: Int32Array, start: number): void {
    this.#unpack(rows, start);
    this.#compiled.look(this.#ids);
  }

  #unpack(rows: Int32Array, start: number): void {
    if (this.#ids.length < this.#layout.groups.length) this.#ids = this.#layout.newIds();
    this.#layout.unpack(rows, start, this.#ids);
  }
}

/** No, where something would have to be learned to tell; other errors are thrown on. */
function notKnown(error: unknown): false {
  if (error instanceof Unlearned || error instanceof RowsOutgrown) return false;
  throw error;
}
