/**
 * A lock server that never makes a client wait: it grants a free lock, and refuses one that is held.
 *
 * Renders the specification of PObserve's lock server example (`LockServerCorrect.p` of the P language): a response comes
 * only upon a request, and a lock is granted only while nobody holds it.
 */
import { defineSpec, each, mapOf, nodes, when } from 'bivalent';

type Client = `c${number}`;
type Lock = `l${number}`;
type Request = { lock: Lock; type: 'lock' | 'release' };
/** What a client was told, and whether the lock was held after that. */
type Answer = { lock: Lock; type: 'lock' | 'release'; granted: boolean; held: boolean };

export default defineSpec({
  name: 'TryLock',
  constants: {
    clients: nodes('c', 2, { symmetric: true }),
    locks: nodes('l', 1),
    /** Whether to ask what is promised of whole behaviours, too; not together with `--symmetry`, under which they are not judged. */
    judgeBehaviours: false,
  },

  init: ({ clients, locks }) => ({
    holder: mapOf(locks, () => null as Client | null),
    request: mapOf(clients, () => null as Request | null),
    answer: mapOf(clients, () => null as Answer | null),
  }),

  actions: {
    /** A client asks for a lock, or to give one back, and waits for the answer. */
    ask(s, { clients, locks, pick }) {
      const { client, lock, type } = pick({ client: clients, lock: locks, type: ['lock', 'release'] });
      when(s.request[client] === null);
      s.request[client] = { lock, type };
      s.answer[client] = null;
    },

    /** The server grants a lock that is free, takes back one from its holder, and refuses everything else. */
    answer(s, { clients, pick }) {
      const { client } = pick({ client: clients });
      const request = s.request[client]!;
      when(request !== null);
      const { lock, type } = request;
      const holder = s.holder[lock]!;
      const granted = type === 'lock' ? holder === null : holder === client;
      if (granted) s.holder[lock] = type === 'lock' ? client : null;
      s.answer[client] = { lock, type, granted, held: s.holder[lock] !== null };
      s.request[client] = null;
    },
  },

  transitionInvariants: {
    /** If it fails, a lock went from one client to another that was told it is free: both believe to hold it. */
    mutualExclusion: (before, after, { locks, forAll }) => {
      const { lock } = forAll({ lock: locks });
      return before.holder[lock] === null || after.holder[lock] === null || before.holder[lock] === after.holder[lock];
    },

    /** If it fails, a client's lock is gone although it never gave it back: it goes on as if it held it. */
    onlyTheHolderReleases: (before, after, { locks, forAll }) => {
      const { lock } = forAll({ lock: locks });
      const holder = before.holder[lock];
      if (holder == null || after.holder[lock] === holder) return true;
      const answer = after.answer[holder];
      return answer?.type === 'release' && answer.lock === lock && answer.granted;
    },
  },

  temporal: ({ and, leadsTo }, { clients, judgeBehaviours }) =>
    judgeBehaviours
      ? {
          /** If it fails, a client that only wanted to try is made to wait, for as long as another holds the lock. */
          whoeverAsksIsAnswered: and(
            ...clients.map((client) =>
              leadsTo(
                (s) => s.request[client] !== null,
                (s) => s.request[client] === null,
              ),
            ),
          ),
        }
      : {},
  /** The server answers everybody; whoever holds a lock may hold it for ever. */
  fairness: { weak: [each('answer', 'client')] },

  models: {
    small: { expected: { result: 'ok', distinct: 97, generated: 317, depth: 9 } },
    behaviours: {
      constants: { judgeBehaviours: true },
      expected: { result: 'ok', distinct: 97, generated: 317, depth: 9 },
    },
    medium: {
      constants: { clients: 3, locks: 2 },
      expected: { result: 'ok', distinct: 23457, generated: 205309, depth: 15 },
    },
  },

  mutants: {
    'the server grants a lock that is held': {
      actions: {
        answer(s, { clients, pick }) {
          const { client } = pick({ client: clients });
          const request = s.request[client]!;
          when(request !== null);
          const { lock, type } = request;
          s.holder[lock] = type === 'lock' ? client : null;
          s.answer[client] = { lock, type, granted: true, held: type === 'lock' };
          s.request[client] = null;
        },
      },
      breaks: 'mutualExclusion',
      steps: 4,
    },
    'anybody can give the lock back': {
      actions: {
        answer(s, { clients, pick }) {
          const { client } = pick({ client: clients });
          const request = s.request[client]!;
          when(request !== null);
          const { lock, type } = request;
          const granted = type === 'release' || s.holder[lock] === null;
          if (granted) s.holder[lock] = type === 'lock' ? client : null;
          s.answer[client] = { lock, type, granted, held: s.holder[lock] !== null };
          s.request[client] = null;
        },
      },
      breaks: 'onlyTheHolderReleases',
      steps: 4,
    },
    'whoever asks for a lock that another holds has to wait': {
      model: 'behaviours',
      actions: {
        answer(s, { clients, pick }) {
          const { client } = pick({ client: clients });
          const request = s.request[client]!;
          when(request !== null);
          const { lock, type } = request;
          const holder = s.holder[lock]!;
          when(type === 'release' || holder === null || holder === client);
          const granted = type === 'lock' ? holder === null : holder === client;
          if (granted) s.holder[lock] = type === 'lock' ? client : null;
          s.answer[client] = { lock, type, granted, held: s.holder[lock] !== null };
          s.request[client] = null;
        },
      },
      breaks: 'whoeverAsksIsAnswered',
      steps: 3,
    },
  },
});
