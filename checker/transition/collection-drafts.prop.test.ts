/**
 * Whatever an action does with sets, maps and bags, in whatever order: the changes that are recorded lead where the
 * reference semantics leads, from every state that gives the same answers.
 */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bind, defineSpec, stepsOf } from '../spec/index.ts';
import { Bag, show, type BagDraft, type MapDraft, type SetDraft } from '../value/index.ts';
import { LearnedSystem } from './learned-system.ts';

const keys = fc.nat({ max: 3 });
const counts = fc.nat({ max: 3 });

interface State {
  readonly set: Set<number>;
  readonly map: Map<number, number>;
  readonly bag: Bag<number>;
  readonly seen: number;
}

interface Draft {
  readonly set: SetDraft<number>;
  readonly map: MapDraft<number, number>;
  readonly bag: BagDraft<number>;
  seen: number;
}

const initial: fc.Arbitrary<State> = fc.record({
  set: fc.array(keys, { maxLength: 3 }).map((elements) => new Set(elements)),
  map: fc.array(fc.tuple(keys, counts), { maxLength: 3 }).map((entries) => new Map(entries)),
  bag: fc.array(keys, { maxLength: 5 }).map((elements) => new Bag(elements)),
  seen: fc.constant(0),
});

/** Something that an action does, as text and as code. */
type Operation = readonly [text: string, run: (s: Draft) => void];

/** Writes, and reads whose answer goes into the state: a wrong answer shows. */
const operations: fc.Arbitrary<Operation> = fc.oneof(
  fc
    .tuple(keys, counts)
    .chain(([x, n]) =>
      fc.constantFrom<Operation>(
        [`set.add(${x})`, (s) => s.set.add(x)],
        [`set.delete(${x})`, (s) => s.set.delete(x)],
        [`map.set(${x}, ${n})`, (s) => s.map.set(x, n)],
        [`map.delete(${x})`, (s) => s.map.delete(x)],
        [`map.update(${x})`, (s) => s.map.update(x, (value) => ((value ?? 0) + n) % 4)],
        [`bag.add(${x}, ${n})`, (s) => s.bag.add(x, n)],
        [`bag.delete(${x}, ${n})`, (s) => s.bag.delete(x, n)],
        [`see set.has(${x})`, (s) => see(s, s.set.has(x) ? 1 : 2)],
        [`see set.where(${x})`, (s) => see(s, s.set.where(x).size)],
        [`see map.get(${x})`, (s) => see(s, s.map.get(x) ?? 7)],
        [`see bag.count(${x})`, (s) => see(s, s.bag.count(x))],
        [`see bag.where(${x})`, (s) => see(s, s.bag.where(x).size)],
      ),
    ),
  fc.constantFrom<Operation>(
    ['set.clear()', (s) => s.set.clear()],
    ['map.clear()', (s) => s.map.clear()],
    ['bag.clear()', (s) => s.bag.clear()],
    ['see set.size', (s) => see(s, s.set.size)],
    ['see the elements', (s) => see(s, Number([9, ...s.set].join('')))],
    ['see map.size', (s) => see(s, s.map.size)],
    ['see the entries', (s) => see(s, Number([9, ...s.map].flat().join('')))],
    ['see bag.size', (s) => see(s, s.bag.size)],
    ['see bag.distinct', (s) => see(s, s.bag.distinct)],
    ['see the counts', (s) => see(s, Number([9, ...s.bag.entries()].flat().join('')))],
  ),
);

function see(s: Draft, n: number): void {
  s.seen = (s.seen * 31 + n) % 1_000_003;
}

describe.each([
  ['stored as values', []],
  ['stored as entries', ['bag', 'map', 'set']],
])('sequences of operations on collections that are %s', (_, spread) => {
  test('give what the reference semantics gives', () => {
    fc.assert(
      fc.property(
        fc.array(initial, { minLength: 1, maxLength: 6 }),
        fc.array(operations, { maxLength: 8 }),
        (all, code) => {
          const system = bind(
            defineSpec({
              name: 'Operations',
              init: () => all,
              actions: { act: (s) => code.forEach(([, run]) => run(s)) },
            }),
          );
          const learned = new LearnedSystem(system, new Set());
          const { slots } = learned.shape;
          const spreads = new Set(slots.filter(({ path }) => spread.includes(path)).map(({ index }) => index));
          const atomsOf = (slot: number): [number, number][] =>
            spreads.has(slot) ? [0, 1, 2, 3].map((key) => [slot, learned.values.id(key)]) : [[slot, 0]];
          const layout = learned.planned({ spread: spreads, groups: slots.map(({ index }) => atomsOf(index)) });
          layout.pack(20);
          const { relation } = learned.compile(layout);
          for (const state of system.initialStates) {
            const ids = new Int32Array(64);
            layout.encode(state, ids);
            relation.lookAt(ids, ids);
            const found: string[] = [];
            for (const { code: start } of relation.rootsOf(0)) {
              relation.walk(start, (leaf) => {
                const next = ids.slice();
                relation.effects.applyOnce(relation.leaf(leaf).effects, next);
                found.push(show(layout.decode(next)));
              });
            }
            expect(found, code.map(([text]) => text).join('; ')).toEqual(
              stepsOf(system, system.actions[0]!, state).map((step) => show(step.state)),
            );
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
