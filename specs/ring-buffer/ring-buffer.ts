/**
 * A ring buffer that several threads fill and empty without locks: the ring of DPDK.
 *
 * There are two pairs of counters. A producer reserves places by moving `prodHead`, writes them, and publishes them by
 * moving `prodTail` when everybody who reserved before has; consumers do the same with theirs. Counters only grow; a place
 * is a counter modulo the capacity. Source: DPDK, `lib/ring/rte_ring_c11_pvt.h`.
 */
import { defineSpec, each, mapOf, nodes, range, when } from 'bivalent';

/** What a thread does: `from` is the counter at its first place; `taken` is what a consumer found there. */
type Work = {
  kind: 'idle' | 'reserved' | 'copied';
  side: 'prod' | 'cons';
  from: number;
  count: number;
  taken: (number | null)[];
};

const idle: Work = { kind: 'idle', side: 'prod', from: 0, count: 0, taken: [] };

export default defineSpec({
  name: 'RingBuffer',
  constants: {
    threads: nodes('t', 2),
    capacity: 2,
    most: 1,
    elements: 3,
    /**
     * Whether to ask what is promised of whole behaviours, too. Producers stop at `elements` then, since a constraint would
     * cut behaviours off.
     */
    judgeBehaviours: false,
  },

  init: ({ threads, capacity }) => ({
    prodHead: 0,
    prodTail: 0,
    consHead: 0,
    consTail: 0,
    /** What stands at each place: the number of the element, or nothing. */
    ring: range(1, capacity).map((): number | null => null),
    work: mapOf(threads, (): Work => idle),
  }),

  actions: {
    /** `move_prod_head`: as many places as are free. */
    reserveProd(s, { threads, capacity, most, elements, judgeBehaviours, pick }) {
      const { thread, count } = pick({ thread: threads, count: range(1, most) });
      when(s.work[thread]!.kind === 'idle');
      when(!judgeBehaviours || s.prodHead + count <= elements);
      when(count <= capacity + s.consTail - s.prodHead);
      s.work[thread] = { kind: 'reserved', side: 'prod', from: s.prodHead, count, taken: [] };
      s.prodHead += count;
    },

    /** `move_cons_head`: as many elements as are published. */
    reserveCons(s, { threads, most, pick }) {
      const { thread, count } = pick({ thread: threads, count: range(1, most) });
      when(s.work[thread]!.kind === 'idle');
      when(count <= s.prodTail - s.consHead);
      s.work[thread] = { kind: 'reserved', side: 'cons', from: s.consHead, count, taken: [] };
      s.consHead += count;
    },

    /** `enqueue_elems` and `dequeue_elems`: a producer writes the places that it has reserved, a consumer reads them. */
    copy(s, { threads, capacity, pick }) {
      const { thread } = pick({ thread: threads });
      const work = s.work[thread]!;
      when(work.kind === 'reserved');
      for (const counter of range(work.from, work.from + work.count - 1)) {
        if (work.side === 'prod') s.ring[counter % capacity] = counter;
        else work.taken.push(s.ring[counter % capacity]!);
      }
      work.kind = 'copied';
    },

    /** `update_tail`: waits for those who reserved before. */
    publish(s, { threads, pick }) {
      const { thread } = pick({ thread: threads });
      const { kind, side, from, count } = s.work[thread]!;
      when(kind === 'copied');
      if (side === 'prod') {
        when(s.prodTail === from);
        s.prodTail += count;
      } else {
        when(s.consTail === from);
        s.consTail += count;
      }
      s.work[thread] = idle;
    },
  },

  constraint: (s, { elements }) => s.prodHead <= elements,

  invariants: {
    /** If it fails, a consumer took an element that was overwritten, or a place that nobody had written. */
    consumersTakeWhatWasPut: (s, { threads, forAll }) => {
      const { thread } = forAll({ thread: threads });
      const { from, taken } = s.work[thread]!;
      return taken.every((element, i) => element === from + i);
    },

    /** If it fails, a producer writes where a consumer still reads. */
    neverMoreThanItHolds: (s, { capacity }) =>
      s.consTail <= s.consHead &&
      s.consHead <= s.prodTail &&
      s.prodTail <= s.prodHead &&
      s.prodHead - s.consTail <= capacity,
  },

  temporal: ({ and, leadsTo }, { threads, judgeBehaviours }) =>
    judgeBehaviours
      ? {
          /** If it fails, a thread hangs in a call that should take no time, and what it reserved is lost to the others. */
          whatIsReservedIsPublished: and(
            ...threads.map((thread) =>
              leadsTo(
                (s) => s.work[thread]!.kind !== 'idle',
                (s) => s.work[thread]!.kind === 'idle',
              ),
            ),
          ),
        }
      : {},
  /** No thread is stopped for ever in the middle of a call: one that is keeps those waiting who reserved after it. */
  fairness: { weak: [each('copy', 'thread'), each('publish', 'thread')] },

  deadlock: false,

  models: {
    small: { expected: { result: 'ok', distinct: 97, generated: 185, depth: 19 } },
    behaviours: {
      constants: { threads: 3, judgeBehaviours: true },
      expected: { result: 'ok', distinct: 213, generated: 427, depth: 19 },
    },
    medium: {
      constants: { threads: 5, capacity: 4, most: 2, elements: 8 },
      expected: { result: 'ok', distinct: 109635, generated: 358171, depth: 28 },
    },
  },

  mutants: {
    'a thread publishes without waiting for others': {
      actions: {
        publish(s, { threads, pick }) {
          const { thread } = pick({ thread: threads });
          const { kind, side, count } = s.work[thread]!;
          when(kind === 'copied');
          if (side === 'prod') s.prodTail += count;
          else s.consTail += count;
          s.work[thread] = idle;
        },
      },
      constants: { threads: 3 },
      breaks: 'consumersTakeWhatWasPut',
      steps: 6,
    },
    'a producer counts as free what is reserved to be read': {
      constants: { threads: 3, capacity: 1 },
      actions: {
        reserveProd(s, { threads, capacity, most, pick }) {
          const { thread, count } = pick({ thread: threads, count: range(1, most) });
          when(s.work[thread]!.kind === 'idle');
          when(count <= capacity + s.consHead - s.prodHead);
          s.work[thread] = { kind: 'reserved', side: 'prod', from: s.prodHead, count, taken: [] };
          s.prodHead += count;
        },
      },
      breaks: 'neverMoreThanItHolds',
      steps: 5,
    },
    'a thread waits for those who reserved after it': {
      model: 'behaviours',
      actions: {
        publish(s, { threads, pick }) {
          const { thread } = pick({ thread: threads });
          const { kind, side, from, count } = s.work[thread]!;
          when(kind === 'copied');
          if (side === 'prod') {
            when(s.prodTail === from && s.prodHead === from + count);
            s.prodTail += count;
          } else {
            when(s.consTail === from && s.consHead === from + count);
            s.consTail += count;
          }
          s.work[thread] = idle;
        },
      },
      breaks: 'whatIsReservedIsPublished',
      steps: 4,
    },
  },
});
