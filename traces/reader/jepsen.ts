/**
 * Jepsen's histories: one map an event, in EDN or JSON, and the lines of its log.
 *
 * These maps are also those of Porcupine's key–value histories and of our own NDJSON. `:invoke` is a call; `:ok`, `:fail` and `:info` say how it ended. Maps may lack `:process` (one process is meant),
 * and a file may lack calls altogether: then nothing is known of times and processes.
 */
import type { ClientEvent, ProcessId } from '../../checker/consistency/index.ts';
import { parseJson } from '../event/index.ts';
import { parseEdn, splitEdnMaps } from './edn.ts';
import { excerpt, LogError } from './log-error.ts';

type EventType = ClientEvent['type'];
const eventTypes: readonly unknown[] = ['invoke', 'ok', 'fail', 'info'] satisfies EventType[];

/**
 * Reads a history in EDN: a file of maps, or one vector or list of them.
 *
 * @throws LogError where there is none, or something else
 */
export function readJepsenEdn(text: string, file: string): ClientEvent[] {
  const events: ClientEvent[] = [];
  let forms = 0;
  for (const form of splitEdnMaps(text, file)) {
    forms += 1;
    // JSON is read as EDN without an error, and means nothing there.
    if (/^\{\s*"/.test(form.text)) throw notEvent(form.text, { file, line: form.line });
    const event = asEvent(parseEdn(form, file), { file, line: form.line });
    if (event !== undefined) events.push(event);
  }
  if (forms === 0) throw new LogError('log/empty', { file }, 'there are no operations in it.');
  return events;
}

/** Reads a history in JSON: one array of objects, or one object a line. */
export function readJepsenJson(text: string, file: string): ClientEvent[] {
  const events: ClientEvent[] = [];
  for (const { value, line } of jsonObjects(text, file)) {
    const event = asEvent(value, { file, line });
    if (event !== undefined) events.push(event);
  }
  return events;
}

/** What else looks like an operation, or like another format. */
const oddLine = /^\s*[{[]|jepsen\.util\s+-\s+\d+\s+:/;
const logLine = /^(?:.*?jepsen\.util\s+-\s+)?(\d+)\s+:(invoke|ok|fail|info)\s+:(read|write|cas)\s+(.*)$/;

/**
 * Reads the operations of a register out of Jepsen's log; lines that are not about operations are passed over.
 *
 * In these logs `:fail :cas` means that the comparison failed, which is an answer, and `:fail :read :timed-out` that
 * nothing is known.
 *
 * @throws LogError for a line that is of another format, or about an operation that registers do not have
 */
export function readJepsenLog(text: string, file: string): ClientEvent[] {
  const events: ClientEvent[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    const match = logLine.exec(line.trimEnd());
    if (match === null) {
      if (!oddLine.test(line)) continue;
      const problem = `an operation in Jepsen's log is a process, :invoke, :ok, :fail or :info, and :read, :write or :cas, not ${excerpt(line.trim())}`;
      throw new LogError('log/event', { file, line: index + 1 }, problem);
    }
    const [, process, type, f, rest] = match as unknown as [string, string, EventType, string, string];
    const failedCas = type === 'fail' && f === 'cas' && rest.startsWith('[');
    const value = type === 'info' || (type === 'fail' && !failedCas) ? undefined : parseLogValue(rest);
    events.push({
      process: Number(process),
      type: failedCas ? 'ok' : type,
      f,
      value: failedCas ? false : value,
      line: index + 1,
    });
  }
  return events;
}

/** `nil`, an integer, or a pair of integers in brackets. */
function parseLogValue(text: string): unknown {
  if (text === 'nil') return null;
  const pair = /^\[(-?\d+)\s+(-?\d+)\]$/.exec(text);
  return pair === null ? Number(text) : [Number(pair[1]), Number(pair[2])];
}

/** The event that a map describes; `undefined` for what the test itself did to the system (Jepsen's nemesis). */
function asEvent(map: unknown, place: { file: string; line: number }): ClientEvent | undefined {
  if (typeof map !== 'object' || map === null || Array.isArray(map)) throw notEvent(map, place);
  const { process = null, type, f, key, value = null } = map as Record<string, unknown>;
  if (!eventTypes.includes(type)) {
    throw new LogError(
      'log/event',
      place,
      `the type of an event is invoke, ok, fail or info, not ${excerpt(String(type))}.`,
    );
  }
  if (f !== undefined && typeof f !== 'string') throw notEvent(map, place);
  if (process === 'nemesis' || (typeof process === 'string' && type === 'info' && f !== undefined && value === null)) {
    return undefined;
  }
  if (!isProcess(process)) throw new LogError('log/event', place, 'the process of an event is a number or a name.');
  // Porcupine's key–value histories name the key beside the value; what a call asks is both.
  const asked = type === 'invoke' && key !== undefined ? { key, value } : value;
  return { process, type: type as EventType, f: f ?? 'txn', value: asked, line: place.line };
}

function isProcess(process: unknown): process is ProcessId {
  return process === null || typeof process === 'number' || typeof process === 'bigint' || typeof process === 'string';
}

function notEvent(map: unknown, place: { file: string; line: number }): LogError {
  return new LogError('log/event', place, `this is not an event of a client history: ${excerpt(String(map))}`);
}

/**
 * The objects of a JSON array, or of a file with one object after another, each with its line.
 *
 * @throws LogError where it is not JSON, or something else than objects
 */
export function* jsonObjects(text: string, file: string): Generator<{ value: unknown; line: number }, void, undefined> {
  for (const { text: object, line } of splitEdnMaps(text, file)) {
    try {
      yield { value: parseJson(object), line };
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      throw new LogError('log/syntax', { file, line }, `this is not JSON: ${excerpt(object, 80)}`);
    }
  }
}
