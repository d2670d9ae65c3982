/**
 * How recorded runs of EWD998 implementations are read as behaviours of the spec (after `EWD998ChanTrace.tla`).
 *
 * Rows are of several nodes and in no particular order: the vector clocks order them. Node 0 of the log is `n1`. The
 * receipt of the token is no step of the spec, in which passing it on moves it; neither is the announcement of the end
 * (`trm`), which however may come only when every node is passive.
 */
import { defineBinding, holds, type LogEvent, type RuleFor, type StateIn } from 'bivalent/traces';
import ewd998 from './ewd998.ts';

type Packet = {
  snd: number;
  rcv: number;
  msg?: { type: 'tok'; q: number; color: 'white' | 'black' } | { type: 'pl' | 'trm' };
};

const nodeName = (index: unknown): `n${number}` => `n${Number(index) + 1}`;

function packetOf(event: LogEvent): Packet {
  return event.fields['pkt'] as unknown as Packet;
}

const allPassive = holds<StateIn<typeof ewd998>>('has no active node', (state) =>
  Object.values(state.node).every((node) => !node.active),
);

/** Node 0 sends the token to the last node to begin a round; every other node passes it on. */
const sent: RuleFor<typeof ewd998> = (event) => {
  const { snd, rcv, msg } = packetOf(event);
  if (msg?.type === 'trm') return { stutter: true, after: allPassive };
  if (msg?.type === 'pl') return { action: 'sendMessage', picks: { from: nodeName(snd), to: nodeName(rcv) } };
  if (msg?.type !== 'tok') return undefined;
  const token = { at: nodeName(rcv), q: msg.q, color: msg.color };
  return snd === 0
    ? { action: 'initiateProbe', after: { token } }
    : { action: 'passToken', picks: { n: nodeName(snd) }, after: { token } };
};

const received: RuleFor<typeof ewd998> = (event) => {
  const { rcv, msg } = packetOf(event);
  if (msg?.type === 'trm') return { stutter: true, after: allPassive };
  if (msg?.type === 'pl') return { action: 'receiveMessage', picks: { n: nodeName(rcv) } };
  if (msg?.type !== 'tok') return undefined;
  return { stutter: true, after: { token: { at: nodeName(rcv), q: msg.q, color: msg.color } } };
};

export default defineBinding(ewd998, {
  format: 'ewd998',
  constants: (events) => ({
    Node: 1 + Math.max(...events.flatMap(({ clock }) => [...(clock?.keys() ?? [])].map(Number))),
  }),
  /** The implementation begins with every node active and white, and the token at node 0. */
  initial: ({ Node }) => {
    const node: Record<`n${number}`, { active: boolean; color: 'white' }> = {};
    for (const n of Node as readonly `n${number}`[]) node[n] = { active: true, color: 'white' };
    return { node, token: { at: 'n1' as const } };
  },
  events: {
    '>': sent,
    '<': received,
    d: (event) => ({ action: 'deactivate', picks: { n: nodeName(event.node) } }),
  },
  order: 'causal',
});
