/**
 * Answers to queries, for states given by their group numbers.
 *
 * A query about a slot that is one atom is a function of that atom's value, remembered in a table. A query about the
 * whole of a *spread* collection is folded over the groups that hold its entries: for each tuple of a group, what it
 * contributes (a sub-collection, or a number); then the contributions are joined. Both are remembered, so the cost is
 * two look-ups a group.
 */
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
  /** `(query, group) → part`, `(part, tuple) → contribution + 1`. */
  readonly #parts = new PairMap();
  readonly #contributions = new PairMap();
  #partCount = 0;
  /** The empty collection of each kind, as a number of the value table. */
  readonly #empties: Partial<Record<SlotKind, number>> = {};
  /** `(collection, collection) → their union`, as numbers of the value table. */
  readonly #unions = new PairMap();
  readonly #groups: ({ version: number; groups: number[]; parts: number[] } | undefined)[] = [];

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
    return this.#ofValue.bytes + this.#parts.bytes + this.#contributions.bytes + this.#unions.bytes;
  }

  #fold(id: number, query: Query, ids: Int32Array): number {
    const counts = query.ask === Ask.size || query.ask === Ask.distinct;
    let result = counts ? 0 : this.#empty(query);
    const { groups, parts } = this.#groupsOf(id, query);
    for (let i = 0; i < groups.length; i++) {
      const group = groups[i] as number;
      const part = parts[i] as number;
      const known = this.#contributions.get(part, ids[group] as number);
      const contribution = known === 0 ? this.#contribution(part, query, group, ids[group] as number) : known - 1;
      result = counts ? result + contribution : this.#union(query, result, contribution);
    }
    return result;
  }

  #empty({ slot }: Query): number {
    const { shape, values } = this.#layout;
    const { kind } = shape.slots[slot] as Slot;
    return (this.#empties[kind] ??= values.id(collectionOf(kind, [], values)));
  }

  /** The groups whose entries can matter to a query, and the number of each such pair. */
  #groupsOf(id: number, query: Query): { readonly groups: number[]; readonly parts: number[] } {
    const layout = this.#layout;
    const known = this.#groups[id];
    if (known !== undefined && known.version === layout.version) return known;
    const pattern = query.ask === Ask.where ? layout.values.value(query.argument) : undefined;
    const groups = (layout.groupsOfSlot[query.slot] as number[]).filter((group) =>
      (layout.members[group] as [number, number][]).some(
        ([slot, key]) => slot === query.slot && (pattern === undefined || matches(this.#key(key), pattern)),
      ),
    );
    const asked = { version: layout.version, groups, parts: groups.map((group) => this.#partOf(id, group)) };
    this.#groups[id] = asked;
    return asked;
  }

  #partOf(id: number, group: number): number {
    const known = this.#parts.get(id, group);
    if (known !== 0) return known;
    this.#parts.set(id, group, ++this.#partCount);
    return this.#partCount;
  }

  #key(key: number): Value {
    return this.#layout.values.value(key);
  }

  /** Works out what a tuple of a group contributes to the answer. */
  #contribution(part: number, query: Query, group: number, tuple: number): number {
    const { groups, members, values, shape } = this.#layout;
    const table = groups[group] as TupleTable;
    const entries = (members[group] as [number, number][])
      .map(([slot, key], i) => [slot, key, table.items[tuple * table.width + i] as number] as const)
      .filter(([slot, , entry]) => slot === query.slot && entry !== 0)
      .map(([, key, entry]) => [key, entry] as const);
    const collection = collectionOf((shape.slots[query.slot] as Slot).kind, entries, values);
    const answer = answerOf(collection, query.ask, query.argument, values);
    this.#contributions.set(part, tuple, answer + 1);
    return answer;
  }

  #union(query: Query, a: number, b: number): number {
    if (a === b) return a;
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
