/** Every command that an example's README quotes gives the output that it quotes, but for times and memory. */
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { maskFigures } from 'bivalent/testing';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const examples = readdirSync(join(root, 'examples'), { withFileTypes: true }).filter((entry) => entry.isDirectory());

/** A block of a README: a command after `$`, and the output below it. */
const session = /^```console\n\$ (.+)\n([^]*?)^```$/gm;

describe.each(examples.map(({ name }) => name))('%s', (name) => {
  const readme = readFileSync(join(root, 'examples', name, 'README.md'), 'utf8');
  const sessions = [...readme.matchAll(session)].map(([, command, output]) => ({ command: command!, output: output! }));

  test('shows a command and what it prints', () => {
    expect(sessions.some(({ output }) => output !== '')).toBe(true);
  });

  // A command without output is one whose output is not to be compared.
  test.each(sessions.filter(({ output }) => output !== ''))('$command', async ({ command, output }) => {
    expect(maskFigures(await outputOf(command))).toBe(output);
  });
});

/** What a command prints when it is run at the root of the repository; it may say by its exit code what it found. */
function outputOf(command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { cwd: root, env: { ...process.env, INIT_CWD: root, NO_COLOR: '1' } };
    execFile('sh', ['-c', command], options, (error, stdout, stderr) => {
      if (error !== null && (error.code === undefined || Number(error.code) > 1)) reject(new Error(stderr));
      else resolve(stdout);
    });
  });
}
