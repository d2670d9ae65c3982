/** The verdicts on conformance of the labelled traces; they are not part of the package, and skipped where they are absent. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import ccfRaft from '../../specs/ccf-raft/trace.ts';
import etcdRaft from '../../specs/etcd-raft/trace.ts';
import ewd998 from '../../specs/ewd998/trace.ts';
import hashicorpRaft from '../../specs/hashicorp-raft/trace.ts';
import lockServer from '../../specs/lock-server/trace-validation.ts';
import ringBuffer from '../../specs/ring-buffer/trace.ts';
import tryLock from '../../specs/try-lock/pobserve.ts';
import twoPhaseCommit from '../../specs/two-phase-commit/trace-validation.ts';
import { formatNamed, openSources, readEvents } from '../reader/index.ts';
import { validate, validationText, type Binding, type Validation, type ValidationOptions } from './index.ts';

const folder = fileURLToPath(new URL('../../../shared/traces/', import.meta.url));
const present = existsSync(folder);

type Verdict = Readonly<Record<string, unknown>>;

/** The files of a set with what is known of them; `null` is not asserted. */
function verdictsOf(set: string, key: string): [string, boolean, Verdict][] {
  if (!present) return [];
  const all = JSON.parse(readFileSync(`${folder}${set}/verdicts.json`, 'utf8')) as Readonly<Record<string, Verdict>>;
  return Object.entries(all).flatMap(([file, verdict]) => {
    const expected = verdict[key];
    return typeof expected === 'boolean' ? [[file, expected, verdict]] : [];
  });
}

async function validated(path: string, binding: Binding, options: ValidationOptions = {}): Promise<Validation> {
  const { format } = binding.definition;
  const sources = await openSources([path], folder);
  return validate(readEvents(sources, format === undefined ? undefined : formatNamed(format)), binding, options);
}

/** The report, without what the traces' own authors wrote, and without the line numbers of the specs. */
function masked(validation: Validation): string {
  const { diagnosis } = validation;
  if (diagnosis === undefined) return validationText(validation);
  const unexplained = diagnosis.unexplained.map((event) => ({ ...event, raw: '(the line)' }));
  const text = validationText({ ...validation, diagnosis: { ...diagnosis, unexplained } });
  return text.replaceAll(/\.ts:\d+/g, '.ts');
}

/** Resource managers of a run of two-phase commit, as its file name says: `trace-8RM-VEA.ndjson`. */
function managersOf(file: string): { RM: number } {
  return { RM: Number(/(\d+)RM/.exec(file)?.[1]) };
}

describe.skipIf(!present)('recorded runs (skipped where ../shared/traces is absent)', () => {
  test.each(verdictsOf('tracevalidation-twophase', 'conforms'))('two-phase commit: %s', async (file, conforms) => {
    const path = `tracevalidation-twophase/${file}`;
    const depthFirst = await validated(path, twoPhaseCommit, { constants: managersOf(file) });
    expect(depthFirst.result).toBe(conforms ? 'valid' : 'invalid');
    if (!conforms) expect(masked(depthFirst)).toMatchSnapshot();
  });

  test.each(verdictsOf('tracevalidation-lockserver', 'conformsBagNetwork'))(
    'lock server over a bag: %s',
    async (file, conforms, { clients }) => {
      const constants = { clients, network: 'bag' };
      const { result } = await validated(`tracevalidation-lockserver/${file}`, lockServer, { constants });
      expect(result).toBe(conforms ? 'valid' : 'invalid');
    },
  );

  test.each(verdictsOf('tracevalidation-lockserver', 'conformsFifoNetwork'))(
    'lock server over fifo: %s',
    async (file, conforms, { clients }) => {
      const constants = { clients, network: 'fifo' };
      const validation = await validated(`tracevalidation-lockserver/${file}`, lockServer, { constants });
      expect(validation.result).toBe(conforms ? 'valid' : 'invalid');
      if (!conforms) expect(masked(validation)).toMatchSnapshot();
    },
  );

  test.each(verdictsOf('pobserve-lockserver', 'conforms'))('PObserve lock server: %s', async (file, conforms) => {
    const validation = await validated(`pobserve-lockserver/${file}`, tryLock);
    expect(validation.result).toBe(conforms ? 'valid' : 'invalid');
    if (!conforms) expect(masked(validation)).toMatchSnapshot();
  });

  test.each(verdictsOf('ewd998-vector-clock-ndjson', 'conforms'))('EWD 998: %s', async (file, conforms) => {
    const { result } = await validated(`ewd998-vector-clock-ndjson/${file}`, ewd998);
    expect(result).toBe(conforms ? 'valid' : 'invalid');
  });

  test.each(verdictsOf('etcd-raft-tla', 'conforms'))('etcd raft: %s', async (file, conforms) => {
    const { result } = await validated(`etcd-raft-tla/${file}`, etcdRaft);
    expect(result).toBe(conforms ? 'valid' : 'invalid');
  });

  const bindings = { 'etcd-raft': etcdRaft, 'hashicorp-raft': hashicorpRaft, 'dpdk-ring': ringBuffer };
  const bound = Object.entries(bindings).flatMap(([folder, binding]) =>
    verdictsOf('specula-raft-traces', 'conforms')
      .filter(([file]) => file.startsWith(`${folder}/`))
      .map(([file, conforms]) => ({ file, conforms, binding })),
  );
  test.each(bound)('$file', async ({ file, conforms, binding }) => {
    const { result } = await validated(`specula-raft-traces/${file}`, binding);
    expect(result).toBe(conforms ? 'valid' : 'invalid');
  });

  test.each(verdictsOf('ccf-consensus', 'conforms'))('CCF: %s', async (file, conforms) => {
    const { result } = await validated(`ccf-consensus/${file}`, ccfRaft);
    expect(result).toBe(conforms ? 'valid' : 'invalid');
  });

  test('a run with asynchronous storage is one, too, when writes are steps of their own', async () => {
    const path = 'specula-raft-traces/etcd-raft/async_storage_writes.ndjson';
    const { result } = await validated(path, etcdRaft, { constants: { storage: 'async' } });
    expect(result).toBe('valid');
  });

  test('a node that announces the end while another works is found', async () => {
    const path = 'ewd998-vector-clock-ndjson/trace-unstable-5665744.ndjson';
    expect(masked(await validated(path, ewd998))).toMatchSnapshot();
  });

  test.each(verdictsOf('tracevalidation-lockserver', 'conformsBagNetwork').filter(([file]) => file.includes('4C')))(
    'breadth first gives the same verdict: %s',
    async (file, conforms, { clients }) => {
      const options = { constants: { clients, network: 'bag' }, strategy: 'breadth-first' } as const;
      const { result } = await validated(`tracevalidation-lockserver/${file}`, lockServer, options);
      expect(result).toBe(conforms ? 'valid' : 'invalid');
    },
  );

  test.each<[string, Binding, ValidationOptions]>([
    ['tracevalidation-twophase/TracesCompact/trace-4RM-E.ndjson', twoPhaseCommit, { constants: { RM: 4 } }],
    ...['EA', 'V', 'VEA'].map((kind): [string, Binding, ValidationOptions] => [
      `tracevalidation-lockserver/trace-4C-${kind}.ndjson`,
      lockServer,
      { constants: { clients: 4, network: 'fifo' }, strategy: 'breadth-first' },
    ]),
    ['pobserve-lockserver/lock_server_log_10000_1_error.first4000lines.txt', tryLock, {}],
    ['ewd998-vector-clock-ndjson/trace-unstable-5665744.ndjson', ewd998, {}],
    ['specula-raft-traces/etcd-raft/confchange_v2_add_double_auto.ndjson', etcdRaft, {}],
    ['specula-raft-traces/etcd-raft/async_storage_writes.ndjson', etcdRaft, { constants: { storage: 'async' } }],
    ['specula-raft-traces/hashicorp-raft/leader_failure.ndjson', hashicorpRaft, {}],
    ['ccf-consensus/2023-09-06/suffix_collision.1.ndjson', ccfRaft, {}],
  ])('learned steps and the reference semantics agree: %s', async (path, binding, options) => {
    const learned = await validated(path, binding, options);
    const reference = await validated(path, binding, { ...options, semantics: 'reference' });
    const { result, explained, statesExplored } = reference;
    expect(learned).toMatchObject({ result, explained, statesExplored });
    expect(masked({ ...learned, seconds: 0 })).toBe(masked({ ...reference, seconds: 0 }));
  });
});
