/** An inspection as text for people. */
import { excerpt } from '../reader/index.ts';
import { findingText } from './finding.ts';
import type { Concurrency, Inspection } from './inspection.ts';
import type { NodeAvailability } from './availability.ts';

const shownFindings = 10;
const relations: Readonly<Record<Concurrency['relation'], string>> = {
  before: 'happened before (→)',
  after: 'happened after (←)',
  concurrent: 'is concurrent with (∥)',
  same: 'is the same event as',
};

/** The verdict, each check with its first findings, and the answers to what was asked. */
export function inspectionText(inspection: Inspection): string {
  const { result, events, nodes, runs, checks, concurrency, availability } = inspection;
  const where = nodes.length === 0 ? '' : ` at ${count(nodes.length, 'node')}`;
  const executions = runs > 1 ? ` in ${count(runs, 'execution')}` : '';
  const lines: string[] = [];
  if (checks.length > 0) lines.push(`${result}: ${count(events, 'event')}${where}${executions}`, '');
  for (const check of checks) {
    const verdict = check.totalFindings === 0 ? 'ok' : count(check.totalFindings, 'problem');
    lines.push(`${check.name}: ${verdict} (${count(check.events, 'event')})`);
    for (const finding of check.findings.slice(0, shownFindings)) lines.push(`  ${excerpt(findingText(finding), 400)}`);
    const more = check.totalFindings - shownFindings;
    if (more > 0) lines.push(`  … and ${more.toLocaleString('en-US')} more`);
  }
  if (concurrency !== undefined) {
    lines.push(`${concurrency.first} ${relations[concurrency.relation]} ${concurrency.second}`);
  }
  for (const node of availability ?? []) lines.push(availabilityText(node));
  return `${lines.join('\n')}\n`;
}

function availabilityText({ node, upSeconds, downSeconds, share, nines }: NodeAvailability): string {
  const percent = (share * 100).toFixed(4).replace(/\.?0+$/, '');
  const words = Number.isFinite(nines) ? count(Math.floor(nines + 1e-9), 'nine') : 'never down';
  return `${node}: up ${percent} % (${words}; up ${upSeconds} s, down ${downSeconds} s)`;
}

function count(n: number, noun: string): string {
  return `${n.toLocaleString('en-US')} ${noun}${n === 1 ? '' : 's'}`;
}
