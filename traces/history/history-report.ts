/** A verdict on a history as a report, for the writers that all results share. */
import { isolationLevels, type Operation } from '../../checker/consistency/index.ts';
import { BivalentError } from '../../checker/core/index.ts';
import type { Finding, Report, ReportOptions } from '../../checker/report/index.ts';
import { historyDocument } from './document.ts';
import type { HistoryVerdict, PartVerdict } from './judge.ts';
import { timelineText } from './timeline.ts';
import { headline, historyHtml, historySvg, marks, violated } from './verdict-text.ts';

const outcomes = { consistent: 'holds', violation: 'violated', inconclusive: 'undecided' } as const;

/** The report of a verdict; its picture is the timeline of the first part that is violated. */
export function historyReport(verdict: HistoryVerdict, { command }: ReportOptions = {}): Report {
  const { result, model, notes, operations } = verdict;
  const known = command === undefined ? {} : { command };
  return {
    kind: 'history',
    subject: model,
    constants: {},
    outcome: outcomes[result],
    headline: headline(verdict),
    notes,
    figures: [{ name: 'operations', value: operations, text: `${operations.toLocaleString('en-US')} operations` }],
    findings: findingsOf(verdict),
    ...(violated(verdict).length > 0 && { picture: historySvg(verdict) }),
    page: historyHtml(verdict, headline(verdict)),
    ...known,
    document: { ...historyDocument(verdict), ...known },
  };
}

function findingsOf(verdict: HistoryVerdict): readonly Finding[] {
  const { levels, findings } = verdict;
  return [
    ...(levels === undefined
      ? []
      : [
          {
            title: 'Isolation levels',
            text: isolationLevels.map((level) => `${level.padEnd(28)} ${levels[level]}`).join('\n'),
          },
        ]),
    ...findings.map(({ name, explanation }) => ({ title: name, text: explanation })),
    ...violated(verdict).map((part) => ({
      title: 'Operations that cannot be put into order',
      text: timelineText(part.minimal, marks(part)).trimEnd(),
    })),
  ];
}

/**
 * The verdict that a document holds, but for the operations of the parts that can be put into order.
 *
 * @param document - what `JSON.parse` gave
 * @throws BivalentError `report/document` where it is none
 */
export function verdictOfDocument(document: Readonly<Record<string, unknown>>): HistoryVerdict {
  const { schemaVersion: _, command: __, ...rest } = document;
  const { findings, parts, ...verdict } = rest as unknown as HistoryVerdict;
  if (!Array.isArray(findings) || !Array.isArray(verdict.notes) || (parts !== undefined && !Array.isArray(parts))) {
    throw new BivalentError('report/document', 'not a saved history: it has no lists of notes and findings');
  }
  return {
    ...verdict,
    findings: findings.map((finding) => ({ ...finding, operations: finding.operations.map(operationOf) })),
    ...(parts !== undefined && { parts: parts.map(partOf) }),
  };
}

function partOf({ blocked, minimal, ...part }: PartVerdict): PartVerdict {
  const isBlocked = (operation: Operation): boolean => JSON.stringify(operation) === JSON.stringify(blocked);
  const found = minimal.findIndex(isBlocked);
  const operations = minimal.map(operationOf);
  return { ...part, blocked: operations[found] ?? blocked, minimal: operations, history: [] };
}

/** JSON has no infinity: an operation without an answer is saved with null. */
function operationOf(saved: Operation): Operation {
  return { ...saved, input: saved.input, output: saved.output, returned: saved.returned ?? Infinity };
}
