/** `bivalent report`: writes a saved result again, in other formats. */
import { readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';

import { Option, type Command } from 'commander';

import { BivalentError } from '../core/index.ts';
import { isItf, itfTraceReport, plainReport, savedConstants, savedReport, type Report } from '../report/index.ts';
import { historyReport, validationOfDocument, validationReport, verdictOfDocument } from '../../traces/index.ts';
import { stepTimeoutOption } from './check-options.ts';
import { configure } from './configure.ts';
import { print } from './output.ts';
import type { SpecOfPage } from './report-page.ts';
import { reportOptions, requireWritable, writeReports, type ReportFlags } from './report-files.ts';
import { standing } from './user-module.ts';

const examples = `
Examples:
  $ bivalent check raft --mutant 'the vote is not durable' --report result.json
  $ bivalent report result.json                             as text
  $ bivalent report result.json --report issue.md --report trace.svg
  $ bivalent report result.json --report page.html --spec raft --mutant 'the vote is not durable'

A saved result is what check, simulate, validate and history print with --json or write with --report result.json. A trace
of Apalache or Quint (Informal Trace Format) is read as well. With --spec, and --mutant where the result was found with one,
the spec is put in a page of HTML, whose reader can then take other steps.`;

interface SavedReportFlags extends ReportFlags {
  readonly spec?: string;
  readonly mutant?: string;
  readonly stepTimeout: number;
}

/** Adds the command to the program. */
export function registerReport(program: Command): void {
  const command = program
    .command('report')
    .summary('write a saved result again, in other formats')
    .description('Reads a saved result, and writes it as text or in other formats.')
    .argument('<saved.json>', 'a result that was saved')
    .addHelpText('after', examples);
  const options = [
    ...reportOptions(),
    new Option('--spec <spec>', 'a file, or a name that bivalent list shows: the spec that is put in a page'),
    new Option('--mutant <name>', 'the deliberate mistake with which the spec is put in the page'),
    stepTimeoutOption(),
  ];
  for (const option of options) command.addOption(option);
  command.action(async (file: string, flags: SavedReportFlags) => {
    requireWritable(flags);
    requirePage(flags);
    const saved = await readSaved(file);
    const report = reportOf(saved, basename(file));
    await writeReports(report, flags, await specOfPage(saved, flags));
    if (flags.report.length === 0) print(plainReport(report));
  });
}

/** Refuses options for a page where none is written. */
function requirePage({ spec, mutant, report }: SavedReportFlags): void {
  if (mutant !== undefined && spec === undefined) throw new BivalentError('usage/arguments', '--mutant needs --spec');
  if (spec === undefined || report.some((file) => file.endsWith('.html'))) return;
  throw new BivalentError('usage/arguments', '--spec is for a page: add --report with a file that ends in .html');
}

/** The spec for a page, with the constants that were saved; or why there is none. */
async function specOfPage(saved: unknown, flags: SavedReportFlags): Promise<SpecOfPage | string> {
  const { spec, mutant, stepTimeout } = flags;
  if (spec === undefined) return 'the spec was not saved with the result; bivalent report --spec puts it in';
  const configuration = { const: [], fault: [], deadlock: true, stepTimeout, ...(mutant !== undefined && { mutant }) };
  const { page } = await configure(spec, configuration, (found) => savedConstants(saved, found));
  return page;
}

/**
 * The report of a saved result, of whatever command.
 *
 * @param saved - what `JSON.parse` gave
 * @param name - what a trace is called that does not say
 * @throws BivalentError `report/document` where it is none
 */
export function reportOf(saved: unknown, name: string): Report {
  const document = typeof saved === 'object' && saved !== null ? (saved as Readonly<Record<string, unknown>>) : {};
  const { command } = document;
  const known = typeof command === 'string' ? { command } : {};
  if (isItf(saved)) return itfTraceReport(saved, name);
  if ('explained' in document) return validationReport(validationOfDocument(document), known);
  if ('consistency' in document) return historyReport(verdictOfDocument(document), known);
  return savedReport(saved);
}

/**
 * Reads a JSON document.
 *
 * @throws BivalentError `file/missing`, `file/syntax`
 */
export async function readSaved(file: string): Promise<unknown> {
  const text = await readFile(resolve(standing(), file), 'utf8').catch((error: NodeJS.ErrnoException) => {
    const what = error.code === 'ENOENT' ? `there is no file ${file}` : `cannot read ${file}: ${error.message}`;
    throw new BivalentError('file/missing', what, { file });
  });
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new BivalentError('file/syntax', `${file} is not JSON: ${(error as Error).message}`, { file });
  }
}
