/**
 * Logs that report changes: what an operation on a variable makes of its previous value.
 *
 * The operations are those of the TLA+ trace validation tools (`TVOperators.tla`). For a binding:
 * `after: (before) => updated(before, updates)`.
 */
import { BivalentError } from '../../checker/core/index.ts';
import { Bag, bagOf, canonical, compare, equal, isRecord, SetValue, setOf, show } from '../../checker/value/index.ts';
import type { RecordValue, Value, View } from '../../checker/value/index.ts';

/** A change of what stands at a place of the state: the first step of the path is the variable. */
export interface Update {
  readonly path: readonly (string | number)[];
  readonly op: string;
  readonly args: readonly unknown[];
}

/**
 * The variables that the updates change, with their values after them: an observation of the state after a step.
 *
 * @param before - the state before the step
 * @param updates - applied in their order
 * @throws BivalentError `binding/update` for an operation that is unknown or does not fit its place
 */
export function updated<S>(before: View<S>, updates: readonly Update[]): Partial<S> {
  let state = canonical(before);
  const variables = new Set<string>();
  for (const { path, op, args } of updates) {
    variables.add(String(path[0]));
    state = replaceAt(state, path, (value) => applied(op, value, args.map(canonical)));
  }
  const after = state as RecordValue;
  // The updates name variables as data: that the state has them was checked while they were applied.
  return Object.fromEntries([...variables].map((name) => [name, after[name]])) as Partial<S>;
}

/** The value with another one at a place. Cost: O(length of the path × size of the parts on it). */
function replaceAt(value: Value, path: readonly (string | number)[], change: (value: Value) => Value): Value {
  const [step, ...rest] = path;
  if (step === undefined) return change(value);
  if (Array.isArray(value) && typeof step === 'number' && step in value) {
    return canonical(value.with(step, replaceAt(value[step] as Value, rest, change)));
  }
  if (!isRecord(value) || !Object.hasOwn(value, step)) {
    throw new BivalentError('binding/update', `there is nothing at \`${step}\` to update`);
  }
  return canonical({ ...value, [step]: replaceAt(value[step] as Value, rest, change) });
}

function applied(op: string, value: Value, args: readonly Value[]): Value {
  const [first] = args;
  if (op === 'Clear' || op === 'ClearBag') return cleared(op, value);
  if (op === 'Unchanged') return value;
  if (first === undefined) throw new BivalentError('binding/update', `\`${op}\` needs an argument`);
  if (op === 'Update') return first;
  if (value instanceof SetValue) return changedSet(op, value, first);
  if (value instanceof Bag) return changedBag(op, value, first);
  if (op === 'AppendElement' && Array.isArray(value)) return canonical([...(value as readonly Value[]), first]);
  if (typeof value === 'number' && typeof first === 'number') {
    if (op === 'Add') return value + first;
    if (op === 'Sub') return value - first;
  }
  if (isRecord(value)) return changedRecord(op, value, args);
  throw misfit(op, value);
}

function cleared(op: string, value: Value): Value {
  if (value instanceof SetValue) return canonical(new Set());
  if (value instanceof Bag) return canonical(bagOf([]));
  if (Array.isArray(value)) return canonical([]);
  throw misfit(op, value);
}

function changedSet(op: string, set: SetValue<Value>, argument: Value): Value {
  const elements = [...set] as Value[];
  switch (op) {
    case 'AddElement':
      return canonical(setOf([...elements, argument]));
    case 'AddElements':
      return canonical(setOf([...elements, ...(argument as Iterable<Value>)]));
    case 'RemoveElement':
      return canonical(setOf(elements.filter((element) => compare(element, argument) !== 0)));
    default:
      throw misfit(op, set);
  }
}

function changedBag(op: string, bag: Bag<Value>, argument: Value): Value {
  const elements = bag.pairs().flatMap(([element, count]) => Array.from({ length: count }, () => element));
  if (op === 'AddElementToBag') return canonical(bagOf([...elements, argument]));
  if (op !== 'RemoveElementFromBag') throw misfit(op, bag);
  const at = elements.findIndex((element) => equal(element, argument));
  return at < 0 ? bag : canonical(bagOf(elements.toSpliced(at, 1)));
}

function changedRecord(op: string, record: RecordValue, args: readonly Value[]): Value {
  const [first, second] = args;
  if (op === 'UpdateRec' && first !== undefined && isRecord(first)) {
    return canonical({ ...record, ...Object.fromEntries(Object.entries(first).filter(([key]) => key in record)) });
  }
  if (op === 'SetKey' && typeof first === 'string' && second !== undefined)
    return canonical({ ...record, [first]: second });
  if (op === 'ResetKey' && typeof first === 'string') return canonical({ ...record, [first]: null });
  throw misfit(op, record);
}

function misfit(op: string, value: Value): BivalentError {
  return new BivalentError('binding/update', `the operation \`${op}\` does not fit the value ${show(value)}`);
}
