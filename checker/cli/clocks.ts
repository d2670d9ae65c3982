/** `bivalent clocks`: is the order of a log's events one that can have happened? */
import { extname } from 'node:path';

import { InvalidArgumentError, Option, type Command } from 'commander';

import { BivalentError } from '../core/index.ts';
import {
  HappenedBefore,
  atMostOne,
  dotText,
  happenedBeforeGraph,
  inspectLog,
  inspectionText,
  monotone,
  shivizText,
  svgText,
  type LogEvent,
} from '../../traces/index.ts';
import { exitCode } from './exit-code.ts';
import { addLogOptions, readLogs, type LogFlags } from './log-options.ts';
import { print, printJson, writeOutput } from './output.ts';

interface ClocksFlags extends LogFlags {
  readonly sparse?: true;
  readonly monotone?: readonly string[];
  readonly atMostOne?: string;
  readonly per?: string;
  readonly where?: Readonly<Record<string, string>>;
  readonly concurrent?: readonly string[];
  readonly up?: readonly string[];
  readonly down?: readonly string[];
  readonly graph?: string;
  readonly json?: true;
}

const schemaVersion = 1;
/** More events make no picture. */
const maxDrawnEvents = 5000;

const examples = `
Examples:
  $ bivalent clocks node1.log node2.log              vector clocks of all nodes together
  $ bivalent clocks trace.ndjson --monotone state.term --monotone state.commit
  $ bivalent clocks trace.ndjson --at-most-one node --per state.term --where role=StateLeader
  $ bivalent clocks trace.ndjson --concurrent 12 40 --graph order.svg
  $ bivalent clocks trace.ndjson --up started --down crashed`;

/** Adds the command to the program. */
export function registerClocks(program: Command): void {
  const command = program
    .command('clocks')
    .summary('check the happened-before order of an event log')
    .description('Checks vector clocks, Lamport clocks, messages and monotone fields of an event log.')
    .argument('<log...>', 'files, folders, or - for standard input; all together are one run');
  addLogOptions(command)
    .option('--sparse', 'the log holds only some of the events that its vector clocks count')
    .option('--monotone <path>', 'a field that never goes back at a node; repeatable', append)
    .option('--at-most-one <path>', 'a field that has one value …')
    .option('--per <path>', '… for each value of this one')
    .option('--where <path=value>', '… in events where this holds; repeatable', parseCondition)
    .addOption(new Option('--concurrent <events...>', 'two events, as line or file:line: which came first?'))
    .option('--up <name>', 'the name of events that say a node is up; repeatable', append)
    .option('--down <name>', 'the name of events that say it is down: prints the availability', append)
    .option('--graph <file>', 'write the order as .dot, .svg or .shiviz')
    .option('--json', 'print one JSON document')
    .addHelpText('after', examples)
    .action(clocks);
}

async function clocks(paths: readonly string[], flags: ClocksFlags): Promise<void> {
  const drawn: LogEvent[] = [];
  const events = await readLogs(paths, flags);
  const inspection = await inspectLog(flags.graph === undefined ? events : kept(events, drawn), {
    ...(flags.sparse === true && { sparse: true }),
    rules: [...(flags.monotone ?? []).map(monotone), ...uniqueRules(flags)],
    ...(flags.concurrent !== undefined && { concurrent: pair(flags.concurrent) }),
    ...((flags.up ?? flags.down) && { availability: { up: flags.up ?? [], down: flags.down ?? [] } }),
  });
  if (flags.graph !== undefined) await draw(flags.graph, drawn);
  if (flags.json === true) printJson({ schemaVersion, ...inspection });
  else print(inspectionText(inspection));
  process.exitCode = inspection.result === 'valid' ? exitCode.holds : exitCode.violated;
}

function uniqueRules({ atMostOne: field, per, where }: ClocksFlags) {
  if (field === undefined && per === undefined && where === undefined) return [];
  if (field === undefined || per === undefined) {
    throw new BivalentError('usage/arguments', 'Use --at-most-one and --per together: --at-most-one node --per term');
  }
  return [atMostOne({ field, per, ...(where !== undefined && { where }) })];
}

async function* kept(events: AsyncIterable<LogEvent>, into: LogEvent[]): AsyncGenerator<LogEvent> {
  for await (const event of events) {
    if (into.length >= maxDrawnEvents) {
      const message = `The log has more than ${maxDrawnEvents} events: too many to draw`;
      throw new BivalentError('log/too-large', message);
    }
    into.push(event);
    yield event;
  }
}

async function draw(file: string, events: readonly LogEvent[]): Promise<void> {
  const writers: Readonly<Record<string, () => string>> = {
    '.dot': () => dotText(happenedBeforeGraph(HappenedBefore.of(events))),
    '.svg': () => svgText(HappenedBefore.of(events)),
    '.shiviz': () => shivizText(events),
  };
  if (new Set(events.map((event) => event.run)).size > 1) {
    throw new BivalentError('log/too-large', 'The log holds several executions: --graph draws one');
  }
  const writer = writers[extname(file)];
  if (writer === undefined) {
    throw new BivalentError('usage/arguments', `--graph writes .dot, .svg or .shiviz, not ${file}`);
  }
  await writeOutput(file, writer());
}

function append(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

function pair(events: readonly string[]): readonly [string, string] {
  const [first, second] = events;
  if (first === undefined || second === undefined || events.length > 2) {
    throw new BivalentError('usage/arguments', '--concurrent takes two events, such as --concurrent 12 40');
  }
  return [first, second];
}

function parseCondition(text: string, before: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('It must be path=value, such as role=leader.');
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
}
