/** What a map offers, written once on a few primitives; `set-api.ts` says why. */
import type { Loose, MapDraft, View } from './draft.ts';

/** The base of every map that user code sees. */
export abstract class MapApi<K, V> implements MapDraft<K, V> {
  declare readonly '~map': readonly [K, V];
  /** All entries: frozen, in canonical order of their keys. */
  abstract pairs(): readonly (readonly [View<K>, View<V>])[];
  abstract has(key: Loose<K>): boolean;
  abstract get(key: Loose<K>): View<V> | undefined;
  abstract set(key: Loose<K>, value: Loose<V>): void;
  abstract delete(key: Loose<K>): void;
  abstract clear(): void;

  get size(): number {
    return this.pairs().length;
  }

  update(key: Loose<K>, f: (value: View<V> | undefined) => Loose<V>): void {
    this.set(key, f(this.get(key)));
  }

  [Symbol.iterator](): IterableIterator<[View<K>, View<V>]> {
    return this.entries();
  }

  get [Symbol.toStringTag](): string {
    return 'Map';
  }

  keys(): IterableIterator<View<K>> {
    return this.pairs()
      .map(([key]) => key)
      .values();
  }

  values(): IterableIterator<View<V>> {
    return this.pairs()
      .map(([, value]) => value)
      .values();
  }

  entries(): IterableIterator<[View<K>, View<V>]> {
    return this.pairs()
      .map(([key, value]): [View<K>, View<V>] => [key, value])
      .values();
  }

  forEach(visit: (value: View<V>, key: View<K>) => void): void {
    for (const [key, value] of this.pairs()) visit(value, key);
  }
}
