/**
 * From events (a call, an answer) to operations.
 *
 * A process has one operation open at a time; that is what pairs an answer with its call, and breaking it is an error
 * of the log, not of the system under test.
 */
import { BivalentError } from '../core/index.ts';
import type { Operation, ProcessId } from './operation.ts';

/** One line of a client log, in the words of Jepsen: a call, or how it ended. */
export interface ClientEvent {
  readonly process: ProcessId;
  /**
   * `invoke` is a call; `ok` an answer; `fail` says that the operation did not happen; `info` that nobody knows
   * whether it did or will.
   */
  readonly type: 'invoke' | 'ok' | 'fail' | 'info';
  readonly f: string;
  readonly value: unknown;
  /** The line of the log, counted from 1. */
  readonly line?: number;
}

/** A history that breaks the rules of client histories, or that a model cannot read, with the line that does. */
export class HistoryError extends BivalentError {
  /**
   * @param problem - one sentence without the place
   * @param line - of the log, counted from 1, where it is known
   */
  constructor(problem: string, line: number | undefined) {
    super('history/malformed', problem, line === undefined ? {} : { line });
  }
}

/**
 * Pairs calls with their answers, in the order of the calls; operations that failed are left out.
 *
 * @throws HistoryError for an answer without a call, an answer to another operation than the one that is open, and a
 *   call by a process that has one open
 */
export function pairEvents(events: readonly ClientEvent[]): Operation[] {
  const open = new Map<ProcessId, { event: ClientEvent; position: number; index: number }>();
  const operations: (Operation | undefined)[] = [];
  for (const [position, event] of events.entries()) {
    const call = open.get(event.process);
    if (event.type === 'invoke') {
      if (call !== undefined) throw twoOpen(event, call.event);
      open.set(event.process, { event, position, index: operations.length });
      operations.push(asOperation(event, position, undefined, Infinity));
      continue;
    }
    if (call === undefined) throw unasked(event);
    if (call.event.f !== event.f) throw otherAnswer(event, call.event);
    open.delete(event.process);
    if (event.type === 'ok') {
      operations[call.index] = asOperation(call.event, call.position, event.value, position);
    } else if (event.type === 'fail') {
      operations[call.index] = undefined;
    }
  }
  return operations.filter((operation) => operation !== undefined);
}

function asOperation(call: ClientEvent, invoked: number, output: unknown, returned: number): Operation {
  const { process, f, value: input, line } = call;
  return { process, f, input, output, invoked, returned, ...(line === undefined ? {} : { line }) };
}

function twoOpen(event: ClientEvent, open: ClientEvent): HistoryError {
  const since = open.line === undefined ? '' : ` since line ${open.line}`;
  return new HistoryError(
    `process ${event.process} calls ${event.f} while its ${open.f} is open${since}. A process has one operation open at a time.`,
    event.line,
  );
}

function unasked(event: ClientEvent): HistoryError {
  return new HistoryError(
    `process ${event.process} has an answer (${event.type}) to ${event.f}, which it has not called.`,
    event.line,
  );
}

function otherAnswer(event: ClientEvent, open: ClientEvent): HistoryError {
  return new HistoryError(
    `process ${event.process} has an answer (${event.type}) to ${event.f}, but the operation it has open is ${open.f}.`,
    event.line,
  );
}
