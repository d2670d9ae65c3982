/** `--report file`: results written to files, in the format that the name of each file says. */
import { Option } from 'commander';

import { writerFor, type Report, type WriteOptions } from '../report/index.ts';
import { requireFolderOf, writeOutput } from './output.ts';
import type { SpecOfPage } from './report-page.ts';

/** What commands that write reports understand. */
export interface ReportFlags {
  readonly report: readonly string[];
  readonly times?: true;
  /** Who wants statistics of a run wants them in its reports. */
  readonly stats?: string;
}

/** `--report` and what goes with it. */
export const reportOptions = (): Option[] => [
  new Option('--report <file>', 'write the result to a file, in the format of its extension; may be repeated')
    .default([], 'none')
    .argParser((file: string, earlier: readonly string[]) => [...earlier, file]),
  new Option(
    '--times',
    'write times and memory to the reports too (pages plot them), which then differ from run to run',
  ),
];

/**
 * Refuses, before any work is done, files that could not be written when it is.
 *
 * @throws BivalentError `usage/report` for an extension that no format has, `file/unwritable`
 */
export function requireWritable({ report }: ReportFlags): void {
  for (const file of report) {
    writerFor(file);
    requireFolderOf(file);
  }
}

/**
 * Writes a report to the files; of a format that has no room for it, it is said that nothing was written.
 *
 * @param spec - what goes into a page of HTML, or the end of a sentence that says why there is none
 */
export async function writeReports(
  report: Report,
  { report: files, times, stats }: ReportFlags,
  spec: SpecOfPage | string,
): Promise<void> {
  const options: WriteOptions = {
    measured: times === true || stats !== undefined,
    page: async () => (await import('./report-page.ts')).pageParts(spec),
  };
  for (const file of files) {
    const text = await writerFor(file)(report, options);
    if (text !== undefined) await writeOutput(file, text);
    else process.stderr.write(`${file} is not written: this result has nothing for it to show\n`);
  }
}

/** Options that change what is printed or written, not what is found, with the number of their arguments. */
const outputOptions: Readonly<Record<string, number>> = {
  '--json': 0,
  '--times': 0,
  '--no-color': 0,
  '--debug': 0,
  '--report': 1,
  '--stats': 1,
  '--state-graph': 1,
  '--dependency-graph': 1,
};

/** The command that gives the result again, as a line for a shell: without what it printed and wrote. */
export function commandLine(args: readonly string[] = process.argv.slice(2)): string {
  const kept: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const [option = ''] = args[i]!.split('=');
    if (Object.hasOwn(outputOptions, option)) i += args[i]!.includes('=') ? 0 : outputOptions[option]!;
    else kept.push(args[i]!);
  }
  return ['bivalent', ...kept].map(quoted).join(' ');
}

/** A word for a POSIX shell. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
