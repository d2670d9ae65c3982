/**
 * The traces of programs that PGo compiled from Modular PlusCal: one critical section a line, with what it read and
 * wrote (values as TLA+ text), and a vector clock whose nodes are pairs of archetype and identity.
 *
 * An aborted critical section (`isAbort`) had no effect, but counts in the clock. The event's name is the label at
 * which the section begins: what it read of `.pc`.
 *
 * Source: DistCompiler/pgo (TraceLink).
 */
import { isJsonRecord, type JsonRecord, type JsonValue, type LogEvent } from '../event/index.ts';
import { clockOf, describe, eventAt, identityField, jsonLines, place, textField } from './json-lines.ts';
import type { Line } from './lines.ts';
import { LogError } from './log-error.ts';

/** PGo traces. */
export const pgo = jsonLines({
  name: 'pgo',
  title: 'traces of PGo-compiled programs: {"archetypeName","self","clock","csElements",…}',
  recognises: (object) => 'archetypeName' in object && 'csElements' in object,
  event(object, line): LogEvent {
    const elements = object['csElements'];
    const time = object['startTime'];
    const label = Array.isArray(elements) ? elements.map(labelRead).find((text) => text !== undefined) : undefined;
    return {
      ...eventAt(line, object),
      ...(label !== undefined && { name: label }),
      node: nodeName([textField(object, 'archetypeName', line), identityField(object, 'self', line)]),
      ...(typeof time === 'string' && { time }),
      clock: clockOf(clockEntries(object['clock'], line), line),
    };
  },
});

function labelRead(element: JsonValue): string | undefined {
  if (!isJsonRecord(element) || element['tag'] !== 'read' || !isProgramCounter(element)) return undefined;
  const value = element['value'];
  return typeof value === 'string' ? value.replaceAll('"', '') : undefined;
}

function isProgramCounter(element: JsonRecord): boolean {
  const name = element['name'];
  return isJsonRecord(name) && name['name'] === '.pc';
}

function clockEntries(clock: JsonValue | undefined, line: Line): [string, JsonValue][] {
  if (!Array.isArray(clock)) {
    throw new LogError('log/event', place(line), `\`clock\` should be a list, but is ${describe(clock)}.`);
  }
  return clock.map((entry: JsonValue): [string, JsonValue] => {
    if (Array.isArray(entry) && entry.length === 2 && Array.isArray(entry[0])) return [nodeName(entry[0]), entry[1]];
    throw new LogError('log/event', place(line), '`clock` should hold pairs [[archetype, self], count].');
  });
}

/** `AServer(0)`. An identity is TLA+ text too: the quotes of a string are left out. */
function nodeName(parts: readonly JsonValue[]): string {
  const [archetype, self] = parts;
  return `${describe(archetype)}(${describe(self)})`.replaceAll(/[\\"]/g, '');
}
