/** Results beside what was expected of them: a table for people, a document for programs. */
import type { CheckResult } from '../explore/index.ts';
import type { Expected } from '../spec/index.ts';
import { unexpected } from './expectation.ts';
import { checkDocument, schemaVersion, type Document } from './json.ts';
import { paintFor } from './paint.ts';
import { table } from './table.ts';
import type { TextOptions } from './text.ts';

/** A check of which the result is known beforehand. */
export interface Trial {
  /** The spec, as the library names it. */
  readonly name: string;
  /** The model or mutant. */
  readonly variant: string;
  readonly expected: Expected;
  readonly result: CheckResult;
}

/** Whether every trial gave what is expected. */
export function allAsExpected(trials: readonly Trial[]): boolean {
  return trials.every(({ result, expected }) => unexpected(result, expected).length === 0);
}

/**
 * Lays out trials as a table, and under each that went otherwise how it differs.
 *
 * @param headings - what the first two columns hold
 */
export function trialsText(
  trials: readonly Trial[],
  headings: readonly [name: string, variant: string],
  { color = false }: TextOptions = {},
): string {
  const paint = paintFor(color);
  const rows = trials.map(({ name, variant, result }) => [
    name,
    variant,
    outcome(result),
    ...[result.distinctStates, result.generatedStates, result.depth].map((n) => n.toLocaleString('en-US')),
    `${result.seconds.toFixed(2)} s`,
  ]);
  const right = [false, false, false, true, true, true, true];
  const [header, ...lines] = table([[...headings, 'result', 'distinct', 'generated', 'depth', 'time'], ...rows], {
    right,
  });
  const body = trials.flatMap(({ result, expected }, i) => {
    const differences = unexpected(result, expected);
    const mark = differences.length === 0 ? paint.green('✓') : paint.red('✗');
    return [`${mark} ${lines[i]!}`, ...differences.map((difference) => paint.red(`    ${difference}`))];
  });
  return `${[paint.dim(`  ${header!}`), ...body, '', summary(trials)].join('\n')}\n`;
}

/** Trials as a document: `result` is `"ok"` where all went as expected. */
export function trialsDocument(trials: readonly Trial[]): Document {
  return {
    schemaVersion,
    result: allAsExpected(trials) ? 'ok' : 'violation',
    trials: trials.map(({ name, variant, expected, result }) => ({
      name,
      variant,
      expected,
      differences: unexpected(result, expected),
      check: checkDocument(result),
    })),
  };
}

function outcome({ result, violation }: CheckResult): string {
  if (result === 'ok') return 'holds';
  if (violation === undefined) return result;
  const steps = violation.trace.length - 1;
  return `${violation.name} fails in ${steps} ${steps === 1 ? 'step' : 'steps'}`;
}

function summary(trials: readonly Trial[]): string {
  const wrong = trials.filter(({ result, expected }) => unexpected(result, expected).length > 0).length;
  return wrong === 0 ? `All ${trials.length} as expected` : `${wrong} of ${trials.length} not as expected`;
}
