/**
 * What the searches of a swarm share: one table of states, in which each state is judged once, and what was learned.
 *
 * Rows keep their numbers until the table is dropped, however they are packed and planned meanwhile.
 */
import type { System } from '../spec/index.ts';
import { LearnedSystem, mix } from '../transition/index.ts';
import { encode, hashBytes } from '../value/index.ts';
import { Auditor } from './audit.ts';
import { Counterexamples } from './counterexample.ts';
import { coverageOf } from './coverage.ts';
import type { Audit, Limits } from './options.ts';
import { Planning, type PlanSchedule } from './planning.ts';
import type { ActionCoverage, Violation } from './result.ts';
import { RowGraph } from './row-graph.ts';
import { RowSearch } from './row-search.ts';
import { shortestWay } from './shortest-way.ts';
import { StepFollower } from './step-follower.ts';
import type { Steps } from './steps.ts';
import type { Ground } from './swarm-search.ts';

/** Rows that are visited between two reviews of what learning does not help. */
const visitsPerReview = 4096;

export interface GroundOptions {
  readonly maxStates: number | undefined;
  readonly audit: Audit;
  readonly seed: number;
  readonly schedule: PlanSchedule | undefined;
}

export class SwarmGround implements Ground {
  /** Rows whose steps were followed, repeats included. */
  visited = 0;
  /** Whether states were dropped: {@link distinctStates} may miss some then. */
  hasDropped = false;
  initial: readonly number[] = [];
  readonly #system: System;
  readonly #leaves: ReadonlySet<string>;
  readonly #limits: Limits;
  readonly #learned: LearnedSystem;
  readonly #planning: Planning;
  readonly #auditor: Auditor;
  #search: RowSearch;
  #follower: StepFollower;
  /** The names of steps, by leaf, as far as they were asked for. */
  readonly #names: number[] = [];
  /** What was counted in tables that were dropped. */
  #generated = 0;
  #distinct = 0;
  readonly #taken: number[];
  #fresh: readonly number[];

  /**
   * @param leaves - paths of records and collections that are known to change shape
   * @throws ShapeChanged
   */
  constructor(system: System, leaves: ReadonlySet<string>, { maxStates, audit, seed, schedule }: GroundOptions) {
    this.#system = system;
    this.#leaves = leaves;
    this.#limits = maxStates === undefined ? {} : { maxStates };
    this.#learned = new LearnedSystem(system, leaves);
    this.#planning = new Planning(schedule);
    this.#auditor = new Auditor(system, audit, seed);
    this.#taken = system.actions.map(() => 0);
    this.#fresh = this.#taken;
    this.#search = this.#begin(this.#learned.firstLayout());
    this.#follower = new StepFollower(this.#search);
  }

  #begin(layout: RowSearch['layout']): RowSearch {
    const { checksDeadlock } = this.#system;
    const search = new RowSearch(this.#learned, layout, this.#limits, checksDeadlock, undefined, { anyOrder: true });
    search.begin();
    this.initial = Array.from({ length: search.store.count }, (_, row) => row);
    return search;
  }

  follow(row: number, into: Steps): void {
    const search = this.#search;
    this.#follower.follow(row, into);
    if (search.findings.length > 0) return;
    this.#auditor.auditOne(search, row, this.visited++);
    const { learner } = this.#learned;
    if (this.visited % visitsPerReview === 0 && learner.review(visitsPerReview, () => [search.idsOf(row)])) {
      search.layout.version++;
    }
    const layout = this.#planning.first(this.#learned, search) ?? this.#planning.later(this.#learned, search);
    if (layout !== undefined) search.replan(layout);
  }

  actionOf(label: number): number {
    return label < 0 ? -1 - label : this.#search.compiled.relation.leaf(label).routine;
  }

  nameOf(label: number): number {
    if (label < 0) return label;
    const known = this.#names[label];
    if (known !== undefined) return known;
    const picked = encode([...this.#learned.learner.chosenOnPath(label)]);
    return (this.#names[label] = mix(this.actionOf(label), hashBytes(picked, picked.length)));
  }

  /** Whether something was found wrong. */
  get hasFailed(): boolean {
    return this.#search.findings.length > 0;
  }

  /** Whether nothing is to be followed any more. */
  get isClosed(): boolean {
    return this.hasFailed || this.full !== undefined;
  }

  /** Why no further state is stored. */
  get full(): string | undefined {
    return this.#search.full;
  }

  /** How many states are stored. */
  get count(): number {
    return this.#search.store.count;
  }

  /** Drops all states. */
  drop(): void {
    this.#generated = this.generatedStates;
    this.#coverage().forEach(({ taken }, action) => (this.#taken[action]! += taken));
    if (this.count > this.#distinct) {
      this.#distinct = this.count;
      this.#fresh = this.#coverage().map(({ distinct }) => distinct);
    }
    this.hasDropped = true;
    this.#search = this.#begin(this.#search.layout);
    this.#follower = new StepFollower(this.#search);
  }

  get generatedStates(): number {
    return this.#generated + this.#search.generated;
  }

  /** Different states that were seen; where some were dropped, at least so many. */
  get distinctStates(): number {
    return Math.max(this.#distinct, this.count);
  }

  #coverage(): readonly ActionCoverage[] {
    const coverage = coverageOf(this.#search);
    return this.#system.actions.map(({ name }) => coverage[name] as ActionCoverage);
  }

  coverage(): Record<string, ActionCoverage> {
    const isLargest = this.count >= this.#distinct;
    const coverage = this.#coverage().map(({ taken, distinct }, action) => ({
      taken: this.#taken[action]! + taken,
      distinct: isLargest ? distinct : this.#fresh[action]!,
    }));
    return Object.fromEntries(this.#system.actions.map(({ name }, action) => [name, coverage[action]!]));
  }

  /** Calls of user code, and audits. */
  get learning(): { actionCalls: number; invariantCalls: number; audited: number } {
    const { actions, properties } = this.#learned.learner.calls;
    return { actionCalls: actions, invariantCalls: properties, audited: this.#auditor.audited };
  }

  get bytes(): number {
    return this.#search.bytes;
  }

  /** What the table that grows next will need beside, while it is copied. */
  growthBytes(rows: number): number {
    return this.#search.store.growthBytes(rows);
  }

  /** Drops compiled tables where they have grown too large. */
  boundTables(): void {
    this.#search.boundTables();
  }

  /** The state that user code was run on last. */
  get stateAtHand(): ReturnType<RowSearch['stateAt']> {
    return this.#search.compiled.stateAtHand;
  }

  /**
   * What was found wrong, with the shortest counterexample among the states that are stored; pauses now and then.
   *
   * @throws BivalentError `spec/impure` where user code does not do again what it did
   */
  *violation(): Generator<void, Violation | undefined> {
    const search = this.#search;
    const first = search.findings.toSorted((a, b) => search.compare(a, b))[0];
    if (first === undefined) return undefined;
    const graph = new RowGraph(this.#system, this.#learned, search, new Set());
    const way = yield* shortestWay(graph, first.row < 0 ? first.parent : first.row);
    return new Counterexamples(this.#system, search, this.#leaves, () => way).first([first]);
  }
}
