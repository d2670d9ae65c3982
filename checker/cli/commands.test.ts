import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { describe, expect, test } from 'vitest';

import { schemaErrors } from '../report/schema.test-support.ts';
import { maskFigures } from '../testing/index.ts';
import { bivalent, folderWith, fromSource, run } from './command.test-support.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

const counter = `import { defineSpec } from 'bivalent';
import { step } from './step';

export default defineSpec({
  name: 'Counter',
  constants: { limit: 3 },
  init: () => ({ n: 0, seen: new Set<number>() }),
  actions: {
    add(s, { limit }) {
      s.seen.add(s.n);
      s.n = (s.n + step) % limit;
    },
  },
  invariants: { small: (s) => s.n < 3 },
  models: { four: { constants: { limit: 4 }, expected: { result: 'violation', breaks: 'small', steps: 3 } } },
  mutants: { 'no limit': { constants: { limit: 10 }, breaks: 'small', steps: 2 } },
});
`;
const files = { 'counter.ts': counter, 'step.ts': 'export const step: number = 1;\n' };

const holds = `✓ Counter holds in every reachable state

  6 distinct states, 7 generated, depth 6
  (time and memory)
  limit = 3

  action  taken  new states
  add         6           5
`;

/** Runs a command in a new folder with the counter; the figures that differ from run to run are masked. */
async function counterCommand(...args: string[]): Promise<{ code: number | null; stdout: string }> {
  const { code, stdout, stderr } = await bivalent(args, await folderWith(files));
  expect(stderr).toBe('');
  return { code, stdout: maskFigures(stdout) };
}

describe.concurrent('check', () => {
  test('exits 0 where a spec holds; it may import a file without naming its extension', async () => {
    expect(await counterCommand('check', 'counter.ts')).toEqual({ code: 0, stdout: holds });
  });

  test('exits 1 with the shortest counterexample where a spec is violated', async () => {
    expect(await counterCommand('check', './counter.ts', '--model', 'four')).toEqual({
      code: 1,
      stdout: `✗ Counter violates small after 3 steps

  0  initial state
       n     0
       seen  Set{}
  1  add
       n     0 → 1
       seen  + 0
  2  add
       n     1 → 2
       seen  + 1
  3  add
       n     2 → 3
       seen  + 2

  small is false in state 3, where it read
    n  3
  The condition that it came to
    s.n < 3  (counter.ts:14)

  4 distinct states, 4 generated, depth 4
  (time and memory)
  limit = 4

  action  taken  new states
  add         3           3
`,
    });
  });

  test('exits 3 where a limit is reached, and says which', async () => {
    const { code, stdout } = await counterCommand('check', 'counter.ts', '--max-states', '2');
    expect({ code, verdict: stdout.split('\n')[0] }).toEqual({
      code: 3,
      verdict: '? Counter: incomplete, stopped at 2 states (--max-states 2); no violation found',
    });
  });

  test('takes constants, limits of every kind and --no-deadlock', async () => {
    const flags = '--const limit=2 --max-depth 9 --time-limit 1h --memory-limit 1g --no-deadlock --audit all --seed 1';
    const { code, stdout } = await counterCommand('check', 'counter.ts', ...flags.split(' '));
    expect({ code, verdict: stdout.split('\n')[0] }).toEqual({
      code: 0,
      verdict: '✓ Counter holds in every reachable state',
    });
  });

  test('prints one JSON document with --json', async () => {
    const { code, stdout, stderr } = await bivalent(['check', 'counter.ts', '--json'], await folderWith(files));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({
      schemaVersion: 1,
      spec: 'Counter',
      constants: { limit: 3 },
      result: 'ok',
      distinctStates: 6,
      generatedStates: 7,
      depth: 6,
    });
  });

  test('prints with --dependencies what each action reads and writes', async () => {
    expect(await counterCommand('check', 'counter.ts', '--dependencies')).toEqual({
      code: 0,
      stdout: `${holds}
  what actions read (R) and write (W)
  action  n   seen
  add     RW  W
`,
    });
  });

  test('writes with --dependency-graph which action influences which', async () => {
    const folder = await folderWith(files);
    const { code, stderr } = await bivalent(['check', 'counter.ts', '--dependency-graph', 'actions.dot'], folder);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(readFileSync(join(folder, 'actions.dot'), 'utf8')).toBe(`digraph dependencies {
  node [shape=box];
  "add" [label="add"];
  "add" -> "add" [label="n"];
}
`);
  });

  test('draws with --state-graph every state and step, in each format that is named', async () => {
    const folder = await folderWith(files);
    const pictures = ['--state-graph', 'states.svg', '--state-graph', 'states.dot'];
    const { code, stderr } = await bivalent(['check', 'counter.ts', ...pictures], folder);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(readFileSync(join(folder, 'states.svg'), 'utf8').match(/<title>state \d/g)).toEqual(
      [0, 1, 2, 3, 4, 5].map((state) => `<title>state ${state}`),
    );
    expect(readFileSync(join(folder, 'states.dot'), 'utf8').match(/\d -> \d/g)).toEqual([
      ...[0, 1, 2, 3, 4].map((state) => `${state} -> ${state + 1}`),
      '5 -> 3',
    ]);
  });

  test('finds a spec of the library by its name and by another name for it', async () => {
    const [byName, byAlias] = await Promise.all(
      ['two-phase-commit', '2pc'].map((name) => bivalent(['check', name, '--max-states', '100'])),
    );
    expect(byName!.code).toBe(3);
    expect(maskFigures(byAlias!.stdout)).toBe(maskFigures(byName!.stdout));
  });

  test('checks the small model of every spec of the library where none is named', async () => {
    const { code, stdout, stderr } = await bivalent(['check', '--json']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const { result, trials } = JSON.parse(stdout) as { result: string; trials: readonly { differences: string[] }[] };
    expect(result).toBe('ok');
    expect(trials.length).toBeGreaterThan(0);
    expect(trials.flatMap(({ differences }) => differences)).toEqual([]);
  });
});

describe.concurrent('Ctrl-C ends a check with what is known, and exit code 3,', () => {
  const endless = `import { defineSpec } from 'bivalent';
export default defineSpec({
  name: 'Endless',
  init: () => ({ n: 0 }),
  actions: { add(s) { if (s.n === 10) console.error('under way'); s.n += 1; } },
});
`;
  const flags = ['endless.ts', '--json', '--audit', 'none'];

  test.each([
    ['in a program', process.execPath, [...fromSource, 'check', ...flags]],
    ['under npm run', 'npm', ['--prefix', root, 'run', '--silent', 'check', '--', ...flags]],
  ])('%s', async (_, program, args) => {
    const folder = await folderWith({ 'endless.ts': endless });
    const env = { ...process.env, INIT_CWD: folder };
    // A terminal sends the signal to all the processes of the group.
    const child = spawn(program, args, { cwd: folder, env, detached: true });
    child.stderr.on('data', (chunk: Buffer) => {
      if (chunk.toString().includes('under way')) process.kill(-child.pid!, 'SIGINT');
    });
    let stdout = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({ spec: 'Endless', result: 'incomplete', reason: 'stopped by Ctrl-C' });
  });
});

describe.concurrent('simulate', () => {
  test('never says that a spec holds, and exits 0 where it found nothing', async () => {
    expect(await counterCommand('simulate', 'counter.ts', '--walks', '5', '--depth', '4', '--seed', '7')).toEqual({
      code: 0,
      stdout: `? Counter: sampled, 5 random walks of at most 4 states (seed 7); no violation found

  4 distinct states, 20 generated, depth 4
  (time and memory)
  seed 7
  limit = 3

  action  taken  new states
  add        15           3
`,
    });
  });

  test('exits 1 where it found a violation, and says on which walk', async () => {
    const { code, stdout } = await counterCommand('simulate', 'counter.ts', '--const', 'limit=9', '--seed', '1');
    expect({ code, lines: stdout.split('\n').slice(0, 3) }).toEqual({
      code: 1,
      lines: ['✗ Counter violates small after 3 steps', '', '  found on random walk 1 of 1000 (seed 1) after 3 steps'],
    });
  });
});

describe.concurrent('mutate', () => {
  test('exits 1 where a mutant is not caught as the spec says', async () => {
    expect(await counterCommand('mutate', 'counter.ts')).toEqual({
      code: 1,
      stdout: `  spec     mutant    result                  distinct  generated  depth  time
✗ Counter  no limit  small fails in 3 steps         4          4      4  …
    steps: 3, not the 2 expected

1 of 1 not as expected
`,
    });
  });

  test('exits 0 where each is', async () => {
    const right = { ...files, 'counter.ts': counter.replace('steps: 2', 'steps: 3') };
    const { code, stdout } = await bivalent(['mutate', 'counter.ts', '--json'], await folderWith(right));
    expect({ code, result: (JSON.parse(stdout) as { result: string }).result }).toEqual({ code: 0, result: 'ok' });
  });
});

describe.concurrent('list', () => {
  test('shows every spec of the library', async () => {
    const { code, stdout } = await bivalent(['list', '--json']);
    expect(code).toBe(0);
    const { specs } = JSON.parse(stdout) as { specs: readonly { name: string; models: object }[] };
    expect(specs.find(({ name }) => name === 'die-hard')).toMatchObject({
      name: 'die-hard',
      aliases: [],
      title: 'DieHard',
      models: { small: { result: 'violation', breaks: 'notSolved', steps: 6 } },
    });
  });
});

describe.concurrent('help', () => {
  test.each(['check', 'simulate', 'mutate', 'list'])('of %s shows examples', async (command) => {
    const { code, stdout, stderr } = await bivalent([command, '--help']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^Examples:\n {2}\$ bivalent /m);
  });

  test('is what one gets without a command, with exit code 2', async () => {
    const { code, stdout, stderr } = await bivalent([]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr.split('\n')[0]).toBe('Usage: bivalent [options] [command]');
  });

  test('the version is that of the package', async () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    expect(await bivalent(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });
});

describe.concurrent('what --json prints', () => {
  test.each([
    ['a result', 'check counter.ts'],
    ['a violation', 'check counter.ts --model four'],
    ['an incomplete result', 'check counter.ts --max-depth 2'],
    ['a sample', 'simulate counter.ts --walks 3 --seed 1'],
    ['trials', 'mutate counter.ts'],
    ['the specs of the library', 'list'],
    ['a dependency matrix', 'check counter.ts --dependencies'],
    ['an error', 'check counter.ts --const limit=true'],
  ])('%s is as the schema says', async (_, command) => {
    const { stdout } = await bivalent([...command.split(' '), '--json'], await folderWith(files));
    expect(schemaErrors(JSON.parse(stdout))).toBeNull();
  });
});

test('under npm run, paths are relative to where the user stands', async () => {
  const folder = await folderWith(files);
  const args = ['--prefix', root, 'run', '--silent', 'check', '--', 'counter.ts'];
  const { code, stdout } = await run('npm', args, folder);
  expect({ code, stdout: maskFigures(stdout) }).toEqual({ code: 0, stdout: holds });
});
