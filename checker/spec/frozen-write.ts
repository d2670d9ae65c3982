/**
 * Finds the place at which user code tried to change what may only be read.
 *
 * Views are the frozen states themselves, and elements that come out of sets, maps and bags are frozen, too: so reading
 * costs nothing, but the error of the platform names neither the state's part nor what to do. Where it occurs, the
 * function is run once more on the same state behind the proxies of this file, which know where they are.
 */
import { BivalentError } from '../core/index.ts';
import { BagApi, MapApi, SetApi, setOf, showPath } from '../value/index.ts';
import type { BagView, Matching, PathStep, SetView, Value } from '../value/index.ts';

/** Whether an error is the platform's for a write to something frozen. */
export function isFrozenWrite(error: unknown): boolean {
  return error instanceof TypeError && frozenMessage.test(error.message);
}

const frozenMessage =
  /^Cannot (assign to read only property|add property|delete property|define property|redefine property)/;

/** A place: steps inside a state, or inside an element of a collection at an outer place. */
class Place {
  private readonly steps: readonly PathStep[];
  private readonly outer: string;

  constructor(steps: readonly PathStep[] = [], outer = '') {
    this.steps = steps;
    this.outer = outer;
  }

  at(step: PathStep): Place {
    return new Place([...this.steps, step], this.outer);
  }

  element(): Place {
    return new Place([], ` of an element of ${this.text()}`);
  }

  text(): string {
    return showPath(this.steps) + this.outer;
  }

  /** The error for a write to this place. */
  refusal(): BivalentError {
    const advice =
      this.outer === ''
        ? 'this state may only be read'
        : 'elements are frozen: delete this one and add the changed one (in a map, set the entry)';
    return new BivalentError('spec/frozen-write', `${this.text()} cannot be changed: ${advice}`, { path: this.text() });
  }
}

/**
 * The same state, or part of one, in which a write to something frozen is a located error. Everything else works as it
 * does without.
 *
 * @param part - a draft, a view, or any value
 */
export function tracingWrites(part: unknown): unknown {
  return traced(part, new Place());
}

/** The same for what was picked under a name. */
export function tracingWritesToPick(name: string, element: Value): Value {
  return traced(element, new Place([], ` of the picked ${name}`)) as Value;
}

function traced(part: unknown, place: Place): unknown {
  if (typeof part !== 'object' || part === null) return part;
  if (part instanceof SetApi) return new TracedSet(part as SetApi<unknown>, place);
  if (part instanceof MapApi) return new TracedMap(part as MapApi<unknown, unknown>, place);
  if (part instanceof BagApi) return new TracedBag(part as BagApi<unknown>, place);
  // A proxy of a frozen object would have to show the object's own parts: its target is another one.
  return new Proxy(Array.isArray(part) ? [] : {}, new TracingTraps(part, place));
}

class TracingTraps implements ProxyHandler<object> {
  private readonly part: object;
  private readonly place: Place;

  constructor(part: object, place: Place) {
    this.part = part;
    this.place = place;
  }

  get(_: object, key: string | symbol): unknown {
    const value: unknown = Reflect.get(this.part, key);
    return typeof key === 'symbol' ? value : traced(value, this.at(key));
  }

  has(_: object, key: string | symbol): boolean {
    return Reflect.has(this.part, key);
  }

  ownKeys(): (string | symbol)[] {
    return Reflect.ownKeys(this.part);
  }

  getOwnPropertyDescriptor(_: object, key: string | symbol): PropertyDescriptor | undefined {
    const property = Reflect.getOwnPropertyDescriptor(this.part, key);
    if (property === undefined) return undefined;
    const isLength = key === 'length' && Array.isArray(this.part);
    return { ...property, value: this.get(_, key), writable: true, configurable: !isLength };
  }

  set(_: object, key: string | symbol, value: unknown): boolean {
    this.requireWritable(key);
    return Reflect.set(this.part, key, value);
  }

  deleteProperty(_: object, key: string | symbol): boolean {
    this.requireWritable(key);
    return Reflect.deleteProperty(this.part, key);
  }

  defineProperty(_: object, key: string | symbol, property: PropertyDescriptor): boolean {
    this.requireWritable(key);
    return Reflect.defineProperty(this.part, key, property);
  }

  private requireWritable(key: string | symbol): void {
    if (Object.isFrozen(this.part)) throw this.at(String(key)).refusal();
  }

  private at(key: string): Place {
    return this.place.at(Array.isArray(this.part) && /^\d+$/.test(key) ? Number(key) : key);
  }
}

class TracedSet extends SetApi<unknown> {
  private readonly set: SetApi<unknown>;
  private readonly place: Place;

  constructor(set: SetApi<unknown>, place: Place) {
    super();
    this.set = set;
    this.place = place;
  }

  elements(): readonly unknown[] {
    return this.set.elements().map((element) => traced(element, this.place.element()));
  }

  has(element: unknown): boolean {
    return this.set.has(element);
  }

  where<const Q>(query: Q): SetView<Matching<unknown, Q>> {
    const found = new TracedSet(this.set.where(query) as unknown as SetApi<unknown>, this.place);
    return found as unknown as SetView<Matching<unknown, Q>>;
  }

  add(element: unknown): void {
    requireMutable(this.set, this.place);
    this.set.add(element);
  }

  delete(element: unknown): void {
    requireMutable(this.set, this.place);
    this.set.delete(element);
  }

  clear(): void {
    requireMutable(this.set, this.place);
    this.set.clear();
  }

  protected collect<U>(elements: Iterable<U>): SetApi<U> {
    return setOf(elements);
  }
}

class TracedMap extends MapApi<unknown, unknown> {
  private readonly map: MapApi<unknown, unknown>;
  private readonly place: Place;

  constructor(map: MapApi<unknown, unknown>, place: Place) {
    super();
    this.map = map;
    this.place = place;
  }

  pairs(): readonly (readonly [unknown, unknown])[] {
    const place = this.place.element();
    return this.map.pairs().map(([key, value]) => [traced(key, place), traced(value, place)]);
  }

  has(key: unknown): boolean {
    return this.map.has(key);
  }

  get(key: unknown): unknown {
    return traced(this.map.get(key), this.place.element());
  }

  set(key: unknown, value: unknown): void {
    requireMutable(this.map, this.place);
    this.map.set(key, value);
  }

  delete(key: unknown): void {
    requireMutable(this.map, this.place);
    this.map.delete(key);
  }

  clear(): void {
    requireMutable(this.map, this.place);
    this.map.clear();
  }
}

class TracedBag extends BagApi<unknown> {
  private readonly bag: BagApi<unknown>;
  private readonly place: Place;

  constructor(bag: BagApi<unknown>, place: Place) {
    super();
    this.bag = bag;
    this.place = place;
  }

  pairs(): readonly (readonly [unknown, number])[] {
    return this.bag.pairs().map(([element, count]) => [traced(element, this.place.element()), count]);
  }

  count(element: unknown): number {
    return this.bag.count(element);
  }

  where<const Q>(query: Q): BagView<Matching<unknown, Q>> {
    const found = new TracedBag(this.bag.where(query) as unknown as BagApi<unknown>, this.place);
    return found as unknown as BagView<Matching<unknown, Q>>;
  }

  add(element: unknown, count = 1): void {
    requireMutable(this.bag, this.place);
    this.bag.add(element, count);
  }

  delete(element: unknown, count = 1): void {
    requireMutable(this.bag, this.place);
    this.bag.delete(element, count);
  }

  clear(): void {
    requireMutable(this.bag, this.place);
    this.bag.clear();
  }
}

function requireMutable(collection: object, place: Place): void {
  if (Object.isFrozen(collection)) throw place.refusal();
}
