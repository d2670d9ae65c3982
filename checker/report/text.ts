/** A report as text for people: the verdict first, then what a violation looks like, then the figures. */
import type { CheckResult } from '../explore/index.ts';
import { show } from '../value/index.ts';
import { dependencyLines } from './dependencies-text.ts';
import type { Distinct } from './distinct.ts';
import {
  alternativesText,
  comparisonText,
  decisionParts,
  lastStepParts,
  type ExplanationPart,
} from './explanation-text.ts';
import type { Explanation } from './explanation.ts';
import { mebibytes, number } from './number-text.ts';
import { paintFor, type Paint } from './paint.ts';
import { checkReport, type Behaviour, type FailedProperty, type Outcome, type Report } from './report.ts';
import { changeLines, stateLines } from './state-text.ts';
import { table } from './table.ts';

/** Constants that take more characters than this stand one on a line. */
const widest = 100;

export interface TextOptions {
  /** Whether to colour it for a terminal. */
  readonly color?: boolean;
  /** Of a violation, what `explain` gave. */
  readonly explanation?: Explanation;
  /** Counterexamples beside that of the result. */
  readonly distinct?: Distinct;
}

/**
 * Writes a result as text for a terminal.
 *
 * @returns whole lines; without `color`, the same for the same result, but for its times
 */
export function textReport(result: CheckResult, { color = false, explanation, distinct }: TextOptions = {}): string {
  const paint = paintFor(color);
  const { dependencies, result: verdict } = result;
  return written([
    ...reportParts(
      checkReport(result, { ...(explanation && { explanation }), ...(distinct && { distinct }) }),
      paint,
      measuredLine(result, paint),
    ),
    dependencies === undefined ? [] : dependencyLines(dependencies, verdict, paint),
  ]);
}

/** A report of any kind as text, without what differs from run to run. */
export function plainReport(report: Report): string {
  return written(reportParts(report, paintFor(false)));
}

function written(parts: readonly (readonly string[])[]): string {
  return `${parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

/** The parts of a report, each as lines; a blank line belongs between them. */
function reportParts(report: Report, paint: Paint, measured?: string): readonly (readonly string[])[] {
  const { behaviour, failure, explanation, findings, others } = report;
  return [
    [verdictLine(report, paint)],
    reasonLines(report),
    ...(behaviour === undefined ? [] : [traceLines(behaviour, explanation, paint)]),
    failure === undefined
      ? []
      : [...failureLines(failure, paint), ...partLines(explanation === undefined ? [] : decisionParts(explanation))],
    lastStepLines(report),
    faultLines(report),
    ...findings.map(({ title, text }) => [`  ${title}`, ...text.split('\n').map((line) => `    ${line}`.trimEnd())]),
    figureLines(report, measured, paint),
    coverageLines(report, paint),
    ...(others === undefined
      ? []
      : [[paint.bold(`${others.sentence}.`)], ...others.reports.flatMap((other) => reportParts(other, paint))]),
  ];
}

const marks: Readonly<Record<Outcome, readonly [mark: string, color: 'green' | 'red' | 'yellow']>> = {
  holds: ['✓', 'green'],
  violated: ['✗', 'red'],
  undecided: ['?', 'yellow'],
};

/** The verdict on one line; a headline begins with its subject. */
function verdictLine({ subject, outcome, headline }: Report, paint: Paint): string {
  const [mark, color] = marks[outcome];
  return `${paint[color](mark)} ${paint.bold(subject)}${paint[color](headline.slice(subject.length))}`;
}

/** Beside a violation: on which random walk it was found, or which limit was reached too. */
function reasonLines({ outcome, reason }: Report): readonly string[] {
  return outcome === 'violated' && reason !== undefined ? [`  ${reason}`] : [];
}

/** The steps, numbered; of each state but the first only what changed. */
function traceLines({ steps, loopsTo }: Behaviour, explanation: Explanation | undefined, paint: Paint): string[] {
  const width = String(steps.length - 1).length;
  const lines = steps.flatMap((step, i) => {
    const before = steps[i - 1];
    const detail = before === undefined ? stateLines(step.state) : changeLines(before.state, step.state, paint);
    const event = step.event === undefined ? '' : `  ${paint.dim(step.event)}`;
    const title = `  ${paint.dim(String(i).padStart(width))}  ${paint.bold(step.name)}${event}`;
    const counts = explanation?.alternatives?.[i];
    const others = counts === undefined ? [] : [paint.dim(`(${alternativesText(counts)})`)];
    return [title, ...[...detail, ...others].map((line) => `  ${' '.repeat(width)}    ${line}`)];
  });
  if (loopsTo !== undefined) {
    const stays = loopsTo === steps.length - 1;
    lines.push(stays ? `  and stays there for ever` : `  which is state ${loopsTo} again, and so on for ever`);
  }
  return lines;
}

/** Which property fails where, and what it read there. */
function failureLines({ sentence, read }: FailedProperty, paint: Paint): string[] {
  const colon = read.length === 0 ? '' : ', where it read';
  const reads = table(
    read.map(({ path, value }) => [path, show(value)]),
    { right: [false, false], indent: '    ' },
  );
  return [`  ${paint.red(sentence)}${colon}`, ...reads];
}

function partLines(parts: readonly ExplanationPart[]): string[] {
  return parts.flatMap(({ sentence, lines }) => [`  ${sentence}`, ...lines.map((line) => `    ${line}`)]);
}

/** Why the last step was possible. */
function lastStepLines({ explanation, behaviour }: Report): string[] {
  return explanation === undefined
    ? []
    : partLines(lastStepParts(explanation, (step) => behaviour?.steps[step]?.name ?? ''));
}

/** The faults of the counterexample, and whether there are simpler ones. */
function faultLines({ faults, explanation, behaviour }: Report): string[] {
  const comparison = explanation && comparisonText(explanation, (behaviour?.steps.length ?? 1) - 1);
  return [
    ...(faults === undefined ? [] : [`  Faults on the way: ${faults}`]),
    ...(comparison === undefined ? [] : [`  ${comparison}`]),
  ];
}

/** How much was seen; `measured` is a line that differs from run to run. */
function figureLines({ figures, constants }: Report, measured: string | undefined, paint: Paint): string[] {
  const counts = figures.filter(({ name }) => name !== 'seed').map(({ text }) => text);
  const seed = figures.find(({ name }) => name === 'seed');
  const named = Object.entries(constants).map(([name, value]) => `${name} = ${show(value)}`);
  const onOneLine = named.join(', ');
  return [
    ...(counts.length === 0 ? [] : [`  ${counts.join(', ')}`]),
    ...(measured === undefined ? [] : [measured]),
    ...(seed === undefined ? [] : [`  ${paint.dim(seed.text)}`]),
    ...(onOneLine.length <= widest ? [onOneLine] : named).filter(Boolean).map((line) => `  ${paint.dim(line)}`),
  ];
}

/** Time, memory, and how often user code ran. */
function measuredLine(
  { learning, seconds, statesPerSecond, bytesPerState, disk, swarm }: CheckResult,
  paint: Paint,
): string {
  const figures = [
    `${duration(seconds)} s`,
    `${number(statesPerSecond)} ${swarm === undefined ? 'states' : 'visited states'}/s`,
    ...(bytesPerState > 0 ? [`${number(bytesPerState)} bytes a state`] : []),
    ...(disk === undefined ? [] : [`${number(disk.states)} states on disk (${mebibytes(disk.peakBytes)} at most)`]),
    `${number(learning.actionCalls)} calls of actions, ${number(learning.invariantCalls)} of properties`,
    ...auditFigure(learning.audited),
  ];
  return `  ${paint.dim(figures.join(', '))}`;
}

/**
 * How many states were expanded by user code as well, and how surely that shows that what was learned is right: were one
 * state of twenty expanded wrongly, so many audits would find one with this probability.
 */
function auditFigure(audited: number): string[] {
  if (audited === 0) return [];
  const probability = Math.floor(100 * (1 - 0.95 ** audited));
  return [`${number(audited)} states audited (${probability} % sure to find an error in 1 of 20)`];
}

/** How often each action was taken, and what else must be known with the verdict. */
function coverageLines({ coverage, notes }: Report, paint: Paint): string[] {
  const noteLines = notes.map((note) => paint.yellow(`  ${note}`));
  if (coverage === undefined) return noteLines;
  const rows = Object.entries(coverage.actions).map(([name, { taken, distinct }]) => [
    name,
    number(taken),
    number(distinct),
  ]);
  const [header, ...lines] = table([['action', 'taken', 'new states'], ...rows], {
    right: [false, true, true],
    indent: '  ',
  });
  return [paint.dim(header!), ...lines, ...noteLines];
}

/** Seconds, in as many digits as tell something. */
function duration(seconds: number): string {
  return seconds < 10 ? seconds.toFixed(2) : seconds.toFixed(0);
}
