/** What replicated logs owe each other. Source: Raft, figure 3.2. Indexes begin at 0. */
import { equal } from '../../value/index.ts';

/** An entry of a replicated log: the term in which it was created, and whatever else it holds. */
export interface LogEntry {
  readonly term: number;
}

/**
 * Whether two logs that have an entry of the same term at the same index are the same up to it. If it fails, servers that
 * agree on an entry disagree before it.
 *
 * Cost: the product of pairs of logs and their length squared; two at a time, under `forAll`, is cheaper.
 */
export function logMatching(logs: Iterable<readonly LogEntry[]>): boolean {
  const all = [...logs];
  return all.every((a, i) => all.slice(i + 1).every((b) => match(a, b)));
}

function match(a: readonly LogEntry[], b: readonly LogEntry[]): boolean {
  const last = a.findLastIndex((entry, i) => b[i]?.term === entry.term);
  return equal(a.slice(0, last + 1), b.slice(0, last + 1));
}

/** An entry that was committed, and in which term. */
export interface Commitment {
  readonly term: number;
  readonly index: number;
  readonly entry: unknown;
}

/** The log of a leader of a term. */
export interface LeaderLog {
  readonly term: number;
  readonly log: readonly unknown[];
}

/** Whether the leaders of later terms have every entry that was committed. If it fails, an acknowledged write is lost. */
export function leaderCompleteness(committed: Iterable<Commitment>, leaders: Iterable<LeaderLog>): boolean {
  const all = [...leaders];
  return [...committed].every(({ term, index, entry }) =>
    all.every((leader) => leader.term <= term || (index in leader.log && equal(leader.log[index], entry))),
  );
}

/**
 * Whether no two servers applied different entries at one index. If it fails, clients read different histories.
 *
 * @param applied - what each server applied, from the first entry on
 */
export function stateMachineSafety(applied: Iterable<readonly unknown[]>): boolean {
  const all = [...applied];
  return all.every((a, i) => all.slice(i + 1).every((b) => isPrefixOfEither(a, b)));
}

/** Whether one of two sequences is a prefix of the other. */
export function isPrefixOfEither(a: readonly unknown[], b: readonly unknown[]): boolean {
  const both = Math.min(a.length, b.length);
  return equal(a.slice(0, both), b.slice(0, both));
}
