/** A verdict on a history, written for people: as text, and as a page for a browser. */
import { isolationLevels } from '../../checker/consistency/index.ts';
import { escapeXml } from '../../checker/report/index.ts';
import type { HistoryVerdict, PartVerdict } from './judge.ts';
import { timelineSvg, timelineText } from './timeline.ts';

/** How many findings and parts are written out; the JSON document has all. */
const maxShown = 10;

/** The verdict as text, with a timeline of the operations that cannot be ordered. */
export function historyText(verdict: HistoryVerdict): string {
  const lines = [headline(verdict)];
  for (const note of verdict.notes) lines.push(`note: ${note}`);
  if (verdict.levels !== undefined) {
    for (const level of isolationLevels) lines.push(`  ${level.padEnd(28)} ${verdict.levels[level]}`);
  }
  for (const { name, explanation } of verdict.findings.slice(0, maxShown)) lines.push('', `${name}: ${explanation}`);
  if (verdict.findings.length > maxShown) lines.push('', `… and ${verdict.findings.length - maxShown} more.`);
  for (const part of violated(verdict).slice(0, maxShown))
    lines.push('', timelineText(part.minimal, marks(part)).trimEnd());
  return `${lines.join('\n')}\n`;
}

/** The verdict as a self-contained HTML page. */
export function historyHtml(verdict: HistoryVerdict, title: string): string {
  const findings = verdict.findings.map(
    ({ name, explanation }) => `<h2>${escapeXml(name)}</h2><pre>${escapeXml(explanation)}</pre>`,
  );
  const levels =
    verdict.levels === undefined
      ? ''
      : `<table>${isolationLevels.map((level) => `<tr><td>${level}</td><td>${verdict.levels![level]}</td></tr>`).join('')}</table>`;
  const pictures = violated(verdict).map((part) => timelineSvg(part.minimal, marks(part)));
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${escapeXml(title)}</title>
<style>body{font:15px/1.5 system-ui,sans-serif;max-width:75rem;margin:2rem auto;padding:0 1rem}pre{white-space:pre-wrap}svg{max-width:100%;height:auto}td{padding-right:2rem}</style></head>
<body><h1>${escapeXml(title)}</h1>
${verdict.notes.map((note) => `<p>${escapeXml(note)}</p>`).join('')}
${levels}
${findings.join('\n')}
${pictures.join('\n')}
</body></html>
`;
}

/** All pictures of a verdict in one SVG document: that of the first part which is violated. */
export function historySvg(verdict: HistoryVerdict): string {
  const [part] = violated(verdict);
  return part === undefined ? timelineSvg([]) : timelineSvg(part.minimal, marks(part));
}

/** The verdict in one line. */
export function headline({ result, model, consistency, operations }: HistoryVerdict): string {
  const of = model === consistency ? model : `${consistency}, model ${model}`;
  const words = { consistent: 'consistent', violation: 'VIOLATION', inconclusive: 'inconclusive' };
  return `${words[result]}: ${operations} operation${operations === 1 ? '' : 's'} (${of})`;
}

/** The parts that are violated. */
export function violated({ parts = [] }: HistoryVerdict): readonly PartVerdict[] {
  return parts.filter(({ result }) => result === 'violation');
}

/** What of a part is marked in its timeline: the answer that cannot be reached. */
export function marks({ minimal, blocked }: PartVerdict): { marked: ReadonlySet<PartVerdict['minimal'][number]> } {
  return { marked: new Set(minimal.filter((operation) => operation === blocked)) };
}
