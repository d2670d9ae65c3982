/** The simplest of the shortest counterexamples, compared with what a search by the reference semantics finds. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import cristianClockSync from '../../specs/cristian-clock-sync/cristian-clock-sync.ts';
import { randomSpec } from '../explore/random-spec.test-support.ts';
import type { TraceStep, Violation } from '../explore/index.ts';
import { check } from '../property/index.ts';
import { defineProtocol, messages } from '../protocol/index.ts';
import { bind, defineSpec, evaluate, nodes, successors, when, type Spec, type System } from '../spec/index.ts';
import { equal, show, type RecordValue } from '../value/index.ts';
import { minimise, type Minimised } from './minimal.ts';
import { isProtocolState, messagesPutInFlight } from './space-time.ts';

function minimised(system: System, violation: Violation): Minimised {
  const search = minimise(system, violation);
  for (;;) {
    const { done, value } = search.next();
    if (done === true) return value;
  }
}

type Cost = readonly [faults: number, messages: number];

function costOf(system: System, before: RecordValue, { action, state }: TraceStep): Cost {
  const messages = isProtocolState(before, system.constants) ? messagesPutInFlight(before, state) : 0;
  return [system.faults.includes(action!) ? 1 : 0, messages];
}

const sum = (a: Cost, b: Cost): Cost => [a[0] + b[0], a[1] + b[1]];
const less = (a: Cost, b: Cost): boolean => a[0] < b[0] || (a[0] === b[0] && a[1] < b[1]);

function costOfTrace(system: System, trace: readonly TraceStep[]): Cost {
  return trace.slice(1).reduce((cost, step, i) => sum(cost, costOf(system, trace[i]!.state, step)), [0, 0] as Cost);
}

/** The least cost of all shortest ways to a state that breaks the property, level by level. */
function leastCost(system: System, { kind, name, trace }: Violation): Cost {
  const breaks = (state: RecordValue): boolean => {
    if (kind === 'invariant')
      return !evaluate(
        system.invariants.find((i) => i.name === name)!,
        state,
      ).holds;
    return successors(system, state).length === 0 && !(system.terminated && evaluate(system.terminated, state).holds);
  };
  let level = new Map(system.initialStates.map((state) => [show(state), { state, cost: [0, 0] as Cost }]));
  const seen = new Set(level.keys());
  for (let depth = 1; depth < trace.length; depth++) {
    const next: typeof level = new Map();
    for (const { state, cost } of level.values()) {
      for (const step of successors(system, state)) {
        const key = show(step.state);
        if (seen.has(key)) continue;
        const whole = sum(cost, costOf(system, state, step));
        const known = next.get(key);
        if (known === undefined || less(whole, known.cost)) next.set(key, { state: step.state, cost: whole });
      }
    }
    for (const key of next.keys()) seen.add(key);
    level = next;
  }
  const costs = [...level.values()].filter(({ state }) => breaks(state)).map(({ cost }) => cost);
  return costs.reduce((best, cost) => (less(cost, best) ? cost : best));
}

/** That what is given is a counterexample, as short, and the cheapest. */
function expectCheapest(system: System, violation: Violation): void {
  const { violation: best, compared } = minimised(system, violation);
  expect(best.trace.length).toBe(violation.trace.length);
  best.trace.slice(1).forEach((step, i) => {
    const possible = successors(system, best.trace[i]!.state).filter(({ state }) => equal(state, step.state));
    expect(possible.map(({ action }) => action)).toContain(step.action);
  });
  if (compared === 'nothing') expect(best).toBe(violation);
  else expect(costOfTrace(system, best.trace)).toEqual(leastCost(system, violation));
}

test('no counterexample of a random spec has fewer faults', { timeout: 60_000 }, () => {
  fc.assert(
    fc.property(randomSpec(), fc.nat(7), ({ spec }, bits) => {
      const bound = bind(spec);
      const faults = bound.actions.map(({ name }) => name).filter((_, i) => (bits >> i) % 2 === 1);
      const system: System = { ...bound, faults };
      const { violation } = check(system, { limits: { maxStates: 2000 }, audit: 'none' });
      if (violation === undefined || (violation.kind !== 'invariant' && violation.kind !== 'deadlock')) return;
      expectCheapest(system, violation);
    }),
    { numRuns: 150 },
  );
});

test('a deadlock is compared where the states beside it show that a record changes its shape', () => {
  const spec = defineSpec({
    name: 'Shapes',
    init: () => [1, 2].map((left) => ({ job: { type: 'idle' } as { type: string; number?: number }, left: left % 2 })),
    actions: {
      take(s) {
        when(s.left > 0);
        s.job = { type: 'busy', number: 1 };
      },
    },
  });
  const system: System = { ...bind(spec), faults: ['take'] };
  const { violation } = check(system, { audit: 'none' });
  expect([violation?.kind, violation?.trace.length]).toEqual(['deadlock', 1]);
  expectCheapest(system, violation!);
});

/** Nodes that count what they get, and send on to whom a table says. */
function counters(sends: readonly (readonly number[])[], most: number, faults: object): Spec {
  return defineProtocol({
    name: 'Counters',
    constants: { N: nodes('n', 3) },
    nodes: ({ N }) => N,
    messages: messages<{ ping: { left: number } }>(),
    state: { durable: () => ({ got: 0, begun: false }) },
    network: { order: 'unordered', copies: 'bag' },
    faults,
    actions: {
      begin(me, { self, N, send }) {
        when(me.got < 3);
        if (me.begun) me.got += 1;
        me.begun = true;
        for (const i of sends[N.indexOf(self)]!) send(N[i]!, { type: 'ping', left: 1 });
      },
    },
    on: {
      ping(me, { left }, { self, N, send }) {
        me.got += 1;
        if (left > 0) for (const i of sends[N.indexOf(self)]!.slice(1)) send(N[i]!, { type: 'ping', left: left - 1 });
      },
    },
    invariants: { few: ({ node }, { N }) => N.reduce((all, n) => all + node[n]!.got, 0) < most },
    deadlock: false,
  }) as unknown as Spec;
}

test(
  'no counterexample of a random protocol has fewer faults, nor of those fewer messages',
  { timeout: 60_000 },
  () => {
    const targets = fc.uniqueArray(fc.nat(2), { maxLength: 3 });
    const budgets = fc.record({ loss: fc.nat(1), duplication: fc.nat(1), crash: fc.nat(1) });
    fc.assert(
      fc.property(
        fc.tuple(targets, targets, targets),
        fc.integer({ min: 1, max: 3 }),
        budgets,
        (sends, most, faults) => {
          const system = bind(counters(sends, most, faults));
          const { violation } = check(system, { limits: { maxStates: 2000 }, audit: 'none' });
          if (violation !== undefined) expectCheapest(system, violation);
        },
      ),
      { numRuns: 30 },
    );
  },
);

test('a fault that the first counterexample has, and another has not, is not reported', () => {
  const system = bind(cristianClockSync as unknown as Spec, { mutant: 'an answer to an earlier question is taken' });
  const violation = check(system).violation!;
  const best = minimised(system, violation);
  expect(best.compared).toBe('faults and messages');
  expect(costOfTrace(system, best.violation.trace)[0]).toBe(0);
  expect(best.violation.read.length).toBeGreaterThan(0);
  // What was made better is the best.
  expect(minimised(system, best.violation).violation).toBe(best.violation);
});
