/** The package, as a user gets it: packed, installed into an empty project, and used there. */
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { beforeAll, describe, expect, test } from 'vitest';

import { maskFigures } from '../testing/index.ts';
import { folderWith, run, type Finished } from './command.test-support.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

const counter = `import { defineSpec, nodes, type Spec } from 'bivalent';

const spec = defineSpec({
  name: 'Counter',
  constants: { N: nodes('n', 2) },
  init: () => ({ n: 0, last: null as \`n\${number}\` | null }),
  actions: {
    add(s, { N, pick }) {
      const { by } = pick({ by: N });
      s.n = (s.n + 1) % 3;
      s.last = by;
    },
  },
  invariants: { small: (s) => s.n < 3 },
});
export const typed: Spec<never, never> | typeof spec = spec;
export default spec;
`;

const mistakes = `import { defineSpec } from 'bivalent';

export default defineSpec({
  name: 'Counter',
  init: () => ({ n: 0 }),
  actions: {
    add(s) {
      s.m = 1;
    },
  },
});
`;

const doors = `import { bind, check } from 'bivalent';
import * as record from 'bivalent/record';
import { textReport } from 'bivalent/report';
import { checkSpec } from 'bivalent/testing';
import * as traces from 'bivalent/traces';
import counter from './counter.ts';

export const same: boolean = textReport(checkSpec(counter)) === textReport(check(bind(counter)));
export const doors: readonly object[] = [record, traces];
`;

const program = `import { defineSpec } from 'bivalent';
import * as record from 'bivalent/record';
import { textReport } from 'bivalent/report';
import { checkSpec } from 'bivalent/testing';
import * as traces from 'bivalent/traces';

const once = defineSpec({ name: 'Once', init: () => ({ n: 0 }), actions: { add(s) { if (s.n === 0) s.n = 1; } } });
console.log(textReport(checkSpec(once)).split('\\n')[0]);
console.log([record, traces].map((door) => Object.keys(door).length > 0));
`;

const tsconfig = {
  compilerOptions: {
    target: 'es2023',
    module: 'nodenext',
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    allowImportingTsExtensions: true,
    types: ['node'],
  },
};

const report = `✓ Counter holds in every reachable state

  7 distinct states, 15 generated, depth 4
  (time and memory)
  N = ['n1', 'n2']

  action  taken  new states
  add        14           6
`;

let project: string;

/** Runs a program in the project; it must succeed. */
async function succeed(program: string, args: readonly string[], folder = project): Promise<Finished> {
  const finished = await run(program, args, folder);
  expect(finished.code, `${program} ${args.join(' ')}\n${finished.stdout}\n${finished.stderr}`).toBe(0);
  return finished;
}

beforeAll(async () => {
  project = await folderWith({
    'package.json': '{ "name": "project", "private": true }',
    'counter.ts': counter,
    'doors.ts': doors,
    'tsconfig.json': JSON.stringify({ ...tsconfig, files: ['counter.ts', 'doors.ts'] }),
  });
  const packed = await succeed('npm', ['pack', '--silent', '--pack-destination', project], root);
  const [tarball] = packed.stdout.trim().split('\n').slice(-1);
  await succeed('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', '--silent', `./${tarball!}`]);
}, 300_000);

describe('the installed package', () => {
  test('lists its specs, READMEs included', async () => {
    const { stdout } = await succeed('npx', ['--no', 'bivalent', 'list']);
    expect(stdout).toMatch(/^two-phase-commit, 2pc /m);
    const readme = await readFile(join(project, 'node_modules/bivalent/specs/two-phase-commit/README.md'), 'utf8');
    expect(readme.length).toBeGreaterThan(0);
  });

  test('checks a spec of the library', async () => {
    const { stdout } = await succeed('npx', ['--no', 'bivalent', 'check', 'two-phase-commit', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ result: 'ok', distinctStates: 288, generatedStates: 1146, depth: 11 });
  });

  test("checks a user's spec, in a project that does not say that it has ES modules", async () => {
    const { stdout } = await succeed('npx', ['--no', 'bivalent', 'check', './counter.ts']);
    expect(maskFigures(stdout)).toBe(report);
  });

  test('checks a spec that lies outside any project', async () => {
    const elsewhere = await folderWith({ 'counter.ts': counter });
    const { stdout } = await succeed('npx', ['--no', 'bivalent', 'check', join(elsewhere, 'counter.ts')]);
    expect(maskFigures(stdout)).toBe(report);
  });

  test('writes a page with the spec in it', async () => {
    await succeed('npx', ['--no', 'bivalent', 'check', './counter.ts', '--report', 'counter.html']);
    const page = await readFile(join(project, 'counter.html'), 'utf8');
    expect(page).toContain('<title>Counter holds in every reachable state</title>');
    expect(page).toContain('"whatIf":{"choice":{"constants":{},"deadlock":true}}');
  });

  test('brings the JSON Schema of its output', async () => {
    const path = 'node_modules/bivalent/checker/report/schema/result.schema.json';
    const schema = JSON.parse(await readFile(join(project, path), 'utf8')) as { title: string };
    expect(schema.title).toBe('What bivalent check, simulate, mutate and list print with --json');
    const histories = path.replace('result.', 'history.');
    expect(JSON.parse(await readFile(join(project, histories), 'utf8'))).toHaveProperty(
      'title',
      'What bivalent history prints with --json',
    );
  });
});

describe('its types', () => {
  const tsc = join(root, 'node_modules/typescript/bin/tsc');

  beforeAll(async () => {
    await mkdir(join(project, 'node_modules/@types'), { recursive: true });
    await symlink(join(root, 'node_modules/@types/node'), join(project, 'node_modules/@types/node'));
  });

  test('accept a spec, and every door', async () => {
    await succeed(process.execPath, [tsc, '-p', 'tsconfig.json']);
  });

  test('refuse a variable that the state does not have', async () => {
    await writeFile(join(project, 'mistakes.ts'), mistakes);
    await writeFile(join(project, 'tsconfig.mistakes.json'), JSON.stringify({ ...tsconfig, files: ['mistakes.ts'] }));
    const { code, stdout } = await run(
      process.execPath,
      [tsc, '-p', 'tsconfig.mistakes.json', '--pretty', 'false'],
      project,
    );
    expect({ code, stdout }).toEqual({
      code: 1,
      stdout: "mistakes.ts(8,9): error TS2339: Property 'm' does not exist on type '{ n: number; }'.\n",
    });
  });
});

test('its doors can be imported by a program', async () => {
  await writeFile(join(project, 'program.mjs'), program);
  const { stdout } = await succeed(process.execPath, ['program.mjs']);
  expect(stdout).toBe('✓ Once holds in every reachable state\n[ true, true ]\n');
});
