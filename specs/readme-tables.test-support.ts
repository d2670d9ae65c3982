/**
 * The tables of READMEs, written from the specs' own data: of a spec its models and mutants, of the project all specs.
 * The list of a spec's properties names each of them once, in order; what goes wrong when one fails is written by hand.
 */
import { bind, type Expected, type Spec } from 'bivalent';

import type { LibrarySpec } from './library.test-support.ts';

/**
 * What the project's README says of its specs: one line for each, with what it renders, its properties, the states of
 * its largest model, and its mutants.
 *
 * Cells are not padded: a spec that is added changes no line but its own.
 */
export function librarySection(library: readonly LibrarySpec[]): string {
  const rows = library.map(({ name, spec, readme }) => [
    `[\`${name}\`](specs/${name})`,
    title(readme),
    propertyNames(spec)
      .map((property) => `\`${property}\``)
      .join(', '),
    figure(largestCount(spec)),
    String(Object.keys(spec.definition.mutants ?? {}).length),
  ]);
  const head = ['spec', 'protocol', 'properties', 'distinct states', 'mutants killed'];
  const table = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  return [...introduction, '', ...table].join('\n');
}

const introduction = [
  'Every spec has models with the counts that they must give, those of other checkers where there are such, and mutants:',
  'deliberate mistakes, each of which one of its properties catches. The tests check all of them; models of many states',
  'where `BIVALENT_ALL_MODELS=1` is set. The states are those of the largest model.',
];

/** The first heading of a README. */
function title(readme: string): string {
  return /^# (.+)/.exec(readme)?.[1] ?? '';
}

/** The most distinct states of any model of a spec that is explored to its end. */
function largestCount({ definition }: Spec): number {
  return Math.max(0, ...Object.values(definition.models ?? {}).map(({ expected }) => expected.distinct ?? 0));
}

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

/**
 * The names of all properties, kind by kind: those of states, of steps, of behaviours. What only some models are asked is
 * among them.
 */
export function propertyNames(spec: Spec): readonly string[] {
  const { invariants, transitionInvariants, temporal, reachable, refinements, models } = spec.definition;
  // What is asked of behaviours is a function of the constants. Large models are asked nothing that small ones are not.
  const isSame = temporal === undefined && refinements === undefined;
  const small = Object.entries(models ?? {}).filter(([, { expected }]) => (expected.distinct ?? 0) < 10_000);
  const systems = isSame ? [] : [{}, ...small.map(([model]) => ({ model }))].map((options) => bind(spec, options));
  const ofBehaviours = (kind: 'temporal' | 'refinements'): readonly string[] => [
    ...new Set(systems.flatMap((system) => system[kind].map(({ name }) => name))),
  ];
  return [
    ...[invariants, transitionInvariants].flatMap((part) => Object.keys(part ?? {})),
    ...ofBehaviours('temporal'),
    ...Object.keys(reachable ?? {}),
    ...ofBehaviours('refinements'),
  ];
}

/** The lines of the table or list under a heading. */
export function section(readme: string, heading: string): string {
  const [start, end] = bounds(readme, heading);
  return readme.slice(start, end).trim();
}

/** The README with another text under a heading. */
export function withSection(readme: string, heading: string, text: string): string {
  const [start, end] = bounds(readme, heading);
  const [before, after] = [readme.slice(0, start), readme.slice(end)];
  return `${before}\n${text}\n${after === '' ? '' : '\n'}${after}`;
}

/** Where the text under a heading begins, and where the next heading does. */
function bounds(readme: string, heading: string): readonly [start: number, end: number] {
  const line = `\n## ${heading}\n`;
  const at = readme.indexOf(line);
  if (at < 0) throw new Error(`this README has no heading ${heading}: ${readme.slice(0, 50)}`);
  const start = at + line.length;
  const next = readme.indexOf('\n## ', start - 1);
  return [start, next < 0 ? readme.length : next + 1];
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
