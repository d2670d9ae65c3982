/**
 * The writers of reports: for each extension of a file, what turns a report into its text.
 *
 * Equal reports give equal files, unless times are asked for.
 */
import { BivalentError } from '../core/index.ts';
import { htmlReport, type PageParts } from './html/html-report.ts';
import { itfReport } from './itf.ts';
import { jsonReport } from './json-report.ts';
import { junitReport } from './junit.ts';
import { markdownReport } from './markdown.ts';
import { mermaidReport } from './mermaid.ts';
import type { Report } from './report.ts';
import { shivizReport } from './shiviz.ts';
import { svgReport } from './svg.ts';
import { plainReport } from './text.ts';
import { tlaReport } from './tla.ts';
import { dotReport } from './trace-dot.ts';

/** What a writer may be told beside the report. */
export interface WriteOptions {
  /** Whether times and memory are written: they differ from run to run. */
  readonly measured?: boolean;
  /** What a page of HTML is made of beside the report; it is asked for only where one is written. */
  readonly page?: () => Promise<PageParts>;
}

/**
 * Writes a report.
 *
 * @returns the text of the file; `undefined` where the format has no room for this report: a trace format, of a result
 *   without a behaviour
 */
export type Writer = (report: Report, options: WriteOptions) => string | undefined | Promise<string | undefined>;

/** The writers by extension. Where one extension ends in another, the longer one is meant. */
export const writers: Readonly<Record<string, Writer>> = {
  '.html': htmlReport,
  '.md': markdownReport,
  '.txt': plainReport,
  '.json': jsonReport,
  '.itf.json': itfReport,
  '.mmd': mermaidReport,
  '.dot': dotReport,
  '.svg': svgReport,
  '.shiviz.log': shivizReport,
  '.tla': tlaReport,
  '.junit.xml': junitReport,
};

/**
 * Finds the writer for a file.
 *
 * @throws BivalentError `usage/report` where no format has its extension
 */
export function writerFor(file: string): Writer {
  const extensions = Object.keys(writers);
  const [extension] = extensions.filter((end) => file.endsWith(end)).toSorted((a, b) => b.length - a.length);
  if (extension !== undefined) return writers[extension]!;
  throw new BivalentError(
    'usage/report',
    `--report writes files that end in ${extensions.join(', ')}; ${file} does not`,
  );
}
