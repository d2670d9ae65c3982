/** Figures that are kept: one file a day in `results/`, and the tables that show how they changed. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';

import type { Phase } from '../phases.ts';
import type { Outcome, Standing } from './contest.ts';
import { machineText, type Machine } from './machine.ts';

/** What one run of the benchmarks gave. */
export interface Results {
  /** The day: `2026-11-26`. */
  readonly date: string;
  readonly machine: Machine;
  readonly loadAtEnd: number;
  readonly rounds: number;
  readonly outcomes: readonly Outcome[];
  readonly phases: readonly Phase[];
}

const folder = new URL('../results/', import.meta.url);

/** Keeps results: contests that were held on the same day and machine, and not again, stay as they are. */
export function saveResults(results: Results): void {
  const isOfToday = ({ date, machine }: Results): boolean =>
    date === results.date && isDeepStrictEqual({ ...machine, load: 0 }, { ...results.machine, load: 0 });
  const earlier = readResults().find(isOfToday);
  const again = new Set(results.outcomes.map(({ title }) => title));
  const others = earlier?.outcomes.filter(({ title }) => !again.has(title)) ?? [];
  const whole = { ...results, outcomes: [...others, ...results.outcomes] };
  if (results.phases.length === 0 && earlier !== undefined) whole.phases = earlier.phases;
  writeFileSync(new URL(`${results.date}.json`, folder), `${JSON.stringify(whole, null, 2)}\n`);
}

/** All results that are kept, the oldest first. */
export function readResults(): readonly Results[] {
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return names.toSorted().map((name) => JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as Results);
}

/**
 * How results changed, as tables of Markdown: for each contest a row for each contestant, and a column for each day with the
 * median seconds and, after ×, the ratio to the first contestant. Days differ in machines and in what else ran there, so
 * that it is the ratios that tell.
 */
export function trendTables(kept: readonly Results[]): string {
  const days = kept.map(({ date, machine }) => `- ${date}: ${machineText(machine)}`);
  // As they were held last: what is not held any more comes last.
  const titles = [...new Set(kept.toReversed().flatMap(({ outcomes }) => outcomes.map(({ title }) => title)))];
  return [days.join('\n'), ...titles.map((title) => trendOf(title, kept))].join('\n\n');
}

function trendOf(title: string, kept: readonly Results[]): string {
  const held = kept.flatMap(({ date, outcomes }) => {
    const outcome = outcomes.find((one) => one.title === title);
    return outcome === undefined ? [] : [{ date, standings: outcome.standings }];
  });
  const names = [...new Set(held.toReversed().flatMap(({ standings }) => standings.map(({ name }) => name)))];
  const rows = names.map((name) => [
    name,
    ...held.map(({ standings }) => cell(standings.find((one) => one.name === name))),
  ]);
  const lines = [['', ...held.map(({ date }) => date)], ['---', ...held.map(() => '--:')], ...rows];
  return [`### ${title}`, '', ...lines.map((cells) => `| ${cells.join(' | ')} |`)].join('\n');
}

function cell(standing: Standing | undefined): string {
  if (standing?.median === undefined) return '–';
  const ratio = standing.ratio === undefined ? '' : ` ×${standing.ratio.toFixed(2)}`;
  return `${standing.median.toFixed(2)} s${ratio}`;
}
