/** The initial states of a protocol, as plain data. */
import { mapOf } from '../spec/index.ts';
import type { Pick } from '../spec/index.ts';
import { Bag, setOf } from '../value/index.ts';
import { BivalentError } from '../core/index.ts';
import type { Configuration } from './configuration.ts';
import { finiteBudgets } from './faults.ts';
import type { Fields, Queued, Status } from './running-state.ts';

/**
 * The initial state: nodes are up, nothing is in flight, clocks are as far ahead as `pick` says.
 *
 * Parts that this configuration has no use for are left out.
 */
export function initialState(run: Configuration, pick: Pick): object {
  const { nodes, clients, parties, protocol, constants, clocks } = run;
  const budgets = finiteBudgets(run.faults);
  const timers = Object.keys(protocol.timers ?? {});
  const scopes = run.scopes();
  const withInbox = parties.filter((to) => run.hasInbox(to));
  const withQueues = parties.filter((to) => run.queuesTo(to).length > 0);
  return {
    node: mapOf(nodes, (n) => ({ ...durableOf(run, n), ...volatileOf(run, n) })),
    status: mapOf(nodes, (): Status => 'up'),
    ...(clients.length > 0 && { client: mapOf(clients, (c) => ({ ...protocol.clients!.state(constants, c) })) }),
    ...(protocol.history && { history: protocol.history(constants) }),
    ...(withInbox.length > 0 && { inbox: mapOf(withInbox, (to) => inboxOf(run, to)) }),
    ...(withQueues.length > 0 && { queue: mapOf(withQueues, (to) => mapOf(run.queuesTo(to), (): Queued[] => [])) }),
    ...(scopes.length > 0 && { inFlight: mapOf(scopes, () => 0) }),
    ...(Object.keys(budgets).length > 0 && { faultsLeft: budgets }),
    ...(run.mayCut && { cut: setOf([]) }),
    ...(timers.length > 0 && { timer: mapOf(nodes, () => mapOf(timers, () => false)) }),
    ...(clocks && {
      time: 0,
      clock: mapOf(nodes, (n) => initialClock(Math.min(clocks.initialSkew ?? 0, run.skewOf(n)), n, pick)),
    }),
    ...(run.hasDisks && { disk: mapOf(nodes, (n) => ({ synced: durableOf(run, n), writes: [] })) }),
  };
}

function initialClock(skew: number, node: string, pick: Pick): number {
  if (skew === 0) return 0;
  const name = `clock of ${node}`;
  return pick({ [name]: Array.from({ length: skew + 1 }, (_, i) => i) })[name]!;
}

function inboxOf(run: Configuration, to: string): object {
  return mapOf(Object.keys(run.handlersOf(to)), () => (run.network.copies === 'set' ? setOf([]) : new Bag([])));
}

/** What a node has on disk at first. */
export function durableOf({ protocol, constants }: Configuration, node: string): Fields {
  return { ...protocol.state.durable?.(constants, node) };
}

/**
 * What a node has in memory at first, and after a crash.
 *
 * @throws BivalentError `protocol/durable` where a crash would change what is durable
 */
export function volatileOf(run: Configuration, node: string): Fields {
  const { protocol, constants } = run;
  const fields = { ...protocol.state.volatile?.(constants, node) };
  const durable = durableOf(run, node);
  const both = Object.keys(fields).find((field) => Object.hasOwn(durable, field));
  if (both === undefined) return fields;
  throw new BivalentError(
    'protocol/durable',
    `${protocol.name} says that ${both} is durable and volatile: a crash would change what survives it`,
  );
}
