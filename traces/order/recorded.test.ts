/** The verdicts on clocks of the labelled traces; they are not part of the package, and skipped where they are absent. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { formatNamed, openSources, readEvents, type Format, type ReadOptions } from '../reader/index.ts';
import { atMostOne, findingText, inspectLog, monotone, type InspectionOptions } from './index.ts';

const folder = fileURLToPath(new URL('../../../shared/traces/', import.meta.url));
const present = existsSync(folder);

type Verdicts = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

function verdictsOf(set: string): [string, Readonly<Record<string, unknown>>][] {
  if (!present) return [];
  return Object.entries(JSON.parse(readFileSync(`${folder}${set}/verdicts.json`, 'utf8')) as Verdicts);
}

async function inspect(
  paths: readonly string[],
  options: InspectionOptions = {},
  format?: Format,
  reading: ReadOptions = {},
) {
  const sources = await openSources(paths.map((path) => folder + path));
  return inspectLog(readEvents(sources, format, reading), options);
}

describe.skipIf(!present)('recorded clocks (skipped where ../shared/traces is absent)', () => {
  test.each(verdictsOf('shiviz-logs'))('ShiViz: %s', async (file, verdict) => {
    const { parser, delimiter } = verdict as { parser: string; delimiter: string | null };
    const reading = {
      pattern: new RegExp(parser),
      ...(delimiter !== null && { delimiter: new RegExp(delimiter) }),
    };
    const { result, events } = await inspect([`shiviz-logs/${file}`], {}, formatNamed('shiviz'), reading);
    expect({ valid: result === 'valid', events }).toEqual({
      valid: verdict['vectorClocksValid'],
      events: verdict['events'],
    });
  });

  test('the two logs of Blueprint are valid together', async () => {
    const files = ['leaf', 'nonleaf'].map((name) => `shiviz-logs/blueprint/${name}_process.goveclogger-Log.txt`);
    expect((await inspect(files)).result).toBe('valid');
  });

  test.each(verdictsOf('tracechecker'))('TraceChecker: %s', async (file, verdict) => {
    const { result, events } = await inspect([`tracechecker/${file}`]);
    expect({ valid: result === 'valid', events }).toEqual({
      valid: verdict['vectorClocksValid'],
      events: verdict['events'],
    });
  });

  test.each(verdictsOf('ewd998-vector-clock-ndjson'))('EWD998: %s', async (file, verdict) => {
    const { result } = await inspect([`ewd998-vector-clock-ndjson/${file}`]);
    expect(result === 'valid').toBe(verdict['vectorClocksValid']);
  });

  const runs = new Set(verdictsOf('pgo-traces').map(([file]) => dirname(file)));
  test.each([...runs])('PGo: %s', async (run) => {
    expect((await inspect([`pgo-traces/${run}`])).result).toBe('valid');
  });

  const rafts = [...verdictsOf('etcd-raft-tla'), ...verdictsOf('specula-raft-traces')].filter(
    ([, verdict]) => 'termMonotonicPerNode' in verdict,
  );
  test.each(rafts)('Raft: %s', async (file, verdict) => {
    const set = file === 'example.ndjson' ? 'etcd-raft-tla' : 'specula-raft-traces';
    const hashicorp = file.startsWith('hashicorp');
    const commit = hashicorp ? 'state.commitIndex' : 'state.commit';
    const { checks } = await inspect([`${set}/${file}`], {
      rules: [
        monotone(commit),
        monotone('state.term'),
        atMostOne({
          field: 'node',
          per: 'state.term',
          where: hashicorp ? { 'state.role': 'Leader' } : { role: 'StateLeader' },
        }),
      ],
    });
    const [commits, terms, leaders] = checks;
    expect({
      commitIndexMonotonicPerNode: commits?.totalFindings === 0,
      termMonotonicPerNode: terms?.totalFindings === 0,
      oneLeaderPerTerm: leaders?.totalFindings === 0,
      firstCommitRegressionLine: commits?.findings[0]?.line,
    }).toEqual({
      commitIndexMonotonicPerNode: verdict['commitIndexMonotonicPerNode'],
      termMonotonicPerNode: verdict['termMonotonicPerNode'],
      oneLeaderPerTerm: verdict['oneLeaderPerTerm'],
      firstCommitRegressionLine: verdict['firstCommitRegressionLine'],
    });
  });

  test('the diagnosis names the line, and what was there before', async () => {
    const { checks } = await inspect(['specula-raft-traces/hashicorp-raft/leader_failure.ndjson'], {
      rules: [monotone('state.commitIndex')],
    });
    expect(checks[0]?.findings.map((found) => findingText(found).replaceAll(folder, ''))).toMatchSnapshot();
  });
});
