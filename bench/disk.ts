/**
 * What a search on disk costs: the same check in memory, and with shares of that memory.
 *
 * `node --conditions=bivalent-source --import tsx bench/disk.ts [managers] [folder]`
 *
 * Each run has a process of its own, and what is compared is the processor's time: runs follow each other in turn. The
 * folder is where the files are; by default that of the system for such files, which may be in memory.
 */
import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';

import { startSearch, type CheckResult } from '../checker/explore/index.ts';
import { bind } from '../checker/spec/index.ts';
import { createTapes } from '../checker/storage/index.ts';
import twoPhaseCommit from '../specs/two-phase-commit/two-phase-commit.ts';

const managers = Number(process.argv[2] ?? 9);
const folder = process.argv[3] ?? tmpdir();
/** Of the memory that a run without a limit takes. */
const shares = [1, 1 / 2, 1 / 4, 1 / 8];
const rounds = 3;

interface Measured {
  readonly distinctStates: number;
  readonly generatedStates: number;
  readonly peakMemoryBytes: number;
  readonly diskBytes: number;
  readonly seconds: number;
}

const [, , , , limit] = process.argv;
if (limit !== undefined) console.log(JSON.stringify(measure(Number(limit))));
else compare();

/** Runs the check in this process; with a limit of 0, in memory. */
function measure(limitBytes: number): Measured {
  const tapes = createTapes({ path: folder, name: folder });
  const disk = { tapes, limitBytes: Infinity };
  const run = startSearch(
    bind(twoPhaseCommit, { constants: { RM: managers } }),
    limitBytes === 0 ? {} : { limits: { memoryBytes: limitBytes }, disk },
  );
  while (!run.advance(10_000));
  const result: CheckResult = run.result('');
  tapes.close();
  if (result.result !== 'ok') throw new Error(result.reason);
  const { user, system } = process.cpuUsage();
  const { distinctStates, generatedStates, peakMemoryBytes } = result;
  const diskBytes = result.disk?.peakBytes ?? 0;
  return { distinctStates, generatedStates, peakMemoryBytes, diskBytes, seconds: (user + system) / 1e6 };
}

function compare(): void {
  const { peakMemoryBytes: all, distinctStates, generatedStates } = measured(0);
  console.log(`${distinctStates.toLocaleString('en-US')} states; in memory: ${mebibytes(all)}`);
  const times = new Map<number, number[]>(shares.map((share) => [share, []]));
  const last = new Map<number, Measured>();
  for (let round = 0; round < rounds; round++) {
    for (const share of shares) {
      const found = measured(share === 1 ? 0 : Math.floor(share * all));
      if (found.distinctStates !== distinctStates || found.generatedStates !== generatedStates) {
        throw new Error(`with ${share} of the memory: ${JSON.stringify(found)}`);
      }
      times.get(share)!.push(found.seconds);
      last.set(share, found);
    }
  }
  for (const share of shares) {
    const seconds = times.get(share)!.toSorted((a, b) => a - b)[rounds >> 1]!;
    const { peakMemoryBytes, diskBytes } = last.get(share)!;
    console.log(
      `${share} of the memory: ${mebibytes(peakMemoryBytes)} of tables, ${seconds.toFixed(1)} s, ` +
        `${(diskBytes / distinctStates).toFixed(1)} bytes of disk a state`,
    );
  }
}

function measured(limitBytes: number): Measured {
  const file = fileURLToPath(import.meta.url);
  const args = [...process.execArgv, file, String(managers), folder, String(limitBytes)];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) as Measured;
}

function mebibytes(bytes: number): string {
  return `${Math.round(bytes / 2 ** 20)} MiB`;
}
