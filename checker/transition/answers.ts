/**
 * Answers to queries, for states given by their group numbers.
 *
 * A query about a slot that is one atom is a function of that atom's value, remembered in a table. A query about the
 * whole of a *spread* collection is folded over the groups that hold its entries: see {@link Fold}.
 */
import { Fold } from './fold.ts';
import { PairMap, type TupleTable } from './int-tables.ts';
import type { Layout } from './layout.ts';
import { answerOf, Ask, collectionOf, entriesOf, type Collection, type Query, type QueryTable } from './query.ts';
import { matches, type Value } from '../value/index.ts';
import type { Slot, SlotKind } from './shape.ts';

export class Answers {
  readonly #layout: Layout;
  readonly #queries: QueryTable;
  /** `(query, value) → answer + 1`. */
  readonly #ofValue = new PairMap();
  /** The empty collection of each kind, as a number of the value table. */
  readonly #empties: Partial<Record<SlotKind, number>> = {};
  /** `(collection, collection) → their union`, as numbers of the value table. */
  readonly #unions = new PairMap();
  /** For each query about a spread collection, its fold, and the version of the layout for which its groups were found. */
  readonly #folds: ({ version: number; readonly groups: readonly number[]; readonly fold: Fold } | undefined)[] = [];

  constructor(layout: Layout, queries: QueryTable) {
    this.#layout = layout;
    this.#queries = queries;
  }

  /** The answer to a query other than a choice. */
  answer(id: number, before: Int32Array, after: Int32Array): number {
    const query = this.#queries.at(id);
    const ids = query.side === 0 ? before : after;
    const layout = this.#layout;
    if (layout.spread.has(query.slot)) {
      if (query.ask !== Ask.entry) return this.#fold(id, query, ids);
      const atom = layout.atom(query.slot, query.argument);
      return atom < 0 ? 0 : layout.atomValue(atom, ids);
    }
    const value = layout.atomValue(layout.atom(query.slot, 0), ids);
    if (query.ask === Ask.whole) return value;
    const known = this.#ofValue.get(id, value);
    if (known !== 0) return known - 1;
    const answer = answerOf(layout.values.value(value) as Collection, query.ask, query.argument, layout.values);
    this.#ofValue.set(id, value, answer + 1);
    return answer;
  }

  /** The elements among which a fork chooses, as numbers of the value table, in value order. */
  elements(query: Query, before: Int32Array, after: Int32Array): number[] {
    const slot = this.#layout.shape.slots[query.slot] as Slot;
    const collection = this.#layout.slotValue(slot, query.side === 0 ? before : after) as Collection;
    return [...entriesOf(collection, this.#layout.values)].map(([key]) => key);
  }

  get bytes(): number {
    const folds = this.#folds.reduce((sum, known) => sum + (known?.fold.bytes ?? 0), 0);
    return this.#ofValue.bytes + this.#unions.bytes + folds;
  }

  /** The fold that answers a query about the whole of a spread collection, or about a part of it. */
  foldOf(id: number): Fold {
    const known = this.#folds[id];
    return known !== undefined && known.version === this.#layout.version ? known.fold : this.#newFold(id);
  }

  #fold(id: number, query: Query, ids: Int32Array): number {
    const fold = this.foldOf(id);
    const signature = fold.signature(ids);
    const known = signature < 0 ? -1 : fold.answer(signature);
    if (known >= 0) return known;
    const answer = this.#joined(query, fold, ids);
    if (signature >= 0) fold.keep(signature, answer);
    return answer;
  }

  /** One answer out of what several groups contribute. */
  #joined(query: Query, fold: Fold, ids: Int32Array): number {
    const counts = query.ask === Ask.size || query.ask === Ask.distinct;
    let result = counts ? 0 : this.#empty(query);
    for (let i = 0; i < fold.size; i++) {
      const part = fold.contribution(i, ids);
      result = counts ? result + part : this.#union(query, result, part);
    }
    return result;
  }

  #empty({ slot }: Query): number {
    const { shape, values } = this.#layout;
    const { kind } = shape.slots[slot] as Slot;
    return (this.#empties[kind] ??= values.id(collectionOf(kind, [], values)));
  }

  /** Finds the groups whose entries can matter to a query. What is known of them holds as long as they are the same. */
  #newFold(id: number): Fold {
    const layout = this.#layout;
    const query = this.#queries.at(id);
    const pattern = query.ask === Ask.where ? layout.values.value(query.argument) : undefined;
    const groups = (layout.groupsOfSlot[query.slot] as number[]).filter((group) =>
      (layout.members[group] as [number, number][]).some(
        ([slot, key]) => slot === query.slot && (pattern === undefined || matches(this.#key(key), pattern)),
      ),
    );
    const { version } = layout;
    const known = this.#folds[id];
    if (known !== undefined && known.groups.join() === groups.join()) {
      known.version = version;
      return known.fold;
    }
    const fold = new Fold(groups, (group, tuple) => this.#contribution(query, group, tuple));
    this.#folds[id] = { version, groups, fold };
    return fold;
  }

  #key(key: number): Value {
    return this.#layout.values.value(key);
  }

  /** Works out what a tuple of a group contributes to the answer. */
  #contribution(query: Query, group: number, tuple: number): number {
    const { groups, members, values, shape } = this.#layout;
    const table = groups[group] as TupleTable;
    const entries = (members[group] as [number, number][])
      .map(([slot, key], i) => [slot, key, table.items[tuple * table.width + i] as number] as const)
      .filter(([slot, , entry]) => slot === query.slot && entry !== 0)
      .map(([, key, entry]) => [key, entry] as const);
    const collection = collectionOf((shape.slots[query.slot] as Slot).kind, entries, values);
    return answerOf(collection, query.ask, query.argument, values);
  }

  #union(query: Query, a: number, b: number): number {
    const empty = this.#empty(query);
    if (a === b || b === empty) return a;
    if (a === empty) return b;
    const known = this.#unions.get(a, b);
    return known === 0 ? this.#newUnion(query, a, b) : known;
  }

  /** Apart from {@link #union}, since a function with closures allocates where it begins. */
  #newUnion(query: Query, a: number, b: number): number {
    const { values, shape } = this.#layout;
    const entries = [values.value(a), values.value(b)].flatMap((c) => [...entriesOf(c as Collection, values)]);
    const union = values.id(collectionOf((shape.slots[query.slot] as Slot).kind, entries, values));
    this.#unions.set(a, b, union);
    return union;
  }
}
