/**
 * One view of PBFT, as evidence that protocols can have Byzantine nodes: a primary that tells different replicas different
 * things.
 *
 * M. Castro, B. Liskov, *Practical Byzantine Fault Tolerance* (1999), section 4.2: of 3f + 1 replicas, 2f + 1 must have prepared a
 * request and 2f + 1 must have committed to it, so that any two such quorums share one that is correct.
 */
import { expect, test } from 'vitest';

import { check } from '../../property/index.ts';
import { bind, nodes, when } from '../../spec/index.ts';
import type { Draft } from '../../value/index.ts';
import { agreement, defineProtocol, messages } from '../index.ts';

type Replica = `r${number}`;
type Request = 'a' | 'b';

const primary: Replica = 'r1';
const requests: readonly Request[] = ['a', 'b'];

type ReplicaState = {
  accepted: Request | null;
  /** Those who have said that they prepared, or committed to, what this replica accepted. */
  prepared: Set<Replica>;
  committed: Set<Replica>;
  executed: Request | null;
};

/** The other correct replicas. */
const others = (replicas: readonly Replica[], self: Replica): readonly Replica[] =>
  replicas.filter((other) => other !== primary && other !== self);

/** Commits to what a quorum has prepared; whether it did. */
function commits(me: Draft<ReplicaState>, self: Replica, quorum: number): boolean {
  if (me.prepared.size < quorum || me.committed.has(self)) return false;
  me.committed.add(self);
  return true;
}

const pbft = defineProtocol({
  name: 'OneViewOfPbft',
  constants: { replicas: nodes('r', 4), quorum: 3 },
  nodes: ({ replicas }) => replicas,
  messages: messages<{
    prePrepare: { request: Request };
    prepare: { request: Request };
    commit: { request: Request };
  }>(),
  state: {
    volatile: (): ReplicaState => ({
      accepted: null,
      prepared: new Set<Replica>(),
      committed: new Set<Replica>(),
      executed: null,
    }),
  },
  network: { copies: 'set' },
  faults: { byzantine: 4 },
  byzantine: {
    nodes: () => [primary],
    messages: () =>
      requests.flatMap((request) => (['prePrepare', 'commit'] as const).map((type) => ({ type, request }))),
  },
  on: {
    /** The first is accepted; that it was sent stands for the primary having prepared it. */
    prePrepare(me, { from, request }, { self, quorum, broadcast, replicas }) {
      when(self !== primary && from === primary && me.accepted === null);
      me.accepted = request;
      me.prepared.add(primary);
      me.prepared.add(self);
      broadcast({ type: 'prepare', request }, others(replicas, self));
      if (commits(me, self, quorum)) broadcast({ type: 'commit', request }, others(replicas, self));
    },
    prepare(me, { from, request }, { self, quorum, replicas, broadcast }) {
      when(request === me.accepted);
      me.prepared.add(from);
      if (commits(me, self, quorum)) broadcast({ type: 'commit', request }, others(replicas, self));
    },
    commit(me, { from, request }, { self, quorum }) {
      when(request === me.accepted && me.committed.has(self));
      me.committed.add(from);
      if (me.committed.size >= quorum) me.executed = request;
    },
  },
  invariants: {
    agreement: ({ node }, { replicas }) => agreement(replicas.map((r) => node[r]!.executed)),
  },
  temporal: ({ and, leadsTo }, { replicas }) => {
    const correct = replicas.filter((r) => r !== primary);
    return {
      /** What the primary does from then on, it cannot keep them from it. */
      whatAllAcceptIsExecuted: and(
        ...requests.map((request) =>
          leadsTo(
            ({ node }) => correct.every((r) => node[r]!.accepted === request),
            ({ node }) => correct.every((r) => node[r]!.executed === request),
          ),
        ),
      ),
    };
  },
  fairness: { delivery: 'weak' },
  deadlock: false,
  mutants: {
    'a quorum has 2f replicas': { constants: { quorum: 2 }, breaks: 'agreement', steps: 8 },
    'a quorum has all replicas': { constants: { quorum: 4 }, breaks: 'whatAllAcceptIsExecuted', steps: 18 },
    'there are as few as 3f replicas': { constants: { replicas: 3, quorum: 2 }, breaks: 'agreement', steps: 8 },
  },
});

test('correct replicas execute the same request, whatever the primary tells whom', () => {
  const result = check(bind(pbft));
  expect(result).toMatchObject({ result: 'ok', distinctStates: 95_111 });
  expect(result.actions['commit']!.taken).toBeGreaterThan(0);
});

test.each(Object.entries(pbft.definition.mutants ?? {}))('they do not where %s', (mutant, { breaks, steps }) => {
  const { violation } = check(bind(pbft, { mutant }));
  expect([violation?.name, violation && violation.trace.length - 1]).toEqual([breaks, steps]);
});
