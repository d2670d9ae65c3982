/**
 * The traces of the `tracing` library that TraceChecker reads:
 * `{"TracerIdentity":host, "TraceID":…, "Tag":event, "Body":{…}, "VectorClock":{host:n}}`. Trace identifiers are 64-bit.
 *
 * Source: DistributedClocks/tracing, DistributedClocks/TraceChecker.
 */
import type { LogEvent } from '../event/index.ts';
import { clockOf, eventAt, jsonLines, recordField, textField } from './json-lines.ts';

/** TraceChecker logs. */
export const tracechecker = jsonLines({
  name: 'tracechecker',
  title: 'logs of DistributedClocks/tracing: {"TracerIdentity","TraceID","Tag","Body","VectorClock"}',
  recognises: (object) => 'TracerIdentity' in object && 'VectorClock' in object,
  event: (object, line): LogEvent => ({
    ...eventAt(line, object),
    name: textField(object, 'Tag', line),
    node: textField(object, 'TracerIdentity', line),
    clock: clockOf(Object.entries(recordField(object, 'VectorClock', line)), line),
  }),
});
