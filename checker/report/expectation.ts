/** Compares a result with what a model or mutant of the spec says it must be. */
import type { CheckResult } from '../explore/index.ts';
import type { Expected } from '../spec/index.ts';

type Figure = number | string | undefined;

/**
 * Says in which figures a result differs from what is expected.
 *
 * @returns one phrase for each difference, `distinct states: 287, not the 288 expected`; empty where all is as expected
 */
export function unexpected(result: CheckResult, expected: Expected): readonly string[] {
  const { violation } = result;
  const differences: string[] = [];
  const compare = (what: string, found: Figure, wanted: Figure): void => {
    if (wanted === undefined || found === wanted) return;
    differences.push(`${what}: ${figure(found)}, not the ${figure(wanted)} expected`);
  };
  compare('result', result.result, expected.result);
  compare('violated property', violation?.name, expected.breaks);
  compare('steps', violation && violation.trace.length - 1, expected.steps);
  compare('distinct states', result.distinctStates, expected.distinct);
  compare('generated states', result.generatedStates, expected.generated);
  compare('depth', result.depth, expected.depth);
  return differences;
}

function figure(value: Figure): string {
  return typeof value === 'number' ? value.toLocaleString('en-US') : (value ?? 'none');
}
