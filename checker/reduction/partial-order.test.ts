import { describe, expect, test } from 'vitest';

import ring from '../../specs/dolev-klawe-rodeh/dolev-klawe-rodeh.ts';
import twoPhaseCommit from '../../specs/two-phase-commit/two-phase-commit.ts';
import { check } from '../property/index.ts';
import { defineProtocol, messages } from '../protocol/index.ts';
import { bind, nodes, when, type BindOptions, type System } from '../spec/index.ts';

/** The ring without its temporal property, which is not judged under this reduction. */
const ringOf = (options: BindOptions): System => ({ ...bind(ring, options), temporal: [] });

/** Whether a mutant breaks a property that is not judged under this reduction. */
const isUnjudged = ({ breaks }: { readonly breaks: string }): boolean =>
  bind(ring).temporal.some(({ name }) => name === breaks);

describe('partial-order reduction', () => {
  test('leaves a ring of 5 with less than a fiftieth of its states, and the same verdict', () => {
    const system = ringOf({ constants: { ring: 5 } });
    const full = check(system);
    const reduced = check(system, { partialOrder: true });
    expect([full.result, full.distinctStates]).toEqual(['ok', 5264]);
    expect(reduced).toMatchObject({
      result: 'ok',
      distinctStates: 81,
      notes: ['states that only the order of independent steps leads to were left out (--partial-order)'],
    });
  });

  test.each(Object.entries(ring.definition.mutants ?? {}).filter(([, mutant]) => !isUnjudged(mutant)))(
    'finds that the ring is wrong when %s',
    (mutant, { breaks }) => {
      const { violation, distinctStates } = check(ringOf({ mutant }), { partialOrder: true });
      expect(violation?.name).toBe(breaks);
      expect(distinctStates).toBeLessThan(60);
    },
  );

  test('knows who takes a step where there is only one who can', () => {
    const system = bind(oneClient());
    const { result, distinctStates } = check(system);
    expect([result, distinctStates]).toEqual(['ok', 90]);
    expect(check(system, { partialOrder: true })).toMatchObject({ result: 'ok', distinctStates: 79 });
  });

  test.each([
    ['a spec', bind(twoPhaseCommit), 'a spec does not say which process takes a step: defineProtocol does'],
    [
      'a network that reorders',
      bind(pair({ network: {} })),
      'messages from a1 to a1 are not in a queue of their own: order the links fifo, and none where there is no link',
    ],
    ['faults', bind(pair({ faults: { crash: 1 } })), 'the fault crash can happen to any node at any time'],
    ['a capacity', bind(pair({ network: { order: 'fifo', capacity: 2 } })), 'the capacity of the network is shared'],
    [
      'properties of steps',
      bind(pair({ transitionInvariants: { grows: () => true } })),
      'transition invariants speak of every step',
    ],
  ])('leaves nothing out of %s, and says why', (_, system, reason) => {
    const full = check(system);
    const { distinctStates, result, notes } = check(system, { partialOrder: true });
    expect([distinctStates, result]).toEqual([full.distinctStates, full.result]);
    expect(notes).toEqual([`--partial-order left nothing out: ${reason}`]);
  });

  test('never answers ok for temporal properties', () => {
    expect(check(bind(ring), { partialOrder: true })).toMatchObject({
      result: 'incomplete',
      reason:
        'temporal properties and refinements are not judged under --partial-order, where not every behaviour is followed',
    });
  });
});

/** Two nodes that greet each other once. */
function pair(parts: object): Parameters<typeof bind>[0] {
  return defineProtocol({
    name: 'Pair',
    constants: { pair: nodes('a', 2) },
    nodes: ({ pair }) => pair,
    messages: messages<{ hello: object }>(),
    state: { durable: () => ({ greeted: false, heard: false }) },
    network: { order: 'fifo' },
    actions: {
      greet(me, { broadcast }) {
        if (!me.greeted) broadcast({ type: 'hello' });
        me.greeted = true;
      },
    },
    on: { hello: (me) => void (me.heard = true) },
    deadlock: false,
    ...parts,
  }) as unknown as Parameters<typeof bind>[0];
}

/** One client that asks one server, while others greet each other. */
function oneClient(): Parameters<typeof bind>[0] {
  return pair({
    messages: messages<{ hello: object; ask: object; answer: object }>(),
    links: ({ from, to }: { from: string; to: string }) =>
      ['a1 a2', 'a2 a1', 'c1 a1', 'a1 c1'].includes(`${from} ${to}`) ? 'fifo' : 'none',
    clients: {
      names: () => ['c1'],
      state: () => ({ asked: 0, answered: 0 }),
      actions: {
        call(me: { asked: number }, { send }: { send: (to: string, message: object) => void }) {
          when(me.asked < 2);
          me.asked += 1;
          send('a1', { type: 'ask' });
        },
      },
      on: { answer: (me: { answered: number }) => void (me.answered += 1) },
    },
    on: {
      hello: (me: { heard: boolean }) => void (me.heard = true),
      ask: (_me: object, _m: object, { reply }: { reply: (message: object) => void }) => reply({ type: 'answer' }),
    },
  });
}
