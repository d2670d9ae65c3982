/**
 * Runs the benchmarks of the engines and prints tables: `npm run bench -- [name]… [--rounds n] [--save]`.
 *
 * `--save` keeps the figures in `results/`, in a file named after the day; `--trend` runs nothing, and shows how those that
 * were kept changed. See README.md for what is measured.
 */
import { parseArgs } from 'node:util';

import { hold, type Contest, type Outcome } from './frame/contest.ts';
import { describeMachine, machineText } from './frame/machine.ts';
import { readResults, saveResults, trendTables } from './frame/results.ts';
import { standingsTable } from './frame/standings-table.ts';
import { measurePhases, phasesTable, type Phase } from './phases.ts';

const benchmarks: Readonly<Record<string, () => Promise<{ readonly contests: readonly Contest[] }>>> = {
  'two-phase-commit': () => import('./two-phase-commit.ts'),
  'raft-ongaro': () => import('./raft-ongaro.ts'),
  raft: () => import('./raft.ts'),
  paxos: () => import('./paxos.ts'),
  'sliding-puzzle': () => import('./sliding-puzzle.ts'),
  'compiled-loop': () => import('./compiled-loop.ts'),
  growth: () => import('./growth.ts'),
  workers: () => import('./workers.ts'),
  temporal: () => import('./temporal.ts'),
  fingerprints: () => import('./fingerprints.ts'),
  simulation: () => import('./simulation.ts'),
  audit: () => import('./audit.ts'),
  'reference-explorer': () => import('./reference-explorer.ts'),
};
const names = [...Object.keys(benchmarks), 'phases'];

interface Choice {
  readonly chosen: readonly string[];
  readonly rounds: number;
  readonly save: boolean;
  readonly trend: boolean;
}

function parse(): Choice {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      rounds: { type: 'string', default: '3' },
      save: { type: 'boolean', default: false },
      trend: { type: 'boolean', default: false },
    },
  });
  const unknown = positionals.find((name) => !names.includes(name));
  if (unknown !== undefined) throw new Error(`there is no benchmark ${unknown}; there are ${names.join(', ')}`);
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) throw new Error('--rounds takes a whole number, at least 1');
  return { ...values, chosen: positionals.length === 0 ? names : positionals, rounds };
}

async function run({ chosen, rounds, save }: Choice): Promise<void> {
  const machine = describeMachine();
  console.log(`${machineText(machine)}\n`);
  const outcomes: Outcome[] = [];
  for (const name of chosen) {
    for (const contest of (await benchmarks[name]?.())?.contests ?? []) {
      const outcome = await hold(contest, rounds, (line) => process.stderr.write(`${line}\n`));
      outcomes.push(outcome);
      console.log(`${standingsTable(outcome)}\n`);
    }
  }
  const phases: readonly Phase[] = chosen.includes('phases') ? measurePhases() : [];
  if (phases.length > 0) console.log(phasesTable(phases));
  const date = new Date().toISOString().slice(0, 10);
  if (save) saveResults({ date, machine, loadAtEnd: describeMachine().load, rounds, outcomes, phases });
}

const choice = parse();
if (choice.trend) console.log(trendTables(readResults()));
else await run(choice);
