/**
 * Plans a layout from evidence: the states seen so far and the paths learned so far.
 *
 * Two decisions. A collection is *spread* into entries where nearly every state has a collection of its own (as one
 * value its interner would be a second visited set), or where it is small and only ever asked entry by entry. Atoms
 * that the same runs read and write become one *group*, as long as the group's different tuples stay few, or hardly more
 * than those of its parts: the walk through a group is then one table look-up, and correlated atoms share bits.
 */
import type { Forest } from './forest.ts';
import type { Layout, Plan } from './layout.ts';
import { Ask, entriesOf, type Collection, type QueryTable } from './query.ts';
import { matches } from '../value/index.ts';
import type { Slot } from './shape.ts';

/** States looked at for a plan, at most. */
export const sampleSize = 4096;
/** A collection with more different values than one for this many states is spread. */
const statesPerCollection = 16;
/** A collection of at most this many keys that is only asked entry by entry is spread whatever its diversity. */
const smallUniverse = 64;
/** A group has at most this many different tuples in the sample. */
const groupTuples = 256;
/**
 * Parts of a state join freely as long as together they have few tuples. Beyond that they join only where they hang
 * together: where the pairs of their tuples that occur are hardly more than the tuples of one. What is independent
 * multiplies, more and more with the states that the sample has not seen; and small tables stay in the cache.
 */
const freeTuples = 32;
const mostGrowth = 1.3;
/** A group has at most this many atoms. */
const groupAtoms = 128;
/** Paths with more atoms than this say nothing about which belong together. */
const longPath = 24;

/** The plan to begin with: every slot a group of its own, nothing spread. */
export function firstPlan(slots: readonly Slot[]): Plan {
  return { spread: new Set(), groups: slots.map(({ index }) => [[index, 0] as const]) };
}

/** A part of a state with its values in the sampled states, renumbered from zero. */
interface Column {
  readonly atoms: (readonly [slot: number, key: number])[];
  readonly values: Int32Array;
  readonly count: number;
}

/** What a plan is made from. */
export interface Evidence {
  readonly layout: Layout;
  readonly forest: Forest;
  readonly queries: QueryTable;
  /** Group numbers of sampled states, under `layout`. */
  readonly sample: readonly Int32Array[];
  /** How often each leaf was taken. */
  readonly taken: ArrayLike<number>;
  /** How many states there are. */
  readonly states: number;
}

/** Makes a plan from evidence. Cost: some tens of milliseconds. */
export function makePlan(evidence: Evidence): Plan {
  const spread = spreadSlots(evidence);
  const columns = columnsOf(evidence, spread);
  const clusters = cluster(columns, affinities(evidence, columns));
  return { spread, groups: clusters.map(({ atoms }) => atoms) };
}

/** The collections to keep entry by entry. */
function spreadSlots({ layout, forest, queries, sample, states }: Evidence): Set<number> {
  const askedWhole = new Set<number>();
  for (let node = 1; node <= forest.size; node++) {
    const { slot, ask } = queries.at(forest.queryOf(node));
    if (ask !== Ask.entry && ask !== Ask.fork && ask !== Ask.choice) askedWhole.add(slot);
  }
  const spread = new Set<number>();
  for (const slot of layout.shape.slots) {
    if (slot.kind === 'value') continue;
    if (layout.spread.has(slot.index)) {
      spread.add(slot.index);
      continue;
    }
    const different = new Set(sample.map((ids) => layout.atomValue(layout.atom(slot.index, 0), ids)));
    const keys = new Set<number>();
    for (const value of different) {
      for (const [key] of entriesOf(layout.values.value(value) as Collection, layout.values)) keys.add(key);
    }
    const diverse = different.size > 64 && different.size * statesPerCollection > Math.min(sample.length, states);
    if (diverse || (!askedWhole.has(slot.index) && keys.size <= smallUniverse)) spread.add(slot.index);
  }
  return spread;
}

function columnsOf({ layout, sample }: Evidence, spread: ReadonlySet<number>): Column[] {
  const columns: Column[] = [];
  for (const slot of layout.shape.slots) {
    if (!spread.has(slot.index)) {
      const atom = layout.atom(slot.index, 0);
      columns.push(column([[slot.index, 0]], (i) => layout.atomValue(atom, sample[i] as Int32Array), sample.length));
      continue;
    }
    const entries = sample.map((ids) => new Map(entriesIn(layout, slot, ids)));
    const keys = new Set(entries.flatMap((entry) => [...entry.keys()]));
    for (const key of [...keys].sort((a, b) => a - b)) {
      columns.push(column([[slot.index, key]], (i) => entries[i]?.get(key) ?? 0, sample.length));
    }
  }
  return columns;
}

function entriesIn(layout: Layout, slot: Slot, ids: Int32Array): Iterable<[number, number]> {
  if (layout.spread.has(slot.index)) return layout.entries(slot.index, ids);
  return entriesOf(layout.slotValue(slot, ids) as Collection, layout.values);
}

function column(atoms: Column['atoms'], valueOf: (row: number) => number, rows: number): Column {
  const numbers = new Map<number, number>();
  const values = new Int32Array(rows);
  for (let row = 0; row < rows; row++) {
    const value = valueOf(row);
    let number = numbers.get(value);
    if (number === undefined) numbers.set(value, (number = numbers.size));
    values[row] = number;
  }
  return { atoms, values, count: numbers.size };
}

/** Two columns as one, unless it would have more than `limit` different values. */
function joined(a: Column, b: Column, limit: number): Column | undefined {
  if (a.atoms.length + b.atoms.length > groupAtoms || Math.max(a.count, b.count) > limit) return undefined;
  const numbers = new Map<number, number>();
  const rows = a.values.length;
  const values = new Int32Array(rows);
  for (let row = 0; row < rows; row++) {
    const pair = (a.values[row] as number) * b.count + (b.values[row] as number);
    let number = numbers.get(pair);
    if (number === undefined) {
      if (numbers.size === limit) return undefined;
      numbers.set(pair, (number = numbers.size));
    }
    values[row] = number;
  }
  return { atoms: [...a.atoms, ...b.atoms], values, count: numbers.size };
}

/** How much each two columns are used together: pairs of their indexes, strongest first. */
function affinities({ forest, queries, layout, taken }: Evidence, columns: readonly Column[]): [number, number][] {
  const index = new Map<number, number>();
  const bySlot = new Map<number, number[]>();
  columns.forEach(({ atoms: [atom] }, i) => {
    const [slot, key] = atom as readonly [number, number];
    index.set(hashKey(slot, key), i);
    bySlot.set(slot, [...(bySlot.get(slot) ?? []), i]);
  });
  const weights = new Map<number, number>();
  forest.leaves.forEach((leaf, id) => {
    const used = new Set<number>();
    const use = (slot: number, key: number): void => {
      const i = index.get(hashKey(slot, key)) ?? index.get(hashKey(slot, 0));
      if (i !== undefined) used.add(i);
    };
    for (const { query } of forest.pathTo(id)) {
      const { slot, ask, argument } = queries.at(query);
      if (ask === Ask.entry) use(slot, argument);
      else if (ask === Ask.where) {
        const pattern = layout.values.value(argument);
        for (const i of bySlot.get(slot) ?? []) {
          const key = columns[i]?.atoms[0]?.[1] ?? 0;
          if (key === 0 || matches(layout.values.value(key), pattern)) used.add(i);
        }
      } else if (ask === Ask.whole) use(slot, 0);
    }
    for (const { slot, key } of leaf.effects) use(slot, key);
    if (used.size > longPath) return;
    const weight = (1 + (taken[id] ?? 0)) / used.size;
    const list = [...used].sort((a, b) => a - b);
    for (const [i, a] of list.entries()) {
      for (const b of list.slice(i + 1)) {
        const pair = a * columns.length + b;
        weights.set(pair, (weights.get(pair) ?? 0) + weight);
      }
    }
  });
  return [...weights]
    .sort(([p, x], [q, y]) => y - x || p - q)
    .map(([pair]) => [Math.floor(pair / columns.length), pair % columns.length]);
}

function hashKey(slot: number, key: number): number {
  // Slots and keys are small: their pair is a safe integer.
  return slot * 2 ** 31 + key;
}

/** Joins columns that are used together, strongest first; then puts small leftovers together. */
function cluster(columns: readonly Column[], pairs: readonly [number, number][]): Column[] {
  const leader = columns.map((_, i) => i);
  const find = (i: number): number => {
    let at = i;
    while (leader[at] !== at) at = leader[at] as number;
    leader[i] = at;
    return at;
  };
  const current = [...columns];
  const refused = new Set<number>();
  for (const [x, y] of pairs) {
    const a = find(x);
    const b = find(y);
    const pair = Math.min(a, b) * columns.length + Math.max(a, b);
    if (a === b || refused.has(pair)) continue;
    const [left, right] = [current[a] as Column, current[b] as Column];
    const hangTogether = Math.floor(mostGrowth * Math.max(left.count, right.count));
    const both = joined(left, right, Math.min(groupTuples, Math.max(freeTuples, hangTogether)));
    if (both === undefined) {
      refused.add(pair);
      continue;
    }
    leader[b] = a;
    current[a] = both;
  }
  const groups = columns.map((_, i) => i).filter((i) => find(i) === i);
  return packSmall(groups.map((i) => current[i] as Column));
}

function packSmall(groups: Column[]): Column[] {
  const packed: Column[] = [];
  let open: Column | undefined;
  for (const group of groups.sort((a, b) => a.count - b.count)) {
    const both: Column | undefined = open === undefined ? group : joined(open, group, freeTuples);
    if (both === undefined && open !== undefined) {
      packed.push(open);
      open = group;
    } else open = both;
  }
  if (open !== undefined) packed.push(open);
  return packed;
}
