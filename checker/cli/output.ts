/** Where results go: standard output, in colours where somebody looks at it. */

/** Whether text on a stream should be coloured: on a terminal, unless `NO_COLOR` or `--no-color` says otherwise. */
export function usesColor(stream: NodeJS.WriteStream): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  if (process.argv.includes('--no-color') || (NO_COLOR ?? '') !== '') return false;
  if ((FORCE_COLOR ?? '') !== '') return FORCE_COLOR !== '0';
  return stream.isTTY && TERM !== 'dumb';
}

/** Prints text, and nothing else, on standard output. */
export function print(text: string): void {
  process.stdout.write(text);
}

/** Prints the one JSON document of a command that was asked for `--json`. */
export function printJson(document: unknown): void {
  process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
}
