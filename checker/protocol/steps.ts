/** The steps that nodes and clients take: deliveries, actions of their own, timers. */
import { BivalentError } from '../core/index.ts';
import { when } from '../spec/index.ts';
import { equal } from '../value/index.ts';
import type { AuthoredFunctions, CompiledContext, Configuration } from './configuration.ts';
import { pickDeliverable, send, take } from './in-flight.ts';
import type { Place } from './in-flight.ts';
import { durableOf } from './initial-state.ts';
import type { Fields, Queued, RunningState } from './running-state.ts';

/** Where a step is taken: the state, the configuration, and the context of the compiled action. */
export interface Step {
  readonly state: RunningState;
  readonly run: Configuration;
  readonly context: CompiledContext;
}

/** The next message of a type arrives somewhere and is handled there. */
export function deliver(step: Step, type: string): void {
  const { state, run, context } = step;
  const { to } = context.pick({ to: run.handlersFor(type) });
  run.requireRunning(state, to);
  requireAccepting(step, to);
  const place = pickDeliverable(state, run, context.pick, to, type);
  take(state, run, place);
  handle(step, place);
}

/** Disables a delivery to a node that takes no messages now; before it is looked for one. */
function requireAccepting({ state, run }: Step, to: string): void {
  const { accepts } = run.protocol;
  if (accepts === undefined || run.isClient(to)) return;
  const accepting = accepts(state.node[to]!, run.propertyConstants);
  if (typeof accepting !== 'boolean')
    throw new BivalentError('spec/result', `accepts returned ${typeof accepting}: it says true or false`);
  when(accepting);
}

/** Hands a message to its receiver. */
export function handle(step: Step, { to, type, message: held }: Place): void {
  const message = { ...held };
  if (step.run.network.delay !== undefined) delete message['arrivesBy'];
  const sender = message['from'] as string;
  act(step, to, step.run.handlersOf(to), type, [message], {
    reply: (answer: Queued) => post(step, to, sender, answer),
  });
}

/** A node or a client does something of its own accord. */
export function takeAction(step: Step, parties: readonly string[], actions: AuthoredFunctions, name: string): void {
  const { at } = step.context.pick({ at: parties });
  step.run.requireRunning(step.state, at);
  act(step, at, actions, name);
}

/** A timer fires: it is no longer started, and its node does what it is for. */
export function fire(step: Step, timer: string): void {
  const { state, run, context } = step;
  const { at } = context.pick({ at: run.nodes });
  run.requireRunning(state, at);
  when(state.timer![at]![timer] === true);
  state.timer![at]![timer] = false;
  act(step, at, run.protocol.timers ?? {}, timer);
}

/** What a node does first when it restarts. */
export function recover(step: Step, node: string): void {
  const { recover: code } = step.run.protocol;
  if (code !== undefined) act(step, node, { recover: code }, 'recover');
}

/** Runs a function of the author for one party, and notes what it wrote to its disk. */
function act(
  step: Step,
  self: string,
  functions: AuthoredFunctions,
  name: string,
  message: readonly Fields[] = [],
  more: object = {},
): void {
  const { state, run } = step;
  const me = run.isClient(self) ? state.client[self]! : state.node[self]!;
  const context = { ...nodeContext(step, self), ...more };
  const result = functions[name]!(me, ...message, context);
  if (result !== undefined) throw wrongResult(name, result);
  if (run.hasDisks && !run.isClient(self)) noteWrite(state, run, self);
}

/** The compiled action would return nothing in its place. */
function wrongResult(name: string, result: unknown): BivalentError {
  if (result instanceof Promise) {
    result.catch(() => undefined);
    return new BivalentError('spec/async', `${name} is async: handlers and actions are synchronous`);
  }
  return new BivalentError('spec/result', `${name} returned something: handlers and actions edit the state`);
}

function nodeContext(step: Step, self: string): object {
  const { state, run, context } = step;
  const { nodes, clients } = run;
  return {
    ...run.constants,
    pick: context.pick,
    self,
    nodes,
    clients,
    history: state.history,
    send: (to: string, message: Queued) => post(step, self, to, message),
    broadcast: (message: Queued, to: Iterable<string> = run.neighboursOf(self)) => {
      for (const receiver of to) post(step, self, receiver, message);
    },
    start: (timer: string) => setTimer(step, self, timer, true),
    stop: (timer: string) => setTimer(step, self, timer, false),
    hasFailed: (node: string) => hasFailed(step, self, node),
    now: () => clockOf(step, self),
    fsync: () => sync(state, run, self),
  };
}

function post({ state, run }: Step, from: string, to: string, message: Queued): void {
  send(state, run, { from, to }, message);
}

function setTimer({ state, run }: Step, self: string, timer: string, started: boolean): void {
  if (run.isClient(self)) throw new BivalentError('protocol/timer', `${self} is a client: timers are for nodes`);
  if (!Object.hasOwn(run.protocol.timers ?? {}, timer)) {
    throw new BivalentError('protocol/timer', `${self} sets the timer ${timer}, and the protocol has no such timer`);
  }
  state.timer![self]![timer] = started;
}

function hasFailed({ state, run }: Step, self: string, node: string): boolean {
  if (!run.nodes.includes(node)) {
    throw new BivalentError(
      'protocol/unknown-node',
      `${self} asks whether ${node} has failed, which is not one of ${run.nodes.join(', ')}`,
    );
  }
  if (run.mayStop && state.status[node] !== 'up') return true;
  return run.mayCut && (state.cut.has({ from: self, to: node }) || state.cut.has({ from: node, to: self }));
}

function clockOf({ state, run }: Step, self: string): number {
  if (run.clocks === undefined)
    throw new BivalentError('protocol/clock', `${self} looks at its clock, and the protocol has no clocks`);
  return run.isClient(self) ? state.time : state.clock[self]!;
}

/** The durable fields of a node as they are in memory. */
function durableFields(state: RunningState, run: Configuration, node: string): Fields {
  const fields: Fields = {};
  for (const field of Object.keys(durableOf(run, node))) fields[field] = state.node[node]![field];
  return fields;
}

/** All that a node wrote is on its disk. */
export function sync(state: RunningState, run: Configuration, node: string): void {
  if (!run.hasDisks || run.isClient(node)) return;
  state.disk[node] = { synced: durableFields(state, run, node), writes: [] };
}

/** What a step wrote since the last `fsync` is one write, which reaches the disk after those before it. */
function noteWrite(state: RunningState, run: Configuration, node: string): void {
  const disk = state.disk[node]!;
  const now = durableFields(state, run, node);
  if (!equal(now, disk.writes.at(-1) ?? disk.synced)) disk.writes.push(now);
}
