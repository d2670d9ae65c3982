/**
 * How the traces of an instrumented hashicorp/raft are read as behaviours of the spec.
 *
 * A line says what happened at a node and what its state was then. Nodes write their lines without waiting for each
 * other, so that lines of different nodes that are close in time are taken as unordered; and so do the goroutines of a leader, one for
 * each server, which is why what a leader has committed is compared only where it commits. Entries that are appended are not
 * logged, nor is when a vote is asked for.
 */
import type { View } from 'bivalent';
import { defineBinding, holds, type LogEvent, type Observation, type RuleFor } from 'bivalent/traces';
import type { Server } from '../raft/server.ts';
import hashicorpRaft from './hashicorp-raft.ts';
import type { Message, Node } from './hashicorp-raft.ts';

type Rule = RuleFor<typeof hashicorpRaft>;
type Seen = { readonly [K in keyof Node]?: Observation<Node[K]> };

/** An event as the instrumentation writes it; numbers that are 0 and flags that are false are left out of messages. */
interface TraceEvent {
  readonly nid: Server;
  readonly state: {
    readonly term: number;
    readonly votedFor: Server | '';
    readonly role: 'Follower' | 'Candidate' | 'Leader';
    readonly commitIndex: number;
    readonly lastLogIndex: number;
    readonly lastLogTerm: number;
  };
  readonly msg?: TracedMessage;
}

interface TracedMessage {
  readonly term: number;
  readonly from: Server;
  readonly to: Server;
  readonly entries: number;
  readonly subtype?: string;
  readonly prevLogIndex?: number;
  readonly prevLogTerm?: number;
  readonly commitIndex?: number;
  readonly success?: boolean;
  readonly matchIndex?: number;
  readonly voteGranted?: boolean;
  readonly lastLogTerm?: number;
  readonly lastLogIndex?: number;
}

const traced = (event: LogEvent): TraceEvent => event.fields as unknown as TraceEvent;
const messageOf = ({ msg }: TraceEvent): TracedMessage => {
  if (msg === undefined) throw new TypeError('the event has no message');
  return msg;
};

/** What an event says of its node, but for some parts. */
function seen(event: LogEvent, ...without: (keyof Seen)[]): { node: Record<Server, Seen> } {
  const { nid, state } = traced(event);
  const { term, votedFor, role, commitIndex, lastLogIndex, lastLogTerm } = state;
  const log = holds(
    `has ${lastLogIndex} entries, the last of term ${lastLogTerm}`,
    (entries: View<Node['log']>) => entries.length === lastLogIndex && entries.at(-1)?.term === lastLogTerm,
  );
  // A vote is not shown once its candidate has fallen back.
  const vote: Seen = votedFor === '' ? {} : { votedFor };
  const all: Seen = { term, role: role.toLowerCase() as Node['role'], committed: commitIndex, log, ...vote };
  return {
    node: { [nid]: Object.fromEntries(Object.entries(all).filter(([part]) => !without.includes(part as keyof Seen))) },
  };
}

const receives = (msg: TracedMessage, label: string, isIt: (m: View<Message>) => boolean) =>
  holds(
    `a ${label} ${msg.from}→${msg.to} of term ${msg.term}`,
    (m: View<Message>) => m.from === msg.from && m.to === msg.to && m.term === msg.term && isIt(m),
  );

/** The answer is sent within the step: the log says what it is. */
const answers = (msg: TracedMessage, label: string, isIt: (m: View<Message>) => boolean) =>
  holds(`holds a ${label} ${msg.to}→${msg.from}`, (messages: Iterable<View<Message>>) =>
    [...messages].some((m) => m.from === msg.to && m.to === msg.from && isIt(m)),
  );

const reports =
  (action: string): Rule =>
  (event) => ({ action, picks: { server: traced(event).nid }, after: seen(event) });

const voteAsked: Rule = (event) => {
  const msg = messageOf(traced(event));
  const message = receives(
    msg,
    'request for a vote',
    (m) => m.type === 'requestVote' && m.lastTerm === msg.lastLogTerm && m.length === msg.lastLogIndex,
  );
  const network = answers(msg, 'vote', (m) => m.type === 'vote' && m.granted === (msg.voteGranted ?? false));
  return { action: 'receive', picks: { message }, after: { ...seen(event), network } };
};

/** A vote for oneself is no message; one that is refused may be the sign of a connection that failed, and says nothing. */
const voteHeard: Rule = (event) => {
  const msg = messageOf(traced(event));
  if (msg.from === msg.to || msg.voteGranted !== true) return { stutter: true, after: seen(event) };
  const message = receives(msg, 'vote', (m) => m.type === 'vote' && m.granted);
  return { action: 'receive', picks: { message }, after: seen(event) };
};

const appendSent: Rule = (event) => {
  const { nid } = traced(event);
  const { to, entries, prevLogIndex = 0, commitIndex = 0 } = messageOf(traced(event));
  const picks = { server: nid, to, place: prevLogIndex, count: entries };
  return {
    action: 'sendAppend',
    picks,
    before: { node: { [nid]: { committed: commitIndex } } },
    after: seen(event, 'committed'),
  };
};

/** A heartbeat has no entry before it: even the first configuration is an entry. */
const appendHeard: Rule = (event) => {
  const msg = messageOf(traced(event));
  const { prevLogIndex = 0, prevLogTerm = 0, commitIndex = 0, entries, success = false } = msg;
  if (prevLogIndex === 0 && entries === 0) {
    const message = receives(msg, 'heartbeat', (m) => m.type === 'heartbeat');
    return { action: 'receive', picks: { message }, after: seen(event) };
  }
  const message = receives(
    msg,
    `append of ${entries} after ${prevLogIndex}`,
    (m) =>
      m.type === 'append' &&
      m.previous === prevLogIndex - 1 &&
      m.previousTerm === prevLogTerm &&
      m.entries.length === entries &&
      m.committed === commitIndex,
  );
  const network = answers(msg, 'answer', (m) => m.type === 'appended' && m.matches >= 0 === success);
  return { action: 'receive', picks: { message }, after: { ...seen(event), network } };
};

const answerHeard: Rule = (event) => {
  const msg = messageOf(traced(event));
  const isHeartbeat = msg.subtype === 'heartbeat';
  const message = receives(msg, 'answer', (m) =>
    isHeartbeat
      ? m.type === 'heartbeatAnswer'
      : m.type === 'appended' && m.matches === (msg.success === true ? (msg.matchIndex ?? 0) : -1),
  );
  return { action: 'receive', picks: { message }, after: seen(event, 'committed') };
};

export default defineBinding(hashicorpRaft, {
  format: 'etcd-raft',
  events: {
    config: () => undefined,
    BecomeCandidate: reports('campaign'),
    BecomeLeader: reports('becomeLeader'),
    AdvanceCommitIndex: (event) => [
      { action: 'commit', picks: { server: traced(event).nid }, after: seen(event) },
      { stutter: true, after: seen(event) },
    ],
    // The change is an entry like others: the configuration stays.
    ProposeConfigChange: (event) => ({ action: 'append', picks: { server: traced(event).nid }, after: seen(event) }),
    HandleRequestVoteRequest: voteAsked,
    HandleRequestVoteResponse: voteHeard,
    SendReplicateEntries: appendSent,
    SendHeartbeat: (event) => ({
      action: 'sendHeartbeat',
      picks: { server: traced(event).nid, to: messageOf(traced(event)).to },
      after: seen(event, 'committed'),
    }),
    HandleAppendEntriesRequest: appendHeard,
    HandleReplicateResponse: answerHeard,
    HandleHeartbeatResponse: answerHeard,
  },
  hidden: { actions: ['append', 'commit'], atMost: 3 },
  order: { by: 'time', toleranceMs: 1 },
  constants: (events) => {
    const servers = events.find(({ name }) => name === 'config')?.fields['servers'];
    return Array.isArray(servers) ? { servers: servers as Server[] } : {};
  },
});
