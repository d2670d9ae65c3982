/**
 * Logs, of which the beginning may have been replaced by a snapshot.
 *
 * A place is counted from the first entry that there ever was. The state that a snapshot holds is rendered as the entries
 * that led to it, and kept apart from the term of its last entry, as servers do.
 */
import type { View } from 'bivalent';
import type { Entry } from './server.ts';

/** Who has a log; where snapshots are not taken, the log is all. */
export type LogHolder<E extends Entry = Entry> = {
  readonly log: readonly E[];
  readonly snapshot?: readonly E[];
  readonly snapshotTerm?: number;
};

/** How many entries a snapshot replaces. */
export const snapshotLength = (me: LogHolder): number => me.snapshot?.length ?? 0;

/** How many entries there are, those in the snapshot included. */
export const lengthOf = (me: LogHolder): number => snapshotLength(me) + me.log.length;

/** The term of the last entry; 0 before the first. */
export const lastTerm = (me: LogHolder): number => me.log.at(-1)?.term ?? me.snapshotTerm ?? 0;

/** The term of the entry at a place, as far as it is known; `undefined` where there is none, and within the snapshot. */
export function termAt(me: LogHolder, place: number): number | undefined {
  const start = snapshotLength(me);
  return place === start - 1 ? me.snapshotTerm : me.log[place - start]?.term;
}

/** All entries that a server has, those in the snapshot included. */
export const entriesOf = <E extends Entry>(me: LogHolder<E>): readonly E[] => [...(me.snapshot ?? []), ...me.log];

/**
 * "Reply false if log doesn't contain an entry at prevLogIndex whose term matches prevLogTerm." What lies within the
 * snapshot is committed, so that it is the leader's too.
 */
export const continuesLog = (me: LogHolder, m: { readonly previous: number; readonly previousTerm: number }): boolean =>
  m.previous < snapshotLength(me) - 1 || m.previous < 0 || termAt(me, m.previous) === m.previousTerm;

/**
 * "If an existing entry conflicts with a new one (same index but different terms), delete the existing entry and all that
 * follow it. Append any new entries not already in the log."
 */
export function merge(
  me: { log: Entry[]; readonly snapshot?: readonly Entry[] },
  place: number,
  entries: readonly View<Entry>[],
): void {
  const start = snapshotLength(me);
  const first = entries.findIndex((entry, i) => place + i >= start && me.log[place + i - start]?.term !== entry.term);
  if (first >= 0) me.log = [...me.log.slice(0, place + first - start), ...entries.slice(first)];
}
