import { describe, expect, test } from 'vitest';

import { check } from '../property/index.ts';
import { bind, defineSpec, nodes, oneOf, when } from '../spec/index.ts';
import { defineProtocol, messages } from './define-protocol.ts';

/** A server answers what clients ask it, over links that lose messages; the client asks until it is answered. */
const question = defineProtocol({
  name: 'Question',
  constants: { servers: nodes('s', 1), delivery: oneOf('strong', 'weak', 'none') },
  nodes: ({ servers }) => servers,
  messages: messages<{ ask: object; answer: object }>(),
  state: {},
  network: { copies: 'set' },
  faults: { loss: true },
  clients: {
    names: () => ['alice'] as const,
    state: () => ({ answered: false }),
    actions: {
      retry(me, { send, nodes: [server] }) {
        when(!me.answered);
        send(server!, { type: 'ask' });
      },
    },
    on: { answer: (me) => void (me.answered = true) },
  },
  on: { ask: (_, __, { reply }) => reply({ type: 'answer' }) },
  temporal: ({ eventually, and }, { clients }) => ({
    everyoneIsAnswered: and(...clients.map((client) => eventually((s) => s.client[client].answered))),
  }),
  fairness: ({ delivery }) => ({
    ...(delivery !== 'none' && { delivery }),
    weak: ['retry'],
  }),
  reachable: { answered: (s, { clients }) => clients.every((client) => s.client[client].answered) },
  refinements: (refines) => ({
    answer: refines(answer, (s, { clients }) => ({ given: s.client[clients[0]!].answered })),
  }),
  deadlock: false,
});

const answer = defineSpec({
  name: 'Answer',
  init: () => ({ given: false }),
  actions: { give: (s) => void (s.given = true) },
});

describe('behaviours of a protocol', () => {
  test('are fair to messages that are sent again and again where delivery is strongly fair', () => {
    expect(check(bind(question))).toMatchObject({ result: 'ok' });
  });

  test.each(['weak', 'none'])('are not where it is %s: every message may be lost', (delivery) => {
    const { violation } = check(bind(question, { constants: { delivery } }));
    expect(violation).toMatchObject({ kind: 'temporal', name: 'everyoneIsAnswered' });
    const cycle = violation!.trace.slice(violation!.loopsTo! + 1).map(({ action }) => action);
    expect(cycle).not.toContain('answer');
  });

  test('say which delivery there is where it is another', () => {
    const odd = defineProtocol({
      name: 'Odd',
      nodes: () => ['n'],
      messages: messages<{ m: object }>(),
      state: {},
      on: { m: () => undefined },
      fairness: { delivery: 'eventual' as never },
    });
    expect(() => bind(odd)).toThrow("delivery is 'eventual': write 'weak' or 'strong', or leave it out");
  });
});
