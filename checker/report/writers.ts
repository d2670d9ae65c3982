/**
 * The writers of reports: for each extension of a file, what turns a report into its text.
 *
 * Writers are pure, but for one that needs more than the report: equal reports give equal files.
 */
import { BivalentError } from '../core/index.ts';
import { jsonReport } from './json-report.ts';
import type { Report } from './report.ts';
import { plainReport } from './text.ts';

/** What a writer may be told beside the report. */
export interface WriteOptions {
  /** Whether times and memory are written: they differ from run to run. */
  readonly measured?: boolean;
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
  '.json': jsonReport,
  '.txt': plainReport,
};

/**
 * Finds the writer for a file.
 *
 * @throws BivalentError `usage/report` where no format has its extension
 */
export function writerFor(file: string): Writer {
  const extension = Object.keys(writers)
    .filter((end) => file.endsWith(end))
    .toSorted((a, b) => b.length - a.length)[0];
  if (extension !== undefined) return writers[extension]!;
  throw new BivalentError(
    'usage/report',
    `--report writes files that end in ${Object.keys(writers).join(', ')}; ${file} does not`,
  );
}
