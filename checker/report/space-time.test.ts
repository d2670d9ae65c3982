import { describe, expect, test } from 'vitest';

import type { TraceStep } from '../explore/index.ts';
import { bagOf } from '../value/index.ts';
import { state } from './result.test-support.ts';
import { spaceTimeOf } from './space-time.ts';

const constants = state({ faults: {}, network: {} });
const up = { node: { a: {}, b: {} }, status: { a: 'up', b: 'up' } };

function step(action: string | null, parameters: object, rest: object): TraceStep {
  return { action, parameters: state(parameters), state: state({ ...up, ...rest }) };
}

describe('messages of a protocol', () => {
  test('are sent by the step that puts them in flight, and received by the one that hands them over', () => {
    const ping = { from: 'a', n: 1 };
    const empty = { inbox: { a: { pong: bagOf([]) }, b: { ping: bagOf([]) } } };
    const trace = [
      step(null, {}, empty),
      step('begin', { at: 'a' }, { inbox: { a: { pong: bagOf([]) }, b: { ping: bagOf([ping]) } } }),
      step(
        'ping',
        { to: 'b', message: ping },
        { inbox: { a: { pong: bagOf([{ from: 'b' }]) }, b: { ping: bagOf([]) } } },
      ),
      step('loss', { to: 'a', type: 'pong', message: { from: 'b' } }, empty),
    ];
    expect(spaceTimeOf(trace, constants)).toEqual({
      lanes: ['a', 'b'],
      messages: [
        { from: 'a', to: 'b', type: 'ping', fields: { n: 1 }, sent: 1, ended: 2, end: 'received' },
        { from: 'b', to: 'a', type: 'pong', fields: {}, sent: 2, ended: 3, end: 'lost' },
      ],
      happenings: [
        { sent: [], received: [], lost: [] },
        { lane: 'a', sent: [0], received: [], lost: [] },
        { lane: 'b', sent: [1], received: [0], lost: [] },
        { sent: [], received: [], lost: [1] },
      ],
    });
  });

  test('that are equal arrive in the order in which they were sent, and copies are told apart', () => {
    const ping = { from: 'a' };
    const holding = (n: number) => ({ inbox: { b: { ping: bagOf(Array.from({ length: n }, () => ping)) } } });
    const trace = [
      step(null, {}, holding(1)),
      step('duplication', { to: 'b', type: 'ping', message: ping }, holding(2)),
      step('ping', { to: 'b', message: ping }, holding(1)),
    ];
    expect(spaceTimeOf(trace, constants).messages).toEqual([
      { from: 'a', to: 'b', type: 'ping', fields: {}, ended: 2, end: 'received' },
      { from: 'a', to: 'b', type: 'ping', fields: {}, sent: 1, isCopy: true },
    ]);
  });

  test('of a network of sets are duplicated by a copy that arrives', () => {
    const ping = { from: 'a' };
    const flight = { inbox: { b: { ping: new Set([ping]) } } };
    const trace = [step(null, {}, flight), step('duplication', { to: 'b', type: 'ping', message: ping }, flight)];
    const { messages, happenings } = spaceTimeOf(trace, constants);
    expect(messages[1]).toEqual({
      from: 'a',
      to: 'b',
      type: 'ping',
      fields: {},
      sent: 1,
      ended: 1,
      end: 'received',
      isCopy: true,
    });
    expect(happenings[1]).toEqual({ lane: 'b', sent: [], received: [1], lost: [] });
  });

  test('wait in the queues of ordered links', () => {
    const queued = { type: 'ping', from: 'a', n: 1 };
    const trace = [
      step(null, {}, { queue: { b: { a: [] } } }),
      step('begin', { at: 'a' }, { queue: { b: { a: [queued] } } }),
      step('ping', { to: 'b', message: queued }, { queue: { b: { a: [] } } }),
    ];
    expect(spaceTimeOf(trace, constants).messages).toEqual([
      { from: 'a', to: 'b', type: 'ping', fields: { n: 1 }, sent: 1, ended: 2, end: 'received' },
    ]);
  });
});

test('steps of other specs are taken by those whom a parameter and a constant name', () => {
  const trace: TraceStep[] = [
    { action: null, parameters: {}, state: state({ x: 1 }) },
    { action: 'prepare', parameters: state({ n: 1, rm: 'rm2' }), state: state({ x: 2 }) },
    { action: 'decide', parameters: {}, state: state({ x: 3 }) },
  ];
  const { lanes, happenings } = spaceTimeOf(trace, state({ RM: ['rm1', 'rm2'], quorum: 'rm1' }));
  expect(lanes).toEqual(['rm2']);
  expect(happenings.map(({ lane }) => lane)).toEqual([undefined, 'rm2', undefined]);
});
