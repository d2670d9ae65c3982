import { gzipSync } from 'node:zlib';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { schemaErrors } from '../report/schema.test-support.ts';
import { bivalent, folderWith } from './command.test-support.ts';

const spec = `import { defineSpec, nodes, when } from 'bivalent';

export default defineSpec({
  name: 'Turns',
  constants: { players: nodes('p', 2) },
  init: () => ({ last: 'p2', moves: 0 }),
  actions: {
    move(s, { players, pick }) {
      const { player } = pick({ player: players });
      when(s.last !== player);
      s.last = player;
      s.moves += 1;
    },
  },
  invariants: { short: (s) => s.moves < 3 },
});
`;
const binding = `import { defineBinding } from 'bivalent/traces';
import turns from './turns.ts';

export default defineBinding(turns, {
  constants: (events) => ({ players: new Set(events.map((event) => event.node)).size }),
  events: { move: (event) => ({ action: 'move', picks: { player: event.node } }) },
});
`;
const move = (node: string): string => `{"event":"move","node":"${node}"}\n`;
const files = {
  'turns.ts': spec,
  'binding.ts': binding,
  'good.ndjson': move('p1') + move('p2') + move('p1'),
  'bad.ndjson': move('p1') + move('p1') + move('p2'),
  'broken.ndjson': `${move('p1')}{"event":\n`,
  'a.log': 'a {"a":1}\nsend\n',
  'b.log': 'b {"b":1, "a":1}\nreceive\n',
  'terms.ndjson': '{"node":"a","term":2}\n{"node":"a","term":1}\n',
};

const validate = (log: string, ...more: string[]): string[] => ['validate', log, '--binding', 'binding.ts', ...more];

describe.concurrent('validate', () => {
  test('exits 0 for a log that a behaviour explains, and shows it on request', async () => {
    const folder = await folderWith(files);
    expect(await bivalent(validate('good.ndjson', '--behaviour'), folder)).toEqual({
      code: 0,
      stdout: `valid: a behaviour of Turns explains all 3 events

A behaviour that explains the log:
  0. (initial state)
  1. move(player=p1)   good.ndjson:1
  2. move(player=p2)   good.ndjson:2
  3. move(player=p1)   good.ndjson:3
`,
      stderr: '',
    });
  });

  test('exits 1 with the first line that nothing explains, and why', async () => {
    const { code, stdout } = await bivalent(validate('bad.ndjson'), await folderWith(files));
    expect({ code, stdout }).toEqual({
      code: 1,
      stdout: `invalid: no behaviour of Turns explains the log; the longest explains 1 event

bad.ndjson:2: nothing explains
  {"event":"move","node":"p1"}

  move(player=p1) is not enabled: a guard fails at turns.ts:10
    when(s.last !== player);
    it read last = 'p1'

1 state of the spec is possible there:
  - last = 'p1'
    moves = 1

The spec allows: move(player=p2)
If bad.ndjson:2 and bad.ndjson:3 were swapped, the rest of the log would be explained.
If bad.ndjson:2 were left out, the rest of the log would be explained.
If bad.ndjson:1 were left out, the rest of the log would be explained.
`,
    });
  });

  test('exits 1 where an invariant is false on the way, when asked', async () => {
    const { code, stdout } = await bivalent(validate('good.ndjson', '--invariants'), await folderWith(files));
    expect({ code, stdout }).toEqual({
      code: 1,
      stdout: `invalid: the log is a behaviour of Turns, but not all of its invariants hold

After good.ndjson:3 the invariant short is false.
`,
    });
  });

  test('exits 3 where a limit is reached', async () => {
    const { code, stdout } = await bivalent(validate('good.ndjson', '--max-states', '2'), await folderWith(files));
    expect({ code, stdout }).toEqual({
      code: 3,
      stdout: 'inconclusive: stopped when 2 states were held, with 1 event explained\n',
    });
  });

  // Tests that run at the same time must take their snapshots through the context of their own.
  test('reads gzip, and prints JSON', async ({ expect }) => {
    const folder = await folderWith(files);
    await writeFile(join(folder, 'log'), gzipSync(files['bad.ndjson']));
    const { code, stdout } = await bivalent(validate('log', '--json'), folder);
    const { seconds: _seconds, ...document } = JSON.parse(stdout.replaceAll(folder, '')) as Record<string, unknown>;
    expect({ code, document }).toMatchSnapshot();
    expect(schemaErrors(JSON.parse(stdout), 'validation')).toBeNull();
  });

  test.each([
    ['broken.ndjson', 'error: broken.ndjson:2: the line is not JSON: {"event":\n'],
    ['absent.ndjson', 'error: absent.ndjson: there is no such file.\n'],
  ])('exits 2 with the place for %s', async (log, message) => {
    const { code, stderr } = await bivalent(validate(log), await folderWith(files));
    expect({ code, message: stderr.split('\n', 1)[0] + '\n' }).toEqual({ code: 2, message });
  });

  test('exits 2 for a binding that is none', async () => {
    const { code, stderr } = await bivalent(
      ['validate', 'good.ndjson', '--binding', 'turns.ts'],
      await folderWith(files),
    );
    expect(code).toBe(2);
    expect(stderr.split('\n', 1)[0]).toBe(
      'error: The default export of turns.ts is not a binding: make it one with `defineBinding(spec, { … })`',
    );
  });
});

describe.concurrent('clocks', () => {
  test('exits 0 for clocks of an execution, and answers which event came first', async () => {
    const args = ['clocks', 'a.log', 'b.log', '--concurrent', 'a.log:1', 'b.log:1'];
    expect(await bivalent(args, await folderWith(files))).toEqual({
      code: 0,
      stdout: `valid: 2 events at 2 nodes

vector clocks: ok (2 events)
a.log:1 happened before (→) b.log:1
`,
      stderr: '',
    });
  });

  test('exits 1 with the place of each problem', async () => {
    expect(await bivalent(['clocks', 'b.log'], await folderWith(files))).toEqual({
      code: 1,
      stdout: `invalid: 1 event at 1 node

vector clocks: 1 problem (1 event)
  b.log:1: the clock names the node \`a\`, of which the log has no events: is its own log missing?
`,
      stderr: '',
    });
    expect(await bivalent(['clocks', 'terms.ndjson', '--monotone', 'term'], await folderWith(files))).toEqual({
      code: 1,
      stdout: `invalid: 2 events at 1 node

term never goes back at a node: 1 problem (2 events)
  terms.ndjson:2: term of \`a\` goes back from 2 to 1 (before: terms.ndjson:1).
`,
      stderr: '',
    });
  });

  test.each([
    { code: 0, args: ['a.log', 'b.log', '--concurrent', 'a.log:1', 'b.log:1', '--up', 'send', '--down', 'receive'] },
    { code: 1, args: ['terms.ndjson', '--monotone', 'term'] },
  ])('prints JSON as the schema describes it: $args', async ({ code, args }) => {
    const finished = await bivalent(['clocks', ...args, '--json'], await folderWith(files));
    expect(finished.code).toBe(code);
    expect(schemaErrors(JSON.parse(finished.stdout), 'clocks')).toBeNull();
  });

  test('exits 2 where there is nothing to check', async () => {
    const { code, stderr } = await bivalent(['clocks', 'good.ndjson'], await folderWith(files));
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr:
        'error: The log has neither vector clocks, Lamport clocks nor messages: there is nothing to check. ' +
        'Name a field that must not go back with --monotone, or say with --field where the clocks are.\n',
    });
  });
});
