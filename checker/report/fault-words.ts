/** The faults of a behaviour in one line. */
import type { TraceStep } from '../explore/index.ts';
import type { FaultName } from '../protocol/index.ts';

/** How one and how several of each fault of the protocol layer are called. */
const words: Readonly<Record<FaultName, readonly [one: string, several: string]>> = {
  crash: ['crash', 'crashes'],
  restart: ['restart', 'restarts'],
  crashForever: ['crash without restart', 'crashes without restart'],
  unsynced: ['crash with unsynced writes lost', 'crashes with unsynced writes lost'],
  torn: ['crash with a torn write', 'crashes with torn writes'],
  pause: ['pause', 'pauses'],
  resume: ['resumption', 'resumptions'],
  loss: ['lost message', 'lost messages'],
  duplication: ['duplicated message', 'duplicated messages'],
  partition: ['partition', 'partitions'],
  cutLink: ['cut link', 'cut links'],
  heal: ['healing', 'healings'],
  drift: ['clock drift', 'clock drifts'],
  clockStep: ['clock step', 'clock steps'],
  byzantine: ['Byzantine message', 'Byzantine messages'],
};

/**
 * Counts the faults of a behaviour: `2 crashes, 1 lost message`, in the order in which they first happen.
 *
 * @param faults - the actions that are faults
 * @returns `undefined` where none happens
 */
export function faultsLine(trace: readonly TraceStep[], faults: readonly string[]): string | undefined {
  const counts = new Map<string, number>();
  for (const { action } of trace) {
    if (action !== null && faults.includes(action)) counts.set(action, (counts.get(action) ?? 0) + 1);
  }
  const phrases = [...counts].map(([fault, count]) => {
    const [one, several] = Object.hasOwn(words, fault) ? words[fault as FaultName] : [fault, fault];
    return `${count} ${count === 1 ? one : several}`;
  });
  return phrases.length === 0 ? undefined : phrases.join(', ');
}
