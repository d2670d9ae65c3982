/**
 * How fast histories are judged: `node --conditions=bivalent-source --import tsx bench/history.ts [transactions]`.
 *
 * Generated histories come from a serial execution, so that they satisfy everything and the testers must look at all of
 * them. Recorded ones are read from `../shared/traces` where that folder is there.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import {
  checkLinearizable,
  judgeIsolation,
  keyValue,
  listAppendEvidence,
  pairEvents,
  register,
  registerEvidence,
  type MicroOperation,
  type Operation,
  type Stored,
  type Transaction,
} from '../checker/consistency/index.ts';
import { fileSource, readHistory, type HistoryLog } from '../traces/index.ts';

const root = fileURLToPath(new URL('../../shared/traces/', import.meta.url));

let seed = 1;
function random(below: number): number {
  seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7f_ff_ff_ff;
  return Math.floor((seed / 0x80_00_00_00) * below);
}

function timed<T>(work: () => T): { readonly result: T; readonly ms: number } {
  const start = performance.now();
  const result = work();
  return { result, ms: performance.now() - start };
}

function report(name: string, ms: number, what: string): void {
  const memory = `${Math.round(process.memoryUsage().rss / 1024 ** 2)} MiB resident`;
  console.log(`${name.padEnd(44)} ${ms.toFixed(ms < 100 ? 2 : 0).padStart(9)} ms  ${what}  (${memory})`);
}

function filesIn(set: string): string[] {
  const folder = join(root, set);
  if (!existsSync(folder)) return [];
  return (
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      // etcd_095.log is of a run that crashed: it holds no operations.
      .filter((name) => /\.(?:log|txt|edn|jsonl)$/.test(name) && !/etcd_095|raw/.test(name))
      .map((name) => join(folder, name))
      .sort()
  );
}

function eventsOf(log: HistoryLog): Operation[] {
  return log.kind === 'events' ? pairEvents(log.events) : [];
}

/** Every file once to warm up, and then once measured. */
async function recorded(set: string, judge: (log: HistoryLog, file: string) => string): Promise<void> {
  const times: [string, number][] = [];
  for (const round of [0, 1]) {
    for (const file of filesIn(set)) {
      const log = await readHistory([fileSource(file)]);
      const { ms } = timed(() => judge(log, file));
      if (round === 1) times.push([file.slice(root.length), ms]);
    }
  }
  if (times.length === 0) return;
  const total = times.reduce((sum, [, ms]) => sum + ms, 0);
  const [slowest, worst] = times.reduce((a, b) => (b[1] > a[1] ? b : a));
  report(`${set} (${times.length} files)`, total / times.length, `mean; most ${worst.toFixed(1)} ms, ${slowest}`);
}

/** Clients of a key–value store that take effect at a random moment while they are open. */
function keyValueHistory(clients: number, count: number, keys: number): Operation[] {
  const store = new Map<string, string>();
  const open = new Map<number, { operation: Operation; done: boolean; output: unknown }>();
  const history: Operation[] = [];
  let position = 0;
  while (history.length < count || open.size > 0) {
    const client = random(clients);
    const entry = open.get(client);
    position += 1;
    if (entry === undefined) {
      if (history.length + open.size >= count) continue;
      const key = String(random(keys));
      const f = (['get', 'put', 'append'] as const)[random(3)]!;
      const input = f === 'get' ? { key } : { key, value: `x${position}y` };
      const operation = { process: client, f, input, output: null, invoked: position, returned: Infinity };
      open.set(client, { operation, done: false, output: null });
    } else if (!entry.done) {
      const { f, input } = entry.operation;
      const { key, value } = input as { key: string; value?: string };
      if (f === 'get') entry.output = store.get(key) ?? '';
      else store.set(key, f === 'put' ? value! : `${store.get(key) ?? ''}${value}`);
      entry.done = true;
    } else {
      history.push({ ...entry.operation, output: entry.output, returned: position });
      open.delete(client);
    }
  }
  return history;
}

/** Sessions whose transactions ran one at a time. */
function serialRegisters(sessions: number, each: number, keys: number): Transaction[] {
  const store = new Map<number, Stored>();
  const left = Array.from({ length: sessions }, () => each);
  const perSession: Transaction[][] = left.map(() => []);
  let value = 0;
  for (let total = sessions * each; total > 0;) {
    const session = random(sessions);
    if (left[session] === 0) continue;
    const operations = Array.from({ length: 10 }, (): MicroOperation => {
      const key = random(keys);
      if (random(2) === 0) return ['r', key, store.get(key) ?? null];
      value += 1;
      store.set(key, value);
      return ['w', key, value];
    });
    perSession[session]!.push({ session, outcome: 'committed', operations });
    left[session]! -= 1;
    total -= 1;
  }
  return perSession.flat();
}

/** Transactions of one to four operations on lists of at most 32 elements, 20 of them open at a time. */
function serialLists(count: number): Transaction[] {
  const transactions: Transaction[] = [];
  const lists = new Map<number, number[]>();
  let [nextKey, value] = [20, 0];
  const active = Array.from({ length: 20 }, (_, key) => key);
  for (let i = 0; i < count; i += 1) {
    const operations = Array.from({ length: 1 + random(4) }, (): MicroOperation => {
      const slot = random(active.length);
      const key = active[slot]!;
      const list = lists.get(key) ?? [];
      if (random(2) === 0) return ['r', key, list.slice()];
      value += 1;
      list.push(value);
      lists.set(key, list);
      if (list.length === 32) {
        lists.delete(key);
        active[slot] = nextKey;
        nextKey += 1;
      }
      return ['append', key, value];
    });
    const invoked = i * 2 - random(20);
    transactions.push({ session: i % 20, outcome: 'committed', operations, invoked, returned: i * 2 + 1 });
  }
  return transactions;
}

const untimed = { sessionOrder: true, timed: false, unwrittenReads: 'anomaly' } as const;

function judgeRegisters(log: HistoryLog): string {
  if (log.kind !== 'transactions') return '';
  const evidence = registerEvidence({ transactions: log.transactions, ...untimed }, undefined, log.initial);
  return judgeIsolation(evidence).levels.serializable;
}

const count = Number(process.argv[2] ?? 1_000_000);
await recorded(
  'porcupine-etcd-jepsen',
  (log) => checkLinearizable(eventsOf(log), register({ nullReads: 'absent' })).verdict,
);
await recorded('porcupine-kv', (log) => checkLinearizable(eventsOf(log), keyValue()).verdict);
await recorded('knossos/cas-register', (log) => checkLinearizable(eventsOf(log), register({ initial: 0 })).verdict);
await recorded('dbcop-oopsla19', judgeRegisters);
await recorded('cobra', judgeRegisters);
await recorded('polysi-isovista', judgeRegisters);

const kv = keyValueHistory(50, 5000, 10);
const found = timed(() => checkLinearizable(kv, keyValue()));
report('kv, 50 clients, 5,000 operations, 10 keys', found.ms, found.result.verdict);

const registers = serialRegisters(15, 30, 60);
const solved = timed(() => judgeIsolation(registerEvidence({ transactions: registers, ...untimed })));
report('registers, 15 sessions x 30 transactions', solved.ms, solved.result.levels.serializable);

const lists = serialLists(count);
const history = { transactions: lists, sessionOrder: false, timed: true, unwrittenReads: 'anomaly' } as const;
const judged = timed(() => judgeIsolation(listAppendEvidence(history)));
report(
  `list-append, ${count.toLocaleString('en')} transactions`,
  judged.ms,
  judged.result.levels['strict-serializable'],
);
