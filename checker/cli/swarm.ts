/** `check --swarm n`: many seeded searches, where a state space is too large to be explored. */
import { InvalidArgumentError, Option } from 'commander';

import { BivalentError } from '../core/index.ts';
import { startSwarm, type CheckResult } from '../explore/index.ts';
import type { System } from '../spec/index.ts';
import { limitsOf, type CheckFlags } from './check-options.ts';
import { interruptible } from './interruption.ts';
import { parseCount } from './quantity.ts';
import { runToEnd } from './run-to-end.ts';
import { Statistics } from './statistics.ts';

/** More searches than this are better started with another seed: nobody waits for them to end. */
const mostSearches = 100_000;

export const swarmOption = (): Option =>
  new Option(
    '--swarm <n>',
    'run so many seeded searches in place of exploring every state: depth first and random walks in turn',
  ).argParser((text) => {
    const searches = parseCount(text);
    if (searches <= mostSearches) return searches;
    throw new InvalidArgumentError(`It must be at most ${mostSearches}.`);
  });

/**
 * Refuses, before any search, what a swarm cannot do.
 *
 * @param asksForThreads - whether more than one thread was asked for by name
 */
export function requireSwarmAlone(flags: CheckFlags, asksForThreads: boolean): void {
  if (flags.swarm === undefined) return;
  const needsEveryState = {
    '--symmetry': flags.symmetry,
    '--partial-order': flags.partialOrder,
    '--fingerprint': flags.fingerprint,
    '--checkpoint': flags.checkpoint,
    '--resume': flags.resume,
    '--every': flags.every,
    '--disk-limit': flags.diskLimit,
    '--disk': flags.disk,
    '--distinct': flags.distinct,
    '--dependencies': flags.dependencies,
    '--dependency-graph': flags.dependencyGraph,
    '--state-graph': flags.stateGraph.length > 0 || undefined,
  };
  const refused = Object.entries(needsEveryState).find(([, value]) => value !== undefined);
  if (refused !== undefined) {
    throw new BivalentError(
      'usage/arguments',
      `${refused[0]} is for a check of every state, and --swarm samples them: leave one of the two out`,
    );
  }
  if (asksForThreads) {
    throw new BivalentError(
      'usage/arguments',
      '--swarm takes one thread: for several, run the command several times, each with a --seed of its own',
    );
  }
}

/** Runs the swarm that the flags ask for; where no seed is given, one is drawn. */
export async function runSwarm(system: System, searches: number, flags: CheckFlags): Promise<CheckResult> {
  const { seed = Math.floor(Math.random() * 2 ** 32), audit, stepTimeout: stepTimeoutMs } = flags;
  const run = startSwarm(system, { searches, seed, audit, limits: limitsOf(flags) });
  const statistics = flags.stats === undefined ? undefined : new Statistics(flags.stats);
  const describe = (): string => {
    const { searches: ended, visited, distinctStates, seconds } = run.progress();
    const rate = Math.round(visited / Math.max(seconds, 0.001)).toLocaleString('en-US');
    return `${ended} of ${searches} searches  ${distinctStates.toLocaleString('en-US')} states  ${rate} visited/s  ${seconds.toFixed(0)} s  Ctrl-C stops and reports`;
  };
  return interruptible((interrupted) => runToEnd(run, { stepTimeoutMs, interrupted, describe, statistics }));
}
