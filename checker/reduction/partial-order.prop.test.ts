/** On random protocols with queues, leaving out orders of independent steps keeps verdicts and deadlocks. */
import * as fc from 'fast-check';
import { expect, test, vi } from 'vitest';

import { check } from '../property/index.ts';
import { defineProtocol, messages } from '../protocol/index.ts';
import { bind, nodes, successors, when, type Spec } from '../spec/index.ts';
import { equal } from '../value/index.ts';

const numRuns = Number(process.env['BIVALENT_RANDOM_SPECS'] ?? 400);
vi.setConfig({ testTimeout: Math.max(180_000, numRuns * 500) });

type Type = 'x' | 'y';

/** What a node does in a phase, of its own accord or with a message: it goes to another, and sends. */
interface Rule {
  readonly node: number;
  readonly trigger: 'itself' | Type;
  readonly from: number;
  readonly to: number;
  readonly sends: readonly { readonly to: number; readonly type: Type }[];
}

interface Drawn {
  readonly rules: readonly Rule[];
  /** The links that there are. */
  readonly links: readonly number[];
  /** The phases in which a node takes messages. */
  readonly accepting: readonly number[];
  /** A state that must not be reached: some node in a phase while another is in one. */
  readonly bad: { readonly a: number; readonly inPhase: number; readonly b: number; readonly inOther: number };
}

const nodeCount = 4;
const node = fc.nat({ max: nodeCount - 1 });
const phase = fc.nat({ max: 3 });
const drawn = fc.record<Drawn>({
  rules: fc.array(
    fc.record<Rule>({
      node,
      trigger: fc.constantFrom('itself', 'x', 'y'),
      from: phase,
      to: phase,
      sends: fc.array(fc.record({ to: node, type: fc.constantFrom<Type>('x', 'y') }), { maxLength: 2 }),
    }),
    { minLength: 2, maxLength: 14 },
  ),
  links: fc.subarray([1, 2, 3, 4, 6, 7, 8, 9, 11, 12, 13, 14], { minLength: 1, maxLength: 6 }),
  accepting: fc.subarray([0, 1, 2, 3], { minLength: 2 }),
  bad: fc.record({ a: node, inPhase: phase, b: node, inOther: phase }),
});

/** The most messages that a node sends, so that there are finitely many states. */
const mostSent = 2;

function specOf({ rules, links, accepting, bad }: Drawn): Spec {
  const follow = (
    me: { phase: number; sent: number },
    self: string,
    ring: readonly `n${number}`[],
    trigger: Rule['trigger'],
    send: (to: `n${number}`, message: { type: Type }) => void,
  ): void => {
    const rule = rules.find((one) => ring[one.node] === self && one.trigger === trigger && one.from === me.phase);
    when(rule !== undefined && (trigger !== 'itself' || me.sent < mostSent));
    me.phase = rule.to;
    for (const { to, type } of rule.sends) {
      const isLinked = links.includes(nodeCount * rule.node + to);
      if (!isLinked || me.sent >= mostSent) continue;
      me.sent += 1;
      send(ring[to]!, { type });
    }
    if (trigger === 'itself') me.sent = Math.min(mostSent, me.sent + 1);
  };
  const isBad = (state: Readonly<Record<string, { readonly phase: number }>>, ring: readonly string[]): boolean =>
    bad.a !== bad.b && state[ring[bad.a]!]!.phase === bad.inPhase && state[ring[bad.b]!]!.phase === bad.inOther;
  const spec = defineProtocol({
    name: 'Random',
    constants: { ring: nodes('n', nodeCount) },
    nodes: ({ ring }) => ring,
    messages: messages<{ x: object; y: object }>(),
    state: { volatile: () => ({ phase: 0, sent: 0 }) },
    network: { order: 'fifo' },
    links: ({ from, to }, { ring }) =>
      links.includes(nodeCount * ring.indexOf(from) + ring.indexOf(to)) ? 'fifo' : 'none',
    accepts: (me) => accepting.includes(me.phase),
    actions: { act: (me, { self, ring, send }) => follow(me, self, ring, 'itself', send) },
    on: {
      x: (me, _, { self, ring, send }) => follow(me, self, ring, 'x', send),
      y: (me, _, { self, ring, send }) => follow(me, self, ring, 'y', send),
    },
    invariants: { neverBad: (s, { ring }) => !isBad(s.node, ring) },
    terminated: (s, { ring }) => !isBad(s.node, ring),
  });
  return spec as unknown as Spec;
}

test.each([
  ['invariants', { deadlock: false }],
  ['deadlocks', { invariants: [] }],
] as const)('%s are found in the reduced graph exactly where they are in the full one', (_, parts) => {
  let [reduced, violated] = [0, 0];
  fc.assert(
    fc.property(drawn, (protocol) => {
      const bound = bind(specOf(protocol));
      const system = { ...bound, ...('invariants' in parts ? { invariants: [] } : { checksDeadlock: false }) };
      const limits = { maxStates: 3000 };
      const full = check(system, { limits });
      fc.pre(full.result !== 'incomplete');
      const some = check(system, { limits, partialOrder: true });
      expect([some.result, some.violation?.name]).toEqual([full.result, full.violation?.name]);
      if (full.violation !== undefined) violated++;
      else {
        expect(some.distinctStates).toBeLessThanOrEqual(full.distinctStates);
        if (some.distinctStates < full.distinctStates) reduced++;
      }
      some.violation?.trace.slice(1).forEach(({ state }, i) => {
        const before = some.violation!.trace[i]!.state;
        expect(successors(system, before).some((step) => equal(step.state, state))).toBe(true);
      });
    }),
    { numRuns },
  );
  expect(violated).toBeGreaterThan(0);
  expect(reduced).toBeGreaterThan(0);
});
