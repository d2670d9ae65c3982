import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BivalentError } from '../../checker/core/index.ts';
import type { LogEvent } from '../event/index.ts';
import { formatNamed, formats, itfValue, parseTla, readEvents, recogniseFormat, textSource } from './index.ts';
import type { ReadOptions, Source } from './index.ts';

async function eventsOf(text: string | Uint8Array, format?: string, options?: ReadOptions): Promise<LogEvent[]> {
  const events: LogEvent[] = [];
  const named = format === undefined ? undefined : formatNamed(format);
  for await (const event of readEvents([textSource('log', text)], named, options)) events.push(event);
  return events;
}

/** A small log of each format that can be recognised, and its first event without its fields and text. */
const samples: Readonly<Record<string, { readonly text: string; readonly first: object }>> = {
  'etcd-raft': {
    text: 'I | {"tag":"other"}\nI | {"ts":1.5,"tag":"trace","event":{"name":"BecomeLeader","nid":"1","state":{"term":2}}}\nother\n',
    first: { line: 2, name: 'BecomeLeader', node: '1', time: 1.5 },
  },
  'ccf-consensus': {
    text: '{"h_ts":"16","tag":"raft_trace","msg":{"function":"replicate","state":{"node_id":"0"}}}\n',
    first: { line: 1, name: 'replicate', node: '0', time: '16' },
  },
  'ccf-consistency': {
    text: '{"action":"RwTxRequestAction","type":"RwTxRequest","tx":0}\n',
    first: { line: 1, name: 'RwTxRequestAction' },
  },
  pgo: {
    text: String.raw`{"archetypeName":"A","self":"\"x\"","clock":[[["A","\"x\""],1]],"csElements":[{"tag":"read","name":{"name":".pc"},"value":"\"A.loop\""}],"startTime":"2024-01-01T00:00:00Z"}`,
    first: { line: 1, name: 'A.loop', node: 'A(x)', time: '2024-01-01T00:00:00Z', clock: new Map([['A(x)', 1]]) },
  },
  tracechecker: {
    text: '{"TracerIdentity":"a","TraceID":18446744073709551615,"Tag":"Start","Body":{},"VectorClock":{"a":1}}\n',
    first: { line: 1, name: 'Start', node: 'a', clock: new Map([['a', 1]]) },
  },
  ewd998: {
    text: '{"N":2}\n{"event":"d","node":1,"pkt":{"vc":{"0":0,"1":1}}}\n',
    first: { line: 2, name: 'd', node: '1', clock: new Map([['1', 1]]) },
  },
  'trace-validation': {
    text: '{"x":[{"op":"Update","path":[],"args":[1]}],"event":"Step","event_args":[],"clock":3}\n',
    first: { line: 1, name: 'Step', lamport: 3 },
  },
  itf: {
    text: '{"vars":["x"],"states":[{"#meta":{"index":0,"action":"step"},"x":{"#bigint":"2"}}]}',
    first: { line: 1, name: 'step' },
  },
  pobserve: {
    text: '2024-01-01 00:00:00.000001 [main] INFO  Other - : hello\n2024-01-01 00:00:00.000002 [main] INFO  StructuredLogger - : MessageType=REQUEST, Id=1, Result=null\n',
    first: { line: 2, name: 'REQUEST', time: '2024-01-01 00:00:00.000002' },
  },
  shiviz: {
    text: 'a {"a":1}\nstart\nb {"b":1, "a":1}\nreceive\n',
    first: { line: 1, name: 'start', node: 'a', clock: new Map([['a', 1]]) },
  },
  csv: {
    text: 'event,node,text\nstart,a,"one, ""two""\nthree"\n',
    first: { line: 2, name: 'start', node: 'a' },
  },
  ndjson: {
    text: '\n{"event":"start","node":"a","time":5,"lamport":1,"clock":{"a":1},"send":"m1"}\n',
    first: {
      line: 2,
      name: 'start',
      node: 'a',
      time: 5,
      lamport: 1,
      clock: new Map([['a', 1]]),
      message: { kind: 'send', id: 'm1' },
    },
  },
};

describe('every format', () => {
  test('is listed in the documentation', () => {
    const text = readFileSync(new URL('../../docs/traces.md', import.meta.url), 'utf8');
    expect(formats.map(({ name }) => name).filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
  });

  test('has a sample here, but for the one that is not recognised', () => {
    expect(formats.map(({ name }) => name).filter((name) => !(name in samples))).toEqual(['pattern']);
  });

  test.each(Object.entries(samples))('%s is recognised, and its events are read', async (name, { text, first }) => {
    expect((await recogniseFormat(textSource('log', text))).name).toBe(name);
    const [{ fields: _fields, raw: _raw, ...event } = {}] = await eventsOf(text);
    expect(event).toEqual({ file: 'log', ...first });
  });

  test.each(formats)('$name turns any input into events or a located error', async ({ name }) => {
    const source = samples[name]?.text ?? samples['ndjson']?.text ?? '';
    await fc.assert(
      fc.asyncProperty(damaged(new TextEncoder().encode(source)), async (bytes) => {
        try {
          await eventsOf(bytes, name, { pattern: /(?<host>\S+) (?<clock>\{.*\})\n(?<event>.*)/ });
        } catch (error) {
          expect(error).toBeInstanceOf(BivalentError);
          expect((error as BivalentError).message).toMatch(/^log(:\d+)?: /);
        }
      }),
    );
  });

  test.each(Object.entries(samples))('how a log is cut does not show in the events of %s', async (name, { text }) => {
    const bytes = new TextEncoder().encode(text);
    const byByte: Source = {
      name: 'log',
      async *bytes() {
        for (const byte of bytes) yield Uint8Array.of(byte);
      },
    };
    const events: LogEvent[] = [];
    for await (const event of readEvents([byByte], formatNamed(name))) events.push(event);
    expect(events).toEqual(await eventsOf(text, name));
  });
});

/** A log cut short, with bytes changed, put in or left out; or nothing but junk. */
function damaged(bytes: Uint8Array): fc.Arbitrary<Uint8Array> {
  const edit = fc.record({ at: fc.nat(), remove: fc.nat(4), insert: fc.uint8Array({ maxLength: 4 }) });
  const edited = fc.tuple(fc.array(edit, { maxLength: 4 }), fc.nat()).map(([edits, cut]) => {
    let copy = bytes.slice(0, cut % 3 === 0 ? cut % (bytes.length + 1) : bytes.length);
    for (const { at, remove, insert } of edits) {
      const from = at % (copy.length + 1);
      copy = Uint8Array.of(...copy.subarray(0, from), ...insert, ...copy.subarray(from + remove));
    }
    return copy;
  });
  return fc.oneof(edited, fc.uint8Array({ maxLength: 200 }));
}

describe('NDJSON', () => {
  test('locates a line that is not JSON, or no object', async () => {
    await expect(eventsOf('{"event":"a"}\n{"event":\n', 'ndjson')).rejects.toThrow(
      'log:2: the line is not JSON: {"event":',
    );
    await expect(eventsOf('[1]\n', 'ndjson')).rejects.toThrow('log:1: the line is JSON, but not an object: [1]');
  });

  test('takes a last line that was cut short as an error, or leaves it out', async () => {
    const log = '{"event":"a"}\n{"event":"b';
    await expect(eventsOf(log, 'ndjson')).rejects.toThrow('log:2: the last line is cut short: {"event":"b');
    expect(await eventsOf(log, 'ndjson', { truncatedTail: 'ignore' })).toHaveLength(1);
  });

  test('finds parts where the field map says, and refuses those of the wrong kind', async () => {
    const log = '{"what":{"name":"a"},"who":7}\n';
    const [event] = await eventsOf(log, 'ndjson', { fieldMap: { name: 'what.name', node: 'who' } });
    expect([event?.name, event?.node]).toEqual(['a', '7']);
    await expect(eventsOf(log, 'ndjson', { fieldMap: { clock: 'who' } })).rejects.toThrow(
      "log:1: `who` cannot be the event's clock: it is 7.",
    );
  });

  test('refuses a clock that does not count', async () => {
    await expect(eventsOf('{"event":"a","clock":{"a":-1}}\n', 'ndjson')).rejects.toThrow(
      "log:1: the clock's entry for `a` should be a count, but is -1.",
    );
  });

  test('shows binary junk as escapes', async () => {
    await expect(eventsOf('\u0000\u001b[31m\n', 'ndjson')).rejects.toThrow(
      String.raw`log:1: the line is not JSON: \u0000\u001b[31m`,
    );
  });

  test('refuses deep nesting without overflowing the stack', async () => {
    await expect(eventsOf(`${'['.repeat(1_000_000)}\n`, 'ndjson')).rejects.toThrow(BivalentError);
  });
});

describe('other formats', () => {
  test('ShiViz logs may hold several executions, and their own expression', async () => {
    const log = '=== one ===\na {"a":1}\nx\n=== two ===\na {"a":1}\ny\n';
    const events = await eventsOf(log, 'shiviz', { delimiter: /^=== (?<trace>.*) ===$/ });
    expect(events.map(({ name, run }) => [name, run])).toEqual([
      ['x', 'one'],
      ['y', 'two'],
    ]);
    const own = await eventsOf('(?<event>.*)\\n(?<host>\\S*) (?<clock>{.*})\nx\na {"a":1}\n');
    expect(own.map(({ name, node, line }) => [name, node, line])).toEqual([['x', 'a', 2]]);
  });

  test('a ShiViz event is found wherever the window ends', async () => {
    const log = Array.from({ length: 3000 }, (_, i) => `a {"a":${i + 1}}\nevent ${i + 1}\n`).join('');
    const events = await eventsOf(`noise\n${log}`, 'shiviz');
    expect(events.map(({ name, line }) => [name, line])).toEqual(
      Array.from({ length: 3000 }, (_, i) => [`event ${i + 1}`, 2 * i + 2]),
    );
  });

  test('CSV refuses a row of another length, and a quoted field without end', async () => {
    await expect(eventsOf('event,node\na\n', 'csv')).rejects.toThrow(
      'log:2: the row has 1 fields, but the first row names 2.',
    );
    await expect(eventsOf('event,node\na,"b\n', 'csv')).rejects.toThrow('log:2: a quoted field does not end.');
  });

  test('a pattern needs to match somewhere', async () => {
    const [event] = await eventsOf('x\n12:00 start\n', 'pattern', { pattern: /^(?<time>\S+) (?<event>\w+)$/ });
    expect([event?.name, event?.time, event?.line]).toEqual(['start', '12:00', 2]);
    await expect(eventsOf('x\n', 'pattern', { pattern: /^(?<event>\d+)$/ })).rejects.toThrow(
      'log: the log holds no event of the format `pattern`.',
    );
  });

  test('what is like nothing known is not guessed at', async () => {
    await expect(eventsOf('hello\nworld\n')).rejects.toThrow(
      'log: the format is not recognised; name it with --format.',
    );
    await expect(eventsOf('')).rejects.toThrow('log: the log is empty.');
    expect(() => formatNamed('xml')).toThrow(/^--format: there is no format `xml`; there are etcd-raft, /);
  });
});

describe('values in other notations', () => {
  test('TLA+ text', () => {
    expect(parseTla('[type |-> "tok", q |-> -1, done |-> FALSE]')).toEqual({ type: 'tok', q: -1, done: false });
    expect(parseTla('<<1, <<>>, {"a", m1}, 2..3>>')).toEqual([1, [], new Set(['a', 'm1']), new Set([2, 3])]);
    expect(parseTla('(n1 :> 0 @@ n2 :> 1)')).toEqual({ n1: 0, n2: 1 });
    expect(parseTla('((1) :> ("a") @@ (2) :> ("b"))')).toEqual(['a', 'b']);
    expect(parseTla('(0 :> TRUE)')).toEqual(new Map([[0, true]]));
    expect(parseTla('9007199254740993')).toBe(9007199254740993n);
    expect(() => parseTla('<<1, 2')).toThrow('expected `>>` but found the end before character 7');
    expect(() => parseTla('{'.repeat(500))).toThrow('nested deeper than 200');
  });

  test('ITF tags', () => {
    expect(itfValue({ x: { '#set': [{ '#bigint': '1' }, { '#tup': [true] }] } })).toEqual({ x: new Set([1, [true]]) });
    expect(itfValue({ '#map': [['k', { '#bigint': '9007199254740993' }]] })).toEqual(
      new Map([['k', 9007199254740993n]]),
    );
    expect(() => itfValue({ '#unserializable': 'Nat' })).toThrow('`#unserializable` is no ITF value that can be read');
  });
});

test('the configuration line of an etcd-raft trace is an event, too', async () => {
  const [event] = await eventsOf('{"tag":"config","config":{"MaxInflightMsgs":3}}\n', 'etcd-raft');
  expect(event).toMatchObject({ name: 'config', fields: { MaxInflightMsgs: 3 } });
});
