/** The cells of docs/soundness.md, each as a test: what a check answers where something keeps it from seeing all. */
import { describe, expect, test } from 'vitest';

import { simulate, swarm, type CheckOptions } from '../explore/index.ts';
import { defineProtocol, messages } from '../protocol/index.ts';
import { bind, defineSpec, mapOf, nodes, oneOf, when, type Logic, type Spec, type System } from '../spec/index.ts';
import { check } from './index.ts';

const properties = ['invariant', 'deadlock', 'temporal', 'refinement', 'reachability'] as const;
type Property = (typeof properties)[number];

const claims = { property: oneOf(...properties), holds: oneOf(true, false) };
const sum = (counts: Readonly<Record<string, number>>): number => Object.values(counts).reduce((a, b) => a + b, 0);

interface Counts {
  count: Record<string, number>;
}

const counter = defineSpec({
  name: 'Counter',
  init: () => ({ total: 0 }),
  actions: { more: (s) => void (s.total += 1) },
});

/** Two nodes that count to two each; one claim of one kind is made of it, which holds or does not. */
const counting = defineSpec({
  name: 'Counting',
  constants: { N: nodes('n', 2, { symmetric: true }), ...claims },
  init: ({ N }) => ({ count: mapOf(N, () => 0) as Record<string, number> }),
  actions: {
    step(s, { N, pick }) {
      const { n } = pick({ n: N });
      when(s.count[n]! < 2);
      s.count[n]! += 1;
    },
  },
  invariants: { claim: (s, { property, holds }) => property !== 'invariant' || holds || sum(s.count) < 1 },
  terminated: (_, { property, holds }) => property !== 'deadlock' || holds,
  temporal: ({ eventually }, { property, holds }) => ({
    ...(property === 'temporal' && { claim: eventually((s) => sum(s.count) === (holds ? 2 : 9)) }),
  }),
  progress: true,
  refinements: (refines, { property, holds }) => ({
    ...(property === 'refinement' && {
      claim: refines(counter, (s) => ({ total: holds ? sum(s.count) : 2 * sum(s.count) })),
    }),
  }),
  reachable: { claim: (s, { property, holds }) => property !== 'reachability' || sum(s.count) === (holds ? 2 : 9) },
});

/** The same, where each node counts what it hears from the other. */
const hearing = defineProtocol({
  name: 'Hearing',
  constants: { N: nodes('n', 2), ...claims },
  nodes: ({ N }) => N,
  messages: messages<{ one: object }>(),
  state: { durable: () => ({ told: 0, count: 0 }) },
  network: { order: 'fifo' },
  links: ({ from, to }) => (from === to ? 'none' : 'fifo'),
  actions: {
    tell(me, { broadcast }) {
      when(me.told < 2);
      me.told += 1;
      broadcast({ type: 'one' });
    },
  },
  on: { one: (me) => void (me.count += 1) },
  invariants: {
    claim: ({ node }, { property, holds, nodes: all }) =>
      property !== 'invariant' || holds || all.some((n) => node[n]!.count < 2),
  },
  terminated: (_, { property, holds }) => property !== 'deadlock' || holds,
  temporal: ({ eventually }, { property, holds }) => ({
    ...(property === 'temporal' && { claim: eventually(({ node }) => node['n1']!.count === (holds ? 2 : 9)) }),
  }),
  progress: true,
  refinements: (refines, { property, holds }) => ({
    ...(property === 'refinement' && {
      claim: refines(counter, ({ node }) => ({ total: (holds ? 1 : 2) * node['n1']!.count })),
    }),
  }),
  reachable: {
    claim: ({ node }, { property, holds }) => property !== 'reachability' || node['n1']!.count === (holds ? 2 : 9),
  },
});

/** The same, of which the states up to a sum belong to the model; it may stop anywhere. */
const bounded = {
  ...counting,
  definition: {
    ...counting.definition,
    constraint: (s: Counts) => sum(s.count) < 3,
    progress: false,
    temporal: (
      { always, eventually }: Logic<Counts, object>,
      { property, holds }: { property: Property; holds: boolean },
    ) => ({
      ...(property === 'temporal' && {
        claim: holds ? always((s) => sum(s.count) < 5) : eventually((s) => sum(s.count) === 9),
      }),
    }),
  },
} as unknown as Spec;

/** The same, of which the steps up to a sum belong to the model. */
const boundedSteps = {
  ...bounded,
  definition: {
    ...bounded.definition,
    constraint: undefined,
    actionConstraint: (_: Counts, s: Counts) => sum(s.count) < 3,
  },
} as unknown as Spec;

function verdicts(spec: unknown, property: Property, options: CheckOptions = {}): readonly string[] {
  return [true, false].map((holds) => {
    const { result } = check(bind(spec as Spec, { constants: { property, holds } }), options);
    return result;
  });
}

/** What a claim that holds and one that does not get, property by property. */
type Row = Readonly<Record<Property, readonly [holds: string, fails: string]>>;

const sound: Row = {
  invariant: ['ok', 'violation'],
  deadlock: ['ok', 'violation'],
  temporal: ['ok', 'violation'],
  refinement: ['ok', 'violation'],
  reachability: ['ok', 'violation'],
};
const onlyStates: Row = { ...sound, temporal: ['incomplete', 'incomplete'], refinement: ['incomplete', 'incomplete'] };
const unfinished: Row = {
  invariant: ['incomplete', 'incomplete'],
  deadlock: ['incomplete', 'incomplete'],
  temporal: ['incomplete', 'incomplete'],
  refinement: ['incomplete', 'incomplete'],
  reachability: ['incomplete', 'incomplete'],
};
const nothingFound: readonly [string, string] = ['incomplete', 'incomplete'];

describe.each<{ title: string; spec: unknown; options: CheckOptions; row: Row }>([
  { title: 'steps that commute', spec: counting, options: {}, row: sound },
  { title: 'no reduction', spec: counting, options: { reduction: false }, row: sound },
  { title: 'symmetry', spec: counting, options: { symmetry: 'exact' }, row: onlyStates },
  { title: 'fast symmetry', spec: counting, options: { symmetry: 'fast' }, row: onlyStates },
  { title: 'partial order', spec: hearing, options: { partialOrder: true }, row: onlyStates },
  {
    title: 'fingerprints',
    spec: counting,
    options: { fingerprint: { fromStates: 1 } },
    // The spec always says what must be reachable, which is not judged; without that, see below.
    row: {
      invariant: ['incomplete', 'violation'],
      deadlock: ['incomplete', 'violation'],
      temporal: nothingFound,
      refinement: nothingFound,
      reachability: nothingFound,
    },
  },
  {
    title: 'a constraint',
    spec: bounded,
    options: {},
    // A state whose steps all lead beyond the constraint is no deadlock.
    row: {
      ...sound,
      deadlock: ['ok', 'ok'],
      temporal: ['incomplete', 'violation'],
      refinement: ['incomplete', 'violation'],
    },
  },
  {
    title: 'an action constraint',
    spec: boundedSteps,
    options: {},
    row: {
      ...sound,
      deadlock: ['ok', 'ok'],
      temporal: ['incomplete', 'violation'],
      refinement: ['incomplete', 'violation'],
    },
  },
  {
    title: 'a constraint and symmetry',
    spec: bounded,
    options: { symmetry: 'exact' },
    row: { ...onlyStates, deadlock: ['ok', 'ok'] },
  },
  {
    title: 'a limit on states',
    spec: counting,
    options: { limits: { maxStates: 2 } },
    row: {
      invariant: ['incomplete', 'violation'],
      deadlock: nothingFound,
      temporal: nothingFound,
      refinement: nothingFound,
      reachability: nothingFound,
    },
  },
  {
    title: 'a limit on time',
    spec: counting,
    options: { limits: { timeMs: 0 } },
    row: unfinished,
  },
  {
    title: 'a limit on depth',
    spec: counting,
    options: { limits: { maxDepth: 2 } },
    row: {
      invariant: ['incomplete', 'violation'],
      deadlock: nothingFound,
      temporal: nothingFound,
      refinement: nothingFound,
      reachability: nothingFound,
    },
  },
])('under $title', ({ spec, options, row }) => {
  test.each(properties)('a claim of %s gets the answer that the table says', (property) => {
    expect(verdicts(spec, property, options)).toEqual(row[property]);
  });
});

describe('random walks', () => {
  const walk = (property: Property, holds: boolean): string =>
    simulate(bind(counting as unknown as Spec, { constants: { property, holds } }), { walks: 20, depth: 9, seed: 1 })
      .result;

  test.each<[Property, readonly string[]]>([
    ['invariant', ['sampled', 'violation']],
    ['deadlock', ['sampled', 'violation']],
    ['temporal', ['sampled', 'sampled']],
    ['refinement', ['sampled', 'sampled']],
    ['reachability', ['sampled', 'sampled']],
  ])('never say ok of %s', (property, expected) => {
    expect([walk(property, true), walk(property, false)]).toEqual(expected);
  });

  test('name what they do not judge', () => {
    const { notes } = simulate(bind(counting as unknown as Spec, { constants: { property: 'temporal' } }), {
      walks: 1,
      depth: 9,
      seed: 1,
    });
    expect(notes).toEqual(['not judged on random walks: claim, claim']);
  });
});

test.each<[CheckOptions, unknown]>([
  [{ symmetry: 'exact' }, counting],
  [{ partialOrder: true }, hearing],
])('under %j what is not judged is named', (options, spec) => {
  const bound = bind(spec as Spec, { constants: { property: 'refinement' } });
  expect(check(bound, options).notes).toContain('not judged: claim');
});

test.each<Property>(['invariant', 'deadlock'])('with fingerprints, a claim of %s alone is judged', (property) => {
  const alone = { ...counting, definition: { ...counting.definition, reachable: {} } };
  expect(verdicts(alone, property, { fingerprint: { fromStates: 1 } })).toEqual(sound[property]);
});

describe('a swarm', () => {
  const sample = (property: Property, holds: boolean): string =>
    swarm(bind(counting as unknown as Spec, { constants: { property, holds } }), { searches: 4, seed: 1 }).result;

  test.each<[Property, readonly string[]]>([
    ['invariant', ['incomplete', 'violation']],
    ['deadlock', ['incomplete', 'violation']],
    ['temporal', ['incomplete', 'incomplete']],
    ['refinement', ['incomplete', 'incomplete']],
    ['reachability', ['incomplete', 'incomplete']],
  ])('never says ok of %s', (property, expected) => {
    expect([sample(property, true), sample(property, false)]).toEqual(expected);
  });
});

const system = (spec: unknown): System => bind(spec as Spec);

describe('two reductions together', () => {
  test('under a constraint every step is followed', () => {
    expect(check(system(bounded)).skipped).toBe(0);
    expect(check(system(counting)).skipped).toBeGreaterThan(0);
  });

  test('under symmetry every step is followed', () => {
    expect(check(system(counting), { symmetry: 'exact' }).skipped).toBe(0);
  });

  test('under symmetry no order of steps is left out, and the result says so', () => {
    const { distinctStates, notes } = check(system(counting), { symmetry: 'exact', partialOrder: true });
    expect(distinctStates).toBe(check(system(counting), { symmetry: 'exact' }).distinctStates);
    expect(notes).toContain(
      '--partial-order left nothing out: --symmetry stores other states than those that steps lead to',
    );
  });

  test('under a constraint no order of steps is left out', () => {
    const constrained = { ...hearing, definition: { ...hearing.definition, constraint: () => true } };
    expect(check(system(constrained), { partialOrder: true }).notes).toEqual([
      '--partial-order left nothing out: a constraint leaves out states of its own',
    ]);
  });
});
