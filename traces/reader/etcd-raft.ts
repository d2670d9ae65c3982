/**
 * The traces that etcd's raft library writes for its TLA+ specification, and others of the same shape.
 *
 * `{"ts":…, "tag":"trace", "event":{"name", "nid", "state", "role", "log", "conf", "msg"?, "prop"?}}`, one a line, with
 * the state *after* the step; other output may precede the object on its line. A line with the tag `config` is an event of
 * that name, at no node. The traces of hashicorp/raft and Besu QBFT have this shape; in those of the DPDK ring
 * `event` is the name itself and `thread` the node.
 *
 * Source: etcd-io/raft, `state_trace.go` and `tla/validate.sh`.
 */
import type { JsonRecord, LogEvent } from '../event/index.ts';
import { eventAt, jsonLines, recordField, textField } from './json-lines.ts';
import type { Line } from './lines.ts';

/** etcd-raft traces. */
export const etcdRaft = jsonLines({
  name: 'etcd-raft',
  title: 'traces of etcd-io/raft, hashicorp/raft and others: {"tag":"trace","event":{"name","nid",…}}',
  mixed: true,
  recognises: (object) => object['tag'] === 'trace' && object['event'] !== undefined,
  event(object, line) {
    if (object['tag'] === 'trace') return traceEvent(object, line);
    if (object['tag'] !== 'config') return undefined;
    return { ...eventAt(line, recordField(object, 'config', line)), name: 'config' };
  },
});

function traceEvent(object: JsonRecord, line: Line): LogEvent {
  const time = object['ts'];
  const timed = typeof time === 'string' || typeof time === 'number' || typeof time === 'bigint' ? { time } : {};
  if (typeof object['event'] === 'string') {
    const node = object['thread'];
    const named = typeof node === 'string' ? { node } : {};
    return { ...eventAt(line, object), ...timed, ...named, name: object['event'] };
  }
  const fields = recordField(object, 'event', line);
  const node = fields['nid'];
  const named = typeof node === 'string' || typeof node === 'number' ? { node: String(node) } : {};
  return { ...eventAt(line, fields), ...timed, ...named, name: textField(fields, 'name', line) };
}
