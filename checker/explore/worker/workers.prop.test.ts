/** However many threads work on a check, its result is that of one. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { bind, type System } from '../../spec/index.ts';
import raft from '../../../specs/raft/raft.ts';
import twoPhaseCommit from '../../../specs/two-phase-commit/two-phase-commit.ts';
import { withoutTimes } from '../engines.test-support.ts';
import { checked, early } from '../learned.test-support.ts';
import { MemoryCheckpoints } from '../memory-checkpoints.test-support.ts';
import type { CheckOptions } from '../options.ts';
import { randomSpec } from '../random-spec.test-support.ts';
import type { CheckResult } from '../result.ts';
import { nodeWorkers, type Workers } from './index.ts';
import { Board } from './task.ts';

const numRuns = Number(process.env['BIVALENT_RANDOM_SPECS'] ?? 40);

/** Started once, for all tests. */
const one = nodeWorkers(2);
const three = nodeWorkers(4);

/** All of a result that does not depend on time and memory. */
function found(result: CheckResult) {
  const { bytesPerState: _b, peakMemoryBytes: _p, learning: _l, ...rest } = withoutTimes(result);
  return rest;
}

const tiny = (workers: Workers, rowsPerTask: number): Workers => ({ ...workers, fromStates: 0, rowsPerTask });

test('on random specs, in tasks of a few rows', { timeout: 60_000 + 1000 * numRuns }, () => {
  fc.assert(
    fc.property(
      randomSpec(),
      fc.constantFrom(one, three),
      fc.integer({ min: 1, max: 7 }),
      fc.constantFrom(false, { fromStates: 1 }),
      fc.boolean(),
      ({ spec }, workers, rows, fingerprint, reduction) => {
        const system = bind(spec);
        const options = { limits: { maxStates: 600 }, fingerprint, reduction };
        const alone = checked(system, { ...options, workers: { ...one, count: 1, rowsPerTask: rows } }, early);
        expect(found(checked(system, { ...options, workers: tiny(workers, rows) }, early))).toEqual(found(alone));
      },
    ),
    { numRuns },
  );
});

const library: readonly (readonly [string, System, CheckOptions])[] = [
  ['two-phase commit', bind(twoPhaseCommit, { constants: { RM: 6 } }), {}],
  ['two-phase commit, all steps', bind(twoPhaseCommit, { constants: { RM: 6 } }), { reduction: false }],
  ['a mutant', bind(twoPhaseCommit, { mutant: 'the TM commits on a majority', constants: { RM: 6 } }), {}],
  ['a limit on states', bind(twoPhaseCommit, { constants: { RM: 6 } }), { limits: { maxStates: 20_000 } }],
  ['a limit on depth', bind(twoPhaseCommit, { constants: { RM: 6 } }), { limits: { maxDepth: 12 } }],
  ['Raft', bind(raft, { model: 'two-terms' }), {}],
  ['fingerprints', bind(twoPhaseCommit, { constants: { RM: 6 } }), { fingerprint: { fromStates: 3000 } }],
  ['fingerprints of Raft', bind(raft, { model: 'two-terms' }), { fingerprint: { fromStates: 1 }, reduction: false }],
];

test.each(library)('%s', { timeout: 60_000 }, (_, system, options) => {
  const alone = found(checked(system, options));
  expect(found(checked(system, { ...options, workers: { ...one, fromStates: 2000 } }))).toEqual(alone);
  expect(found(checked(system, { ...options, workers: { ...three, fromStates: 0 } }))).toEqual(alone);
});

/** Options for several threads from the beginning, or for one. */
const threads = (workers: Workers | undefined): CheckOptions =>
  workers === undefined ? {} : { workers: { ...workers, fromStates: 0 } };

test('a run of several threads that was kept goes on with one, and the other way round', { timeout: 60_000 }, () => {
  const system = bind(twoPhaseCommit, { constants: { RM: 6 } });
  const alone = found(checked(system, {}));
  for (const [before, after] of [
    [one, undefined],
    [undefined, one],
  ] as const) {
    const target = new MemoryCheckpoints();
    checked(system, { ...threads(before), checkpoints: { target, everyMs: 0 } });
    for (const at of [0.3, 0.7]) {
      const resume = target.kept[Math.floor(at * target.kept.length)]!;
      expect(found(checked(system, { ...threads(after), resume }))).toEqual(alone);
    }
  }
});

test('a thread that fails leaves its work to the others, and the result says so', () => {
  const system = bind(twoPhaseCommit, { constants: { RM: 6 } });
  const failing: Workers = {
    count: 2,
    fromStates: 0,
    start(board) {
      new Board(board).fail();
      return { post() {}, failure: () => 'no memory', stop() {} };
    },
  };
  const { notes, ...rest } = found(checked(system, { workers: failing }));
  expect(rest).toEqual(found(checked(system, {})));
  expect(notes).toEqual(['the check went on with one thread, since another failed: no memory']);
});
