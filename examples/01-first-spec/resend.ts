import { defineSpec, when } from 'bivalent';

export default defineSpec({
  name: 'Resend',
  constants: { messages: 3 },
  init: () => ({ sending: 1, received: 0, network: new Set<{ kind: 'data' | 'ack'; number: number }>() }),
  actions: {
    send(s, { messages }) {
      when(s.sending <= messages);
      s.network.add({ kind: 'data', number: s.sending });
    },
    receive(s, { pick }) {
      const { m } = pick({ m: s.network.where({ kind: 'data' }) });
      if (m.number === s.received + 1) s.received = m.number;
      s.network.add({ kind: 'ack', number: m.number });
    },
    sendNext(s) {
      when(s.network.has({ kind: 'ack', number: s.sending }));
      s.sending += 1;
    },
    lose(s, { pick }) {
      s.network.delete(pick({ m: s.network }).m);
    },
  },
  invariants: { inOrder: (s) => s.received === s.sending || s.received === s.sending - 1 },
  terminated: (s, { messages }) => s.sending > messages,
});
