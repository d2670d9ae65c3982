/**
 * How states are stored is nobody's business: whatever the engine plans, and whenever, the result is the same.
 *
 * Random specs are small, and the usual schedule never plans for them; here it plans after a handful of states, and
 * rows are carried to arbitrary layouts in the middle of a level.
 */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { bind, type System } from '../spec/index.ts';
import { LearnedSystem, ShapeChanged, type Layout, type Plan } from '../transition/index.ts';
import { show } from '../value/index.ts';
import type { PlanSchedule } from './planning.ts';
import { simpleExplorer } from './engines.test-support.ts';
import { checked, found } from './learned.test-support.ts';
import { explore } from './naive.test-support.ts';
import { randomSpec } from './random-spec.test-support.ts';
import { RowSearch } from './row-search.ts';

const numRuns = Number(process.env['BIVALENT_RANDOM_SPECS'] ?? 200);

/** Specs with more states are left out. */
const cap = 800;

const schedules: fc.Arbitrary<PlanSchedule> = fc.record({
  first: fc.integer({ min: 1, max: 12 }),
  second: fc.integer({ min: 1, max: 60 }),
  growth: fc.constantFrom(1, 1.2, 2, 4),
  compiledFrom: fc.constantFrom(0, 1, 10, 20_000),
});

test('a check gives the same whatever its schedule of plans', { timeout: 60_000 + 500 * numRuns }, () => {
  fc.assert(
    fc.property(randomSpec(), schedules, ({ spec }, schedule) => {
      const system = bind(spec);
      const expected = simpleExplorer.check(system, { limits: { maxStates: cap } });
      fc.pre(expected.result !== 'incomplete' && expected.distinctStates > 1);
      expect(found(checked(system, {}, schedule))).toEqual(found(expected));
    }),
    { numRuns },
  );
});

test('rows keep their states, wherever and however often they are carried', { timeout: 60_000 + 500 * numRuns }, () => {
  fc.assert(
    fc.property(randomSpec(), fc.array(fc.nat({ max: 255 }), { maxLength: 200, size: 'max' }), ({ spec }, tape) => {
      const system = { ...bind(spec), checksDeadlock: false, invariants: [], transitionInvariants: [] };
      const expected = explore(system, cap);
      fc.pre(expected !== undefined && expected.distinct > 1);
      const { distinctStates, generatedStates } = exploreCarried(system, tape);
      expect({ distinct: distinctStates, generated: generatedStates }).toEqual({
        distinct: expected.distinct,
        generated: expected.generated,
      });
    }),
    { numRuns },
  );
});

/** Explores a system, and after every batch carries all rows to a layout that the tape chooses, or packs them anew. */
function exploreCarried(system: System, tape: readonly number[]): { distinctStates: number; generatedStates: number } {
  const leaves = new Set<string>();
  for (;;) {
    try {
      return exploreOnce(system, leaves, [...tape]);
    } catch (error) {
      if (!(error instanceof ShapeChanged)) throw error;
      leaves.add(error.path);
    }
  }
}

function exploreOnce(system: System, leaves: ReadonlySet<string>, tape: number[]) {
  const learned = new LearnedSystem(system, leaves);
  const search = new RowSearch(learned, learned.firstLayout(), {}, false, []);
  search.begin();
  while (search.frontier > 0) {
    // A level of some rows at a time: the search does not mind, and rows are carried in the middle of levels.
    search.endLevel();
    search.levelEnd = Math.min(search.store.count, search.cursor + 1 + ((tape.shift() ?? 200) % 40));
    while (search.cursor < search.levelEnd) search.expandSome();
    const choice = tape.shift();
    if (choice === undefined) continue;
    const before = Array.from({ length: search.store.count }, (_, row) => show(search.stateAt(row)));
    if (choice % 4 === 0) search.repack();
    else search.replan(learned.planned(randomPlan(search.layout, tape)));
    expect(before.map((_, row) => show(search.stateAt(row)))).toEqual(before);
  }
  return { distinctStates: search.store.count, generatedStates: search.generated };
}

/** Spreads some more collections and puts the atoms into groups, as the tape chooses. */
function randomPlan(layout: Layout, tape: number[]): Plan {
  const below = (n: number): number => (tape.shift() ?? 0) % n;
  const collections = layout.shape.slots.filter(({ kind }) => kind !== 'value');
  const spread = new Set(
    collections.filter(({ index }) => layout.spread.has(index) || below(2) === 1).map(({ index }) => index),
  );
  const atoms = layout.shape.slots.flatMap(({ index }): [number, number][] => {
    if (!spread.has(index)) return [[index, 0]];
    // Of the entries that are known, some are planned; the others get their atoms when rows are carried.
    const known = layout.members.flat().filter(([slot, key]) => slot === index && key !== 0);
    return known.filter(() => below(3) > 0);
  });
  const groups: [number, number][][] = [];
  for (const atom of atoms) {
    const group = groups[below(groups.length + 1)];
    if (group === undefined) groups.push([atom]);
    else group.push(atom);
  }
  return { spread, groups };
}
