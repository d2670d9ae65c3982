/**
 * Readers and writers: any number of readers may share a resource, a writer has it alone, and one queue serves both.
 *
 * Renders `ReadersWriters.tla` of the TLA+ examples, a fair solution of the problem of Courtois, Heymans and Parnas (1971).
 */
import { defineSpec, each, nodes, when } from 'bivalent';

type Actor = `a${number}`;
type Request = { kind: 'read' | 'write'; actor: Actor };

export default defineSpec({
  name: 'ReadersWriters',
  constants: {
    Actor: nodes('a', 2, { symmetric: true }),
    /** Whether to ask what is promised of whole behaviours, too; not together with `--symmetry`, under which they are not judged. */
    judgeBehaviours: false,
  },
  init: () => ({
    readers: new Set<Actor>(),
    writers: new Set<Actor>(),
    waiting: [] as Request[],
  }),

  actions: {
    /** An actor that is not yet queued to read joins the queue. */
    tryRead(s, { Actor, pick }) {
      const { actor } = pick({ actor: Actor });
      when(!s.waiting.some((request) => request.kind === 'read' && request.actor === actor));
      s.waiting.push({ kind: 'read', actor });
    },

    /** An actor that is not yet queued to write joins the queue; it may also be queued to read. */
    tryWrite(s, { Actor, pick }) {
      const { actor } = pick({ actor: Actor });
      when(!s.waiting.some((request) => request.kind === 'write' && request.actor === actor));
      s.waiting.push({ kind: 'write', actor });
    },

    /** "ReadOrWrite": the head of the queue is served, a reader beside others, a writer when nobody else is there. */
    readOrWrite(s) {
      const [request] = s.waiting;
      when(request !== undefined);
      when(s.writers.size === 0);
      if (request.kind === 'read') {
        s.readers.add(request.actor);
      } else {
        when(s.readers.size === 0);
        s.writers.add(request.actor);
      }
      s.waiting.shift();
    },

    /** "Stop": an actor that reads or writes leaves. */
    stop(s, { Actor, pick }) {
      const { actor } = pick({ actor: Actor });
      if (s.readers.has(actor)) {
        s.readers.delete(actor);
      } else {
        when(s.writers.has(actor));
        s.writers.delete(actor);
      }
    },
  },

  invariants: {
    /** If it fails, a reader sees a half-written record. */
    noReaderBesideAWriter: (s) => s.readers.size === 0 || s.writers.size === 0,

    /** If it fails, one writer's update is lost under another's. */
    atMostOneWriter: (s) => s.writers.size <= 1,
  },

  temporal: ({ and, leadsTo }, { Actor, judgeBehaviours }) =>
    judgeBehaviours
      ? {
          /** If it fails, somebody waits for ever while others read and write. */
          whoeverWaitsIsServed: and(
            ...Actor.flatMap((actor) => [
              leadsTo(
                (s) => s.waiting.some((request) => request.kind === 'read' && request.actor === actor),
                (s) => s.readers.has(actor),
              ),
              leadsTo(
                (s) => s.waiting.some((request) => request.kind === 'write' && request.actor === actor),
                (s) => s.writers.has(actor),
              ),
            ]),
          ),
        }
      : {},
  /** Nobody reads or writes for ever. */
  fairness: { weak: ['readOrWrite', each('stop')] },

  models: {
    small: { expected: { result: 'ok', distinct: 390, generated: 935, depth: 9 } },
    behaviours: {
      constants: { judgeBehaviours: true },
      expected: { result: 'ok', distinct: 390, generated: 935, depth: 9 },
    },
    medium: { constants: { Actor: 3 }, expected: { result: 'ok', distinct: 21527, generated: 59674, depth: 13 } },
  },

  mutants: {
    'a writer does not wait for the readers': {
      actions: {
        readOrWrite(s) {
          const [request] = s.waiting;
          when(request !== undefined);
          when(s.writers.size === 0);
          (request.kind === 'read' ? s.readers : s.writers).add(request.actor);
          s.waiting.shift();
        },
      },
      breaks: 'noReaderBesideAWriter',
      steps: 4,
    },
    'a writer does not wait for another writer': {
      actions: {
        readOrWrite(s) {
          const [request] = s.waiting;
          when(request !== undefined);
          when(request.kind === 'read' ? s.writers.size === 0 : s.readers.size === 0);
          (request.kind === 'read' ? s.readers : s.writers).add(request.actor);
          s.waiting.shift();
        },
      },
      breaks: 'atMostOneWriter',
      steps: 4,
    },
    'readers go before writers': {
      model: 'behaviours',
      actions: {
        readOrWrite(s) {
          when(s.writers.size === 0);
          const reader = s.waiting.findIndex((request) => request.kind === 'read');
          const next = Math.max(reader, 0);
          const request = s.waiting[next];
          when(request !== undefined);
          if (request.kind === 'read') {
            s.readers.add(request.actor);
          } else {
            when(s.readers.size === 0);
            s.writers.add(request.actor);
          }
          s.waiting.splice(next, 1);
        },
      },
      breaks: 'whoeverWaitsIsServed',
      steps: 10,
    },
  },
});
