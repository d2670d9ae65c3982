/** What logical and physical clocks promise of the events that they stamp. Source: Lamport 1978; Fidge, Mattern 1988. */
import { assert } from '../../core/index.ts';

/** An event, as a history variable holds it: numbered in the order in which events happened in the run. */
export interface StampedEvent {
  /** Its number: 0, 1, 2, … */
  readonly id: number;
  readonly node: string;
  /** For a receive, the number of the send; `null` for any other event. */
  readonly sent: number | null;
}

/**
 * The happened-before relation: whether an event happened before another, by their numbers.
 *
 * It is the least order in which events of one node come in the order of their numbers, and a send before its receive.
 * Cost: O(n²) for n events.
 *
 * @param events - all events, by number
 */
export function happenedBefore(events: readonly StampedEvent[]): (a: number, b: number) => boolean {
  const past: ReadonlySet<number>[] = [];
  const last = new Map<string, number>();
  for (const [i, { id, node, sent }] of events.entries()) {
    assert(id === i, 'events are numbered in the order in which they happened');
    const direct = [last.get(node), sent ?? undefined].filter((cause) => cause !== undefined);
    past.push(new Set(direct.flatMap((cause) => [cause, ...(past[cause] ?? [])])));
    last.set(node, id);
  }
  return (a, b) => past[b]?.has(a) ?? false;
}

/** An event in the list of its node; of a receive, `sent` says which event of which node the send was, counted from 0. */
export interface NodeEvent {
  readonly sent: { readonly node: string; readonly number: number } | null;
}

/**
 * The events of all nodes as one list, in an order in which they can have happened.
 *
 * A history that is one list tells states apart by the order of concurrent events: there are many more of them than
 * where each node has a list of its own. A receive whose send never happened, or only after it, is left to the end, and
 * {@link happenedBeforeConsistency} fails.
 *
 * @param byNode - the events of each node, in order
 */
export function inCausalOrder<E extends NodeEvent>(
  byNode: Readonly<Record<string, readonly E[]>>,
): readonly (Omit<E, 'sent'> & StampedEvent)[] {
  const ids = new Map<string, number>();
  const ordered: (Omit<E, 'sent'> & StampedEvent)[] = [];
  const left = Object.entries(byNode).map(([node, events]) => ({ node, events, next: 0 }));
  const idOf = ({ sent }: E): number | null =>
    sent === null ? null : (ids.get(`${sent.node} ${sent.number}`) ?? missing);
  const appendNext = (list: (typeof left)[number]): void => {
    const [id, event] = [ordered.length, list.events[list.next]!];
    ordered.push({ ...event, id, node: list.node, sent: idOf(event) });
    ids.set(`${list.node} ${list.next}`, id);
    list.next += 1;
  };
  for (let before = -1; before < ordered.length;) {
    before = ordered.length;
    for (const list of left) {
      while (list.next < list.events.length && idOf(list.events[list.next]!) !== missing) appendNext(list);
    }
  }
  for (const list of left) while (list.next < list.events.length) appendNext(list);
  return ordered;
}

/** In the place of the number of an event that did not happen. */
const missing = -1;

/** Whether every receive has a send that was there before it, on another event. If it fails, causes follow effects. */
export function happenedBeforeConsistency(events: readonly StampedEvent[]): boolean {
  return events.every(({ id, sent }) => sent === null || (sent < id && events[sent]?.id === sent));
}

/** Whether a → b implies C(a) < C(b): Lamport's clock condition. If it fails, sorting by time puts effects before causes. */
export function clockCondition(events: readonly (StampedEvent & { readonly clock: number })[]): boolean {
  const isBefore = happenedBefore(events);
  return events.every((a) => events.every((b) => !isBefore(a.id, b.id) || a.clock < b.clock));
}

/** A vector clock: for each node, how many of its events are known. */
export type VectorClock = Readonly<Record<string, number>>;

/** Whether one vector clock is less than another: nowhere greater, and not the same. */
export function isVectorLess(a: VectorClock, b: VectorClock): boolean {
  const nodes = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  const atMost = (x: VectorClock, y: VectorClock): boolean => nodes.every((node) => (x[node] ?? 0) <= (y[node] ?? 0));
  return atMost(a, b) && !atMost(b, a);
}

/** Whether a → b exactly where V(a) < V(b). If it fails, concurrent writes pass for ordered ones, and one is lost. */
export function vectorClockEquivalence(events: readonly (StampedEvent & { readonly vector: VectorClock })[]): boolean {
  const isBefore = happenedBefore(events);
  return events.every((a) => events.every((b) => isBefore(a.id, b.id) === isVectorLess(a.vector, b.vector)));
}

/** Whether a clock did not go back, of a step. If it fails, a later event gets an earlier time. */
export function clockMonotonicity(before: number, after: number): boolean {
  return after >= before;
}
