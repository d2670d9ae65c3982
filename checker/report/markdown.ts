/**
 * Reports in Markdown, to be pasted into issues and pull requests: what happened, a diagram, the steps, how to see it
 * again. The Markdown is that of GitHub and GitLab, whose tables and Mermaid diagrams it uses.
 */
import { show, type RecordValue } from '../value/index.ts';
import { shortened } from './shortened.ts';
import { comparisonText, decisionParts, lastStepParts } from './explanation-text.ts';
import { sequenceDiagram } from './mermaid.ts';
import { number } from './number-text.ts';
import { paintFor } from './paint.ts';
import type { Behaviour, Report, ReportStep } from './report.ts';
import { changeLines, stateLines } from './state-text.ts';

/** Of more steps a diagram shows nothing: the table of steps is left. */
const mostDrawnSteps = 40;
/** What is longer is shortened; the JSON report has all. */
const longestCell = 300;
const longestLine = 2000;

const plain = paintFor(false);

/** A report in Markdown. */
export function markdownReport(report: Report): string {
  const { headline, reason, notes, findings, behaviour, subject, command, others } = report;
  const sections = [
    `# ${prose(headline)}`,
    ...(reason === undefined || headline.includes(reason) ? [] : [prose(capitalised(reason))]),
    ...failureSections(report),
    ...explanationSections(report),
    ...findings.flatMap(({ title, text }) => [`## ${prose(title)}`, fenced(text, 'text')]),
    ...(behaviour === undefined ? [] : behaviourSections(behaviour, subject)),
    ...(command === undefined ? [] : ['## Reproduce', fenced(command, 'sh')]),
    ...summarySections(report),
    ...notes.map((note) => `> ${prose(capitalised(note))}`),
    ...(others === undefined ? [] : [`${prose(others.sentence)}.`, ...others.reports.map(markdownReport)]),
  ];
  return `${sections.join('\n\n')}\n`;
}

function failureSections({ failure, faults, explanation, behaviour }: Report): readonly string[] {
  const comparison = explanation && comparisonText(explanation, (behaviour?.steps.length ?? 1) - 1);
  const sentences = [
    ...(faults === undefined ? [] : [`**Faults on the way:** ${prose(faults)}.`]),
    ...(comparison === undefined ? [] : [`${comparison}.`]),
  ];
  const faultsSentence = sentences.length === 0 ? [] : [sentences.join(' ')];
  if (failure === undefined) return faultsSentence;
  const { sentence, read } = failure;
  const colon = read.length === 0 ? '.' : ', where it read:';
  const rows = read.map(({ path, value }) => [code(path), code(show(value))]);
  return [`${prose(sentence)}${colon}`, ...table(['what', 'value'], rows), ...faultsSentence];
}

function explanationSections({ explanation, behaviour }: Report): readonly string[] {
  if (explanation === undefined) return [];
  const parts = [
    ...decisionParts(explanation),
    ...lastStepParts(explanation, (step) => behaviour?.steps[step]?.name ?? ''),
  ];
  return parts.flatMap(({ sentence, lines: below }) => [`${prose(sentence)}:`, fenced(lines(below), 'text')]);
}

function behaviourSections(behaviour: Behaviour, subject: string): readonly string[] {
  const { lanes, steps, loopsTo } = behaviour;
  const [first, ...others] = steps;
  const isDrawn = lanes.length > 0 && others.length > 0 && others.length <= mostDrawnSteps;
  const rows = others.map((step, i) => [String(step.index), stepCell(step), changeCell(steps[i]!.state, step.state)]);
  return [
    '## What happened',
    ...(isDrawn ? [fenced(sequenceDiagram(behaviour, subject), 'mermaid')] : []),
    'It begins in the state',
    fenced(lines(stateLines(first!.state)), 'text'),
    ...table(['#', 'step', 'what it changes'], rows),
    ...(loopsTo === undefined ? [] : [endOfLasso(loopsTo, steps.length - 1)]),
  ];
}

function endOfLasso(loopsTo: number, last: number): string {
  return loopsTo === last ? 'and it stays there for ever.' : `which is state ${loopsTo} again, and so on for ever.`;
}

function stepCell({ name, fault, event }: ReportStep): string {
  const mark = fault === undefined ? '' : '⚡ ';
  return `${mark}${code(name)}${event === undefined ? '' : `<br>${code(event)}`}`;
}

function changeCell(before: RecordValue, after: RecordValue): string {
  return changeLines(before, after, plain)
    .map((line) => code(line.trim().replaceAll(/ {2,}/g, ' ')))
    .join('<br>');
}

function summarySections({ figures, constants, coverage }: Report): readonly string[] {
  const counts = figures.map(({ text }) => text).join(', ');
  const named = Object.entries(constants).map(([name, value]) => `${name} = ${show(value)}`);
  const rows = Object.entries(coverage?.actions ?? {}).map(([name, { taken, distinct }]) => [
    code(name),
    number(taken),
    number(distinct),
  ]);
  return [
    ...(counts === '' && named.length === 0 ? [] : ['## What was looked at']),
    ...(counts === '' ? [] : [`${prose(counts)}.`]),
    ...(named.length === 0 ? [] : [fenced(lines(named), 'text')]),
    ...table(['action', 'taken', 'new states'], rows),
  ];
}

// --- Markdown --------------------------------------------------------------------------------------------------------

/** A table; none where there are no rows. */
function table(header: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  if (rows.length === 0) return [];
  return [[header, header.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')];
}

/** Text in which nothing means anything to Markdown or HTML. */
function prose(text: string): string {
  return shortened(text, longestLine)
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/[\\`*_{}[\]<>#|~&$@]/g, (c) => (c === '<' ? '&lt;' : c === '&' ? '&amp;' : `\\${c}`));
}

/** A code span, which may stand in a table. */
function code(text: string): string {
  const line = shortened(text, longestCell)
    .replaceAll(/\s/g, ' ')
    .replaceAll('|', String.raw`\|`);
  const ticks = '`'.repeat(1 + longestRun(line));
  const space = line.startsWith('`') || line.endsWith('`') || line.trim() === '' ? ' ' : '';
  return `${ticks}${space}${line}${space}${ticks}`;
}

/** A block of code. */
function fenced(text: string, language: string): string {
  const fence = '`'.repeat(Math.max(3, 1 + longestRun(text)));
  return `${fence}${language}\n${text.replace(/\n$/, '')}\n${fence}`;
}

function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
}

function lines(texts: readonly string[]): string {
  return texts.map((text) => shortened(text, longestLine)).join('\n');
}

function capitalised(sentence: string): string {
  const text = sentence.charAt(0).toUpperCase() + sentence.slice(1);
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
