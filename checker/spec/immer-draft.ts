/**
 * Drafts of plain states, made with immer: the reference semantics of editing.
 *
 * immer gives copy-on-write. Around its drafts stands a thin layer of proxies that gives *value semantics*, in which
 * a part of a state belongs to one place:
 *
 * - What is assigned is copied (in canonical form), so that two places never share a part that changes later.
 * - What is no value is refused where it is written, with the place.
 * - The array methods that move elements (`shift`, `splice`, `sort`, …) move them, drafts that the user holds included.
 * - A draft of a part that was replaced keeps the old content, and writing to it no longer changes the state.
 */
import { Immer, isDraft } from 'immer';
import { BivalentError } from '../core/index.ts';
import { Bag, canonical, compareKeys, MapValue, SetValue, showPath, within } from '../value/index.ts';
import type { PathStep, RecordValue, Value } from '../value/index.ts';

const immer = new Immer({ autoFreeze: false });

/** A value that is being edited. */
export interface OpenDraft {
  /** What user code edits: a proxy of a record, array, set, map or bag; anything else is the value itself. */
  readonly draft: unknown;
  /** Ends the editing. The draft and its parts may not be used afterwards. @returns the canonical result */
  finish(): Value;
}

/**
 * Opens a draft of a canonical value, which itself is not changed.
 *
 * Cost: opening is O(1); reading and writing a part costs a few function calls; finishing is O(what changed).
 */
export function openDraft(value: Value): OpenDraft {
  if (typeof value !== 'object' || value === null) return { draft: value, finish: () => value };
  const root = immer.createDraft<object>(value);
  const layer = new ValueLayer();
  return { draft: layer.wrap(root, undefined, ''), finish: () => settle(immer.finishDraft(root)) };
}

/**
 * The canonical form of what immer gives back. Whatever is frozen is canonical: it was in the value before, or was
 * assigned, and then copied. What is not frozen is immer's copy of something that changed.
 */
function settle(x: unknown): Value {
  if (typeof x !== 'object' || x === null || Object.isFrozen(x)) return x as Value;
  if (Array.isArray(x)) return Object.freeze(x.map(settle));
  if (isCollection(x)) return Object.freeze(x) as unknown as Value;
  const record: Record<string, Value> = {};
  for (const key of Object.keys(x).sort(compareKeys)) record[key] = settle(Reflect.get(x, key));
  return Object.freeze(record);
}

type Collection = SetValue<unknown> | MapValue<unknown, unknown> | Bag<unknown>;

function isCollection(x: object): x is Collection {
  const prototype: unknown = Object.getPrototypeOf(x);
  return prototype === SetValue.prototype || prototype === MapValue.prototype || prototype === Bag.prototype;
}

/** Where a part was when it was first read: for messages only, since arrays move their elements. */
interface Place {
  readonly parent: object | undefined;
  readonly step: PathStep;
}

/** A method of arrays, called on a target of any kind. */
type Method = (this: unknown, ...args: readonly unknown[]) => unknown;

/** The array methods that move elements, or take new ones, as opposed to writing single places. */
const movers: ReadonlySet<string> = new Set(['push', 'pop', 'shift', 'unshift', 'splice', 'reverse', 'sort']);

/**
 * One edit: it knows the proxies around the parts that were read, and is itself what handles the operations on records
 * and arrays. A part is immer's draft, or a copy of what was assigned.
 */
class ValueLayer implements ProxyHandler<object> {
  private readonly proxies = new WeakMap<object, object>();
  private readonly places = new WeakMap<object, Place>();
  private readonly collections = new CollectionTraps(this);

  /** The proxy of a part. */
  wrap(part: object, parent: object | undefined, step: PathStep): object {
    const known = this.proxies.get(part);
    if (known !== undefined) return known;
    this.places.set(part, { parent, step });
    const proxy = new Proxy(part, !Array.isArray(part) && isCollection(part) ? this.collections : this);
    this.proxies.set(part, proxy);
    return proxy;
  }

  get(part: object, key: string | symbol): unknown {
    if (typeof key === 'symbol') return Reflect.get(part, key);
    if (Array.isArray(part) && movers.has(key)) return this.mover(part, key);
    return this.read(part, key);
  }

  set(part: object, key: string | symbol, value: unknown): boolean {
    if (typeof key === 'symbol') throw this.refusal(part, `the symbol key ${String(key)}: keys are strings`);
    if (Array.isArray(part)) return this.writeElement(part, key, value);
    if (key === '__proto__') throw this.refusal(part, 'the key __proto__: choose another name');
    return Reflect.set(part, key, this.adopt(part, key, value));
  }

  deleteProperty(part: object, key: string | symbol): boolean {
    if (Array.isArray(part)) throw this.refusal(part, `a hole at [${String(key)}]: remove elements with splice`);
    return Reflect.deleteProperty(part, key);
  }

  getOwnPropertyDescriptor(part: object, key: string | symbol): PropertyDescriptor | undefined {
    const property = Reflect.getOwnPropertyDescriptor(part, key);
    if (property === undefined || typeof key === 'symbol' || key === 'length') return property;
    return { value: this.read(part, key), writable: true, enumerable: true, configurable: true };
  }

  defineProperty(part: object): never {
    throw this.refusal(part, 'defineProperty: assign the field');
  }

  setPrototypeOf(part: object): never {
    throw this.refusal(part, 'setPrototypeOf: a state holds data only');
  }

  preventExtensions(part: object): never {
    throw this.refusal(part, 'freeze, seal or preventExtensions: a draft is frozen when the action ends');
  }

  /** What user code gets when it reads a part's property. */
  private read(part: object, key: string): unknown {
    const value: unknown = Reflect.get(part, key);
    if (typeof value !== 'object' || value === null) return value;
    const step = Array.isArray(part) ? Number(key) : key;
    if (isDraft(value) || !Object.isFrozen(value)) return this.wrap(value, part, step);
    // What was assigned is frozen: this place gets a copy of its own, of one layer, which can be changed.
    const own = thawed(value);
    Reflect.set(part, key, own);
    return this.wrap(own, part, step);
  }

  /** What is stored when user code writes a value. */
  private adopt(part: object, step: PathStep, value: unknown): Value {
    try {
      return canonical(value);
    } catch (error) {
      throw error instanceof BivalentError ? within(this.pathOf(part, step), error) : error;
    }
  }

  /** An element that an array gave away, or shows to a comparison. */
  private released(value: unknown, part: object): unknown {
    if (typeof value !== 'object' || value === null) return value;
    return this.wrap(isDraft(value) || !Object.isFrozen(value) ? value : thawed(value), part, 0);
  }

  private writeElement(array: unknown[], key: string, value: unknown): boolean {
    const index = Number(key);
    if (key === 'length') {
      if (typeof value !== 'number' || value > array.length) {
        throw this.refusal(array, 'a length beyond its elements: use push');
      }
      array.length = value;
    } else {
      if (!Number.isInteger(index) || index < 0 || index > array.length) {
        throw this.refusal(array, `[${key}]: an array has no holes and no named properties; use push, or a record`);
      }
      array[index] = this.adopt(array, index, value);
    }
    return true;
  }

  /** A method that moves elements works on immer's own array, so that drafts of elements move with them. */
  private mover(array: unknown[], name: string): Method {
    const method = Reflect.get(array, name) as Method;
    return (...args) => {
      const result: unknown = Reflect.apply(method, array, this.moverArguments(array, name, args));
      if (result === array) return this.wrap(array, undefined, '');
      if (name === 'splice') return (result as readonly unknown[]).map((element) => this.released(element, array));
      return this.released(result, array);
    };
  }

  private moverArguments(array: unknown[], name: string, args: readonly unknown[]): readonly unknown[] {
    if (name === 'sort') {
      const [order] = args;
      if (typeof order !== 'function') return args;
      return [(a: unknown, b: unknown): unknown => order(this.released(a, array), this.released(b, array)) as unknown];
    }
    const firstNew = name === 'splice' ? 2 : 0;
    try {
      return args.map((value, i) => (i < firstNew ? value : canonical(value)));
    } catch (error) {
      throw this.inArgument(error, array, name);
    }
  }

  /** The error with the place of the part whose method was called. */
  inArgument(error: unknown, part: object, method: string): unknown {
    if (!(error instanceof BivalentError)) return error;
    const path = this.pathOf(part);
    const place = path === '' ? '' : `at ${path}: `;
    const message = `${place}in what was given to ${method}: ${error.message}`;
    return new BivalentError(error.code, message, path === '' ? {} : { path }, { cause: error });
  }

  /** Says that a part cannot get something. */
  refusal(part: object, found: string): BivalentError {
    const path = this.pathOf(part);
    const place = path === '' ? 'the state' : path;
    return new BivalentError('spec/draft', `${place} cannot get ${found}`, path === '' ? {} : { path });
  }

  private pathOf(part: object, last?: PathStep): string {
    const steps: PathStep[] = last === undefined ? [] : [last];
    let place = this.places.get(part);
    while (place?.parent !== undefined) {
      steps.unshift(place.step);
      place = this.places.get(place.parent);
    }
    return showPath(steps);
  }
}

/** Handles the operations on sets, maps and bags: their methods refuse what is no value with the place. */
class CollectionTraps implements ProxyHandler<object> {
  private readonly layer: ValueLayer;

  constructor(layer: ValueLayer) {
    this.layer = layer;
  }

  get(part: object, key: string | symbol): unknown {
    const value: unknown = Reflect.get(part, key);
    if (typeof value !== 'function' || key === 'constructor') return value;
    return (...args: readonly unknown[]): unknown => {
      try {
        return Reflect.apply(value, part, args);
      } catch (error) {
        throw this.layer.inArgument(error, part, String(key));
      }
    };
  }

  set(part: object, key: string | symbol): never {
    throw this.layer.refusal(part, `the property ${String(key)}: a set, map or bag has elements only`);
  }
}

/** A copy of a frozen value that can be changed, one layer deep. */
function thawed(value: object): object {
  if (Array.isArray(value)) return [...(value as readonly Value[])];
  return isCollection(value) ? value.copy() : { ...(value as RecordValue) };
}
