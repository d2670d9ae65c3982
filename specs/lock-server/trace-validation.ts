/**
 * How the recorded runs of the lock server (trace-validation NDJSON) are read as behaviours of the spec.
 *
 * A row may hold the name of the action, its argument, and what changed in some variables of `locksv.tla`; what is left
 * out constrains nothing. `network` and `resp` are not read: the spec has other variables for them.
 */
import { defineBinding, updatesOf, type LogEvent, type RuleFor } from 'bivalent/traces';
import lockServer from './lock-server.ts';

const clientStates = { acquireLock: 'acquiring', criticalSection: 'waiting', unlock: 'holding', Done: 'done' } as const;
const serverStates = { waiting: 'waiting', sendingResponse: 'responding' } as const;
const requestTypes = { 1: 'lock', 2: 'unlock' } as const;

type Client = `c${number}`;

/** The spec's word for a value of the log. A value that is not known is an error: passed over, it would constrain nothing. */
function word<T extends object>(words: T, value: unknown): T[keyof T] {
  const isName = typeof value === 'string' || typeof value === 'number';
  if (isName && Object.hasOwn(words, value)) return words[value as keyof T];
  throw new TypeError(`${JSON.stringify(value)} is none of ${Object.keys(words).join(', ')}`);
}

/** What a row says of the state after its step. */
function observed(event: LogEvent) {
  const clientState: Record<Client, 'acquiring' | 'waiting' | 'holding' | 'done'> = {};
  const hasLock: Record<Client, boolean> = {};
  const server: { serverState?: 'waiting' | 'responding'; request?: { from: Client; type: 'lock' | 'unlock' } } = {};
  for (const { variable, path, args } of updatesOf(event)) {
    const [value] = args;
    const [client] = path as readonly Client[];
    if (variable === 'clientState' && client !== undefined) {
      clientState[client] = word(clientStates, value);
    }
    if (variable === 'hasLock' && client !== undefined) hasLock[client] = value as boolean;
    if (variable === 'serverState') server.serverState = word(serverStates, value);
    if (variable === 'msg') {
      const { from, type } = value as { from: Client; type: 1 | 2 };
      server.request = { from, type: word(requestTypes, type) };
    }
  }
  return { clientState, hasLock, ...server };
}

const actions = ['acquireLock', 'serverReceive', 'serverRespond', 'criticalSection', 'unlock'];

/** The argument of a client's action is the client; of the server's, the server, of which there is one. */
const rule: RuleFor<typeof lockServer> = (event) => {
  const { name } = event;
  const [client] = (event.fields['event_args'] ?? []) as readonly string[];
  const after = observed(event);
  if (name === undefined) return { action: actions, after };
  const byClient = name === 'acquireLock' || name === 'criticalSection' || name === 'unlock';
  if (!byClient && client?.startsWith('c') === true) throw new TypeError(`${client} is no server`);
  return { action: name, picks: byClient && client !== undefined ? { client } : {}, after };
};

export default defineBinding(lockServer, {
  format: 'trace-validation',
  constants: (events) => {
    const names = events.flatMap((event) => event.raw.match(/"c\d+"/g) ?? []);
    return names.length === 0 ? {} : { clients: new Set(names).size };
  },
  events: Object.fromEntries(actions.map((action) => [action, rule])),
  otherEvents: rule,
});
