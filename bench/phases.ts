/**
 * The phases of a search one by one, on the states of two-phase commit with 7 managers: what each takes for one state,
 * one successor or one call, in nanoseconds.
 */
import { RowSearch } from '../checker/explore/row-search.ts';
import { StateStore } from '../checker/explore/state-store.ts';
import { bind, evaluate, successors, type System } from '../checker/spec/index.ts';
import { Batch, LearnedSystem, makePlan, sampleSize } from '../checker/transition/index.ts';
import twoPhaseCommit from '../specs/two-phase-commit/two-phase-commit.ts';
import { medianOf } from './frame/contest.ts';

/** How long one operation of a phase takes. */
export interface Phase {
  readonly name: string;
  /** Of what the time is: one state, say. */
  readonly each: string;
  readonly nanoseconds: number;
}

/** Each phase is measured so often, after one time that warms up. */
const repeats = 5;
/** Rows that are looked up together. */
const batchSize = 4096;
/** States that user code is run on: it is a thousand times slower. */
const sampled = 2000;

/** Measures work that says how many operations it did. */
function measured(name: string, each: string, work: () => number): Phase {
  const times: number[] = [];
  for (let i = 0; i <= repeats; i++) {
    const start = performance.now();
    const operations = work();
    if (i > 0) times.push(((performance.now() - start) * 1e6) / operations);
  }
  return { name, each, nanoseconds: medianOf(times) };
}

/** Explores a system, planned as a check plans it at first. */
function explored(system: System): { readonly learned: LearnedSystem; readonly search: RowSearch } {
  const learned = new LearnedSystem(system, new Set());
  const first = new RowSearch(learned, learned.firstLayout(), {}, false, undefined);
  first.begin();
  explore(first, 2000);
  const { forest, queries } = learned.learner;
  const evidence = { layout: first.layout, forest, queries, sample: first.sample(sampleSize) };
  const plan = makePlan({ ...evidence, taken: first.taken.leaves, states: first.store.count });
  const search = new RowSearch(learned, learned.planned(plan), {}, false, undefined);
  search.begin();
  explore(search, Infinity);
  return { learned, search };
}

function explore(search: RowSearch, states: number): void {
  while (search.frontier > 0 && search.store.count < states) {
    search.expandSome();
    if (search.cursor === search.levelEnd) search.endLevel();
  }
}

/** Measures all phases. Cost: some ten seconds. */
export function measurePhases(): readonly Phase[] {
  const system = bind(twoPhaseCommit, { constants: { RM: 7 } });
  const { learned, search } = explored(system);
  return [...rowPhases(search), ...judgingPhases(search, learned), ...userCodePhases(system, search)];
}

/** Expanding rows, and looking up and storing what comes out. */
function rowPhases(search: RowSearch): Phase[] {
  const { store, layout, compiled } = search;
  const { words } = layout;
  const batches = (visit: (batch: Batch) => void): number => {
    const batch = new Batch(words, 2 * batchSize);
    let total = 0;
    for (let row = 0; row < store.count; row++) {
      total += compiled.successors.expand(store.rows, row * words, row, batch);
      if (batch.count < batchSize && row < store.count - 1) continue;
      visit(batch);
      batch.count = 0;
    }
    return total;
  };
  const missing = new Int32Array(2 * batchSize);
  const expansion = measured('expand', 'successor', () => batches(() => {}));
  const both = measured('expand and look up', 'successor', () => batches((batch) => store.missing(batch, missing)));
  const insertion = measured('look up and insert what is new', 'state', () => {
    const fresh = new StateStore(words);
    const batch = new Batch(words, 2 * batchSize);
    for (let row = 0; row < store.count;) {
      batch.count = 0;
      batch.rows.set(store.rows.subarray(row * words, Math.min(row + batchSize, store.count) * words));
      for (; batch.count < batchSize && row < store.count; row++) batch.add(row, 0, 0);
      const count = fresh.missing(batch, missing);
      for (let i = 0; i < count; i++) fresh.insert(batch, missing[i]!, fresh.find(batch, missing[i]!));
    }
    return store.count;
  });
  return [expansion, both, insertion];
}

/** Reading rows, and judging the states that they hold. */
function judgingPhases({ store, layout, compiled }: RowSearch, { learner }: LearnedSystem): Phase[] {
  const ids = layout.newIds();
  const eachRow = (visit: () => void): number => {
    for (let row = 0; row < store.count; row++) {
      layout.unpack(store.rows, row * store.words, ids);
      visit();
    }
    return store.count;
  };
  const before = learner.calls.properties;
  const phases = [
    measured('unpack a row', 'state', () => eachRow(() => {})),
    measured('unpack, and judge all invariants', 'state', () =>
      eachRow(() => {
        compiled.look(ids);
        if (compiled.invariants.all.failure() !== 0) throw new Error('a state violates an invariant');
      }),
    ),
  ];
  if (learner.calls.properties - before > 1000) throw new Error('judging called user code: it measures something else');
  return phases;
}

/** What the same would cost by user code, and to make a state of a row. */
function userCodePhases(system: System, search: RowSearch): Phase[] {
  const rows = Array.from({ length: sampled }, (_, i) => Math.floor((i * search.store.count) / sampled));
  const states = rows.map((row) => search.stateAt(row));
  return [
    measured('make a state of a row', 'state', () => rows.map((row) => search.stateAt(row)).length),
    measured('user code: all steps of a state, with immer', 'successor', () =>
      states.reduce((sum, state) => sum + successors(system, state).length, 0),
    ),
    measured('user code: all invariants', 'state', () => {
      for (const state of states) for (const invariant of system.invariants) evaluate(invariant, state);
      return states.length;
    }),
  ];
}

/** The phases as a table of Markdown. */
export function phasesTable(phases: readonly Phase[]): string {
  const lines = phases.map(({ name, each, nanoseconds }) => `| ${name} | ${each} | ${nanoseconds.toFixed(0)} |`);
  return [
    '### Phases, two-phase commit, 7 managers',
    '',
    '| phase | for each | ns |',
    '| --- | --- | ---: |',
    ...lines,
  ].join('\n');
}
