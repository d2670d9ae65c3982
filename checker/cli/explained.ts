/** Explains what was found, with the source of the spec at hand. */
import { readFileSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { Option } from 'commander';

import { BivalentError } from '../core/index.ts';
import type { CheckResult } from '../explore/index.ts';
import { explain, minimise, type Compared, type Explanation } from '../report/index.ts';
import type { System } from '../spec/index.ts';
import { withinLimit } from './run-to-end.ts';

/** How much is explained. */
export interface ExplainFlags {
  readonly alternatives?: true;
}

export const explainOptions = (): Option[] => [
  new Option('--alternatives', 'tell with each step of a counterexample which others were enabled'),
];

/** The explanation of a violation; `undefined` where there is none, or where the spec's code cannot be run once more. */
export function explained(
  { violation }: CheckResult,
  system: System,
  { alternatives, stepTimeout }: ExplainFlags & { readonly stepTimeout: number },
  compared: Compared = 'nothing',
): Explanation | undefined {
  if (violation === undefined) return undefined;
  try {
    const options = { sourceOf, alternatives: alternatives === true };
    const explanation = withinLimit(stepTimeout, () => explain(system, violation, options));
    return { ...explanation, compared };
  } catch (error) {
    // The violation was found by the same code: what is wrong now is with running it under a watch.
    if (error instanceof BivalentError) return undefined;
    throw error;
  }
}

/**
 * The same result with the simplest of the shortest counterexamples, as far as that can be found in little time.
 *
 * What was found stays where the user interrupts the search, or the spec's code fails in it.
 */
export async function simplest(
  result: CheckResult,
  system: System,
  { stepTimeout, interrupted }: { readonly stepTimeout: number; readonly interrupted: AbortSignal },
): Promise<{ readonly result: CheckResult; readonly compared: Compared }> {
  if (result.violation === undefined) return { result, compared: 'nothing' };
  const search = minimise(system, result.violation);
  try {
    while (!interrupted.aborted) {
      const { done, value } = withinLimit(stepTimeout, () => search.next());
      if (done === true) return { result: { ...result, violation: value.violation }, compared: value.compared };
      await nextTurn();
    }
  } catch (error) {
    if (!(error instanceof BivalentError)) throw error;
  }
  return { result, compared: 'nothing' };
}

/** The text of a source file, as stacks name it. */
export function sourceOf(file: string): string | undefined {
  try {
    return readFileSync(file.startsWith('file:') ? fileURLToPath(file) : file, 'utf8');
  } catch {
    // The source of a compiled spec may not be there: its places are told without their text.
    return undefined;
  }
}
