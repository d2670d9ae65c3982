/** What faults and networks do is the same in the compiled spec and in a simulator that was written on its own. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { check } from '../property/index.ts';
import { bind, nodes, successors, when } from '../spec/index.ts';
import type { Spec } from '../spec/index.ts';
import { show } from '../value/index.ts';
import type { RecordValue } from '../value/index.ts';
import { defineProtocol, messages } from './define-protocol.ts';
import type { NodeContext } from './definition.ts';
import type { Budget, Budgets, FaultName } from './faults.ts';
import { byzantineNode, maxTerm, orderOf, simulate, textOf } from './naive-simulator.test-support.ts';
import type { NodeState, Rule, SimulatedState, TableProtocol } from './naive-simulator.test-support.ts';

/** Protocols with more states than this are not compared. */
const cap = 200;
const runs = 12;

const ruleOf = (to: fc.Arbitrary<Rule['to']>): fc.Arbitrary<Rule> =>
  fc.record({
    moods: fc.constantFrom([0, 1], [0], [1]),
    mood: fc.constantFrom(null, 0, 1),
    append: fc.constantFrom([], [], [1], [1, 2]),
    term: fc.constantFrom(null, null, 1),
    to,
    fsync: fc.constantFrom('no', 'no', 'before', 'after'),
  });

const budget: fc.Arbitrary<Budget> = fc.constantFrom<Budget>(0, 0, 1, 2);
const maybeEndless: fc.Arbitrary<Budget> = fc.constantFrom<Budget>(0, 0, 1, true);

/** Random protocols to which a fault can happen, and other faults may. */
const tableWith = (fault: FaultName): fc.Arbitrary<TableProtocol> =>
  clocksFor(fault).chain((clocks) => tableOn(clocks, fault));

/** Clocks, where the fault is one of clocks, and otherwise perhaps. */
const clocksFor = (fault: FaultName): fc.Arbitrary<TableProtocol['clocks']> => {
  const clocks = fc.constantFrom({ until: 1, skew: 1 }, { until: 2, skew: 0 }, { until: 2, skew: 1 });
  if (fault === 'clockStep' || fault === 'drift') return clocks.filter(({ skew }) => skew > 0);
  return fc.oneof(fc.constant(null), clocks);
};

const tableOn = (clocks: TableProtocol['clocks'], fault: FaultName): fc.Arbitrary<TableProtocol> =>
  fc.record({
    clocks: fc.constant(clocks),
    nodes: fc.constantFrom(['n1', 'n2'], ['n1', 'n2'], ['n1', 'n2', 'n3']),
    clients: fc.constantFrom([], [], ['c1']),
    firstOrder: fc.constantFrom('unordered', 'fifo', 'total'),
    act: ruleOf(fc.constant('others')),
    ping: ruleOf(fc.constantFrom('sender', 'others', 'nobody')),
    pong: ruleOf(fc.constant('nobody')),
    recover: ruleOf(fc.constantFrom('nobody', 'others')),
    network: fc.record({
      order: fc.constantFrom('unordered', 'fifo', 'total'),
      copies: fc.constantFrom('bag', 'set'),
      capacity: fc.constantFrom(null, 1, 2),
      per: fc.constantFrom('network', 'inbox', 'link'),
      whenFull: fc.constantFrom('disabled', 'lost', 'counted'),
      acrossCut: fc.constantFrom('kept', 'lost'),
      toCrashed: fc.constantFrom('kept', 'lost'),
      delay: clocks === null ? fc.constant(null) : fc.constantFrom(null, 0, 1),
      stableFrom: fc.constantFrom(0, 1),
    }),
    faults: fc
      .tuple(fc.constantFrom<Budget>(1, 2), maybeEndless, budget, fc.constantFrom<Budget>(0, 1, true))
      .map(([first, loss, crash, recoveries]): Budgets => {
        const mayRestart = crash !== 0 || ['crash', 'unsynced', 'torn'].includes(fault);
        const recovery = { pause: 'resume', partition: 'heal', cutLink: 'heal' }[fault as string];
        return {
          loss,
          crash,
          ...(mayRestart && { restart: recoveries }),
          ...(recovery !== undefined && { [recovery]: recoveries }),
          [fault]: first,
        };
      }),
  });

const faults = [
  ...(['crash', 'crashForever', 'unsynced', 'torn', 'pause', 'loss', 'duplication', 'partition', 'cutLink'] as const),
  ...(['drift', 'clockStep', 'byzantine'] as const),
];

type Message = { ping: { mood: number }; pong: { mood: number } };
type Context = NodeContext<object, string, string, string, Message, object, never>;

function apply(me: NodeState, rule: Rule, type: 'ping' | 'pong', context: Context, sender?: string): void {
  when(rule.moods.includes(me.mood));
  if (rule.fsync === 'before') context.fsync();
  if (rule.term !== null) me.term = rule.term;
  me.log = [...me.log, ...rule.append].slice(0, 2);
  if (rule.mood !== null) me.mood = rule.mood;
  if (rule.fsync === 'after') context.fsync();
  if (rule.to === 'others') context.broadcast({ type, mood: me.mood });
  if (rule.to === 'sender' && sender !== undefined) context.send(sender, { type, mood: me.mood });
}

/** The same protocol in the language of this package. */
function compiled(table: TableProtocol): Spec {
  const act = (me: NodeState, context: Context): void => {
    when(me.term < maxTerm);
    me.term += 1;
    apply(me, table.act, 'ping', context);
  };
  const { capacity, delay, ...network } = table.network;
  return defineProtocol({
    name: 'Table',
    constants: { N: nodes('n', table.nodes.length) },
    nodes: ({ N }): readonly string[] => N,
    messages: messages<Message>(),
    state: { durable: () => ({ term: 0, log: [] as number[] }), volatile: () => ({ mood: 0 }) },
    network: { ...network, ...(capacity !== null && { capacity }), ...(delay !== null && { delay }) },
    faults: table.faults,
    ...(table.clocks !== null && { clocks: () => table.clocks! }),
    byzantine: {
      nodes: () => [byzantineNode],
      messages: () => [0, 1].map((mood) => ({ type: 'ping' as const, mood })),
    },
    links: ({ from }) => orderOf(table, from),
    clients: {
      names: () => table.clients,
      state: (): NodeState => ({ term: 0, log: [], mood: 0 }),
      actions: { ask: act },
      on: { pong: (me, { from }, context) => apply(me, table.pong, 'pong', context, from) },
    },
    actions: { act },
    recover: (me, context) => apply(me, table.recover, 'ping', context),
    on: {
      ping: (me, { from }, context) => apply(me, table.ping, 'pong', context, from),
      pong: (me, { from }, context) => apply(me, table.pong, 'pong', context, from),
    },
    deadlock: false,
  }) as unknown as Spec;
}

/** A state of the compiled spec in the form of the simulator. */
function simulated(state: RecordValue): SimulatedState {
  const { node, client = {}, status, time = 0, clock = {}, faultsLeft = {} } = state as unknown as Compiled;
  const { inbox = {}, queue = {}, cut = [], disk = {} } = state as unknown as Compiled;
  const flying: SimulatedState['flying'] = [];
  for (const [to, byType] of Object.entries(inbox)) {
    for (const [type, held] of Object.entries(byType)) {
      for (const message of held) {
        const copies = 'count' in held ? held.count(message) : 1;
        for (let i = 0; i < copies; i++) flying.push(flyingAs({ ...message, type: type as 'ping' }, to));
      }
    }
  }
  for (const [to, queues] of Object.entries(queue)) {
    for (const messages of Object.values(queues)) for (const message of messages) flying.push(flyingAs(message, to));
  }
  return {
    node: { ...node, ...client },
    status,
    flying,
    left: faultsLeft,
    cut: Array.from(cut, ({ from, to }) => `${from}>${to}`),
    disk: Object.fromEntries(Object.entries(disk).map(([n, { synced, writes }]) => [n, [synced, ...writes]])),
    time,
    clock,
  };
}

const flyingAs = ({ from, type, mood, arrivesBy }: Queued, to: string): SimulatedState['flying'][number] => ({
  from,
  to,
  type,
  mood,
  by: arrivesBy ?? null,
});

interface Compiled extends Pick<SimulatedState, 'node' | 'status'>, Partial<Pick<SimulatedState, 'time' | 'clock'>> {
  readonly client?: SimulatedState['node'];
  readonly inbox?: Record<string, Record<string, Iterable<Held> & { count?(message: Held): number }>>;
  readonly queue?: Record<string, Record<string, readonly Queued[]>>;
  readonly cut?: Iterable<{ readonly from: string; readonly to: string }>;
  readonly faultsLeft?: SimulatedState['left'];
  readonly disk?: Record<string, { readonly synced: Disk; readonly writes: Disk[] }>;
}
type Held = { readonly from: string; readonly mood: number; readonly arrivesBy?: number };
type Queued = Held & { readonly type: 'ping' | 'pong' };
type Disk = SimulatedState['disk'][string][number];

function reachable(table: TableProtocol, spec: Spec): ReadonlySet<string> {
  const system = bind(spec);
  const seen = new Set<string>();
  const texts = new Set<string>();
  const todo = [...system.initialStates];
  for (let state = todo.pop(); state !== undefined; state = todo.pop()) {
    if (seen.has(show(state))) continue;
    seen.add(show(state));
    texts.add(textOf(table, simulated(state)));
    todo.push(...successors(system, state).map((step) => step.state));
  }
  expect(texts.size).toBe(seen.size);
  return texts;
}

describe('a random protocol on a random network', () => {
  test.each(faults)('reaches the states that the simulator reaches, where the fault %s may happen', (fault) => {
    fc.assert(
      fc.property(tableWith(fault), (table) => {
        const expected = simulate(table, cap);
        if (expected === undefined) return;
        const spec = compiled(table);
        const found = reachable(table, spec);
        expect([...found].filter((state) => !expected.has(state)).slice(0, 3)).toEqual([]);
        expect([...expected].filter((state) => !found.has(state)).slice(0, 3)).toEqual([]);
        expect(check(bind(spec), { audit: 'none' }).distinctStates).toBe(expected.size);
      }),
      { numRuns: runs },
    );
  });

  test('has every fault happen to it, if its budget says so', () => {
    const rule: Rule = { moods: [0, 1], mood: 1, append: [1], term: null, to: 'others', fsync: 'no' };
    const [act, ping] = [rule, { ...rule, to: 'sender' } as const];
    const quiet: Rule = { ...rule, to: 'nobody' };
    const network = { order: 'unordered', copies: 'bag', capacity: null, per: 'network', whenFull: 'lost' } as const;
    const kept = { acrossCut: 'kept', toCrashed: 'kept', delay: null, stableFrom: 0 } as const;
    const clocks = { until: 1, skew: 1 };
    const budgets = Object.fromEntries(faults.map((fault) => [fault, 1]));
    const parties = { nodes: ['n1', 'n2'], clients: [], firstOrder: network.order };
    const table = { clocks, ...parties, act: { ...act, append: [1, 2] }, ping, pong: quiet, recover: quiet };
    const spec = compiled({ ...table, network: { ...network, ...kept }, faults: budgets });
    const result = check(bind(spec), { audit: 'none', limits: { maxStates: 3000 } });
    const counted = [...faults, 'restart', 'resume', 'heal'].toSorted();
    expect(Object.keys(result.faults).toSorted()).toEqual(counted);
    expect(counted.filter((fault) => result.faults[fault] === 0)).toEqual([]);
  });
});
