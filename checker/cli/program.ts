/** The program: its commands, and what it does with whatever goes wrong in any of them. */
import { readFileSync } from 'node:fs';

import { Command, CommanderError } from 'commander';

import { BivalentError } from '../core/index.ts';
import { registerCheck } from './check.ts';
import { registerClocks } from './clocks.ts';
import { exitCode, type ExitCode } from './exit-code.ts';
import { reportFailure } from './failure.ts';
import { registerHistory } from './history.ts';
import { registerList } from './list.ts';
import { registerMutate } from './mutate.ts';
import { registerSimulate } from './simulate.ts';
import { registerValidate } from './validate.ts';

/**
 * Runs the command that the arguments name and prints its result.
 *
 * @param args - the arguments after the program's name
 * @returns the exit code; see {@link exitCode}
 */
export async function run(args: readonly string[]): Promise<ExitCode> {
  // A reader that has seen enough, such as `head`, is no error, and does not change the exit code.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  try {
    const program = createProgram();
    await program.parseAsync(args, { from: 'user' });
    return (process.exitCode as ExitCode | undefined) ?? exitCode.holds;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return exitCode.holds;
    // Without a command, the help has been printed.
    if (error instanceof CommanderError && error.code === 'commander.help') return exitCode.error;
    reportFailure(error instanceof CommanderError ? badUsage(error) : error, {
      json: args.includes('--json'),
      debug: args.includes('--debug'),
    });
    return exitCode.error;
  }
}

function createProgram(): Command {
  const program = new Command('bivalent')
    .description('A model checker and trace verifier for distributed protocols.')
    .version(packageVersion())
    .option('--no-color', 'print without colours (so does the environment variable NO_COLOR)')
    .option('--debug', 'with an error, print where in the program it arose')
    .helpCommand(false)
    .exitOverride()
    // The error comes back as an exception, and is printed once, in the form that was asked for.
    .configureOutput({ outputError: () => {} });
  registerCheck(program);
  registerSimulate(program);
  registerMutate(program);
  registerValidate(program);
  registerClocks(program);
  registerHistory(program);
  registerList(program);
  return program;
}

function packageVersion(): string {
  // From checker/cli in the source, and from dist/checker/cli when installed.
  const up = import.meta.url.endsWith('.ts') ? '../../' : '../../../';
  const text = readFileSync(new URL(`${up}package.json`, import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

/** Says what is wrong with the arguments, in commander's words. */
function badUsage({ message }: CommanderError): BivalentError {
  const sentence = message.replace(/^error: /, '').replace(/\n\(Did you mean (.+)\?\)/, '; did you mean $1?');
  return new BivalentError('usage/arguments', sentence);
}
