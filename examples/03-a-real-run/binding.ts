/** How the recording is read: five logs, of the server and of each client, ordered by their vector clocks alone. */
import { defineBinding, holds, type LogEvent } from 'bivalent/traces';
import lease from './lease.ts';

type Client = `c${number}`;

/** The client's own events are recorded by it; the server's events name it. */
const own = (event: LogEvent) => ({ client: event.node });
const named = (event: LogEvent) => ({ client: event.fields['client'] });

export default defineBinding(lease, {
  format: 'ndjson',
  constants: (events) => ({
    clients: new Set(events.map(({ node }) => node).filter((node) => node !== 'server')).size,
  }),
  events: {
    ask: (event) => ({ action: 'ask', picks: own(event) }),
    enter: (event) => ({ action: 'enter', picks: own(event) }),
    leave: (event) => ({ action: 'leave', picks: own(event) }),
    received: (event) => ({ action: 'receive', picks: named(event) }),
    closed: (event) => ({ action: 'notice', picks: named(event) }),
    // Granting is part of the step that the server took just before.
    granted: (event) => ({
      stutter: true,
      after: { holder: event.fields['client'] as Client, grants: { [event.fields['client'] as Client]: underWay } },
    }),
  },
  hidden: { actions: ['crash'], atMost: 1 },
  order: 'causal',
});

const underWay = holds<number>('is under way', (grants) => grants > 0);
