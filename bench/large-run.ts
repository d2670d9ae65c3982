/**
 * A run of more than a hundred million states: dining philosophers around a large table.
 *
 * With `n` philosophers there are 2^(n+1) + 3 states, so whether the count is right is known beforehand.
 *
 * `node --conditions=bivalent-source --import tsx bench/large-run.ts [philosophers] [threads]`, exact and in memory; with
 * `--fingerprint` 64 bits of each state are kept in place of it; with `--memory-limit 1g --disk <folder>` states go to files
 * in that folder when the memory is used up, and one thread goes on alone.
 */
import { parseArgs } from 'node:util';

import { parseBytes } from '../checker/cli/quantity.ts';
import { startSearch, type SearchOptions } from '../checker/explore/index.ts';
import { nodeWorkers, usefulWorkers } from '../checker/explore/worker/index.ts';
import { bind } from '../checker/spec/index.ts';
import { createTapes, type FileTapes } from '../checker/storage/index.ts';
import diningPhilosophers from '../specs/dining-philosophers/dining-philosophers.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    fingerprint: { type: 'boolean', default: false },
    'memory-limit': { type: 'string' },
    disk: { type: 'string' },
  },
});
const philosophers = Number(positionals[0] ?? 26);
const threads = Number(positionals[1] ?? usefulWorkers());
const memoryLimit = values['memory-limit'];
const tapes = values.disk === undefined ? undefined : createTapes({ path: values.disk, name: values.disk });

try {
  runOnce(tapes);
} finally {
  tapes?.close();
}

function runOnce(tapes: FileTapes | undefined): void {
  const options: SearchOptions = {
    fingerprint: values.fingerprint,
    ...(threads > 1 && { workers: nodeWorkers(threads) }),
    ...(memoryLimit !== undefined && { limits: { memoryBytes: parseBytes(memoryLimit) } }),
    ...(tapes !== undefined && { disk: { tapes, limitBytes: Infinity } }),
  };
  const run = startSearch(bind(diningPhilosophers, { constants: { Philosopher: philosophers } }), options);
  while (!run.advance(10_000)) {
    const { distinctStates, level, seconds } = run.progress();
    console.log(`${distinctStates.toLocaleString('en-US')} states, level ${level}, ${seconds.toFixed(0)} s`);
  }
  const { result, reason, distinctStates, generatedStates, depth, seconds, peakMemoryBytes, disk, fingerprints } =
    run.result('');
  const { user, system } = process.cpuUsage();
  console.log(
    `${result}: ${distinctStates.toLocaleString('en-US')} distinct states, ${generatedStates.toLocaleString('en-US')} generated, ` +
      `depth ${depth}, ${threads} threads, ${seconds.toFixed(0)} s (${((user + system) / 1e6).toFixed(0)} s of processors), ` +
      `${(peakMemoryBytes / 2 ** 30).toFixed(2)} GiB of tables` +
      (disk === undefined ? '' : `, ${(disk.peakBytes / 2 ** 30).toFixed(2)} GiB on disk`),
  );
  if (fingerprints !== undefined) console.log(JSON.stringify(fingerprints));
  const expected = 2 ** (philosophers + 1) + 3;
  if (result === 'ok' && distinctStates === expected) return;
  throw new Error(`there are ${expected} states${reason === undefined ? '' : `: ${reason}`}`);
}
