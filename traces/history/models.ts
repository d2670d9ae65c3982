/** The models that `--model` names, and what each is judged by unless something else is asked for. */
import {
  appendList,
  causalModels,
  checkBank,
  checkLongFork,
  checkSetFull,
  counter,
  isolationLevels,
  keyValue,
  multiRegister,
  mutex,
  queue,
  register,
  sessionGuarantees,
  set,
  stack,
  type ObservationResult,
  type Operation,
  type SequentialModel,
} from '../../checker/consistency/index.ts';

/** How a model is set up. */
export interface ModelOptions {
  /** The value before any write. */
  readonly initial?: unknown;
  /** For registers: what a read of nothing says. */
  readonly nullReads?: 'any' | 'absent';
  /** For `bank`: the total of all accounts; that of the first read where it is not given. */
  readonly total?: number;
}

/** A model by its kind: an object, an observation of one, or transactions. */
export type HistoryModel =
  | { readonly kind: 'object'; readonly model: SequentialModel; readonly initial: unknown }
  | {
      readonly kind: 'observation';
      readonly name: string;
      readonly check: (operations: readonly Operation[]) => ObservationResult;
    }
  | { readonly kind: 'transactions'; readonly name: 'list-append' | 'rw-register' };

type Make = (options: ModelOptions) => HistoryModel;

function object(make: (options: ModelOptions) => SequentialModel): Make {
  return (options) => ({ kind: 'object', model: make(options), initial: options.initial ?? null });
}

const makers: Readonly<Record<string, Make>> = {
  register: object(register),
  'cas-register': object(register),
  'multi-register': object((options) => multiRegister(options)),
  kv: object(({ initial }) => keyValue(initial === undefined ? undefined : [initial])),
  counter: object(() => counter),
  set: object(() => set),
  queue: object(() => queue),
  stack: object(() => stack),
  mutex: object(() => mutex),
  lock: object(() => mutex),
  'append-list': object(() => appendList),
  'set-full': () => ({ kind: 'observation', name: 'set-full', check: checkSetFull }),
  bank: ({ total }) => ({ kind: 'observation', name: 'bank', check: (operations) => checkBank(operations, total) }),
  'long-fork': () => ({ kind: 'observation', name: 'long-fork', check: checkLongFork }),
  'list-append': () => ({ kind: 'transactions', name: 'list-append' }),
  'rw-register': () => ({ kind: 'transactions', name: 'rw-register' }),
};

/** The names of all models. */
export const modelNames: readonly string[] = Object.keys(makers);

/** The model of a name; `undefined` where there is none. */
export function modelNamed(name: string, options: ModelOptions = {}): HistoryModel | undefined {
  return Object.hasOwn(makers, name) ? makers[name]!(options) : undefined;
}

/** What objects can be judged by. */
export const objectConsistencies = [
  'linearizable',
  'sequential',
  ...causalModels,
  ...sessionGuarantees,
  'convergence',
] as const;

/** Everything that a history can be judged by. */
export const consistencies = [...objectConsistencies, ...isolationLevels] as const;

export type Consistency = (typeof consistencies)[number];
export type ObjectConsistency = (typeof objectConsistencies)[number];
