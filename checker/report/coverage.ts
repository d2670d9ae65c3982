/** How often each action was taken, and which never were. */
import type { ActionCoverage } from '../explore/index.ts';

/** What a result says of its actions. */
export interface Coverage {
  readonly actions: Readonly<Record<string, ActionCoverage>>;
  /** Of each fault that the configuration allows, how often it happened. */
  readonly faults: Readonly<Record<string, number>>;
}

/** Actions that were never enabled, and faults that were allowed and never happened: a check says nothing of them. */
export function neverTaken({ actions, faults }: Coverage): { readonly idle: string[]; readonly unused: string[] } {
  return {
    idle: Object.keys(actions).filter((name) => actions[name]!.taken === 0 && !Object.hasOwn(faults, name)),
    unused: Object.keys(faults).filter((name) => faults[name] === 0),
  };
}
