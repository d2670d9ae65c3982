/**
 * What a server has on its disk: how it begins, what it stores before its messages go, and how it starts again.
 *
 * The library hands out messages and what is to be stored as a `Ready`. With asynchronous storage, what promises something
 * waits until the write that it depends on is done.
 */
import { Bag, range, when } from 'bivalent';
import type { BagDraft, Draft, View } from 'bivalent';
import { snapshotLength } from '../raft/log.ts';
import type { Configuration } from './configuration.ts';
import { plainEntry, put, reset, storable } from './server.ts';
import type { Message, ServerState, Stored, Write } from './server.ts';

/** The configuration of a server that does not know of any. */
export const nobody = (): Configuration => ({
  voters: new Set(),
  outgoing: new Set(),
  learners: new Set(),
  nextLearners: new Set(),
});

/** A server that begins with a configuration and a snapshot of so many entries. */
export function started(configuration: Configuration, index: number): ServerState {
  const snapshot = range(1, index).map(() => plainEntry(1));
  const stored = {
    term: 0,
    votedFor: null,
    raftLog: { log: [], snapshot, snapshotTerm: index > 0 ? 1 : 0, configuration },
    committed: index,
    configured: index,
    configuration,
  };
  return {
    ...stored,
    role: 'follower',
    leader: null,
    applied: index,
    pendingChange: 0,
    granted: new Set(),
    rejected: new Set(),
    progress: null,
    unsent: new Bag(),
    stored,
    writes: [],
  };
}

/** What depends on what was written: answers, which promise something. */
const isPromise = ({ type }: View<Message>): boolean => type === 'AppResp' || type === 'VoteResp';

/** Stores what is new and sends the messages; with asynchronous storage, promises wait. */
export function ready(me: Draft<ServerState>, network: BagDraft<Message>, storage: 'sync' | 'async'): void {
  const promises: View<Message>[] = [];
  for (const [message, count] of me.unsent.entries()) {
    if (storage === 'async' && isPromise(message)) promises.push(message);
    else network.add(message, count);
  }
  me.unsent.clear();
  if (storage === 'sync') me.stored = put<Stored>(storable(me));
  else me.writes.push(put<Write>({ stored: storable(me), messages: promises }));
}

/** The oldest write is done: what it promises may be said. */
export function persist(me: Draft<ServerState>, network: BagDraft<Message>): void {
  when(me.writes.length > 0);
  const { stored, messages } = me.writes[0]!;
  for (const message of messages) network.add(message);
  me.stored = stored;
  me.writes = me.writes.slice(1);
}

/** Forgets all but what is on the disk. */
export function restart(me: Draft<ServerState>): void {
  Object.assign(me, me.stored);
  me.role = 'follower';
  me.leader = null;
  me.applied = snapshotLength(me.raftLog);
  reset(me);
  me.unsent.clear();
  me.writes = [];
}
