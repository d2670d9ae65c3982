/** How the logs of PObserve's lock server are read as behaviours of the spec: client 0 of the log is `c1`, lock 0 `l1`. */
import { defineBinding, type LogEvent } from 'bivalent/traces';
import tryLock from './try-lock.ts';

const types = { LOCK: 'lock', RELEASE: 'release' } as const;

function named(event: LogEvent) {
  const { ClientID, LockID, TransactionType } = event.fields;
  return {
    client: `c${Number(ClientID) + 1}` as const,
    lock: `l${Number(LockID) + 1}` as const,
    type: types[TransactionType as keyof typeof types],
  };
}

export default defineBinding(tryLock, {
  format: 'pobserve',
  constants: (events) => ({
    clients: 1 + Math.max(...events.map((event) => Number(event.fields['ClientID']))),
    locks: 1 + Math.max(...events.map((event) => Number(event.fields['LockID']))),
  }),
  events: {
    REQUEST: (event) => ({ action: 'ask', picks: named(event) }),
    RESPONSE: (event) => {
      const { client, lock, type } = named(event);
      const granted = event.fields['Result'] === 'SUCCESS';
      const held = event.fields['LockStatus'] === 'LOCKED';
      return { action: 'answer', picks: { client }, after: { answer: { [client]: { lock, type, granted, held } } } };
    },
  },
});
