/**
 * On random specs, temporal properties get the verdict of a checker that follows the definitions on the graph that the
 * reference semantics gives; the lassos that are reported are made of its steps, however states are stored.
 */
import * as fc from 'fast-check';
import { expect, test, vi } from 'vitest';

import { BreadthFirst } from '../explore/breadth-first.ts';
import { finish } from '../explore/index.ts';
import { early } from '../explore/learned.test-support.ts';
import type { PlanSchedule } from '../explore/planning.ts';
import { randomSpec } from '../explore/random-spec.test-support.ts';
import { bind, evaluate, successors, type System } from '../spec/index.ts';
import { show, type RecordValue } from '../value/index.ts';
import { check } from './index.ts';
import { lassoAlone, someFairBehaviour, type NaiveGraph, type NaiveStep } from './naive-temporal.test-support.ts';
import { randomFairness, randomFormula } from './random-formula.test-support.ts';
import { judgeTemporal } from './temporal.ts';

const numRuns = Number(process.env['BIVALENT_RANDOM_SPECS'] ?? 80);
vi.setConfig({ testTimeout: Math.max(180_000, numRuns * 500) });

/** Specs with more states are left out: the definitions are slow to follow. */
const cap = 10;

/** Random specs with one temporal property, about what are invariants in them. */
const cases = randomSpec().chain((random) => {
  const { actions, invariants } = bind(random.spec);
  const names = actions.map(({ name }) => name);
  return fc.record({
    random: fc.constant(random),
    formula: randomFormula({ predicates: invariants.length, actions: names, picks: [] }),
    fairness: randomFairness(names, []),
  });
});

type Case = typeof cases extends fc.Arbitrary<infer T> ? T : never;

function systemOf({ random, formula, fairness }: Case): System {
  const bound = bind(random.spec);
  return {
    ...bound,
    invariants: [],
    transitionInvariants: [],
    constraint: undefined,
    actionConstraint: undefined,
    checksDeadlock: false,
    predicates: bound.invariants.map((invariant) => ({ ...invariant, kind: 'predicate' })),
    temporal: [{ name: 'p', formula }],
    fairness,
  };
}

test('temporal properties of random specs have the verdict of a checker that follows the definitions', () => {
  let judged = 0;
  fc.assert(
    fc.property(cases, (drawn) => {
      const system = systemOf(drawn);
      const { formula, fairness } = drawn;
      const graph = graphOf(system);
      fc.pre(graph !== undefined && graph.steps.length <= 40);
      // The definitions are followed for each set of strong conditions: there may be one for each choice of an action.
      const choices = new Set(graph.steps.flatMap(({ labels }) => labels.map((label) => show(label as never))));
      fc.pre(choices.size <= 8 || !fairness.some(({ strength, each }) => strength === 'strong' && each === 'all'));
      judged++;
      const { result, violation } = check(system);
      const broken = someFairBehaviour(graph, fairness, { op: 'not', of: formula });
      expect(result).toBe(broken ? 'violation' : 'ok');
      if (violation === undefined) return;
      const states = violation.trace.map(({ state }) => graph.numberOf(state));
      const alone = lassoAlone(graph, states, violation.loopsTo!);
      expect(someFairBehaviour(alone, fairness, { op: 'not', of: formula })).toBe(true);
      violation.trace.slice(1).forEach(({ action }, i) => {
        const step = alone.steps.find(({ from }) => from === i);
        const actions = step?.labels.map((label) => label.action) ?? [];
        expect(actions.length === 0 ? [null] : actions).toContain(action);
      });
    }),
    { numRuns },
  );
  expect(judged).toBeGreaterThan(numRuns / 20);
});

test('which lasso is reported does not depend on how states are stored', () => {
  fc.assert(
    fc.property(cases, (drawn) => {
      const system = systemOf(drawn);
      expect(lassoOf(system, early)).toEqual(lassoOf(system));
    }),
    { numRuns },
  );
});

/** The lasso that breaks the property of a system whose rows are planned by a schedule; undefined where none does. */
function lassoOf(system: System, schedule?: PlanSchedule): unknown {
  const search = new BreadthFirst(system, { audit: 'none', limits: { maxStates: 600 } }, schedule);
  fc.pre(finish(search).result === 'ok');
  const graph = search.graph(new Set(system.actions.map(({ name }) => name)));
  const judging = judgeTemporal(graph, system.fairness, system.temporal);
  for (;;) {
    const { done, value } = judging.next();
    if (done !== true) continue;
    const { states = [], loopsTo } = value.broken?.lasso ?? {};
    return { states: states.map((state) => graph.stateAt(state)), loopsTo };
  }
}

/** The state graph as the reference semantics gives it; undefined where it is too large. */
function graphOf(system: System): (NaiveGraph & { numberOf(state: RecordValue): number }) | undefined {
  const states: RecordValue[] = [...system.initialStates];
  const numbers = new Map(states.map((state, i) => [show(state), i]));
  const steps: NaiveStep[] = [];
  const enabled: NaiveStep['labels'][] = [];
  for (let from = 0; from < states.length; from++) {
    if (states.length > cap) return undefined;
    const labels = new Map<number, NaiveStep['labels'][number][]>();
    for (const { action, parameters, state } of successors(system, states[from]!)) {
      const key = show(state);
      const to = numbers.get(key) ?? states.push(state) - 1;
      numbers.set(key, to);
      if (to !== from) labels.set(to, [...(labels.get(to) ?? []), { action, parameters }]);
    }
    steps.push({ from, to: from, labels: [] }, ...[...labels].map(([to, own]) => ({ from, to, labels: own })));
    enabled.push([...labels.values()].flat());
  }
  return {
    initial: system.initialStates.map((_, i) => i),
    steps,
    holds: (predicate, state) => evaluate(system.predicates[predicate]!, states[state]!).holds,
    enabled: (state) => enabled[state]!,
    numberOf: (state) => numbers.get(show(state)) ?? -1,
  };
}
