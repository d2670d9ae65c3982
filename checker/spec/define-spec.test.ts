/**
 * What the compiler makes of a spec: full inference, and an error in the editor for what is wrong.
 *
 * `tsc --noEmit` is what checks most of this file; when the tests run, they confirm that it was compiled.
 */
import { describe, expect, expectTypeOf, test } from 'vitest';

import { bagOf, setOf } from '../value/index.ts';
import type { Bag, BagDraft, Draft, MapDraft, MapView, SetDraft, SetView, Value, View } from '../value/index.ts';
import { bind, defineSpec, isSpec, mapOf, nodes, oneOf, range, when } from './index.ts';

type Rm = `rm${number}`;
type RmState = 'working' | 'prepared' | 'committed' | 'aborted';
type Message = { type: 'prepared'; rm: Rm } | { type: 'commit' } | { type: 'abort' };

const twoPhaseCommit = defineSpec({
  name: 'TwoPhaseCommit',
  constants: { RM: nodes('rm', 3), quorum: oneOf('all', 'majority'), limit: 2 },
  init: ({ RM }) => ({
    rmState: mapOf(RM, (): RmState => 'working'),
    tmState: 'init' as 'init' | 'committed' | 'aborted',
    tmPrepared: new Set<Rm>(),
    messages: new Set<Message>(),
    log: [] as { term: number }[],
    entries: new Map<Rm, { n: number }>(),
    network: bagOf<Message>(),
    leader: null as Rm | null,
  }),
  actions: {
    rmPrepare(s, { RM, pick }) {
      const { rm } = pick({ rm: RM });
      expectTypeOf(rm).toEqualTypeOf<Rm>();
      when(s.rmState[rm] === 'working');
      s.rmState[rm] = 'prepared';
      s.messages.add({ type: 'prepared', rm });
    },
    tmCommit(s, { RM, quorum, limit }) {
      expectTypeOf(quorum).toEqualTypeOf<'all' | 'majority'>();
      expectTypeOf(limit).toEqualTypeOf<number>();
      expectTypeOf(RM).toEqualTypeOf<readonly Rm[]>();
      when(s.tmState === 'init' && RM.every((rm) => s.tmPrepared.has(rm)));
      s.tmState = 'committed';
      s.messages.add({ type: 'commit' });
    },
    types(s, { pick }) {
      expectTypeOf(s.tmPrepared).toEqualTypeOf<SetDraft<Rm>>();
      expectTypeOf(s.entries).toEqualTypeOf<MapDraft<Rm, { n: number }>>();
      expectTypeOf(s.network).toEqualTypeOf<BagDraft<Message>>();
      expectTypeOf(s.log).toEqualTypeOf<{ term: number }[]>();
      const { m, n } = pick({ m: s.messages, n: [1, 2] });
      expectTypeOf(n).toEqualTypeOf<1 | 2>();
      if (m.type === 'prepared') expectTypeOf(m.rm).toEqualTypeOf<Rm>();
      for (const vote of s.messages.where({ type: 'prepared' })) expectTypeOf(vote.rm).toEqualTypeOf<Rm>();
      s.tmPrepared = setOf<Rm>(['rm1']);
      s.network = bagOf<Message>([{ type: 'commit' }]);
      s.log = [...s.log, { term: 1 }];
      s.log.push({ term: 2 });
    },
    mistakes(s, { RM, pick }) {
      // @ts-expect-error: there is no such variable
      s.rmStates = {};
      // @ts-expect-error: there is no such value
      s.tmState = 'comitted';
      // @ts-expect-error: a message of this type has no such field
      s.messages.add({ type: 'commit', rm: 'rm1' });
      // @ts-expect-error: there is no such message
      s.messages.has({ type: 'vote' });
      // @ts-expect-error: a query has no such field
      s.messages.where({ typ: 'commit' });
      // @ts-expect-error: what was picked has another type
      s.leader = pick({ n: [1, 2] }).n;
      // @ts-expect-error: nothing was picked under this name
      s.leader = pick({ rm: RM }).rn;
      // @ts-expect-error: there is nothing to pick from
      pick({ x: 5 });
      // @ts-expect-error: an element that comes out is frozen
      for (const m of s.messages) m.type = 'commit';
      // @ts-expect-error: an entry is changed with set or update
      s.entries.get('rm1')!.n = 2;
      // @ts-expect-error: add does not say whether it added
      if (s.tmPrepared.add('rm1')) s.leader = null;
    },
    // @ts-expect-error: there is no such constant
    unknownConstant(s, { RN }) {
      s.leader = RN;
    },
    // @ts-expect-error: actions are synchronous
    async asynchronous(s) {
      s.leader = await Promise.resolve(null);
    },
  },
  afterEach(s, { before, RM }) {
    expectTypeOf(before.log).toEqualTypeOf<readonly { readonly term: number }[]>();
    s.leader = before.leader ?? RM[0] ?? null;
  },
  invariants: {
    consistent: (s, { RM, forAll }) => {
      const { a, b } = forAll({ a: RM, b: RM });
      expectTypeOf(s.messages).toEqualTypeOf<SetView<Message>>();
      return !(s.rmState[a] === 'aborted' && s.rmState[b] === 'committed');
    },
    // @ts-expect-error: a view may only be read
    writes: (s) => (s.tmState = 'aborted') === 'aborted',
    // @ts-expect-error: a set in a view has no add
    adds: (s) => s.messages.add({ type: 'commit' }) === undefined,
    // @ts-expect-error: a property is true or false
    counts: (s) => s.messages.size,
  },
  transitionInvariants: {
    monotone: (before, after) => after.messages.isSupersetOf(before.messages),
  },
  constraint: (s, { limit }) => s.log.length <= limit,
  actionConstraint: (before, after) => after.log.length >= before.log.length,
  terminated: (s) => s.tmState !== 'init',
  models: {
    small: { constants: { RM: 2, quorum: 'majority' }, expected: { result: 'ok' } },
    named: { constants: { RM: ['rm1', 'rm9'], limit: 3 }, expected: { result: 'violation', breaks: 'consistent' } },
    // @ts-expect-error: there is no such constant
    unknown: { constants: { RN: 2 }, expected: { result: 'ok' } },
    // @ts-expect-error: a set of nodes is given by a number or by its names
    wrong: { constants: { RM: 'three' }, expected: { result: 'ok' } },
    // @ts-expect-error: the names of nodes have a prefix
    prefix: { constants: { RM: ['tm1'] }, expected: { result: 'ok' } },
    // @ts-expect-error: it is one of two
    option: { constants: { quorum: 'some' }, expected: { result: 'ok' } },
    // @ts-expect-error: there is no such result
    result: { expected: { result: 'fine' } },
  },
  mutants: {
    'commits early': {
      breaks: 'consistent',
      steps: 4,
      actions: {
        tmCommit(s, { RM }) {
          expectTypeOf(RM[0]).toEqualTypeOf<Rm | undefined>();
          s.tmState = 'committed';
          // @ts-expect-error: there is no such variable
          s.tmStates = 'committed';
        },
      },
    },
  },
});

describe('a spec', () => {
  test('is inferred from its constants and its init', () => {
    expect(isSpec(twoPhaseCommit)).toBe(true);
  });

  test('may have neither constants nor properties, and several initial states', () => {
    const spec = defineSpec({
      name: 'Counter',
      init: ({ pick }) => [{ n: pick({ n: range(0, 1) }).n }, { n: 7 }],
      actions: {
        tick(s) {
          expectTypeOf(s.n).toEqualTypeOf<number>();
          s.n = (s.n + 1) % 8;
        },
      },
      invariants: { small: ({ n }) => n < 8 },
    });
    expect(bind(spec).initialStates).toEqual([{ n: 0 }, { n: 1 }, { n: 7 }]);
  });

  test('is told from anything else', () => {
    expect([isSpec({}), isSpec(null), isSpec({ definition: {} }), isSpec('spec')]).toEqual(
      Array.from({ length: 4 }, () => false),
    );
  });
});

describe('drafts and views', () => {
  interface Entry {
    readonly term: number;
    readonly commands: readonly string[];
  }
  type Node = {
    log: Entry[];
    votes: Set<Rm>;
    acked: Map<Rm, Entry>;
    role: 'leader' | 'follower';
    bag: Bag<Entry>;
    at: [number, string];
  };

  function spread(node: Draft<Node>): void {
    for (const entry of node.bag) node.bag.add(entry);
    for (const [rm, entry] of node.acked) node.acked.set(rm, entry);
    for (const entry of node.bag.where({ term: 1 })) node.log.push({ ...entry, commands: [...entry.commands] });
  }

  test('follow the types of the author', () => {
    expectTypeOf<Draft<Node>['log'][number]>().toEqualTypeOf<{ term: number; commands: string[] }>();
    expectTypeOf<Draft<Node>['votes']>().toEqualTypeOf<SetDraft<Rm>>();
    expectTypeOf<Draft<Node>['acked']>().toEqualTypeOf<MapDraft<Rm, Entry>>();
    expectTypeOf<Draft<Node>['bag']>().toEqualTypeOf<BagDraft<Entry>>();
    expectTypeOf<Draft<Node>['at']>().toEqualTypeOf<[number, string]>();
    expectTypeOf<View<Node>['votes']>().toEqualTypeOf<SetView<Rm>>();
    expectTypeOf<View<Node>['acked']>().toEqualTypeOf<MapView<Rm, Entry>>();
    expectTypeOf<View<Node>['at']>().toEqualTypeOf<readonly [number, string]>();
    expectTypeOf<View<Node>['log']>().toEqualTypeOf<readonly Entry[]>();
  });

  test('of drafts and views are what they are of', () => {
    expectTypeOf<Draft<View<Node>>['votes']>().toEqualTypeOf<SetDraft<Rm>>();
    expectTypeOf<View<Draft<Node>>>().toEqualTypeOf<View<Node>>();
    expectTypeOf<View<Value>>().toEqualTypeOf<Value>();
    expectTypeOf<Draft<unknown>>().toEqualTypeOf<unknown>();
  });

  test('of one state fit functions that take either', () => {
    const leaders = (node: View<Node>): number => node.votes.size;
    expectTypeOf(leaders).toBeCallableWith({} as Draft<Node>);
    const reset = (node: Draft<Node>): void => node.votes.clear();
    // @ts-expect-error: a view may not be edited
    expectTypeOf(reset).toBeCallableWith({} as View<Node>);
  });

  test('take what came out of another part of the state', () => {
    expectTypeOf(spread).toBeCallableWith({} as Draft<Node>);
  });
});
