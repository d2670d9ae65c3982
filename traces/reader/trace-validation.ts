/**
 * The traces of the tools of "Validating Traces of Distributed Programs Against TLA+ Specifications" (Cirstea, Kuppe,
 * Loillier, Merz, SEFM 2024).
 *
 * A row may name the action (`event`) and its arguments (`event_args`), and for each variable of the specification the
 * operations that changed it: `"msgs":[{"op":"AddElement","path":[],"args":[…]}]`. Everything may be left out.
 */
import { isJsonRecord, type JsonRecord, type JsonValue, type LogEvent } from '../event/index.ts';
import { describe, eventAt, jsonLines, place } from './json-lines.ts';
import type { Line } from './lines.ts';
import { LogError } from './log-error.ts';

/** One change that a row reports: `op` is applied to what `path` finds in the variable's previous value. */
export interface VariableUpdate {
  readonly variable: string;
  readonly op: string;
  readonly path: readonly JsonValue[];
  readonly args: readonly JsonValue[];
}

const known = new Set(['event', 'event_args', 'clock', 'desc']);

/** Trace-validation NDJSON. */
export const traceValidation = jsonLines({
  name: 'trace-validation',
  title: 'NDJSON of the TLA+ trace validation tools: {"event"?,"event_args"?,"<variable>":[{"op","path","args"}]}',
  recognises: (object) => Array.isArray(object['event_args']) || Object.values(object).some(isUpdateList),
  event(object, line): LogEvent {
    const { event, clock } = object;
    if (event !== undefined && typeof event !== 'string') {
      throw new LogError('log/event', place(line), `\`event\` should be text, but is ${describe(event)}.`);
    }
    checkUpdates(object, line);
    return {
      ...eventAt(line, object),
      ...(event !== undefined && { name: event }),
      ...(typeof clock === 'number' && { lamport: clock }),
    };
  },
});

function isUpdateList(value: JsonValue): value is readonly JsonRecord[] {
  return Array.isArray(value) && value.length > 0 && value.every((item) => isJsonRecord(item) && 'op' in item);
}

function checkUpdates(object: JsonRecord, line: Line): void {
  for (const [variable, value] of Object.entries(object)) {
    if (known.has(variable) || (Array.isArray(value) && value.length === 0) || isUpdateList(value)) continue;
    const problem = `\`${variable}\` should be a list of {"op","path","args"}, but is ${describe(value)}.`;
    throw new LogError('log/event', place(line), problem);
  }
}

/** The changes that a row reports, in its order. */
export function updatesOf(event: LogEvent): readonly VariableUpdate[] {
  const updates: VariableUpdate[] = [];
  for (const [variable, value] of Object.entries(event.fields)) {
    if (known.has(variable) || !isUpdateList(value)) continue;
    for (const { op, path, args } of value) {
      updates.push({
        variable,
        op: typeof op === 'string' ? op : '',
        path: Array.isArray(path) ? path : [],
        args: Array.isArray(args) ? args : [],
      });
    }
  }
  return updates;
}
