/** In which orders the events of a log may have happened. */
import type { LogEvent } from '../event/index.ts';
import type { BoundEvent } from './expectation.ts';

/** How far a log has been explained: opaque to the search. */
export type Cut = number | Uint32Array;

/** An event that may come next, and how far the log is explained after it. */
export interface ReadyEvent {
  readonly bound: BoundEvent;
  readonly next: Cut;
}

/** The orders of a log's events. Cuts reached by different orders of the same events are equal. */
export interface LogOrder {
  readonly start: Cut;
  /** Makes `ready` answer for this cut; nothing to wait for where it does already. */
  load(cut: Cut): Promise<void> | undefined;
  /** The events that may come next; none at the end of the log. */
  ready(cut: Cut): readonly ReadyEvent[];
  isEnd(cut: Cut): boolean;
  /** Equal for equal cuts, and only for those, among cuts of the same number of events. */
  key(cut: Cut): string;
  /** How many events are explained. */
  size(cut: Cut): number;
  /** Says that no cut of fewer events will be asked for again. */
  forgetBefore(size: number): void;
}

/** One order: the events as they come. Holds the events from the oldest that may be asked for to the last that was read. */
export class TotalOrder implements LogOrder {
  readonly start = 0;
  readonly #source: AsyncIterator<LogEvent>;
  readonly #bind: (event: LogEvent) => BoundEvent | undefined;
  #held: BoundEvent[] = [];
  /** How many events came before those that are held. */
  #dropped = 0;
  #ended = false;

  /**
   * @param events - in their order
   * @param bind - makes an event ready; `undefined` where it is passed over
   */
  constructor(events: AsyncIterator<LogEvent>, bind: (event: LogEvent) => BoundEvent | undefined) {
    this.#source = events;
    this.#bind = bind;
  }

  load(cut: Cut): Promise<void> | undefined {
    return this.#ended || Number(cut) < this.#dropped + this.#held.length ? undefined : this.#read();
  }

  async #read(): Promise<void> {
    const enough = this.#held.length + 256;
    while (this.#held.length < enough && !this.#ended) {
      const next = await this.#source.next();
      if (next.done === true) {
        this.#ended = true;
      } else {
        const bound = this.#bind(next.value);
        if (bound !== undefined) this.#held.push(bound);
      }
    }
  }

  ready(cut: Cut): readonly ReadyEvent[] {
    const bound = this.at(Number(cut));
    return bound === undefined ? [] : [{ bound, next: Number(cut) + 1 }];
  }

  /** The event of this number, where it is held. */
  at(index: number): BoundEvent | undefined {
    return this.#held[index - this.#dropped];
  }

  isEnd(cut: Cut): boolean {
    return this.#ended && Number(cut) >= this.#dropped + this.#held.length;
  }

  key(): string {
    return '';
  }

  size(cut: Cut): number {
    return Number(cut);
  }

  forgetBefore(size: number): void {
    // In strides, as removing from the front of an array costs its length.
    if (size - this.#dropped < 1024) return;
    this.#held = this.#held.slice(size - this.#dropped);
    this.#dropped = size;
  }
}
