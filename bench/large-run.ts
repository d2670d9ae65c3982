/**
 * A run of more than a hundred million states, exact and in memory: dining philosophers around a large table.
 *
 * With `n` philosophers there are 2^(n+1) + 3 states, so whether the count is right is known beforehand.
 * `node --conditions=bivalent-source --import tsx bench/large-run.ts [philosophers] [threads]`
 */
import { startSearch } from '../checker/explore/index.ts';
import { nodeWorkers, usefulWorkers } from '../checker/explore/worker/index.ts';
import { bind } from '../checker/spec/index.ts';
import diningPhilosophers from '../specs/dining-philosophers/dining-philosophers.ts';

const philosophers = Number(process.argv[2] ?? 26);
const threads = Number(process.argv[3] ?? usefulWorkers());

const system = bind(diningPhilosophers, { constants: { Philosopher: philosophers } });
const run = startSearch(system, threads > 1 ? { workers: nodeWorkers(threads) } : {});
while (!run.advance(10_000)) {
  const { distinctStates, level, seconds } = run.progress();
  console.log(`${distinctStates.toLocaleString('en-US')} states, level ${level}, ${seconds.toFixed(0)} s`);
}
const { result, distinctStates, depth, seconds, bytesPerState } = run.result('');
const expected = 2 ** (philosophers + 1) + 3;
console.log(
  `${result}: ${distinctStates.toLocaleString('en-US')} distinct states, depth ${depth}, ${threads} threads, ` +
    `${seconds.toFixed(0)} s, ${bytesPerState.toFixed(0)} bytes a state`,
);
if (result !== 'ok' || distinctStates !== expected) throw new Error(`there are ${expected} states`);
