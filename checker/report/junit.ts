/** Results as JUnit XML, for the test reports of continuous integration: one test case, which fails where a property does. */
import { shortened } from './shortened.ts';
import { escapeXml } from './xml.ts';
import type { Report } from './report.ts';
import { plainReport } from './text.ts';
import type { WriteOptions } from './writers.ts';

/** Readers of JUnit XML put such texts on pages whole; the JSON report has all. */
const longestText = 100_000;

/**
 * The result as a test suite with one case.
 *
 * A violation is a failure. A limit, or an inconclusive search, is an error, as nothing is known; a sample, and a trace
 * that nobody judged, are skipped: nothing was proved, but nothing else was asked for.
 */
export function junitReport(report: Report, { measured = false }: WriteOptions): string {
  const { kind, subject, outcome, headline, failure, document } = report;
  const skipped = outcome === 'undecided' && (document['result'] === 'sampled' || kind === 'trace');
  const tag = outcome === 'holds' ? undefined : skipped ? 'skipped' : outcome === 'violated' ? 'failure' : 'error';
  const { seconds } = document;
  const time = measured && typeof seconds === 'number' ? ` time="${seconds.toFixed(3)}"` : '';
  const count = (counted: string): number => (tag === counted ? 1 : 0);
  const totals = `tests="1" failures="${count('failure')}" errors="${count('error')}" skipped="${count('skipped')}"${time}`;
  const text = escapeXml(shortened(plainReport(report), longestText));
  const { result } = document;
  const type = failure === undefined ? (typeof result === 'string' ? result : kind) : `${failure.kind} ${failure.name}`;
  const message = `message="${attribute(headline)}"`;
  const body =
    tag === undefined
      ? [`    <system-out>${text}</system-out>`]
      : tag === 'skipped'
        ? [`    <skipped ${message}/>`, `    <system-out>${text}</system-out>`]
        : [`    <${tag} ${message} type="${attribute(type)}">${text}</${tag}>`];
  return `${[
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="bivalent" ${totals}>`,
    `  <testsuite name="bivalent ${kind}" ${totals}>`,
    `  <testcase classname="bivalent.${kind}" name="${attribute(subject)}"${time}>`,
    ...body,
    '  </testcase>',
    '  </testsuite>',
    '</testsuites>',
  ].join('\n')}\n`;
}

function attribute(text: string): string {
  return escapeXml(shortened(text, 500)).replaceAll(/\s/g, ' ');
}
