/**
 * A state as user code that is being learned sees it: records are taken apart, and every slot is asked on its own.
 *
 * Reading `s.node.s1.role` asks one slot, and writing it asks nothing. Slots that hold one value (an array, a tagged
 * union) are asked whole when they are first read, and then edited as a draft of that value. A record or a collection
 * that is assigned is copied: what was handed out of the old one before goes on as a copy that belongs to nobody.
 */
import { canonical, type Bag, type MapValue, type SetValue, type Value } from '../value/index.ts';
import { openDraft, type OpenDraft } from '../spec/index.ts';
import { Ask, type Collection, type Effect } from './query.ts';
import { assignment, type Recording } from './recording.ts';
import {
  guarded,
  RecordingBag,
  RecordingMap,
  RecordingSet,
  type Place,
  type RecordingCollection,
} from './recording-collections.ts';
import { ShapeChanged, splitShape, type Shape, type Slot, type StateShape } from './shape.ts';

type RecordShape = Extract<Shape, { kind: 'record' }>;

/** What is known of a slot in this run. */
type SlotState =
  | { readonly kind: 'collection'; readonly collection: RecordingCollection }
  | { readonly kind: 'read'; readonly value: Value }
  | { readonly kind: 'open'; readonly original: Value; readonly open: OpenDraft; readonly assigned: boolean }
  | { readonly kind: 'assigned'; readonly value: Value };

/** One side of the state of a run: a draft to edit or a view to read. */
export class RecordingState {
  readonly root: object;
  readonly #recording: Recording;
  readonly #side: 0 | 1;
  readonly #writable: boolean;
  readonly #slots = new Map<number, SlotState>();
  readonly #touched = new Map<number, Slot>();
  readonly #records = new Map<RecordShape, RecordHandler>();

  constructor(shape: StateShape, recording: Recording, side: 0 | 1, writable: boolean) {
    this.#recording = recording;
    this.#side = side;
    this.#writable = writable;
    this.root = this.record(shape.root as RecordShape);
  }

  /** What the run changed, in the order of the slots. */
  effects(): Effect[] {
    const effects: Effect[] = [];
    for (const slot of [...this.#touched.values()].sort((a, b) => a.index - b.index)) {
      const state = this.#slots.get(slot.index) as SlotState;
      if (state.kind === 'collection') state.collection.effects(effects);
      else if (state.kind === 'assigned') this.#assign(effects, slot, state.value);
      else if (state.kind === 'open') {
        const value = state.open.finish();
        if (state.assigned || value !== state.original) this.#assign(effects, slot, value);
      }
    }
    return effects;
  }

  #assign(effects: Effect[], slot: Slot, value: Value): void {
    effects.push(assignment(slot.index, this.#recording.values.id(value)));
  }

  get writable(): boolean {
    return this.#writable;
  }

  /** The proxy of a record of the state. */
  record(shape: RecordShape): object {
    let handler = this.#records.get(shape);
    if (handler === undefined) this.#records.set(shape, (handler = new RecordHandler(this, shape)));
    return handler.proxy;
  }

  /** What user code gets when it reads a part of the state. */
  read(shape: Shape): unknown {
    return shape.kind === 'record' ? this.record(shape) : this.#readSlot(shape.slot);
  }

  /** Assigns a value, canonical, to a part of the state. */
  assign(shape: Shape, value: Value): void {
    this.#detach(shape);
    this.#split(shape, value, (slot, part) => {
      this.#touched.set(slot.index, slot);
      this.#slots.set(
        slot.index,
        slot.kind === 'value' ? { kind: 'assigned', value: part } : this.#collection(slot, part as Collection),
      );
    });
  }

  /** Gives up the run: the record or collection at this path does not keep the shape that was planned for. */
  giveUp(path: string): never {
    this.#recording.shapeChanged = new ShapeChanged(path);
    throw this.#recording.shapeChanged;
  }

  #split(shape: Shape, value: Value, visit: (slot: Slot, part: Value) => void): void {
    try {
      splitShape(shape, value, visit);
    } catch (error) {
      if (error instanceof ShapeChanged) this.giveUp(error.path);
      throw error;
    }
  }

  #readSlot(slot: Slot): unknown {
    const known = this.#slots.get(slot.index);
    if (known?.kind === 'collection') return known.collection;
    if (known?.kind === 'open') return known.open.draft;
    if (known === undefined && slot.kind !== 'value') {
      const state = this.#collection(slot, undefined);
      this.#slots.set(slot.index, state);
      this.#touched.set(slot.index, slot);
      return state.collection;
    }
    // A value that was assigned may be null: what is known is not asked.
    const value = known === undefined ? this.#ask(slot) : known.value;
    if (typeof value !== 'object' || value === null || !this.#writable) {
      if (known === undefined) this.#slots.set(slot.index, { kind: 'read', value });
      return value;
    }
    const open = openDraft(value);
    this.#slots.set(slot.index, { kind: 'open', original: value, open, assigned: known?.kind === 'assigned' });
    this.#touched.set(slot.index, slot);
    return open.draft;
  }

  #ask(slot: Slot): Value {
    return this.#recording.values.value(this.#recording.ask(this.#side, slot.index, Ask.whole, 0));
  }

  #collection(slot: Slot, base: Collection | undefined): Extract<SlotState, { kind: 'collection' }> {
    const place: Place = { recording: this.#recording, slot, side: this.#side, writable: this.#writable };
    if (slot.kind === 'set') {
      return { kind: 'collection', collection: guarded(new RecordingSet(place, base as SetValue<Value> | undefined)) };
    }
    if (slot.kind === 'bag') {
      return { kind: 'collection', collection: guarded(new RecordingBag(place, base as Bag<Value> | undefined)) };
    }
    return {
      kind: 'collection',
      collection: guarded(new RecordingMap(place, base as MapValue<Value, Value> | undefined)),
    };
  }

  /** Cuts off the proxies of records that are about to be replaced: they go on with a copy of their own. */
  #detach(shape: Shape): void {
    if (shape.kind === 'slot') return;
    const handler = this.#records.get(shape);
    if (handler !== undefined) {
      handler.detach();
      this.#records.delete(shape);
    }
    for (const field of shape.fields.values()) this.#detach(field);
  }
}

/** The proxy of one record: fixed keys, which cost no question; what is behind them does. */
class RecordHandler implements ProxyHandler<object> {
  readonly proxy: object;
  readonly #state: RecordingState;
  readonly #shape: RecordShape;
  /** What the proxy stands for after its record was replaced. */
  #own: object | undefined;

  constructor(state: RecordingState, shape: RecordShape) {
    this.#state = state;
    this.#shape = shape;
    this.proxy = new Proxy({}, this);
  }

  detach(): void {
    this.#own = openDraft(canonical(this.proxy)).draft as object;
  }

  get(_target: object, key: string | symbol): unknown {
    if (this.#own !== undefined) return Reflect.get(this.#own, key);
    const field = typeof key === 'string' ? this.#shape.fields.get(key) : undefined;
    return field === undefined ? Reflect.get(Object.prototype, key) : this.#state.read(field);
  }

  set(_target: object, key: string | symbol, value: unknown): boolean {
    if (this.#own !== undefined) return Reflect.set(this.#own, key, value);
    if (!this.#state.writable) return false;
    const field = typeof key === 'string' ? this.#shape.fields.get(key) : undefined;
    if (field === undefined) this.#state.giveUp(this.#shape.path);
    const next = canonical(value);
    this.#state.assign(field, next);
    return true;
  }

  deleteProperty(_target: object, key: string | symbol): boolean {
    if (this.#own !== undefined) return Reflect.deleteProperty(this.#own, key);
    if (!this.#state.writable) return false;
    if (typeof key === 'string' && this.#shape.fields.has(key)) this.#state.giveUp(this.#shape.path);
    return true;
  }

  has(_target: object, key: string | symbol): boolean {
    if (this.#own !== undefined) return Reflect.has(this.#own, key);
    return (typeof key === 'string' && this.#shape.fields.has(key)) || Reflect.has(Object.prototype, key);
  }

  ownKeys(): (string | symbol)[] {
    return this.#own === undefined ? [...this.#shape.fields.keys()] : Reflect.ownKeys(this.#own);
  }

  getOwnPropertyDescriptor(target: object, key: string | symbol): PropertyDescriptor | undefined {
    if (!this.ownKeys().includes(key)) return undefined;
    return { value: this.get(target, key), writable: true, enumerable: true, configurable: true };
  }

  defineProperty(): boolean {
    return false;
  }
}
