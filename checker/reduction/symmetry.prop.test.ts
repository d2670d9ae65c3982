/**
 * On random specs that treat nodes alike, symmetry keeps the verdict and gives one state for each class; a spec that
 * does not treat them alike is an error, or is not found out because it makes no difference.
 */
import * as fc from 'fast-check';
import { expect, test, vi } from 'vitest';

import { explore } from '../explore/naive.test-support.ts';
import { check } from '../property/index.ts';
import {
  bind,
  defineSpec,
  nodes,
  successors,
  when,
  type Action,
  type NodeSet,
  type Spec,
  type System,
} from '../spec/index.ts';
import { compare, equal, show, type RecordValue, type Value } from '../value/index.ts';
import { renamed } from './swaps.ts';

const numRuns = Number(process.env['BIVALENT_RANDOM_SPECS'] ?? 60);
vi.setConfig({ testTimeout: Math.max(180_000, numRuns * 500) });

/** What a node may do: where it is in a phase, to another phase, with something that it reads or writes. */
interface Rule {
  readonly from: number;
  readonly to: number;
  readonly effect: 'none' | 'tell' | 'point' | 'unpoint' | 'hear' | 'lead' | 'count' | 'queue';
  /** Where set, the rule is only for this node: the spec is then not symmetric. */
  readonly only?: string;
}

const rules = fc.array(
  fc.record<Rule>({
    from: fc.nat({ max: 2 }),
    to: fc.nat({ max: 2 }),
    effect: fc.constantFrom('none', 'tell', 'point', 'unpoint', 'hear', 'lead', 'count', 'queue'),
  }),
  { minLength: 1, maxLength: 5 },
);

interface State {
  phase: Record<string, number>;
  pointsTo: Record<string, string | null>;
  told: Set<{ from: string; to: string }>;
  heard: Map<string, string>;
  asked: Record<string, string>;
  queue: string[];
  leader: string;
  count: number;
}

type Sets = { N: NodeSet<'n'>; C: NodeSet<'c'> };

/** What following a rule does. */
function actionOf({ from, to, effect, only }: Rule): Action<State, Sets> {
  return (s, { N, C, pick }) => {
    const { n } = pick({ n: N });
    when(only === undefined || n === only);
    when(s.phase[n] === from);
    s.phase[n] = to;
    if (effect === 'tell') s.told.add({ from: n, to: pick({ m: N }).m });
    if (effect === 'point') s.pointsTo[n] = pick({ m: N }).m;
    if (effect === 'unpoint') s.pointsTo[n] = null;
    if (effect === 'lead') s.leader = n;
    if (effect === 'count') s.count = Math.min(3, s.count + 1);
    if (effect === 'queue' && s.queue.length < 3) s.queue.push(n);
    if (effect === 'hear') {
      const { m } = pick({ m: s.told });
      when(m.to === n);
      s.told.delete(m);
      s.heard.set(n, m.from);
      s.asked[pick({ c: C }).c] = n;
    }
  };
}

/** A spec whose nodes follow some rules; its properties speak of all nodes alike. */
function specOf(all: readonly Rule[], clients: number): Spec {
  const spec = defineSpec({
    name: 'Random',
    constants: { N: nodes('n', 3, { symmetric: true }), C: nodes('c', clients, { symmetric: true }) },
    init: ({ N, C, pick }) => {
      const { first } = pick({ first: N });
      const state: State = {
        phase: Object.fromEntries(N.map((n) => [n, 0])),
        pointsTo: Object.fromEntries(N.map((n) => [n, null])),
        told: new Set(),
        heard: new Map(),
        asked: Object.fromEntries(C.map((c) => [c, first])),
        queue: [],
        leader: first,
        count: 0,
      };
      return state;
    },
    actions: Object.fromEntries(all.map((rule, i) => [`rule${String(i)}`, actionOf(rule)])),
    invariants: {
      notAllDone: (s, { N }) => !(s.count === 3 && N.every((n) => s.phase[n] === 2)),
      noCircle: (s, { N, forAll }) => {
        const { n } = forAll({ n: N });
        const m = s.pointsTo[n];
        return m == null || m === n || s.pointsTo[m] !== n || s.queue.length < 2;
      },
    },
    deadlock: false,
  });
  return spec as unknown as Spec;
}

/** The least of all renamings of a state, as text. */
function leastRenaming(system: System, state: RecordValue): string {
  const orders = system.nodeSets.map(({ names }) => permutations(names).map((to) => ({ from: names, to })));
  const all = orders.reduce<((name: string) => string)[]>(
    (functions, own) =>
      functions.flatMap((before) =>
        own.map(({ from, to }) => (name: string) => {
          const i = from.indexOf(name);
          return i < 0 ? before(name) : to[i]!;
        }),
      ),
    [(name) => name],
  );
  const values = all.map((nameOf) => renamed(state, nameOf));
  return show(values.reduce<Value>((least, value) => (compare(value, least) < 0 ? value : least), values[0]!));
}

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length <= 1) return [[...items]];
  return items.flatMap((item, i) => permutations(items.toSpliced(i, 1)).map((rest) => [item, ...rest]));
}

/** All states, up to the end of the first level with a failure; undefined where there are too many. */
function statesOf(system: System): RecordValue[] | undefined {
  const found = new Map(system.initialStates.map((state) => [show(state), state]));
  for (const state of found.values()) {
    for (const step of successors(system, state))
      if (!found.has(show(step.state))) found.set(show(step.state), step.state);
    if (found.size > 1500) return undefined;
  }
  return [...found.values()];
}

test('symmetric specs keep their verdict, and each class of states has one representative', () => {
  let reduced = 0;
  fc.assert(
    fc.property(rules, fc.integer({ min: 1, max: 2 }), (all, clients) => {
      const system = bind(specOf(all, clients));
      const states = statesOf(system);
      fc.pre(states !== undefined);
      const expected = explore(system, 1500);
      const { result, violation, distinctStates, depth } = check(system, { symmetry: 'exact' });
      expect({ result, name: violation?.name, states: violation?.trace.length }).toEqual({
        result: expected!.violation === undefined ? 'ok' : 'violation',
        name: expected!.violation?.name,
        states: expected!.violation?.states,
      });
      expect(depth).toBe(expected!.depth);
      violation?.trace.slice(1).forEach(({ state }, i) => {
        const before = violation.trace[i]!.state;
        expect(successors(system, before).some((step) => equal(step.state, state))).toBe(true);
      });
      if (expected!.violation !== undefined) return;
      const classes = new Set(states.map((state) => leastRenaming(system, state)));
      expect(distinctStates).toBe(classes.size);
      if (classes.size < states.length) reduced++;
      expect(check(system, { symmetry: 'fast' }).distinctStates).toBeGreaterThanOrEqual(classes.size);
    }),
    { numRuns },
  );
  expect(reduced).toBeGreaterThan(numRuns / 20);
});

test('a spec that tells nodes apart is an error that shows the difference', () => {
  let refused = 0;
  fc.assert(
    fc.property(rules, (all) => {
      const [first, ...others] = all;
      const asymmetric = specOf([{ ...first!, only: 'n2' }, ...others], 1);
      const system = bind(asymmetric);
      fc.pre(statesOf(system) !== undefined);
      try {
        const reduced = check(system, { symmetry: 'exact' });
        // The rule for one node makes no difference: it is never followed, or another allows the same.
        expect(reduced.result).toBe(check(system).result);
      } catch (error) {
        expect((error as { code?: string }).code).toBe('symmetry/broken');
        refused++;
      }
    }),
    { numRuns },
  );
  expect(refused).toBeGreaterThan(numRuns / 20);
});
