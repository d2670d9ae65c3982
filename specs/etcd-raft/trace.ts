/**
 * How the traces that etcd's raft library writes (`state_trace.go`, built with `with_tla`) are read as behaviours of the
 * spec.
 *
 * A line says what happened at a node and what its state was then: for most events after it, for messages that are received,
 * entries that are proposed and changes that are made before it. What a handler does within one step of the spec (to
 * fall back, to answer) is logged by further lines, which report no step but must agree with the state.
 */
import type { View } from 'bivalent';
import { defineBinding, holds, type LogEvent, type Observation, type RuleFor, type StateIn } from 'bivalent/traces';
import { lengthOf } from '../raft/log.ts';
import type { Server } from '../raft/server.ts';
import etcdRaft from './etcd-raft.ts';
import type { Message, RaftLog, ServerState } from './server.ts';

type State = StateIn<typeof etcdRaft>;
type Rule = RuleFor<typeof etcdRaft>;
type Seen = { readonly [K in keyof ServerState]?: Observation<ServerState[K]> };

/** An event as the library writes it; the fields after `conf` are not in all versions. */
interface TraceEvent {
  readonly nid: string;
  readonly role: 'StateFollower' | 'StateCandidate' | 'StateLeader';
  readonly log: number;
  readonly state: {
    readonly term: number;
    readonly vote: string;
    readonly commit: number;
    readonly applied?: number;
    readonly snapshotIndex?: number;
    readonly snapshotTerm?: number;
    readonly pendingConfIndex?: number;
  };
  readonly conf: readonly [readonly string[], readonly string[]];
  readonly learners?: readonly string[];
  readonly msg: TracedMessage;
  readonly prop?: TracedProperties;
}

interface TracedMessage {
  readonly type: string;
  readonly from: string;
  readonly to: string;
  readonly term: number;
  readonly entries: number;
  readonly logTerm: number;
  readonly index: number;
  readonly commit: number;
  readonly vote: string;
  readonly reject: boolean;
  readonly rejectHint: number;
}

interface TracedProperties {
  readonly cc?: {
    readonly changes?: readonly { readonly nid: string; readonly action: string }[];
    readonly newconf?: readonly string[];
  };
  readonly enterJoint?: boolean;
  /** What the leader knows of the server that it sends to; in older versions `match` and `next` of itself. */
  readonly state?: 'StateProbe' | 'StateReplicate' | 'StateSnapshot';
  readonly match?: number;
  readonly next?: number;
  readonly paused?: boolean;
  readonly inflights_count?: number;
  readonly target?: string;
  readonly applied?: number;
  readonly compactIndex?: number;
}

const roles = { StateFollower: 'follower', StateCandidate: 'candidate', StateLeader: 'leader' } as const;
const progressStates = { StateProbe: 'probe', StateReplicate: 'replicate', StateSnapshot: 'snapshot' } as const;

/** A role that is not known is an error: passed over, it would constrain nothing. */
function roleOf(role: TraceEvent['role']): ServerState['role'] {
  if (Object.hasOwn(roles, role)) return roles[role];
  throw new TypeError(`${role} is none of ${Object.keys(roles).join(', ')}`);
}

const traced = (event: LogEvent): TraceEvent => event.fields as unknown as TraceEvent;
const server = (id: string): Server => `s${Number(id)}`;
const serverSet = (ids: readonly string[]): Set<Server> => new Set(ids.map(server));
const inOrder = (ids: Iterable<string>): Server[] =>
  [...new Set(ids)]
    .map(Number)
    .sort((a, b) => a - b)
    .map((n) => `s${n}` as const);

/** What an event says of its node. */
function seenBy({ role, log, state, conf, learners }: TraceEvent): Seen {
  const { term, vote, commit, applied, snapshotIndex, snapshotTerm, pendingConfIndex } = state;
  const snapshot =
    snapshotIndex === undefined ? '' : `, the first ${snapshotIndex} of them in a snapshot of term ${snapshotTerm}`;
  return {
    term,
    votedFor: vote === '0' ? null : server(vote),
    role: roleOf(role),
    committed: commit,
    raftLog: holds(
      `has ${log} entries${snapshot}`,
      (raftLog: View<RaftLog>) =>
        lengthOf(raftLog) === log &&
        (snapshotIndex === undefined ||
          (raftLog.snapshot.length === snapshotIndex && raftLog.snapshotTerm === snapshotTerm)),
    ),
    configuration: {
      voters: serverSet(conf[0]),
      outgoing: serverSet(conf[1]),
      ...(learners !== undefined && { learners: serverSet(learners) }),
    },
    ...(applied !== undefined && { applied }),
    ...(pendingConfIndex !== undefined && { pendingChange: pendingConfIndex }),
  };
}

/** What an event says of its node, but for some parts. */
function seen(event: LogEvent, ...without: (keyof Seen)[]): { node: Record<Server, Seen> } {
  const parts = Object.entries(seenBy(traced(event))).filter(([part]) => !without.includes(part as keyof Seen));
  return { node: { [server(traced(event).nid)]: Object.fromEntries(parts) } };
}

/** Whether a message is the one that was logged: all that the log says of it. */
function isTraced(message: View<Message>, { type, from, to, term, ...logged }: TracedMessage): boolean {
  if (`Msg${message.type}` !== type || message.term !== term) return false;
  if (message.from !== server(from) || message.to !== server(to)) return false;
  // Older versions log a snapshot's index as if it were its entries.
  if (message.type === 'Snap') return message.index === (logged.index === 0 ? logged.entries : logged.index);
  if (logged.entries !== (message.type === 'App' ? message.entries.length : 0)) return false;
  const own: Readonly<Record<string, unknown>> = message;
  // What a message does not have is logged as 0.
  const names = ['index', 'logTerm', 'commit', 'reject', 'rejectHint'] as const;
  return logged.vote === '0' && names.every((name) => (own[name] ?? (name === 'reject' ? false : 0)) === logged[name]);
}

const count = (messages: View<ServerState>['unsent'], logged: TracedMessage): number =>
  [...messages.entries()].reduce((sum, [message, copies]) => sum + (isTraced(message, logged) ? copies : 0), 0);

const shown = ({ type, from, to, term, index }: TracedMessage): string =>
  `${type} ${from}→${to} of term ${term}, index ${index}`;

/** The message waits to be sent. */
const unsent = ({ msg }: TraceEvent): Seen => ({
  unsent: holds(`holds ${shown(msg)}`, (messages: View<ServerState>['unsent']) => count(messages, msg) > 0),
});

/** The step adds the message to those that wait to be sent. */
const adds = (event: TraceEvent, before: View<State>): Seen => {
  const me = before.node[server(event.nid)];
  const had = me === undefined ? 0 : count(me.unsent, event.msg);
  const label = `holds one more ${shown(event.msg)}`;
  return { unsent: holds(label, (messages: View<ServerState>['unsent']) => count(messages, event.msg) === had + 1) };
};

function merged(event: LogEvent, more: Seen, ...without: (keyof Seen)[]): { node: Record<Server, Seen> } {
  const self = server(traced(event).nid);
  return { node: { [self]: { ...seen(event, ...without).node[self], ...more } } };
}

/** What is logged of how a leader knows a server: before an append, after anything else. */
function progressOf({ nid, msg, prop }: TraceEvent): Seen {
  if (prop?.match === undefined) return {};
  const of = server(prop.state === undefined ? nid : (prop.target ?? msg.to));
  const { state, match, next, paused, inflights_count: inflight } = prop;
  return {
    progress: holds(`knows ${of} as ${JSON.stringify(prop)}`, (progress: View<ServerState>['progress']) => {
      const known = progress?.[of];
      return (
        known !== undefined &&
        (state === undefined || known.state === progressStates[state]) &&
        known.match === match &&
        (next === undefined || known.next === next) &&
        (paused === undefined || known.paused === paused) &&
        (inflight === undefined || known.inflight.length === inflight)
      );
    }),
  };
}

/** A step of the event's node, after which its state is as logged. */
const reports =
  (action: string): Rule =>
  (event) => ({
    action,
    picks: { server: server(traced(event).nid) },
    after: seen(event),
  });

const agrees: Rule = (event) => ({ stutter: true, after: seen(event) });

const received: Rule = (event) => {
  const { msg } = traced(event);
  const message = holds(shown(msg), (sent: View<Message>) => isTraced(sent, msg));
  return { action: 'receive', picks: { message }, before: seen(event) };
};

const sent: Rule = (event) => {
  const traceEvent = traced(event);
  const { nid, msg } = traceEvent;
  const picks = { server: server(nid), to: server(msg.to) };
  const progress = progressOf(traceEvent);
  if (msg.type === 'MsgSnap') {
    const index = msg.index === 0 ? msg.entries : msg.index;
    const after = (before: View<State>) => merged(event, { ...progress, ...adds(traceEvent, before) });
    return { action: 'sendSnapshot', picks: { ...picks, index }, after };
  }
  const after = (before: View<State>) => merged(event, adds(traceEvent, before));
  const isAppend = msg.type === 'MsgApp';
  return {
    action: isAppend ? 'sendAppend' : 'sendHeartbeat',
    picks: isAppend ? { ...picks, count: msg.entries } : picks,
    before: merged(event, progress),
    after,
  };
};

/** An answer is part of the step that takes the message. A leader answers itself for every entry that it appends. */
const answered: Rule = (event) => {
  const { nid, msg, log } = traced(event);
  const isOwn = msg.from === msg.to;
  // The vote is written down after the answer is logged.
  const without: (keyof Seen)[] = msg.type === 'MsgVoteResp' && !isOwn ? ['votedFor'] : [];
  const waits = { stutter: true, after: merged(event, unsent(traced(event)), ...without) };
  if (msg.type !== 'MsgAppResp' || !isOwn) return waits;
  const leaves = { action: 'leaveJoint', picks: { server: server(nid) }, after: seen(event) };
  return log === msg.index ? [waits, leaves] : waits;
};

const changeProposed: Rule = (event) => {
  const { nid, prop, state } = traced(event);
  const of = (action: string): Server[] =>
    inOrder((prop?.cc?.changes ?? []).flatMap((change) => (change.action === action ? [change.nid] : [])));
  const self = server(nid);
  return {
    action: 'proposeChange',
    picks: {
      server: self,
      joint: prop?.enterJoint ?? false,
      add: of('AddNewServer'),
      remove: of('RemoveServer'),
      learn: of('AddLearner'),
    },
    before: seen(event, 'pendingChange'),
    after: { node: { [self]: { pendingChange: state.pendingConfIndex } } },
  };
};

/** Whoever starts with bootstrapped entries makes their changes twice: at once, and when it comes upon the entries. */
const changeMade: Rule = (event) => {
  const { nid, prop } = traced(event);
  const newConf = prop?.cc?.newconf;
  if (newConf === undefined) return { stutter: true, after: seen(event) };
  const self = server(nid);
  const after = { node: { [self]: { configuration: { voters: serverSet(newConf) } } } };
  return [
    { action: 'applyChange', picks: { server: self }, before: seen(event), after },
    { stutter: true, before: seen(event), after },
  ];
};

/** Falling back is, as a rule, part of the step that takes a message, of which the line shows only the beginning. */
const became: Rule = (event) => {
  const { nid, state } = traced(event);
  const self = server(nid);
  const committed = holds(`is at least ${state.commit}`, (index: number) => index >= state.commit);
  const sinceThen = merged(
    event,
    { committed },
    ...(state.vote === '0' ? ['votedFor' as const] : []),
    'raftLog',
    'configuration',
  );
  const steps = [
    { stutter: true, after: sinceThen },
    { action: 'stepDown', picks: { server: self }, after: seen(event) },
  ];
  // The entries are appended after this line.
  const begins = { action: 'bootstrap', picks: { server: self }, after: { node: { [self]: { term: 1 } } } };
  return state.term === 1 ? [...steps, begins] : steps;
};

const started: Rule = (event) => {
  const after = seen(event, 'configuration');
  return [
    { stutter: true, after },
    { action: 'restart', picks: { server: server(traced(event).nid) }, after },
  ];
};

/** A step of the event's node that takes it to an index. */
const reaches =
  (action: string, index: (prop: TracedProperties) => number | undefined): Rule =>
  (event) => {
    const { nid, prop = {} } = traced(event);
    return { action, picks: { server: server(nid), index: index(prop) }, after: seen(event) };
  };

export default defineBinding(etcdRaft, {
  format: 'etcd-raft',
  // Writes that reach the disk are not logged; they are steps of their own with `--const storage=async`.
  hidden: { actions: ['persist'], atMost: 6 },
  events: {
    config: () => undefined,
    InitState: started,
    BecomeFollower: became,
    BecomeCandidate: reports('campaign'),
    BecomeLeader: reports('becomeLeader'),
    Replicate: (event) => ({ action: 'propose', picks: { server: server(traced(event).nid) }, before: seen(event) }),
    ChangeConf: changeProposed,
    ApplyConfChange: changeMade,
    Ready: reports('ready'),
    Commit: (event) => [
      { action: 'commit', picks: { server: server(traced(event).nid) }, after: seen(event) },
      { stutter: true, after: seen(event) },
    ],
    ApplyEntries: reaches('apply', ({ applied }) => applied),
    CompactLog: reaches('compact', ({ compactIndex }) => compactIndex),
    ReportUnreachable: (event) => {
      const { nid, prop } = traced(event);
      const after = merged(event, progressOf(traced(event)));
      return [
        { action: 'reportUnreachable', picks: { server: server(nid), to: server(prop?.target ?? '') }, after },
        { stutter: true, after },
      ];
    },
    SendAppendEntriesRequest: sent,
    SendAppendEntriesResponse: answered,
    SendRequestVoteRequest: (event) => ({ stutter: true, after: merged(event, unsent(traced(event))) }),
    SendRequestVoteResponse: answered,
    ReceiveAppendEntriesRequest: received,
    ReceiveAppendEntriesResponse: received,
    ReceiveRequestVoteRequest: received,
    ReceiveRequestVoteResponse: received,
    // Reads are not in the spec: the state must agree all the same.
    ReceiveReadIndex: agrees,
    SendReadIndex: agrees,
    SendReadIndexResp: agrees,
    ReceiveReadIndexResp: agrees,
    ReadIndexQuorumAck: agrees,
  },
  constants: (events) => {
    const all = events.filter(({ name }) => name !== 'config').map(traced);
    const [first] = all;
    if (first === undefined) return {};
    const servers = new Set(all.flatMap(namesIn));
    const limit = events.find(({ name }) => name === 'config')?.fields['MaxInflightMsgs'];
    const begin = first.log === 0 ? 'entries' : 'snapshot';
    const beginsLate = (id: string): boolean => (all.find(({ nid }) => nid === id)?.log ?? 0) === 0;
    const founder = all.find(
      ({ nid, conf, prop }, i) => nid === first.nid && i > 0 && (conf[0].length > 0 || prop?.cc?.newconf),
    );
    return {
      servers: inOrder(servers),
      begin,
      voters: inOrder(begin === 'entries' ? lastBootstrapped(all) : (founder?.conf[0] ?? [])),
      learners: inOrder(founder?.learners ?? []),
      blank: begin === 'entries' ? [] : inOrder([...servers].filter(beginsLate)),
      snapshot: first.log,
      changes: 'joint' as const,
      ...(typeof limit === 'number' && { maxInflight: limit }),
    };
  },
});

/** The members that the first node is bootstrapped with: the last configuration before its first `Ready`. */
function lastBootstrapped(all: readonly TraceEvent[]): readonly string[] {
  const own = all.filter(({ nid }) => nid === all[0]?.nid);
  const end = own.findIndex(({ prop, conf }) => prop?.cc === undefined && conf[0].length > 0);
  return own.slice(0, end < 0 ? undefined : end).findLast(({ prop }) => prop?.cc?.newconf)?.prop?.cc?.newconf ?? [];
}

function namesIn({ nid, msg, conf, learners = [], prop }: TraceEvent): readonly string[] {
  const named = [nid, ...conf[0], ...conf[1], ...learners, ...(prop?.cc?.newconf ?? [])];
  const messaged =
    (msg as TracedMessage | undefined) === undefined ? [] : [msg.from, msg.to].filter((id) => id !== '0');
  return [...named, ...messaged, ...(prop?.cc?.changes ?? []).map((change) => change.nid)];
}
