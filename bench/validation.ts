/**
 * How fast logs are validated: `node --conditions=bivalent-source --import tsx bench/validation.ts`.
 *
 * A log of a million lines that leaves one state possible at a time (a client asks a lock server for the lock, gets it,
 * gives it back), and the recorded runs of two-phase commit that say nothing but the names of events, where they are
 * there. Memory is what the process has at the end, to be compared with the same at a tenth of the length.
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import tryLock from '../specs/try-lock/try-lock.ts';
import twoPhaseCommit from '../specs/two-phase-commit/trace-validation.ts';
import { defineBinding, fileSource, formatNamed, readEvents, validate, type Source } from '../traces/index.ts';

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

async function measure(lines: number): Promise<void> {
  const { result, events, seconds } = await validate(readEvents([turns(lines)], formatNamed('ndjson')), binding);
  const rate = Math.round(events / seconds).toLocaleString('en-US');
  const megabytes = Math.round(process.memoryUsage().rss / 2 ** 20);
  console.log(`${events.toLocaleString('en-US')} lines: ${result}, ${rate} lines/s, ${megabytes} MiB`);
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

await measure(100_000);
await measure(1_000_000);
await measureNames(4);
await measureNames(8);
