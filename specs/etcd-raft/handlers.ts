/**
 * What a server does with a message: `Step` of etcd's `raft.go`, with the answer but without what a leader then sends,
 * which are steps of their own.
 */
import type { Draft, View } from 'bivalent';
import { isUpToDate } from '../raft/election.ts';
import { continuesLog, lengthOf, merge, termAt } from '../raft/log.ts';
import { isMember, isQuorum } from './configuration.ts';
import type { Configuration } from './configuration.ts';
import { maybeDecrease, maybeUpdate } from './progress.ts';
import { follow, put } from './server.ts';
import type { Message, MessageOf, RaftLog, ServerState } from './server.ts';

/** Whether a candidate's log is good enough, which is what mutants leave out. */
export type IsGood = (log: View<RaftLog>, m: { term: number; lastTerm: number; length: number }) => boolean;

/** Takes a message to its receiver. */
export function step(me: Draft<ServerState>, m: View<Message>, isGood: IsGood = isUpToDate): void {
  if (m.term < me.term) return;
  const isFromLeader = m.type === 'App' || m.type === 'Heartbeat' || m.type === 'Snap';
  if (m.term > me.term || (isFromLeader && me.role === 'candidate')) follow(me, m.term, isFromLeader ? m.from : null);
  if (isFromLeader) me.leader = m.from;
  switch (m.type) {
    case 'Vote':
      return handleVote(me, m, isGood);
    case 'VoteResp':
      return handleVoteResp(me, m);
    case 'App':
      return handleApp(me, m);
    case 'AppResp':
      return handleAppResp(me, m);
    case 'Heartbeat':
      me.committed = Math.max(me.committed, m.commit);
      return reply(me, m, { type: 'HeartbeatResp' });
    case 'HeartbeatResp':
      if (me.progress !== null) me.progress[m.from]!.paused = false;
      return;
    case 'Snap':
      return handleSnap(me, m);
  }
}

type Answer = Message extends infer M ? (M extends Message ? Omit<M, 'from' | 'to' | 'term'> : never) : never;

function reply(me: Draft<ServerState>, m: View<Message>, answer: Answer): void {
  me.unsent.add({ ...answer, from: m.to, to: m.from, term: me.term });
}

function handleVote(me: Draft<ServerState>, m: MessageOf<'Vote'>, isGood: IsGood): void {
  const mayVote = me.votedFor === m.from || (me.votedFor === null && me.leader === null);
  const granted = mayVote && isGood(me.raftLog, { term: m.term, lastTerm: m.logTerm, length: m.index });
  if (granted) me.votedFor = m.from;
  reply(me, m, { type: 'VoteResp', reject: !granted });
}

/** A candidate that cannot win any more follows; one that has won becomes leader in a step of its own. */
function handleVoteResp(me: Draft<ServerState>, m: MessageOf<'VoteResp'>): void {
  if (me.role !== 'candidate') return;
  if (m.reject) me.rejected.add(m.from);
  else me.granted.add(m.from);
  if (!isQuorum(me.configuration, (server) => !me.rejected.has(server))) follow(me, me.term, null);
}

function handleApp(me: Draft<ServerState>, m: MessageOf<'App'>): void {
  const accepted = { type: 'AppResp', reject: false, rejectHint: 0, logTerm: 0 } as const;
  // What is committed cannot differ.
  if (m.index < me.committed) return reply(me, m, { ...accepted, index: me.committed });
  if (continuesLog(me.raftLog, { previous: m.index - 1, previousTerm: m.logTerm })) {
    merge(me.raftLog, m.index, m.entries);
    const last = m.index + m.entries.length;
    me.committed = Math.max(me.committed, Math.min(m.commit, last));
    return reply(me, m, { ...accepted, index: last });
  }
  const hint = conflictByTerm(me.raftLog, Math.min(m.index, lengthOf(me.raftLog)), m.logTerm);
  reply(me, m, { type: 'AppResp', index: m.index, reject: true, rejectHint: hint.index, logTerm: hint.term });
}

/** `findConflictByTerm`: the last index up to a given one whose term is not greater, where the logs may agree. */
function conflictByTerm(log: View<RaftLog>, from: number, term: number): { index: number; term: number } {
  for (let index = from; index > 0; index--) {
    const ours = termAt(log, index - 1);
    if (ours === undefined || ours <= term) return { index, term: ours ?? 0 };
  }
  return { index: 0, term: 0 };
}

function handleAppResp(me: Draft<ServerState>, m: MessageOf<'AppResp'>): void {
  if (me.progress === null || !isMember(me.configuration, m.from)) return;
  const progress = me.progress[m.from]!;
  if (!m.reject) return maybeUpdate(progress, m.index);
  const hint = m.logTerm > 0 ? conflictByTerm(me.raftLog, m.rejectHint, m.logTerm).index : m.rejectHint;
  maybeDecrease(progress, m.index, hint);
}

/** A snapshot replaces the log, unless that has its last entry already. */
function handleSnap(me: Draft<ServerState>, m: MessageOf<'Snap'>): void {
  if (m.index > me.committed) {
    const isKnown = termAt(me.raftLog, m.index - 1) === m.logTerm;
    if (!isKnown) {
      const { entries, logTerm, configuration } = m;
      me.raftLog = put<RaftLog>({ log: [], snapshot: entries, snapshotTerm: logTerm, configuration });
      me.configuration = put<Configuration>(configuration);
      me.configured = m.index;
    }
    me.committed = m.index;
  }
  reply(me, m, { type: 'AppResp', index: me.committed, reject: false, rejectHint: 0, logTerm: 0 });
}
