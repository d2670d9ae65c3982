import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { BivalentError } from '../core/index.ts';
import { schemaErrors } from '../report/schema.test-support.ts';
import { bivalent, folderWith } from './command.test-support.ts';
import { commandLine } from './report-files.ts';
import { reportOf } from './report.ts';

const spec = `import { defineSpec } from 'bivalent';
export default defineSpec({
  name: 'Turns',
  constants: { most: 3 },
  init: () => ({ last: 'p2', moves: 0 }),
  actions: {
    move(s, { pick, most }) {
      const { player } = pick({ player: ['p1', 'p2'] });
      if (s.moves < most) s.moves += 1;
      s.last = player;
    },
  },
  invariants: { short: (s) => s.moves < 2 },
});
`;
const binding = `import { defineBinding } from 'bivalent/traces';
import turns from './turns.ts';
export default defineBinding(turns, {
  events: { move: (event) => ({ action: 'move', picks: { player: event.node } }) },
});
`;
const log = '{"event":"move","node":"p1"}\n{"event":"move","node":"p3"}\n';
const history = `{:index 0, :type :invoke, :f :write, :value 1, :process 0}
{:index 1, :type :ok, :f :write, :value 1, :process 0}
{:index 2, :type :invoke, :f :read, :value nil, :process 1}
{:index 3, :type :ok, :f :read, :value 0, :process 1}
`;
const files = { 'turns.ts': spec, 'binding.ts': binding, 'log.ndjson': log, 'history.edn': history };

/** Writes reports directly, and again from the saved result: the files must be the same. */
async function twice(folder: string, args: readonly string[], formats: readonly string[]): Promise<number | null> {
  const reports = (name: string) => formats.flatMap((format) => ['--report', `${name}.${format}`]);
  const { code, stderr } = await bivalent([...args, ...reports('first'), '--report', 'saved.json'], folder);
  expect(stderr).toBe('');
  const again = await bivalent(['report', 'saved.json', ...reports('second')], folder);
  expect(again).toEqual({ code: 0, stdout: '', stderr: '' });
  for (const format of formats) {
    const text = (name: string) => readFileSync(join(folder, `${name}.${format}`), 'utf8');
    expect(text('second')).toBe(text('first'));
  }
  return code;
}

/** How the spec in a page is bound, or why there is none. */
function whatIf(folder: string, file: string): unknown {
  const [, data = ''] = /id="report-data">(.*)<\/script>/.exec(readFileSync(join(folder, file), 'utf8')) ?? [];
  return (JSON.parse(data) as { whatIf: unknown }).whatIf;
}

describe.concurrent('a page', () => {
  test('has the spec with which it was checked, or that a saved result is written with', async ({ expect }) => {
    const folder = await folderWith(files);
    const reports = ['--report', 'page.html', '--report', 'saved.json'];
    await bivalent(['check', 'turns.ts', '--const', 'most=2', ...reports], folder);
    expect(whatIf(folder, 'page.html')).toEqual({ choice: { constants: { most: 2 }, deadlock: true } });
    const again = ['report', 'saved.json', '--report', 'again.html'];
    expect(await bivalent([...again, '--spec', 'turns.ts'], folder)).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(readFileSync(join(folder, 'again.html'), 'utf8')).toBe(readFileSync(join(folder, 'page.html'), 'utf8'));
    await bivalent(again, folder);
    expect(whatIf(folder, 'again.html')).toEqual({
      absent: 'the spec was not saved with the result; bivalent report --spec puts it in',
    });
  });

  test('says why it has no spec that needs more than a browser has', async ({ expect }) => {
    const needy = `import { readFileSync } from 'node:fs';\nvoid readFileSync;\n${spec}`;
    const folder = await folderWith({ 'needy.ts': needy });
    expect(await bivalent(['check', 'needy.ts', '--report', 'page.html'], folder)).toMatchObject({
      code: 1,
      stderr: '',
    });
    expect(whatIf(folder, 'page.html')).toEqual({
      absent: 'its spec cannot be run in a browser: Could not resolve "node:fs"',
    });
  });

  test.each([
    [['--spec', 'turns.ts'], '--spec is for a page: add --report with a file that ends in .html'],
    [['--mutant', 'x', '--report', 'page.html'], '--mutant needs --spec'],
  ])('is what the options %j are for', async (options, message) => {
    const folder = await folderWith({ 'saved.json': '{}' });
    const { code, stderr } = await bivalent(['report', 'saved.json', ...options], folder);
    expect({ code, stderr }).toEqual({ code: 2, stderr: `error: ${message}\n` });
  });
});

describe.concurrent('a report', () => {
  test('of a check is the same when it is written from the saved result', async ({ expect }) => {
    const folder = await folderWith(files);
    const formats = ['md', 'txt', 'itf.json', 'mmd', 'dot', 'svg', 'shiviz.log', 'tla', 'junit.xml'];
    expect(await twice(folder, ['check', 'turns.ts'], formats)).toBe(1);
    const saved = JSON.parse(readFileSync(join(folder, 'saved.json'), 'utf8')) as Record<string, unknown>;
    expect(schemaErrors(saved)).toBeNull();
    expect(saved['command']).toBe('bivalent check turns.ts');
    const shown = await bivalent(['report', 'saved.json'], folder);
    expect(shown).toEqual({ code: 0, stdout: readFileSync(join(folder, 'first.txt'), 'utf8'), stderr: '' });
    expect(shown.stdout.split('\n')[0]).toBe('✗ Turns violates short after 2 steps');
  });

  test('of a validation is the same when it is written from the saved result', async ({ expect }) => {
    const folder = await folderWith(files);
    const args = ['validate', 'log.ndjson', '--binding', 'binding.ts'];
    expect(await twice(folder, args, ['md', 'txt', 'junit.xml'])).toBe(1);
    expect(schemaErrors(JSON.parse(readFileSync(join(folder, 'saved.json'), 'utf8')), 'validation')).toBeNull();
  });

  test('of a valid log holds the behaviour that explains it, where that was asked for', async ({ expect }) => {
    const folder = await folderWith({ ...files, 'log.ndjson': log.split('\n')[0]! });
    const args = ['validate', 'log.ndjson', '--binding', 'binding.ts', '--behaviour'];
    expect(await twice(folder, args, ['md', 'itf.json', 'svg'])).toBe(0);
    expect(readFileSync(join(folder, 'first.md'), 'utf8')).toContain('| 1 | `move(player=p1)`<br>`log.ndjson:1` |');
  });

  test('of a history is the same when it is written from the saved result', async ({ expect }) => {
    const folder = await folderWith(files);
    const args = ['history', 'history.edn', '--model', 'register', '--initial', '0'];
    expect(await twice(folder, args, ['md', 'txt', 'svg', 'html', 'junit.xml'])).toBe(1);
    expect(schemaErrors(JSON.parse(readFileSync(join(folder, 'saved.json'), 'utf8')), 'history')).toBeNull();
  });

  test('have times and memory where those, or statistics, are asked for', async ({ expect }) => {
    const folder = await folderWith(files);
    const hasTimes = async (...asked: readonly string[]): Promise<boolean> => {
      await bivalent(['check', 'turns.ts', '--report', 'saved.json', ...asked], folder);
      const { seconds, command } = JSON.parse(readFileSync(join(folder, 'saved.json'), 'utf8')) as Record<
        string,
        unknown
      >;
      expect(command).toBe('bivalent check turns.ts');
      return seconds !== undefined;
    };
    expect([await hasTimes(), await hasTimes('--times'), await hasTimes('--stats', 'run.csv')]).toEqual([
      false,
      true,
      true,
    ]);
  });

  test('that has nothing to show is not written, and it is said so', async ({ expect }) => {
    const folder = await folderWith(files);
    const args = ['check', 'turns.ts', '--const', 'most=1', '--report', 'trace.svg', '--report', 'all.md'];
    const { code, stderr } = await bivalent(args, folder);
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: 'trace.svg is not written: this result has nothing for it to show\n',
    });
    expect([existsSync(join(folder, 'trace.svg')), existsSync(join(folder, 'all.md'))]).toEqual([false, true]);
  });
});

describe('what cannot be reported', () => {
  test.each([
    ['[]', 'not a saved result: the document is not an object; save one with --json, or with --report result.json'],
    [
      '{"schemaVersion":1}',
      'not a saved result: it has no spec with a result of a check or a simulation; save one with --json, or with --report result.json',
    ],
    [
      '{"schemaVersion":9}',
      'not a saved result: its schemaVersion is 9, and this program reads 1; save one with --json, or with --report result.json',
    ],
    [
      '{"schemaVersion":1,"spec":"X","result":"ok","constants":{},"distinctStates":1,"generatedStates":1,"skipped":0,"depth":1,"actions":{},"faults":{},"samples":[{"seconds":"1"}]}',
      'not a saved result: samples[0].seconds is not a number; save one with --json, or with --report result.json',
    ],
    ['{"vars":[],"states":[]}', 'the ITF trace has no states'],
    [
      '{"vars":[],"states":[{"x":{"#no":[]}}]}',
      'state 0 of the ITF trace: not a value of ITF: the tag "#no"; known are {"#set": [...]}, {"#tup": [...]}, {"#map": [[key, value], ...]} and {"#bigint": "12"}',
    ],
    ['{"explained":1,"constants":7}', 'not a saved validation: 7 where a record belongs'],
    ['{"consistency":"x"}', 'not a saved history: it has no lists of notes and findings'],
  ])('is refused: %s', (text, message) => {
    expect(() => reportOf(JSON.parse(text), 'x')).toThrowError(new BivalentError('report/document', message));
  });

  test('is refused before any work is done', async () => {
    const folder = await folderWith(files);
    const refused = async (file: string) => (await bivalent(['check', 'turns.ts', '--report', file], folder)).stderr;
    expect(await refused('out.pdf')).toMatch(/^error: --report writes files that end in .*; out\.pdf does not\n$/);
    expect(await refused('none/out.md')).toBe('error: cannot write none/out.md: its folder does not exist\n');
    const opened = async (file: string) => (await bivalent(['report', file], folder)).stderr;
    expect(await opened('none.json')).toBe('error: there is no file none.json\n');
    expect(await opened('turns.ts')).toMatch(/^error: turns\.ts is not JSON: .*\n$/);
  });
});

test('the command that gives a result again is quoted for a shell, without what it printed and wrote', () => {
  const args = ['check', 'a b.ts', '--mutant', "it's", '--json', '--report', 'x.md', '--report=y.md', '--const', 'n=2'];
  expect(commandLine(args)).toBe(`bivalent check 'a b.ts' --mutant 'it'\\''s' --const n=2`);
});

test('several counterexamples are found where they are asked for', async () => {
  const both = spec.replace('short: (s)', "early: (s) => s.last !== 'p1', short: (s)");
  const folder = await folderWith({ 'turns.ts': both });
  const { code, stdout } = await bivalent(['check', 'turns.ts', '--distinct', '9'], folder);
  expect({ code, verdicts: stdout.split('\n').filter((line) => /^\S/.test(line)) }).toEqual({
    code: 1,
    verdicts: [
      '✗ Turns violates early after 1 step',
      'One other counterexample, of another property; no other property fails.',
      '✗ Turns violates short after 2 steps',
    ],
  });
  expect((await bivalent(['check', 'turns.ts', '--distinct-by', 'actions'], folder)).stderr).toBe(
    'error: --distinct-by needs --distinct: say how many counterexamples to look for\n',
  );
});

describe('a replay of a saved counterexample', () => {
  test('tells by its exit code whether it is still one, and writes a test', async () => {
    const fixed = spec.replace('s.moves += 1', 's.moves = 1');
    const folder = await folderWith({ ...files, 'fixed.ts': fixed });
    await bivalent(['check', 'turns.ts', '--report', 'found.json'], folder);
    const replay = (...args: string[]) => bivalent(['replay', 'found.json', '--spec', ...args], folder);
    expect(await replay('turns.ts', '--as-test', 'turns.test.ts')).toEqual({
      code: 1,
      stdout: `✗ It still violates short after 2 of 2 steps

  0  initial state
  1  move(player=p1)
  2  move(player=p1)
`,
      stderr: '',
    });
    expect(readFileSync(join(folder, 'turns.test.ts'), 'utf8')).toContain('import spec from "./turns.ts";\n');
    const { code, stdout } = await replay('fixed.ts', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      result: 'holds',
      differences: ['step 2 leads elsewhere: moves is 1, not 2'],
    });
    expect((await replay('two-phase-commit', '--as-test', 'x.test.ts')).stderr).toBe(
      'error: --as-test needs a spec that a test can import: a file, not two-phase-commit\n',
    );
    expect((await replay('two-phase-commit')).stderr).toMatch(/^error: TwoPhaseCommit has no property short, /);
  });
});
