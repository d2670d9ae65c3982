import { expect, test } from 'vitest';

import raft from '../../specs/raft-ongaro/raft-ongaro.ts';
import twoPhaseCommit from '../../specs/two-phase-commit/two-phase-commit.ts';
import { bind, defineSpec, when, type System } from '../spec/index.ts';
import { BreadthFirst } from './breadth-first.ts';
import { finish } from './options.ts';
import { withoutTimes } from './engines.test-support.ts';
import { type CheckResult } from './index.ts';
import { check } from '../property/index.ts';

/** A check that calls user code on every state. */
function checkDirectly(system: System): CheckResult {
  return finish(new BreadthFirst(system, { audit: 'none' }, undefined, 'off'));
}

/** What does not depend on how user code was called. */
function figures(result: CheckResult) {
  const {
    learning: _calls,
    skipped: _skipped,
    bytesPerState: _bytes,
    peakMemoryBytes: _peak,
    ...rest
  } = withoutTimes(result);
  return rest;
}

test.each([
  ['two-phase commit', () => bind(twoPhaseCommit)],
  [
    'two-phase commit that commits on a majority',
    () => bind(twoPhaseCommit, { mutant: 'the TM commits on a majority' }),
  ],
  ['Raft, which has an afterEach and a constraint', () => bind(raft)],
  [
    'a spec with a choice among the elements of its state',
    () =>
      bind(
        defineSpec({
          name: 'Inbox',
          init: () => ({ inbox: new Set([1, 2]), sum: 0 }),
          actions: {
            receive(s, { pick }) {
              const { n } = pick({ n: s.inbox });
              s.inbox.delete(n);
              s.sum += n;
            },
          },
          invariants: { bounded: (s) => s.sum < 3 },
        }),
      ),
  ],
])('calling user code on every state gives what learning gives: %s', (_, system) => {
  expect(figures(checkDirectly(system()))).toEqual(figures(check(system())));
});

test('an action is called on every state where most of its runs are new, not where they are few beside those of its other picks', () => {
  const spec = defineSpec({
    name: 'Clock',
    init: () => ({ ticks: 0, isStopped: false }),
    actions: {
      tick(s) {
        s.ticks = (s.ticks + 1) % 9000;
      },
      ring(s, { pick }) {
        const { bell } = pick({ bell: [1, 2, 3, 4, 5] });
        when(bell === 1 ? s.ticks < 0 : s.isStopped);
      },
    },
  });
  const { dependencies, learning } = check(bind(spec), { dependencies: true });
  expect(dependencies?.actions.map(({ action, learned }) => [action, learned])).toEqual([
    ['tick', false],
    ['ring', true],
  ]);
  // Each of the two meets every state once, and `ring` its four other bells.
  expect(learning.actionCalls).toBeGreaterThan(18_000);
  expect(learning.actionCalls).toBeLessThan(18_100);
});
