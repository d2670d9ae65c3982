/**
 * Mutated twins of logs that conform: a line dropped, duplicated, swapped with the next, or one of its values changed.
 *
 * `node --conditions=bivalent-source --import tsx bench/mutated-twins.ts` prints, for each set of the labelled traces that has a binding, how many twins of
 * each kind are told from the original. Twins that are called valid are listed with `--valid`, as each should be one
 * that a behaviour of the spec really explains. The edits are seeded: the same twins are made on every run.
 */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { seededRandom, type Random } from '../checker/core/index.ts';
import ccfRaft from '../specs/ccf-raft/trace.ts';
import etcdRaft from '../specs/etcd-raft/trace.ts';
import ewd998 from '../specs/ewd998/trace.ts';
import hashicorpRaft from '../specs/hashicorp-raft/trace.ts';
import lockServer from '../specs/lock-server/trace-validation.ts';
import ringBuffer from '../specs/ring-buffer/trace.ts';
import tryLock from '../specs/try-lock/pobserve.ts';
import twoPhaseCommit from '../specs/two-phase-commit/trace-validation.ts';
import { formatNamed, readEvents, textSource, validate, type Binding } from '../traces/index.ts';

const folder = fileURLToPath(new URL('../../shared/traces/', import.meta.url));
const seed = 20240601;
const kinds = ['drop', 'duplicate', 'swap', 'change'] as const;
type Kind = (typeof kinds)[number];

interface Original {
  readonly name: string;
  readonly file: string;
  readonly binding: Binding;
  readonly constants: Readonly<Record<string, unknown>>;
  /** How many twins of each kind are made: fewer of long logs. */
  readonly twins: number;
}

const twoPhase = (name: string): Original => ({
  name: `two-phase commit, ${name}`,
  file: `tracevalidation-twophase/TracesCompact/trace-4RM-${name}.ndjson`,
  binding: twoPhaseCommit,
  constants: { RM: 4 },
  twins: 50,
});
const lock = (name: string): Original => ({
  name: `lock server, ${name}`,
  file: `tracevalidation-lockserver/trace-4C-${name}.ndjson`,
  binding: lockServer,
  constants: { clients: 4, network: 'bag' },
  twins: 50,
});
/** A recorded run of a raft: the constants are those of the original, whatever the twin says. */
const raft = (name: string, file: string, binding: Binding, twins = 50): Original => ({
  name,
  file,
  binding,
  constants: {},
  twins,
});
const originals: readonly Original[] = [
  ...['E', 'EA', 'V', 'VEA', 'VpEA'].map(twoPhase),
  ...['E', 'EA', 'V', 'VEA'].map(lock),
  {
    name: 'EWD 998',
    file: 'ewd998-vector-clock-ndjson/EWD998ChanTrace.ndjson',
    binding: ewd998,
    constants: { Node: 5 },
    twins: 10,
  },
  {
    name: 'PObserve lock server',
    file: 'pobserve-lockserver/lock_server_log_10000_1_happy.first4000lines.txt',
    binding: tryLock,
    constants: { clients: 5, locks: 1 },
    twins: 10,
  },
  ...['confchange_v2_replace_leader', 'partition_and_recover', 'snapshot_and_recovery', 'forget_leader'].map((name) =>
    raft(`etcd, ${name}`, `specula-raft-traces/etcd-raft/${name}.ndjson`, etcdRaft),
  ),
  raft('hashicorp/raft, leader_failure', 'specula-raft-traces/hashicorp-raft/leader_failure.ndjson', hashicorpRaft, 10),
  ...['multi_election', 'suffix_collision.1'].map((name) =>
    raft(`CCF, ${name}`, `ccf-consensus/2023-09-06/${name}.ndjson`, ccfRaft),
  ),
  raft('DPDK ring, basic_mpmc', 'specula-raft-traces/dpdk-ring/basic_mpmc.ndjson', ringBuffer),
];

/** What can be changed in a line: a JSON string or a number that stands as a value. */
const value = /(?<=[[:=]\s*)(?:"[^"\\]*"|-?\d+)(?=\s*[,\]}]|$)/g;

interface Twin {
  readonly text: string;
  readonly edit: string;
}

/** A twin of the lines, and what was done; `undefined` where the edit would change nothing. */
function twin(lines: readonly string[], kind: Kind, random: Random): Twin | undefined {
  const at = random.below(lines.length);
  const line = lines[at] ?? '';
  const edit = `${kind} ${at + 1}`;
  if (kind === 'drop') return { text: lines.toSpliced(at, 1).join('\n'), edit };
  if (kind === 'duplicate') return { text: lines.toSpliced(at, 0, line).join('\n'), edit };
  if (kind === 'change') return changed(lines, at, random);
  const next = lines[at + 1];
  if (next === undefined || next === line) return undefined;
  return {
    text: lines
      .with(at, next)
      .with(at + 1, line)
      .join('\n'),
    edit,
  };
}

/** Another value of the same field elsewhere in the log: junk would be too easy. */
function changed(lines: readonly string[], at: number, random: Random): Twin | undefined {
  const line = lines[at] ?? '';
  const places = [...line.matchAll(value)];
  const place = places[random.below(Math.max(1, places.length))];
  if (place === undefined) return undefined;
  const field = /"?\w+"?\s*[:=][^:=]*$/.exec(line.slice(0, place.index))?.[0] ?? '';
  const others = lines.flatMap((other) =>
    [...other.matchAll(value)].filter((found) => other.slice(0, found.index).endsWith(field) && found[0] !== place[0]),
  );
  const other = others[random.below(Math.max(1, others.length))];
  if (other === undefined) return undefined;
  const text = line.slice(0, place.index) + other[0] + line.slice(place.index + place[0].length);
  return { text: lines.with(at, text).join('\n'), edit: `change ${at + 1}: ${place[0]} to ${other[0]}` };
}

async function judge({ binding, constants }: Original, text: string): Promise<string> {
  const events = readEvents([textSource('log', `${text}\n`)], formatNamed(binding.definition.format ?? 'ndjson'));
  try {
    return (await validate(events, binding, { constants, timeMs: 2_000 })).result;
  } catch (error) {
    // A located error tells the twin from the original as well.
    return error instanceof Error && error.name === 'BivalentError' ? 'error' : 'crash';
  }
}

async function judgeTwins(original: Original, showValid: boolean): Promise<string> {
  const random = seededRandom(seed);
  const lines = readFileSync(folder + original.file, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
  const cells: string[] = [];
  for (const kind of kinds) {
    const seen = new Set<string>();
    const results: Record<string, number> = {};
    for (let tries = 0; tries < original.twins * 4 && seen.size < original.twins; tries += 1) {
      const made = twin(lines, kind, random);
      if (made === undefined || seen.has(made.edit)) continue;
      seen.add(made.edit);
      const result = await judge(original, made.text);
      results[result] = (results[result] ?? 0) + 1;
      if (showValid && result === 'valid') console.log(`  valid: ${original.name}: ${made.edit}`);
    }
    const told = (results['invalid'] ?? 0) + (results['error'] ?? 0);
    const open = results['inconclusive'] === undefined ? '' : ` (${results['inconclusive']} open)`;
    if (results['crash'] !== undefined) throw new Error(`${original.name}: a twin made the validation crash`);
    cells.push(seen.size === 0 ? '–' : `${told} of ${seen.size}${open}`);
  }
  return `| ${original.name} | ${lines.length} | ${cells.join(' | ')} |`;
}

if (!existsSync(folder)) {
  console.log('The labelled traces (../shared/traces) are not here: nothing to do.');
} else {
  console.log(`| log | lines | ${kinds.join(' | ')} |\n| --- | ---: | ${kinds.map(() => '---:').join(' | ')} |`);
  const [only] = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
  for (const original of originals) {
    if (only !== undefined && !original.name.includes(only)) continue;
    console.log(await judgeTwins(original, process.argv.includes('--valid')));
  }
}
