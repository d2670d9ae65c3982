/**
 * Client histories in CSV: one operation a row with the times of its call and answer, or one event a row.
 *
 * `call_ns,return_ns,client_id,op,key,value,output` has `GET`, `PUT`, `DELETE`, `ENQ` and `DEQ`, with `NotFound` and
 * `<empty>` as answers; `UniqueID,ClientID,Kind,Action,Payload…` has invocations and responses of a client interface
 * in the order of time, with tagged JSON values.
 */
import type { ClientEvent, Operation } from '../../checker/consistency/index.ts';
import { readRows, type CsvRow } from './csv.ts';
import { excerpt, LogError } from './log-error.ts';
import type { Source } from './source.ts';

/** What a CSV history holds: operations with times, or events in order. */
export type CsvHistory = { readonly operations: readonly Operation[] } | { readonly events: readonly ClientEvent[] };

/**
 * Reads a CSV history.
 *
 * @throws LogError for a header that is neither kind, and rows that are not operations
 */
export async function readHistoryCsv(source: Source): Promise<CsvHistory> {
  let header: readonly string[] | undefined;
  const rows: { fields: Readonly<Record<string, string>>; line: number }[] = [];
  for await (const { row, line } of readRows(source)) {
    if (header === undefined) header = row;
    else rows.push({ fields: asFields(header, row, { file: source.name, line: line.number }), line: line.number });
  }
  if (header?.includes('call_ns') === true) {
    return { operations: rows.map(({ fields, line }) => asOperation(fields, { file: source.name, line })) };
  }
  if (header?.includes('Kind') === true && header.includes('Action')) {
    return { events: rows.map(({ fields, line }) => asEvent(fields, { file: source.name, line })) };
  }
  throw new LogError(
    'log/unknown-format',
    { file: source.name, line: 1 },
    'a CSV history has the columns call_ns, return_ns, client_id, op, … or UniqueID, ClientID, Kind, Action, Payload.',
  );
}

interface Place {
  readonly file: string;
  readonly line: number;
}

function asFields(header: readonly string[], row: CsvRow['row'], place: Place): Record<string, string> {
  // A row may leave out empty fields at its end.
  if (row.length > header.length)
    throw new LogError(
      'log/event',
      place,
      `the row has ${row.length} fields, but the first row names ${header.length}.`,
    );
  return Object.fromEntries(header.map((name, i) => [name, row[i] ?? '']));
}

const functions: Readonly<Record<string, string>> = {
  GET: 'get',
  PUT: 'put',
  APPEND: 'append',
  DELETE: 'delete',
  ENQ: 'enqueue',
  DEQ: 'dequeue',
};

function asOperation(fields: Readonly<Record<string, string>>, place: Place): Operation {
  const { op = '', key = '', value = '', output = '', client_id: client = '' } = fields;
  const f = functions[op];
  if (f === undefined)
    throw new LogError(
      'log/event',
      place,
      `an operation is one of ${Object.keys(functions).join(', ')}, not ${excerpt(op)}.`,
    );
  const isQueue = f === 'enqueue' || f === 'dequeue';
  const answers = f === 'get' || f === 'dequeue';
  const input = isQueue ? (f === 'enqueue' ? value : null) : f === 'get' || f === 'delete' ? { key } : { key, value };
  const answer = output === 'NotFound' || output === '<empty>' ? null : output;
  return {
    // Rows are operations by themselves: a client may have several open, and only their times matter.
    process: client,
    f,
    input,
    output: answers ? answer : null,
    invoked: time(fields['call_ns'], place),
    returned: fields['return_ns'] === '' ? Infinity : time(fields['return_ns'], place),
    line: place.line,
  };
}

/** Nanoseconds may be beyond 2^53; what is compared is exact as long as they are within a day of each other. */
function time(text: string | undefined, place: Place): number {
  if (text === undefined || !/^-?\d+$/.test(text))
    throw new LogError('log/event', place, `a time is a whole number, not ${excerpt(text ?? 'nothing')}.`);
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new LogError('log/event', place, `the time ${text} is beyond 2^53.`);
  return value;
}

const actions: Readonly<Record<string, string>> = { Read: 'get', Write: 'put', Delete: 'delete' };

function asEvent(fields: Readonly<Record<string, string>>, place: Place): ClientEvent {
  const { UniqueID: id = '', Kind: kind = '', Action: action = '' } = fields;
  const f = actions[action.split('.').at(-1) ?? ''];
  if (f === undefined || (kind !== 'Invocation' && kind !== 'Response')) {
    throw new LogError(
      'log/event',
      place,
      `an event is an Invocation or Response of Read, Write or Delete, not ${excerpt(`${kind} ${action}`)}.`,
    );
  }
  const payload = payloads(fields, place);
  const isCall = kind === 'Invocation';
  const call = f === 'put' ? { key: payload[1], value: payload[2] } : { key: payload[1] };
  // Each operation has a number of its own, which is what pairs an answer with its call.
  return {
    process: id,
    type: isCall ? 'invoke' : 'ok',
    f,
    value: isCall ? call : f === 'get' ? payload[0] : null,
    line: place.line,
  };
}

/** The three values of an event: one JSON array of texts in a column, or a column each. */
function payloads(fields: Readonly<Record<string, string>>, place: Place): unknown[] {
  const { Payload: all } = fields;
  const texts =
    all === undefined ? [fields['Payload1'], fields['Payload2'], fields['Payload3']] : (parse(all, place) as string[]);
  return texts.map((text) => (text === undefined || text === '' ? null : untagged(parse(text, place))));
}

function parse(text: string, place: Place): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new LogError('log/syntax', place, `this is not JSON: ${excerpt(text)}`);
  }
}

/** The value in `{"type": "VString", "value": …}`; an option is its value or `null`. */
function untagged(tagged: unknown): unknown {
  if (typeof tagged !== 'object' || tagged === null || !('value' in tagged)) return tagged;
  return untagged(tagged.value);
}
