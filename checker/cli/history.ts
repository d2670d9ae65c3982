/** `bivalent history`: is what the clients of a system saw consistent? */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';

import { InvalidArgumentError, Option, type Command } from 'commander';

import { specModel, type SequentialModel, type VersionOrder } from '../consistency/index.ts';
import { BivalentError } from '../core/index.ts';
import { bind, isSpec } from '../spec/index.ts';
import {
  consistencies,
  historyFormats,
  historyReport,
  historyText,
  judgeHistory,
  modelNamed,
  modelNames,
  openSources,
  readArangoLog,
  readHistory,
  type Consistency,
  type HistoryFormat,
  type HistoryModel,
  type ModelOptions,
} from '../../traces/index.ts';
import { exitCode } from './exit-code.ts';
import { print, printJson } from './output.ts';
import { parseBytes, parseCount, parseDurationMs } from './quantity.ts';
import { commandLine, reportOptions, requireWritable, writeReports, type ReportFlags } from './report-files.ts';
import { searchGuard } from './search-guard.ts';
import { loadUserModule, shown, standing } from './user-module.ts';

interface HistoryFlags extends ReportFlags {
  readonly model: string;
  readonly consistency?: Consistency;
  readonly format?: HistoryFormat;
  readonly initial?: string;
  readonly nullReads?: 'any' | 'absent';
  readonly total?: number;
  readonly versionOrder?: string;
  readonly sessionOrder?: boolean;
  readonly unwrittenReads?: 'anomaly' | 'ignored';
  readonly psi?: 'cycles' | 'lost-updates';
  readonly timeLimit?: number;
  readonly memoryLimit?: number;
  readonly maxConfigurations?: number;
  readonly json?: true;
}

const examples = `
Models: ${modelNames.join(', ')},
  or a path to a .ts file whose default export is a sequential model or a spec.
Consistency: ${consistencies.join(', ')}.

Examples:
  $ bivalent history etcd.log --model register --null-reads absent
  $ bivalent history kv.csv --model kv --initial null --report timeline.html
  $ bivalent history register.edn --model register --initial 0 --consistency sequential
  $ bivalent history append.edn --model list-append --consistency snapshot-isolation
  $ bivalent history txns.edn --model rw-register --version-order wal.log`;

/** Adds the command to the program. */
export function registerHistory(program: Command): void {
  const command = program
    .command('history')
    .summary('check a client history: linearizability and the weaker models')
    .description('Checks what the clients of a system were answered against a consistency model.')
    .argument('<file...>', "a history; for Cobra's logs the folder of one run")
    .requiredOption('--model <name|file>', 'what a correct object does, or the kind of transactions')
    .addOption(new Option('--consistency <level>', 'what is claimed').choices(consistencies))
    .addOption(
      new Option('--format <name>', 'how the history is written; recognised where possible').choices(historyFormats),
    )
    .option('--initial <value>', 'the value before any write, as JSON')
    .addOption(
      new Option('--null-reads <meaning>', 'for registers: what a read of nothing says').choices(['any', 'absent']),
    )
    .option('--total <n>', 'for bank: the total of all accounts', parseTotal)
    .option('--version-order <file>', "for rw-register: the database's log (ArangoDB), which orders the versions")
    .option('--session-order', 'isolation levels respect the order of sessions (default: as the format has it)')
    .option('--no-session-order', 'isolation levels leave the order of sessions to strict serializability')
    .addOption(
      new Option('--unwritten-reads <meaning>', 'what a read of a value that nobody wrote is').choices([
        'anomaly',
        'ignored',
      ]),
    )
    .addOption(
      new Option(
        '--psi <meaning>',
        'what rules parallel snapshot isolation out: single anti-dependency cycles, or as in Elle lost updates only',
      ).choices(['cycles', 'lost-updates']),
    )
    .option('--time-limit <time>', 'give up after this long', parseDurationMs)
    .option('--memory-limit <size>', 'give up when the configurations take this much', parseBytes)
    .option('--max-configurations <n>', 'give up after this many configurations of one search', parseCount)
    .option('--json', 'print one JSON document')
    .addHelpText('after', examples)
    .action(history);
  for (const option of reportOptions()) command.addOption(option);
}

async function history(paths: readonly string[], flags: HistoryFlags): Promise<void> {
  requireWritable(flags);
  const model = await findModel(flags);
  const log = await readHistory(await openSources(paths, resolve(standing())), flags.format);
  const { consistency, sessionOrder, unwrittenReads, psi } = flags;
  const versionOrder = flags.versionOrder === undefined ? undefined : await readVersionOrder(flags.versionOrder);
  const { shouldStop, guard, whyStopped } = searchGuard(flags.timeLimit);
  const verdict = judgeHistory(log, {
    model,
    limits: { shouldStop, guard, ...limitsOf(flags) },
    whyStopped,
    ...(consistency !== undefined && { consistency }),
    ...(versionOrder !== undefined && { versionOrder }),
    ...(sessionOrder !== undefined && { sessionOrder }),
    ...(unwrittenReads !== undefined && { unwrittenReads }),
    ...(psi !== undefined && { parallelSnapshotIsolation: psi }),
  });
  const report = historyReport(verdict, { command: commandLine() });
  if (flags.json === true) printJson(report.document);
  else print(historyText(verdict));
  await writeReports(report, flags, 'a history has no spec');
  const codes = { consistent: exitCode.holds, violation: exitCode.violated, inconclusive: exitCode.incomplete };
  process.exitCode = codes[verdict.result];
}

async function findModel(flags: HistoryFlags): Promise<HistoryModel> {
  const { nullReads, total } = flags;
  // Commander takes null for an option without a value, so that the text is parsed here.
  const initial = flags.initial === undefined ? undefined : parseValue(flags.initial);
  const options: ModelOptions = {
    ...(initial !== undefined && { initial }),
    ...(nullReads !== undefined && { nullReads }),
    ...(total !== undefined && { total }),
  };
  const known = modelNamed(flags.model, options);
  if (known !== undefined) return known;
  if (!/\.[cm]?[jt]s$/.test(flags.model)) {
    throw new BivalentError(
      'usage/arguments',
      `there is no model '${flags.model}'; there are ${modelNames.join(', ')}, and files ending in .ts`,
    );
  }
  const path = resolve(standing(), flags.model);
  const { default: model } = await loadUserModule(path);
  if (isSpec(model)) return { kind: 'object', model: specModel(bind(model)), initial: initial ?? null };
  if (isModel(model)) return { kind: 'object', model, initial: initial ?? null };
  throw new BivalentError(
    'file/not-a-model',
    `the default export of ${shown(path)} is neither a sequential model ({ name, init, step }) nor a spec`,
    { file: path },
  );
}

function isModel(x: unknown): x is SequentialModel {
  return (
    typeof x === 'object' && x !== null && 'name' in x && 'init' in x && 'step' in x && typeof x.step === 'function'
  );
}

async function readVersionOrder(file: string): Promise<VersionOrder> {
  const text = await readFile(resolve(standing(), file), 'utf8').catch(() => {
    throw new BivalentError('file/missing', `${file}: there is no such file`);
  });
  return readArangoLog(text, file);
}

function limitsOf({ memoryLimit, maxConfigurations }: HistoryFlags) {
  return {
    ...(memoryLimit !== undefined && { maxBytes: memoryLimit }),
    ...(maxConfigurations !== undefined && { maxConfigurations }),
  };
}

function parseValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function parseTotal(text: string): number {
  if (!/^-?\d+$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}
