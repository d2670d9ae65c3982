/** Bad input: each ends with exit code 2 and one message that says what is wrong, and what would be right. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { describe, expect, test } from 'vitest';

import { bivalent, folderWith } from './command.test-support.ts';

const head = `import { defineSpec, nodes } from 'bivalent';`;

/** A spec with these parts, beside two constants and a variable. */
function specWith(parts: string): string {
  return `${head}
export default defineSpec({
  name: 'Tiny',
  constants: { N: nodes('n', 2), limit: 3 },
  init: () => ({ x: 0 }),
${parts}
});
`;
}

const grows = 'actions: { grow(s, { limit }) { s.x = (s.x + 1) % limit; } },';
const tiny = specWith(grows);

/** The names of the folders of the library, so that the test need not change with them. */
const library = readdirSync(fileURLToPath(new URL('../../specs', import.meta.url)), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .sort()
  .join(', ');

interface Case {
  readonly title: string;
  /** The file `spec.ts`; a spec without mistakes where there is none. */
  readonly file?: string;
  readonly args?: readonly string[];
  /** The whole of standard error. */
  readonly message: string;
  /** What the JSON document says beside the message, where that is more than the code. */
  readonly error?: Readonly<Record<string, unknown>>;
}

const files: readonly Case[] = [
  {
    title: 'a file that is missing',
    args: ['check', 'missing.ts'],
    message: 'error: there is no file missing.ts\n',
  },
  {
    title: 'a folder',
    args: ['check', '.'],
    message: 'error: . is not a file\n',
  },
  {
    title: 'a syntax error',
    file: `export default {\n  name: 'Broken'\n  init: 1,\n};\n`,
    message: 'error: Expected "}" but found "init"\n  at spec.ts:3:3\n',
    error: { code: 'file/syntax', file: 'spec.ts', line: 3, column: 3 },
  },
  {
    title: 'an import of a file that is missing',
    file: `\nimport { x } from './nowhere.ts';\nexport default x;\n`,
    message: 'error: Could not resolve "./nowhere.ts"\n  at spec.ts:2:19\n',
  },
  {
    title: 'an import of what bivalent does not export',
    file: `import { defineSpek } from 'bivalent';\nexport default defineSpek;\n`,
    message: 'error: spec.ts imports defineSpek, but bivalent exports nothing of that name\n',
  },
  {
    title: 'a require of bivalent',
    file: `const { defineSpec } = require('bivalent');\nmodule.exports = defineSpec({});\n`,
    message: 'error: bivalent is an ES module: use import in place of require\n  at spec.ts:1:32\n',
  },
  {
    title: 'a file that throws when it is loaded',
    file: `interface Typed { x: 1 }\n\nthrow new RangeError('boom');\n`,
    message: 'error: spec.ts throws RangeError: boom when it is loaded\n  at spec.ts:3:7\n',
    error: { code: 'file/throws', file: 'spec.ts', line: 3, column: 7 },
  },
  {
    title: 'a file that ends the process when it is loaded',
    file: `\nprocess.exit(0);\n`,
    message: 'error: spec.ts calls process.exit() when it is loaded\n  at spec.ts:2:9\n',
    error: { code: 'file/throws', file: 'spec.ts', line: 2, column: 9 },
  },
  {
    title: 'a file without a default export',
    file: 'export const spec = 1;\n',
    message: 'error: spec.ts has no default export: a spec file ends in `export default defineSpec({ … })`\n',
  },
  {
    title: 'a default export that is not a spec',
    file: `export default { name: 'x' };\n`,
    message: 'error: the default export of spec.ts is not a spec: make it one with `defineSpec({ … })`\n',
  },
];

const inTheState = '  in the state\n    x  0\n';

const userCode: readonly Case[] = [
  {
    title: 'an invariant that throws',
    file: specWith(
      `${grows}\ninvariants: {\n  small(s) {\n    if (s.x === 2) throw new TypeError('two');\n    return true;\n  },\n},`,
    ),
    message: 'error: invariant small threw TypeError: two\n  at spec.ts:9:26\n  in the state\n    x  2\n',
    error: {
      code: 'spec/threw',
      file: 'spec.ts',
      line: 9,
      column: 26,
      action: 'small',
      parameters: {},
      state: { x: 2 },
    },
  },
  {
    title: 'an impure action',
    file: specWith(`actions: {\n  grow(s, { N, pick }) {\n    pick({ n: N });\n    s.x = Math.random();\n  },\n},`),
    message: `error: action grow(n=n1): Math.random() is not allowed in a spec, which must be pure: use pick for what may go either way
  at spec.ts:9:16
${inTheState}`,
    error: {
      code: 'spec/impure',
      file: 'spec.ts',
      line: 9,
      column: 16,
      action: 'grow',
      parameters: { n: 'n1' },
      state: { x: 0 },
    },
  },
  {
    title: 'an action that ends the process',
    file: specWith(`actions: {\n  grow(s) {\n    process.exit(s.x);\n  },\n},`),
    message: `error: action grow: process.exit() is not allowed in a spec, which must be pure: throw an error where something is wrong
  at spec.ts:8:13
${inTheState}`,
  },
  {
    title: 'an async action',
    file: specWith(`actions: { async grow(s) { s.x = 1; } },`),
    message: `error: action grow is async: actions and properties are synchronous\n${inTheState}`,
    error: { code: 'spec/async', action: 'grow', parameters: {}, state: { x: 0 } },
  },
  {
    title: 'an action that does not return',
    file: specWith(
      `actions: {\n  grow(s, { N, pick }) {\n    const { n } = pick({ n: N });\n    while (n === 'n2');\n  },\n},`,
    ),
    args: ['check', 'spec.ts', '--step-timeout', '3s'],
    message:
      'error: action grow(n=n2) did not return within 3 s: a loop that never ends? --step-timeout allows more time\n' +
      inTheState,
    error: { code: 'spec/endless', action: 'grow', parameters: { n: 'n2' }, state: { x: 0 } },
  },
  {
    title: 'an init that does not return',
    file: `${head}\nexport default defineSpec({ name: 'Tiny', init: () => { for (;;); }, actions: { go() {} } });\n`,
    args: ['check', 'spec.ts', '--step-timeout', '3s'],
    message: 'error: init did not return within 3 s: a loop that never ends? --step-timeout allows more time\n',
    error: { code: 'spec/endless', action: 'init', parameters: {} },
  },
  {
    title: 'an initial state with a function in it',
    file: `${head}\nexport default defineSpec({ name: 'Tiny', init: () => ({ x: { f: () => 1 } }), actions: { go() {} } });\n`,
    message:
      'error: init gives a state with something that cannot be in one: at x.f: the function f is not a value: a state holds data only\n',
    error: { code: 'value/refused', action: 'init', parameters: {}, path: 'x.f' },
  },
  {
    title: 'an action that puts a function into the state',
    file: specWith(`actions: {\n  grow(s) {\n    s.x = () => 1;\n  },\n},`),
    message: `error: action grow: at x: a function is not a value: a state holds data only
  at spec.ts:8:7
${inTheState}`,
    error: {
      code: 'value/refused',
      file: 'spec.ts',
      line: 8,
      column: 7,
      action: 'grow',
      parameters: {},
      state: { x: 0 },
      path: 'x',
    },
  },
];

const names: readonly Case[] = [
  {
    title: 'a spec that the library does not have',
    args: ['check', 'two-phase-comit'],
    message: `error: the library has no spec two-phase-comit; did you mean two-phase-commit?; it has ${library}\n`,
  },
  {
    title: 'a constant that the spec does not have',
    args: ['check', 'spec.ts', '--const', 'limt=4'],
    message: 'error: Tiny has no constant limt; did you mean limit?; its constants are N, limit\n',
  },
  {
    title: 'a constant of the wrong type',
    args: ['check', 'spec.ts', '--const', 'limit=many'],
    message: "error: the constant limit is a number, not 'many'\n",
  },
  {
    title: 'a set of nodes that is none',
    args: ['check', 'spec.ts', '--const', 'N=zero'],
    message: "error: the constant N is a set of nodes: how many, or names such as n1,n2, not 'zero'\n",
  },
  {
    title: 'a constant without a value',
    args: ['check', 'spec.ts', '--const', 'limit'],
    message: "error: a constant is given as name=value, not as 'limit'\n",
  },
  {
    title: 'a model that the spec does not have',
    args: ['check', 'peterson', '--model', 'smal'],
    message: 'error: Peterson has no model smal; did you mean small?; its models are small\n',
  },
  {
    title: 'a mutant that the spec does not have',
    args: ['check', 'spec.ts', '--mutant', 'any'],
    message: 'error: Tiny has no mutant any; it has none\n',
  },
  {
    title: 'mutants of a spec that has none',
    args: ['mutate', 'spec.ts'],
    message: 'error: Tiny has no mutants\n',
  },
];

const usage: readonly Case[] = [
  {
    title: 'a flag that does not exist',
    args: ['check', 'spec.ts', '--max-state', '4'],
    message: "error: unknown option '--max-state'; did you mean --max-states?\n",
  },
  {
    title: 'a limit that is not a number',
    args: ['check', 'spec.ts', '--max-states', 'many'],
    message:
      "error: option '--max-states <n>' argument 'many' is invalid. It must be a whole number, such as 1000000 or 500k.\n",
  },
  {
    title: 'a time that is not one',
    args: ['check', 'spec.ts', '--time-limit', 'soon'],
    message:
      "error: option '--time-limit <time>' argument 'soon' is invalid. It must be a time, such as 500ms, 60s or 5m.\n",
  },
  {
    title: 'a command that does not exist',
    args: ['chek', 'spec.ts'],
    message: "error: unknown command 'chek'; did you mean check?\n",
  },
  {
    title: 'a model of no spec',
    args: ['check', '--model', 'small'],
    message:
      'error: --const, --fault, --model, --mutant, --dependencies, --state-graph, --report, --distinct, --disk-limit, --disk, --checkpoint, --resume, --stats, --symmetry, --partial-order, --fingerprint and --swarm need a spec: name one\n',
  },
  {
    title: 'a checkpoint to go on with where there is none',
    args: ['check', 'spec.ts', '--resume', '.'],
    message: 'error: . holds no checkpoint: --checkpoint makes one\n',
  },
  {
    title: 'a checkpoint in what is a file',
    args: ['check', 'spec.ts', '--checkpoint', 'spec.ts'],
    message: 'error: cannot write the checkpoint in spec.ts: it is a file, not a folder\n',
  },
  {
    title: 'how often to keep what is not kept',
    args: ['check', 'spec.ts', '--every', '5s'],
    message: 'error: --every says how often --checkpoint <folder> is written: name one\n',
  },
  {
    title: 'two folders for one run',
    args: ['check', 'spec.ts', '--resume', 'a', '--checkpoint', 'b'],
    message: 'error: --resume goes on with the run in a folder and keeps it there: leave --checkpoint out\n',
  },
  {
    title: 'a fault of a spec that is no protocol',
    args: ['check', 'spec.ts', '--fault', 'crash=1'],
    message: 'error: Tiny is no protocol: its faults are actions without budgets\n',
  },
  {
    title: 'a picture of the states in a format that is not written',
    args: ['check', 'spec.ts', '--state-graph', 'states.png'],
    message: 'error: --state-graph draws SVG and DOT: name a file that ends in .svg or .dot, not states.png\n',
  },
  {
    title: 'a picture of more states than one can show',
    args: ['check', 'two-phase-commit', '--model', 'medium', '--state-graph', 'states.svg'],
    message:
      'error: the state graph of TwoPhaseCommit has more than 300 states, too many for a picture: choose a smaller model (--model, --const), or name a .dot file, for up to 10,000\n',
  },
  {
    title: 'a picture in a language that is not written',
    args: ['check', 'spec.ts', '--dependency-graph', 'actions.png'],
    message: 'error: --dependency-graph writes the DOT language: name a file that ends in .dot\n',
  },
  {
    title: 'a picture in a folder that does not exist',
    args: ['check', 'spec.ts', '--dependency-graph', 'missing/actions.dot'],
    message: 'error: cannot write missing/actions.dot: its folder does not exist\n',
  },
  {
    title: 'no spec where one is needed',
    args: ['simulate'],
    message: "error: missing required argument 'spec'\n",
  },
];

describe.concurrent.each([
  ['files', files],
  ['user code', userCode],
  ['names', names],
  ['usage', usage],
])('%s', (_, cases) => {
  test.each(cases)('$title', async ({ file = tiny, args = ['check', 'spec.ts'], message }) => {
    const folder = await folderWith({ 'spec.ts': file });
    expect(await bivalent(args, folder)).toEqual({ code: 2, stdout: '', stderr: message });
  });
});

describe.concurrent('with --json', () => {
  const located = [...files, ...userCode].filter(({ error }) => error !== undefined);
  test.each(located)('$title', async ({ file = tiny, args = ['check', 'spec.ts'], message, error }) => {
    const folder = await folderWith({ 'spec.ts': file });
    const { code, stdout, stderr } = await bivalent([...args, '--json'], folder);
    expect({ code, stderr }).toEqual({ code: 2, stderr: '' });
    const [firstLine] = message.split('\n');
    expect(JSON.parse(stdout)).toEqual({
      schemaVersion: 1,
      result: 'error',
      error: {
        ...error,
        message: firstLine!.replace('error: ', ''),
        ...('file' in error! ? { file: join(folder, error.file as string) } : {}),
      },
    });
  });

  test('bad usage', async () => {
    const { code, stdout } = await bivalent(['check', '--json', '--nonsense']);
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toEqual({
      schemaVersion: 1,
      result: 'error',
      error: { code: 'usage/arguments', message: "unknown option '--nonsense'" },
    });
  });
});

test('--debug adds where in the program the error arose', async () => {
  const folder = await folderWith({});
  const { code, stderr } = await bivalent(['check', 'missing.ts', '--debug'], folder);
  expect(code).toBe(2);
  const [message, first, second] = stderr.split('\n');
  expect([message, first]).toEqual([
    'error: there is no file missing.ts',
    'BivalentError: there is no file missing.ts',
  ]);
  expect(second).toMatch(/^ {4}at /);
});
