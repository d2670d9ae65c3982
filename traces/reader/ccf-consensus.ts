/**
 * The traces of CCF's consensus, as its `raft_driver` writes them: since 2023-09 with the tag `raft_trace`, before
 * with the tag `tla`.
 *
 * `{"h_ts":"16", "tag":"raft_trace", "msg":{"function":…, "state":{"node_id":…}, "packet"?:…}}`; `h_ts` is a logical
 * time that orders the lines. The older ones name the function in `msg.event` and the node in `msg.node`.
 *
 * Source: microsoft/CCF, `tla/consensus/Traceccfraft.tla` and `src/consensus/aft/raft.h`.
 */
import { isJsonRecord, type LogEvent } from '../event/index.ts';
import { eventAt, jsonLines, recordField, textField } from './json-lines.ts';

/** CCF consensus traces. */
export const ccfConsensus = jsonLines({
  name: 'ccf-consensus',
  title: 'traces of CCF consensus: {"tag":"raft_trace","msg":{"function",…}}',
  mixed: true,
  recognises: (object) => (object['tag'] === 'raft_trace' || object['tag'] === 'tla') && isJsonRecord(object['msg']),
  event(object, line): LogEvent | undefined {
    if (object['tag'] !== 'raft_trace' && object['tag'] !== 'tla') return undefined;
    const fields = recordField(object, 'msg', line);
    const state = recordField(fields, 'state', line);
    const named = isJsonRecord(fields['event']) ? fields['event'] : fields;
    const node = state['node_id'] ?? state['my_node_id'] ?? fields['node'];
    const time = object['h_ts'];
    return {
      ...eventAt(line, fields),
      name: textField(named, 'function', line),
      ...(typeof node === 'string' && { node }),
      ...((typeof time === 'string' || typeof time === 'number') && { time }),
    };
  },
});
