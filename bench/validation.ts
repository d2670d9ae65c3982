/**
 * How fast logs are validated: `node --conditions=bivalent-source --import tsx bench/validation.ts`.
 *
 * A log of a million lines that leaves one state possible at a time (a client asks a lock server for the lock, gets it,
 * gives it back); one of as many lines whose states never come again; the recorded runs of two-phase commit that say
 * nothing but the names of events, and the long trace of etcd, where they are there. Memory is what the process has at
 * the end, to be compared with the same at a tenth of the length.
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { defineSpec } from '../checker/index.ts';
import etcdRaft from '../specs/etcd-raft/trace.ts';
import tryLock from '../specs/try-lock/try-lock.ts';
import twoPhaseCommit from '../specs/two-phase-commit/trace-validation.ts';
import {
  defineBinding,
  fileSource,
  formatNamed,
  readEvents,
  validate,
  type Binding,
  type Source,
} from '../traces/index.ts';

const binding = defineBinding(tryLock, {
  format: 'ndjson',
  constants: () => ({ clients: 5, locks: 1 }),
  events: {
    ask: ({ fields: { client, type } }) => ({ action: 'ask', picks: { client, lock: 'l1', type } }),
    answer: ({ fields: { client } }) => ({
      action: 'answer',
      picks: { client },
      after: { answer: { [client as 'c1']: { granted: true } } },
    }),
  },
});

function turn(client: string): string {
  return ['lock', 'release']
    .map((type) => `{"event":"ask","client":"${client}","type":"${type}"}\n{"event":"answer","client":"${client}"}\n`)
    .join('');
}

/** A log of so many lines, made while it is read. */
function turns(lines: number): Source {
  const block = Buffer.from(['c1', 'c2', 'c3', 'c4', 'c5'].map(turn).join('').repeat(100));
  return {
    name: 'generated',
    async *bytes() {
      for (let made = 0; made < lines; made += 2000) yield block;
    },
  };
}

/** Two counters that only grow: no state comes again. */
const counters = defineSpec({
  name: 'Counters',
  init: () => ({ left: 0, right: 0 }),
  actions: {
    left: (s) => void (s.left += 1),
    right: (s) => void (s.right += 2),
  },
});

const counting = defineBinding(counters, {
  format: 'ndjson',
  events: {
    left: ({ fields: { now } }) => ({ action: 'left', after: { left: now as number } }),
    right: ({ fields: { now } }) => ({ action: 'right', after: { right: now as number } }),
  },
});

/** A log of so many lines, each of which leads to a new state. */
function counts(lines: number): Source {
  return {
    name: 'generated',
    async *bytes() {
      for (let n = 1; n <= lines / 2; n += 1000) {
        let block = '';
        for (let k = n; k < n + 1000; k += 1)
          block += `{"event":"left","now":${k}}\n{"event":"right","now":${2 * k}}\n`;
        yield Buffer.from(block);
      }
    },
  };
}

const perSecond = (count: number, seconds: number): string => Math.round(count / seconds).toLocaleString('en-US');

async function measure(title: string, source: Source, binding: Binding): Promise<void> {
  const before = process.cpuUsage();
  const { result, events, seconds } = await validate(readEvents([source], formatNamed('ndjson')), binding);
  const { user, system } = process.cpuUsage(before);
  const rate = perSecond(events, seconds);
  // On a machine that does other things, too, this says more.
  const cpuRate = perSecond(events, (user + system) / 1e6);
  const megabytes = Math.round(process.memoryUsage().rss / 2 ** 20);
  console.log(
    `${title}, ${events.toLocaleString('en-US')} lines: ${result}, ${rate} lines/s (${cpuRate} a second of CPU), ${megabytes} MiB`,
  );
}

async function measureNames(managers: number): Promise<void> {
  const file = `../../shared/traces/tracevalidation-twophase/BenchMarks/trace.ndjson.${managers}RM.E`;
  const path = fileURLToPath(new URL(file, import.meta.url));
  if (!existsSync(path)) return;
  for (const strategy of ['depth-first', 'breadth-first'] as const) {
    const log = readEvents([fileSource(path)], formatNamed('trace-validation'));
    const validation = await validate(log, twoPhaseCommit, { constants: { RM: managers }, strategy });
    const { result, statesExplored, seconds } = validation;
    console.log(
      `names of events alone, ${managers} RMs, ${strategy}: ${result}, ${statesExplored} states, ${seconds.toFixed(2)} s`,
    );
  }
}

async function measureEtcd(): Promise<void> {
  const path = fileURLToPath(new URL('../../shared/traces/etcd-raft-tla/example.ndjson', import.meta.url));
  if (!existsSync(path)) return;
  const { result, events, seconds } = await validate(
    readEvents([fileSource(path)], formatNamed('etcd-raft')),
    etcdRaft,
  );
  console.log(`etcd, ${events.toLocaleString('en-US')} events: ${result}, ${seconds.toFixed(2)} s`);
}

for (const lines of [100_000, 1_000_000]) {
  await measure('states that come again', turns(lines), binding);
  await measure('states that are always new', counts(lines), counting);
}
await measureNames(4);
await measureNames(8);
await measureEtcd();
