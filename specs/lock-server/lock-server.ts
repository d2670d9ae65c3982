/**
 * A lock server: clients ask for a lock, the server grants it to one of them at a time, in the order of their requests.
 *
 * Renders `locksv.tla` of Cirstea, Kuppe, Loillier and Merz, *Validating Traces of Distributed Programs Against TLA+
 * Specifications* (2024), which is the lock service of the PGo compiler. There the mailbox of a node was first a
 * sequence, and then a bag as the recorded runs did not conform: here that is the constant `network`.
 */
import { defineSpec, each, mapOf, nodes, oneOf, when } from 'bivalent';

type Client = `c${number}`;
type Request = { from: Client; type: 'lock' | 'unlock' };

/** A bag is kept in order, so that equal bags are equal states; a fifo mailbox in the order of sending. */
function send(mailbox: Request[], request: Request, network: 'bag' | 'fifo'): void {
  mailbox.push(request);
  if (network === 'bag') mailbox.sort((a, b) => (`${a.from} ${a.type}` < `${b.from} ${b.type}` ? -1 : 1));
}

export default defineSpec({
  name: 'LockServer',
  constants: { clients: nodes('c', 3), network: oneOf('bag', 'fifo') },

  init: ({ clients }) => ({
    /** Requests on their way to the server. */
    mailbox: [] as Request[],
    /** Grants on their way to each client. */
    grants: mapOf(clients, () => 0),
    serverState: 'waiting' as 'waiting' | 'responding',
    /** What the server received last. */
    request: null as Request | null,
    /** The clients that asked, the one that holds the lock (or is granted it) first. */
    queue: [] as Client[],
    clientState: mapOf(clients, (): 'acquiring' | 'waiting' | 'holding' | 'done' => 'acquiring'),
    hasLock: mapOf(clients, () => false),
  }),

  actions: {
    /** `acquireLock`: a client asks for the lock. */
    acquireLock(s, { clients, network, pick }) {
      const { client } = pick({ client: clients });
      when(s.clientState[client] === 'acquiring');
      s.clientState[client] = 'waiting';
      send(s.mailbox, { from: client, type: 'lock' }, network);
    },

    /** `serverReceive`: the server takes a message from its mailbox; the first one, where the network keeps the order. */
    serverReceive(s, { network, pick }) {
      when(s.serverState === 'waiting');
      const { request } = pick({ request: network === 'fifo' ? s.mailbox.slice(0, 1) : s.mailbox });
      const at = s.mailbox.findIndex(({ from, type }) => from === request.from && type === request.type);
      s.mailbox.splice(at, 1);
      s.request = { from: request.from, type: request.type };
      s.serverState = 'responding';
    },

    /** `serverRespond`: it grants the lock where it is free; on an unlock, to the next in the queue. */
    serverRespond(s) {
      when(s.serverState === 'responding');
      const request = s.request!;
      s.serverState = 'waiting';
      if (request.type === 'lock') {
        if (s.queue.length === 0) s.grants[request.from]! += 1;
        s.queue.push(request.from);
      } else {
        s.queue.shift();
        const [next] = s.queue;
        if (next !== undefined) s.grants[next]! += 1;
      }
    },

    /** `criticalSection`: a client receives the grant, and holds the lock. */
    criticalSection(s, { clients, pick }) {
      const { client } = pick({ client: clients });
      when(s.clientState[client] === 'waiting');
      when(s.grants[client]! > 0);
      s.grants[client]! -= 1;
      s.clientState[client] = 'holding';
      s.hasLock[client] = true;
    },

    /** `unlock`: it gives the lock back, and is done. */
    unlock(s, { clients, network, pick }) {
      const { client } = pick({ client: clients });
      when(s.clientState[client] === 'holding');
      s.clientState[client] = 'done';
      s.hasLock[client] = false;
      send(s.mailbox, { from: client, type: 'unlock' }, network);
    },
  },

  invariants: {
    /** If it fails, two clients change what the lock protects at the same time. */
    mutualExclusion: (s, { clients, forAll }) => {
      const { a, b } = forAll({ a: clients, b: clients });
      return a === b || !(s.hasLock[a] && s.hasLock[b]);
    },

    /** If it fails, a grant is on its way that the server has no record of: the lock will have two holders. */
    grantsAreQueued: (s, { clients, forAll }) => {
      const { client } = forAll({ client: clients });
      return s.grants[client] === 0 || s.queue[0] === client;
    },
  },

  temporal: ({ and, leadsTo }, { clients }) => ({
    /** If it fails, a client waits for the lock for ever. */
    whoeverAsksHolds: and(
      ...clients.map((client) =>
        leadsTo(
          (s) => s.clientState[client] === 'waiting',
          (s) => s.hasLock[client]!,
        ),
      ),
    ),
  }),
  /** Nobody holds the lock for ever. */
  fairness: { weak: ['serverReceive', 'serverRespond', each('criticalSection'), each('unlock')] },

  terminated: (s, { clients }) => clients.every((client) => s.clientState[client] === 'done'),

  models: {
    small: { expected: { result: 'ok', distinct: 410, generated: 724, depth: 22 } },
    fifo: { constants: { network: 'fifo' }, expected: { result: 'ok', distinct: 478, generated: 763, depth: 22 } },
    five: { constants: { clients: 5 }, expected: { result: 'ok', distinct: 18062, generated: 42626, depth: 36 } },
    medium: { constants: { clients: 6 }, expected: { result: 'ok', distinct: 126712, generated: 323215, depth: 43 } },
  },

  mutants: {
    'the server grants whatever it is asked': {
      actions: {
        serverRespond(s) {
          when(s.serverState === 'responding');
          const request = s.request!;
          s.serverState = 'waiting';
          if (request.type === 'lock') {
            s.grants[request.from]! += 1;
            s.queue.push(request.from);
          } else {
            s.queue.shift();
          }
        },
      },
      breaks: 'grantsAreQueued',
      steps: 6,
    },
    'a client leaves without giving up the lock': {
      actions: {
        unlock(s, { clients, network, pick }) {
          const { client } = pick({ client: clients });
          when(s.clientState[client] === 'holding');
          s.clientState[client] = 'done';
          send(s.mailbox, { from: client, type: 'unlock' }, network);
        },
      },
      breaks: 'mutualExclusion',
      steps: 11,
    },
    'a client holds the lock for ever': {
      fairness: { weak: ['serverReceive', 'serverRespond', each('criticalSection')] },
      breaks: 'whoeverAsksHolds',
      steps: 7,
    },
  },
});
