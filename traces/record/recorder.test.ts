import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { beforeEach, describe, expect, test } from 'vitest';
import { temporaryFolder } from '../../checker/temporary-folder.test-support.ts';
import type { LogEvent } from '../event/index.ts';
import { MessageCheck, VectorClockCheck } from '../order/index.ts';
import { openSources, readEvents } from '../reader/index.ts';
import { Recorder } from './recorder.ts';

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
});

async function recorded(...files: readonly string[]): Promise<LogEvent[]> {
  const events: LogEvent[] = [];
  for await (const event of readEvents(await openSources(files))) events.push(event);
  return events;
}

function problems(events: readonly LogEvent[]): readonly unknown[] {
  const clocks = new VectorClockCheck();
  const messages = new MessageCheck();
  for (const event of events) {
    clocks.add(event);
    messages.add(event);
  }
  return [...clocks.report().findings, ...messages.report().findings];
}

describe('Recorder', () => {
  test('records events whose clocks follow the messages', async () => {
    const [a, b] = ['a', 'b'].map((node) => new Recorder({ file: join(folder, node), node }));
    const stamp = a?.send('ask', { key: 'x' });
    b?.event('idle');
    if (stamp !== undefined) b?.receive('ask', JSON.parse(JSON.stringify(stamp)), { big: 9007199254740993n });
    a?.close();
    b?.close();
    const events = await recorded(join(folder, 'a'), join(folder, 'b'));
    expect(problems(events)).toEqual([]);
    expect(events.map(({ name, node, lamport, clock, message }) => ({ name, node, lamport, clock, message }))).toEqual([
      { name: 'ask', node: 'a', lamport: 1, clock: new Map([['a', 1]]), message: { kind: 'send', id: 'a#1' } },
      { name: 'idle', node: 'b', lamport: 1, clock: new Map([['b', 1]]), message: undefined },
      {
        name: 'ask',
        node: 'b',
        lamport: 2,
        clock: new Map(Object.entries({ a: 1, b: 2 })),
        message: { kind: 'receive', id: 'a#1' },
      },
    ]);
    expect(events[2]?.fields['big']).toBe(9007199254740993n);
  });

  test('goes on with its clocks after a restart, without the rest of a line that was cut short', async () => {
    const file = join(folder, 'a');
    const before = new Recorder({ file, node: 'a' });
    before.event('one', { text: 'x'.repeat(200_000) });
    before.close();
    appendFileSync(file, '{"event":"tw');
    const after = new Recorder({ file, node: 'a' });
    after.event('two');
    after.close();
    const events = await recorded(file);
    expect(events.map(({ name, lamport }) => [name, lamport])).toEqual([
      ['one', 1],
      ['two', 2],
    ]);
    expect(problems(events)).toEqual([]);
  });

  test('refuses a field that it writes itself, and the file of another node', () => {
    const file = join(folder, 'a');
    const recorder = new Recorder({ file, node: 'a' });
    expect(() => recorder.event('x', { clock: 1 })).toThrow(
      'A field cannot be called `clock`: the recorder writes it itself.',
    );
    recorder.event('x');
    recorder.close();
    expect(() => new Recorder({ file, node: 'b' })).toThrow(`${file} holds the events of \`a\`, not of \`b\`.`);
  });

  test('leaves whole lines behind when its process is killed', async () => {
    const file = join(folder, 'log');
    const url = new URL('recorder.ts', import.meta.url).href;
    const program = `import { Recorder } from ${JSON.stringify(url)};
      const recorder = new Recorder({ file: ${JSON.stringify(file)}, node: 'a' });
      for (let i = 0; ; i++) recorder.event('step', { i, padding: 'x'.repeat(i % 5000) });`;
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program], {
      stdio: 'inherit',
    });
    while ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) < 1_000_000) await delay(5);
    child.kill('SIGKILL');
    await once(child, 'exit');
    new Recorder({ file, node: 'a' }).close();
    expect(readFileSync(file, 'utf8').endsWith('\n')).toBe(true);
    const events = await recorded(file);
    expect(events.map((event) => event.fields['i'])).toEqual([...events.keys()]);
    expect(problems(events)).toEqual([]);
  });
});
