/** The options by which every command that reads a log says how it is to be read. */
import { resolve } from 'node:path';

import { InvalidArgumentError, type Command } from 'commander';

import {
  formatNamed,
  formats,
  openSources,
  readEvents,
  type FieldMap,
  type LogEvent,
  type ReadOptions,
} from '../../traces/index.ts';
import { standing } from './user-module.ts';

/** The options as commander gives them. */
export interface LogFlags {
  readonly format?: string;
  readonly pattern?: RegExp;
  readonly delimiter?: RegExp;
  readonly field?: FieldMap;
  readonly ignoreTruncated?: 'ignore';
}

const parts = ['name', 'node', 'time', 'lamport', 'clock', 'send', 'receive'] as const satisfies (keyof FieldMap)[];

/** Adds the options to a command. */
export function addLogOptions(command: Command): Command {
  return command
    .option(
      '--format <name>',
      `how the log is written; recognised where possible (${formats.map((f) => f.name).join(', ')})`,
    )
    .option('--pattern <regexp>', 'for shiviz and pattern: an expression with named groups', parseExpression)
    .option('--delimiter <regexp>', 'for shiviz: a line that begins another execution', parseExpression)
    .option('--field <part=path>', `where a part of the event is (${parts.join(', ')}); repeatable`, parseField)
    .option('--ignore-truncated', 'leave out a last line that was cut short', () => 'ignore');
}

/** The events of the logs that the user named. */
export async function readLogs(paths: readonly string[], flags: LogFlags): Promise<AsyncIterable<LogEvent>> {
  const sources = await openSources(paths, resolve(standing()));
  const format = flags.format === undefined ? undefined : formatNamed(flags.format);
  return readEvents(sources, format, readOptions(flags));
}

function readOptions(flags: LogFlags): ReadOptions {
  return {
    ...(flags.pattern !== undefined && { pattern: flags.pattern }),
    ...(flags.delimiter !== undefined && { delimiter: flags.delimiter }),
    ...(flags.field !== undefined && { fieldMap: flags.field }),
    ...(flags.ignoreTruncated !== undefined && { truncatedTail: flags.ignoreTruncated }),
  };
}

function parseExpression(text: string): RegExp {
  try {
    return new RegExp(text);
  } catch (error) {
    throw new InvalidArgumentError(error instanceof Error ? `${error.message}.` : 'It is not a regular expression.');
  }
}

function parseField(text: string, before: FieldMap | undefined): FieldMap {
  const [part = '', path = ''] = text.split('=', 2);
  if (!(parts as readonly string[]).includes(part) || path === '') {
    throw new InvalidArgumentError(`It must be part=path, with one of the parts ${parts.join(', ')}.`);
  }
  return { ...before, [part]: path };
}
