/**
 * `defineProtocol`: nodes, messages and faults, compiled to a plain spec.
 *
 * The compiled spec has one action for each message type (a delivery with its handler), for each action and timer, for
 * each fault, and for the passing of time. Budgets and the network become two constants, `faults` and `network`, so
 * that models, mutants and the command line change them as they change any other. Nothing of this is seen by engines.
 */
import { BivalentError } from '../core/index.ts';
import { defineSpec, listOf, processesOfSpec, settings, suggestion } from '../spec/index.ts';
import type { Spec } from '../spec/index.ts';
import { compileFairness, compileMaker, type BehaviourBinder } from './behaviour.ts';
import { Configuration } from './configuration.ts';
import type { CompiledContext, UntypedProtocol } from './configuration.ts';
import type { MessageTypes, ProtocolDefinition, ProtocolFairness, ProtocolState } from './definition.ts';
import { faultActions, spendOrDisable, tick } from './fault-actions.ts';
import { budgetRefusal, faultMeanings, isAllowed } from './faults.ts';
import type { Budgets, FaultName } from './faults.ts';
import { initialState } from './initial-state.ts';
import { errorOfLeftOut } from './left-out.ts';
import { networkRefusal } from './network.ts';
import type { Network } from './network.ts';
import { processesOf } from './processes.ts';
import type { RunningState } from './running-state.ts';
import { deliver, fire, takeAction } from './steps.ts';
import type { Step } from './steps.ts';

/**
 * Says which messages a protocol has: `messages<{ vote: { term: number; granted: boolean } }>()`. It carries types only.
 */
export function messages<M extends { readonly [T in keyof M]: object }>(): MessageTypes<M> {
  return {};
}

/** The constants that a protocol has beside its own. */
export interface ProtocolConstants {
  readonly faults: Budgets;
  readonly network: Network;
}

/**
 * Defines a protocol from its parts; the types of states and messages follow from `state` and `messages`.
 *
 * @param definition - who takes part, what they do, and what may go wrong; see {@link ProtocolDefinition}
 * @returns a spec, to be exported by default from a spec file
 * @throws BivalentError where a budget or a setting is wrong, or names clash
 */
export function defineProtocol<
  C extends object = object,
  N extends string = string,
  D extends object = object,
  V extends object = object,
  M = object,
  L extends string = never,
  K extends object = object,
  H extends object = object,
  R extends string = never,
>(
  definition: ProtocolDefinition<C, N, D, V, M, L, K, H, R>,
): Spec<C & ProtocolConstants, ProtocolState<D & V, K, N, L, M, H>> {
  const compiled = compile(definition as unknown as UntypedDefinition);
  return compiled as unknown as Spec<C & ProtocolConstants, ProtocolState<D & V, K, N, L, M, H>>;
}

type Functions = Readonly<Record<string, (...args: readonly unknown[]) => unknown>>;

interface UntypedConfigured {
  readonly constants?: object;
  readonly faults?: Budgets;
  readonly network?: Network;
}

interface UntypedMutant extends UntypedConfigured {
  readonly model?: string;
  readonly actions?: Functions;
  readonly on?: Functions;
  readonly timers?: Functions;
  readonly recover?: Functions[string];
  readonly clients?: { readonly actions?: Functions; readonly on?: Functions };
  readonly forgets?: readonly string[];
  readonly fairness?: ProtocolFairness;
  readonly breaks: string;
  readonly steps: number;
}

interface UntypedDefinition extends UntypedProtocol {
  readonly constants?: object;
  readonly invariants?: Functions;
  readonly transitionInvariants?: Functions;
  readonly temporal?: Functions[string];
  readonly fairness?: ProtocolFairness | (() => ProtocolFairness);
  readonly progress?: boolean;
  readonly reachable?: Functions;
  readonly refinements?: Functions[string];
  readonly constraint?: Functions[string];
  readonly terminated?: Functions[string];
  readonly deadlock?: boolean;
  readonly models?: Readonly<Record<string, UntypedConfigured & { readonly expected: unknown }>>;
  readonly mutants?: Readonly<Record<string, UntypedMutant>>;
}

function compile(protocol: UntypedDefinition): Spec {
  requireKnownParts(protocol);
  const { name, models = {}, mutants = {} } = protocol;
  for (const constant of Object.keys(protocol.constants ?? {})) {
    if (reserved.has(constant))
      throw new BivalentError(
        'protocol/reserved',
        `${name} has a constant ${constant}, which every protocol has a meaning for`,
      );
  }
  requireSettings(name, protocol);
  for (const configured of [...Object.values(models), ...Object.values(mutants)]) requireSettings(name, configured);
  const bound = configurations(protocol);
  const property = (f: Functions[string]) => withParties(bound, f);
  const properties = (all: Functions = {}) =>
    Object.fromEntries(Object.entries(all).map(([claim, f]) => [claim, property(f)]));
  const behaviour: BehaviourBinder = { bound, property, messages: messageTypes(protocol) };
  const spec = {
    [processesOfSpec]: (constants: object) => processesOf(bound(constants), behaviour.messages),
    name,
    constants: {
      ...protocol.constants,
      faults: settings({ defaults: protocol.faults ?? {}, refusal: budgetRefusal }),
      network: settings({ defaults: { ...protocol.network }, refusal: networkRefusal }),
    },
    init: (context: CompiledContext) => initialState(bound(context), context.pick),
    actions: actionsOf(protocol, []),
    faults: allowances(protocol),
    invariants: properties(protocol.invariants),
    transitionInvariants: properties(protocol.transitionInvariants),
    ...behaviours(protocol, behaviour),
    ...(protocol.constraint && { constraint: property(protocol.constraint) }),
    ...(protocol.terminated && { terminated: property(protocol.terminated) }),
    ...(protocol.deadlock === undefined ? {} : { deadlock: protocol.deadlock }),
    models: Object.fromEntries(
      Object.entries(models).map(([model, { expected, ...configured }]) => [
        model,
        { constants: constantsOf(configured), expected },
      ]),
    ),
    mutants: Object.fromEntries(
      Object.entries(mutants).map(([mutant, mistake]) => [mutant, compileMutant(protocol, mistake, behaviour)]),
    ),
  };
  return defineSpec(spec as unknown as Parameters<typeof defineSpec>[0]) as unknown as Spec;
}

/** What the compiled spec says of whole behaviours. */
function behaviours(protocol: UntypedDefinition, binder: BehaviourBinder): object {
  const { temporal, fairness, progress, reachable = {}, refinements } = protocol;
  return {
    ...(temporal && { temporal: compileMaker(temporal, binder) }),
    ...(fairness && { fairness: compileFairness(fairness, binder) }),
    ...(progress === undefined ? {} : { progress }),
    reachable: Object.fromEntries(Object.entries(reachable).map(([claim, f]) => [claim, binder.property(f)])),
    ...(refinements && { refinements: compileMaker(refinements, binder) }),
  };
}

/** The types of all messages that somebody handles. */
function messageTypes({ on, clients }: UntypedProtocol): readonly string[] {
  return [...new Set([...Object.keys(on), ...Object.keys(clients?.on ?? {})])];
}

/** Names that handlers and properties know as something else. */
const reserved = new Set(
  'faults network nodes clients pick forAll self send reply broadcast start stop hasFailed now fsync history'.split(
    ' ',
  ),
);

/** Every part that a protocol may have: the compiler sees to it that none is missing here. */
const parts: Readonly<Record<keyof AnyDefinition, true>> = {
  name: true,
  constants: true,
  nodes: true,
  messages: true,
  state: true,
  history: true,
  network: true,
  links: true,
  faults: true,
  clocks: true,
  byzantine: true,
  timers: true,
  clients: true,
  actions: true,
  on: true,
  accepts: true,
  recover: true,
  invariants: true,
  transitionInvariants: true,
  temporal: true,
  fairness: true,
  progress: true,
  reachable: true,
  refinements: true,
  constraint: true,
  terminated: true,
  deadlock: true,
  models: true,
  mutants: true,
};

type AnyDefinition = ProtocolDefinition<object, string, object, object, object, string, object, object, string>;

function requireKnownParts(protocol: UntypedDefinition): void {
  const names = Object.keys(parts);
  const unknown = Object.keys(protocol).find((part) => !Object.hasOwn(parts, part));
  if (unknown === undefined) return;
  throw new BivalentError(
    'protocol/unknown-part',
    `${protocol.name} has a part ${unknown} that no protocol has${suggestion(unknown, names)}; ${listOf('the parts of a protocol are', '', names)}`,
  );
}

function requireSettings(name: string, { faults = {}, network = {} }: UntypedConfigured): void {
  const wrong = [
    ...Object.entries(faults).map(([fault, budget]) => budgetRefusal(fault, budget)),
    ...Object.entries(network).map(([setting, value]) => networkRefusal(setting, value)),
  ].find((message) => message !== undefined);
  if (wrong !== undefined) throw new BivalentError('protocol/setting', `${name}: ${wrong}`);
}

function constantsOf({ constants, faults, network }: UntypedConfigured): object {
  return { ...constants, ...(faults && { faults }), ...(network && { network }) };
}

/** Configurations by the context that functions of the compiled spec are called with: there is one for each function. */
function configurations(protocol: UntypedProtocol): (context: object) => Configuration {
  const known = new WeakMap<object, Configuration>();
  return (context) => {
    let run = known.get(context);
    if (run === undefined) known.set(context, (run = new Configuration(protocol, context)));
    return run;
  };
}

/** A property whose context also names the parties, and which says so where it reads what its configuration leaves out. */
function withParties(bound: (context: object) => Configuration, f: Functions[string]): Functions[string] {
  const known = new WeakMap<object, PropertyContext>();
  return (...args) => {
    const given = args.at(-1) as { readonly forAll: ForAll };
    let own = known.get(given);
    if (own === undefined) known.set(given, (own = propertyContext(bound(given), given.forAll)));
    const { context, chosen } = own;
    const states = args.slice(0, -1);
    try {
      return f(...states, context);
    } catch (error) {
      const again = { ...context, forAll: () => chosen };
      throw errorOfLeftOut(error, (guarded) => f(...guarded, again), states, bound(given));
    }
  };
}

type ForAll = (domains: object) => object;

interface PropertyContext {
  /** What a property is called with after the states. */
  readonly context: object;
  /** What its `forAll` gave of late. */
  readonly chosen: object;
}

function propertyContext({ constants, nodes, clients }: Configuration, forAll: ForAll): PropertyContext {
  const chosen = {};
  const remembered: ForAll = (domains) => {
    const choice = forAll(domains);
    Object.assign(chosen, choice);
    return choice;
  };
  return { context: Object.freeze({ ...constants, nodes, clients, forAll: remembered }), chosen };
}

/** All actions of the compiled spec. Every fault has one; those that a configuration does not allow are left out when it is bound. */
function actionsOf(protocol: UntypedDefinition, forgets: readonly string[]): Functions {
  const bound = configurations(protocol);
  const compiled: Record<string, Functions[string]> = {};
  const add = (name: string, take: (step: Step) => void): void => {
    if (Object.hasOwn(compiled, name))
      throw new BivalentError(
        'protocol/names',
        `${protocol.name} has two actions named ${name}: of messages, timers, actions and faults, each needs a name of its own`,
      );
    compiled[name] = (state, context) => {
      take({ state: state as RunningState, context: context as CompiledContext, run: bound(context as object) });
    };
  };
  const { actions = {}, timers = {}, clients } = protocol;
  for (const name of Object.keys(actions)) add(name, (step) => takeAction(step, step.run.nodes, actions, name));
  for (const name of Object.keys(clients?.actions ?? {}))
    add(name, (step) => takeAction(step, step.run.clients, clients!.actions!, name));
  for (const name of Object.keys(timers)) add(name, (step) => fire(step, name));
  for (const type of messageTypes(protocol)) add(type, (step) => deliver(step, type));
  if (protocol.clocks !== undefined) add('tick', tick);
  for (const fault of possibleFaults(protocol)) {
    add(fault, (step) => {
      spendOrDisable(step, fault);
      faultActions[fault](step, forgets);
    });
  }
  return compiled;
}

/** The faults that can happen to a protocol: clocks are off only where there are clocks, and so on. */
function possibleFaults({ clocks, byzantine }: UntypedProtocol): readonly FaultName[] {
  const all = Object.keys(faultMeanings) as readonly FaultName[];
  return all.filter((fault) => {
    if (fault === 'drift' || fault === 'clockStep') return clocks !== undefined;
    return fault !== 'byzantine' || byzantine !== undefined;
  });
}

function allowances(protocol: UntypedProtocol): Readonly<Record<string, (constants: CompiledContext) => boolean>> {
  return Object.fromEntries(
    possibleFaults(protocol).map((fault) => [fault, ({ faults }: CompiledContext) => isAllowed(faults, fault)]),
  );
}

function compileMutant(protocol: UntypedDefinition, mutant: UntypedMutant, behaviour: BehaviourBinder): object {
  const { model, breaks, steps, forgets = [], actions, on, timers, recover, clients, fairness } = mutant;
  requireKnownHandlers(protocol, { ...on, ...clients?.on });
  const mutated = {
    ...protocol,
    actions: { ...protocol.actions, ...actions },
    on: { ...protocol.on, ...on },
    timers: { ...protocol.timers, ...timers },
    ...(recover && { recover }),
    ...(protocol.clients && {
      clients: {
        ...protocol.clients,
        actions: { ...protocol.clients.actions, ...clients?.actions },
        on: { ...protocol.clients.on, ...clients?.on },
      },
    }),
  };
  return {
    ...(model === undefined ? {} : { model }),
    constants: constantsOf(mutant),
    actions: actionsOf(mutated, forgets),
    ...(fairness && { fairness: compileFairness(fairness, behaviour) }),
    breaks,
    steps,
  };
}

/** Messages have a place in the initial state only where the protocol itself handles them. */
function requireKnownHandlers({ name, on, clients }: UntypedDefinition, handlers: Functions): void {
  const types = Object.keys({ ...on, ...clients?.on });
  const unknown = Object.keys(handlers).find((type) => !types.includes(type));
  if (unknown === undefined) return;
  throw new BivalentError(
    'protocol/unhandled',
    `a mutant of ${name} handles ${unknown}, which ${name} does not${suggestion(unknown, types)}`,
  );
}
