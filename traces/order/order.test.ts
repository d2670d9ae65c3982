import { describe, expect, test } from 'vitest';
import type { LogEvent } from '../event/index.ts';
import {
  AvailabilityMeter,
  HappenedBefore,
  MessageCheck,
  VectorClockCheck,
  atMostOne,
  dotText,
  findingText,
  happenedBeforeGraph,
  monotone,
  shivizText,
  svgText,
  type FieldRule,
} from './index.ts';

/** Events of one file, one a line. */
function events(...parts: readonly Partial<LogEvent>[]): LogEvent[] {
  return parts.map((part, i) => ({ file: 'log', line: i + 1, raw: `event ${i + 1}`, fields: {}, ...part }));
}

function clocked(node: string, clock: Readonly<Record<string, number>>): Partial<LogEvent> {
  return { node, clock: new Map(Object.entries(clock)), name: `${node}${clock[node]}` };
}

function clockFindings(log: readonly LogEvent[], sparse = false): string[] {
  const check = new VectorClockCheck({ sparse });
  for (const event of log) check.add(event);
  return check.report().findings.map(findingText);
}

function messageFindings(log: readonly LogEvent[]): string[] {
  const check = new MessageCheck();
  for (const event of log) check.add(event);
  return check.report().findings.map(findingText);
}

function findings(rule: FieldRule, log: readonly LogEvent[]): string[] {
  for (const event of log) rule.add(event);
  return rule.report().findings.map(findingText);
}

function leader(node: string, term: number, role = 'leader'): Partial<LogEvent> {
  return { node, fields: { term, role } };
}

const exchange = events(
  clocked('a', { a: 1 }),
  clocked('b', { b: 1 }),
  clocked('a', { a: 2 }),
  clocked('b', { b: 2, a: 2 }),
  clocked('c', { c: 1, b: 2, a: 2 }),
);

describe('vector clocks', () => {
  test('accepts the clocks of an execution, in any order', () => {
    expect(clockFindings(exchange)).toEqual([]);
    expect(clockFindings(exchange.toReversed())).toEqual([]);
  });

  test('reports a clock without an entry for its own node', () => {
    expect(clockFindings(events(clocked('a', { b: 1 })))).toEqual([
      'log:1: the clock has no entry for its own node `a`.',
    ]);
  });

  test('reports an own count that does not start at 1, one that skips, and one that repeats', () => {
    expect(clockFindings(events(clocked('a', { a: 2 }), clocked('a', { a: 4 }), clocked('a', { a: 4 })))).toEqual([
      'log:1: event 2 of `a` (log:1) is the first; its own count should be 1.',
      'log:2: event 4 of `a` (log:2) follows event 2 of `a` (log:1); its own count should be 3.',
      'log:3: event 4 of `a` (log:3) has the same count as event 4 of `a` (log:2).',
    ]);
  });

  test('reports an entry that goes back', () => {
    const log = events(clocked('b', { b: 1 }), clocked('a', { a: 1, b: 1 }), clocked('a', { a: 2 }));
    expect(clockFindings(log)).toEqual([
      'log:3: the entry for `b` goes back from 1 to 0 (before: event 1 of `a` (log:2)).',
    ]);
  });

  test('reports an unknown node and an unknown event', () => {
    expect(clockFindings(events(clocked('a', { a: 1, x: 1 })))).toEqual([
      'log:1: the clock names the node `x`, of which the log has no events: is its own log missing?',
    ]);
    expect(clockFindings(events(clocked('a', { a: 1, b: 2 }), clocked('b', { b: 1 })))).toEqual([
      'log:1: the clock counts 2 events of `b`, but the log has no event 2 of it.',
    ]);
  });

  test('reports a receive that did not merge the clock of the send', () => {
    const log = events(clocked('c', { c: 1 }), clocked('a', { a: 1, c: 1 }), clocked('b', { b: 1, a: 1 }));
    expect(clockFindings(log)).toEqual([
      'log:3: event 1 of `b` (log:3) knows event 1 of `a` (log:2), but has not merged its clock: the entry for `c` is 0, and should be at least 1.',
    ]);
  });

  test('reports events that each come after the other', () => {
    const log = events(clocked('a', { a: 1, b: 1 }), clocked('b', { b: 1, a: 1 }));
    expect(clockFindings(log)).toEqual([
      'log:1: event 1 of `a` (log:1) and event 1 of `b` (log:2) each come after the other.',
      'log:2: event 1 of `b` (log:2) and event 1 of `a` (log:1) each come after the other.',
    ]);
  });

  test('lets a sparse log leave out events', () => {
    expect(clockFindings(events(clocked('a', { a: 3 }), clocked('b', { b: 2, a: 2 })), true)).toEqual([]);
  });
});

describe('messages and Lamport clocks', () => {
  const send = { kind: 'send', id: 'm' } as const;
  const receive = { kind: 'receive', id: 'm' } as const;

  test('accepts a send before its receive, with growing clocks', () => {
    const log = events({ node: 'a', lamport: 1, message: send }, { node: 'b', lamport: 2, message: receive });
    expect(messageFindings(log)).toEqual([]);
  });

  test('reports a receive before its send, and one without', () => {
    expect(messageFindings(events({ message: receive }, { message: send }))).toEqual([
      'log:1: the message `m` is received before it is sent (log:2).',
    ]);
    expect(messageFindings(events({ message: receive }))).toEqual([
      'log:1: the message `m` is received, but the log has no send of it.',
    ]);
  });

  test('says nothing of the order of different files', () => {
    const [first, second] = events({ message: receive }, { message: send, file: 'other' });
    expect(messageFindings([first, second].flatMap((event) => event ?? []))).toEqual([]);
  });

  test('reports Lamport clocks that do not grow', () => {
    const log = events(
      { node: 'a', lamport: 5, message: send },
      { node: 'a', lamport: 5 },
      { node: 'b', lamport: 5, message: receive },
    );
    expect(messageFindings(log)).toEqual([
      'log:2: the Lamport clock of `a` is 5, and was 5 before (log:1).',
      'log:3: the message `m` is received at Lamport time 5, but sent at 5 (log:1).',
    ]);
  });
});

describe('rules of fields', () => {
  test('a monotone field may not go back at a node, but may differ between nodes', () => {
    const log = events(
      { node: 'a', fields: { state: { commit: 3 } } },
      { node: 'b', fields: { state: { commit: 1 } } },
      { node: 'a', fields: {} },
      { node: 'a', fields: { state: { commit: 2 } } },
    );
    expect(findings(monotone('state.commit'), log)).toEqual([
      'log:4: state.commit of `a` goes back from 3 to 2 (before: log:1).',
    ]);
  });

  test('integers beyond 2^53 are compared exactly', () => {
    const log = events({ fields: { id: 9007199254740993n } }, { fields: { id: 9007199254740992n } });
    expect(findings(monotone('id'), log)).toEqual([
      'log:2: id goes back from 9007199254740993 to 9007199254740992 (before: log:1).',
    ]);
  });

  test('there may be one leader for each term', () => {
    const rule = atMostOne({ field: 'node', per: 'term', where: { role: 'leader' } });
    expect(rule.text).toBe('at most one node for each term where role is leader');
    const log = events(leader('a', 1), leader('b', 2), leader('a', 2, 'follower'), leader('a', 1), leader('a', 2));
    expect(findings(rule, log)).toEqual(['log:5: node is a for term 2, and was b (log:2).']);
    expect(rule.report().events).toBe(4);
  });
});

describe('happened-before', () => {
  const messages = events(
    { node: 'a', name: 'start' },
    { node: 'b', name: 'receive', message: { kind: 'receive', id: 'm' } },
    { node: 'a', name: 'send', message: { kind: 'send', id: 'm' } },
    { node: 'c', name: 'alone' },
  );

  test('follows each node and each message where there are no clocks', () => {
    const order = HappenedBefore.of(messages);
    expect(order.precedes(0, 1)).toBe(true);
    expect(order.precedes(2, 1)).toBe(true);
    expect(order.precedes(1, 2)).toBe(false);
    expect(order.concurrent(1, 3)).toBe(true);
    expect([...order.edges()]).toEqual([
      [2, 1],
      [0, 2],
    ]);
  });

  test('follows vector clocks where there are some', () => {
    const order = HappenedBefore.of(exchange);
    expect(order.concurrent(0, 1)).toBe(true);
    expect(order.precedes(0, 4)).toBe(true);
    expect([...order.edges()]).toEqual([
      [0, 2],
      [1, 3],
      [2, 3],
      [3, 4],
    ]);
  });

  test('refuses messages that contradict the order at the nodes', () => {
    const log = events(
      { node: 'a', message: { kind: 'receive', id: 'm' } },
      { node: 'a', message: { kind: 'send', id: 'm' } },
    );
    expect(() => HappenedBefore.of(log)).toThrow(
      'log:1: the messages contradict the order of the events at the nodes: this event would have to come before itself.',
    );
  });

  test('is drawn in DOT, ShiViz and SVG', () => {
    expect(dotText(happenedBeforeGraph(HappenedBefore.of(messages)))).toBe(`digraph "happened before" {
  node [shape=box, fontname="monospace"];
  subgraph cluster_0 {
    label="a";
    0 [label="start"];
    2 [label="send"];
  }
  subgraph cluster_1 {
    label="b";
    1 [label="receive"];
  }
  subgraph cluster_2 {
    label="c";
    3 [label="alone"];
  }
  2 -> 1;
  0 -> 2;
}
`);
    expect(shivizText(exchange.slice(2, 4))).toBe('a {"a":2}\na2\nb {"b":2,"a":2}\nb2\n');
    expect(svgText(HappenedBefore.of(exchange)).match(/<circle/g)).toHaveLength(5);
  });
});

describe('availability', () => {
  test('is the share of time between going down and coming up', () => {
    const meter = new AvailabilityMeter({ up: ['start'], down: ['crash'] });
    const log = events(
      { node: 'a', name: 'start', time: '2024-01-01T00:00:00Z' },
      { node: 'b', name: 'start', time: '2024-01-01T00:00:00Z' },
      { node: 'a', name: 'crash', time: '2024-01-01T00:00:50Z' },
      { node: 'a', name: 'start', time: '2024-01-01T00:00:51Z' },
      { node: 'b', name: 'work', time: '2024-01-01T00:01:40Z' },
    );
    for (const event of log) meter.add(event);
    const [a, b] = meter.report();
    expect(a).toEqual({ node: 'a', upSeconds: 99, downSeconds: 1, share: 0.99, nines: expect.closeTo(2) as number });
    expect(b).toEqual({ node: 'b', upSeconds: 100, downSeconds: 0, share: 1, nines: Infinity });
  });
});
