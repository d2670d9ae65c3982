/**
 * The tables of a spec's README: those of models and mutants are written from the spec's own data, and the list of
 * properties names each of them once, in order. What goes wrong when a property fails is written by hand.
 */
import type { Expected, Spec } from 'bivalent';

/** The table of models, one line each: constants, result, counts. */
export function modelsTable(spec: Spec): string {
  const rows = Object.entries(spec.definition.models ?? {}).map(([name, { constants, expected }]) => [
    name,
    constantsText(constants),
    resultText(expected),
    ...[expected.distinct, expected.generated, expected.depth].map(figure),
  ]);
  return table(['model', 'constants', 'result', 'distinct', 'generated', 'depth'], rows);
}

/** The table of mutants, one line each: the property that catches the mistake, and in how many steps. */
export function mutantsTable(spec: Spec): string {
  const rows = Object.entries(spec.definition.mutants ?? {}).map(([name, mutant]) => [
    name,
    [mutant.model, constantsText(mutant.constants)].filter((text) => text !== undefined && text !== '').join(', '),
    mutant.breaks,
    String(mutant.steps),
  ]);
  return table(['mistake', 'model', 'caught by', 'steps'], rows);
}

/** The names of all properties, in the order of the spec. */
export function propertyNames({ definition }: Spec): readonly string[] {
  return [...Object.keys(definition.invariants ?? {}), ...Object.keys(definition.transitionInvariants ?? {})];
}

/** The lines of the table or list under a heading. */
export function section(readme: string, heading: string): string {
  const start = readme.indexOf(`## ${heading}\n`);
  if (start < 0) return '';
  const [, ...lines] = readme.slice(start).split('\n');
  const end = lines.findIndex((line) => line.startsWith('## '));
  return lines
    .slice(0, end < 0 ? undefined : end)
    .join('\n')
    .trim();
}

/** The README with another text under a heading. */
export function withSection(readme: string, heading: string, text: string): string {
  return readme.replace(`## ${heading}\n\n${section(readme, heading)}`, () => `## ${heading}\n\n${text}`);
}

function resultText({ result, breaks, steps }: Expected): string {
  return result === 'ok' ? 'holds' : `\`${String(breaks)}\` fails in ${String(steps)} steps`;
}

function constantsText(constants: object = {}): string {
  return Object.entries(constants)
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ');
}

function figure(value: number | undefined): string {
  return value === undefined ? '' : value.toLocaleString('en-US');
}

/** A Markdown table as prettier writes it: cells padded to the width of their column. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, i) => Math.max(3, title.length, ...rows.map((row) => row[i]!.length)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, i) => cell.padEnd(widths[i]!)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}
