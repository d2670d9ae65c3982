/**
 * Paxos as message passing: proposers and acceptors agree on one value, whatever is lost and whoever crashes.
 *
 * L. Lamport, *Paxos Made Simple* (2001), section 2.2; the quoted lines are its phases. `paxos` is the same algorithm over a
 * set of messages. Each proposer has one ballot, numbered by its place among the proposers.
 */
import { agreement, defineProtocol, each, messages, nodes, validity, when } from 'bivalent';

type Acceptor = `a${number}`;
/** A value that an acceptor has accepted, with its ballot. */
type Accepted = { ballot: number; value: string };

type Messages = {
  prepare: { ballot: number };
  promise: { ballot: number; accepted: Accepted | null };
  accept: { ballot: number; value: string };
};

const isMajority = (some: { readonly size: number }, all: readonly unknown[]): boolean => some.size * 2 > all.length;

/** The value that is safe: that of the highest ballot that anybody of a majority has accepted; else any. */
const highest = (reports: Iterable<Accepted | null>): Accepted | null =>
  [...reports].reduce((best, report) => (report !== null && report.ballot > (best?.ballot ?? 0) ? report : best), null);

export default defineProtocol({
  name: 'PaxosProtocol',
  constants: { proposers: nodes('p', 2), acceptors: nodes('a', 3) },
  nodes: ({ acceptors }) => acceptors,
  messages: messages<Messages>(),
  state: {
    durable: () => ({
      /** The highest ballot to which it has answered; it answers none below. */
      promised: 0,
      accepted: null as Accepted | null,
    }),
  },
  history: () => ({ votes: new Set<{ acceptor: Acceptor } & Accepted>() }),
  network: { order: 'unordered', copies: 'set' },
  faults: { crash: 1 },

  clients: {
    names: ({ proposers }) => proposers,
    state: ({ proposers }, self) => ({
      ballot: proposers.indexOf(self) + 1,
      /** What it will propose where it is free to: its own name. */
      wish: self as string,
      phase: 'idle' as 'idle' | 'preparing' | 'proposed',
      promises: new Map<Acceptor, Accepted | null>(),
    }),
    actions: {
      /** "A proposer selects a proposal number n and sends a prepare request with number n to a majority of acceptors." */
      prepare1a(me, { broadcast }) {
        when(me.phase === 'idle');
        me.phase = 'preparing';
        broadcast({ type: 'prepare', ballot: me.ballot });
      },
    },
    on: {
      /** "v is the value of the highest-numbered proposal among the responses, or is any value if there were none." */
      promise(me, { from, ballot, accepted }, { acceptors, broadcast }) {
        when(me.phase === 'preparing' && ballot === me.ballot);
        me.promises.set(from as Acceptor, accepted);
        if (!isMajority(me.promises, acceptors)) return;
        const value = highest(me.promises.values())?.value ?? me.wish;
        me.phase = 'proposed';
        me.promises.clear();
        broadcast({ type: 'accept', ballot, value });
      },
    },
  },

  on: {
    /** "It responds with a promise not to accept any more proposals numbered less than n." */
    prepare(me, { ballot }, { reply }) {
      when(ballot > me.promised);
      me.promised = ballot;
      reply({ type: 'promise', ballot, accepted: me.accepted });
    },

    /** "It accepts the proposal unless it has already responded to a prepare request having a number greater than n." */
    accept(me, { ballot, value }, { self, history }) {
      when(ballot >= me.promised);
      me.promised = ballot;
      me.accepted = { ballot, value };
      history.votes.add({ acceptor: self, ballot, value });
    },
  },

  invariants: {
    /** If it fails, two clients are told that different values were chosen. */
    agreement: ({ history }, { acceptors }) => agreement(chosen(history.votes, acceptors)),

    /** If it fails, the system chose what nobody asked for. */
    validity: ({ history }, { proposers }) =>
      validity(
        [...history.votes].map(({ value }) => value),
        proposers,
      ),

    /** If it fails, a ballot stands for two values, and what is chosen in it depends on whom one asks. */
    oneValuePerBallot: ({ history }, { forAll }) => {
      const { a, b } = forAll({ a: history.votes, b: history.votes });
      return a.ballot !== b.ballot || a.value === b.value;
    },
  },

  transitionInvariants: {
    /** If it fails, an acceptor takes part in a ballot that it had given up for a later one. */
    promisesGrow: (before, after, { acceptors, forAll }) => {
      const { a } = forAll({ a: acceptors });
      return after.node[a]!.promised >= before.node[a]!.promised;
    },
  },

  temporal: ({ eventually }, { acceptors }) => ({
    /** If it fails, all wait for a decision for ever, though a majority is there. */
    aValueIsChosen: eventually(({ history }) => chosen(history.votes, acceptors).length > 0),
  }),
  /** Every proposer has one ballot only, so nobody gets in the way of the last; acceptors come back. */
  fairness: { delivery: 'weak', weak: [each('prepare1a'), 'restart'] },

  /** Two proposers may keep each other from being chosen: that all is over is no promise of Paxos. */
  deadlock: false,

  models: {
    small: { constants: { acceptors: 2 }, expected: { result: 'ok', distinct: 676, generated: 1915, depth: 17 } },
    'three-acceptors': {
      faults: { crash: 0 },
      expected: { result: 'ok', distinct: 4761, generated: 12307, depth: 19 },
    },
    'with-loss': {
      faults: { crash: 0, loss: 1 },
      expected: { result: 'ok', distinct: 22209, generated: 75149, depth: 19 },
    },
    medium: {
      faults: { crash: 1, duplication: 1 },
      expected: { result: 'ok', distinct: 233535, generated: 847771, depth: 22 },
    },
  },

  mutants: {
    'a proposer proposes its own value whatever was accepted': {
      clients: {
        on: {
          promise(me, { from, ballot, accepted }, { acceptors, broadcast }) {
            when(me.phase === 'preparing' && ballot === me.ballot);
            me.promises.set(from as Acceptor, accepted);
            if (!isMajority(me.promises, acceptors)) return;
            me.phase = 'proposed';
            me.promises.clear();
            broadcast({ type: 'accept', ballot, value: me.wish });
          },
        },
      },
      breaks: 'agreement',
      steps: 14,
    },
    'promises are not written to disk': { forgets: ['promised'], breaks: 'promisesGrow', steps: 3 },
    'an acceptor forgets what it accepted': { forgets: ['accepted'], breaks: 'agreement', steps: 16 },
    'an acceptor accepts below its promise': {
      on: {
        accept(me, { ballot, value }, { self, history }) {
          me.promised = Math.max(me.promised, ballot);
          me.accepted = { ballot, value };
          history.votes.add({ acceptor: self, ballot, value });
        },
      },
      breaks: 'agreement',
      steps: 14,
    },
    'one promise is enough': {
      clients: {
        on: {
          promise(me, { ballot, accepted }, { broadcast }) {
            when(me.phase === 'preparing' && ballot === me.ballot);
            me.phase = 'proposed';
            broadcast({ type: 'accept', ballot, value: accepted?.value ?? me.wish });
          },
        },
      },
      breaks: 'agreement',
      steps: 10,
    },
    'a proposer waits for all acceptors': {
      model: 'with-loss',
      clients: {
        on: {
          promise(me, { from, ballot, accepted }, { acceptors, broadcast }) {
            when(me.phase === 'preparing' && ballot === me.ballot);
            me.promises.set(from as Acceptor, accepted);
            if (me.promises.size < acceptors.length) return;
            const value = highest(me.promises.values())?.value ?? me.wish;
            me.phase = 'proposed';
            me.promises.clear();
            broadcast({ type: 'accept', ballot, value });
          },
        },
      },
      breaks: 'aValueIsChosen',
      steps: 8,
    },
  },
});

/** The values that a majority has accepted in one ballot. */
function chosen(votes: Iterable<Accepted & { acceptor: Acceptor }>, acceptors: readonly Acceptor[]): string[] {
  const all = [...votes];
  return all.filter(({ ballot, value }) => isMajority(voters(all, ballot, value), acceptors)).map(({ value }) => value);
}

function voters(votes: readonly (Accepted & { acceptor: Acceptor })[], ballot: number, value: string): Set<Acceptor> {
  return new Set(
    votes.filter((vote) => vote.ballot === ballot && vote.value === value).map(({ acceptor }) => acceptor),
  );
}
