/**
 * Are the vector clocks of a log those of some execution?
 *
 * The rules, for the events of a node in the order of the node's own count: the count starts at 1 and grows by one; no
 * entry of the clock goes back; and whenever an entry for another node grows to n, the n-th event of that node exists,
 * and the clock has merged that event's clock. By induction, the clocks then say exactly which events happened before
 * which: an event's clock counts another event if and only if a chain of steps and messages leads from it.
 *
 * The rules are ShiViz's (`js/model/modelGraph.js`). Only entries that grew are looked at, so that the cost is that of
 * reading the clocks. Source: Fidge 1988, Mattern 1989.
 */
import { placeOf, type LogEvent } from '../event/index.ts';
import { ClockTable } from './clock-table.ts';
import { Findings, type Finding, type Place } from './finding.ts';

/** What a check of vector clocks says. */
export interface ClockReport {
  readonly events: number;
  readonly nodes: readonly string[];
  /** The first hundred, node by node. */
  readonly findings: readonly Finding[];
  readonly totalFindings: number;
}

/** How strictly clocks are checked. */
export interface ClockOptions {
  /** Whether the log holds some of the events only: counts may then skip, and an event that is missing is no problem. */
  readonly sparse?: boolean;
}

/** Checks the vector clocks of one execution; events may come in any order, of all nodes together. */
export class VectorClockCheck {
  readonly table = new ClockTable();
  readonly #places: Place[] = [];
  readonly #findings = new Findings();
  readonly #sparse: boolean;
  /** The events of each node, as they came. */
  readonly #ofNode: number[][] = [];
  readonly #unknown = new Set<number>();

  constructor(options: ClockOptions = {}) {
    this.#sparse = options.sparse ?? false;
  }

  /** Takes an event; one without node or clock is not part of the order, and left out. */
  add(event: LogEvent): void {
    if (event.node === undefined || event.clock === undefined) return;
    const node = this.table.nodeNumber(event.node);
    if ((event.clock.get(event.node) ?? 0) === 0) {
      this.#findings.add('clock-absent', event, `the clock has no entry for its own node \`${event.node}\`.`);
      return;
    }
    const clock = [...event.clock].map(([name, count]) => [this.table.nodeNumber(name), count] as const);
    const number = this.table.add(node, clock);
    this.#places.push({ file: event.file, line: event.line });
    (this.#ofNode[node] ??= []).push(number);
  }

  /** Where an event stands in the log. */
  place(event: number): Place | undefined {
    return this.#places[event];
  }

  /** Checks all events that were added. */
  report(): ClockReport {
    for (const events of this.#ofNode) events?.sort((a, b) => this.table.own(a) - this.table.own(b));
    for (const events of this.#ofNode) if (events !== undefined) this.#checkNode(events);
    return {
      events: this.table.size,
      nodes: this.table.nodes,
      findings: this.#findings.list,
      totalFindings: this.#findings.total,
    };
  }

  #checkNode(events: readonly number[]): void {
    let previous: number | undefined;
    for (const event of events) {
      if (this.#checkStep(previous, event)) this.#checkMerges(previous, event);
      previous = event;
    }
  }

  /** Whether an event is a proper next one of its node: its entries are then worth looking at. */
  #checkStep(previous: number | undefined, event: number): boolean {
    const own = this.table.own(event);
    const expected = previous === undefined ? 1 : this.table.own(previous) + 1;
    if (own < expected && previous !== undefined) {
      const other = this.#words(previous);
      this.#found('clock-duplicate', event, `${this.#words(event)} has the same count as ${other}.`);
      return false;
    }
    if (own > expected && !this.#sparse) {
      const before = previous === undefined ? 'is the first' : `follows ${this.#words(previous)}`;
      this.#found('clock-gap', event, `${this.#words(event)} ${before}; its own count should be ${expected}.`);
    }
    if (previous === undefined) return true;
    for (const [node, count] of this.table.entries(previous)) {
      const now = this.table.count(event, node);
      if (now < count) {
        const message = `the entry for \`${this.#name(node)}\` goes back from ${count} to ${now} (before: ${this.#words(previous)}).`;
        this.#found('clock-regression', event, message);
      }
    }
    return true;
  }

  /** Looks up what an event newly knows of other nodes. */
  #checkMerges(previous: number | undefined, event: number): void {
    for (const [node, count] of this.table.entries(event)) {
      if (node === this.table.node(event)) continue;
      if (previous !== undefined && this.table.count(previous, node) >= count) continue;
      const source = this.#eventOf(node, count);
      if (source === undefined) this.#missing(event, node, count);
      else this.#checkMerge(event, source);
    }
  }

  #checkMerge(event: number, source: number): void {
    if (this.table.precedes(event, source)) {
      this.#found('cycle', event, `${this.#words(event)} and ${this.#words(source)} each come after the other.`);
      return;
    }
    for (const [node, count] of this.table.entries(source)) {
      const now = this.table.count(event, node);
      if (now >= count) continue;
      const message = `${this.#words(event)} knows ${this.#words(source)}, but has not merged its clock: the entry for \`${this.#name(node)}\` is ${now}, and should be at least ${count}.`;
      this.#found('not-merged', event, message);
      return;
    }
  }

  #missing(event: number, node: number, count: number): void {
    if (this.#ofNode[node] === undefined) {
      // Every later clock names it too: once is enough.
      if (this.#unknown.has(node)) return;
      this.#unknown.add(node);
      const message = `the clock names the node \`${this.#name(node)}\`, of which the log has no events: is its own log missing?`;
      this.#found('unknown-node', event, message);
    } else if (!this.#sparse) {
      const message = `the clock counts ${count} events of \`${this.#name(node)}\`, but the log has no event ${count} of it.`;
      this.#found('unknown-event', event, message);
    }
  }

  /** The event of a node with this count of its own. Cost: O(log events). */
  #eventOf(node: number, count: number): number | undefined {
    const events = this.#ofNode[node] ?? [];
    let low = 0;
    let high = events.length - 1;
    while (low <= high) {
      const middle = (low + high) >>> 1;
      const event = events[middle] ?? 0;
      const own = this.table.own(event);
      if (own === count) return event;
      if (own < count) low = middle + 1;
      else high = middle - 1;
    }
    return undefined;
  }

  #found(kind: Finding['kind'], event: number, message: string): void {
    this.#findings.add(kind, this.#places[event] ?? { file: '', line: 0 }, message);
  }

  #name(node: number): string {
    return this.table.nodes[node] ?? '';
  }

  /** `event 3 of n1 (log:7)`. */
  #words(event: number): string {
    const place = this.#places[event];
    const where = place === undefined ? '' : ` (${placeOf(place)})`;
    return `event ${this.table.own(event)} of \`${this.#name(this.table.node(event))}\`${where}`;
  }
}
