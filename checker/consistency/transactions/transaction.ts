/**
 * Transaction histories: what the clients of a database did in each transaction, and what they know of its outcome.
 *
 * Micro-operations are tuples as in Jepsen (`['r', key, value]`), because histories have millions of them. Values that
 * are written are unique for their key, so that a value that is read names the write that it saw.
 */
import type { ProcessId } from '../operation.ts';

/** What identifies an object of the database. */
export type Key = string | number | bigint;

/** A value that is written or read; `null` is the initial one. */
export type Stored = string | number | bigint | boolean | null;

/** Reads a register (or, in a list-append history, a list), writes a register, appends to a list. */
export type MicroOperation =
  | readonly ['r', Key, Stored | readonly Stored[] | undefined]
  | readonly ['w', Key, Stored]
  | readonly ['append', Key, Stored];

/** One transaction. */
export interface Transaction {
  /** The client, thread or session that ran it. */
  readonly session: ProcessId;
  /** What the client was told: `unknown` where it may have committed or not. */
  readonly outcome: 'committed' | 'aborted' | 'unknown';
  /** In the order in which it did them. A read whose answer is unknown has the value `undefined`. */
  readonly operations: readonly MicroOperation[];
  /** The position of its begin in the history, where that is known. */
  readonly invoked?: number;
  /** The position of its end; `Infinity` or absent where unknown. */
  readonly returned?: number;
  /** The line of the log, counted from 1. */
  readonly line?: number;
}

/** How a transaction history is to be read. */
export interface TransactionHistory {
  /** The transactions of each session in the order in which it ran them. */
  readonly transactions: readonly Transaction[];
  /**
   * Whether isolation levels must respect the order of a session's transactions (as dbcop, Cobra and PolySI define
   * them) or leave it to the strict levels (as Adya and Elle do).
   */
  readonly sessionOrder: boolean;
  /** Whether `invoked` and `returned` are from one clock, so that strict serializability can be judged. */
  readonly timed: boolean;
  /**
   * What a read of a value that no transaction of the history wrote means: an `anomaly`, or that the log is not
   * complete, so that the read is evidence of nothing and left out (`ignored`, as Elle does for registers).
   */
  readonly unwrittenReads: 'anomaly' | 'ignored';
}
