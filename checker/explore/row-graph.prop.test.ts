/** On random specs, the steps of a state graph are those of the reference semantics, with what they pick. */
import * as fc from 'fast-check';
import { expect, test, vi } from 'vitest';

import { bind, successors, type System } from '../spec/index.ts';
import { equal, show } from '../value/index.ts';
import { BreadthFirst } from './breadth-first.ts';
import { finish, Steps, type StepGraph } from './index.ts';
import { early } from './learned.test-support.ts';
import type { PlanSchedule } from './planning.ts';
import { randomSpec } from './random-spec.test-support.ts';

const numRuns = Number(process.env['BIVALENT_RANDOM_SPECS'] ?? 100);
vi.setConfig({ testTimeout: Math.max(60_000, numRuns * 500) });

/** States whose steps are compared. */
const most = 100;

/** The graph of a random spec without properties; skips those that are too large. */
function graphOf(system: System, schedule?: PlanSchedule): StepGraph {
  const search = new BreadthFirst(system, { limits: { maxStates: 2000 } }, schedule);
  fc.pre(finish(search).result === 'ok');
  return search.graph(new Set(system.actions.map(({ name }) => name)));
}

function withoutProperties(system: System): System {
  return {
    ...system,
    invariants: [],
    transitionInvariants: [],
    constraint: undefined,
    actionConstraint: undefined,
    checksDeadlock: false,
  };
}

/** The steps of a state, as texts, in the order in which they come. */
function stepsFrom(state: number, graph: StepGraph): readonly string[] {
  const steps = new Steps();
  graph.steps(state, steps);
  return Array.from({ length: steps.count }, (_, k) =>
    show({ ...graph.stepAt(steps.labels[k]!), state: graph.stateAt(steps.targets[k]!) }),
  );
}

test('every step has the action, the picks and the target that it has in the reference semantics', () => {
  let compared = 0;
  fc.assert(
    fc.property(randomSpec(), ({ spec }) => {
      const system = withoutProperties(bind(spec));
      const graph = graphOf(system);
      for (let from = 0; from < Math.min(graph.count, most); from++) {
        const found = stepsFrom(from, graph);
        const before = graph.stateAt(from);
        const expected = successors(system, before).filter(({ state }) => !equal(state, before));
        expect(found.toSorted()).toEqual(expected.map((step) => show({ ...step })).toSorted());
        compared += found.length;
      }
    }),
    { numRuns },
  );
  expect(compared).toBeGreaterThan(numRuns);
});

test('steps come in the same order however states are stored', () => {
  fc.assert(
    fc.property(randomSpec(), ({ spec }) => {
      const system = withoutProperties(bind(spec));
      const [graph, other] = [graphOf(system), graphOf(system, early)];
      for (let from = 0; from < Math.min(graph.count, most); from++) {
        expect(stepsFrom(from, other)).toEqual(stepsFrom(from, graph));
      }
    }),
    { numRuns },
  );
});
