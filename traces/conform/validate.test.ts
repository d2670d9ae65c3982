import { describe, expect, test } from 'vitest';
import { defineSpec, mapOf, nodes, when } from '../../checker/index.ts';
import { formatNamed, readEvents, textSource } from '../reader/index.ts';
import {
  defineBinding,
  holds,
  validate,
  validationText,
  type BindingDefinition,
  type ValidationOptions,
} from './index.ts';

/** Nodes that pass tickets around: a ticket is sent to a node, and arrives there. */
const tickets = defineSpec({
  name: 'Tickets',
  constants: { nodes: nodes('n', 2) },
  init: ({ nodes }) => ({
    at: mapOf(nodes, (n) => (n === 'n1' ? 2 : 0)),
    underWay: new Set<`n${number}`>(),
    checked: false,
  }),
  actions: {
    send(s, { nodes, pick }) {
      const { from, to } = pick({ from: nodes, to: nodes });
      when(from !== to && s.at[from]! > 0);
      when(!s.underWay.has(to));
      s.at[from]! -= 1;
      s.underWay.add(to);
    },
    arrive(s, { nodes, pick }) {
      const { to } = pick({ to: nodes });
      when(s.underWay.has(to));
      s.underWay.delete(to);
      s.at[to]! += 1;
    },
    check(s) {
      when(!s.checked);
      s.checked = true;
    },
  },
  invariants: { nodeOneKeepsOne: (s) => s.at['n1']! > 0 },
});

type Definition = BindingDefinition<{ nodes: ReturnType<typeof nodes<'n'>> }, TicketState>;
interface TicketState {
  at: Record<`n${number}`, number>;
  underWay: Set<`n${number}`>;
  checked: boolean;
}

const plain = {
  events: {
    send: (event) => ({ action: 'send', picks: { ...picked(event.fields['to']) } }),
    arrive: (event) => ({ action: 'arrive', picks: { ...picked(event.fields['to']) } }),
    count: (event) => ({ stutter: true, after: { at: { [event.node as 'n1']: event.fields['tickets'] as number } } }),
  },
} satisfies Pick<Definition, 'events'>;

function picked(to: unknown): Record<string, unknown> {
  return to === undefined ? {} : { to };
}

async function judged(lines: readonly object[], more: Partial<Definition> = {}, options: ValidationOptions = {}) {
  const log = textSource('log', lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  const binding = defineBinding(tickets, { ...plain, ...more } as never);
  return validate(readEvents([log], formatNamed('ndjson')), binding, options);
}

const sendTo = (to?: string, more: object = {}) => ({ event: 'send', ...(to && { to }), ...more });
const arriveAt = (to?: string, more: object = {}) => ({ event: 'arrive', ...(to && { to }), ...more });

const hidden = (atMost: number) => ({ hidden: { actions: ['arrive'], atMost } });
const at = (node: string, milliseconds: number) => ({ node, time: `2024-01-01T00:00:00.${milliseconds}Z` });
const order = (toleranceMs: number) => ({ order: { by: 'time', toleranceMs } as const });
const message = (id: string, kind: 'send' | 'receive') => ({ [kind]: id });
const broken = (): never => {
  throw new TypeError('no such field');
};

describe('validate', () => {
  test('finds a behaviour for a log, and shows it on request', async () => {
    const validation = await judged([sendTo('n2'), arriveAt()], {}, { behaviour: true });
    expect(validationText(validation)).toBe(`valid: a behaviour of Tickets explains all 2 events

A behaviour that explains the log:
  0. (initial state)
  1. send(from=n1, to=n2)   log:1
  2. arrive(to=n2)   log:2
`);
  });

  test('names the first event that nothing explains, the guard that failed, and what it read', async () => {
    const validation = await judged([sendTo('n2'), sendTo('n2')]);
    expect(validationText(validation).replaceAll(/\.ts:\d+/g, '.ts')).toBe(
      `invalid: no behaviour of Tickets explains the log; the longest explains 1 event

log:2: nothing explains
  {"event":"send","to":"n2"}

  send(from=n1, to=n2) is not enabled: a guard fails at validate.test.ts
    when(!s.underWay.has(to));
    it read at.n1 = 1
    it read underWay.has('n2') = true

1 state of the spec is possible there:
  - at = {n1: 1, n2: 0}
    checked = false
    underWay = Set{'n2'}

The spec allows: arrive(to=n2), check
If log:2 were left out, the rest of the log would be explained.
If log:1 were left out, the rest of the log would be explained.
`,
    );
  });

  test('says which field differs', async () => {
    const validation = await judged([sendTo(), { event: 'count', node: 'n1', tickets: 2 }]);
    expect(validation.diagnosis?.unexplained[0]?.candidates).toEqual([
      {
        action: '(no step)',
        parameters: {},
        mismatches: [{ path: 'at.n1', expected: '2', seen: '1' }],
        when: 'after',
        reads: [],
        states: 1,
      },
    ]);
  });

  test('says which choices there are where the log names another', async () => {
    const validation = await judged([sendTo('n7')]);
    expect(validation.diagnosis?.unexplained[0]?.candidates[0]?.pick).toEqual({
      name: 'to',
      given: "'n7'",
      choices: ["'n1'", "'n2'"],
    });
  });

  test('tries hidden steps up to their bound', async () => {
    const log = [sendTo('n2'), { event: 'count', node: 'n2', tickets: 1 }];
    expect((await judged(log)).result).toBe('invalid');
    expect((await judged(log, hidden(0))).result).toBe('invalid');
    expect((await judged(log, hidden(1))).result).toBe('valid');
  });

  test('suggests the swap of two lines that were logged in the wrong order', async () => {
    const validation = await judged([arriveAt('n2'), sendTo('n2'), sendTo('n2'), arriveAt('n2')]);
    expect(validation.diagnosis?.repairs).toEqual([
      { edit: 'swap', events: ['log:1', 'log:2'], matches: 3, reachesEnd: true },
    ]);
  });

  test('leaves the order of nodes open where only messages give it', async () => {
    const log = [
      arriveAt('n2', { node: 'n2', ...message('a', 'receive') }),
      sendTo('n2', { node: 'n1', ...message('a', 'send') }),
    ];
    expect((await judged(log)).result).toBe('invalid');
    expect((await judged(log, { order: 'causal' })).result).toBe('valid');
  });

  test('keeps the order that messages give', async () => {
    const log = [
      { event: 'count', node: 'n2', tickets: 1, receive: 'a' },
      arriveAt('n2', { node: 'n1' }),
      sendTo('n2', { node: 'n1', send: 'a' }),
    ];
    const { result, diagnosis } = await judged(log, { order: 'causal' });
    expect(result).toBe('invalid');
    expect(diagnosis?.unexplained.map(({ line }) => line)).toEqual([2]);
  });

  test('refuses a causal order where nothing orders the nodes', async () => {
    const log = [sendTo('n2', { node: 'n1' }), arriveAt('n2', { node: 'n2' })];
    await expect(judged(log, { order: 'causal' })).rejects.toThrow(
      'The log has neither vector clocks nor messages: nothing orders the events of its nodes',
    );
  });

  test('orders by time, and leaves open what is closer than the tolerance', async () => {
    const log = [arriveAt('n2', at('n2', 105)), sendTo('n2', at('n1', 110))];
    expect((await judged(log, order(1))).result).toBe('invalid');
    expect((await judged(log, order(20))).result).toBe('valid');
  });

  test('looks at invariants on the matched behaviour only', async () => {
    const log = [sendTo('n2'), arriveAt(), sendTo('n2')];
    expect((await judged(log)).result).toBe('valid');
    const { result, brokenInvariant } = await judged(log, {}, { invariants: true });
    expect({ result, brokenInvariant }).toEqual({
      result: 'invalid',
      brokenInvariant: { name: 'nodeOneKeepsOne', parameters: {}, event: 'log:3' },
    });
  });

  test('is inconclusive where a limit is reached, and says how far it got', async () => {
    const validation = await judged([sendTo('n2'), arriveAt(), sendTo('n2')], {}, { maxStates: 2 });
    expect(validationText(validation)).toBe('inconclusive: stopped when 2 states were held, with 1 event explained\n');
  });

  test('breadth first agrees with depth first', async () => {
    for (const log of [[sendTo(), arriveAt(), sendTo()], [sendTo('n2'), arriveAt('n1')], [arriveAt()]]) {
      const hidden = { hidden: { actions: ['arrive', 'check'], atMost: 2 } };
      const depthFirst = await judged(log, hidden);
      const breadthFirst = await judged(log, hidden, { strategy: 'breadth-first' });
      expect(breadthFirst.result).toBe(depthFirst.result);
    }
  });

  test('passes over events for which the rule gives nothing', async () => {
    const { result, ignored } = await judged([sendTo('n2'), { event: 'noise' }], { otherEvents: () => undefined });
    expect({ result, ignored }).toEqual({ result: 'valid', ignored: 1 });
  });

  test('uses what is known of the initial state', async () => {
    expect((await judged([sendTo()], { initial: { checked: true } })).result).toBe('invalid');
    expect((await judged([sendTo()], { initial: { at: holds('has two', (at) => at['n1'] === 2) } })).result).toBe(
      'valid',
    );
  });
});

describe('a binding that is wrong', () => {
  test('has no rule for an event', async () => {
    await expect(judged([{ event: 'sent' }])).rejects.toThrow(
      'log:1: the binding has no rule for the event sent (did you mean send?)',
    );
  });

  test('names an action that the spec does not have', async () => {
    await expect(judged([sendTo()], { events: { send: { action: 'sends' } } })).rejects.toThrow(
      "The binding's rule send names the action sends, which the spec does not have (did you mean send?)",
    );
  });

  test('throws', async () => {
    await expect(judged([sendTo()], { events: { send: broken } })).rejects.toThrow(
      "log:1: the binding's rule for this event threw: no such field",
    );
  });

  test('throws when it looks at a state', async () => {
    const change = { send: { action: 'send', after: broken } };
    await expect(judged([sendTo()], { events: change })).rejects.toThrow(
      "log:1: the binding's rule for this event threw: no such field",
    );
    const tested = { send: { action: 'send', picks: { to: holds('is broken', broken) } } };
    await expect(judged([sendTo()], { events: tested })).rejects.toThrow(
      'The binding\'s test "is broken" threw: no such field',
    );
  });

  test('gives something that cannot be in a state', async () => {
    await expect(judged([sendTo()], { events: { send: { action: 'send', picks: { to: NaN } } } })).rejects.toThrow(
      /^log:1: the binding's rule for this event gives no value: /,
    );
  });
});
