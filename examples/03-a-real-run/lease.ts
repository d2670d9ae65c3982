/** What the lock server should do: one client at a time, in the order of asking, also when clients die. */
import { defineSpec, mapOf, nodes, when } from 'bivalent';

type Client = `c${number}`;

export default defineSpec({
  name: 'Lease',
  constants: { clients: nodes('c', 3) },

  init: ({ clients }) => ({
    client: mapOf(clients, (): 'idle' | 'waiting' | 'holding' | 'dead' => 'idle'),
    /** What each client has sent and the server has not yet received. TCP keeps the order. */
    sent: mapOf(clients, () => [] as ('ask' | 'release')[]),
    /** Grants that are on their way to a client. */
    grants: mapOf(clients, () => 0),
    holder: null as Client | null,
    waiting: [] as Client[],
  }),

  actions: {
    ask(s, { clients, pick }) {
      const { client } = pick({ client: clients });
      when(s.client[client] === 'idle');
      s.client[client] = 'waiting';
      s.sent[client]!.push('ask');
    },

    /** The server receives a message, and grants the lock if it is then free. */
    receive(s, { clients, pick }) {
      const { client } = pick({ client: clients });
      when(s.sent[client]!.length > 0);
      const message = s.sent[client]!.shift();
      if (message === 'ask') s.waiting.push(client);
      else s.holder = null;
      grantNext(s);
    },

    enter(s, { clients, pick }) {
      const { client } = pick({ client: clients });
      when(s.client[client] === 'waiting' && s.grants[client]! > 0);
      s.grants[client]! -= 1;
      s.client[client] = 'holding';
    },

    leave(s, { clients, pick }) {
      const { client } = pick({ client: clients });
      when(s.client[client] === 'holding');
      s.client[client] = 'idle';
      s.sent[client]!.push('release');
    },

    /** `kill -9`: no process logs its own. */
    crash(s, { clients, pick }) {
      const { client } = pick({ client: clients });
      when(s.client[client] !== 'dead');
      s.client[client] = 'dead';
    },

    /** The server sees that a client's connection is closed: it no longer waits, and no longer holds the lock. */
    notice(s, { clients, pick }) {
      const { client } = pick({ client: clients });
      when(s.client[client] === 'dead');
      s.sent[client] = [];
      s.grants[client] = 0;
      s.waiting = s.waiting.filter((other) => other !== client);
      if (s.holder === client) s.holder = null;
      grantNext(s);
    },
  },

  invariants: {
    mutualExclusion: (s, { clients, forAll }) => {
      const { a, b } = forAll({ a: clients, b: clients });
      return a === b || s.client[a] !== 'holding' || s.client[b] !== 'holding';
    },
  },

  // When every client is dead nothing more happens.
  deadlock: false,
});

function grantNext(s: { holder: Client | null; waiting: Client[]; grants: Record<Client, number> }): void {
  if (s.holder !== null) return;
  const next = s.waiting.shift();
  if (next === undefined) return;
  s.holder = next;
  s.grants[next]! += 1;
}
