/** How contests ended, as tables of Markdown. */
import type { Measurement, Outcome, Standing } from './contest.ts';

const header = [
  '',
  'states',
  'generated',
  'seconds',
  'ratio',
  'CPU seconds',
  'ns/state',
  'bytes/state',
  'calls of user code',
];

/** A table with a row for each contestant, under the title of the contest. */
export function standingsTable({ title, standings }: Outcome): string {
  const rows = standings.map(row);
  const widths = header.map((cell, i) => Math.max(3, cell.length, ...rows.map((cells) => cells[i]!.length)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join(' | ')} |`;
  const rule = widths.map((width, i) => (i === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`));
  const absent = standings.flatMap(({ name, absent }) =>
    absent === undefined ? [] : [`${name} did not run: ${absent}`],
  );
  return [`### ${title}`, '', line(header), line(rule), ...rows.map(line), ...absent.map((text) => `\n${text}`)].join(
    '\n',
  );
}

function row({ name, absent, rounds, median, ratio, cpuMedian, cpuRatio }: Standing): string[] {
  const last = rounds.at(-1);
  if (absent !== undefined || last === undefined || median === undefined)
    return [name, ...header.slice(1).map(() => '–')];
  return [
    name,
    number(last.distinct),
    number(last.generated),
    secondsText(median, rounds),
    ratio === undefined ? '–' : ratio.toFixed(2),
    cpuMedian === undefined
      ? '–'
      : `${cpuMedian.toFixed(2)}${cpuRatio === undefined ? '' : ` ×${cpuRatio.toFixed(2)}`}`,
    number((1e9 * median) / (last.distinct ?? last.generated)),
    number(last.bytesPerState),
    number(last.userCalls),
  ];
}

/** The median, and between what the rounds lay. */
function secondsText(median: number, rounds: readonly Measurement[]): string {
  const seconds = rounds.map((round) => round.seconds);
  const range = rounds.length === 1 ? '' : ` (${Math.min(...seconds).toFixed(2)}–${Math.max(...seconds).toFixed(2)})`;
  return `${median.toFixed(2)}${range}`;
}

function number(n: number | undefined): string {
  return n === undefined ? '–' : Math.round(n).toLocaleString('en-US');
}
