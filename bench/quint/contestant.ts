/**
 * Quint's simulator on the same walks: the evaluator in TypeScript that its package on npm holds.
 *
 * Its other evaluator, in Rust, is fetched from elsewhere when it is first used, and is not measured here.
 */
import { fileURLToPath } from 'node:url';

import type { Contestant, Measurement } from '../frame/contest.ts';
import { isInstalled, output } from '../frame/contestants.ts';

/** Walks, and how long they are. */
export interface Walks {
  readonly walks: number;
  /** States of a walk, the initial one included. */
  readonly depth: number;
}

/** Why Quint cannot run here; `undefined` where it can. */
export function quintMissing(): string | undefined {
  return isInstalled('quint') ? undefined : 'quint not installed';
}

/** Runs Quint's simulator on a model beside this file; returns what it printed. */
export function runQuint(model: string, { walks, depth }: Walks, ...more: readonly string[]): Promise<string> {
  const file = fileURLToPath(new URL(model, import.meta.url));
  const limits = ['--max-samples', String(walks), '--max-steps', String(depth - 1), '--seed', '1'];
  return output('quint', ['run', file, '--backend', 'typescript', '--verbosity', '1', ...limits, ...more]);
}

/**
 * Quint's simulator, which looks at the invariants in each state.
 *
 * @param walks - none may end earlier, or less is done than is counted
 */
export function quintContestant(model: string, invariants: readonly string[], walks: Walks): Contestant {
  return {
    name: 'Quint (evaluator in TypeScript)',
    absent: quintMissing,
    async run(): Promise<Measurement> {
      const text = await runQuint(model, walks, '--invariants', ...invariants);
      const [, milliseconds] = /No violation found.*?\((\d+)ms/.exec(text) ?? [];
      if (milliseconds === undefined) throw new Error(`Quint did not finish:\n${text}`);
      return { seconds: Number(milliseconds) / 1000, generated: walks.walks * walks.depth };
    },
  };
}
