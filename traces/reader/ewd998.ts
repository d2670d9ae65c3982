/**
 * The traces of the EWD998 implementations in the TLA+ examples: a row is a send (`>`), a receive (`<`) or a local
 * step (`d`) of a node, with the packet and the node's vector clock; the first line may be `{"N":5}`.
 *
 * A message has no identity of its own: its receive is ordered by the vector clock.
 *
 * Source: tlaplus/Examples, `specifications/ewd998/EWD998ChanTrace.tla`.
 */
import type { LogEvent } from '../event/index.ts';
import { clockOf, eventAt, identityField, jsonLines, recordField, textField } from './json-lines.ts';

/** EWD998 traces. */
export const ewd998 = jsonLines({
  name: 'ewd998',
  title: 'traces of EWD998 implementations: {"event":">"|"<"|"d","node","pkt":{"msg"?,"vc"}}',
  recognises: ({ event, pkt }) => (event === '>' || event === '<' || event === 'd') && pkt !== undefined,
  event(object, line): LogEvent | undefined {
    if (object['event'] === undefined) return undefined;
    const packet = recordField(object, 'pkt', line);
    return {
      ...eventAt(line, object),
      name: textField(object, 'event', line),
      node: identityField(object, 'node', line),
      clock: clockOf(Object.entries(recordField(packet, 'vc', line)), line),
    };
  },
});
