/** A run that goes on from a checkpoint, whichever, ends with the result of a run that was never interrupted. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { bind, type System } from '../spec/index.ts';
import raft from '../../specs/raft/raft.ts';
import twoPhaseCommit from '../../specs/two-phase-commit/two-phase-commit.ts';
import type { PlanSchedule } from './planning.ts';
import type { CheckpointSource, Facts } from './checkpoint.ts';
import { simpleExplorer } from './engines.test-support.ts';
import { checked, early, found } from './learned.test-support.ts';
import { MemoryCheckpoints } from './memory-checkpoints.test-support.ts';
import { randomSpec } from './random-spec.test-support.ts';
import type { CheckResult } from './result.ts';

const numRuns = Number(process.env['BIVALENT_RANDOM_SPECS'] ?? 40);
/** Runs a check and keeps it after every batch. */
function runKept(system: System, schedule?: PlanSchedule): { result: CheckResult; kept: readonly CheckpointSource[] } {
  const target = new MemoryCheckpoints();
  const result = checked(system, { checkpoints: { target, everyMs: 0 } }, schedule);
  return { result, kept: target.kept };
}

test('random specs, kept after every batch', { timeout: 60_000 + 500 * numRuns }, () => {
  fc.assert(
    fc.property(randomSpec(), fc.nat(), ({ spec }, at) => {
      const system = bind(spec);
      const expected = simpleExplorer.check(system, { limits: { maxStates: 600 } });
      fc.pre(expected.result !== 'incomplete' && expected.distinctStates > 4);
      const { result, kept } = runKept(system, early);
      expect(found(result)).toEqual(found(expected));
      fc.pre(kept.length > 0);
      expect(found(checked(system, { resume: kept[at % kept.length]! }, early))).toEqual(found(expected));
    }),
    { numRuns },
  );
});

const library = [
  ['two-phase commit', bind(twoPhaseCommit, { constants: { RM: 6 } })],
  [
    'a mutant of two-phase commit',
    bind(twoPhaseCommit, { mutant: 'the TM commits on a majority', constants: { RM: 6 } }),
  ],
  ['Raft', bind(raft, { model: 'two-terms' })],
] as const;

test.each(library)('%s, kept at three moments', (_, system) => {
  const { result, kept } = runKept(system);
  for (const i of [0, kept.length >> 1, kept.length - 1]) {
    const resumed = checked(system, { resume: kept[i]! });
    expect(found(resumed)).toEqual(found(result));
    expect(resumed.skipped).toBe(result.skipped);
  }
});

/** Whether a level was begun and not finished. */
const isInside = ({ cursor, levelEnd, rows }: Facts): boolean => cursor < levelEnd && levelEnd < rows;

test('two-phase commit, kept in the middle of a level', () => {
  const system = bind(twoPhaseCommit, { constants: { RM: 6 } });
  const { result, kept } = runKept(system);
  const inside = kept.findLast(({ facts }) => isInside(JSON.parse(facts!) as Facts));
  expect(found(checked(system, { resume: inside! }))).toEqual(found(result));
});

test('a run that was resumed can be kept and resumed again', () => {
  const system = bind(twoPhaseCommit, { constants: { RM: 6 } });
  const first = runKept(system);
  const target = new MemoryCheckpoints();
  const second = checked(system, { resume: first.kept[1]!, checkpoints: { target, everyMs: 0 } });
  const third = checked(system, { resume: target.kept.at(-2)! });
  expect(found(third)).toEqual(found(second));
  expect(found(second)).toEqual(found(first.result));
});

test('a limit that ends a run leaves it to be resumed with a wider one', () => {
  const system = bind(twoPhaseCommit, { constants: { RM: 6 } });
  const target = new MemoryCheckpoints();
  const cut = checked(system, { checkpoints: { target, everyMs: Infinity }, limits: { maxDepth: 9 } });
  expect(cut.reason).toBe('stopped at depth 9 (--max-depth 9) with 6,039 states left to expand');
  const resumed = (maxDepth: number): CheckResult =>
    checked(system, { resume: target.kept.at(-1)!, limits: { maxDepth } });
  expect(found(resumed(9))).toEqual(found(cut));
  expect(found(resumed(14))).toEqual(found(checked(system, { limits: { maxDepth: 14 } })));
});
