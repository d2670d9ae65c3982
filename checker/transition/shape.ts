/**
 * The shape of a state: which parts of it are variables of their own.
 *
 * Records (plain objects with fixed keys) are taken apart, recursively; whatever is not a record is a *slot*. The
 * shape is inferred from the initial states. A record whose keys differ between states is a leaf: when the learned
 * engine meets one it throws {@link ShapeChanged}, and the search starts again with that path as a slot.
 */
import { isRecord, kindOf, showPath, type RecordValue, type Value } from '../value/index.ts';

/** How a slot is read and written: collections element by element, everything else as one value. */
export type SlotKind = 'value' | 'set' | 'map' | 'bag';

export interface Slot {
  readonly index: number;
  /** The path of the slot inside the state, as reports print it: `node.s1.role`. */
  readonly path: string;
  readonly kind: SlotKind;
}

export type Shape =
  | { readonly kind: 'record'; readonly path: string; readonly fields: ReadonlyMap<string, Shape> }
  | { readonly kind: 'slot'; readonly slot: Slot };

/** A record turned out to have other keys than in the initial states, or a collection to be something else. */
export class ShapeChanged extends Error {
  readonly path: string;

  constructor(path: string) {
    super(`the shape of ${path} changes`);
    this.path = path;
  }
}

/** A slot kind for a value, or nothing for a record. */
function slotKind(value: Value): SlotKind {
  const kind = kindOf(value);
  return kind === 'set' || kind === 'map' || kind === 'bag' ? kind : 'value';
}

/** The shape of states and their slots, numbered in the order of the sorted keys. */
export class StateShape {
  readonly slots: Slot[] = [];
  readonly root: Shape;

  /**
   * @param initial - the initial states; at least one
   * @param leaves - paths of records and collections that are known to change shape
   */
  constructor(initial: readonly RecordValue[], leaves: ReadonlySet<string>) {
    this.root = this.#infer(initial, '', leaves);
  }

  #infer(values: readonly Value[], path: string, leaves: ReadonlySet<string>): Shape {
    const first = values[0] as Value;
    if (path === '' || (!leaves.has(path) && values.every((value) => sameKeys(value, first)))) {
      const record = first as RecordValue;
      const fields = new Map<string, Shape>();
      for (const key of Object.keys(record)) {
        const parts = values.map((value) => (value as RecordValue)[key] as Value);
        fields.set(key, this.#infer(parts, fieldPath(path, key), leaves));
      }
      return { kind: 'record', path, fields };
    }
    const kind = slotKind(first);
    const uniform = !leaves.has(path) && values.every((value) => slotKind(value) === kind);
    const slot: Slot = { index: this.slots.length, path, kind: uniform ? kind : 'value' };
    this.slots.push(slot);
    return { kind: 'slot', slot };
  }

  /**
   * Calls `visit` with every slot and its value in a state.
   *
   * @throws ShapeChanged where the state does not have this shape
   */
  split(state: RecordValue, visit: (slot: Slot, value: Value) => void): void {
    splitShape(this.root, state, visit);
  }

  /** The state whose slots have the values that `valueOf` gives; frozen and canonical. */
  join(valueOf: (slot: Slot) => Value): RecordValue {
    return joinShape(this.root, valueOf) as RecordValue;
  }
}

/** The path of a field; never empty, which is the path of the state itself. */
function fieldPath(path: string, key: string): string {
  const field = showPath([key]);
  return path === '' || field.startsWith('[') ? path + field : `${path}.${field}`;
}

/** Whether both values are records with the same keys, and at least one. */
function sameKeys(a: Value, b: Value): boolean {
  if (!isRecord(a) || !isRecord(b)) return false;
  const keys = Object.keys(a);
  return keys.length > 0 && keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key));
}

/** Calls `visit` for every slot below `shape`, whose value is `value`. */
export function splitShape(shape: Shape, value: Value, visit: (slot: Slot, value: Value) => void): void {
  if (shape.kind === 'slot') {
    if (shape.slot.kind !== 'value' && slotKind(value) !== shape.slot.kind) throw new ShapeChanged(shape.slot.path);
    visit(shape.slot, value);
    return;
  }
  if (!isRecord(value) || Object.keys(value).length !== shape.fields.size) throw new ShapeChanged(shape.path);
  for (const [key, field] of shape.fields) {
    if (!Object.hasOwn(value, key)) throw new ShapeChanged(shape.path);
    splitShape(field, value[key] as Value, visit);
  }
}

/** The value of a part of the state, put together from its slots. */
export function joinShape(shape: Shape, valueOf: (slot: Slot) => Value): Value {
  if (shape.kind === 'slot') return valueOf(shape.slot);
  const record: Record<string, Value> = {};
  for (const [key, field] of shape.fields) record[key] = joinShape(field, valueOf);
  return Object.freeze(record);
}
