/**
 * How the traces of CCF's `raft_driver` are read as behaviours of the spec, in the four formats that they had in 2023.
 *
 * What a handler does within one step (to fall back, append each entry, commit, answer) is logged by further lines. They
 * report no step and show states on the way: of them only what cannot change any more is compared.
 */
import type { View } from 'bivalent';
import { defineBinding, holds, type LogEvent, type Observation, type RuleFor, type StateIn } from 'bivalent/traces';
import type { Server } from '../raft/server.ts';
import ccfRaft from './ccf-raft.ts';
import type { Message, Node } from './ccf-raft.ts';

type State = StateIn<typeof ccfRaft>;
type Rule = RuleFor<typeof ccfRaft>;
type Seen = { readonly [K in keyof Node]?: Observation<Node[K]> };
type Role = 'None' | 'none' | 'Follower' | 'Candidate' | 'Leader';

/** The fields of all formats: those of 2023-09 come first, those of the spring after `packet`. */
interface TraceEvent {
  readonly state: {
    readonly node_id?: string;
    readonly my_node_id?: string;
    readonly current_view: number;
    readonly commit_idx: number;
    readonly last_idx: number;
    readonly leadership_state?: Role;
  };
  readonly from_node_id?: string;
  readonly to_node_id?: string;
  readonly match_idx?: number;
  readonly sent_idx?: number;
  readonly seqno?: number;
  readonly globally_committable?: boolean;
  readonly packet?: Packet;
  readonly paket?: Packet;
  readonly leadership?: Role;
  readonly from?: string;
  readonly to?: string;
  readonly index?: number;
  readonly term?: number;
  readonly data?: string;
}

interface Packet {
  readonly msg: string | number;
  readonly term: number;
  readonly idx?: number;
  readonly prev_idx?: number;
  readonly prev_term?: number;
  readonly term_of_idx?: number;
  readonly leader_commit_idx?: number;
  readonly success?: 'OK' | 'FAIL' | number;
  readonly last_log_idx?: number;
  readonly last_committable_idx?: number;
  readonly term_of_last_committable_idx?: number;
  readonly vote_granted?: boolean;
}

const traced = (event: LogEvent): TraceEvent => event.fields as unknown as TraceEvent;
const server = (id: string): Server => `s${Number(id)}`;
const self = ({ node }: LogEvent): Server => server(node ?? '');
const packetOf = ({ packet, paket }: TraceEvent): Packet => {
  const found = packet ?? paket;
  if (found === undefined) throw new TypeError('the event has no packet');
  return found;
};
const peer = ({ from_node_id, to_node_id, from, to }: TraceEvent): Server =>
  server(from_node_id ?? to_node_id ?? from ?? to ?? '');

const entries = (log: number) => holds(`has ${log} entries`, (seen: View<Node['log']>) => seen.length === log);

/** What an event says of its node. */
function seen(event: LogEvent, ...without: (keyof Seen)[]): { node: Record<Server, Seen> } {
  const { state, leadership } = traced(event);
  const role = (state.leadership_state ?? leadership)?.toLowerCase() as Node['role'] | undefined;
  const parts = { term: state.current_view, committed: state.commit_idx, log: entries(state.last_idx), role };
  return {
    node: {
      [self(event)]: Object.fromEntries(
        Object.entries(parts).filter(([part]) => !without.includes(part as keyof Seen)),
      ),
    },
  };
}

const success = ({ success: said }: Packet): boolean => said === 'OK' || said === 0;

/** The kinds of messages, by their names and, in the spring of 2023, by their numbers. */
const kinds: Readonly<Record<string, Message['type']>> = {
  raft_append_entries: 'append',
  raft_append_entries_response: 'appended',
  raft_request_vote: 'requestVote',
  raft_request_vote_response: 'vote',
  0: 'append',
  1: 'appended',
  3: 'requestVote',
  4: 'vote',
};

/** Whether a message is the one that was logged: all that the log says of it. */
function isTraced(m: View<Message>, from: Server, to: Server, packet: Packet): boolean {
  if (m.type !== kinds[packet.msg] || m.from !== from || m.to !== to || m.term !== packet.term) return false;
  switch (m.type) {
    case 'requestVote':
      return m.index === packet.last_committable_idx && m.logTerm === packet.term_of_last_committable_idx;
    case 'vote':
      return m.granted === packet.vote_granted;
    case 'append':
      return (
        m.previous === packet.prev_idx &&
        m.previousTerm === packet.prev_term &&
        m.previous + m.entries.length === packet.idx &&
        (m.entries.at(-1)?.term ?? m.previousTerm) === packet.term_of_idx &&
        m.committed === packet.leader_commit_idx
      );
    default:
      return packet.last_log_idx === m.index && success(packet) === m.success;
  }
}

const shown = (from: Server, to: Server, packet: Packet): string =>
  `a message ${from}→${to} with ${JSON.stringify(packet)}`;

const received: Rule = (event) => {
  const [from, to, packet] = [peer(traced(event)), self(event), packetOf(traced(event))];
  const message = holds(shown(from, to, packet), (m: View<Message>) => isTraced(m, from, to, packet));
  return { action: 'receive', picks: { message }, before: merged(event, known(traced(event))) };
};

/** The message is on its way. */
const isSent: Rule = (event) => {
  const [from, to, packet] = [self(event), peer(traced(event)), packetOf(traced(event))];
  const network = holds(`holds ${shown(from, to, packet)}`, (messages: View<State['network']>) =>
    messages.some((m) => isTraced(m, from, to, packet)),
  );
  return { stutter: true, after: { ...seen(event), network } };
};

/** What a leader knows of the other server, where that is logged. */
const known = (event: TraceEvent): Seen => {
  const { match_idx: match, sent_idx: sent } = event;
  if (match === undefined || sent === undefined) return {};
  return { matches: { [peer(event)]: match }, sent: { [peer(event)]: sent } };
};

const merged = (event: LogEvent, more: Seen): { node: Record<Server, Seen> } => ({
  node: { [self(event)]: { ...seen(event).node[self(event)], ...more } },
});

const sent: Rule = (event) => {
  const packet = packetOf(traced(event));
  const [from, to] = [self(event), peer(traced(event))];
  const count = (packet.idx ?? 0) - (packet.prev_idx ?? 0);
  const network = holds(`holds ${shown(from, to, packet)}`, (messages: View<State['network']>) =>
    messages.some((m) => isTraced(m, from, to, packet)),
  );
  return {
    action: 'sendAppend',
    picks: { server: from, to, count },
    before: merged(event, known(traced(event))),
    after: { network },
  };
};

/** The driver signs by an entry that says so. */
const isSignature = (data: string): boolean =>
  atob((JSON.parse(atob(data)) as { readonly data: string }).data) === 'signature';

/** The leader's state is logged before the entry is appended; in the spring of 2023 after it. */
const replicated: Rule = (event) => {
  const { globally_committable: signed, data, seqno } = traced(event);
  if (seqno !== undefined) return { action: 'replicate', picks: { server: self(event), signed }, before: seen(event) };
  return { action: 'replicate', picks: { server: self(event), signed: isSignature(data ?? '') }, after: seen(event) };
};

/** At first the ledger logged its entries, of leaders and followers alike, with a state that need not be Raft's. */
const appended: Rule = (event) => {
  const { index = 0, term, data } = traced(event);
  const log = holds(
    `has an entry of term ${term} at ${index}`,
    (entries: View<Node['log']>) => entries[index - 1]?.term === term,
  );
  const after = { node: { [self(event)]: { log } } };
  const picks = { server: self(event), signed: isSignature(data ?? '') };
  return [
    { stutter: true, after },
    { action: 'replicate', picks, after },
  ];
};

/** A state within a step: what has been committed by then stays so, and a follower's log only grows as it takes entries. */
function onTheWay(event: LogEvent, ...grows: 'log'[]): { node: Record<Server, Seen> } {
  const { commit_idx: commit, last_idx: last } = traced(event).state;
  const committed = holds(`is at least ${commit}`, (index: number) => index >= commit);
  const log = holds(`has at least ${last} entries`, (seen: View<Node['log']>) => seen.length >= last);
  const rest = seen(event, 'log', 'committed').node[self(event)];
  return { node: { [self(event)]: { ...rest, committed, ...(grows.length > 0 && { log }) } } };
}

/** A follower appends an entry: part of the step that took the message. */
const executed: Rule = (event) => ({ stutter: true, after: onTheWay(event, 'log') });

/** A leader commits by a step; a follower within the one that took the message. */
const committed: Rule = (event) => {
  const { state, leadership } = traced(event);
  if ((state.leadership_state ?? leadership) !== 'Leader') return { stutter: true, after: onTheWay(event, 'log') };
  return { action: 'commit', picks: { server: self(event) }, after: seen(event) };
};

const follows: Rule = (event) => [
  { stutter: true, after: onTheWay(event) },
  { action: 'stepDown', picks: { server: self(event) }, after: seen(event) },
];

const reports =
  (action: string): Rule =>
  (event) => ({ action, picks: { server: self(event) }, after: seen(event) });

export default defineBinding(ccfRaft, {
  format: 'ccf-consensus',
  events: {
    add_configuration: (event) => ({ stutter: true, after: seen(event) }),
    become_candidate: reports('campaign'),
    become_follower: follows,
    become_leader: reports('becomeLeader'),
    replicate: replicated,
    append: appended,
    execute_append_entries_sync: executed,
    commit: committed,
    send_append_entries: sent,
    send_authenticated: sent,
    send_append_entries_response: isSent,
    send_request_vote: isSent,
    send_request_vote_response: isSent,
    recv_append_entries: received,
    recv_append_entries_response: received,
    recv_request_vote: received,
    recv_request_vote_response: received,
  },
  constants: (events) => {
    const names = new Set(events.filter(({ name }) => name === 'add_configuration').map(self));
    return { servers: [...names].sort() };
  },
});
