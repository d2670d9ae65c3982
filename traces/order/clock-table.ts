/**
 * Vector clocks of many events, in typed arrays.
 *
 * A clock is stored as the entries it has (node number and count, by ascending node number), one after the other: memory
 * is eight bytes an entry, whatever the number of nodes. Events are numbered as they are added.
 */
import { CountList } from './count-list.ts';

/** The clocks of a log's events. */
export class ClockTable {
  readonly #numbers = new Map<string, number>();
  readonly #names: string[] = [];
  /** Of each event: its node, and where its entries end. */
  readonly #node = new CountList();
  readonly #end = new CountList();
  /** The entries of all events, in turn node and count. */
  readonly #entries = new CountList();

  /** How many events were added. */
  get size(): number {
    return this.#node.length;
  }

  /** The names of the nodes, by number. */
  get nodes(): readonly string[] {
    return this.#names;
  }

  /** The number of a node; a new one where the name is new. */
  nodeNumber(name: string): number {
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    const number = this.#names.push(name) - 1;
    this.#numbers.set(name, number);
    return number;
  }

  /**
   * Adds an event.
   *
   * @param node - the number of the node at which it happened
   * @param clock - pairs of node number and count, in any order, each node once
   * @returns the number of the event
   */
  add(node: number, clock: readonly (readonly [number, number])[]): number {
    for (const [entry, count] of clock.toSorted((a, b) => a[0] - b[0])) {
      this.#entries.push(entry);
      this.#entries.push(count);
    }
    this.#node.push(node);
    this.#end.push(this.#entries.length);
    return this.#node.length - 1;
  }

  /** The node of an event. */
  node(event: number): number {
    return this.#node.at(event);
  }

  /** The count that an event's clock has for a node; 0 where it has none. Cost: O(log nodes). */
  count(event: number, node: number): number {
    let low = this.#start(event) / 2;
    let high = this.#end.at(event) / 2 - 1;
    while (low <= high) {
      const middle = (low + high) >>> 1;
      const found = this.#entries.at(middle * 2);
      if (found === node) return this.#entries.at(middle * 2 + 1);
      if (found < node) low = middle + 1;
      else high = middle - 1;
    }
    return 0;
  }

  /** What number an event is at its own node, by its own clock. */
  own(event: number): number {
    return this.count(event, this.node(event));
  }

  /** The entries of an event's clock: node number and count. */
  *entries(event: number): Generator<readonly [number, number]> {
    for (let i = this.#start(event); i < this.#end.at(event); i += 2) {
      yield [this.#entries.at(i), this.#entries.at(i + 1)];
    }
  }

  /** Whether one event happened before another: the other's clock counts it. */
  precedes(first: number, second: number): boolean {
    return first !== second && this.count(second, this.node(first)) >= this.own(first);
  }

  #start(event: number): number {
    return event === 0 ? 0 : this.#end.at(event - 1);
  }
}
