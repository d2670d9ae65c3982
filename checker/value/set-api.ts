/**
 * What a set offers, written once on a few primitives.
 *
 * Each subclass decides where the elements are and what is noted when they are looked at: {@link SetValue} holds
 * them; a learning engine supplies one that records each read, as narrow as the primitive that made it.
 */
import type { Loose, Matching, Query, SetDraft, SetView, View } from './draft.ts';

/** The base of every set that user code sees. */
export abstract class SetApi<T> implements SetDraft<T> {
  declare readonly '~set': T;
  /** All elements: frozen, different, in canonical order. */
  abstract elements(): readonly View<T>[];
  abstract has(element: Loose<T>): boolean;
  abstract where<const Q extends Query<T>>(query: Q): SetView<Matching<T, Q>>;
  abstract add(element: Loose<T>): void;
  abstract delete(element: Loose<T>): void;
  abstract clear(): void;
  /** A new set of its own, with these elements. */
  protected abstract collect<U>(elements: Iterable<U>): SetApi<U>;

  get size(): number {
    return this.elements().length;
  }

  [Symbol.iterator](): IterableIterator<View<T>> {
    return this.elements().values();
  }

  get [Symbol.toStringTag](): string {
    return 'Set';
  }

  values(): IterableIterator<View<T>> {
    return this.elements().values();
  }

  keys(): IterableIterator<View<T>> {
    return this.elements().values();
  }

  entries(): IterableIterator<[View<T>, View<T>]> {
    return this.elements()
      .map((element): [View<T>, View<T>] => [element, element])
      .values();
  }

  forEach(visit: (element: View<T>) => void): void {
    for (const element of this.elements()) visit(element);
  }

  some(test: (element: View<T>) => boolean): boolean {
    return this.elements().some((element) => test(element));
  }

  every(test: (element: View<T>) => boolean): boolean {
    return this.elements().every((element) => test(element));
  }

  filter(test: (element: View<T>) => boolean): SetView<T> {
    return this.collect(this.elements().filter((element) => test(element))) as unknown as SetView<T>;
  }

  map<U>(f: (element: View<T>) => U): U[] {
    return this.elements().map((element) => f(element));
  }

  find(test: (element: View<T>) => boolean): View<T> | undefined {
    return this.elements().find((element) => test(element));
  }

  toArray(): View<T>[] {
    return [...this.elements()];
  }

  union<U>(other: Iterable<U>): SetView<T | U> {
    return this.collect<unknown>([...this.elements(), ...other]) as unknown as SetView<T | U>;
  }

  intersection(other: Iterable<unknown>): SetView<T> {
    const others = this.collect(other);
    return this.filter((element) => others.has(element));
  }

  difference(other: Iterable<unknown>): SetView<T> {
    const others = this.collect(other);
    return this.filter((element) => !others.has(element));
  }

  symmetricDifference<U>(other: Iterable<U>): SetView<T | U> {
    const mine = this.collect<unknown>(this.elements());
    const others = this.collect<unknown>(other);
    return mine.difference(others).union(others.difference(mine)) as SetView<T | U>;
  }

  isSubsetOf(other: Iterable<unknown>): boolean {
    const others = this.collect(other);
    return this.every((element) => others.has(element));
  }

  isSupersetOf(other: Iterable<unknown>): boolean {
    return this.collect(other).every((element) => this.has(element as Loose<T>));
  }

  isDisjointFrom(other: Iterable<unknown>): boolean {
    return !this.collect(other).some((element) => this.has(element as Loose<T>));
  }
}
