/** What the process says to the shell when it ends. Scripts rely on these numbers: they never change. */
export const exitCode = {
  /** The property holds, the log is valid; nothing was found by a sample that was asked for. */
  holds: 0,
  /** A property is violated, a log is invalid; also where the spec's model expects exactly that. */
  violated: 1,
  /** Bad usage, or a spec or log that cannot be read or run. */
  error: 2,
  /** A limit was reached, or Ctrl-C pressed, before the answer was known. */
  incomplete: 3,
} as const;

export type ExitCode = (typeof exitCode)[keyof typeof exitCode];
