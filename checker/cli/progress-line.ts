/** One line on the terminal that says where a long run stands; nothing where there is no terminal. */
import type { Progress } from '../explore/index.ts';

/** When the line appears, and how often it changes: soon enough to be alive, seldom enough to be read. */
const timing = { firstAfterMs: 2000, everyMs: 200 };

/** The part of a terminal that is used. */
export interface Terminal {
  readonly isTTY: boolean;
  readonly columns: number;
  write(text: string): unknown;
}

/** A line that is rewritten in place on standard error, so that standard output holds the result alone. */
export class ProgressLine {
  readonly #terminal: Terminal;
  readonly #everyMs: number;
  #due: number;
  #isShown = false;

  constructor(terminal: Terminal = process.stderr, { firstAfterMs, everyMs } = timing) {
    this.#terminal = terminal;
    this.#everyMs = everyMs;
    this.#due = performance.now() + firstAfterMs;
  }

  /** Shows what `describe` returns, where it is time to. */
  show(describe: () => string): void {
    const now = performance.now();
    if (!this.#terminal.isTTY || now < this.#due) return;
    this.#due = now + this.#everyMs;
    this.#isShown = true;
    this.#terminal.write(`\r\u001B[2K${describe().slice(0, this.#terminal.columns - 1)}`);
  }

  /** Wipes the line, for what is printed next. */
  clear(): void {
    if (this.#isShown) this.#terminal.write('\r\u001B[2K');
    this.#isShown = false;
  }
}

/**
 * Says where a check stands: `1,234,567 states  123,457 states/s  level 14  frontier 12,345  48 MiB  10 s`; and about how
 * much longer it takes, where levels have begun to shrink. Before that nobody knows.
 */
export function describeProgress(progress: Progress): string {
  const { distinctStates, frontier, level, seconds, memoryBytes, diskBytes, toExpand } = progress;
  const rate = Math.round(distinctStates / Math.max(seconds, 0.001));
  return [
    `${count(distinctStates)} states`,
    `${count(rate)} states/s`,
    `level ${level}`,
    `frontier ${count(frontier)}`,
    `${count(Math.ceil(memoryBytes / 1024 ** 2))} MiB`,
    ...(diskBytes === undefined ? [] : [`${count(Math.ceil(diskBytes / 1024 ** 2))} MiB on disk`]),
    duration(seconds),
    ...(toExpand === undefined ? [] : [`≈ ${duration((toExpand * seconds) / (distinctStates - frontier))} left`]),
    'Ctrl-C stops and reports',
  ].join('  ');
}

/** A time in a unit in which it moves, but not too fast to be read. */
function duration(seconds: number): string {
  if (seconds < 600) return `${Math.ceil(seconds)} s`;
  return seconds < 36_000 ? `${(seconds / 60).toFixed(0)} min` : `${(seconds / 3600).toFixed(1)} h`;
}

function count(n: number): string {
  return n.toLocaleString('en-US');
}
