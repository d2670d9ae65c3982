/** What clients ask and are answered, for a property to judge. */
import type { Draft, ObservedOperation } from 'bivalent';

/** Operations in the order in which they began, and how many began and ended. */
export type Operations = { operations: ObservedOperation[]; events: number };

export const noOperations = (): Operations => ({ operations: [], events: 0 });

/** A client asks for something; clients have one operation at a time. */
export function invoke(history: Draft<Operations>, process: string, f: string, input: unknown = null): void {
  history.operations.push({ process, f, input, output: null, invoked: history.events, returned: null });
  history.events += 1;
}

/** A client is answered; for one that is not waiting, nothing happens. */
export function respond(history: Draft<Operations>, process: string, output: unknown = null): void {
  const index = history.operations.findLastIndex((operation) => operation.process === process);
  if (index < 0 || history.operations[index]!.returned !== null) return;
  history.operations[index] = { ...history.operations[index]!, output, returned: history.events };
  history.events += 1;
}
