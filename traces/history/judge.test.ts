import { describe, expect, test } from 'vitest';

import { textSource } from '../reader/index.ts';
import { historyText, judgeHistory, modelNamed, readHistory, type HistoryVerdict, type JudgeOptions } from './index.ts';

async function judge(text: string, model: string, options: Omit<JudgeOptions, 'model'> = {}): Promise<HistoryVerdict> {
  const log = await readHistory([textSource('history', text)]);
  return judgeHistory(log, { model: modelNamed(model, { initial: 0 })!, ...options });
}

async function failure(text: string, model: string): Promise<string> {
  return judge(text, model).then(
    () => 'no error',
    (error: Error) => error.message,
  );
}

const invoke = (process: number, f: string, value: string): string =>
  `{:process ${process}, :type :invoke, :f :${f}, :value ${value}}\n`;
const ok = (process: number, f: string, value: string): string =>
  `{:process ${process}, :type :ok, :f :${f}, :value ${value}}\n`;

describe('a history that breaks the rules is an error at its line', () => {
  test.each([
    [
      'an answer without a call',
      ok(0, 'read', '1'),
      'register',
      'history:1: process 0 has an answer (ok) to read, which it has not called.',
    ],
    [
      'a process with two open operations',
      invoke(0, 'read', 'nil') + invoke(0, 'write', '1'),
      'register',
      'history:2: process 0 calls write while its read is open since line 1. A process has one operation open at a time.',
    ],
    [
      'an answer to another operation',
      invoke(0, 'read', 'nil') + ok(0, 'write', '1'),
      'register',
      'history:2: process 0 has an answer (ok) to write, but the operation it has open is read.',
    ],
    [
      'an unknown function',
      invoke(0, 'increment', 'nil') + ok(0, 'increment', 'nil'),
      'register',
      "history:1: the model register has no operation 'increment'. It has read, write, cas.",
    ],
    [
      'mixed formats',
      `${invoke(0, 'read', 'nil')}INFO jepsen.util - 0 :ok :read 1`,
      'register',
      'history:2: an operation is a map such as {:process 0, :type :invoke, …}, not INFO jepsen.util - 0 :ok :read 1',
    ],
    [
      'EDN among JSON',
      `{"process": 0, "type": "invoke", "f": "read", "value": null}\n${ok(0, 'read', '1')}`,
      'register',
      'history:2: this is not JSON: {:process 0, :type :ok, :f :read, :value 1}',
    ],
    [
      'JSON among EDN',
      `${invoke(0, 'read', 'nil')}{"process": 0, "type": "ok", "f": "read", "value": 1}`,
      'register',
      'history:2: this is not an event of a client history: {"process": 0, "type": "ok", "f": "read", "value": 1}',
    ],
    [
      "EDN in Jepsen's log",
      `INFO  jepsen.util - 0 :invoke :read nil\n${ok(0, 'read', '1')}`,
      'register',
      "history:2: an operation in Jepsen's log is a process, :invoke, :ok, :fail or :info, and :read, :write or :cas, not {:process 0, :type :ok, :f :read, :value 1}",
    ],
    [
      "an operation in Jepsen's log that registers do not have",
      'INFO  jepsen.util - 0 :invoke :append 1',
      'register',
      "history:1: an operation in Jepsen's log is a process, :invoke, :ok, :fail or :info, and :read, :write or :cas, not INFO  jepsen.util - 0 :invoke :append 1",
    ],
    [
      'another operation among the reads and writes of text',
      'w(1,1,0,0)\nhello\n',
      'rw-register',
      'history:2: an operation is r(key,value,session,transaction), not hello',
    ],
    [
      'an unknown function that was never answered',
      invoke(0, 'increment', 'nil'),
      'register',
      "history:1: the model register has no operation 'increment'. It has read, write, cas.",
    ],
    [
      'an input that the operation does not take',
      invoke(0, 'cas', '1') + ok(0, 'cas', '1'),
      'register',
      'history:1: cas takes [expected, value], not 1.',
    ],
    [
      'an operation on no key',
      invoke(0, 'get', 'nil') + ok(0, 'get', 'nil'),
      'kv',
      'history:1: get takes a key, not null.',
    ],
    [
      'a transaction that ends without a beginning',
      invoke(0, 'txn', '[[:r 1 nil]]') + ok(1, 'txn', '[[:r 1 nil]]'),
      'list-append',
      'history:2: process 1 ends a transaction (ok) that it has not begun.',
    ],
    [
      'a process with two open transactions',
      invoke(0, 'txn', '[[:r 1 nil]]') + invoke(0, 'txn', '[[:r 1 nil]]'),
      'list-append',
      'history:2: process 0 begins a transaction while the one of line 1 is open.',
    ],
    [
      'an unknown operation of a transaction',
      '{:type :ok, :value [[:increment 1 1]]}',
      'rw-register',
      'history:1: an operation of a transaction is [:r key value], [:w key value] or [:append key value].',
    ],
    [
      'a write to a list',
      '{:type :ok, :value [[:w 1 1]]}',
      'list-append',
      "history:1: a list-append history has no 'w'; its operations are 'append' and 'r'.",
    ],
    [
      'an append to a register',
      '{:type :ok, :value [[:append 1 1]]}',
      'rw-register',
      "history:1: a register is not appended to; its operations are 'w' and 'r'.",
    ],
    [
      'an unknown type',
      '{:process 0, :type :maybe, :f :read}',
      'register',
      'history:1: the type of an event is invoke, ok, fail or info, not maybe.',
    ],
    [
      'no format at all',
      'hello',
      'register',
      'history: no format of histories is recognised; name it with --format (jepsen-edn, jepsen-json, jepsen-log, csv, transactions, dbcop, cobra, polysi).',
    ],
    [
      'a value that is written twice',
      '{:type :ok, :value [[:w 1 1]]}\n{:type :ok, :value [[:w 1 1]]}',
      'rw-register',
      'history:2: 1 is written to 1 twice, first by T0 (line 1). Values must be unique for their key: they are how a read names a write.',
    ],
    [
      'transactions for an object',
      'w(1,1,0,0)\n',
      'register',
      'history holds transactions: judge it with --model rw-register',
    ],
  ])('%s', async (_, text, model, message) => {
    expect(await failure(text, model)).toBe(message);
  });
});

const staleRead = invoke(0, 'write', '1') + ok(0, 'write', '1') + invoke(1, 'read', 'nil') + ok(1, 'read', '0');

describe('verdicts', () => {
  test('a violation comes with the operations that cannot be ordered, and only those', async () => {
    const text = invoke(2, 'read', 'nil') + ok(2, 'read', '0') + staleRead;
    expect(historyText(await judge(text, 'register'))).toBe(`VIOLATION: 3 operations (linearizable, model register)

not linearizable: 2 operations can be put into order; the answer of line 5 cannot be reached. 2 operations cannot be ordered, whatever the others did.

process 0  ├──┤            write(1) → 1  line 3
process 1        ├──┤      read() → 0  line 5  ←
`);
  });

  test('what is not linearizable may be sequentially consistent', async () => {
    expect((await judge(staleRead, 'register', { consistency: 'sequential' })).result).toBe('consistent');
    expect((await judge(staleRead, 'register')).result).toBe('violation');
  });

  test('a search that a limit ends is inconclusive', async () => {
    const limits = { maxConfigurations: 1 };
    const verdict = await judge(staleRead, 'register', { limits });
    expect(verdict.result).toBe('inconclusive');
    expect(verdict.notes).toEqual(['Not everything was tried: the limit on configurations was reached.']);
  });

  test('session guarantees name the two operations that break them', async () => {
    const text = invoke(0, 'write', '1') + ok(0, 'write', '1') + invoke(0, 'read', 'nil') + ok(0, 'read', '0');
    const { result, findings } = await judge(text, 'register', { consistency: 'read-your-writes' });
    expect(result).toBe('violation');
    expect(findings.map(({ explanation }) => explanation)).toEqual([
      'write(1) → 1 and then read() → 0, both by process 0, break read-your-writes.',
    ]);
  });

  test('a level without evidence is undecided', async () => {
    const { levels, result } = await judge('w(1,1,0,0)\nr(1,1,1,1)\n', 'rw-register', {
      consistency: 'strict-serializable',
    });
    expect(result).toBe('inconclusive');
    expect(levels).toEqual({
      'read-uncommitted': 'holds',
      'read-committed': 'holds',
      'parallel-snapshot-isolation': 'holds',
      'snapshot-isolation': 'holds',
      serializable: 'holds',
      'strict-serializable': 'undecided',
    });
  });

  test('an aborted element in the middle of a list is an aborted read', async () => {
    const text =
      '{:type :fail, :value [[:append :x 1]]}\n{:type :ok, :value [[:append :x 2]]}\n{:type :ok, :value [[:r :x [1 2]]]}';
    const { findings, levels } = await judge(text, 'list-append');
    expect(levels!['read-uncommitted']).toBe('holds');
    expect(levels!['read-committed']).toBe('violated');
    expect(findings.map(({ explanation }) => explanation.split('\n')[0])).toEqual([
      "T0 (line 1) wrote 'x' = 1 and aborted, but T2 (line 3) read it.",
    ]);
  });

  test('a read that contradicts its own transaction is still a read of what somebody else wrote', async () => {
    const text = '{:type :fail, :value [[:w :x 1]]}\n{:type :ok, :value [[:w :x 2] [:r :x 1]]}';
    const { findings } = await judge(text, 'rw-register');
    expect(findings.map(({ name, explanation }) => [name, explanation.split('\n')[0]])).toEqual([
      ['internal', "T1 (line 2) read 'x' = 1 after it had written 2."],
      ['G1a', "T0 (line 1) wrote 'x' = 1 and aborted, but T1 (line 2) read it."],
    ]);
  });

  test('write skew is found, and explained', async () => {
    const text = '{:type :ok, :value [[:r :x nil] [:w :y 1]]}\n{:type :ok, :value [[:r :y nil] [:w :x 1]]}';
    const { findings, levels } = await judge(text, 'rw-register');
    expect(levels!['snapshot-isolation']).toBe('holds');
    expect(levels!.serializable).toBe('violated');
    expect(findings.map(({ name }) => name)).toEqual(['G2-item', 'write skew']);
    expect(findings[0]!.explanation.split('\n')[0]).toBe(
      "T0 (line 1) → T1 (line 2) → T0 (line 1): T0 (line 1) read an older version than 'x' = 1, which T1 (line 2) wrote; T1 (line 2) read an older version than 'y' = 1, which T0 (line 1) wrote. Each must come before the next, and none can be first.",
    );
  });
});
