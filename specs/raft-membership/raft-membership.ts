/**
 * Raft with changes of membership: servers join and leave, one at a time, while the others go on.
 *
 * D. Ongaro, *Consensus: Bridging Theory and Practice* (2014), chapter 4, with the correction of 2015: a leader changes
 * nothing before an entry of its own term is committed, for which it begins its term with one. Elections and replication
 * are those of `raft`. A candidate asks one server at a time, so that a network with room for a single message is enough.
 */
import { defineProtocol, each, messages, nodes, subsets, when } from 'bivalent';
import type { Draft, View } from 'bivalent';
import { answer, campaign, countVote, lead, voteRequestTo } from '../raft/election.ts';
import type { ElectionMessages } from '../raft/election.ts';
import { allHaveItsLog, leaderOf } from '../raft/liveness.ts';
import { changed, isChanging, membersOf } from '../raft/membership.ts';
import type { MemberEntry } from '../raft/membership.ts';
import { majorityOf } from '../raft/quorum.ts';
import { accept, commit, countCommitted, hasCommitted, learn, nextAppend } from '../raft/replication.ts';
import type { ReplicationMessages } from '../raft/replication.ts';
import { invariants, transitionInvariants } from '../raft/safety.ts';
import { blank, follow, noHistory, started } from '../raft/server.ts';
import type { Durable, History, Server, ServerState } from '../raft/server.ts';

type State = ServerState<MemberEntry>;

/** Changes the members, as a leader does it; what must hold before is what mutants leave out. */
function change(me: Draft<State>, { maxChanges }: { readonly maxChanges: number }, members: readonly Server[]): void {
  when(me.role === 'leader');
  when(members.length > 1 && me.log.filter((entry) => entry.members !== null).length < maxChanges);
  me.log.push({ term: me.term, members: [...members] });
}

export default defineProtocol({
  name: 'RaftMembership',
  constants: {
    servers: nodes('s', 4),
    /** The members at first. */
    initial: nodes('s', 3),
    /** Who may stand for election. */
    candidates: nodes('s', 4),
    /** Whether leaders wait until an entry of their own term is committed: the thesis, as published, has them not. */
    correction: true,
    maxElections: 2,
    maxChanges: 1,
    /** Whether to ask what is promised of whole behaviours, too. Elections are then bounded by what servers do. */
    judgeBehaviours: false,
  },
  nodes: ({ servers }) => servers,
  messages: messages<ElectionMessages & ReplicationMessages<MemberEntry>>(),
  state: {
    durable: (): Durable<MemberEntry> => blank(),
    volatile: started,
  },
  history: (): History<MemberEntry> & { elections: number } => ({ ...noHistory(), elections: 0 }),
  network: { order: 'unordered', copies: 'set', capacity: 1 },
  faults: { crash: 0 },

  actions: {
    /** Who is not a member does not stand for election. */
    timeout(me, { self, initial, candidates, maxElections, judgeBehaviours, history }) {
      when(candidates.includes(self) && membersOf(me, initial).includes(self));
      when(!judgeBehaviours || history.elections < maxElections);
      campaign(me, self);
      history.elections += 1;
    },

    ask(me, { initial, send, pick }) {
      const { to } = pick({ to: membersOf(me, initial) });
      send(to, voteRequestTo(me, to));
    },

    /**
     * "When a leader receives a request to add or remove a server from its current configuration, it appends the new
     * configuration as an entry in its log"; two members are left at least.
     */
    change(me, { servers, correction, pick, ...bounds }) {
      when(!isChanging(me) && (!correction || hasCommitted(me)));
      change(me, bounds, changed(membersOf(me, bounds.initial), pick({ server: servers }).server));
    },

    replicate(me, { self, initial, send, pick }) {
      const { to } = pick({ to: membersOf(me, initial) });
      send(to, nextAppend(me, self, to));
    },
  },

  on: {
    /** Whoever the members are: the candidate may be one in a configuration that this server does not have yet. */
    requestVote(me, m, { servers, reply }) {
      reply(answer(me, m, servers));
    },

    vote(me, m, { self, servers, initial, correction, history }) {
      if (!countVote(me, m, servers, majorityOf(membersOf(me, initial)))) return;
      lead(me, self, servers, history);
      if (correction) me.log.push({ term: me.term, members: null });
    },

    append(me, m, { servers, history, reply }) {
      reply(accept(me, m, { servers, history }));
    },

    appended(me, m, { self, servers, initial, history }) {
      if (!learn(me, m, servers)) return;
      const members = membersOf(me, initial);
      commit(me, countCommitted(me, self, majorityOf(members)), history);
      // "A leader that is removed from the configuration steps down once the Cnew entry is committed."
      if (!members.includes(self) && !isChanging(me)) follow(me, servers);
    },
  },

  invariants: {
    ...invariants,

    /** If it fails, majorities before and after two changes at once need have no server in common. */
    oneChangeAtATime: ({ node, history }, { servers, forAll }) => {
      const { s } = forAll({ s: servers });
      const isOpen = (entry: View<MemberEntry>, index: number): boolean =>
        entry.members !== null && !history.committed.some((c) => c.index === index && c.entry.term === entry.term);
      return node[s]!.log.filter(isOpen).length <= 1;
    },
  },
  transitionInvariants,

  temporal: ({ eventuallyAlways, implies, infinitelyOften }, { servers, initial, judgeBehaviours }) => {
    if (!judgeBehaviours) return {};
    const leads = eventuallyAlways((s) => leaderOf(s, servers) !== undefined);
    return {
      /** If it fails, a cluster can neither replace the server that has failed nor change anything else ever after. */
      aLeaderThatStaysCompletesChanges: implies(
        leads,
        infinitelyOften((s) => {
          const leader = leaderOf(s, servers);
          return leader !== undefined && !isChanging(s.node[leader]!);
        }),
      ),

      /** If it fails, a server that has joined counts, and has nothing: the next one that fails takes what was saved with it. */
      aLeaderThatStaysBringsMembersUpToDate: implies(
        leads,
        infinitelyOften((s) => {
          const leader = leaderOf(s, servers);
          return leader !== undefined && allHaveItsLog(s, leader, membersOf(s.node[leader]!, initial));
        }),
      ),
    };
  },

  /** Messages arrive, what there is to send is sent whenever the network has room, and who crashed comes back. */
  fairness: { delivery: 'weak', strong: [each('ask'), each('replicate')], weak: [each('restart')] },

  /** Elections are few; the last of them may end without a leader. */
  constraint: ({ history }, { maxElections }) => history.elections <= maxElections,
  deadlock: false,

  models: {
    small: {
      constants: { candidates: 1, maxElections: 1 },
      expected: { result: 'ok', distinct: 1356, generated: 2509, depth: 31 },
    },
    medium: { expected: { result: 'ok', distinct: 377968, generated: 1642699, depth: 57 } },
    crash: {
      constants: { candidates: 2 },
      faults: { crash: 1 },
      expected: { result: 'ok', distinct: 930026, generated: 3042745, depth: 59 },
    },
    reordering: {
      constants: { candidates: 2 },
      network: { capacity: 2 },
      expected: { result: 'ok', distinct: 5378201, generated: 20574369, depth: 65 },
    },
    'four-servers': {
      constants: { initial: 4, candidates: 2, maxElections: 3 },
      expected: { result: 'ok', distinct: 4152301, generated: 11672269, depth: 79 },
    },
    'three-servers': {
      constants: { candidates: ['s1', 's4'], maxElections: 3, maxChanges: 2 },
      expected: { result: 'ok', distinct: 4951717, generated: 13653809, depth: 92 },
    },
    'liveness-joining': {
      constants: { servers: 3, initial: 2, candidates: 1, maxElections: 1, judgeBehaviours: true },
      faults: { loss: 1 },
      expected: { result: 'ok', distinct: 220, generated: 439, depth: 22 },
    },
    'liveness-leaving': {
      constants: { servers: 3, candidates: 1, maxElections: 1, judgeBehaviours: true },
      faults: { loss: 1 },
      expected: { result: 'ok', distinct: 1563, generated: 3237, depth: 22 },
    },
    'liveness-two-terms': {
      constants: { candidates: 3, judgeBehaviours: true },
      expected: { result: 'ok', distinct: 287914, generated: 569545, depth: 57 },
    },
  },

  mutants: {
    'a leader does not send to a server that joins': {
      model: 'liveness-joining',
      faults: { loss: 0 },
      actions: {
        replicate(me, { self, initial, send, pick }) {
          const { to } = pick({ to: initial });
          send(to, nextAppend(me, self, to));
        },
      },
      breaks: 'aLeaderThatStaysBringsMembersUpToDate',
      steps: 16,
    },
    'a leader that takes itself out sends nothing any more': {
      model: 'liveness-leaving',
      faults: { loss: 0 },
      actions: {
        replicate(me, { self, initial, send, pick }) {
          const members = membersOf(me, initial);
          when(members.includes(self));
          const { to } = pick({ to: members });
          send(to, nextAppend(me, self, to));
        },
      },
      breaks: 'aLeaderThatStaysCompletesChanges',
      steps: 8,
    },
    'a leader changes four servers before it has committed anything': {
      constants: { correction: false, initial: 4, candidates: 2, maxElections: 3 },
      breaks: 'leaderCompleteness',
      steps: 26,
    },
    'a leader changes three servers before it has committed anything': {
      constants: { correction: false, candidates: ['s1', 's4'], maxElections: 3, maxChanges: 2 },
      breaks: 'leaderCompleteness',
      steps: 33,
    },
    'a leader begins a change before the last one is committed': {
      constants: { maxChanges: 2 },
      actions: {
        change(me, { servers, pick, ...bounds }) {
          when(hasCommitted(me));
          change(me, bounds, changed(membersOf(me, bounds.initial), pick({ server: servers }).server));
        },
      },
      breaks: 'oneChangeAtATime',
      steps: 9,
    },
    'several servers are exchanged at once': {
      actions: {
        change(me, { servers, pick, ...bounds }) {
          when(!isChanging(me) && hasCommitted(me));
          change(me, bounds, pick({ members: subsets(servers) }).members);
        },
      },
      breaks: 'leaderCompleteness',
      steps: 18,
    },
    'a server comes back under its name with an empty disk': {
      faults: { crash: 1 },
      forgets: ['term', 'votedFor', 'log'],
      breaks: 'electionSafety',
      steps: 10,
    },
  },
});
