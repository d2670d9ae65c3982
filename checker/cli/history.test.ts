import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { schemaErrors } from '../report/schema.test-support.ts';
import { bivalent, folderWith, fromSource } from './command.test-support.ts';

const stale = `{"process": 0, "type": "invoke", "f": "write", "value": 1}
{"process": 0, "type": "ok", "f": "write", "value": 1}
{"process": 1, "type": "invoke", "f": "read", "value": null}
{"process": 1, "type": "ok", "f": "read", "value": 0}
`;
const latch = `export default { name: 'latch', init: false, step: (isSet, { f, output }) => f === 'set' ? true : isSet };`;
const skew = '{:type :ok, :value [[:r :x nil] [:w :y 1]]}\n{:type :ok, :value [[:r :y nil] [:w :x 1]]}\n';

describe('bivalent history', () => {
  test('prints the violation, draws it, and exits 1', async () => {
    const folder = await folderWith({ 'stale.ndjson': stale });
    const args = [
      'history',
      'stale.ndjson',
      '--model',
      'register',
      '--initial',
      '0',
      '--report',
      'out.svg',
      '--report',
      'out.html',
    ];
    const { code, stdout, stderr } = await bivalent(args, folder);
    expect(stderr).toBe('');
    expect(stdout).toBe(`VIOLATION: 2 operations (linearizable, model register)

not linearizable: 1 operation can be put into order; the answer of line 3 cannot be reached. 2 operations cannot be ordered, whatever the others did.

process 0  ├──┤            write(1) → 1  line 1
process 1        ├──┤      read() → 0  line 3  ←
`);
    expect(code).toBe(1);
    const svg = await readFile(join(folder, 'out.svg'), 'utf8');
    expect(svg.match(/<rect x=/g)).toHaveLength(2);
    expect(await readFile(join(folder, 'out.html'), 'utf8')).toMatch(/^<!doctype html>/);
  });

  test('exits 0 where the weaker claim holds', async () => {
    const folder = await folderWith({ 'stale.ndjson': stale });
    const args = ['history', 'stale.ndjson', '--model', 'register', '--initial', '0', '--consistency', 'sequential'];
    expect(await bivalent(args, folder)).toEqual({
      code: 0,
      stdout: 'consistent: 2 operations (sequential, model register)\n',
      stderr: '',
    });
  });

  test('exits 3 where the evidence leaves the level open, and prints one JSON document', async () => {
    const folder = await folderWith({ 'log.txt': 'w(1,1,0,0)\n' });
    const args = ['history', 'log.txt', '--model', 'rw-register', '--consistency', 'strict-serializable', '--json'];
    const { code, stdout } = await bivalent(args, folder);
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toEqual({
      schemaVersion: 1,
      command: 'bivalent history log.txt --model rw-register --consistency strict-serializable',
      result: 'inconclusive',
      model: 'rw-register',
      consistency: 'strict-serializable',
      operations: 1,
      notes: ['strict-serializable: the history does not tell when transactions ran.'],
      findings: [],
      levels: {
        'read-uncommitted': 'holds',
        'read-committed': 'holds',
        'parallel-snapshot-isolation': 'holds',
        'snapshot-isolation': 'holds',
        serializable: 'holds',
        'strict-serializable': 'undecided',
      },
    });
  });

  test('judges every isolation level, and exits by the one that was asked for', async () => {
    const folder = await folderWith({ 'skew.edn': skew });
    const args = ['history', 'skew.edn', '--model', 'rw-register', '--consistency'];
    expect((await bivalent([...args, 'snapshot-isolation'], folder)).code).toBe(0);
    expect((await bivalent([...args, 'serializable'], folder)).code).toBe(1);
  });

  test("takes a user's model from a file", async () => {
    const history = '{"process": 0, "type": "invoke", "f": "set"}\n{"process": 0, "type": "ok", "f": "set"}\n';
    const folder = await folderWith({ 'latch.ts': latch, 'latch.ndjson': history });
    expect((await bivalent(['history', 'latch.ndjson', '--model', './latch.ts'], folder)).stdout).toBe(
      'consistent: 1 operation (linearizable, model latch)\n',
    );
  });

  test.each([
    [['absent.edn', '--model', 'register'], 'error: absent.edn: there is no such file.\n'],
    [['broken.edn', '--model', 'register'], "error: broken.edn:2: '{' is not closed.\n  at broken.edn:2\n"],
    [
      ['stale.ndjson', '--model', 'register', '--consistency', 'serializable'],
      'error: serializable is an isolation level: it is about transactions, and the model register has none\n',
    ],
    [
      ['stale.ndjson', '--model', 'regster'],
      "error: there is no model 'regster'; there are register, cas-register, multi-register, kv, counter, set, queue, stack, mutex, lock, append-list, set-full, bank, long-fork, list-append, rw-register, and files ending in .ts\n",
    ],
  ])('%j is an error, and exits 2', async (args, message) => {
    const folder = await folderWith({
      'stale.ndjson': stale,
      'broken.edn': '{:process 0, :type :invoke, :f :read}\n{:process',
    });
    const { code, stderr } = await bivalent(['history', ...args], folder);
    expect(stderr.replaceAll(`${folder}/`, '')).toBe(message);
    expect(code).toBe(2);
  });
});

/** Every order of these leads to another list, and none to the one that is read: there are too many to try. */
const tooMany = [
  ...Array.from({ length: 14 }, (_, i) => `{"process": ${i}, "type": "invoke", "f": "append", "value": ${i}}`),
  '{"process": 20, "type": "invoke", "f": "append", "value": 20}',
  '{"process": 20, "type": "ok", "f": "append", "value": 20}',
  '{"process": 21, "type": "invoke", "f": "read", "value": null}',
  '{"process": 21, "type": "ok", "f": "read", "value": [99]}',
].join('\n');

/** Says when the search is under way. */
const appendList = `import { illegal } from 'bivalent';
let steps = 0;
export default {
  name: 'list',
  init: '',
  step(list, { f, input }) {
    steps += 1;
    if (steps === 1000) console.error('under way');
    return f === 'append' ? list + ' ' + input : illegal;
  },
};
`;

describe.concurrent('a history that is too hard is inconclusive, with what is known, and exit code 3', () => {
  const known = {
    result: 'inconclusive',
    operations: 16,
    parts: [{ result: 'inconclusive', operations: 16, linearized: 1, blocked: { f: 'read', line: 17 } }],
  };

  test('at the time limit', async () => {
    const folder = await folderWith({ 'hard.ndjson': tooMany });
    const args = ['history', 'hard.ndjson', '--model', 'append-list', '--time-limit', '200ms', '--json'];
    const { code, stdout } = await bivalent(args, folder);
    const document: unknown = JSON.parse(stdout);
    expect(document).toMatchObject({ ...known, notes: ['Not everything was tried: the time limit was reached.'] });
    expect(schemaErrors(document, 'history')).toBeNull();
    expect(code).toBe(3);
  });

  test.each(['linearizable', 'sequential'])('when the user presses Ctrl-C (%s)', async (claim) => {
    const folder = await folderWith({ 'hard.ndjson': tooMany, 'list.ts': appendList });
    const args = ['history', 'hard.ndjson', '--model', 'list.ts', '--consistency', claim, '--json'];
    const child = spawn(process.execPath, [...fromSource, ...args], {
      cwd: folder,
      env: { ...process.env, INIT_CWD: folder },
    });
    child.stderr.on('data', (chunk: Buffer) => {
      if (chunk.toString().includes('under way')) child.kill('SIGINT');
    });
    let stdout = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    const code = await new Promise((resolve) => child.on('close', resolve));
    const notes = ['Not everything was tried: it was stopped by Ctrl-C.'];
    const { parts, ...rest } = known;
    expect(JSON.parse(stdout)).toMatchObject({ ...rest, notes, ...(claim === 'linearizable' && { parts }) });
    expect(code).toBe(3);
  });
});
