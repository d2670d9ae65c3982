/** `bivalent report`: writes a saved result again, in other formats. */
import { readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';

import type { Command } from 'commander';

import { BivalentError } from '../core/index.ts';
import { isItf, itfTraceReport, plainReport, savedReport, type Report } from '../report/index.ts';
import { historyReport, validationOfDocument, validationReport, verdictOfDocument } from '../../traces/index.ts';
import { print } from './output.ts';
import { reportOptions, requireWritable, writeReports, type ReportFlags } from './report-files.ts';
import { standing } from './user-module.ts';

const examples = `
Examples:
  $ bivalent check raft --mutant 'the vote is not durable' --report result.json
  $ bivalent report result.json                             as text
  $ bivalent report result.json --report issue.md --report trace.svg

A saved result is what check, simulate, validate and history print with --json or write with --report result.json. A trace
of Apalache or Quint (Informal Trace Format) is read as well.`;

/** Adds the command to the program. */
export function registerReport(program: Command): void {
  const command = program
    .command('report')
    .summary('write a saved result again, in other formats')
    .description('Reads a saved result, and writes it as text or in other formats.')
    .argument('<saved.json>', 'a result that was saved')
    .addHelpText('after', examples);
  for (const option of reportOptions()) command.addOption(option);
  command.action(async (file: string, flags: ReportFlags) => {
    requireWritable(flags);
    const report = reportOf(await readSaved(file), basename(file));
    await writeReports(report, flags, 'a saved result has no spec with it; a page that check writes has');
    if (flags.report.length === 0) print(plainReport(report));
  });
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
