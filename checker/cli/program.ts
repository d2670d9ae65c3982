/** The program: its commands, and what it does with whatever goes wrong in any of them. */
import { Command, CommanderError } from 'commander';

import { BivalentError } from '../core/index.ts';
import { exitCode, type ExitCode } from './exit-code.ts';
import { reportFailure } from './failure.ts';
import { packageVersion } from './package-version.ts';

/**
 * What adds each command to the program, in the order of the help. Only the command that is called is loaded: together
 * they are most of this package.
 */
const commands: Readonly<Record<string, () => Promise<(program: Command) => void>>> = {
  check: async () => (await import('./check.ts')).registerCheck,
  simulate: async () => (await import('./simulate.ts')).registerSimulate,
  mutate: async () => (await import('./mutate.ts')).registerMutate,
  validate: async () => (await import('./validate.ts')).registerValidate,
  history: async () => (await import('./history.ts')).registerHistory,
  clocks: async () => (await import('./clocks.ts')).registerClocks,
  report: async () => (await import('./report.ts')).registerReport,
  replay: async () => (await import('./replay.ts')).registerReplay,
  list: async () => (await import('./list.ts')).registerList,
};

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
    const program = await createProgram(args[0]);
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

/** The program with the command of that name, or with all of them where that names none. */
async function createProgram(name = ''): Promise<Command> {
  const program = new Command('bivalent')
    .description('A model checker and trace verifier for distributed protocols.')
    .version(packageVersion())
    .option('--no-color', 'print without colours (so does the environment variable NO_COLOR)')
    .option('--debug', 'with an error, print where in the program it arose')
    .helpCommand(false)
    .exitOverride()
    // The error comes back as an exception, and is printed once, in the form that was asked for.
    .configureOutput({ outputError: () => {} });
  const called = Object.hasOwn(commands, name) ? [name] : Object.keys(commands);
  for (const command of called) (await commands[command]!())(program);
  return program;
}

/** Says what is wrong with the arguments, in commander's words. */
function badUsage({ message }: CommanderError): BivalentError {
  const sentence = message.replace(/^error: /, '').replace(/\n\(Did you mean (.+)\?\)/, '; did you mean $1?');
  return new BivalentError('usage/arguments', sentence);
}
