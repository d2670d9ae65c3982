/**
 * Reads that do not go through the log: D. Ongaro, *Consensus: Bridging Theory and Practice* (2014), section 6.4.
 *
 * A leader answers from its own state once it knows that nobody else leads: a majority has confirmed a heartbeat that it
 * sent after the read began (ReadIndex), or so lately that they do not yet vote for another (a lease). Heartbeats bear a
 * stamp, which comes back with the confirmation: the number of the read, or the time on the leader's clock.
 */
import { mapOf, when } from 'bivalent';
import type { Draft, View } from 'bivalent';
import type { From } from './election.ts';
import type { Quorum } from './quorum.ts';
import { follow, observe } from './server.ts';
import type { Server, ServerState } from './server.ts';

export type Heartbeat = { term: number; stamp: number };
export type ReadMessages = { confirm: Heartbeat; confirmed: Heartbeat };
type Stamped<T> = { type: T } & Heartbeat;

/** What servers keep for reads; a crash loses it. */
export type Reading = {
  /** Of a leader: how many reads it has begun in its term, and whether the last of them is open. */
  reads: number;
  isReading: boolean;
  /** Of a leader: the last stamp that each server has confirmed. */
  stamps: Record<Server, number | null>;
  /** When it last heard from a leader, by its own clock. */
  heard: number | null;
};
export type ReadingState = ServerState & Reading;

type Cluster = { readonly servers: readonly Server[] };

/** What a server knows when it starts, and a leader when its term begins. */
export const unread = ({ servers }: Cluster): Omit<Reading, 'heard'> => ({
  reads: 0,
  isReading: false,
  stamps: mapOf(servers, () => null),
});

/** Whether a server stays with the leader that it heard from, and neither votes for another nor stands itself. */
export const isLoyal = (me: View<Reading>, now: number, patience: number): boolean =>
  me.heard !== null && now < me.heard + patience;

/** A heartbeat, for one who has not confirmed this stamp. */
export function heartbeat(me: View<ReadingState>, self: Server, to: Server, stamp: number): Stamped<'confirm'> {
  when(to !== self && me.role === 'leader' && me.stamps[to] !== stamp);
  return { type: 'confirm', term: me.term, stamp };
}

/**
 * What a server does with a heartbeat.
 *
 * @returns what to reply
 */
export function confirm(me: Draft<ReadingState>, m: From<Heartbeat>, { servers }: Cluster): Stamped<'confirmed'> {
  observe(me, m.term, servers);
  if (m.term === me.term) follow(me, servers);
  return { type: 'confirmed', term: me.term, stamp: m.stamp };
}

/** A leader learns that it was one when it sent a heartbeat. */
export function confirmed(me: Draft<ReadingState>, m: From<Heartbeat>, { servers }: Cluster): void {
  observe(me, m.term, servers);
  if (me.role !== 'leader' || m.term !== me.term) return;
  const from = m.from as Server;
  me.stamps[from] = Math.max(me.stamps[from] ?? 0, m.stamp);
}

/** Whether a majority, the leader among them, has confirmed a stamp that is good enough. */
export const isConfirmed = (
  me: View<ReadingState>,
  self: Server,
  quorum: Quorum,
  isGood: (stamp: number) => boolean,
): boolean => quorum((server) => server === self || (me.stamps[server] !== null && isGood(me.stamps[server]!)));
