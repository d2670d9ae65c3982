/** A result as text for people: the verdict first, then the figures, then what a violation looks like. */
import type { CheckResult, TraceStep, Violation } from '../explore/index.ts';
import { show, showCall } from '../value/index.ts';
import { dependencyLines } from './dependencies-text.ts';
import { paintFor, type Paint } from './paint.ts';
import { changeLines, stateLines } from './state-text.ts';
import { table } from './table.ts';

/** Constants that take more characters than this stand one on a line. */
const widest = 100;

export interface TextOptions {
  /** Whether to colour it for a terminal. */
  readonly color?: boolean;
}

/**
 * Writes a result as text.
 *
 * @returns whole lines; without `color`, the same for the same result, but for its times
 */
export function textReport(result: CheckResult, { color = false }: TextOptions = {}): string {
  const paint = paintFor(color);
  const { violation, reason } = result;
  const parts = [
    [verdictLine(result, paint)],
    // A random walk says on which walk the violation was found.
    violation !== undefined && reason !== undefined ? [`  ${reason}`] : [],
    ...(violation === undefined ? [] : [traceLines(violation, paint), failureLines(violation, paint)]),
    figureLines(result, paint),
    coverageLines(result, paint),
    result.dependencies === undefined ? [] : dependencyLines(result.dependencies, result.result, paint),
  ];
  return `${parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

/** The verdict on one line: what was checked and what came out. */
export function verdictLine({ spec, result, reason, violation }: CheckResult, paint: Paint): string {
  const title = paint.bold(spec);
  if (result === 'ok') return `${paint.green('✓')} ${title} ${paint.green('holds')} in every reachable state`;
  if (violation !== undefined) {
    return `${paint.red('✗')} ${title} ${paint.red(violationPhrase(violation))}${after(violation)}`;
  }
  const verdict = paint.yellow(result === 'error' ? 'cannot be checked' : result);
  return `${paint.yellow('?')} ${title}: ${verdict}, ${reason}; no violation found`;
}

function violationPhrase({ kind, name }: Violation): string {
  return kind === 'deadlock' ? 'deadlocks' : `violates ${name}`;
}

function after({ trace }: Violation): string {
  const steps = trace.length - 1;
  if (steps === 0) return ' in an initial state';
  return ` after ${steps === 1 ? '1 step' : `${steps} steps`}`;
}

/** The steps, numbered; of each state but the first only what changed. */
function traceLines({ trace, loopsTo }: Violation, paint: Paint): string[] {
  const width = String(trace.length - 1).length;
  const lines = trace.flatMap((step, i) => {
    const before = trace[i - 1];
    const detail = before === undefined ? stateLines(step.state) : changeLines(before.state, step.state, paint);
    const title = `  ${paint.dim(String(i).padStart(width))}  ${paint.bold(stepName(step))}`;
    return [title, ...detail.map((line) => `  ${' '.repeat(width)}    ${line}`)];
  });
  if (loopsTo !== undefined) lines.push(`  and from there back to state ${loopsTo}, for ever`);
  return lines;
}

function stepName({ action, parameters }: TraceStep): string {
  return action === null ? 'initial state' : showCall(action, parameters);
}

/** Which property fails where, and what it read there. */
function failureLines({ kind, name, parameters, read, trace }: Violation, paint: Paint): string[] {
  const last = trace.length - 1;
  if (kind === 'deadlock')
    return [`  No action is enabled in state ${last}, and it is not one in which the spec may end`];
  const where = kind === 'transition' ? `in the step from state ${last - 1} to ${last}` : `in state ${last}`;
  const colon = read.length === 0 ? '' : ', where it read';
  const reads = table(
    read.map(({ path, value }) => [path, show(value)]),
    { right: [false, false], indent: '    ' },
  );
  return [`  ${paint.red(showCall(name, parameters))} is false ${where}${colon}`, ...reads];
}

function figureLines(result: CheckResult, paint: Paint): string[] {
  const { distinctStates, generatedStates, skipped, depth, learning, seconds, bytesPerState } = result;
  const counts = [
    `${number(distinctStates)} distinct states`,
    `${number(generatedStates)} generated`,
    ...(skipped > 0 ? [`${number(skipped)} skipped`] : []),
    `depth ${number(depth)}`,
  ];
  const figures = [
    `${duration(seconds)} s`,
    `${number(result.statesPerSecond)} states/s`,
    ...(bytesPerState > 0 ? [`${number(bytesPerState)} bytes a state`] : []),
    `${number(learning.actionCalls)} calls of actions, ${number(learning.invariantCalls)} of properties`,
    ...auditFigure(learning.audited),
  ];
  const constants = Object.entries(result.constants).map(([name, value]) => `${name} = ${show(value)}`);
  const onOneLine = constants.join(', ');
  return [
    `  ${counts.join(', ')}`,
    `  ${paint.dim(figures.join(', '))}`,
    ...(result.seed === undefined ? [] : [`  ${paint.dim(`seed ${result.seed}`)}`]),
    ...(onOneLine.length <= widest ? [onOneLine] : constants).filter(Boolean).map((line) => `  ${paint.dim(line)}`),
  ];
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

/** How often each action was taken; those that never were are named, since a check says nothing of them. */
function coverageLines({ actions, faults }: CheckResult, paint: Paint): string[] {
  const rows = Object.entries(actions).map(([name, { taken, distinct }]) => [name, number(taken), number(distinct)]);
  const idle = Object.keys(actions).filter((name) => actions[name]!.taken === 0 && !Object.hasOwn(faults, name));
  const unused = Object.keys(faults).filter((name) => faults[name] === 0);
  const [header, ...lines] = table([['action', 'taken', 'new states'], ...rows], {
    right: [false, true, true],
    indent: '  ',
  });
  return [
    paint.dim(header!),
    ...lines,
    ...(idle.length === 0 ? [] : [paint.yellow(`  never enabled: ${idle.join(', ')}`)]),
    ...(unused.length === 0 ? [] : [paint.yellow(`  faults that never happened: ${unused.join(', ')}`)]),
  ];
}

function number(n: number): string {
  return Math.round(n).toLocaleString('en-US');
}

/** Seconds, in as many digits as tell something. */
function duration(seconds: number): string {
  return seconds < 10 ? seconds.toFixed(2) : seconds.toFixed(0);
}
