/**
 * Sets, maps and bags of a state, as user code that is being learned sees them.
 *
 * Each is the state's collection seen through narrow questions, with the changes of this run laid over it: `has` asks
 * for one entry, `where` for the matching elements, `add` asks nothing. What the run itself wrote is not asked.
 */
import {
  Bag,
  BagApi,
  canonical,
  MapApi,
  MapValue,
  matches,
  requireCount,
  SetApi,
  SetValue,
  toJson,
  type Value,
} from '../value/index.ts';
import { Ask, type Collection, type Effect } from './query.ts';
import { assignment, type Recording } from './recording.ts';
import type { Slot } from './shape.ts';

/** Where a collection of the state stands in a run. */
export interface Place {
  readonly recording: Recording;
  readonly slot: Slot;
  readonly side: 0 | 1;
  readonly writable: boolean;
}

/** What all three have in common: the value underneath, and what was written over it. */
class Overlay<C extends Collection, Entry> {
  readonly place: Place;
  /** The collection that this run assigned to the slot; undefined while it is the state's own. */
  base: C | undefined;
  readonly written = new Map<number, Entry>();

  constructor(place: Place, base: C | undefined) {
    this.place = place;
    this.base = base;
  }

  ask(ask: Ask, argument = 0): number {
    const { recording, side, slot } = this.place;
    return recording.ask(side, slot.index, ask, argument);
  }

  /** The whole collection underneath; reads all of it. */
  whole(): C {
    return (this.base ?? this.place.recording.values.value(this.ask(Ask.whole))) as C;
  }

  /** The whole collection underneath, where it costs no question. */
  known(): C | undefined {
    const { recording, side, slot } = this.place;
    return (this.base ?? recording.knownWhole(side, slot.index)) as C | undefined;
  }

  /** The part of the collection underneath that matches; reads only that. */
  matching(query: Value): C | undefined {
    if (this.known() !== undefined) return undefined;
    const { values } = this.place.recording;
    return values.value(this.ask(Ask.where, values.id(query))) as C;
  }

  key(x: unknown): number {
    return this.place.recording.values.id(canonical(x));
  }

  value(key: number): Value {
    return this.place.recording.values.value(key);
  }

  requireWritable(): void {
    if (!this.place.writable) throw new TypeError(`the state is only to be read here: ${this.place.slot.path}`);
  }

  get untouched(): boolean {
    return this.base === undefined && this.written.size === 0;
  }

  /** The effects of what was written: an assignment, or one effect for each entry. */
  effects(effects: Effect[], result: () => Value, entry: (key: number, written: Entry) => Effect): void {
    if (this.base !== undefined) {
      effects.push(assignment(this.place.slot.index, this.place.recording.values.id(result())));
      return;
    }
    for (const [key, written] of [...this.written].sort(([a], [b]) => a - b)) effects.push(entry(key, written));
  }
}

/** Whether a domain is a collection of the state itself, unchanged in this run, so that a choice can fork on it. */
export function forkable(domain: unknown): Place | undefined {
  if (domain instanceof RecordingSet || domain instanceof RecordingBag) {
    return domain.overlay.untouched && domain.overlay.known() === undefined ? domain.overlay.place : undefined;
  }
  return undefined;
}

export class RecordingSet extends SetApi<Value> {
  readonly overlay: Overlay<SetValue<Value>, boolean>;

  constructor(place: Place, base?: SetValue<Value>) {
    super();
    this.overlay = new Overlay(place, base);
  }

  elements(): readonly Value[] {
    return this.#over(this.overlay.whole(), () => true).elements();
  }

  override get size(): number {
    return this.overlay.untouched && this.overlay.known() === undefined
      ? this.overlay.ask(Ask.size)
      : this.elements().length;
  }

  has(element: unknown): boolean {
    const key = this.overlay.key(element);
    const written = this.overlay.written.get(key);
    if (written !== undefined) return written;
    const known = this.overlay.known();
    return known === undefined ? this.overlay.ask(Ask.entry, key) === 1 : known.has(this.overlay.value(key));
  }

  where(query: unknown): never {
    const wanted = canonical(query);
    const part = this.overlay.matching(wanted) ?? (this.overlay.known()?.where(wanted as never) as unknown);
    return this.#over(part as SetValue<Value>, (key) => matches(this.overlay.value(key), wanted)) as never;
  }

  add(element: unknown): void {
    this.overlay.requireWritable();
    this.overlay.written.set(this.overlay.key(element), true);
  }

  delete(element: unknown): void {
    this.overlay.requireWritable();
    this.overlay.written.set(this.overlay.key(element), false);
  }

  clear(): void {
    this.overlay.requireWritable();
    this.overlay.base = SetValue.of([]);
    this.overlay.written.clear();
  }

  effects(effects: Effect[]): void {
    this.overlay.effects(
      effects,
      () => SetValue.of(this.elements()),
      (key, present) => ({ ...assignment(this.overlay.place.slot.index, present ? 1 : 0), key }),
    );
  }

  protected collect<U>(elements: Iterable<U>): SetApi<U> {
    return new SetValue<U>(elements as Iterable<never>);
  }

  #over(base: SetValue<Value>, concerns: (key: number) => boolean): SetValue<Value> {
    const written = [...this.overlay.written].filter(([key]) => concerns(key));
    if (written.length === 0) return base;
    const result = base.copy();
    for (const [key, present] of written) {
      if (present) result.add(this.overlay.value(key));
      else result.delete(this.overlay.value(key));
    }
    return canonical(result) as SetValue<Value>;
  }
}

/** `max(count + change, floor)`, the form of every sequence of additions to and removals from a count. */
interface CountChange {
  readonly change: number;
  readonly floor: number;
}

export class RecordingBag extends BagApi<Value> {
  readonly overlay: Overlay<Bag<Value>, CountChange>;

  constructor(place: Place, base?: Bag<Value>) {
    super();
    this.overlay = new Overlay(place, base);
  }

  pairs(): readonly (readonly [Value, number])[] {
    return this.#over(this.overlay.whole(), () => true).pairs();
  }

  override get size(): number {
    return this.#untold ? this.overlay.ask(Ask.size) : super.size;
  }

  override get distinct(): number {
    return this.#untold ? this.overlay.ask(Ask.distinct) : super.distinct;
  }

  count(element: unknown): number {
    const key = this.overlay.key(element);
    const written = this.overlay.written.get(key);
    const known = this.overlay.known();
    const count = known === undefined ? this.overlay.ask(Ask.entry, key) : known.count(this.overlay.value(key));
    return written === undefined ? count : Math.max(count + written.change, written.floor);
  }

  where(query: unknown): never {
    const wanted = canonical(query);
    const part = this.overlay.matching(wanted) ?? (this.overlay.known()?.where(wanted as never) as unknown);
    return this.#over(part as Bag<Value>, (key) => matches(this.overlay.value(key), wanted)) as never;
  }

  add(element: unknown, count = 1): void {
    this.#change(element, requireCount(count));
  }

  delete(element: unknown, count = 1): void {
    this.#change(element, -requireCount(count));
  }

  clear(): void {
    this.overlay.requireWritable();
    this.overlay.base = Bag.of([]);
    this.overlay.written.clear();
  }

  effects(effects: Effect[]): void {
    this.overlay.effects(
      effects,
      () => Bag.of(this.pairs()),
      (key, { change, floor }) => ({ slot: this.overlay.place.slot.index, key, relative: true, value: change, floor }),
    );
  }

  get #untold(): boolean {
    return this.overlay.untouched && this.overlay.known() === undefined;
  }

  #change(element: unknown, by: number): void {
    this.overlay.requireWritable();
    const key = this.overlay.key(element);
    const { change, floor } = this.overlay.written.get(key) ?? { change: 0, floor: 0 };
    this.overlay.written.set(key, { change: change + by, floor: Math.max(floor + by, 0) });
  }

  #over(base: Bag<Value>, concerns: (key: number) => boolean): Bag<Value> {
    const counts = new Map<Value, number>(base.pairs());
    const written = [...this.overlay.written].filter(([key]) => concerns(key));
    if (written.length === 0) return base;
    for (const [key, { change, floor }] of written) {
      const element = this.overlay.value(key);
      const present = base.count(element);
      const same = [...counts.keys()].find((other) => this.overlay.key(other) === key) ?? element;
      counts.set(same, Math.max(present + change, floor));
    }
    return Bag.of([...counts].filter(([, count]) => count > 0));
  }
}

export class RecordingMap extends MapApi<Value, Value> {
  readonly overlay: Overlay<MapValue<Value, Value>, number>;

  constructor(place: Place, base?: MapValue<Value, Value>) {
    super();
    this.overlay = new Overlay(place, base);
  }

  pairs(): readonly (readonly [Value, Value])[] {
    const base = this.overlay.whole();
    if (this.overlay.written.size === 0) return base.pairs();
    const result = base.copy();
    for (const [key, value] of this.overlay.written) {
      if (value === 0) result.delete(this.overlay.value(key));
      else result.set(this.overlay.value(key), this.overlay.value(value));
    }
    return result.pairs();
  }

  override get size(): number {
    return this.overlay.untouched && this.overlay.known() === undefined
      ? this.overlay.ask(Ask.size)
      : this.pairs().length;
  }

  has(key: unknown): boolean {
    return this.#entry(this.overlay.key(key)) !== 0;
  }

  get(key: unknown): Value | undefined {
    const entry = this.#entry(this.overlay.key(key));
    return entry === 0 ? undefined : this.overlay.value(entry);
  }

  set(key: unknown, value: unknown): void {
    this.overlay.requireWritable();
    this.overlay.written.set(this.overlay.key(key), this.overlay.key(value));
  }

  delete(key: unknown): void {
    this.overlay.requireWritable();
    this.overlay.written.set(this.overlay.key(key), 0);
  }

  clear(): void {
    this.overlay.requireWritable();
    this.overlay.base = MapValue.of([]);
    this.overlay.written.clear();
  }

  effects(effects: Effect[]): void {
    this.overlay.effects(
      effects,
      () => MapValue.of(this.pairs()),
      (key, value) => ({ ...assignment(this.overlay.place.slot.index, value), key }),
    );
  }

  #entry(key: number): number {
    const written = this.overlay.written.get(key);
    if (written !== undefined) return written;
    const known = this.overlay.known();
    if (known === undefined) return this.overlay.ask(Ask.entry, key);
    const value = known.get(this.overlay.value(key));
    return value === undefined ? 0 : this.overlay.key(value);
  }
}

export type RecordingCollection = RecordingSet | RecordingBag | RecordingMap;

/**
 * What user code gets of a collection: a proxy, so that the platform refuses to clone it, and without properties, since
 * what a recording holds is no value.
 */
export function guarded(collection: RecordingCollection): RecordingCollection {
  return new Proxy(collection, guard);
}

const guard: ProxyHandler<RecordingCollection> = {
  get(collection, key) {
    if (key === 'toJSON') return () => toJson(canonical(collection));
    const member: unknown = Reflect.get(collection, key, collection);
    return typeof member === 'function' && key !== 'constructor' ? (member.bind(collection) as unknown) : member;
  },
  set(collection) {
    throw new TypeError(`a set, map or bag has elements only: ${collection.overlay.place.slot.path}`);
  },
  defineProperty: () => false,
  ownKeys: () => [],
  getOwnPropertyDescriptor: () => undefined,
};
