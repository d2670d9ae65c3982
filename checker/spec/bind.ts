/** Binds a spec's constants: from a spec, with a model or a mutant, to the system that engines run. */
import { BivalentError, guardGlobals } from '../core/index.ts';
import type { RecordValue } from '../value/index.ts';
import { processesOfSpec, type Model, type Mutant, type Spec, type SpecDefinition } from './define-spec.ts';
import { temporalParts } from './bind-temporal.ts';
import { nodesBrand, symmetricBrand } from './constants.ts';
import { initialStatesOf } from './initial.ts';
import { constantsOf, listOf, suggestion } from './override.ts';
import { routineOf } from './routine.ts';
import type { ContextOf, UserFunction } from './routine.ts';
import type { BoundNodes, Routine, RoutineKind, System } from './system.ts';

/** What is to be checked of a spec. */
export interface BindOptions {
  /** Replace the constants of the same names, whatever a model or mutant says. */
  readonly constants?: Readonly<Record<string, unknown>>;
  /** The name of the model whose constants are used. */
  readonly model?: string;
  /** The name of the mutant that is applied; where no model is named, it brings its own. */
  readonly mutant?: string;
  /** `false` turns the deadlock check off, whatever the spec says. */
  readonly deadlock?: boolean;
}

/**
 * Binds a spec: chooses its constants, applies a mutant, and computes its initial states.
 *
 * @param spec - what `defineSpec` gave
 * @param options - model, mutant, constants; nothing for the spec's defaults
 * @throws BivalentError where a name is unknown (with the nearest one), a constant does not fit, or `init` is wrong
 */
export function bind<C, I>(spec: Spec<C, I>, options: BindOptions = {}): System {
  // Inside, the types of state and constants are not known: user code is called with what its own types promise.
  const untyped = spec as unknown as Spec;
  const { definition } = untyped;
  requireKnownParts(definition);
  const mutant = options.mutant === undefined ? undefined : mutantOf(untyped, options.mutant);
  const modelName = options.model ?? mutant?.model;
  const model = modelName === undefined ? undefined : modelOf(untyped, modelName);
  const constants = constantsOf(untyped, [model?.constants ?? {}, mutant?.constants ?? {}, options.constants ?? {}]);
  const bound = new Binding(constants);
  const all = { ...definition.actions, ...mutant?.actions };
  const faults = faultsOf(definition, constants, all);
  const isLeftOut = (name: string): boolean => Object.hasOwn(faults, name) && !faults[name]!;
  const actions = Object.fromEntries(Object.entries(all).filter(([name]) => !isLeftOut(name)));
  if (Object.keys(actions).length === 0)
    throw new BivalentError('spec/no-actions', `${definition.name} has no actions`);
  const temporal = temporalParts(
    definition,
    mutant?.fairness ?? definition.fairness,
    { all: Object.keys(all), present: Object.keys(actions) },
    {
      constants,
      predicate: (name, f) => bound.routine('predicate', name, f),
      bind: (abstract, overrides) => bind(abstract, { constants: overrides }),
    },
  );
  return Object.freeze({
    name: definition.name,
    constants,
    nodeSets: Object.freeze(nodeSetsOf(definition, constants)),
    actions: bound.all('action', actions),
    faults: Object.freeze(Object.keys(faults).filter((name) => faults[name])),
    afterEach: bound.afterEach(definition.afterEach),
    invariants: bound.all('invariant', definition.invariants),
    transitionInvariants: bound.all('transitionInvariant', definition.transitionInvariants),
    constraint: bound.optional('constraint', definition.constraint),
    actionConstraint: bound.optional('actionConstraint', definition.actionConstraint),
    terminated: bound.optional('terminated', definition.terminated),
    checksDeadlock: options.deadlock !== false && definition.deadlock !== false,
    ...temporal,
    ...initialStatesIn(bound, definition.init),
    processes:
      definition[processesOfSpec]?.(constants) ?? 'a spec does not say which process takes a step: defineProtocol does',
  });
}

/** The constants that are declared as sets of nodes, whatever replaced their names. */
function nodeSetsOf({ constants = {} }: SpecDefinition<unknown, unknown>, bound: RecordValue): BoundNodes[] {
  return Object.entries(constants as object).flatMap(([constant, declared]: [string, unknown]) => {
    if (!Array.isArray(declared) || !Object.hasOwn(declared, nodesBrand)) return [];
    const names = bound[constant] as readonly string[];
    return [{ constant, names, symmetric: Object.hasOwn(declared, symmetricBrand) }];
  });
}

/** Of each fault, whether the constants allow it. */
function faultsOf(
  { name, faults = {} }: SpecDefinition<unknown, unknown>,
  constants: RecordValue,
  actions: object,
): Readonly<Record<string, boolean>> {
  const allowed = Object.entries(faults).map(([fault, isAllowed]) => {
    if (!Object.hasOwn(actions, fault))
      throw new BivalentError('spec/unknown-fault', `${name} says that ${fault} is a fault, and has no such action`);
    requireFunction('fault', fault, isAllowed);
    return [fault, isAllowed(constants)] as const;
  });
  return Object.fromEntries(allowed);
}

function initialStatesIn(bound: Binding, init: unknown): Pick<System, 'initialStates' | 'initialCount'> {
  requireFunction('init', 'init', init);
  const release = guardGlobals();
  try {
    return initialStatesOf(init, bound.withPick);
  } finally {
    release();
  }
}

/** Makes routines whose contexts hold the same constants. */
class Binding {
  private readonly constants: RecordValue;

  constructor(constants: RecordValue) {
    this.constants = constants;
  }

  readonly withPick: ContextOf = (pick) => ({ ...this.constants, pick });
  private readonly withForAll: ContextOf = (forAll) => ({ ...this.constants, forAll });

  all(kind: RoutineKind, functions: Readonly<Record<string, unknown>> = {}): readonly Routine[] {
    return Object.freeze(Object.entries(functions).map(([name, f]) => this.routine(kind, name, f)));
  }

  optional(kind: RoutineKind, f: unknown): Routine | undefined {
    return f === undefined ? undefined : this.routine(kind, kind, f);
  }

  /** Its last argument holds the state that was left, so there is one for each call. */
  afterEach(f: unknown): Routine | undefined {
    if (f === undefined) return undefined;
    requireFunction('afterEach', 'afterEach', f);
    const after: UserFunction = (state, before) => f(state, Object.freeze({ ...this.constants, before }));
    return routineOf('afterEach', 'afterEach', after, () => ({}));
  }

  routine(kind: RoutineKind, name: string, f: unknown): Routine {
    requireFunction(kind, name, f);
    return routineOf(kind, name, f, kind === 'action' ? this.withPick : this.withForAll);
  }
}

/** Every part that a spec may have: the compiler sees to it that none is missing here. */
const parts: Readonly<Record<Extract<keyof SpecDefinition<unknown, unknown>, string>, true>> = {
  name: true,
  constants: true,
  init: true,
  actions: true,
  faults: true,
  afterEach: true,
  invariants: true,
  transitionInvariants: true,
  temporal: true,
  fairness: true,
  progress: true,
  reachable: true,
  refinements: true,
  constraint: true,
  actionConstraint: true,
  terminated: true,
  deadlock: true,
  models: true,
  mutants: true,
};

/** Specs are loaded without the compiler: `invariant` in place of `invariants` must not pass for a spec without any. */
function requireKnownParts(definition: SpecDefinition<unknown, unknown>): void {
  const names = Object.keys(parts);
  for (const part of Object.keys(definition)) {
    if (Object.hasOwn(parts, part)) continue;
    const message = `${definition.name} has a part ${part} that no spec has${suggestion(part, names)}; ${listOf('the parts of a spec are', '', names)}`;
    throw new BivalentError('spec/unknown-part', message);
  }
}

function requireFunction(kind: string, name: string, f: unknown): asserts f is UserFunction {
  if (typeof f === 'function') return;
  const what = kind === name ? kind : `${kind} ${name}`;
  throw new BivalentError('spec/not-a-function', `${what} is not a function`, { action: name });
}

function modelOf(spec: Spec, name: string): Model<unknown> {
  return named(spec, 'model', spec.definition.models ?? {}, name);
}

function mutantOf(spec: Spec, name: string): Mutant<unknown, unknown> {
  return named(spec, 'mutant', spec.definition.mutants ?? {}, name);
}

function named<T>(spec: Spec, kind: string, all: Readonly<Record<string, T>>, name: string): T {
  if (Object.hasOwn(all, name)) return all[name]!;
  const names = Object.keys(all);
  const list = listOf(`its ${kind}s are`, 'it has none', names);
  throw new BivalentError(
    `spec/unknown-${kind}`,
    `${spec.definition.name} has no ${kind} ${name}${suggestion(name, names)}; ${list}`,
  );
}
