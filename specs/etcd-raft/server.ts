/**
 * What a server of etcd's Raft keeps, and the messages it sends.
 *
 * The names of messages are etcd's without `Msg`. Indexes count from 1: the index of an entry is how many entries there
 * are up to it. Source: etcd-io/raft, `raft.go`, `log.go` and `tracker/progress.go`.
 */
import { Bag, mapOf } from 'bivalent';
import type { Draft, View } from 'bivalent';
import { lengthOf } from '../raft/log.ts';
import type { Entry as RaftEntry, Server } from '../raft/server.ts';
import type { Change, Configuration } from './configuration.ts';

export type Entry = RaftEntry & { change: Change | null };

/** A log whose beginning may be a snapshot, with the configuration at the snapshot's end. */
export type RaftLog = { log: Entry[]; snapshot: Entry[]; snapshotTerm: number; configuration: Configuration };

/** What a leader knows of a server. */
export type Progress = {
  /** Entries are sent one message at a time, as they come, or not at all while a snapshot is on its way. */
  state: 'probe' | 'replicate' | 'snapshot';
  match: number;
  next: number;
  paused: boolean;
  /** The last index of each message on its way. */
  inflight: number[];
  pendingSnapshot: number;
};

type Envelope = { from: Server; to: Server; term: number };
export type Message = Envelope &
  (
    | { type: 'Vote'; index: number; logTerm: number }
    | { type: 'VoteResp'; reject: boolean }
    | { type: 'App'; index: number; logTerm: number; entries: Entry[]; commit: number }
    | { type: 'AppResp'; index: number; reject: boolean; rejectHint: number; logTerm: number }
    | { type: 'Heartbeat'; commit: number }
    | { type: 'HeartbeatResp' }
    | { type: 'Snap'; index: number; logTerm: number; entries: Entry[]; configuration: Configuration }
  );
export type MessageOf<T extends Message['type']> = View<Extract<Message, { type: T }>>;

/** What survives a crash. */
export type Stored = {
  term: number;
  votedFor: Server | null;
  raftLog: RaftLog;
  committed: number;
  configured: number;
  configuration: Configuration;
};

export type Write = { stored: Stored; messages: Message[] };

export type ServerState = Stored & {
  role: 'follower' | 'candidate' | 'leader';
  leader: Server | null;
  /** The last index that the application has seen, and the last change of configuration that was made. */
  applied: number;
  /** Of a leader: no further change is proposed before the one at this index has been made. */
  pendingChange: number;
  granted: Set<Server>;
  rejected: Set<Server>;
  /** Only a leader has it. */
  progress: Record<Server, Progress> | null;
  /** Messages until the server's next `ready`. */
  unsent: Bag<Message>;
  stored: Stored;
  /** With asynchronous storage: what is to be stored, and the messages that may go once it is, the oldest first. */
  writes: Write[];
};

/** What was read in one place may be put into another: assignment copies. */
export const put = <T>(read: View<T> | T): Draft<T> => read as Draft<T>;

/** An entry that changes nothing. */
export const plainEntry = (term: number): Entry => ({ term, change: null });

/** Of a server of which nothing is known: the next entry is the one after the leader's last. */
export const unknownProgress = (lastIndex: number): Progress => ({
  state: 'probe',
  match: 0,
  next: lastIndex + 1,
  paused: false,
  inflight: [],
  pendingSnapshot: 0,
});

/** `becomeFollower`: in a new term nobody is voted for; what candidates and leaders know is forgotten. */
export function follow(me: Draft<ServerState>, term: number, leader: Server | null): void {
  if (term !== me.term) me.votedFor = null;
  me.term = term;
  me.role = 'follower';
  me.leader = leader;
  reset(me);
}

/** What only candidates and leaders know. */
export function reset(me: Draft<ServerState>): void {
  me.granted.clear();
  me.rejected.clear();
  me.progress = null;
  me.pendingChange = 0;
}

/** What a new leader takes the others to have: nothing that it knows of. */
export const freshProgress = (
  me: View<ServerState>,
  self: Server,
  servers: readonly Server[],
): Record<Server, Progress> =>
  mapOf(servers, (server): Progress => {
    const fresh = unknownProgress(lengthOf(me.raftLog));
    return server === self ? { ...fresh, state: 'replicate', match: lengthOf(me.raftLog) } : fresh;
  });

/** What of a server is written to its disk. */
export const storable = ({ term, votedFor, raftLog, committed, configured, configuration }: View<ServerState>) => ({
  term,
  votedFor,
  raftLog,
  committed,
  configured,
  configuration,
});
