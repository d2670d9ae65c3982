/** How the traces of an instrumented DPDK ring are read as behaviours of the spec. */
import { defineBinding, type LogEvent, type RuleFor } from 'bivalent/traces';
import ringBuffer from './ring-buffer.ts';

interface TraceEvent {
  readonly n?: number;
  readonly state: {
    readonly prodHead: number;
    readonly prodTail: number;
    readonly consHead: number;
    readonly consTail: number;
  };
}

const traced = (event: LogEvent): TraceEvent => event.fields as unknown as TraceEvent;

const reports =
  (action: string): RuleFor<typeof ringBuffer> =>
  (event) => {
    const { n, state } = traced(event);
    const { prodHead, prodTail, consHead, consTail } = state;
    return {
      action,
      picks: { thread: event.node, ...(n !== undefined && { count: n }) },
      after: { prodHead, prodTail, consHead, consTail },
    };
  };

export default defineBinding(ringBuffer, {
  format: 'etcd-raft',
  events: {
    ReserveProd: reports('reserveProd'),
    ReserveCons: reports('reserveCons'),
    WriteData: reports('copy'),
    PublishTail: reports('publish'),
  },
  // The size of the ring is not logged: one that holds all that was in it at once will do.
  constants: (events) => {
    const states = events.map((event) => traced(event).state);
    const threads = new Set(events.flatMap(({ node }) => (node === undefined ? [] : [node as `t${number}`])));
    return {
      threads: [...threads].sort(),
      capacity: Math.max(...states.map(({ prodHead, consTail }) => prodHead - consTail)),
      most: Math.max(...events.map((event) => traced(event).n ?? 1)),
    };
  },
});
