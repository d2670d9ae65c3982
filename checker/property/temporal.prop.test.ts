import * as fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';

import { Steps, type StepGraph, type StepLabel } from '../explore/index.ts';
import { logic, nodeOf } from '../spec/formula.ts';
import type { FairnessCondition, TemporalProperty } from '../spec/index.ts';
import { lassoAlone, someFairBehaviour, type NaiveGraph, type NaiveStep } from './naive-temporal.test-support.ts';
import { randomFairness, randomFormula } from './random-formula.test-support.ts';
import { isStutteringInvariant } from './stuttering.ts';
import { judgeTemporal, type TemporalVerdict } from './temporal.ts';

const runs = Number(process.env['BIVALENT_RANDOM_FORMULAS'] ?? 4000);
vi.setConfig({ testTimeout: Math.max(180_000, 20 * runs) });

/** A graph of a few states, each with the predicates that hold in it. */
interface Drawn {
  readonly holds: readonly number[];
  readonly initialCount: number;
  readonly edges: readonly { readonly from: number; readonly to: number; readonly label: StepLabel }[];
}

const labels: readonly StepLabel[] = [
  { action: 'a', parameters: {} },
  { action: 'b', parameters: { p: 0 } },
  { action: 'b', parameters: { p: 1 } },
  { action: 'b', parameters: { p: 1, q: 1 } },
];

const graphs = fc
  .integer({ min: 1, max: 5 })
  .chain((count) => {
    const state = fc.nat({ max: count - 1 });
    return fc.record<Drawn>({
      holds: fc.array(fc.nat({ max: 3 }), { minLength: count, maxLength: count }),
      initialCount: fc.constantFrom(1, Math.min(2, count)),
      edges: fc.array(fc.record({ from: state, to: state, label: fc.constantFrom(...labels) }), { maxLength: 9 }),
    });
  })
  .map(reachablePart);

/** A state graph holds what can be reached, and nothing else. */
function reachablePart({ holds, initialCount, edges }: Drawn): Drawn {
  const reached = new Set(Array.from({ length: initialCount }, (_, state) => state));
  for (const state of reached) for (const { from, to } of edges) if (from === state) reached.add(to);
  const states = [...reached];
  const renumbered = edges.flatMap(({ from, to, label }) =>
    reached.has(from) ? [{ from: states.indexOf(from), to: states.indexOf(to), label }] : [],
  );
  return { holds: states.map((state) => holds[state]!), initialCount, edges: renumbered };
}

const formula = randomFormula({
  predicates: 2,
  actions: ['a', 'b'],
  picks: [{ action: 'b', parameters: { p: 1 } }],
});
const conditions = randomFairness(['a', 'b'], ['p']);

describe('temporal properties of random graphs', () => {
  test('have the verdict of a checker that follows the definitions, and every lasso is a fair behaviour that breaks them', () => {
    let violated = 0;
    const cases = fc.record({
      drawn: graphs,
      formula,
      fairness: conditions,
    });
    fc.assert(
      fc.property(cases, ({ drawn, formula, fairness }) => {
        const verdict = judged(drawn, [{ name: 'p', formula }], fairness);
        const expected = someFairBehaviour(naive(drawn), fairness, { op: 'not', of: formula });
        expect(verdict.broken !== undefined).toBe(expected);
        if (verdict.broken === undefined) return;
        violated++;
        const { states, loopsTo } = verdict.broken.lasso;
        const alone = lassoAlone(naive(drawn), states, loopsTo);
        expect(someFairBehaviour(alone, fairness, { op: 'not', of: formula })).toBe(true);
      }),
      { numRuns: runs },
    );
    expect(violated).toBeGreaterThan(runs / 50);
  });

  test('have the verdict together that they have one by one, and the first that is broken is found', () => {
    let [none, first, later] = [0, 0, 0];
    const several = fc.array(formula, { minLength: 2, maxLength: 5 });
    fc.assert(
      fc.property(graphs, several, conditions, (drawn, formulas, fairness) => {
        const properties = formulas.map((node, i) => ({ name: String(i), formula: node }));
        const alone = properties.filter((property) => judged(drawn, [property], fairness).broken !== undefined);
        const { broken } = judged(drawn, properties, fairness);
        expect(broken?.name).toBe(alone[0]?.name);
        if (broken === undefined) none++;
        else if (broken.name === '0') first++;
        else later++;
      }),
      { numRuns: runs },
    );
    expect(Math.min(none, first, later)).toBeGreaterThan(runs / 50);
  });

  test('that are invariant under stuttering are so found: adding steps that change nothing changes no verdict', () => {
    fc.assert(
      fc.property(formula, graphs, (node, drawn) => {
        fc.pre(isStutteringInvariant(node));
        const now = naive(drawn);
        const broken = { op: 'not', of: node } as const;
        expect(someFairBehaviour(withPause(now), [], broken)).toBe(someFairBehaviour(now, [], broken));
      }),
      { numRuns: 200 },
    );
  });
});

const p = (): boolean => true;

describe('the words of the logic', () => {
  test.each([
    ['leadsTo', logic.leadsTo(p as never, p as never), true],
    ['infinitelyOften taken', logic.infinitelyOften(logic.taken('a')), true],
    ['always not taken', logic.always(logic.not(logic.taken('a'))), true],
    ['next', logic.next(p as never), false],
    ['always taken', logic.always(logic.taken('a')), false],
    ['taken', logic.taken('a'), false],
  ] as const)('%s is recognised as invariant under stuttering, or not', (_, f, expected) => {
    expect(isStutteringInvariant(nodeOf(f))).toBe(expected);
  });
});

function judged(
  drawn: Drawn,
  properties: readonly TemporalProperty[],
  fairness: readonly FairnessCondition[],
): TemporalVerdict {
  const search = judgeTemporal(graphOf(drawn), fairness, properties);
  for (;;) {
    const step = search.next();
    if (step.done === true) return step.value;
  }
}

function graphOf({ holds, initialCount, edges }: Drawn): StepGraph {
  return {
    count: holds.length,
    initialCount,
    steps(state, into: Steps) {
      into.count = 0;
      for (const { from, to, label } of edges) if (from === state && to !== state) into.add(to, labels.indexOf(label));
    },
    stepAt: (label) => labels[label]!,
    labels,
    letter: (predicates, state) =>
      predicates.reduce((bits, predicate, i) => bits | (((holds[state]! >> predicate) & 1) << i), 0),
    stateAt: (state) => ({ state }),
    parentOf: () => -1,
  };
}

function naive(drawn: Drawn): NaiveGraph {
  const graph = graphOf(drawn);
  const states = drawn.holds.map((_, state) => state);
  const steps = states.flatMap((from): NaiveStep[] => [
    { from, to: from, labels: [] },
    ...states.flatMap((to) => {
      const own = labelsBetween(drawn, from, to);
      return own.length > 0 ? [{ from, to, labels: own }] : [];
    }),
  ]);
  return {
    initial: states.slice(0, drawn.initialCount),
    steps,
    holds: (predicate, state) => graph.letter([predicate], state) === 1,
    enabled: (state) => drawn.edges.filter(({ from, to }) => from === state && to !== state).map(({ label }) => label),
  };
}

function labelsBetween({ edges }: Drawn, a: number, b: number): StepLabel[] {
  return a === b ? [] : edges.filter(({ from, to }) => from === a && to === b).map(({ label }) => label);
}

/** The state that a copied state is of. */
const original = (state: number): number => (state >= 100 ? state - 100 : state);

/** The graph whose behaviours are those of a graph, with a stuttering step before them. */
function withPause(graph: NaiveGraph): NaiveGraph {
  return {
    initial: graph.initial.map((state) => state + 100),
    steps: [...graph.steps, ...graph.initial.map((state) => ({ from: state + 100, to: state, labels: [] }))],
    holds: (predicate, state) => graph.holds(predicate, original(state)),
    enabled: (state) => graph.enabled(original(state)),
  };
}
