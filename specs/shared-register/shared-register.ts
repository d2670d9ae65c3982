/**
 * A register that is shared by sending messages: it is kept by several replicas, and every operation needs a majority.
 *
 * Attiya, Bar-Noy and Dolev, "Sharing memory robustly in message-passing systems" (J. ACM 1995), with one writer. A reader
 * writes what it read back to a majority before it returns: without that, a later reader may see an older value.
 *
 * What the clients see is kept in `history`, and the one property is about that: the register cannot be told from one
 * that a single machine keeps.
 */
import { defineSpec, each, linearizable, mapOf, nodes, sequentialModels, when } from 'bivalent';

type Replica = `s${number}`;
type Reader = `r${number}`;
/** What a client sees; times are numbers of calls and answers. */
type Operation = {
  process: Reader | 'writer';
  f: 'read' | 'write';
  input: number | null;
  output: number | null;
  invoked: number;
  returned: number | null;
};

/** More than half of the replicas hold the value, or a newer one. */
function majorityHolds(held: Readonly<Record<Replica, number>>, value: number): boolean {
  const all = Object.values(held);
  return 2 * all.filter((newest) => newest >= value).length > all.length;
}

const register = sequentialModels.register({ initial: 0 });

export default defineSpec({
  name: 'SharedRegister',
  constants: {
    replicas: nodes('s', 3, { symmetric: true }),
    readers: nodes('r', 2, { symmetric: true }),
    writes: 1,
    /** Whether to ask what is promised of whole behaviours, too; not together with `--symmetry`, under which they are not judged. */
    judgeBehaviours: false,
  },

  init: ({ replicas, readers }) => ({
    /** The n-th write writes n, so that a value is its own timestamp. */
    held: mapOf(replicas, () => 0),
    /** The value that is being written; null between writes. */
    writing: null as number | null,
    /** What a reader has learned and is writing back. */
    learned: mapOf(readers, () => null as number | null),
    history: [] as Operation[],
    /** How many calls and answers there were. */
    events: 0,
  }),

  actions: {
    /** The writer sends a value with a new timestamp to all replicas. */
    callWrite(s, { writes }) {
      const written = s.history.filter(({ f }) => f === 'write').length;
      when(s.writing === null && written < writes);
      s.writing = written + 1;
      s.history.push({
        process: 'writer',
        f: 'write',
        input: s.writing,
        output: null,
        invoked: s.events,
        returned: null,
      });
      s.events += 1;
    },

    /** A replica receives it, and keeps the newer of the two. */
    receive(s, { replicas, pick }) {
      const { replica } = pick({ replica: replicas });
      when(s.writing !== null && s.held[replica]! < s.writing);
      s.held[replica] = s.writing!;
    },

    /** A majority has answered: the write is done. What is under way to the others is lost. */
    returnWrite(s) {
      when(s.writing !== null && majorityHolds(s.held, s.writing));
      s.history.find(({ returned, f }) => f === 'write' && returned === null)!.returned = s.events;
      s.events += 1;
      s.writing = null;
    },

    /** A reader asks all replicas. */
    callRead(s, { readers, pick }) {
      const { reader } = pick({ reader: readers });
      when(!s.history.some(({ process }) => process === reader));
      s.history.push({ process: reader, f: 'read', input: null, output: null, invoked: s.events, returned: null });
      s.events += 1;
    },

    /** A majority has answered: the reader takes the newest value. */
    learn(s, { replicas, readers, pick }) {
      const { reader, left } = pick({ reader: readers, left: replicas });
      when(s.learned[reader] === null && s.history.some(({ process }) => process === reader));
      // A majority of three is all but one of them; of more replicas, some that have answered are not waited for.
      s.learned[reader] = Math.max(
        ...replicas.filter((replica) => replica !== left).map((replica) => s.held[replica]!),
      );
    },

    /** A replica receives what a reader writes back. */
    receiveBack(s, { replicas, readers, pick }) {
      const { reader, replica } = pick({ reader: readers, replica: replicas });
      const value = s.learned[reader]!;
      when(value !== null && s.held[replica]! < value);
      s.held[replica] = value;
    },

    /** A majority has it: the reader returns. */
    returnRead(s, { readers, pick }) {
      const { reader } = pick({ reader: readers });
      const value = s.learned[reader]!;
      when(value !== null && majorityHolds(s.held, value));
      const read = s.history.find(({ process, returned }) => process === reader && returned === null)!;
      when(read !== undefined);
      read.output = value;
      read.returned = s.events;
      s.events += 1;
    },
  },

  invariants: {
    /** If it fails, some client was told what no single register would have told it, such as an old value after a new one. */
    linearizable: (s) => linearizable(s.history, register),
  },

  temporal: ({ and, leadsTo }, { readers, judgeBehaviours }) =>
    judgeBehaviours
      ? {
          /** If it fails, a reader waits for ever for a writer that stopped in the middle of a write. */
          everyReadReturns: and(
            ...readers.map((reader) =>
              leadsTo(
                (s) => s.history.some(({ process }) => process === reader),
                (s) => s.history.some(({ process, returned }) => process === reader && returned !== null),
              ),
            ),
          ),

          /** If it fails, the writer waits for ever, though a majority has what it writes. */
          everyWriteReturns: leadsTo(
            (s) => s.writing !== null && majorityHolds(s.held, s.writing),
            (s) => s.writing === null,
          ),
        }
      : {},
  /** Readers go on, and so does a writer that was answered; it may stop before. */
  fairness: { weak: [each('learn', 'reader'), each('receiveBack'), each('returnRead', 'reader'), 'returnWrite'] },

  deadlock: false,

  models: {
    small: { expected: { result: 'ok', distinct: 4307, generated: 12118, depth: 12 } },
    behaviours: {
      constants: { readers: 1, judgeBehaviours: true },
      expected: { result: 'ok', distinct: 166, generated: 366, depth: 9 },
    },
  },

  mutants: {
    'a reader does not write back': {
      actions: {
        returnRead(s, { readers, pick }) {
          const { reader } = pick({ reader: readers });
          const value = s.learned[reader]!;
          when(value !== null);
          const read = s.history.find(({ process, returned }) => process === reader && returned === null)!;
          when(read !== undefined);
          read.output = value;
          read.returned = s.events;
          s.events += 1;
        },
      },
      breaks: 'linearizable',
      steps: 8,
    },
    'the writer waits for one replica only': {
      actions: {
        returnWrite(s) {
          when(s.writing !== null && Object.values(s.held).includes(s.writing));
          s.history.find(({ returned, f }) => f === 'write' && returned === null)!.returned = s.events;
          s.events += 1;
          s.writing = null;
        },
      },
      breaks: 'linearizable',
      steps: 6,
    },
    'a reader leaves it to the writer to bring the value to a majority': {
      model: 'behaviours',
      actions: { receiveBack: () => when(false) },
      breaks: 'everyReadReturns',
      steps: 4,
    },
  },
});
