/**
 * A partial order of events: each node's own order, and what must come before each event at the other nodes.
 *
 * A cut is, for each node, how many of its events are explained. An event may come next when it is its node's next and
 * every event that must come before it is in the cut. The number of cuts is at most the product of the nodes' events,
 * however many orders lead to each of them.
 */
import { BivalentError } from '../../checker/core/index.ts';
import { nanosecondsOf, placeOf, type LogEvent } from '../event/index.ts';
import type { BoundEvent } from './expectation.ts';
import type { Cut, LogOrder, ReadyEvent } from './log-order.ts';

/** That at least `count` events of a sequence come before. */
interface Requirement {
  readonly sequence: number;
  readonly count: number;
}

/** The orders of a log that respect requirements between the events of its nodes. */
export class PartialOrder implements LogOrder {
  readonly start: Cut;
  readonly #sequences: readonly (readonly BoundEvent[])[];
  readonly #requirements: ReadonlyMap<BoundEvent, readonly Requirement[]>;
  readonly #total: number;

  constructor(
    sequences: readonly (readonly BoundEvent[])[],
    requirements: ReadonlyMap<BoundEvent, readonly Requirement[]>,
  ) {
    this.#sequences = sequences;
    this.#requirements = requirements;
    this.#total = sequences.reduce((total, sequence) => total + sequence.length, 0);
    this.start = new Uint32Array(sequences.length);
  }

  load(): undefined {
    return undefined;
  }

  ready(cut: Cut): readonly ReadyEvent[] {
    const counts = cut as Uint32Array;
    return this.#sequences.flatMap((sequence, i) => {
      const bound = sequence[counts[i] ?? 0];
      if (bound === undefined || !this.#isReady(bound, counts)) return [];
      const next = counts.slice();
      next[i] = (next[i] ?? 0) + 1;
      return [{ bound, next }];
    });
  }

  #isReady(bound: BoundEvent, counts: Uint32Array): boolean {
    const requirements = this.#requirements.get(bound) ?? [];
    return requirements.every(({ sequence, count }) => (counts[sequence] ?? 0) >= count);
  }

  isEnd(cut: Cut): boolean {
    return this.size(cut) === this.#total;
  }

  key(cut: Cut): string {
    return (cut as Uint32Array).join(',');
  }

  size(cut: Cut): number {
    return (cut as Uint32Array).reduce((sum, count) => sum + count, 0);
  }

  forgetBefore(): void {
    // All events are held: which will be asked for again depends on the node.
  }
}

/**
 * The order that vector clocks and messages give.
 *
 * @param all - every event of the log, also those that the binding passes over: clocks count them
 * @param bound - those that must be explained
 * @throws BivalentError `log/no-order` where the log has nothing that orders its nodes
 */
export function causalOrder(all: readonly LogEvent[], bound: readonly BoundEvent[]): PartialOrder {
  const grouped = groupByNode(bound);
  const isOrdered = all.some((event) => event.clock !== undefined || event.message !== undefined);
  if (!isOrdered && grouped.sequences.length > 1) {
    const message = 'The log has neither vector clocks nor messages: nothing orders the events of its nodes';
    throw new BivalentError('log/no-order', message);
  }
  const sends = new Map<string, BoundEvent>();
  for (const event of bound) if (event.event.message?.kind === 'send') sends.set(event.event.message.id, event);
  const requirements = new Map<BoundEvent, Requirement[]>();
  for (const event of bound) {
    const { clock, message, node } = event.event;
    const required = [...(clock ?? [])].flatMap(([other, count]): Requirement[] => {
      const sequence = grouped.numbers.get(other);
      if (sequence === undefined || other === node) return [];
      return [{ sequence, count: eventsUpTo(grouped.sequences[sequence] ?? [], other, count) }];
    });
    const send = message?.kind === 'receive' ? sends.get(message.id) : undefined;
    if (send !== undefined) required.push(positionOf(grouped, send));
    requirements.set(
      event,
      required.filter(({ count }) => count > 0),
    );
  }
  return new PartialOrder(grouped.sequences, requirements);
}

/**
 * The order that timestamps give: an event comes after those of other nodes that are older by more than the tolerance.
 *
 * @throws BivalentError `log/no-time` for an event without a time
 */
export function timeOrder(bound: readonly BoundEvent[], toleranceMs: number): PartialOrder {
  const tolerance = BigInt(Math.round(toleranceMs * 1e6));
  const times = new Map(bound.map((event) => [event, timeOf(event.event)]));
  const timeAt = (event: BoundEvent): bigint => times.get(event) ?? 0n;
  const inOrder = bound.toSorted((a, b) => Number(timeAt(a) - timeAt(b)));
  const { sequences } = groupByNode(inOrder);
  const requirements = new Map<BoundEvent, Requirement[]>();
  // How many events of each node are older than what the tolerance leaves open: moves forward with the time.
  const older = sequences.map(() => 0);
  for (const event of inOrder) {
    const limit = timeAt(event) - tolerance;
    for (const [i, sequence] of sequences.entries()) {
      for (
        let next = sequence[older[i] ?? 0];
        next !== undefined && timeAt(next) < limit;
        next = sequence[older[i] ?? 0]
      ) {
        older[i] = (older[i] ?? 0) + 1;
      }
    }
    requirements.set(
      event,
      older.map((count, sequence) => ({ sequence, count })).filter(({ count }) => count > 0),
    );
  }
  return new PartialOrder(sequences, requirements);
}

function timeOf(event: LogEvent): bigint {
  const time = event.time === undefined ? undefined : nanosecondsOf(event.time);
  if (time !== undefined) return time;
  throw new BivalentError('log/no-time', `${placeOf(event)}: the event has no time to order it by`, event);
}

interface Grouped {
  readonly sequences: BoundEvent[][];
  readonly numbers: ReadonlyMap<string, number>;
}

/** Events without a node are together one sequence. */
function groupByNode(bound: readonly BoundEvent[]): Grouped {
  const numbers = new Map<string, number>();
  const sequences: BoundEvent[][] = [];
  for (const event of bound) {
    const node = event.event.node ?? '';
    const number = numbers.get(node) ?? sequences.push([]) - 1;
    numbers.set(node, number);
    sequences[number]?.push(event);
  }
  // A node's clock says its own order, whatever the order of the lines.
  for (const [node, number] of numbers) {
    const sequence = sequences[number];
    if (sequence?.every(({ event }) => event.clock?.has(node) === true)) {
      sequence.sort((a, b) => (a.event.clock?.get(node) ?? 0) - (b.event.clock?.get(node) ?? 0));
    }
  }
  return { sequences, numbers };
}

/** How many events of a node have an own count of at most `count`. Cost: O(log events). */
function eventsUpTo(sequence: readonly BoundEvent[], node: string, count: number): number {
  let low = 0;
  let high = sequence.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sequence[middle]?.event.clock?.get(node) ?? 0) <= count) low = middle + 1;
    else high = middle;
  }
  return low;
}

function positionOf({ sequences, numbers }: Grouped, event: BoundEvent): Requirement {
  const sequence = numbers.get(event.event.node ?? '') ?? 0;
  return { sequence, count: (sequences[sequence]?.indexOf(event) ?? -1) + 1 };
}
