/** Rules about fields of events: one that never goes back at a node, and one that has a single value for each key. */
import { fieldAt, jsonText, nanosecondsOf, placeOf, type JsonValue, type LogEvent } from '../event/index.ts';
import { Findings, type Finding, type Place } from './finding.ts';

/** A rule that events are held against, one by one. */
export interface FieldRule {
  /** The rule in words: `state.commit never goes back at a node`. */
  readonly text: string;
  add(event: LogEvent): void;
  report(): {
    readonly findings: readonly Finding[];
    readonly totalFindings: number;
    /** How many events had the field: a rule that looked at none has checked nothing. */
    readonly events: number;
  };
}

/**
 * A field that never goes back at a node: a term, a commit index, a clock.
 *
 * Numbers are compared as numbers, and texts as times where they are times; events without the field are passed over.
 *
 * @param path - of the field, dotted; `time` is the event's time
 */
export function monotone(path: string): FieldRule {
  const findings = new Findings();
  const last = new Map<string, Place & { readonly value: number | bigint; readonly shown: string }>();
  let events = 0;
  return {
    text: `${path} never goes back at a node`,
    add(event) {
      const found = fieldAt(event, path);
      const value = found === undefined ? undefined : comparable(found);
      if (found === undefined || value === undefined) return;
      events += 1;
      const node = `${event.run ?? ''}\n${event.node ?? ''}`;
      const before = last.get(node);
      if (before !== undefined && value < before.value) {
        const where = event.node === undefined ? '' : ` of \`${event.node}\``;
        const message = `${path}${where} goes back from ${before.shown} to ${jsonText(found)} (before: ${placeOf(before)}).`;
        findings.add('not-monotone', event, message);
      }
      last.set(node, { file: event.file, line: event.line, value, shown: jsonText(found) });
    },
    report: () => ({ findings: findings.list, totalFindings: findings.total, events }),
  };
}

function comparable(value: JsonValue): number | bigint | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return value;
  return typeof value === 'string' ? nanosecondsOf(value) : undefined;
}

/** What `atMostOne` holds events against. */
export interface UniqueRule {
  /** The field of which there may be one value: `node`. */
  readonly field: string;
  /** … for each value of this field: `state.term`. */
  readonly per: string;
  /** Only events whose fields have these values count: `{ role: 'StateLeader' }`. */
  readonly where?: Readonly<Record<string, string>>;
}

/**
 * At most one value of a field for each value of another: at most one leader a term.
 *
 * Memory grows with the number of keys.
 */
export function atMostOne({ field, per, where = {} }: UniqueRule): FieldRule {
  const findings = new Findings();
  const seen = new Map<string, Place & { readonly value: string }>();
  const conditions = Object.entries(where);
  const condition = conditions.map(([path, value]) => ` where ${path} is ${value}`).join(',');
  let events = 0;
  return {
    text: `at most one ${field} for each ${per}${condition}`,
    add(event) {
      if (!conditions.every(([path, value]) => textOf(fieldAt(event, path)) === value)) return;
      const key = textOf(fieldAt(event, per));
      const value = textOf(fieldAt(event, field));
      if (key === undefined || value === undefined) return;
      events += 1;
      const group = `${event.run ?? ''}\n${key}`;
      const before = seen.get(group);
      if (before === undefined) {
        seen.set(group, { file: event.file, line: event.line, value });
      } else if (before.value !== value) {
        const message = `${field} is ${value} for ${per} ${key}, and was ${before.value} (${placeOf(before)}).`;
        findings.add('not-unique', event, message);
      }
    },
    report: () => ({ findings: findings.list, totalFindings: findings.total, events }),
  };
}

function textOf(value: JsonValue | undefined): string | undefined {
  if (value === undefined) return undefined;
  return typeof value === 'string' ? value : jsonText(value);
}
