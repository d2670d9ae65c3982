/** On random specs, the steps of a state graph are those of the reference semantics, with what they pick. */
import * as fc from 'fast-check';
import { expect, test, vi } from 'vitest';

import { bind, successors, type System } from '../spec/index.ts';
import { equal, show } from '../value/index.ts';
import { startSearch, Steps } from './index.ts';
import { randomSpec } from './random-spec.test-support.ts';

const numRuns = Number(process.env['BIVALENT_RANDOM_SPECS'] ?? 100);
vi.setConfig({ testTimeout: Math.max(60_000, numRuns * 500) });

/** States whose steps are compared. */
const most = 100;

test('every step has the action, the picks and the target that it has in the reference semantics', () => {
  let compared = 0;
  fc.assert(
    fc.property(randomSpec(), ({ spec }) => {
      const system: System = {
        ...bind(spec),
        invariants: [],
        transitionInvariants: [],
        constraint: undefined,
        actionConstraint: undefined,
        checksDeadlock: false,
      };
      const search = startSearch(system, { limits: { maxStates: 2000 } });
      while (!search.advance(Infinity));
      fc.pre(search.result('').result === 'ok');
      const graph = search.graph(new Set(system.actions.map(({ name }) => name)));
      const steps = new Steps();
      for (let from = 0; from < Math.min(graph.count, most); from++) {
        graph.steps(from, steps);
        const found = Array.from({ length: steps.count }, (_, k) =>
          show({ ...graph.stepAt(steps.labels[k]!), state: graph.stateAt(steps.targets[k]!) }),
        );
        const before = graph.stateAt(from);
        const expected = successors(system, before).filter(({ state }) => !equal(state, before));
        expect(found.sort()).toEqual(expected.map((step) => show({ ...step })).sort());
        compared += found.length;
      }
    }),
    { numRuns },
  );
  expect(compared).toBeGreaterThan(numRuns);
});
