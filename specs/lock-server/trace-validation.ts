/**
 * How the recorded runs of the lock server (trace-validation NDJSON) are read as behaviours of the spec.
 *
 * A row may hold the name of the action, its argument, and what changed in some variables of `locksv.tla`; what is left
 * out constrains nothing. `network` and `resp` are not read: the spec has other variables for them.
 */
import type { View } from 'bivalent';
import { defineBinding, updatesOf, type LogEvent, type RuleFor, type StateIn } from 'bivalent/traces';
import lockServer from './lock-server.ts';

const clientStates = { acquireLock: 'acquiring', criticalSection: 'waiting', unlock: 'holding', Done: 'done' } as const;
const serverStates = { waiting: 'waiting', sendingResponse: 'responding' } as const;
const requestTypes = { 1: 'lock', 2: 'unlock' } as const;

type Client = `c${number}`;
type State = StateIn<typeof lockServer>;
type Request = NonNullable<State['request']>;

/** The spec's word for a value of the log. A value that is not known is an error: passed over, it would constrain nothing. */
function word<T extends object>(words: T, value: unknown): T[keyof T] {
  const isName = typeof value === 'string' || typeof value === 'number';
  if (isName && Object.hasOwn(words, value)) return words[value as keyof T];
  throw new TypeError(`${JSON.stringify(value)} is none of ${Object.keys(words).join(', ')}`);
}

/** The server is the only one of its kind: whatever it is called, it is no client. */
function requireServer(name: unknown): void {
  if (typeof name === 'string' && /^c\d+$/.test(name)) throw new TypeError(`${name} is no server`);
}

/** What a row says of the state after its step: a variable that it mentions is, but for the change, as it was before. */
function observed(event: LogEvent) {
  const clientState: Partial<State['clientState']> = {};
  const hasLock: Partial<State['hasLock']> = {};
  const server: { serverState?: 'waiting' | 'responding'; request?: Request } = {};
  for (const { variable, path, args } of updatesOf(event)) {
    const [value] = args;
    const [name] = path;
    if (variable === 'clientState') clientState[name as Client] = word(clientStates, value);
    if (variable === 'hasLock') hasLock[name as Client] = value === true;
    if (variable === 'serverState' || variable === 'msg') requireServer(name);
    if (variable === 'serverState') server.serverState = word(serverStates, value);
    if (variable === 'msg') {
      const { from, type } = value as { from: Client; type: 1 | 2 };
      server.request = { from, type: word(requestTypes, type) };
    }
  }
  return (before: View<State>) => ({
    ...(Object.keys(clientState).length > 0 && { clientState: { ...before.clientState, ...clientState } }),
    ...(Object.keys(hasLock).length > 0 && { hasLock: { ...before.hasLock, ...hasLock } }),
    ...server,
  });
}

const actions = ['acquireLock', 'serverReceive', 'serverRespond', 'criticalSection', 'unlock'];

/** The argument of a client's action is the client; of the server's, the server, of which there is one. */
const rule: RuleFor<typeof lockServer> = (event) => {
  const { name } = event;
  const [client] = (event.fields['event_args'] ?? []) as readonly string[];
  const after = observed(event);
  if (name === undefined) return { action: actions, after };
  const byClient = name === 'acquireLock' || name === 'criticalSection' || name === 'unlock';
  if (!byClient) requireServer(client);
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
