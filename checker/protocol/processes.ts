/**
 * Which steps of a protocol cannot get in each other's way: what partial-order reduction needs to know.
 *
 * A node or client touches its own state, takes messages from the queues that lead to it, and appends to those that lead
 * from it. Where every link is a queue of its own (FIFO, with one writer and one reader) nothing else is shared: to append
 * to a queue and to take what stands at its head commute.
 */
import type { Processes } from '../spec/index.ts';
import type { Configuration } from './configuration.ts';
import { isAllowed } from './faults.ts';
import { faultMeanings, type FaultName } from './faults.ts';

/**
 * The processes of a protocol with its constants bound; or, in words, why its steps are not told apart.
 *
 * @param messages - the types of all messages
 */
export function processesOf(run: Configuration, messages: readonly string[]): Processes | string {
  const reason = whyNot(run);
  if (reason !== undefined) return reason;
  const { parties, protocol } = run;
  const hasTimers = Object.keys(protocol.timers ?? {}).length > 0;
  return {
    takers: takersOf(run, messages),
    all: parties.map((name) => {
      const own = run.isClient(name) ? ['client', name] : ['node', name];
      const inQueues = run.queuesTo(name).map((from) => ['queue', name, from]);
      return {
        name,
        own: [own, ...(hasTimers ? [['timer', name]] : []), ...inQueues],
        inQueues,
        outQueues: parties.filter((to) => run.queuesTo(to).includes(name)).map((to) => ['queue', to, name]),
      };
    }),
  };
}

/** By action, those who may take it. */
function takersOf(run: Configuration, messages: readonly string[]): Processes['takers'] {
  const { actions = {}, timers = {}, clients } = run.protocol;
  return Object.fromEntries([
    ...Object.keys({ ...actions, ...timers }).map((action) => [action, run.nodes]),
    ...Object.keys(clients?.actions ?? {}).map((action) => [action, run.clients]),
    ...messages.map((type) => [type, run.handlersFor(type)]),
  ]);
}

function whyNot(run: Configuration): string | undefined {
  const { parties, network, faults, clocks } = run;
  const fault = (Object.keys(faultMeanings) as readonly FaultName[]).find((name) => isAllowed(faults, name));
  if (fault !== undefined) return `the fault ${fault} can happen to any node at any time`;
  if (clocks !== undefined) return 'clocks are shared: time passes for all nodes at once';
  if (network.capacity !== undefined) return 'the capacity of the network is shared';
  const links = parties.flatMap((from) => parties.map((to) => ({ from, to })));
  const odd = links.find((link) => !['fifo', 'none'].includes(run.orderOf(link)));
  if (odd === undefined) return undefined;
  return `messages from ${odd.from} to ${odd.to} are not in a queue of their own: order the links fifo, and none where there is no link`;
}
