/**
 * Reports of ten mistakes of the library, as they are written: to be read by whoever changes a writer.
 *
 * Counts and line numbers are left out, so that a spec can be edited without a look at this.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { describe, expect, test } from 'vitest';

import { check } from '../property/index.ts';
import { bind, type Spec } from '../spec/index.ts';
import { explain } from './explanation.ts';
import { checkReport, type Report } from './report.ts';
import { writerFor } from './writers.ts';

const mistakes = [
  ['chandy-lamport', 'messages overtake each other'],
  ['chang-roberts-protocol', 'the leader does not tell'],
  ['fifo-broadcast', 'a copy is not known as one'],
  ['lamport-mutex-protocol', 'the clock of a receive is that of the message'],
  ['paxos', 'an acceptor does not note the ballot in which it votes'],
  ['peterson', 'gives way before it raises its flag'],
  ['raft', 'votes are not written to disk'],
  ['rpc-exactly-once', 'answers are kept in memory only'],
  ['two-phase-commit', 'the TM commits on a majority'],
  ['two-phase-commit-protocol', 'a promise is not written to disk'],
] as const;

const sourceOf = (file: string): string => readFileSync(file.startsWith('file:') ? fileURLToPath(file) : file, 'utf8');

async function reportOf(name: string, mutant: string): Promise<Report> {
  const path = `../../specs/${name}/${name}.ts`;
  const { default: spec } = (await import(path)) as { default: Spec };
  const system = bind(spec, { mutant });
  const result = check(system);
  const explanation = explain(system, result.violation!, { sourceOf });
  const known = { explanation, command: `bivalent check ${name} --mutant '${mutant}'` };
  const { coverage: _, ...report } = checkReport(result, known);
  return { ...report, figures: [], notes: [] };
}

describe.each(mistakes)('the report of %s: %s', (name, mutant) => {
  test.each(['txt', 'md'])('is written so as %s', async (format) => {
    const text = (await writerFor(`report.${format}`)(await reportOf(name, mutant), {}))!;
    await expect(text.replaceAll(/\((\S+\.ts):\d+\)/g, '($1)')).toMatchFileSnapshot(`__snapshots__/${name}.${format}`);
  });
});
