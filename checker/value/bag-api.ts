/** What a bag offers, written once on a few primitives; `set-api.ts` says why. */
import type { BagDraft, BagView, Loose, Matching, Query, View } from './draft.ts';

/** The base of every bag that user code sees. */
export abstract class BagApi<T> implements BagDraft<T> {
  declare readonly '~bag': T;
  /** The different elements with how often each is there (at least once): frozen, in canonical order. */
  abstract pairs(): readonly (readonly [View<T>, number])[];
  abstract count(element: Loose<T>): number;
  abstract where<const Q extends Query<T>>(query: Q): BagView<Matching<T, Q>>;
  abstract add(element: Loose<T>, count?: number): void;
  abstract delete(element: Loose<T>, count?: number): void;
  abstract clear(): void;

  get size(): number {
    return this.pairs().reduce((sum, [, count]) => sum + count, 0);
  }

  get distinct(): number {
    return this.pairs().length;
  }

  has(element: Loose<T>): boolean {
    return this.count(element) > 0;
  }

  [Symbol.iterator](): IterableIterator<View<T>> {
    return this.values();
  }

  get [Symbol.toStringTag](): string {
    return 'Bag';
  }

  values(): IterableIterator<View<T>> {
    return this.toArray().values();
  }

  entries(): IterableIterator<[View<T>, number]> {
    return this.pairs()
      .map(([element, count]): [View<T>, number] => [element, count])
      .values();
  }

  forEach(visit: (element: View<T>, count: number) => void): void {
    for (const [element, count] of this.pairs()) visit(element, count);
  }

  some(test: (element: View<T>, count: number) => boolean): boolean {
    return this.pairs().some(([element, count]) => test(element, count));
  }

  every(test: (element: View<T>, count: number) => boolean): boolean {
    return this.pairs().every(([element, count]) => test(element, count));
  }

  /** The different elements, each once. */
  toArray(): View<T>[] {
    return this.pairs().map(([element]) => element);
  }
}
