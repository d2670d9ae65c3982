/**
 * The traces of CCF's client consistency: `{"action":"RwTxRequestAction", "type":"RwTxRequest", "tx":0}`, one a line, in
 * the order in which clients saw them.
 *
 * Source: microsoft/CCF, `tla/consistency/TraceMultiNodeReads.tla`.
 */
import { eventAt, jsonLines, textField } from './json-lines.ts';

/** CCF consistency traces. */
export const ccfConsistency = jsonLines({
  name: 'ccf-consistency',
  title: 'traces of CCF client transactions: {"action","type","tx"?,"tx_id"?,"status"?}',
  recognises: ({ action, type }) => typeof action === 'string' && typeof type === 'string' && /Tx|Status/.test(type),
  event: (object, line) => ({ ...eventAt(line, object), name: textField(object, 'action', line) }),
});
