/** `bivalent validate`: is this log a behaviour of the spec? */
import { resolve } from 'node:path';

import { Option, type Command } from 'commander';

import { BivalentError } from '../core/index.ts';
import { parseConstant } from '../spec/index.ts';
import { isBinding, validate, validationReport, validationText, type Binding } from '../../traces/index.ts';
import { exitCode } from './exit-code.ts';
import { addLogOptions, readLogs, type LogFlags } from './log-options.ts';
import { print, printJson } from './output.ts';
import { parseCount, parseDurationMs } from './quantity.ts';
import { commandLine, reportOptions, requireWritable, writeReports, type ReportFlags } from './report-files.ts';
import { loadUserModule, shown, standing } from './user-module.ts';

interface ValidateFlags extends LogFlags, ReportFlags {
  readonly binding: string;
  readonly const?: readonly string[];
  readonly mutant?: string;
  readonly breadthFirst?: true;
  readonly behaviour?: true;
  readonly invariants?: true;
  readonly maxStates?: number;
  readonly timeLimit?: number;
  readonly json?: true;
}

const exitCodes = { valid: exitCode.holds, invalid: exitCode.violated, inconclusive: exitCode.incomplete } as const;

const examples = `
Examples:
  $ bivalent validate run.ndjson --binding binding.ts
  $ bivalent validate node1.log node2.log node3.log --binding binding.ts --const servers=3
  $ bivalent validate run.ndjson.gz --binding binding.ts --behaviour --invariants
  $ bivalent validate run.ndjson --binding binding.ts --behaviour --report run.md --report run.itf.json`;

/** Adds the command to the program. */
export function registerValidate(program: Command): void {
  const command = program
    .command('validate')
    .summary('validate a log against a spec')
    .description(
      'Says whether some behaviour of a spec explains a log; if none does, which event is the first that nothing explains, and why.',
    )
    .argument('<log...>', 'files, folders, or - for standard input; all together are one run')
    .requiredOption('--binding <file>', 'a module whose default export is made with defineBinding');
  addLogOptions(command)
    .option('--const <name=value>', 'replace a constant that the binding takes from the log; repeatable', append)
    .option('--mutant <name>', 'validate against a mutant of the spec')
    .addOption(new Option('--breadth-first', 'hold all possible states after each event, in place of depth first'))
    .option('--behaviour', 'print the behaviour that was found')
    .option('--invariants', "the spec's invariants must hold along the behaviour that was found")
    .option('--max-states <n>', 'hold at most so many states at once (default 2m)', parseCount)
    .option('--time-limit <time>', 'search at most so long, such as 60s', parseDurationMs)
    .option('--json', 'print one JSON document')
    .addHelpText('after', examples)
    .action(run);
  for (const option of reportOptions()) command.addOption(option);
}

async function run(paths: readonly string[], flags: ValidateFlags): Promise<void> {
  requireWritable(flags);
  const binding = await loadBinding(flags.binding);
  const { format = binding.definition.format } = flags;
  const events = await readLogs(paths, { ...flags, ...(format !== undefined && { format }) });
  const validation = await validate(events, binding, {
    constants: Object.fromEntries((flags.const ?? []).map((text) => parseConstant(binding.spec, text))),
    ...(flags.mutant !== undefined && { mutant: flags.mutant }),
    ...(flags.breadthFirst === true && { strategy: 'breadth-first' }),
    ...(flags.behaviour === true && { behaviour: true }),
    ...(flags.invariants === true && { invariants: true }),
    ...(flags.maxStates !== undefined && { maxStates: flags.maxStates }),
    ...(flags.timeLimit !== undefined && { timeMs: flags.timeLimit }),
  });
  const report = validationReport(validation, { command: commandLine() });
  if (flags.json === true) printJson(report.document);
  else print(validationText(validation));
  await writeReports(
    report,
    flags,
    'a validation has its spec in a binding; bivalent report --spec puts it in the page of one that was saved',
  );
  process.exitCode = exitCodes[validation.result];
}

async function loadBinding(file: string): Promise<Binding> {
  const path = resolve(standing(), file);
  const { default: binding } = await loadUserModule(path);
  if (isBinding(binding)) return binding;
  const message = `The default export of ${shown(path)} is not a binding: make it one with \`defineBinding(spec, { … })\``;
  throw new BivalentError('binding/not-a-binding', message, { file: path });
}

function append(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}
