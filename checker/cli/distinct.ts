/** `--distinct n`: checks a spec again and again, for counterexamples beside the first. */
import { Option } from 'commander';

import { BivalentError } from '../core/index.ts';
import type { CheckOptions, Violation } from '../explore/index.ts';
import { startCheck } from '../property/index.ts';
import { distinctSearch, distinctSentence, type Distinct, type DistinctBy } from '../report/index.ts';
import type { System } from '../spec/index.ts';
import { explained, type ExplainFlags } from './explained.ts';
import { parseCount } from './quantity.ts';
import { runToEnd } from './run-to-end.ts';

/** How many counterexamples are asked for, and in what they are to differ. */
export interface DistinctFlags {
  readonly distinct?: number;
  readonly distinctBy?: DistinctBy;
}

export const distinctOptions = (): Option[] => [
  new Option('--distinct <n>', 'look for so many counterexamples').argParser(parseCount),
  new Option('--distinct-by <what>', 'in what they are to differ; the property where nothing is said').choices([
    'property',
    'actions',
    'faults',
  ] satisfies DistinctBy[]),
];

/** Refuses, before any check, a way to differ where nothing is asked for that could. */
export function requireDistinct({ distinct, distinctBy }: DistinctFlags): void {
  if (distinct !== undefined || distinctBy === undefined) return;
  throw new BivalentError(
    'usage/arguments',
    '--distinct-by needs --distinct: say how many counterexamples to look for',
  );
}

/** What is needed to check a spec again. */
interface Again {
  readonly system: System;
  readonly options: CheckOptions;
  readonly flags: DistinctFlags & ExplainFlags & { readonly stepTimeout: number };
  readonly interrupted: AbortSignal;
}

/**
 * Looks for counterexamples beside the first; each check has the limits of the first one.
 *
 * @returns `undefined` where none was asked for
 */
export async function distinctFrom(
  first: Violation | undefined,
  { system, options, flags, interrupted }: Again,
): Promise<Distinct | undefined> {
  const { distinct: wanted, distinctBy: by = 'property', stepTimeout: stepTimeoutMs } = flags;
  if (wanted === undefined || first === undefined) return undefined;
  const search = distinctSearch(system, first, by);
  const counterexamples: Distinct['counterexamples'][number][] = [];
  let isComplete = true;
  while (counterexamples.length < wanted - 1 && !interrupted.aborted) {
    const next = search.next();
    if (next === undefined) break;
    const result = await runToEnd(startCheck(next, options), { stepTimeoutMs, interrupted });
    isComplete &&= result.result !== 'incomplete';
    const { violation } = result;
    if (!search.found(violation) || violation === undefined) continue;
    const explanation = explained(result, system, flags);
    counterexamples.push({ violation, ...(explanation !== undefined && { explanation }) });
  }
  const isEnough = counterexamples.length === wanted - 1;
  const end = isEnough ? 'enough' : isComplete && !interrupted.aborted ? 'none left' : 'incomplete';
  return { by, sentence: distinctSentence(by, counterexamples.length, end), counterexamples };
}
