/**
 * Which events of a log happened before which, known from what the log has: vector clocks, or else the order of each
 * node's own events and of each message's send and receive.
 *
 * Where the log has no clocks they are computed: events are taken in an order that respects both kinds of edges (Kahn's
 * algorithm, no recursion), each merging the clocks of those before it. Source: Lamport 1978; Fidge 1988; Mattern 1989.
 */
import { placeOf, type LogEvent } from '../event/index.ts';
import { LogError } from '../reader/index.ts';
import { ClockTable } from './clock-table.ts';

/** The order of the events of one execution. Events are numbered as they stand in the log. */
export class HappenedBefore {
  readonly events: readonly LogEvent[];
  readonly #table: ClockTable;
  /** The event's number in the table; -1 where it has no place in the order. */
  readonly #inTable: Int32Array;

  private constructor(events: readonly LogEvent[], table: ClockTable, inTable: Int32Array) {
    this.events = events;
    this.#table = table;
    this.#inTable = inTable;
  }

  /**
   * The order of these events.
   *
   * Cost: O(events × nodes) at most, in time and memory.
   *
   * @param events - of one execution; each node's events in the node's own order
   * @throws LogError where the messages contradict the order of the nodes' events
   */
  static of(events: readonly LogEvent[]): HappenedBefore {
    const inTable = new Int32Array(events.length).fill(-1);
    const table = new ClockTable();
    if (events.some((event) => event.clock !== undefined)) fromClocks(events, table, inTable);
    else fromMessages(events, table, inTable);
    return new HappenedBefore(events, table, inTable);
  }

  /** Whether the first event happened before the second. Cost: O(log nodes). */
  precedes(first: number, second: number): boolean {
    const a = this.#inTable[first] ?? -1;
    const b = this.#inTable[second] ?? -1;
    return a >= 0 && b >= 0 && this.#table.precedes(a, b);
  }

  /** Whether neither of two different events happened before the other. */
  concurrent(first: number, second: number): boolean {
    return first !== second && !this.precedes(first, second) && !this.precedes(second, first);
  }

  /**
   * The edges of the order, without those that follow from others: from each event to the next of its node, and to
   * those events of other nodes that were the first at their node to know it.
   */
  *edges(): Generator<readonly [from: number, to: number]> {
    const index = this.#index();
    for (const [event, row] of this.#inTable.entries()) {
      if (row < 0) continue;
      const node = this.#table.node(row);
      const previous = index.get(rowKey(node, this.#table.own(row) - 1));
      if (previous !== undefined) yield [previous.event, event];
      const news = [...this.#table.entries(row)].flatMap(([other, count]) => {
        const known = previous !== undefined && this.#table.count(previous.row, other) >= count;
        const source = other === node || known ? undefined : index.get(rowKey(other, count));
        return source === undefined ? [] : [source];
      });
      for (const source of news) {
        // Known by way of another of the news: its edge says it already.
        if (!news.some((other) => this.#table.precedes(source.row, other.row))) yield [source.event, event];
      }
    }
  }

  /** Finds events by node and own count. */
  #index(): ReadonlyMap<string, { readonly event: number; readonly row: number }> {
    const index = new Map<string, { event: number; row: number }>();
    for (const [event, row] of this.#inTable.entries()) {
      if (row >= 0) index.set(rowKey(this.#table.node(row), this.#table.own(row)), { event, row });
    }
    return index;
  }
}

function rowKey(node: number, own: number): string {
  return `${node}:${own}`;
}

function fromClocks(events: readonly LogEvent[], table: ClockTable, inTable: Int32Array): void {
  for (const [i, { node, clock }] of events.entries()) {
    if (node === undefined || clock === undefined || !clock.has(node)) continue;
    inTable[i] = table.add(
      table.nodeNumber(node),
      [...clock].map(([name, count]) => [table.nodeNumber(name), count] as const),
    );
  }
}

function fromMessages(events: readonly LogEvent[], table: ClockTable, inTable: Int32Array): void {
  const { predecessors, successors } = adjacency(events);
  const missing = predecessors.map((list) => list.length);
  const queue = [...events.keys()].filter((i) => missing[i] === 0);
  for (let head = 0; head < queue.length; head += 1) {
    const event = queue[head] ?? 0;
    inTable[event] = addMerged(events[event], predecessors[event] ?? [], table, inTable);
    for (const next of successors[event] ?? []) {
      missing[next] = (missing[next] ?? 0) - 1;
      if (missing[next] === 0) queue.push(next);
    }
  }
  if (queue.length === events.length) return;
  const stuck = events[missing.findIndex((count) => count > 0)];
  if (stuck === undefined) return;
  const problem =
    'the messages contradict the order of the events at the nodes: this event would have to come before itself.';
  throw new LogError('log/event', stuck, problem);
}

/** For each event, those directly before and after it: at its node, and through its message. */
function adjacency(events: readonly LogEvent[]): { predecessors: number[][]; successors: number[][] } {
  const predecessors: number[][] = events.map(() => []);
  const successors: number[][] = events.map(() => []);
  const link = (from: number | undefined, to: number): void => {
    if (from === undefined) return;
    predecessors[to]?.push(from);
    successors[from]?.push(to);
  };
  const last = new Map<string, number>();
  const sends = new Map<string, number>();
  for (const [i, { message }] of events.entries()) if (message?.kind === 'send') sends.set(message.id, i);
  for (const [i, { node, message }] of events.entries()) {
    if (node !== undefined) {
      link(last.get(node), i);
      last.set(node, i);
    }
    if (message?.kind === 'receive') link(sends.get(message.id), i);
  }
  return { predecessors, successors };
}

function addMerged(
  event: LogEvent | undefined,
  predecessors: readonly number[],
  table: ClockTable,
  inTable: Int32Array,
): number {
  const clock = new Map<number, number>();
  for (const predecessor of predecessors) {
    for (const [node, count] of table.entries(inTable[predecessor] ?? 0)) {
      clock.set(node, Math.max(count, clock.get(node) ?? 0));
    }
  }
  // An event without node is a node of its own: ordered by its message alone.
  const node = table.nodeNumber(event?.node ?? (event === undefined ? '' : placeOf(event)));
  clock.set(node, (clock.get(node) ?? 0) + 1);
  return table.add(node, [...clock]);
}
