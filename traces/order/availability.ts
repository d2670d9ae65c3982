/**
 * How much of a log's time each node was up, from events that say so.
 *
 * A node is up from its first event (unless that is its going down) to the last event of the whole log, but for the time
 * between a `down` and the next `up`.
 */
import { nanosecondsOf, type LogEvent } from '../event/index.ts';

/** The share of time that a node was up. */
export interface NodeAvailability {
  readonly node: string;
  readonly upSeconds: number;
  readonly downSeconds: number;
  /** From 0 to 1. */
  readonly share: number;
  /** `-log10(1 - share)`: 3 for 99.9 %. `Infinity` where the node was never down. */
  readonly nines: number;
}

/** Which events say that a node is up or down, by their names. */
export interface AvailabilityEvents {
  readonly up: readonly string[];
  readonly down: readonly string[];
}

interface NodeTimes {
  up: boolean;
  since: bigint;
  upTime: bigint;
  downTime: bigint;
}

/** Measures availability in one pass; events without node or time are passed over. */
export class AvailabilityMeter {
  readonly #names: AvailabilityEvents;
  readonly #nodes = new Map<string, NodeTimes>();
  #last: bigint | undefined;

  constructor(names: AvailabilityEvents) {
    this.#names = names;
  }

  add(event: LogEvent): void {
    const time = event.time === undefined ? undefined : nanosecondsOf(event.time);
    if (time === undefined || event.node === undefined) return;
    if (this.#last === undefined || time > this.#last) this.#last = time;
    const name = event.name ?? '';
    const goesDown = this.#names.down.includes(name);
    const node = this.#nodes.get(event.node);
    if (node === undefined) {
      this.#nodes.set(event.node, { up: !goesDown, since: time, upTime: 0n, downTime: 0n });
    } else if (node.up ? goesDown : this.#names.up.includes(name)) {
      settle(node, time);
      node.up = !node.up;
    }
  }

  /** The availability of each node, in the order in which they appeared. */
  report(): readonly NodeAvailability[] {
    return [...this.#nodes].map(([name, node]) => {
      settle(node, this.#last ?? node.since);
      const total = node.upTime + node.downTime;
      const share = total === 0n ? (node.up ? 1 : 0) : Number(node.upTime) / Number(total);
      return {
        node: name,
        upSeconds: Number(node.upTime) / 1e9,
        downSeconds: Number(node.downTime) / 1e9,
        share,
        nines: share === 1 ? Infinity : -Math.log10(1 - share),
      };
    });
  }
}

/** Adds the time since the last change to what the node has been since. */
function settle(node: NodeTimes, time: bigint): void {
  const elapsed = time > node.since ? time - node.since : 0n;
  if (node.up) node.upTime += elapsed;
  else node.downTime += elapsed;
  node.since = time;
}
